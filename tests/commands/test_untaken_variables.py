"""A variable that stands in a prompt's braces and that nothing fills: the format is named."""

import io
from contextlib import redirect_stderr, redirect_stdout
from typing import NamedTuple

import pytest

from reviewbot.cli import main
from tests.support.mistakes import BODY
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, review

SAMPLES = "    samples: [{name: a, variables: {ticket: {tokens: 80}, reader: Jo}}]\n"
COUNTED = ", which counts as text; "


class Case(NamedTuple):
    """How a prompt is named, its text, and what is said; the mend is what is to stand where."""

    entry: str
    text: str
    said: str
    entry_mended: str = ""
    text_mended: str = ""


CASES = {
    "fields of str.format": Case(
        "p.txt",
        "Hi\nSort {ticket} for {reader!r}.\n",
        "the samples' `ticket`, `reader`, and line 2 of p.txt has `{ticket}`",
        entry_mended="{path: p.txt, format: str-format}",
    ),
    "a field with a format": Case(
        "{path: p.txt, role: system}",
        "Sort {ticket:>90}, {reader}.\n",
        "line 1 of p.txt has `{ticket:>90}`",
        entry_mended="{path: p.txt, format: str-format, role: system}",
    ),
    "tags of Jinja": Case(
        "p.md",
        "Sum up {{ ticket }} for {{ reader }}.\n",
        "line 1 of p.md has `{{ ticket }}`",
        entry_mended="{path: p.md, format: jinja}",
    ),
    "a section of Mustache": Case(
        "p.md",
        "Sum up {{#ticket}}it{{/ticket}} for {{reader}}.\n",
        "line 1 of p.md has `{{#ticket}}`",
        entry_mended="{path: p.md, format: mustache}",
    ),
    "a block of Handlebars": Case(
        "p.md",
        "Sum up {{#if ticket}}it{{/if}} for {{reader}}.\n",
        "line 1 of p.md has `{{#if ticket}}`",
        entry_mended="{path: p.md, format: handlebars}",
    ),
    "a string template": Case(
        "p.txt",
        "Sum up ${ticket} for ${reader}.\n",
        "line 1 of p.txt has `${ticket}`",
        entry_mended="{path: p.txt, format: string-template}",
    ),
    "fields in a template of Jinja": Case(
        "p.j2",
        "Sum up {ticket}.\n",
        "the samples' `ticket`, and line 1 of p.j2 has `{ticket}`",
        entry_mended="{path: p.j2, format: str-format}",
    ),
    "one field in a template of Jinja": Case(
        "p.j2",
        "Sum up {ticket} for {{ reader }}.\n",
        "line 1 of p.j2 has `{ticket}`",
        text_mended="Sum up {{ ticket }} for {{ reader }}.\n",
    ),
    "doubled braces in a format string": Case(
        "{path: p.txt, format: str-format}",
        "Sum up {{ticket}} for {{reader}}.\n",
        "line 1 of p.txt has `{{ticket}}`",
        entry_mended="{path: p.txt, format: jinja}",
    ),
    "one doubled brace in a format string": Case(
        "{path: p.txt, format: str-format}",
        "Sum up {{ticket}} for {reader}.\n",
        "line 1 of p.txt has `{{ticket}}`",
        text_mended="Sum up {ticket} for {reader}.\n",
    ),
}


def files(entry: str, text: str) -> dict[str, str]:
    path = entry.partition("path: ")[2].partition(",")[0] or entry
    return {CONFIGURATION: BODY.replace("prompts/a.j2", entry) + SAMPLES, path: text}


def run(repository: Repository, *arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        code = main([*arguments, "--repo", str(repository.path)])
    return int(code), " ".join(out.getvalue().split())


@pytest.mark.parametrize("name", CASES)
def test_the_format_that_fills_it_is_named(name: str, repository: Repository) -> None:
    case = CASES[name]
    repository.commit({"README.md": "x"})
    repository.branch("work")
    repository.commit(files(case.entry, case.text))
    commands = (("check",), ("cost",), ("explain", "triage"))
    mend = (
        f"write the prompt as `{case.entry_mended}`"
        if case.entry_mended
        else f"write `{case.text_mended[7:].partition(' for')[0]}` there"
    )
    for command in commands:
        code, said = run(repository, *command)
        assert code == 0
        assert ".github/reviewbot.yml:4" in said
        assert f"{case.said}{COUNTED}{mend}" in said
    repository.commit(files(case.entry_mended or case.entry, case.text_mended or case.text))
    for command in commands:
        code, said = run(repository, *command)
        assert (code, "counts as text" in said) == (0, False)


QUIET = {
    "another word in braces": ("p.txt", "Sum up {it} for {reader_of}.\n"),
    "an example of JSON": ("p.txt", 'Answer with {"ticket": 1}, or {ticket: 1}.\n'),
    "a text that is no variable's": ("p.txt", "Sum up the ticket.\n"),
    "taken by the same template": ("p.j2", "{{ ticket }}: write {ticket} where it stood.\n"),
    "a literal brace that is meant": (
        "{path: p.txt, format: str-format}",
        "{ticket}: write {{ticket}} where it stood.\n",
    ),
}


@pytest.mark.parametrize("name", QUIET)
def test_other_braces_are_left_alone(name: str, repository: Repository) -> None:
    repository.commit(files(*QUIET[name]))
    code, said = run(repository, "cost")
    assert (code, "counts as text" in said) == (0, False)


def test_a_variable_that_another_prompt_takes_is_left_alone(repository: Repository) -> None:
    entries = "[p.txt, q.j2]"
    repository.commit(
        {
            CONFIGURATION: BODY.replace("prompts/a.j2", entries) + SAMPLES,
            "p.txt": "Write {ticket} where it stood.\n",
            "q.j2": "{% include 'r.j2' %}",
            "r.j2": "{{ ticket }}",
        }
    )
    assert "counts as text" not in run(repository, "cost")[1]


def test_added_tags_are_told_once(repository: Repository) -> None:
    repository.commit(files("p.md", "Sum up.\n"))
    repository.branch("work")
    repository.commit(files("p.md", "Sum up {{ ticket }}.\n"))
    outcome = review(repository)
    found = [item for item in outcome.all_findings() if item["rule"] == "tags_as_text"]
    assert [item["place"]["line"] for item in found] == [4]
