"""`init --update` and `check` agree on which variables of samples are used."""

import io
import re
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout

import pytest

from reviewbot.cli import main
from reviewbot.configuration.text_edits import TextEdits
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, review

LONG = "You sort parcels by size and weight, and answer with a number only. " * 2
WAYS_TO_ASK: dict[str, tuple[str, str]] = {
    "a condition": (
        "app/a.py",
        (f'def sort_prompt(kind):\n    if kind == Kind.A.value:\n        return "{LONG}a"\n'
        f'    return "{LONG}b"\n'),
    ),
    "a conditional expression": (
        "app/b.py",
        (f'def sort_prompt(kind, note):\n    extra = note if kind else ""\n'
        f'    return f"{LONG}{{extra}}"\n'),
    ),
    "a call over several lines": (
        "app/c.py",
        (f'def sort_prompt(self, rows):\n    said = self._listed(\n        rows,\n        rows.get("a"),\n'
        f'    )\n    return f"{LONG}{{said}}"\n'),
    ),
    "other quotes": (
        "app/d.py",
        f'def sort_prompt(state):\n    draft = state.get("draft")\n    return "{LONG}" + draft\n',
    ),
    "a template with conditions": (
        "prompts/e.j2",
        f"{LONG}{{% if kind %}}more{{% endif %}}{{{{ rows[0] }}}}{{% for x in list %}}-{{% endfor %}}",
    ),
    "another language": (
        "app/f.ts",
        f"export const sortPrompt = (kind: string) => kind === 'a' ? `{LONG}${{kind}}` : `{LONG}b`;\n",
    ),
}  # fmt: skip


def run(repository: Repository, *arguments: str) -> str:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        assert main([*arguments, "--repo", str(repository.path)]) == 0, out.getvalue()
    return out.getvalue()


@pytest.fixture
def initialised(repository: Repository) -> Callable[[dict[str, str]], str]:
    def written(files: dict[str, str]) -> str:
        repository.commit({**files})
        run(repository, "init")
        return (repository.path / CONFIGURATION).read_text("utf-8")

    return written


def test_nothing_is_to_be_taken_out_of_what_was_just_written(
    repository: Repository, initialised: Callable[[dict[str, str]], str]
) -> None:
    text = initialised(dict(WAYS_TO_ASK.values()))
    assert text.count("tokens: ") > len(WAYS_TO_ASK)
    said = run(repository, "init", "--update")
    assert [line for line in said.splitlines() if "in the samples" in line] == []
    assert said.endswith("no new prompts: the file stays as it is\n")


def test_what_is_told_to_be_taken_out_changes_no_verdict(
    repository: Repository, initialised: Callable[[dict[str, str]], str]
) -> None:
    text = initialised(dict(WAYS_TO_ASK.values()))
    marked = text.replace(
        "        variables:\n", "        variables:\n          gone: {tokens: 7}\n"
    )
    count = marked.count("gone")
    repository.commit({CONFIGURATION: marked})
    said = run(repository, "init", "--update")
    told = [line for line in said.splitlines() if line.startswith("not used any more: ")]
    assert len(told) == count
    assert all("`gone` in the samples of " in line for line in told)
    lines = [number for number, line in enumerate(marked.splitlines(), 1) if "gone" in line]
    places = re.findall(rf"{re.escape(CONFIGURATION)}:(\d+): take it out", " ".join(said.split()))
    assert places == [str(number) for number in lines]
    assert review(repository, "--base", "HEAD~").code == 0
    repository.commit({CONFIGURATION: marked.replace("          gone: {tokens: 7}\n", "")})
    assert review(repository, "--base", "HEAD~").code == 0


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a: {b: 1, c: {d: 2}, e: 3}  # x\n", "a: {b: 1, e: 3}  # x\n"),
        ("a: {c: 1}\n", "a: {}\n"),
        ("a:\n  b: 1\n  c:\n    d: 2\n  e: 3\nf: 4\n", "a:\n  b: 1\n  e: 3\nf: 4\n"),
        ("a:\n  c: 1  # x\nf: 4\n", "a:\n  {}  # x\nf: 4\n"),
    ],
)
def test_entries_are_left_out_in_place(text: str, kept: str) -> None:
    edits = TextEdits(text)
    edits.keep(("a",), {"b", "e"})
    assert edits.text() == kept
