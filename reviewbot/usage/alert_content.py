"""What an alert is about: spend that is off and limits that are broken, and what is new of it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from hashlib import sha256

from msgspec import Struct

from reviewbot.usage.alarms import Alarm
from reviewbot.usage.drift import Drift
from reviewbot.usage.spend_against_limits import Level, Standing

_MILLIONTHS = 1_000_000
LARGEST_SIZE = 10**19 - 1
"""The state of an issue has room for 19 digits; a trouble that is larger counts as this large."""

MOST_TROUBLES = 300
"""So many fit into the state of an issue; further ones are shown and not remembered."""


class Changes(Struct, frozen=True, kw_only=True):
    """How many troubles are new, at least twice as large as when they were last told, or over."""

    opened: int
    doubled: int
    ended: int

    @property
    def any(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.opened or self.doubled or self.ended)


def troubles(drift: Drift) -> Mapping[str, int]:
    """By a digest of what each is about: how far beyond what was expected, or its limit, it is.

    Differences of configured and measured figures are none: they are for a person to calibrate.
    """
    return dict(sorted([*_alarms(drift), *_limits(drift)])[:MOST_TROUBLES])


def changes(told: Mapping[str, int], now: Mapping[str, int]) -> Changes:
    """What `now` has changed since the last time that somebody was told."""
    return Changes(
        opened=len(now.keys() - told.keys()),
        doubled=sum(now[key] >= 2 * told[key] for key in now.keys() & told.keys()),
        ended=len(told.keys() - now.keys()),
    )


def told_now(told: Mapping[str, int], now: Mapping[str, int]) -> Mapping[str, int]:
    """What to remember: a trouble is held against its size when it was last told as larger."""
    return {
        key: size if key not in told or size >= 2 * told[key] else told[key]
        for key, size in now.items()
    }


def _alarms(drift: Drift) -> Iterator[tuple[str, int]]:
    for alarm in drift.alarms:
        if alarm.is_open:
            excess = alarm.excess.units - alarm.excess.expected_units
            yield _key("alarm", *_whose(alarm)), _size(Decimal(excess))


def _whose(alarm: Alarm) -> tuple[str, str, str]:
    return alarm.workflow, alarm.tenant or "", alarm.environment or ""


def _limits(drift: Drift) -> Iterator[tuple[str, int]]:
    for item in drift.standings:
        bound = {Level.SOFT: item.limit.soft, Level.HARD: item.limit.hard}.get(item.level)
        if bound is not None:
            beyond = (_largest(item) - bound) * _MILLIONTHS
            yield _key("limit", item.name, item.unit, item.level), _size(beyond)


def _size(beyond: Decimal) -> int:
    return int(max(Decimal(1), min(beyond, Decimal(LARGEST_SIZE))))


def _largest(item: Standing) -> Decimal:
    known = (item.as_month, item.so_far, item.at_pace)
    return max((value for value in known if value is not None), default=Decimal(0))


def _key(*names: str) -> str:
    """A digest, so that no name stands in the state of an alert."""
    return sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()[:16]
