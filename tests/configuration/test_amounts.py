from datetime import date
from decimal import Decimal

import pytest

from reviewbot.configuration import amounts


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (amounts.usd, "$1_200", "1200"),
        (amounts.usd, "$1,200.50", "1200.50"),
        (amounts.usd, "0.01", "0.01"),
        (amounts.usd_per_month, "$5_000/month", "5000"),
        (amounts.usd_per_month, "$900", "900"),
        (amounts.fraction, "20%", "0.2"),
        (amounts.fraction, "2.5 %", "0.025"),
        (amounts.fraction, "150%", "1.5"),
        (amounts.share, "100%", "1"),
        (amounts.count, "2_000_000_000", "2000000000"),
        (amounts.count, "0", "0"),
        (amounts.positive, "0.5", "0.5"),
        (amounts.calls_per_month, "120_000/month", "120000"),
        (amounts.calls_per_month, "900/day", "27393.75"),
        (amounts.calls_per_month, "10 / hour", "7305"),
        (amounts.calls_per_month, "1/minute", "43830"),
        (amounts.calls_per_month, "1/second", "2629800"),
        (amounts.calls_per_month, "7/week", "30.4375"),
        (amounts.calls_per_month, "1/week", "4.348214286"),
        (amounts.calls_per_month, "1200/year", "100"),
    ],
)
def test_amounts_as_people_write_them(parse: object, text: str, value: str) -> None:
    assert callable(parse)
    assert parse(text) == Decimal(value)


def test_dates_and_statistics() -> None:
    assert amounts.day("2026-11-01") == date(2026, 11, 1)
    assert [amounts.days(text) for text in ("14 days", "1 day", "14d")] == [14, 1, 14]
    assert [amounts.statistic(text) for text in ("max", "mean", "p95")] == ["max", "mean", "p95"]


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (amounts.number, ""),
        (amounts.number, "1e5"),
        (amounts.number, "-1"),
        (amounts.number, "1_00"),
        (amounts.number, "1,2"),
        (amounts.number, "1.2.3"),
        (amounts.number, "٣"),
        (amounts.number, "9" * 5_000),
        (amounts.number, "999_999_999_999_999_999"),
        (amounts.usd, "€5"),
        (amounts.usd, "5 EUR"),
        (amounts.usd_per_month, "$5/day"),
        (amounts.fraction, "0.2"),
        (amounts.share, "101%"),
        (amounts.count, "1.5"),
        (amounts.positive_count, "0"),
        (amounts.positive, "0"),
        (amounts.calls_per_month, "900"),
        (amounts.calls_per_month, "900/fortnight"),
        (amounts.calls_per_month, "0/day"),
        (amounts.day, "1 November"),
        (amounts.day, "2026-02-30"),
        (amounts.day, "20261101"),
        (amounts.days, "14"),
        (amounts.days, "0 days"),
        (amounts.days, "1.5 days"),
        (amounts.days, "-1 days"),
        (amounts.days, "2 weeks"),
        (amounts.days, "14 days old"),
        (amounts.days, "3_651 days"),
        (amounts.days, "9" * 5_000 + "d"),
        (amounts.statistic, "p100"),
        (amounts.statistic, "median"),
    ],
)
def test_what_is_no_amount(parse: object, text: str) -> None:
    assert callable(parse)
    with pytest.raises(ValueError, match=r"."):
        parse(text)
