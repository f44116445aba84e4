"""Settings as people write them, with no digit lost: the opposite of `amounts`."""

from decimal import Decimal
from hashlib import sha256

from reviewbot.configuration.settings import Budget, Limit, Override, PriceFile, Stream
from reviewbot.configuration.usage_settings import UsageSettings

_ORDINARY_FILE = "100644"


def usd(amount: Decimal) -> str:
    """USD, `$1,200` or `$0.10`; no digit is lost."""
    whole, point, cents = f"{amount.normalize():,f}".partition(".")
    return f"${whole}.{cents:0<2}" if point else f"${whole}"


def count(number: Decimal | int) -> str:
    """A number of tokens, `2,000`."""
    return f"{Decimal(number).normalize():,f}"


def percent(fraction: Decimal) -> str:
    """A fraction as a percentage, `20%`."""
    return f"{(fraction * 100).normalize():,f}%"


def calls(calls_per_month: Decimal) -> str:
    """Calls a month, `1,000/month`."""
    return f"{calls_per_month.normalize():,f}/month"


def days(number: int) -> str:
    """A number of days, `14 days`."""
    return f"{number:,} day{'s' if number > 1 else ''}"


def stream(values: Stream) -> str:
    """A stream by its calls and its labels."""
    labels = (values.tenant, values.environment, values.service_tier, values.region)
    return f"{calls(values.calls_per_month)} ({', '.join(label for label in labels if label)})"


def weights(values: tuple[tuple[str, Decimal], ...]) -> str:
    """Weights of samples, by name."""
    return ", ".join(f"{name} {weight:f}" for name, weight in values)


def rates(values: Override) -> str:
    """The rates of an override, in USD per million tokens, and the model that it counts as."""
    named = ((name, getattr(values, name)) for name in Override.__struct_fields__)
    return ", ".join(
        f"{name} {override_value(value)}" for name, value in named if value is not None
    )


def override_value(value: Decimal | str) -> str:
    """One key of an override: a rate, or a model's name."""
    return value if isinstance(value, str) else usd(value)


def price_file(values: PriceFile) -> str:
    """A price file, and a digest of what stands in it."""
    digest = sha256(values.text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{values.path} ({digest[:_DIGITS]})"


def aggregate(values: UsageSettings) -> str:
    """The aggregate of logs, and the beginning of git's id of its content."""
    mode, _, object_id = (values.content or "").partition(" ")
    kind = "" if mode == _ORDINARY_FILE else f"mode {mode}, "
    return f"{values.file} ({kind}{object_id[:_DIGITS]})"


_DIGITS = 24
"""They are 96 bits: two contents with one digest would be told as no edit."""


def budget(values: Budget) -> str:
    """A budget by its limits."""
    limits = (
        ("monthly_cost", values.monthly_cost or Limit(), usd),
        ("monthly_tokens", values.monthly_tokens or Limit(), count),
    )
    return ", ".join(
        f"{name} {bound} {show(value)}"
        for name, limit, show in limits
        for bound, value in (("soft", limit.soft), ("hard", limit.hard))
        if value is not None
    )
