"""A change that raises the model of many workflows: one row, and first how to undo it."""

from decimal import Decimal

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    Outcome,
    configuration,
    review,
    tokens,
    workflow,
)

WORKFLOWS = 14
LIMIT = "envelope: {increase: {hard: 20%}}"
UNDO = "undo the change of the model, from openai/gpt-4o back to openai/gpt-4.1"


def raise_models(repository: Repository, count: int = WORKFLOWS) -> None:
    """All workflows take their model from `defaults`, where a change names a dearer one."""
    flows = {
        f"flow-{number:02}": workflow(
            f"prompts/{number}.txt",
            model="",
            traffic="[{calls: 1_000/month, output_tokens: 300}]",
        )
        for number in range(count)
    }
    for model in ("openai/gpt-4.1", "openai/gpt-4o"):
        text = configuration(flows, defaults=f"{{model: {model}, {LIMIT}}}")
        files = {f"prompts/{number}.txt": tokens(10 * number + 50) for number in range(count)}
        repository.commit({CONFIGURATION: text, **files})


def test_each_is_told_that_the_change_can_be_undone_and_that_is_enough(
    repository: Repository,
) -> None:
    raise_models(repository)
    outcome = review(repository, "--base", "HEAD~1")
    assert outcome.code == 1
    for item in outcome.report["workflows"]:
        first = item["ways_back"][0]
        assert (first["text"], first["fits"], first["needs_evaluation"]) == (UNDO, True, False)
        assert Decimal(first["usd_per_month"]) == Decimal(item["before"]["usd_per_month"])
    text = (repository.path / CONFIGURATION).read_text()
    repository.commit({CONFIGURATION: text.replace("openai/gpt-4o", "openai/gpt-4.1")})
    assert review(repository, "--base", "HEAD~2").code == 0


@pytest.mark.parametrize("form", ["terminal", "markdown", "html"])
def test_many_alike_are_one_row_and_one_suggestion(repository: Repository, form: str) -> None:
    raise_models(repository)
    shown = review(repository, "--base", "HEAD~1", form=form).out
    said = " ".join(shown.split())
    assert said.count("undo the change of the model") == 1
    assert f"{WORKFLOWS} workflows" in said
    assert "cap the output at 280 tokens" not in said
    if form == "terminal":
        rows = [line for line in shown.splitlines() if line.startswith("✗  ")]
        assert len(rows) == 1
        assert rows[0].endswith("+25%  hard +20%")


def test_few_have_rows_of_their_own(repository: Repository) -> None:
    raise_models(repository, 3)
    shown = review(repository, "--base", "HEAD~1", form="terminal").out
    assert [line.split()[1] for line in shown.splitlines() if line.startswith("✗  ")] == [
        "flow-00",
        "flow-01",
        "flow-02",
    ][::-1]


def test_another_finding_keeps_its_row(repository: Repository) -> None:
    raise_models(repository, 8)
    text = (repository.path / CONFIGURATION).read_text()
    repository.commit({CONFIGURATION: text, "prompts/7.txt": tokens(900)})
    shown = review(repository, "--base", "HEAD~2", form="terminal").out
    rows = [line for line in shown.splitlines() if line.startswith("✗  ")]
    assert len(rows) == 2
    assert "flow-07" in rows[0]
    assert "7 workflows" in rows[1]


def suggested(repository: Repository, base: str = "HEAD~1") -> Outcome:
    outcome = review(repository, "--base", base, "--suggest", form="terminal")
    if outcome.out:
        patch = repository.path.parent / "fix.diff"
        patch.write_text(outcome.out)
        repository.git("apply", str(patch))
    return outcome


@pytest.mark.parametrize("count", [1, WORKFLOWS])
def test_the_patch_undoes_the_default_model(repository: Repository, count: int) -> None:
    raise_models(repository, count)
    was = repository.git("show", f"HEAD~1:{CONFIGURATION}")
    outcome = suggested(repository)
    assert "Apply the patch with `git apply`" in outcome.errors
    assert (repository.path / CONFIGURATION).read_text().strip() == was.strip()


def test_the_patch_undoes_each_workflows_own_model_and_no_other(repository: Repository) -> None:
    names = ("a", "b", "c", "free")
    files = {f"{name}.txt": tokens(50) for name in names}

    def settings(model: str) -> str:
        limits = {"free": ""}
        flows = {
            name: workflow(
                f"{name}.txt",
                model="" if (name, model) == ("c", "openai/gpt-4o") else model,
                envelope=limits.get(name, "{increase: {hard: 20%}}"),
            )
            for name in names
        }
        return configuration(flows, defaults="{model: openai/gpt-4o}")

    repository.commit({CONFIGURATION: settings("openai/gpt-4.1"), **files})
    repository.commit({CONFIGURATION: settings("openai/gpt-4o")})
    outcome = suggested(repository)
    assert "another edit of the same file" not in outcome.errors
    text = (repository.path / CONFIGURATION).read_text()
    assert text.count("openai/gpt-4.1") == 3, text
    assert "free: {prompts: free.txt, model: openai/gpt-4o" in text
    assert review(repository, "--base", "HEAD~1", "--worktree").code == 0


def test_where_there_is_no_edit_standard_error_says_so(repository: Repository) -> None:
    flow = workflow("p.txt", envelope="{monthly_cost: {hard: $1}}")
    repository.commit({CONFIGURATION: configuration({"w": flow}), "p.txt": tokens(10)})
    repository.commit({CONFIGURATION: configuration({"w": flow.replace("1000/", "9000/")})})
    outcome = suggested(repository)
    assert outcome.out == ""
    assert "the patch is empty: there is nothing for `git apply`" in outcome.errors


def test_a_prompt_that_moved_is_told_how_to_follow(repository: Repository) -> None:
    def source(name: str) -> str:
        return f'{name} = "Sort the parcels of a large house by weight, size, name and colour."\n'

    settings = configuration({"w": workflow('"a.py#SORT"')})
    repository.commit({CONFIGURATION: settings, "a.py": source("SORT")})
    repository.commit({"a.py": source("ORDER")})
    outcome = suggested(repository)
    assert "`reviewbot init --update` does" in outcome.errors
    assert "nothing to suggest" not in outcome.errors


def test_names_of_models_are_inert_in_a_comment(repository: Repository) -> None:
    prices = "{overrides: {'a/<b>_x_': {input: $3, output: $12, counts_as: openai/gpt-4o}}}"
    flows = {
        f"flow-{number}": workflow(
            f"prompts/{number}.txt", model="", envelope="{increase: {hard: 20%}}"
        )
        for number in range(7)
    }
    files = {f"prompts/{number}.txt": tokens(50) for number in range(7)}
    for model in ("openai/gpt-4.1", "'a/<b>_x_'"):
        text = configuration(flows, prices=prices, defaults=f"{{model: {model}}}")
        repository.commit({CONFIGURATION: text, **files})
    shown = review(repository, "--base", "HEAD~1", form="markdown").out
    assert "7 workflows" in shown
    assert "<b>" not in shown
