"""From sources to the aggregate, in one engine that is gone afterwards."""

from collections.abc import Sequence

from msgspec.structs import replace

from reviewbot.configuration.settings import Configuration
from reviewbot.costs.price_lookup import PriceLookup
from reviewbot.usage.aggregate import Usage
from reviewbot.usage.collecting import Period, collect
from reviewbot.usage.engine import open_engine
from reviewbot.usage.loading import Source, load
from reviewbot.usage.streams import names_of
from reviewbot.usage.summed_rows import summed_rows


def measure(
    sources: Sequence[Source], configuration: Configuration, catalogue: PriceLookup, period: Period
) -> Usage:
    """What the logs come to, under the names of the configuration.

    Raises:
        MeasurementError: A log is malformed or empty.
        UsageError: The engine is not installed.

    """
    files = [file for source in sources for file in source.files]
    with open_engine(files) as engine:
        notes = load(engine, sources)
        usage = collect(engine, sources, names_of(configuration), catalogue, period)
        summed = tuple(summed_rows(engine, sources))
        notes = (*(str(problem) for problem in summed), *notes)
        return replace(usage, summed=summed, notes=(*usage.notes, *notes))
