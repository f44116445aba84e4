"""Short texts counted by an index: the same counts as tiktoken's, without its vocabulary."""

import random
import sys
import unicodedata
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiktoken_ext import openai_public  # type: ignore[import-untyped] # it has no py.typed

from reviewbot.errors import MeasurementError
from reviewbot.tokens.packed import PACKAGED
from reviewbot.tokens.piece_index import (
    INDEXED,
    INDEXES,
    MOST_WORK,
    IndexedEncoder,
    index_of,
)
from reviewbot.tokens.piece_index import PieceIndex as Index
from reviewbot.tokens.splitting import PATTERNS, is_plain
from reviewbot.tokens.vocabularies import load_encoding
from tests.support.loading import loaded, loaded_tiktoken
from tests.support.places import BENCH
from tests.support.repetitions import LONG
from tests.tokens.test_encodings import generated_strings

NAMES = sorted(INDEXES)
PLAIN = [chr(code) for code in range(0x1F800) if is_plain(chr(code))]
PARTS = (
    *("the", "quick", "HTTPServer", "isn't", "WE'RE", "l'été", "'s", "'S", "'LL", "123", "1234"),
    *("$1,200.50", "foo_bar", "//", "--", "É", "naïve", "***"),
    *(" ", "  ", "\n", "\n\n", " \n", "\t", "\r\n", "   ", " \xa0", "'", "\u26a0\ufe0f"),
)


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def tokens(name: str, text: str) -> int:
    return len(loaded_tiktoken(name).encode(text, disallowed_special=()))


def plain_text(chance: random.Random) -> str:
    def part() -> str:
        if chance.random() < 0.6:
            return chance.choice(PARTS)
        among = PLAIN[:97] if chance.random() < 0.6 else PLAIN
        return "".join(chance.choices(among, k=chance.randrange(1, 9)))

    return "".join(part() for _ in range(chance.randrange(1, 20)))


def test_an_index_is_made_of_tiktokens_pieces(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))
    made = import_module("piece_index").index_of(name)
    assert (PACKAGED / f"{name}.index").read_bytes() == made


def test_the_patterns_are_those_of_the_installed_tiktoken(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_public, "load_tiktoken_bpe", lambda *_, **__: {})
    assert openai_public.ENCODING_CONSTRUCTORS[name]()["pat_str"] == PATTERNS[name]


def test_signs_are_no_letters_numbers_or_blanks_to_this_python() -> None:
    signs = [item for item in PLAIN if ord(item) > 0x17F]
    kinds = {unicodedata.category(item)[0] for item in signs if item != "\ufe0f"}
    assert kinds <= {"P", "S", "C"}
    assert unicodedata.category("\ufe0f") == "Mn"


@pytest.mark.parametrize("around", ["{}", " {}x", "a{}", "{}1", "'{}", "\n{} "])
def test_every_plain_character_counts_as_tiktoken_counts_it(name: str, around: str) -> None:
    index = Index(name)
    texts = [around.format(item) for item in PLAIN]
    assert [index.count(text) for text in texts] == [tokens(name, text) for text in texts]


def test_texts_count_as_tiktoken_counts_them(name: str) -> None:
    index = Index(name)
    chance = random.Random(name)
    texts = [plain_text(chance) for _ in range(100_000 if LONG else 5_000)]
    texts += [text for text in generated_strings(7) if is_plain(text)]
    counts = {text: index.count(text) for text in texts}
    known = {text: count for text, count in counts.items() if count is not None}
    assert len(known) > 0.9 * len(counts)
    assert {text: tokens(name, text) for text in known} == known


@given(st.text(st.sampled_from(PLAIN)))
def test_any_plain_text_counts_as_tiktoken_counts_it(text: str) -> None:
    for name in NAMES:
        assert Index(name).count(text) in {None, tokens(name, text)}


@pytest.mark.parametrize(
    "text",
    ["你好", "ſ", "\u212a", "\x1c", "\u2028", "\u3000", "Привет", "x" * 65, "-" * 65, "\ud800"],
)
def test_other_texts_are_left_to_tiktoken(name: str, text: str) -> None:
    assert Index(name).count(text) is None
    assert len(loaded(name).encode(f"a {text}", disallowed_special=())) == tokens(name, f"a {text}")


@pytest.fixture
def loads() -> list[str]:
    return []


def encoder(name: str, loads: list[str]) -> IndexedEncoder:
    return IndexedEncoder(Index(name), lambda: loads.append(name) or loaded_tiktoken(name))  # type: ignore[func-returns-value]


def test_the_vocabulary_is_loaded_for_rare_and_for_long_text_and_once(loads: list[str]) -> None:
    short, rare = "A text. " * 100, "文"
    chance = random.Random(1)
    many = " ".join("".join(chance.choices(ascii_lowercase, k=9)) for _ in range(MOST_WORK // 200))
    for second in (rare, many):
        found = encoder("o200k_base", loads)
        assert len(found.encode(short, disallowed_special=())) == tokens("o200k_base", short)
        assert loads == []
        for text in (second, short, second):
            assert len(found.encode(text, disallowed_special=())) == tokens("o200k_base", text)
        assert loads == ["o200k_base"]
        loads.clear()


def test_special_tokens_are_text(name: str) -> None:
    for text in ("<|endoftext|>", "a<|im_start|>b"):
        assert Index(name).count(text) == tokens(name, text)


@pytest.mark.parametrize("encoding", sorted(INDEXED))
def test_what_is_loaded_by_name_counts_the_same(encoding: str) -> None:
    for text in ("Hello, world!", "Naïve — café", "日本"):
        assert len(loaded(encoding).encode(text, disallowed_special=())) == tokens(encoding, text)


def missing(folder: Path) -> None:
    del folder


def changed(folder: Path) -> None:
    data = bytearray((PACKAGED / "cl100k_base.index").read_bytes())
    data[-1] ^= 1
    (folder / "cl100k_base.index").write_bytes(data)


@pytest.mark.parametrize(
    ("damage", "what"), [(missing, "cannot be read"), (changed, "is damaged: its sha256 is not")]
)
def test_a_damaged_index_is_named(
    tmp_path: Path, damage: Callable[[Path], None], what: str
) -> None:
    damage(tmp_path)
    with pytest.raises(MeasurementError, match=what) as caught:
        Index("cl100k_base", folder=tmp_path)
    (problem,) = caught.value.problems
    assert problem.mend == "install reviewbot again"
    assert problem.place
    assert problem.place.file.endswith("cl100k_base.index")


def test_a_machine_that_orders_bytes_otherwise_uses_tiktoken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "byteorder", "big")
    assert index_of("cl100k_base") is None
    assert tokens("cl100k_base", "Hello, world!") == len(
        load_encoding("cl100k_base").encode("Hello, world!", disallowed_special=())
    )
