"""The shape of an envelope's limits and of traffic."""

from decimal import Decimal
from typing import Any

from reviewbot.configuration.kinds import (
    Amount,
    At,
    Choice,
    Field,
    Flag,
    ListOf,
    MapOf,
    Section,
    section,
)
from reviewbot.configuration.settings import (
    CacheLifetime,
    Envelope,
    Limit,
    ServiceTier,
    Stream,
    TokenLimit,
)
from reviewbot.configuration.shape import scalars

_BOUNDS = ("soft", "hard")


def limit(amount: Amount[Any]) -> Section[Limit]:
    """A soft and a hard limit in the unit of `amount`."""
    return Section(
        lambda at, line, **limits: Limit(**_ordered(at, line, limits)),
        {
            "soft": Field(amount, "above it the workflow is warned about"),
            "hard": Field(amount, "above it the check fails"),
        },
        needs_one=_BOUNDS,
    )


def _ordered(at: At, line: int, limits: dict[str, Any]) -> dict[str, Any]:
    limits |= {key: Decimal(limits[key]) for key in ("soft", "hard") if key in limits}
    soft, hard = limits.get("soft"), limits.get("hard")
    if soft is None and hard is None:
        at.report(line, "the limit has neither `soft` nor `hard`", "give at least one of them")
    if soft is not None and hard is not None and soft > hard:
        at.report(line, "`soft` is above `hard`", "give a soft limit below the hard one")
    return limits


_TOKEN_LIMIT = Section(
    lambda at, line, **limits: TokenLimit(**_ordered(at, line, limits)),
    {
        "soft": Field(scalars.TOKENS, "above it the workflow is warned about"),
        "hard": Field(scalars.TOKENS, "above it the check fails"),
        "over": Field(
            scalars.STATISTIC,
            "the statistic over the samples that is limited; default max",
        ),
    },
    needs_one=_BOUNDS,
)
ENVELOPE = section(
    Envelope,
    {
        "input_tokens": Field(_TOKEN_LIMIT, "input tokens of one call"),
        "cost_per_call": Field(limit(scalars.USD), "expected cost of one call, USD"),
        "monthly_cost": Field(limit(scalars.USD_PER_MONTH), "expected cost of a month, USD"),
        "increase": Field(
            limit(scalars.INCREASE), "growth of the expected monthly cost, before to after"
        ),
        "approvable": Field(
            Flag(), "whether an approval may stand in for a hard limit; default false"
        ),
    },
)


def _stream(at: At, line: int, **values: Any) -> Stream:
    if "cache_lifetime" in values:
        values["cache_lifetime"] = CacheLifetime(values["cache_lifetime"])
    if "service_tier" in values:
        values["service_tier"] = ServiceTier(values["service_tier"])
    if "sample_weights" in values:
        values["sample_weights"] = tuple(sorted(values["sample_weights"].items()))
    growth = values.pop("growth", Decimal(0))
    stream = Stream(calls_per_month=values.pop("calls"), growth_per_month=growth, **values)
    if stream.cache_hit_rate + (stream.cache_write_rate or 0) > 1:
        at.report(
            line,
            "`cache_hit_rate` and `cache_write_rate` are more than 100% together",
            "give shares of the same calls",
        )
    return stream


TRAFFIC = ListOf(
    Section(
        _stream,
        {
            "calls": Field(
                scalars.CALLS,
                "calls in a period, such as 120_000/month or 900/day",
                required=True,
            ),
            "output_tokens": Field(
                scalars.TOKENS, "expected output tokens of a call, 350", required=True
            ),
            "tenant": Field(scalars.NAME, "who the calls are made for"),
            "environment": Field(scalars.NAME, "where they are made, such as prod"),
            "cache_hit_rate": Field(
                scalars.SHARE,
                "share of calls that read the cacheable prefix from cache; default 0%",
            ),
            "cache_write_rate": Field(
                scalars.SHARE,
                "share of calls that write the cacheable prefix; default as the provider bills it",
            ),
            "cache_lifetime": Field(
                Choice(lambda: [*CacheLifetime]),
                "how long a written prefix stays in the cache, 5m or 1h; default 5m",
            ),
            "service_tier": Field(
                Choice(lambda: [*ServiceTier]),
                "standard, flex, priority, fast or batch; default standard",
            ),
            "region": Field(
                scalars.REGION,
                "where the calls are served, as the provider calls it; default as the model says",
            ),
            "growth": Field(scalars.GROWTH, "how the calls grow, 5%/month; default 0%/month"),
            "can_wait": Field(
                Flag(), "whether nobody waits for the answers, so that batch or flex would do"
            ),
            "repeat_rate": Field(
                scalars.SHARE, "share of calls that repeat an earlier one exactly; default 0%"
            ),
            "sample_weights": Field(
                MapOf(scalars.NAME, scalars.WEIGHT),
                "how often each sample occurs in these calls; default the samples' own weights",
            ),
        },
    ),
    at_least=1,
)
