"""A `- ` too many, or one too few, is told at its own line, and the mend makes it right."""

import re

import pytest

from reviewbot.configuration.reading import read_configuration
from reviewbot.errors import ConfigurationError, Problem
from tests.support.configurations import FILE

RIGHT = """\
version: 1
defaults:
  model: openai/gpt-4.1-mini
  max_tokens: 900
tiers:
  premium: [openai/gpt-5*]
  economy: [openai/gpt-4.1*]
workflows:
  answer:
    model: openai/gpt-4.1
    max_tokens: 800
    prompts:
      - path: prompts/system.j2
        role: system
      - {path: prompts/user.j2, role: user}
    samples: samples/answer/*.yaml
    traffic:
      - calls: 120_000/month
        output_tokens: 350
        cache_hit_rate: 30%
    envelope:
      monthly_cost: {soft: $500, hard: $700}
      increase:
        soft: 5%
        hard: 20%
  triage:
    prompts:
      - prompts/triage.txt
    samples:
      - name: typical
        weight: 3
        variables: {created: 2026-11-01}
      - name: long
        variables: {created: 2026-11-01}
    traffic:
      - calls: 900/day
        output_tokens: 20
  sum:
    prompts: prompts/sum.j2
    traffic:
      - {calls: 9/day, output_tokens: 20}
approval:
  approvers: [octocat]
budgets:
  - name: all
    match: {}
    monthly_cost:
      hard: $9_000
"""
LINES = RIGHT.splitlines()
KEYS = [number for number, line in enumerate(LINES) if re.match(r" *[a-z_]+:", line)]


def told(text: str) -> tuple[Problem, ...]:
    try:
        read_configuration(text, file=FILE)
    except ConfigurationError as error:
        return error.problems
    return ()


def typed(lines: list[str], problem: Problem) -> list[str]:
    """The lines with the mend of one problem typed at its line, letter by letter."""
    assert problem.place is not None
    assert problem.place.line is not None
    at = problem.place.line - 1
    old = lines[at]
    if found := re.match(r"write `(.+)` instead of `(.+?)`", problem.mend):
        assert old.count(found[2]) == 1, (old, problem)
        new = old.replace(found[2], found[1])
    elif problem.mend.startswith("write two blanks instead of `- `"):
        assert old.count("- ") == 1, (old, problem)
        new = old.replace("- ", "  ")
    else:
        found = re.fullmatch(r"indent it by (\d+) blanks?", problem.mend)
        assert found, problem
        new = " " * int(found[1]) + old.lstrip()
    return [*lines[:at], new, *lines[at + 1 :]]


def mended(lines: list[str]) -> list[str]:
    for _ in range(9):
        problems = told("\n".join(lines))
        for problem in problems:
            lines = typed(lines, problem)
        if not problems:
            return lines
    raise AssertionError(lines)


def dashed(*numbers: int) -> list[str]:
    return [
        re.sub(r"^( *)", r"\1- ", line) if number in numbers else line
        for number, line in enumerate(LINES)
    ]


@pytest.mark.parametrize("number", KEYS, ids=[LINES[number] for number in KEYS])
def test_a_dash_before_a_key_is_told_at_its_line_and_its_mend_works(number: int) -> None:
    lines = dashed(number)
    (problem, *_) = told("\n".join(lines))
    assert problem.place is not None
    assert problem.place.line == number + 1, problem
    assert read_configuration("\n".join(mended(lines)), file=FILE) == read_configuration(
        RIGHT, file=FILE
    )


@pytest.mark.parametrize(
    "numbers",
    [
        [number for number in KEYS if not LINES[number].startswith(" ")],
        [number for number in KEYS if re.match(r"  \S", LINES[number]) and 8 <= number < 40],
        [number for number in KEYS if re.match(r"    \S", LINES[number]) and 9 <= number < 22],
        [number for number in KEYS if re.match(r"      \S", LINES[number]) and 20 <= number < 24],
        [2, 3],
        [5, 6],
        [10, 11],
    ],
    ids=["top", "names", "body", "limits", "defaults", "tiers", "two keys"],
)
def test_dashes_before_several_keys_are_told_each(numbers: list[int]) -> None:
    assert len(numbers) > 1
    lines = mended(dashed(*numbers))
    assert read_configuration("\n".join(lines), file=FILE) == read_configuration(RIGHT, file=FILE)


@pytest.mark.parametrize("number", [15, 30])
def test_a_dash_that_is_missing_is_told_at_its_line(number: int) -> None:
    lines = [*LINES]
    lines[number - 1] = lines[number - 1].replace("- ", "", 1)
    (problem,) = told("\n".join(lines))
    assert problem.place is not None
    assert problem.place.line in {number, number + 1}, problem


WHOLE = """\
version: 1
workflows:
  - §: answer
    prompts: prompts/a.j2
    model: openai/gpt-4.1
    traffic: [{calls: 9/day, output_tokens: 9}]
  - §: triage
    prompts: prompts/b.j2
    model: openai/gpt-4.1
    traffic: [{calls: 9/day, output_tokens: 9}]
"""


@pytest.mark.parametrize("key", ["name", "id", "workflow"])
def test_each_item_of_a_list_of_workflows_is_told_with_its_name(key: str) -> None:
    lines = WHOLE.replace("§", key).splitlines()
    problems = told("\n".join(lines))
    assert [it.place.line for it in problems if it.place] == [3, 7]
    assert problems[1].mend == f"write `triage:` instead of `- {key}: triage`"
    found = read_configuration("\n".join(mended(lines)), file=FILE)
    assert [*found.workflows] == ["answer", "triage"]


def test_the_only_body_of_a_workflow_may_be_one_item() -> None:
    lines = [
        "version: 1",
        "workflows:",
        "  support:",
        "    - prompts: prompts/a.j2",
        "      model: openai/gpt-4.1",
        "      traffic: [{calls: 9/day, output_tokens: 9}]",
    ]
    (problem,) = told("\n".join(lines))
    assert problem.place is not None
    assert (problem.place.line, problem.place.key) == (4, "workflows.support")
    assert problem.mend == "write two blanks instead of `- `"
    found = read_configuration("\n".join(mended(lines)), file=FILE)
    assert [*found.workflows] == ["support"]


def test_a_key_among_items_is_indented_like_those_of_its_item() -> None:
    lines = [
        "version: 1",
        "workflows:",
        "  support:",
        "    prompts:",
        "      - path: prompts/a.j2",
        "      role: system",
        "      - path: prompts/b.j2",
        "        role: user",
        "    model: openai/gpt-4.1",
    ]
    (problem,) = told("\n".join(lines))
    assert problem.place is not None
    assert (problem.place.line, problem.mend) == (6, "indent it by 8 blanks")
    assert "`prompts`" in problem.what
    lines[5] = "      path: prompts/c.j2"
    (problem,) = told("\n".join(lines))
    assert problem.mend == "write `- path:` instead of `path:`"
