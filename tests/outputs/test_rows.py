"""The rows of a review: changed workflows first, those of the same cost together, whole names."""

from itertools import pairwise

import pytest

from reviewbot.outputs.wrapping import in_lines, wrapped
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, review, tokens, workflow

SHARED = "Sort parcels. {% include 'shared.j2' %}"


def several(repository: Repository, form: str, *, same: int) -> str:
    """One workflow grows; of `same` others a shared file changes no token's count."""
    names = [f"flow-{number}" for number in range(same)]
    flows = {
        name: workflow(f"p/{name}.j2", model="openai/gpt-4.1", envelope="{increase: {hard: 900%}}")
        for name in (*names, "zebra")
    }
    files = {f"p/{name}.j2": f"{SHARED} {tokens(9 * n)}" for n, name in enumerate(names)}
    first = {CONFIGURATION: configuration(flows), "p/zebra.j2": "Sort.", **files}
    edits = {"shared.j2": "Be good.\n", "p/zebra.j2": tokens(50)}
    return change(repository, {**first, "shared.j2": "Be kind.\n"}, edits, form=form).out


def test_workflows_that_cost_the_same_are_one_row(repository: Repository) -> None:
    lines = several(repository, "terminal", same=12).splitlines()
    rows = [line.split()[1:4] for line in lines[1:4]]
    assert rows[0][0] == "zebra"
    assert rows[1] == ["12", "workflows", "cost"]
    assert lines[3].split()[0] in {"total", "total,"}


def test_few_of_them_keep_their_rows_the_dearest_first(repository: Repository) -> None:
    lines = several(repository, "terminal", same=2).splitlines()
    assert [line.split()[1] for line in lines[1:4]] == ["zebra", "flow-1", "flow-0"]


def test_a_comment_shows_what_changed_in_the_open(repository: Repository) -> None:
    open_, _, folded = several(repository, "markdown", same=12).partition("<details>")
    assert "zebra" in open_
    assert "flow-3" not in open_
    assert "flow-3" in folded


def test_a_limit_of_several_workflows_is_said_to_be_each_ones(repository: Repository) -> None:
    names = [f"flow-{number}" for number in range(7)]
    files = {f"p/{name}.txt": tokens(50) for name in names}
    for model in ("openai/gpt-4.1-mini", "openai/gpt-4.1"):
        flows = {
            name: workflow(f"p/{name}.txt", model=model, envelope="{monthly_cost: {hard: $0.50}}")
            for name in names
        }
        repository.commit({CONFIGURATION: configuration(flows), **files})
    out = review(repository, "--base", "HEAD~1", form="terminal").out
    (row,) = (line for line in out.splitlines() if line.startswith("✗  7 workflows"))
    assert row.endswith("hard $0.50 each")


@pytest.mark.parametrize("form", ["terminal", "markdown", "html"])
def test_what_an_approval_lifts_is_told_from_what_it_does_not(
    repository: Repository, form: str
) -> None:
    envelope = "{monthly_cost: {hard: $1.05}}"
    flow = workflow("p.txt", envelope=envelope)
    approval = "{approvers: [kim]}"
    before = {
        CONFIGURATION: configuration({"w": flow}, approval=approval),
        "p.txt": tokens(10),
    }
    raised = configuration({"w": flow.replace("1.05", "1.06")}, approval=approval)
    out = change(repository, before, {CONFIGURATION: raised, "p.txt": tokens(90)}, form=form).out
    said = " ".join(out.split())
    limit = {"terminal": "✗ w: monthly cost", "markdown": "❌", "html": "$0.19 over"}[form]
    asked = {
        "terminal": "✋ .github/reviewbot.yml:",
        "markdown": "What needs approval beside it",
        "html": "What needs approval beside it",
    }[form]
    assert 0 <= said.find(limit) < said.find(asked), out


@pytest.mark.parametrize("width", range(12, 60))
@pytest.mark.parametrize(
    "name",
    ["on-create-document-stream", "a_very_long_name_of_a_workflow", "src/app/prompts.py:1253"],
)
def test_names_break_at_their_marks(name: str, width: int) -> None:
    lines = in_lines(name, width)
    assert "".join(lines) == name
    assert all(len(line) <= width for line in lines)
    pairs = pairwise(lines)
    assert all(line[-1] in "-_/" or following[0] in ".#" for line, following in pairs)
    assert ":" not in name or any(".py:1253" in line for line in lines)


@pytest.mark.parametrize("width", range(40, 90))
def test_no_blank_stands_in_a_selector(width: int) -> None:
    name = "src/app/prompts/conversation.py#Assistant.get_the_instruction"
    text = "\n".join(wrapped([f"not found: {name}, and others"], width))
    assert " #" not in text.replace("\n  #", "\n")
