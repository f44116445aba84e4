"""Amounts as people write them: `$1_200`, `900/day`, `20%`, `2_000_000`.

Each parser takes the text of a scalar and gives base units; a `ValueError` says what is wrong.
"""

import re
from datetime import date
from decimal import Decimal

from reviewbot.configuration.meant_values import why_no_number

DAYS_PER_MONTH = Decimal("30.4375")
"""A month is a twelfth of 365.25 days."""

_PER_MONTH = {
    "second": DAYS_PER_MONTH * 86_400,
    "minute": DAYS_PER_MONTH * 1_440,
    "hour": DAYS_PER_MONTH * 24,
    "day": DAYS_PER_MONTH,
    "week": DAYS_PER_MONTH / 7,
    "month": Decimal(1),
    "year": Decimal(1) / 12,
}
_CALLS_STEP = Decimal("1e-9")
"""Calls a month are rounded half-even to this; only `/week` and `/year` ever need it."""

_NUMBER = re.compile(r"(?:[0-9]{1,3}(?:[_,][0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,12})?")
_OTHER_CURRENCY = re.compile(
    r"[€£¥₹₩₽₺₪₫฿₴]|\b(?:EUR|GBP|JPY|INR|CNY|CHF|CAD|AUD|BRL|SEK|PLN|euros?|pounds?|yen)\b",
    re.IGNORECASE,
)
_LARGEST = Decimal(10) ** 15
_MOST_DAYS = 3_650


def number(text: str) -> Decimal:
    """A number, its digits grouped by three with `_` or `,` or not at all."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(why_no_number(text))
    value = Decimal(text.replace("_", "").replace(",", ""))
    if value > _LARGEST:
        raise ValueError("more than 10^15")
    return value


def usd(text: str) -> Decimal:
    """An amount in USD, with or without `$` in front."""
    if _OTHER_CURRENCY.search(text):
        raise ValueError("another currency; convert it")
    return number(text.removeprefix("$"))


def usd_per_month(text: str) -> Decimal:
    """An amount in USD a month, with or without `/month` behind."""
    return usd(text.removesuffix("/month"))


def fraction(text: str) -> Decimal:
    """A percentage, as a fraction: `20%` is 0.2."""
    if not text.endswith("%"):
        raise ValueError("no percent sign")
    return number(text.removesuffix("%").rstrip()) / 100


def share(text: str) -> Decimal:
    """A percentage of a whole, 0% to 100%, as a fraction."""
    value = fraction(text)
    if value > 1:
        raise ValueError("more than 100%")
    return value


def growth_per_month(text: str) -> Decimal:
    """A monthly growth, as a fraction: `5%/month` is 0.05."""
    rate, slash, period = text.partition("/")
    if not slash or period.strip() != "month":
        raise ValueError("not `/month`")
    value = fraction(rate.strip())
    if value > 1:
        raise ValueError("more than 100% a month")
    return value


def count(text: str) -> int:
    """A whole number."""
    value = number(text)
    if value != int(value):
        raise ValueError("not a whole number")
    return int(value)


def positive_count(text: str) -> int:
    """A whole number from 1."""
    value = count(text)
    if value == 0:
        raise ValueError("zero")
    return value


def positive(text: str) -> Decimal:
    """A number above zero."""
    value = number(text)
    if value == 0:
        raise ValueError("zero")
    return value


def calls_per_month(text: str) -> Decimal:
    """Calls in a period, as calls a month of 30.4375 days."""
    amount, slash, period = text.partition("/")
    if not slash or period.strip() not in _PER_MONTH:
        raise ValueError(_why_no_period(text))
    calls = positive(amount.strip()) * _PER_MONTH[period.strip()]
    return Decimal(format(calls.quantize(_CALLS_STEP).normalize(), "f"))


def _why_no_period(text: str) -> str:
    found = re.fullmatch(r"[^/]{1,40}?(?:/\s?|\b(?:per|an?)\s)([A-Za-z]{1,20})", text)
    if found:
        return f"{found[1]!r} is no period, such as day or month"
    return f"unknown period {text.partition('/')[2].strip()!r}" if "/" in text else "no period"


def day(text: str) -> date:
    """A date, `2026-11-01`."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("not year, month and day")
    return date.fromisoformat(text)


def days(text: str) -> int:
    """A number of whole days, `14 days` or `14d`."""
    found = re.fullmatch(r"(\S+?) ?(?:d|days?)", text)
    if found is None:
        raise ValueError("no `days` behind")
    value = positive_count(found[1])
    if value > _MOST_DAYS:
        raise ValueError(f"more than {_MOST_DAYS:,}")
    return value


def statistic(text: str) -> str:
    """`max`, `mean`, or a percentile `p1` to `p99`."""
    if text not in {"max", "mean"} and not re.fullmatch(r"p[1-9][0-9]?", text):
        raise ValueError("none of them")
    return text
