"""Which configured stream a measured one is."""

from collections.abc import Sequence

from reviewbot.configuration.settings import Stream as ConfiguredStream
from reviewbot.errors import MeasurementError, Problem
from reviewbot.usage.aggregate import Stream


def nothing_mapped() -> MeasurementError:
    """The error of a log of which no call belongs to a workflow."""
    what = "no call of the log belongs to a workflow of the configuration"
    mend = "map its names in `usage.sources` (docs/usage.md)"
    return MeasurementError([Problem(what=what, mend=mend)])


def matching(stream: Stream, traffic: Sequence[ConfiguredStream]) -> int | None:
    """The position of the configured stream with the most labels in common; None where none fits.

    A label that the configuration leaves out fits every value. Where two streams fit equally well
    none is taken. Logs that do not tell the service tier say `standard`, so a stream of another
    tier is taken where no stream of the log's own tier fits.
    """
    fitting = [number for number, item in enumerate(traffic) if _fits(stream, item)]
    of_tier = [number for number in fitting if traffic[number].service_tier == stream.service_tier]
    ranked = sorted(((_labels(traffic[n]), n) for n in of_tier or fitting), reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return ranked[0][1]


def _fits(stream: Stream, configured: ConfiguredStream) -> bool:
    return configured.tenant in {None, stream.tenant} and configured.environment in {
        None,
        stream.environment,
    }


def _labels(configured: ConfiguredStream) -> int:
    return sum(label is not None for label in (configured.tenant, configured.environment))
