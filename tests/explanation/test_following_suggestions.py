"""Each suggestion that is told to be enough is followed, reviewed again, and passes."""

import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.explanation.patches import patch_of
from tests.explanation.test_ways_back import AFTER, BEFORE, applied, files
from tests.support.pinning import pinned, prompt
from tests.support.repetitions import examples
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

SYSTEM = "prompts/system.j2"
LIMITS = {
    "a month": "{monthly_cost: {hard: $165}}",
    "an increase": "{increase: {hard: 30%}}",
    "a call": "{cost_per_call: {hard: $0.0054}}",
    "tokens": "{input_tokens: {hard: 1700}}",
    "soft": "{monthly_cost: {soft: $165}}",
}


def ways(outcome: Outcome) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = outcome.workflow()["ways_back"]
    return found


@pytest.mark.parametrize("limit", LIMITS)
def test_what_is_enough_passes(limit: str, repository: Repository) -> None:
    envelope = LIMITS[limit]
    outcome = change(repository, files(BEFORE, envelope=envelope), files(AFTER, envelope=envelope))
    enough = [way for way in ways(outcome) if way["fits"]]
    assert enough, [way["text"] for way in ways(outcome)]
    assert any(not way["needs_approval"] for way in enough)
    for way in enough:
        repository.git("switch", "--quiet", "--force-create", "attempt", "work")
        edited = applied(way)
        edited[CONFIGURATION] = str(edited[CONFIGURATION]).replace(LIMITS["a month"], envelope)
        repository.commit(edited)
        again = review(repository)
        if way["needs_approval"]:
            assert set(again.rules()) <= {"loosened", *outcome.rules()}, way["text"]
            assert again.rules()["loosened"] == "needs-approval"
            proposed = again.workflow()["proposed_findings"]
            assert [item["rule"] for item in proposed] == [], way["text"]
        else:
            assert again.report["verdict"] == "pass", (way["text"], again.rules())


@pytest.mark.parametrize("limit", [limit for limit in LIMITS if limit != "soft"])
def test_the_patch_applies_and_the_review_passes(limit: str, repository: Repository) -> None:
    envelope = LIMITS[limit]
    change(repository, files(BEFORE, envelope=envelope), files(AFTER, envelope=envelope))
    suggested = review(repository, "--suggest", form="terminal")
    assert "Apply the patch with `git apply`" in suggested.errors
    subprocess.run(
        ["git", "-C", repository.path, "apply", "--check", "-"],
        input=suggested.out.encode(),
        check=True,
    )
    subprocess.run(
        ["git", "-C", repository.path, "apply", "--index", "-"],
        input=suggested.out.encode(),
        check=True,
    )
    assert review(repository, "--staged").report["verdict"] == "pass"


def test_a_patch_of_nothing_is_said_to_be_one(repository: Repository) -> None:
    change(repository, files(BEFORE, envelope=""), files(AFTER, envelope=""))
    suggested = review(repository, "--suggest", form="terminal")
    assert suggested.out == ""
    assert "reviewbot: nothing to suggest\n" in suggested.errors


def test_those_without_risk_come_first_and_a_cap_that_cuts_last(repository: Repository) -> None:
    outcome = change(repository, files(BEFORE), files(AFTER))
    found = ways(outcome)
    kinds = [way["kind"] for way in found]
    risks = [way["needs_evaluation"] for way in found]
    assert risks == sorted(risks)
    assert {kind for kind, risk in zip(kinds, risks, strict=True) if not risk} == {
        *("white space", "repeated block", "service tier", "response cache", "changed lines")
    }
    assert kinds[-1] == "output cap"
    assert "answers of 400 are configured, so longer ones will be cut" in found[-1]["text"]


def test_growth_since_the_baseline_is_a_limit_too(repository: Repository) -> None:
    pinned(repository)
    repository.commit({PROMPT: f"{prompt(1080)}\n"})
    repository.branch("work")
    more = tokens(30)
    repository.commit({PROMPT: f"{more}\n{prompt(1080)}\n{more}\n"})
    outcome = review(repository)
    assert outcome.rules() == {"drift": "fail"}
    undone = [way for way in ways(outcome) if way["kind"] == "changed lines"]
    assert len(undone) == 2
    assert not any(way["fits"] for way in undone), "each alone leaves 11% since the baseline"


def test_what_something_else_stops_is_not_enough(repository: Repository) -> None:
    weaker = {"envelope": LIMITS["a month"].replace("165", "200")}
    outcome = change(repository, files(BEFORE), files(AFTER, **weaker))
    assert outcome.rules()["loosened"] == "needs-approval"
    assert not any(way["fits"] for way in ways(outcome))
    suggested = review(repository, "--suggest", form="terminal")
    assert suggested.out == ""
    assert "no edit of files alone is enough for w" in suggested.errors


def test_of_two_edits_of_one_file_the_second_waits(repository: Repository) -> None:
    """The second workflow has an edit that is enough; it is not told that there is none."""
    place = "app/texts.py"
    long = "You sort parcels by size and weight, and answer with a number only. " * 3
    flows = {
        name: workflow(f'"{place}#{name.upper()}_PROMPT"', envelope="{input_tokens: {hard: 60}}")
        for name in ("one", "two")
    }
    before = f'ONE_PROMPT = """{long}"""\n\n\n\n\n\n\n\n\n\nTWO_PROMPT = """{long}"""\n'
    after = before.replace(long, f"{long}\n{tokens(100)}\n")
    settings = {CONFIGURATION: configuration(flows)}
    change(repository, settings | {place: before}, {place: after})
    suggested = review(repository, "--suggest", form="terminal")
    assert "no edit of files alone" not in suggested.errors
    assert (
        "two needs another edit of the same file: apply the patch, then `reviewbot check "
        "--worktree --suggest`" in suggested.errors
    )
    subprocess.run(
        ["git", "-C", repository.path, "apply", "-"], input=suggested.out.encode(), check=True
    )
    again = review(repository, "--worktree", "--suggest", form="terminal")
    assert place in again.out
    assert "two needs" not in again.errors


TEXTS = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n", "d\r\n"]), max_size=40)


@given(TEXTS, TEXTS, st.sampled_from(["", "end"]), st.sampled_from(["", "end"]))
@settings(max_examples=examples(25))
def test_a_patch_makes_the_one_text_from_the_other(
    before: list[str], after: list[str], end: str, other: str
) -> None:
    old, new = "".join(before) + end, "".join(after) + other
    patch = patch_of({"a.txt": old}, {"a.txt": new})
    if not old or old == new or patch is None:
        assert old == new or not old
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "a.txt"
        place.write_bytes(old.encode())
        subprocess.run(
            ["git", "-C", folder, "apply", "-"],
            input=patch.encode(),
            check=True,
            capture_output=True,
        )
        assert (place.read_bytes() if place.exists() else b"") == new.encode()


def test_a_patch_of_an_odd_path_or_of_much_text_is_none() -> None:
    assert patch_of({"a b": "x\n"}, {"a b": "y\n"}) is None
    assert patch_of({"a": "x\n"}, {"a": "y\n" * 20_000}) is None
    assert patch_of({}, {}) is None
