"""What a change does to its own gate: to the configuration, and to the pinned baseline."""

from msgspec import Struct

from reviewbot.policy.growth import Pins, read_pins
from reviewbot.policy.weakening.configuration import ConfigurationWeakenings
from reviewbot.repository.revisions import Comparison
from reviewbot.scope.governing import Configurations


class Gate(Struct, frozen=True, kw_only=True):
    """How the configuration is weakened, and the baselines, None where none is named."""

    weakenings: ConfigurationWeakenings
    pins: Pins | None


def read_gate(configurations: Configurations, comparison: Comparison, *, is_needed: bool) -> Gate:
    """The gate before and after; `is_needed` says that growth will be held against a baseline."""
    has_baseline = configurations.governing.baseline or configurations.proposed.baseline
    return Gate(
        weakenings=ConfigurationWeakenings(configurations),
        pins=read_pins(comparison, configurations, is_needed=is_needed) if has_baseline else None,
    )
