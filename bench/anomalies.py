"""Prints how many injected anomalies `drift` finds in made-up spend, and how often it cries wolf.

Usage: python bench/anomalies.py [SEED ...]. Each seed makes 200 streams of 120 days: weekdays,
holidays, growth, wandering traffic, heavy-tailed calls and gaps; spikes, shifts and drifts are
injected into the last 85 days. The bounds were chosen on seeds below 9001, that of the week behind
a gap on 7001 to 7008; 9101 to 9112 were put aside.
"""

import math
import random
import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from reviewbot.usage.anomalies import WINDOWS, Day, earlier_days, excess_on

FIRST = date(2026, 6, 1)
DAYS, JUDGED, STREAMS = 120, 85, 200
HOLIDAYS = (33, 47, 88, 89, 101)
WINDOW_DAYS = max(window.days for window in WINDOWS)
SEEN_DAYS = {"spike": WINDOW_DAYS, "shift": WINDOW_DAYS + len(earlier_days(FIRST)) * 7}
SEEN_DAYS["drift"] = SEEN_DAYS["shift"]
"""From its last change on, an anomaly explains alarms for so many days: a spike while it lies in
the longest window; a new level until it fills that window and the weeks compared with it."""


class Injected(NamedTuple):
    """An anomaly: its kind, first and last day, and what it cost beyond the usual."""

    kind: str
    first: int
    last: int
    factor: float


class Made(NamedTuple):
    """A stream as it was made: its days, what was injected, and its excess units by day."""

    days: Mapping[date, Day]
    injected: Injected | None
    excess: Mapping[int, int]


def main() -> None:
    seeds = [int(item) for item in sys.argv[1:]] or [1, 2, 3, 4]
    for seed in seeds:
        print(f"seed {seed}: {_judged(list(streams(seed)))}")


def streams(seed: int) -> Iterator[Made]:
    """The streams of a seed, one after the other."""
    numbers = random.Random(seed)
    for _ in range(STREAMS):
        yield _stream(numbers)


def _stream(numbers: random.Random) -> Made:
    calls = math.exp(numbers.uniform(math.log(150), math.log(30_000)))
    weekend = numbers.choice((0.25, 0.4, 0.7, 1.0, 1.2))
    holiday = 0.5 if weekend < 1 else 1.0
    growth = 1 + numbers.choice((0, 0, 0.002, 0.005, 0.01, -0.003))
    scatter, memory = numbers.uniform(0.03, 0.15), numbers.uniform(0.2, 0.7)
    price = math.exp(numbers.uniform(math.log(2e6), math.log(2e8)))
    tail = numbers.uniform(0.6, 1.6)
    injected, in_calls = _injected(numbers), numbers.random() < 0.5
    gap = numbers.randrange(DAYS) if numbers.random() < 0.2 else None
    wandering, days, excess = 0.0, {}, {}
    for number in range(DAYS):
        day = FIRST + timedelta(number)
        wandering = memory * wandering + numbers.gauss(0, scatter * math.sqrt(1 - memory**2))
        usual = calls * growth**number * math.exp(wandering)
        usual *= weekend if day.weekday() > 4 else 1
        usual *= holiday if number in HOLIDAYS else 1
        factor = 1 if injected is None else _factor(injected, number)
        usual *= factor if in_calls else 1
        made = max(0, round(numbers.gauss(usual, math.sqrt(usual))))
        if made == 0 or (gap is not None and gap <= number < gap + 3):
            continue
        spread = math.sqrt((math.exp(tail**2) - 1) / made)
        units = price * made * max(0.2, numbers.gauss(1, spread)) * (1 if in_calls else factor)
        excess[number] = round(units * (1 - 1 / factor))
        days[day] = Day(units=round(units), calls=made)
    return Made(days, injected, excess)


def _injected(numbers: random.Random) -> Injected | None:
    if numbers.random() > 0.6:
        return None
    first = numbers.randrange(DAYS - JUDGED, DAYS - 3)
    kind = numbers.choice(("spike", "shift", "drift"))
    if kind == "spike":
        return Injected(kind, first, first, numbers.uniform(1.5, 5))
    if kind == "shift":
        return Injected(kind, first, DAYS - 1, numbers.uniform(1.25, 2.5))
    return Injected(kind, first, min(DAYS - 1, first + 20), numbers.uniform(1.02, 1.06))


def _factor(injected: Injected, number: int) -> float:
    if not injected.first <= number:
        return 1
    if injected.kind == "drift":
        return injected.factor ** (min(number, injected.last) - injected.first + 1)
    return injected.factor if number <= injected.last else 1


def _judged(made: list[Made]) -> str:
    all_units: dict[date, int] = {}
    for stream in made:
        for day, item in stream.days.items():
            all_units[day] = all_units.get(day, 0) + item.units
    wolf = clean_days = money = money_found = 0
    kinds: dict[str, list[int]] = {"spike": [0, 0], "shift": [0, 0], "drift": [0, 0]}
    for stream in made:
        alarms = {
            number
            for number in range(DAYS - JUDGED, DAYS)
            if excess_on(stream.days, FIRST + timedelta(number), all_units)
        }
        explained = _explained(stream.injected)
        unexplained = alarms - explained
        wolf += sum(number - 1 not in unexplained for number in unexplained)
        clean_days += JUDGED - len(explained)
        if stream.injected is None:
            continue
        hit = bool(alarms & explained)
        dollars = sum(stream.excess.values())
        money += dollars
        money_found += dollars if hit else 0
        kinds[stream.injected.kind][0] += hit
        kinds[stream.injected.kind][1] += 1
    found, injected = map(sum, zip(*kinds.values(), strict=True))
    by_kind = ", ".join(f"{kind} {a} of {b}" for kind, (a, b) in kinds.items())
    return (
        f"recall {found / injected:.2f} ({by_kind}),"
        f" {100 * money_found / money:.0f}% of the excess dollars,"
        f" {wolf / (clean_days / 7) * STREAMS:.2f} false alarms a week over {STREAMS} streams"
        f" ({wolf} in {clean_days / 7:.0f} weeks of a stream)"
    )


def _explained(injected: Injected | None) -> set[int]:
    """The days on which an alarm is of what was injected; days in a row elsewhere are a false one.

    A shift changes once, on its first day; a spike and a drift until their last.
    """
    if injected is None:
        return set()
    changed = injected.first if injected.kind == "shift" else injected.last
    return set(range(injected.first, min(changed + SEEN_DAYS[injected.kind], DAYS)))


if __name__ == "__main__":
    main()
