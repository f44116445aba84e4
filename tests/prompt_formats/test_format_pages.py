"""Every page of docs/formats shows a complete example, and what it says of it is true.

A page holds each file of the example behind a line with its path in backquotes, then what is sent:
behind the line `This is sent, N input tokens:` one block, each message under its role in brackets.
"""

import io
import json
import re
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from reviewbot import prompt_formats
from reviewbot.cli import main
from tests.support.places import FORMAT_PAGES
from tests.support.repository import Repository
from tests.support.sending import CONFIGURATION, calls_of, sent

FOLDER = FORMAT_PAGES
PAGES = sorted(FOLDER.glob("*.md"))
ENTRIES = FOLDER.parent / "formats.md"
_FILE = re.compile(
    r"^`([^`\n]+)`\n\n(?P<fence>`{3,4})\w*\n(.*?)^(?P=fence)$", re.DOTALL | re.MULTILINE
)
_SENT = re.compile(
    r"^This is sent, (?P<tokens>[\d,]+) input tokens:\n\n(?P<fence>`{3,4})text\n(?P<sent>.*?)^(?P=fence)$",
    re.DOTALL | re.MULTILINE,
)
_MESSAGE = re.compile(r"^\[(system|developer|user|assistant|tool)\]\n", re.MULTILINE)


def test_what_formats_declare_of_names_is_read_from_their_source() -> None:
    for name in prompt_formats.names():
        found = prompt_formats.by_name(name)
        path = f"src/{found.RECOGNIZED[0].replace('*', 'x')}" if found.RECOGNIZED else "src/x"
        assert prompt_formats.is_prompt(path) is bool(found.RECOGNIZED and not found.AMBIGUOUS)


def test_every_format_has_its_page_and_every_page_its_format() -> None:
    assert [page.stem for page in PAGES] == list(prompt_formats.names())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_says_which_names_show_its_format(page: Path) -> None:
    text = page.read_text("utf-8")
    found = prompt_formats.by_name(page.stem)
    assert text.startswith(f"# `{found.NAME}`\n")
    if not found.RECOGNIZED:
        assert "No file name shows it" in text
        return
    (line,) = re.findall(r"^Recognized by ((?:`[^`]+`[,.]\s)+)", text, re.MULTILINE)
    patterns = re.findall(r"`([^`]+)`", line)
    assert patterns == list(found.RECOGNIZED)
    for pattern in patterns:
        path = f"any/{pattern.replace('*', 'name')}"
        assert prompt_formats.recognize(path) is found
        assert prompt_formats.recognize(path.upper()) is found
        assert prompt_formats.recognize(f"{path}.other") is not found


@pytest.mark.parametrize("page", [*PAGES, ENTRIES], ids=lambda page: page.stem)
def test_the_example_of_a_page_is_what_is_sent(page: Path, repository: Repository) -> None:
    text = page.read_text("utf-8")
    files = {found[1]: found[3] for found in _FILE.finditer(text)}
    assert CONFIGURATION in files
    (shown,) = _SENT.finditer(text)
    _, *parts = _MESSAGE.split(shown["sent"])
    messages = list(zip(parts[::2], parts[1::2], strict=True))
    repository.commit(files)
    ((name, calls),) = calls_of(repository.path).items()
    assert [(role, f"{said.rstrip()}\n") for role, said in sent(calls)] == [
        (role, f"{said.rstrip()}\n") for role, said in messages
    ]
    out = io.StringIO()
    with redirect_stdout(out):
        code = main(["baseline", "--repo", str(repository.path), "--output", "-"])
    assert code == 0
    pinned = json.loads(out.getvalue())["workflows"][name]
    assert pinned["samples"][0]["input_tokens"] == int(shown["tokens"].replace(",", ""))
