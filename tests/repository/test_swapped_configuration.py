"""Whoever the old configuration on the base lets approve has to approve another one."""

from collections.abc import Mapping

import pytest

from tests.repository.test_action_faults import ACTION, FILE, OTHER, RIGHT
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    Outcome,
    change,
    configuration,
    review,
    tokens,
    workflow,
)

NEW = ".github/other.yml"


def by(*people: str, calls: str = "1000", limit: str = "1.00") -> str:
    """A configuration whose approvers are these people."""
    traffic = f"[{{calls: {calls}/month, output_tokens: 100}}]"
    envelope = f"{{monthly_cost: {{hard: ${limit}}}}}"
    approval = {"approval": f"{{approvers: [{', '.join(people)}]}}"} if people else {}
    return configuration({"w": workflow(traffic=traffic, envelope=envelope)}, **approval)


def judged_by(path: str) -> str:
    return RIGHT.replace(ACTION, f"{ACTION}        with: {{config: {path}}}\n")


BASE = {CONFIGURATION: by("octocat"), PROMPT: tokens(10), FILE: RIGHT}
SWAP = {FILE: judged_by(NEW)}
MINE = {NEW: by("mallory")}


def told(outcome: Outcome) -> tuple[int, str, list[str]]:
    (finding,) = [it for it in outcome.report["findings"] if "judges instead of" in it["text"]]
    return outcome.code, finding["verdict"], outcome.report["approvers"]


def swapped(
    repository: Repository, before: Mapping[str, str | None], after: Mapping[str, str | None]
) -> Outcome:
    change(repository, before, after)
    return review(repository, "--config", NEW)


MOVED = {FILE: None, OTHER: judged_by(NEW)}
"""The same in a file of another name, and little in common."""
REWRITTEN = {
    FILE: RIGHT.replace("pull_request:", "push:").replace("pull_request_review:", "schedule:"),
    OTHER: judged_by(NEW).replace("  review:", "  costs:"),
}


@pytest.mark.parametrize("after", [SWAP, MOVED, REWRITTEN], ids=["edited", "moved", "beside"])
@pytest.mark.parametrize("steps", [1, 2])
def test_the_new_file_does_not_say_who_approves_it(
    repository: Repository, after: Mapping[str, str | None], steps: int
) -> None:
    before, now = ({**BASE, **MINE}, after) if steps == 2 else (BASE, {**MINE, **after})
    assert told(swapped(repository, before, now)) == (1, "needs-approval", ["octocat"])


def test_nor_does_the_change_to_the_old_one(repository: Repository) -> None:
    outcome = swapped(repository, BASE, {**MINE, **SWAP, CONFIGURATION: by("mallory")})
    assert told(outcome) == (1, "needs-approval", ["octocat"])
    repository.commit({CONFIGURATION: None})
    assert told(review(repository, "--config", NEW)) == (1, "needs-approval", ["octocat"])


def test_of_a_broken_one_what_can_be_read_counts(repository: Repository) -> None:
    broken = BASE[CONFIGURATION].replace("prompts:", "promts:")
    outcome = swapped(repository, {**BASE, CONFIGURATION: broken}, {**MINE, **SWAP})
    assert told(outcome) == (1, "needs-approval", ["octocat"])


@pytest.mark.parametrize("steps", [1, 2])
@pytest.mark.parametrize(
    ("old", "why", "mend"),
    [
        (None, f"{CONFIGURATION} is not on main", "bring it back in a pull request of its own"),
        ("approval: {approvers: [octocat]", "who may approve cannot be read", "mend it in a pull"),
        (
            by(),
            f"{CONFIGURATION} on main names nobody",
            "name somebody there in a pull request of its",
        ),
    ],
)
def test_where_nobody_can_say_who_it_fails(
    repository: Repository, old: str | None, why: str, mend: str, steps: int
) -> None:
    before = {**BASE, CONFIGURATION: old} if old else {FILE: RIGHT, PROMPT: tokens(10)}
    before, now = ({**before, **MINE}, SWAP) if steps == 2 else (before, {**MINE, **SWAP})
    outcome = swapped(repository, before, now)
    code, verdict, _ = told(outcome)
    assert (code, verdict, why in outcome.out, mend in outcome.out) == (1, "fail", True, True)


def test_what_the_new_one_governs_already_has_its_own_approvers(repository: Repository) -> None:
    both = by("hubot", "octocat")
    raised = {**SWAP, NEW: by("hubot", "octocat", limit="900.00")}
    outcome = swapped(repository, {**BASE, NEW: both}, raised)
    assert told(outcome) == (1, "needs-approval", ["octocat"])


def test_where_nobody_may_approve_both_the_two_come_apart(repository: Repository) -> None:
    raised = {**SWAP, NEW: by("mallory", limit="900.00")}
    outcome = swapped(repository, {**BASE, **MINE}, raised)
    code, verdict, _ = told(outcome)
    assert (code, verdict) == (1, "fail")
    assert "bring this in a pull request of its own" in outcome.out


def test_files_that_keep_their_configurations_are_no_swap(repository: Repository) -> None:
    two = {FILE: RIGHT, OTHER: judged_by(NEW).replace("  review:", "  costs:")}
    moved = {it.replace(".yml", "-2.yml"): text for it, text in two.items()}
    outcome = swapped(repository, {**BASE, **MINE, **two}, {**dict.fromkeys(two), **moved})
    assert not outcome.report["findings"]
    assert outcome.report["approvers"] == ["mallory"]


def test_nor_is_an_old_one_left_by_what_another_workflow_adds_before(
    repository: Repository,
) -> None:
    beside = {OTHER: judged_by(NEW).replace("  review:", "  costs:")}
    outcome = swapped(repository, {**BASE, **MINE, **beside}, {FILE: None})
    (finding,) = outcome.report["findings"]
    assert (outcome.code, finding["verdict"]) == (1, "needs-approval")
    assert f"no workflow is judged by {CONFIGURATION} any more" in finding["text"]
    assert outcome.report["approvers"] == ["octocat"]
