# ruff: noqa: SIM905 - words as one text are easier to read
"""Encodings: the vocabularies that ship, and counts held against independent tokenizers."""

import random
import socket
import subprocess
import sys
import warnings
from collections.abc import Callable
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiktoken.load import load_tiktoken_bpe
from tiktoken_ext import openai_public  # type: ignore[import-untyped] # it has no py.typed
from tokenizers import Tokenizer
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel

from reviewbot.errors import MeasurementError
from reviewbot.tokens.packed import PACKAGED as VOCABULARIES
from reviewbot.tokens.vocabularies import ENCODINGS, TIKTOKEN, load_encoding, load_tiktoken
from tests.support.loading import loaded_tiktoken
from tests.support.repetitions import examples

STRINGS = examples(10_000)

WORDS = """
the quick brown fox JSON HTTPServer snake_case camelCase naïve Straße ſ K Å resumé don't WE'RE I'LL
he'd she's they've 'tis a'ſ'Dt it'S 'S 'D 'Ll 'vE 'RE O'Reilly rock'n'roll l’été
def return lambda self.value != None; => {} [] () <div class="x"></div> /* c */ // # ## --- *** ```
0 1 12 123 1234 3.14159 1e-9 0xFF 1_000_000 ١٢٣ Ⅷ ½ ² 2024-11-20 $1,200.50 20%
你好 世界 提示词 こんにちは カタカナ 한국어 ไทย हिन्दी العربية עברית Привет Ελληνικά ქართული አማርኛ
😀 👨‍👩‍👧‍👦 🇩🇪 👍🏽 ❤️ ☃ é Å ñ̃ ้า ZWJ‍ ‌ ­ \ufeff \ufffd ǅ ʰ ªº İ ı
<|endoftext|> <|im_start|> <|fim_prefix|> <|endofprompt|> <|start|>user<|message|> {{name}} {% if %}
https://example.com/a?b=c&d=%20 user@example.com C:\\path\\file.txt \\n \\u00e9 a/b/c !/?// ...
""".split()
BLANKS = (" ", " ", " ", "", "\n", "  ", "\t", "\r\n", "\n\n", " \n ", "    ", "\u00a0", "\u3000",
          "\u2028", "\x0b", "\x85", "\x1c", " " * 17, "\n" * 9, "\t" * 5 + " ")  # fmt: skip
RANGES = ((0x20, 0x7F), (0, 0x20), (0x80, 0x250), (0x300, 0x370), (0x370, 0x700), (0x900, 0xE00),
          (0x2000, 0x2800), (0x3000, 0x3200), (0x4E00, 0xA000), (0xAC00, 0xD7A4), (0xFB00, 0xFFFE),
          (0x1F300, 0x1FA00), (0x10000, 0x10200), (0x20000, 0x20100))  # fmt: skip


def generated_strings(seed: int) -> list[str]:
    """Texts of words, blanks, characters of many scripts, and repetitions, mixed."""
    chooser = random.Random(seed)

    def piece() -> str:
        kind = chooser.random()
        if kind < 0.45:
            return chooser.choice(WORDS)
        if kind < 0.75:
            return chooser.choice(BLANKS)
        low, high = chooser.choice(RANGES)
        run = "".join(chr(chooser.randrange(low, high)) for _ in range(chooser.randrange(1, 6)))
        return run * chooser.choice((1, 1, 1, 2, 7, 40))

    return ["".join(piece() for _ in range(chooser.randrange(1, 24))) for _ in range(STRINGS)]


@cache
def merges(name: str) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """The vocabulary and merges of a byte-pair encoding, recovered from ranks, in GPT-2's letters.

    A token's merge is what the encoding makes of it with the earlier merges only.
    """
    ranks = loaded_tiktoken(name)._mergeable_ranks  # noqa: SLF001 - there is no other way to them
    printable = [byte for byte in range(256) if chr(byte).isprintable() and chr(byte) != " "]
    others = [byte for byte in range(256) if byte not in printable]
    letters = {byte: chr(byte) for byte in printable}
    letters |= {byte: chr(256 + index) for index, byte in enumerate(others)}

    def written(token: bytes) -> str:
        return "".join(letters[byte] for byte in token)

    found = []
    for token, rank in sorted(ranks.items(), key=lambda item: item[1]):
        parts = [bytes([byte]) for byte in token]
        while len(parts) > 2:
            pairs = [(ranks.get(a + b, rank), i) for i, (a, b) in enumerate(pairwise(parts))]
            lowest, index = min(pairs)
            assert lowest < rank
            parts[index : index + 2] = [parts[index] + parts[index + 1]]
        if len(parts) == 2:
            found.append((written(parts[0]), written(parts[1])))
    return {written(token): rank for token, rank in ranks.items()}, found


