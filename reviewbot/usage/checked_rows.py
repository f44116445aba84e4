"""What every row of a log is held against, as SQL that DuckDB and other engines understand."""

from collections.abc import Iterable, Mapping

_MOST_TOKENS = "1e12"
_MOST_USD = "1e8"
_EARLIEST, _LATEST = "2015-01-01", "2100-01-01"
COUNTS = ("calls", "input", "cached", "written", "output", "reasoning")

_TOLD = {name: f"{name} tokens" for name in COUNTS} | {"calls": "calls"}

UNITS = "floor(usd * 1e10 + 0.5)"
"""A cost in USD in whole 10⁻¹⁰ USD: the same on every engine, where casts are not."""

SERVICE_TIER = """
CASE lower(coalesce(service_tier, 'standard'))
    WHEN 'standard' THEN 'standard' WHEN 'default' THEN 'standard' WHEN 'auto' THEN 'standard'
    WHEN 'optimized' THEN 'standard' WHEN 'flex' THEN 'flex' WHEN 'batch' THEN 'batch'
    WHEN 'priority' THEN 'priority' WHEN 'fast' THEN 'fast' ELSE 'unknown' END
"""


IS_SOUND = "fault IS NULL AND kind <> 'failed'"


def fault(required: Iterable[str]) -> str:
    """What is wrong with a row, as SQL: null where nothing is. Failed calls need no figures."""
    cases = [f"WHEN {name} IS NULL THEN '{'no ' + name}'" for name in required]
    cases += [
        f"WHEN NOT (time >= TIMESTAMP '{_EARLIEST}' AND time < TIMESTAMP '{_LATEST}') THEN 'time'",
        *(
            f"WHEN NOT ({name} IS NULL OR ({name} >= 0 AND {name} < {_MOST_TOKENS}"
            f" AND {name} = floor({name}))) THEN 'count {name}'"
            for name in COUNTS
        ),
        "WHEN coalesce(cached, 0) + coalesce(written, 0) > input THEN 'cached'",
        "WHEN reasoning > output THEN 'reasoning'",
        f"WHEN NOT (usd IS NULL OR (usd >= 0 AND usd < {_MOST_USD})) THEN 'usd'",
        "WHEN key = '' OR model = '' THEN 'blank'",
    ]
    return (
        "CASE WHEN given_fault IS NOT NULL THEN given_fault"
        f" WHEN kind = 'failed' AND time IS NOT NULL THEN NULL {' '.join(cases)} END"
    )


def why(fault: str, fields: Mapping[str, str]) -> str:
    """The rest of a sentence about rows with this fault; `fields` are the log's own names."""
    if fault == "no time":
        return f"have no time in `{fields.get('time', 'time')}`"
    if fault.startswith("no "):
        return f"have no `{fields.get(fault[3:], fault[3:])}`"
    if fault.startswith("count "):
        name = fault.removeprefix("count ")
        where = f" in `{fields[name]}`" if name in fields else f" of {_TOLD[name]}"
        return (
            f"have a count{where} that is negative, not whole, or no number, or a trillion or more"
        )
    return {
        "time": "have a time before 2015 or after 2099",
        "cached": "have more cached and written than input tokens",
        "reasoning": "have more reasoning than output tokens",
        "usd": "have a cost that is negative or no number, or $100 million or more",
        "blank": "have an empty id or model",
    }[fault]
