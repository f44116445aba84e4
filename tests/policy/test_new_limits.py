"""A change that only adds or lowers limits says so: they hold once it is merged."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, change, configuration, tokens, workflow

BEFORE = configuration({"w": workflow(envelope="{monthly_cost: {hard: $500}}"), "v": workflow()})
FLOWS = {"w": workflow(envelope="{monthly_cost: {hard: $500}}"), "v": workflow()}
CASES = {
    "one added": (
        configuration({**FLOWS, "v": workflow(envelope="{monthly_cost: {hard: $40}}")}),
        "merged: `workflows.v.envelope.monthly_cost.hard` is added $40",
    ),
    "one lowered": (
        configuration({**FLOWS, "w": workflow(envelope="{monthly_cost: {hard: $90}}")}),
        "`workflows.w.envelope.monthly_cost.hard` is lowered to $90",
    ),
    "of all": (
        configuration(FLOWS, defaults="{envelope: {increase: {soft: 5%, hard: 20%}}}"),
        "`defaults.envelope.increase.soft` is added 5%, `defaults.envelope.increase.hard` is added",
    ),
}


@pytest.mark.parametrize("form", ["terminal", "markdown", "json"])
@pytest.mark.parametrize("case", CASES)
def test_a_new_limit_is_a_note(repository: Repository, case: str, form: str) -> None:
    after, said = CASES[case]
    files = {CONFIGURATION: BEFORE, PROMPT: tokens(9)}
    outcome = change(repository, files, {CONFIGURATION: after}, form=form)
    assert outcome.code == 0
    if form == "json":
        assert any(said in note for note in outcome.report["notes"]), outcome.report["notes"]
    assert "once the change is merged" in " ".join(outcome.out.split())


def test_a_raised_limit_is_none(repository: Repository) -> None:
    after = configuration({**FLOWS, "w": workflow(envelope="{monthly_cost: {hard: $900}}")})
    outcome = change(repository, {CONFIGURATION: BEFORE, PROMPT: tokens(9)}, {CONFIGURATION: after})
    assert "once the change is merged" not in outcome.out
