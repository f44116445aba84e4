"""To take out the samples of a workflow is no correction of a guess: its variables count no more."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

SAMPLES = "[{name: typical, variables: {question: {tokens: 500}}}]"
SHORTER = SAMPLES.replace("500", "400")


def changed(repository: Repository, guessed: str, samples: str) -> Outcome:
    first, last = (
        configuration(
            {"w": workflow("prompts/a.j2", samples=own, assumed="[samples]" if is_guess else "")}
        )
        for own, is_guess in ((SAMPLES, guessed), (samples, guessed and samples))
    )
    files = {CONFIGURATION: first, "prompts/a.j2": "Answer: {{ question }}"}
    return change(repository, files, {CONFIGURATION: last})


@pytest.mark.parametrize("guessed", ["", "guessed"])
def test_samples_that_are_taken_out_need_approval(repository: Repository, guessed: str) -> None:
    outcome = changed(repository, guessed, "")
    assert outcome.code == 1, outcome.out
    assert outcome.rules()["loosened"] == "needs-approval"
    assert "by its own samples, of which none is left" in outcome.out


def test_a_guess_is_still_corrected(repository: Repository) -> None:
    assert changed(repository, "guessed", SHORTER).code == 0
