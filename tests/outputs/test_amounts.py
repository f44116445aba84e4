"""Amounts add up as they are shown."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.outputs import wording
from reviewbot.outputs.amounts import in_cents, shown_change, shown_parts
from reviewbot.outputs.json_report_reading import read_report
from reviewbot.outputs.review_table import total_rows, workflow_rows
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    change,
    configuration,
    review,
    tokens,
    workflow,
)

MONEY = st.decimals(0, 10**9, allow_nan=False, allow_infinity=False, places=9)


@given(MONEY, MONEY)
def test_a_change_is_exact_and_said_to_be_rounded_where_the_months_differ_by_another(
    before: Decimal, after: Decimal
) -> None:
    assert shown_change(before, after) == in_cents(after - before)
    is_rounded = in_cents(before) + shown_change(before, after) != in_cents(after)
    assert wording.change_between(before, after).endswith(", rounded") == is_rounded


@given(st.lists(st.decimals(-(10**6), 10**6, places=9), min_size=1, max_size=9), MONEY)
def test_parts_add_up_to_the_whole_and_are_within_two_cents(
    parts: list[Decimal], before: Decimal
) -> None:
    whole = shown_change(before, before + sum(parts))
    shown = shown_parts(parts, whole)
    assert sum(shown) == whole
    assert all(abs(a - b) <= Decimal("0.02") for a, b in zip(shown, parts, strict=True))


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ("474.824", "413.946", "-$60.88"),
        ("505.055", "580.205", "+$75.15"),
        ("71.8436", "71.9063", "+$0.06"),
        ("0.001", "0.004", "+$0.0030"),
        ("0.004", "0.02", "+$0.02"),
        ("1", "1", "$0.00"),
    ],
)
def test_a_change_is_rounded_by_itself(before: str, after: str, text: str) -> None:
    assert wording.usd_between(Decimal(before), Decimal(after)) == text


def dollars(text: str) -> list[Decimal]:
    found = re.findall(r"([+-]?)\$([\d,]+\.\d\d)", text)
    return [Decimal(f"{sign}{amount.replace(',', '')}") for sign, amount in found]


@pytest.mark.parametrize("number", range(12))
def test_every_line_of_a_review_adds_up(repository: Repository, number: int) -> None:
    path = "p/a.txt"
    settings = configuration(
        {
            name: workflow(path, traffic=f"[{{calls: {calls}/month, output_tokens: {number}}}]")
            for name, calls in (("w", 98_765), ("v", 12_347), ("u", 7_919))
        }
    )
    lines = [tokens(7 * (row + 1) + number) for row in range(6)]
    after = [f"{line} more" if row % 2 else line for row, line in enumerate(lines)]
    outcome = change(
        repository,
        {CONFIGURATION: settings, path: "\n".join(lines)},
        {path: "\n".join(after)},
        "--verbose",
        form="terminal",
    )
    rows = re.findall(r"\$[\d,.]+ → \$[\d,.]+[^(\n]*\([+-]\$[^)]+", outcome.out)
    assert len(rows) >= 4
    for row in rows:
        before, becomes, more = dollars(row)
        assert (before + more == becomes) == (", rounded" not in row), row
    known = {
        item["name"]: item for item in review(repository, "--base", "main").report["workflows"]
    }
    for name, item in known.items():
        exact = in_cents(Decimal(item["change_usd_per_month"]))
        assert f"{exact:+,.2f}".replace("+", "+$").replace("-", "-$") in next(
            line for line in outcome.out.splitlines() if f" {name}  $" in line
        )
    blocks = re.split(r"\n\n", outcome.out)
    for block in blocks:
        costs = re.search(r"cost by line.*?(?=\n  [a-z]|\Z)", block, re.DOTALL)
        if costs is not None:
            assert sum(dollars(costs[0])) == dollars(block)[2], block


def test_a_total_that_its_rows_do_not_reach_is_said_to_be_rounded(repository: Repository) -> None:
    # 3 x $0.004 before, 3 x $0.004 more after: shown $0.0040 and $0.01 a row, $0.01 and $0.02 in all
    settings = configuration(
        {
            name: workflow("p/a.txt", traffic="[{calls: 100/month, output_tokens: 0}]")
            for name in ("w", "v", "u")
        }
    )
    outcome = change(
        repository,
        {CONFIGURATION: settings, "p/a.txt": tokens(9)},
        {"p/a.txt": tokens(25)},
        form="terminal",
    )
    assert "a month, rounded" in outcome.out


def test_a_total_is_held_against_the_rows_that_are_shown(repository: Repository) -> None:
    # two months of $1.105 under a raised limit are one row of $2.21; by themselves $1.10 each
    flow = workflow("p/a.txt", traffic="[{calls: 1000/month, output_tokens: 104}]")
    more = workflow("p/b.txt", traffic="[{calls: 1000/month, output_tokens: 100}]")
    flows = {"v": flow, "w": flow, "x": more}
    before, after = (
        configuration(flows, defaults=f"{{envelope: {{increase: {{hard: {hard}}}}}}}")
        for hard in ("20%", "50%")
    )
    files = {"p/a.txt": tokens(19), "p/b.txt": tokens(29)}
    shown = change(
        repository,
        {CONFIGURATION: before, **files},
        {CONFIGURATION: after, "p/b.txt": tokens(33)},
        form="terminal",
    ).out
    *rows, total = [dollars(line)[:2] for line in shown.splitlines() if line.count("$") >= 2][:3]
    adds_up = [sum(column) for column in zip(*rows, strict=True)] == total
    assert ("a month, rounded" in shown) == (not adds_up)
    assert adds_up


def test_a_change_is_the_same_beside_the_others_that_it_leaves_as_they_are(
    repository: Repository,
) -> None:
    # $0.0040 a month before and after in one workflow, $0.0140 and $0.0177 in the changed one
    settings = configuration(
        {
            "w": workflow("p/a.txt", traffic="[{calls: 100/month, output_tokens: 0}]"),
            "v": workflow("p/b.txt", traffic="[{calls: 100/month, output_tokens: 0}]"),
        }
    )
    before = {CONFIGURATION: settings, "p/a.txt": tokens(50), "p/b.txt": tokens(9)}
    outcome = change(repository, before, {"p/a.txt": tokens(65)})
    report = read_report(outcome.out.encode(), file="report.json")
    (row,) = workflow_rows(report.workflows)
    (total,) = total_rows(report)
    assert row.change.split()[0] == total.change.split()[0] == "+$0.0038"
    assert total.name == "with 1 unaffected"
