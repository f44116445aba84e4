"""What each hunk of a change adds, and that hunks and remainder are the whole."""

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reviewbot.repository.hunks import find_hunks, grouped, without
from tests.support.repetitions import examples
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, tokens, workflow

LINES = st.lists(st.sampled_from(["a\n", "b\n", "c c\n", "\n", "d\r\n"]), max_size=12)
SAMPLES = "[{name: s, variables: {x: {tokens: 9}}}]"


@given(LINES, LINES, st.sampled_from(["", "end"]))
@example([], ["a\n"], "")
def test_without_all_hunks_the_text_is_what_it_was(
    before: list[str], after: list[str], end: str
) -> None:
    old, new = "".join(before) + end, "".join(after)
    hunks = find_hunks("p", old, new)
    assert without(new, hunks) == old
    assert without(new, []) == new
    assert bool(hunks) == (old != new)


def test_a_text_too_large_to_compare_is_one_hunk() -> None:
    old = "".join(f"{number}\n" for number in range(2_000))
    new = "".join(f"{number}!\n" for number in range(2_000))
    (hunk,) = find_hunks("p", f"same\n{old}", f"same\n{new}")
    assert (hunk.first_line, hunk.last_line) == (2, 2001)


def test_a_text_that_repeats_one_line_is_compared_in_no_time() -> None:
    old = "x\n" * 1_000
    new = "".join("x\n" if number % 2 else f"{number}\n" for number in range(1_000))
    hunks = find_hunks("p", old, new)
    assert without(new, hunks) == old


@given(st.integers(0, 60), st.integers(1, 15))
def test_groups_hold_every_hunk_once_and_in_order(count: int, most: int) -> None:
    hunks = find_hunks("p", "x\n" * count, "x\ny\n" * count)
    groups = grouped(hunks, most)
    assert [hunk for group in groups for hunk in group] == hunks
    assert len(groups) == min(len(hunks), most)
    assert all(groups)


def files(text: str, partial: str = "", **more: str) -> dict[str, str | bytes | None]:
    settings_of = {"samples": SAMPLES} | more
    return {
        CONFIGURATION: configuration({"w": workflow("prompts/p.j2", **settings_of)}),
        "prompts/p.j2": text,
        "prompts/part.j2": partial or "part",
    }


def hunks(outcome: Outcome) -> list[tuple[str, int, int, str | None]]:
    return [
        (item["file"], item["first_line"], item["last_line"], item["input_tokens"])
        for item in outcome.workflow()["hunks"]
    ]


def test_each_hunk_has_its_own_tokens_and_dollars(tmp_path: Path) -> None:
    before = "one\n\ntwo\n\nthree {% include 'part.j2' %}\n"
    after = f"one\n{tokens(10)}\n\ntwo\n\n{tokens(5)}\nthree {{% include 'part.j2' %}}\n"
    outcome = change(Repository.create(tmp_path), files(before), files(after, "part more"))
    found = hunks(outcome)
    # a line of words is its words and a line break
    assert found == [
        ("prompts/p.j2", 2, 2, "11"),
        ("prompts/p.j2", 6, 6, "6"),
        ("prompts/part.j2", 1, 1, "1"),
    ]
    costs = [Decimal(item["usd_per_month"]) for item in outcome.workflow()["hunks"]]
    assert costs == [count * Decimal("2.5") / 1000 for count in (11, 6, 1)]
    assert outcome.workflow()["remainder_usd_per_month"] == "0"


def test_lines_that_were_removed_are_told_where_they_stood(tmp_path: Path) -> None:
    outcome = change(
        Repository.create(tmp_path), files(f"one\n{tokens(10)}\ntwo\n"), files("one\ntwo\n")
    )
    assert hunks(outcome) == [("prompts/p.j2", 1, 1, "-11")]


def test_a_hunk_that_cannot_be_taken_out_stays_in_the_remainder(tmp_path: Path) -> None:
    after = f"{{% if x %}}\n{tokens(10)}\ntwo\n{{% endif %}}\n"
    outcome = change(Repository.create(tmp_path), files("two\n"), files(after))
    assert hunks(outcome) == [("prompts/p.j2", 1, 2, None), ("prompts/p.j2", 4, 4, None)]
    found = outcome.workflow()
    assert found["remainder_usd_per_month"] == found["change_usd_per_month"]


def test_many_hunks_are_taken_together_and_counted(tmp_path: Path) -> None:
    before = "".join(f"{number}\n" for number in range(60))
    after = "".join(f"{number}\nmore\n" for number in range(60))
    outcome = change(Repository.create(tmp_path), files(before), files(after))
    groups = [item["hunks"] for item in outcome.workflow()["hunks"]]
    assert groups == [5] * 12


def test_a_renamed_file_is_compared_with_what_it_was(tmp_path: Path) -> None:
    long = "".join(f"line {number}\n" for number in range(20))
    after = files(f"{long}more\n") | {"prompts/p.j2": None, "prompts/q.j2": f"{long}more\n"}
    after[CONFIGURATION] = configuration({"w": workflow("prompts/q.j2", samples=SAMPLES)})
    outcome = change(Repository.create(tmp_path), files(long), after)
    assert hunks(outcome) == [("prompts/q.j2", 21, 21, "2")]


TEXTS = st.lists(
    st.sampled_from(
        ["a\n", "b b\n", "{{ x }}\n", "{% if x %}\n", "{% endif %}\n", "\n", "c" * 40 + "\n"]
    ),
    max_size=8,
).map("".join)


@given(TEXTS, TEXTS, st.sampled_from(["openai/gpt-4o", "openai/gpt-4.1"]))
@settings(max_examples=examples(25), deadline=None)
def test_hunks_and_remainder_add_up_to_the_change(before: str, after: str, model: str) -> None:
    with TemporaryDirectory() as folder:
        outcome = change(Repository.create(Path(folder)), files(before), files(after, model=model))
    for found in outcome.report["workflows"]:
        if found["hunks"] and found["change_usd_per_month"] is not None:
            assert total(found) == Decimal(found["change_usd_per_month"])


def total(found: dict[str, Any]) -> Decimal:
    own = [Decimal(item["usd_per_month"] or 0) for item in found["hunks"]]
    return sum(own, Decimal(found["remainder_usd_per_month"]))


def test_a_broken_limit_comes_before_the_largest_change_and_what_is_left_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reviewbot.explanation.edited_workflows.MOST_EDITED", 4)

    def two(state: int) -> dict[str, str | bytes | None]:
        more = "more more more\n" * state
        quiet = "".join(f"{line}\n{more}" for line in range(8))
        limit = "{increase: {hard: 0.1%}}"
        settings_of = {
            "broken": workflow("prompts/small.txt", envelope=limit),
            "quiet": workflow("prompts/large.txt"),
        }
        small = "one\n\ntwo\n" if not state else "one\nmore\n\ntwo\nmore\n"
        return {
            CONFIGURATION: configuration(settings_of),
            "prompts/small.txt": small,
            "prompts/large.txt": quiet,
        }

    outcome = change(Repository.create(tmp_path), two(0), two(1))
    broken, quiet = outcome.workflow("broken"), outcome.workflow("quiet")
    assert [item["usd_per_month"] is None for item in broken["hunks"]] == [False, False]
    assert broken["ways_back"]
    assert all(item["usd_per_month"] is None for item in quiet["hunks"][2:])
    assert any("edited prompts were not measured" in note for note in outcome.report["notes"])
    assert quiet["remainder_usd_per_month"] is not None
