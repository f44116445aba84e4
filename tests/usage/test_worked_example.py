"""The worked example of docs/usage.md: its text, and its sums against an independent calculation."""

import csv
import json
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from reviewbot.usage.aggregate import UNITS_PER_USD
from tests.support.places import ROOT

EXAMPLE = ROOT / "examples" / "usage.sh"
FIGURES = ROOT / "tests" / "data" / "usage" / "example.csv"
"""Sums by awk over calls.csv, priced at OpenAI's list: $2 and $8, and $0.40 and $1.60, a million."""


def run(*arguments: str) -> str:
    environment = os.environ | {"REVIEWBOT_PYTHON": sys.executable, "COLUMNS": "100"}
    command = ["sh", str(EXAMPLE), *arguments]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def printed() -> str:
    return run()


def test_the_documentation_shows_what_the_example_prints(printed: str) -> None:
    shown = (ROOT / "docs" / "usage.md").read_text("utf-8")
    for part in re.split(r"^\$ reviewbot .*\n", printed, flags=re.MULTILINE)[1:]:
        assert f"```text\n{part.strip()}\n```" in shown or f"```diff\n{part.strip()}\n```" in shown


def test_two_anomalies_and_the_merged_change_are_found(printed: str) -> None:
    assert "⚠ answer acme/prod: $88.50 in the 3 days to 2026-11-04, $53.98 expected" in printed
    assert "⚠ triage globex/prod: $0.59 on 2026-10-31, $0.20 expected (×2.99)" in printed
    assert printed.count("expected (×") == 2
    assert (
        "(#41): as forecast; forecast +33.0 input tokens a call, measured +34.3 (±1.9)" in printed
    )


def test_the_sums_are_those_of_an_independent_calculation() -> None:
    report = json.loads(run("usage", "--json").partition("\n")[2])
    with FIGURES.open() as file:
        for row in csv.DictReader(file):
            (line,) = [
                item
                for item in report["lines"]
                if (item["workflow"], item["tenant"]) == (row["workflow"], row["tenant"])
            ]
            wanted = {name: int(row[name]) for name in ("calls", "input", "output", "units")}
            assert {name: line[name] for name in wanted} == wanted
    assert report["units_per_usd"] == UNITS_PER_USD


def test_what_a_review_says_was_measured_follows_from_the_independent_sums() -> None:
    """33 tokens more at $2 a million, on all calls of `answer` in 35 days as 30.4375 days."""
    with FIGURES.open() as file:
        rows = [row for row in csv.DictReader(file) if row["workflow"] == "answer"]
    calls, output = (sum(int(row[name]) for row in rows) for name in ("calls", "output"))
    a_month = Decimal(calls) / 35 * Decimal("30.4375")
    change = a_month * 33 * 2 / 1_000_000
    told = (
        f"{a_month:,.0f} calls a month (179,581 configured), {Decimal(output) / calls:.0f} output"
        f" tokens a call (300); with that this change is +${change:.2f} a month"
    )
    assert told in " ".join((ROOT / "docs" / "usage.md").read_text("utf-8").split())


def test_the_log_is_what_its_generator_writes(tmp_path: Path) -> None:
    generator = tmp_path / "generate.py"
    generator.write_text((ROOT / "examples" / "usage" / "generate.py").read_text("utf-8"))
    subprocess.run([sys.executable, str(generator)], check=True)
    assert (tmp_path / "calls.csv").read_bytes() == (
        ROOT / "examples" / "usage" / "calls.csv"
    ).read_bytes()
