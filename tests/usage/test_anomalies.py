"""What is an anomaly, and what is only traffic."""

import math
import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from reviewbot.usage.anomalies import Day, excess_on

FIRST = date(2026, 9, 1)
LAST = 60


def days(calls: Callable[[int], float], price: int = 1_000) -> dict[date, Day]:
    return {
        FIRST + timedelta(number): Day(
            units=round(calls(number) * price), calls=round(calls(number))
        )
        for number in range(LAST)
    }


def alarmed(stream: dict[date, Day]) -> list[int]:
    whole = {day: item.units for day, item in stream.items()}
    return [n for n in range(LAST) if excess_on(stream, FIRST + timedelta(n), whole) is not None]


def is_weekend(number: int) -> bool:
    return (FIRST + timedelta(number)).weekday() > 4


def test_weekdays_and_weekends_are_no_alarm() -> None:
    assert alarmed(days(lambda n: 200 if is_weekend(n) else 5_000)) == []


def test_growth_of_one_percent_a_day_is_no_alarm() -> None:
    assert alarmed(days(lambda n: 1_000 * 1.01**n)) == []


def test_ten_calls_a_day_cannot_be_told_from_chance() -> None:
    numbers = random.Random(18)
    for _ in range(50):
        assert alarmed(days(lambda _: max(1, numbers.gauss(10, 6)))) == []


@pytest.mark.parametrize(
    ("calls", "noise"),
    [
        (lambda n: 1_500 if is_weekend(n) else 5_000, 0.05),
        (lambda n: 1_000 * 1.01**n, 0.05),
        (lambda n: 1_000 * 1.01**n * (0.3 if is_weekend(n) else 1), 0.05),
        (lambda _: 10, 0.5),
    ],
    ids=["weekends", "growth", "both", "ten calls"],
)
def test_what_is_usual_is_no_alarm_where_it_scatters(
    calls: Callable[[int], float], noise: float
) -> None:
    numbers = random.Random(18)
    for _ in range(8):
        stream = days(lambda n: max(1, calls(n) * math.exp(numbers.gauss(0, noise))))
        assert alarmed(stream) == []


def test_a_spike_a_shift_and_a_drift_are_found() -> None:
    assert 45 in alarmed(days(lambda n: 3_000 if n == 45 else 1_000))
    assert alarmed(days(lambda n: 1_700 if n >= 45 else 1_000))[0] in range(45, 49)
    assert alarmed(days(lambda n: 1_000 * 1.05 ** max(0, n - 40)))[0] in range(43, 52)


def test_a_slow_rise_is_found_though_it_is_soon_in_the_weeks_before() -> None:
    found = alarmed(days(lambda n: 1_000 * 1.015 ** min(max(0, n - 36), 21)))
    assert found[:1] == [54]


def test_growth_of_a_calls_price_is_no_alarm_in_a_short_log() -> None:
    stream = {
        day: Day(units=round(item.units * 1.01**number), calls=item.calls)
        for number, (day, item) in enumerate(days(lambda _: 3_000).items())
    }
    assert alarmed(stream) == []


def test_a_spike_is_no_alarm_a_week_later() -> None:
    found = alarmed(days(lambda n: 4_000 if n == 40 else 1_000))
    assert 40 in found
    assert 47 not in found


def test_a_small_share_of_all_spend_is_not_told() -> None:
    stream = days(lambda n: 3_000 if n == 45 else 1_000)
    whole = {day: item.units * 100_000 for day, item in stream.items()}
    assert excess_on(stream, FIRST + timedelta(45), whole) is None
