"""Mistakes that people make, and whether the message says what, where, and the mend."""

import io
from contextlib import redirect_stderr, redirect_stdout
from typing import NamedTuple

import pytest

from reviewbot.cli import main
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION

Files = dict[str, str | bytes | None]
PROMPT = "prompts/a.j2"
BODY = """\
version: 1
workflows:
  triage:
    prompts: prompts/a.j2
    model: openai/gpt-4.1
    traffic: [{calls: 9/day, output_tokens: 9}]
"""
"""What is added to it stands in line 7."""
SAMPLES = "    samples: [{name: typical, variables: {name: Ann}}]\n"


class Mistake(NamedTuple):
    """What somebody did, and the parts of the message that help: what, where, mend."""

    files: Files
    what: str
    where: str
    mend: str
    arguments: tuple[str, ...] = ("check",)
    change: Files | None = None
    uncommitted: Files | None = None


def configured(text: str, **files: str) -> Files:
    return {CONFIGURATION: text, **files}


def at(line: int, key: str) -> str:
    return f".github/reviewbot.yml:{line} ({key})"


def check_told(mistake: Mistake, repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the mistake in a repository, and look at what is said of it."""
    change = mistake.change or {}
    is_deleted = PROMPT in change and change[PROMPT] is None
    before = mistake.files if is_deleted else {}
    repository.commit({PROMPT: "Hello\n", "README.md": "x", **before})
    repository.branch("work")
    repository.commit({PROMPT: "Hello you\n", **mistake.files, **change})
    repository.write(mistake.uncommitted or {})
    monkeypatch.chdir(repository.path)
    monkeypatch.setenv("COLUMNS", "400")
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        try:
            code = main(mistake.arguments)
        except SystemExit as ended:
            code = int(str(ended.code))
    said = out.getvalue() + errors.getvalue()
    assert code in {2, 3}
    assert mistake.what in said
    assert mistake.where in said
    assert mistake.mend in said
