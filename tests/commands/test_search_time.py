"""Without a configuration, a search that is out of time says so, and denies no prompt."""

import pytest

from reviewbot.allowance import Allowance
from reviewbot.cli import main
from tests.commands.test_cost import cost
from tests.commands.test_init_bounds import commit_many
from tests.support.repository import Repository
from tests.support.reviewing import review

_PATIENCE = "reviewbot.unconfigured.proposal._PATIENT_SECONDS"


def test_the_costs_and_one_of_them_have_the_time_of_a_search(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_many(repository)
    _, expected = cost(repository, capsys)
    slow = {"seconds": 0.0}
    monkeypatch.setattr(
        "reviewbot.rendering.parsing.Allowance", lambda **given: Allowance(**{**slow, **given})
    )
    assert cost(repository, capsys) == (0, expected)
    name = "agent-7"
    assert main(["explain", name, "--repo", str(repository.path)]) == 0
    assert "app/agent_7.py" in capsys.readouterr().out


def test_a_workflow_that_no_time_was_left_to_find_is_not_denied(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_many(repository)
    monkeypatch.setattr(_PATIENCE, 0.0)
    assert main(["explain", "agent-7", "--repo", str(repository.path)]) == 3
    said = " ".join(capsys.readouterr().err.split())
    assert "there is no workflow" not in said
    assert "takes more than 0 seconds" in said


def test_costs_that_no_time_was_left_for_are_said_to_be_missing(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_many(repository)
    monkeypatch.setattr(_PATIENCE, 0.0)
    assert main(["cost", "--repo", str(repository.path)]) == 2
    assert "the time was over" in " ".join(capsys.readouterr().err.split())


def test_a_history_says_that_a_search_was_out_of_time(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_many(repository)
    monkeypatch.setattr(_PATIENCE, 0.0)
    assert main(["history", "--repo", str(repository.path)]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "the time was over before all prompts were found" in said
    assert "no prompt was found" not in said


def test_a_review_that_is_out_of_time_is_a_warning_that_says_so(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_many(repository)
    repository.branch("work")
    repository.commit({"app/error.py": "# Nothing about prompts.\n"})
    monkeypatch.setattr("reviewbot.rendering.parsing.Allowance", lambda: Allowance(seconds=0.0))
    outcome = review(repository, form="terminal")
    said = " ".join(outcome.out.split())
    assert outcome.code == 0
    assert "reviewbot: warn:" in said
    assert "the time was over before all prompts were found" in said
    assert "beside all workflows" not in said
