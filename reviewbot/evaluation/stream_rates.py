"""What the streams of a situation are priced by, and what is to be said about these prices."""

from collections.abc import Iterable, Iterator
from datetime import date

from reviewbot.costs.forecast import PricedStream
from reviewbot.costs.price_lookup import PriceLookup, Service, service_of
from reviewbot.costs.rates import CACHE_WRITES, CACHED_INPUT, Rates
from reviewbot.evaluation.situations import Situation
from reviewbot.tokens import Model, caching_rule

_MOST_KNOWN = 1_000
"""Rates that are kept, some 1 KB each."""


class StreamPrices:
    """Looks up the rates of streams; those of the latest services once.

    They are kept by the id of the prices that they are of, with these, so that no others get it.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int, Model, Service], tuple[PriceLookup, Rates]] = {}

    def priced(self, situation: Situation) -> tuple[PricedStream, ...]:
        """The streams with their rates.

        Raises:
            MeasurementError: The model is not known, or has no price.
        """
        model = situation.priced_model.resolved()
        rule = caching_rule(model)
        return tuple(
            PricedStream(
                stream=stream,
                rates=self._rates(situation.catalogue, model, service_of(stream)),
                rule=rule,
            )
            for stream in situation.streams
        )

    def _rates(self, catalogue: PriceLookup, model: Model, service: Service) -> Rates:
        key = id(catalogue), model, service
        if key not in self._known:
            found = catalogue.rates(model, service)
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[key] = catalogue, found
        return self._known[key][1]


def price_notes(streams: Iterable[PricedStream]) -> Iterator[str]:
    """What a reader has to know about the prices of the streams."""
    for item in streams:
        yield from item.rates.notes
        lacks = item.rates.lacks
        if item.stream.cache_hit_rate and CACHED_INPUT in lacks:
            yield f"{item.rates.source} has no rate for cached input: it is priced as other input"
        if item.write_rate and CACHE_WRITES in lacks:
            yield f"{item.rates.source} has no rate for cache writes: priced as other input"
        borrowed = [name for name in item.rates.borrowed if _is_paid(item, name)]
        if borrowed:
            yield (
                f"{item.rates.source} has no price for {', '.join(borrowed)} in the tier "
                f"{item.stream.service_tier}: the standard price is used"
            )


def _is_paid(item: PricedStream, name: str) -> bool:
    """Whether calls of a stream pay what rates call so."""
    shares = {CACHED_INPUT: item.stream.cache_hit_rate, CACHE_WRITES: item.write_rate}
    return bool(shares.get(name, True))


def next_change(streams: Iterable[PricedStream]) -> date | None:
    """The next day on which a price of the streams is known to change."""
    days = [item.rates.changes_on for item in streams]
    return min((day for day in days if day is not None), default=None)
