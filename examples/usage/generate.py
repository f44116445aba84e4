"""Writes calls.csv: five weeks of made-up calls, one row for each day of a stream.

Two things go wrong in the last week: acme's answers become 2.2 times as long from 2 November on,
and globex sends three times its tickets on 31 October. A change that is merged on 19 October adds
tokens to every answer's input.
"""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

FIRST, DAYS = date(2026, 10, 1), 35
MERGED, LONG_ANSWERS, SPIKE = date(2026, 10, 19), date(2026, 11, 2), date(2026, 10, 31)
ADDED_TOKENS = 33
CALLS = {
    ("answer", "acme"): 4_000,
    ("answer", "globex"): 1_500,
    ("answer", "initech"): 400,
    ("triage", "acme"): 9_000,
    ("triage", "globex"): 3_000,
    ("triage", "initech"): 800,
}
MODELS = {"answer": "openai/gpt-4.1", "triage": "openai/gpt-4.1-mini"}
TOKENS = {"answer": (1_012, 301), "triage": (275, 20)}
COLUMNS = (
    *("day", "feature", "tenant", "environment", "model"),
    *("calls", "input_tokens", "cached_tokens", "output_tokens", "status"),
)
WEEKEND = 0.45


def main() -> None:
    numbers = random.Random(20261101)
    with Path(__file__).with_name("calls.csv").open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for number in range(DAYS):
            day = FIRST + timedelta(number)
            for (feature, tenant), usual in CALLS.items():
                sums = _sums(numbers, day, (feature, tenant), usual)
                rows.writerow([day, feature, tenant, "prod", MODELS[feature], *sums, "ok"])


def _sums(numbers: random.Random, day: date, stream: tuple[str, str], usual: int) -> list[int]:
    calls = usual * (WEEKEND if day.weekday() > 4 else 1) * numbers.gauss(1, 0.04)
    calls *= 3 if stream == ("triage", "globex") and day == SPIKE else 1
    size, answer = TOKENS[stream[0]]
    size += ADDED_TOKENS if stream[0] == "answer" and day > MERGED else 0
    answer *= 2.2 if stream == ("answer", "acme") and day >= LONG_ANSWERS else 1
    made = round(calls)
    return [
        made,
        round(made * numbers.gauss(size, 4)),
        0,
        round(made * numbers.gauss(answer, answer / 100)),
    ]


if __name__ == "__main__":
    main()
