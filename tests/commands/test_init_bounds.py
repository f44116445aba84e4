"""`init` proposes the same on any machine: what it reads is counted, and time only stops it."""

import pytest

from reviewbot.allowance import Allowance
from tests.commands.test_init import init
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION

LONG = "You answer questions about kettles, briefly and kindly. " * 3


def commit_many(repository: Repository) -> None:
    texts = {
        f"app/agent_{number}.py": f"from app.rules import RULES\nSYSTEM_PROMPT = '{LONG}{number}'\n"
        for number in range(30)
    }
    repository.commit({"app/rules.py": f"RULES = '{LONG}'\n", **texts})


def test_no_time_is_too_short_for_what_a_review_may_not_take(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_many(repository)
    expected = init(repository, "--output", "-")
    assert expected.out.count("SYSTEM_PROMPT") >= 30
    slow = {"seconds": 0.0}
    monkeypatch.setattr(
        "reviewbot.rendering.parsing.Allowance", lambda **given: Allowance(**{**slow, **given})
    )
    assert init(repository, "--output", "-").out == expected.out


@pytest.mark.parametrize("arguments", [(), ("--update",)])
def test_a_search_that_takes_too_long_writes_nothing_and_says_so(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    commit_many(repository)
    place = repository.path / CONFIGURATION
    if arguments:
        assert init(repository).code == 0
    before = place.read_bytes() if arguments else None
    monkeypatch.setattr("reviewbot.unconfigured.proposal._PATIENT_SECONDS", 0.0)
    outcome = init(repository, *arguments)
    assert outcome.code == 3
    assert "takes more than 0 seconds" in outcome.errors
    assert (place.read_bytes() if place.exists() else None) == before