@cache
def reference(name: str) -> Callable[[str], list[int]]:
    """Another implementation: GitHub's bpe crate, or Hugging Face's with GPT-2's own splitting."""
    if name in {"o200k_base", "cl100k_base"}:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # it uses resources.open_binary
            bpe_openai = import_module("bpe_openai")
        rust = bpe_openai.get_encoding(name)
        return lambda text: list(rust.encode_ordinary(text))
    vocabulary, pairs = merges(name)
    tokenizer = Tokenizer(BPE(vocabulary, pairs))
    tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False, use_regex=True)
    return lambda text: list(tokenizer.encode(text).ids)


REFERENCED = ["o200k_base", "cl100k_base", "p50k_base", "r50k_base"]


@pytest.mark.parametrize("name", REFERENCED)
def test_tokens_equal_those_of_an_independent_tokenizer(name: str) -> None:
    own, other = loaded_tiktoken(name), reference(name)
    differing = [
        text
        for text in generated_strings(seed=20261123)
        if own.encode(text, disallowed_special=()) != other(text)
    ]
    assert differing == []


@pytest.mark.parametrize("name", REFERENCED)
@settings(max_examples=examples(300), deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_equals_an_independent_tokenizer(name: str, text: str) -> None:
    assert loaded_tiktoken(name).encode(text, disallowed_special=()) == reference(name)(text)


def test_generated_strings_cover_what_they_are_for() -> None:
    texts = generated_strings(seed=20261123)
    assert len(set(texts)) > 0.9 * STRINGS
    for part in (*WORDS, *BLANKS):
        assert any(part in text for text in texts), part


@pytest.mark.parametrize(
    ("name", "other"), [("o200k_harmony", "o200k_base"), ("p50k_edit", "p50k_base")]
)
def test_encodings_with_more_special_tokens_count_text_alike(name: str, other: str) -> None:
    special = "".join(loaded_tiktoken(name).special_tokens_set)
    for text in [*generated_strings(seed=1)[:500], special]:
        own = loaded_tiktoken(name).encode(text, disallowed_special=())
        assert own == loaded_tiktoken(other).encode(text, disallowed_special=())


@pytest.mark.parametrize("name", ENCODINGS)
def test_loads_without_a_network_cache_or_socket(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(socket, "socket", refuse)
    assert len(load_encoding(name).encode("a text\n\n  of 3 lines", disallowed_special=())) > 5
    assert list(tmp_path.iterdir()) == []


def test_takes_pattern_and_special_tokens_from_tiktoken() -> None:
    ours = loaded_tiktoken("cl100k_base")
    assert ours.special_tokens_set == {
        "<|endoftext|>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|endofprompt|>",
    }  # fmt: skip
    assert ours.n_vocab == 100_277
    assert loaded_tiktoken("r50k_base").n_vocab == 50_257


def test_puts_the_loader_of_tiktoken_back() -> None:
    load_encoding("r50k_base")
    with pytest.raises(MeasurementError):
        load_tiktoken("r50k_base", folder=Path("/nowhere"))
    assert openai_public.load_tiktoken_bpe is load_tiktoken_bpe


@pytest.mark.parametrize("name", TIKTOKEN)
def test_a_damaged_vocabulary_is_named(name: str, tmp_path: Path) -> None:
    for file in VOCABULARIES.glob("*.tiktoken"):
        data = bytearray(file.read_bytes())
        data[1000] ^= 1
        (tmp_path / file.name).write_bytes(data)
    with pytest.raises(MeasurementError, match=r"base\.tiktoken: .*damaged.* sha256 .*; install"):
        load_tiktoken(name, folder=tmp_path)


def test_a_missing_vocabulary_is_named(tmp_path: Path) -> None:
    with pytest.raises(MeasurementError, match=r"cl100k_base\.tiktoken: .*No such file.*; install"):
        load_tiktoken("cl100k_base", folder=tmp_path)


def test_an_unknown_encoding_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(MeasurementError, match=r"no encoding 'gpt2'; use one of o200k_base, "):
        load_encoding("gpt2")


def test_importing_the_package_does_not_import_tiktoken() -> None:
    program = (
        "import sys, reviewbot.tokens; print(sorted({'tiktoken', 'regex'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
