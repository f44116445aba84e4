"""The figures of one situation: its calls counted, its month priced."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, TypeVar, cast

from msgspec.structs import astuple, replace

from reviewbot.costs.forecast import (
    Forecast,
    PricedStream,
    SampleTokens,
    StreamMonth,
    forecast,
    mean_input_tokens,
)
from reviewbot.errors import MeasurementError, Problem
from reviewbot.evaluation.asked_service import is_priced
from reviewbot.evaluation.sample_weights import check_weights
from reviewbot.evaluation.situations import Situation
from reviewbot.evaluation.stream_rates import StreamPrices, next_change, price_notes
from reviewbot.evaluation.unknown_models import with_suggestion
from reviewbot.measurement.cacheable_prefix import Prefix, count_prefix
from reviewbot.measurement.calls import STATIC, Calls
from reviewbot.measurement.token_counts import SampleCount, count_calls
from reviewbot.prompt_formats._common.request_settings import SPREAD
from reviewbot.prompts.named_tools import are_named_tools, names_tools
from reviewbot.report import (
    STATIC_NOTE,
    Figures,
    PrefixFigures,
    SampleFigures,
    StreamFigures,
)
from reviewbot.telemetry import Counts
from reviewbot.tokens import Counter, Model

_SHOWN_CHARACTERS = 60
_SHOWN_SETTINGS = 20

_LATEST = 12
"""Counts and months that are kept: those of the workflow at hand, and of its causes between them.

They are kept by the ids of what they are of, with these, so that nothing else gets their ids.
"""

_Measured = tuple[tuple[SampleCount, ...], Prefix, tuple[PricedStream, ...], Forecast]

_Found = TypeVar("_Found")
_Count = Callable[[Calls, Model, Counter], _Found]


class Meter:
    """Measures situations: counts their calls and prices their months."""

    def __init__(self, counter: Counter, counts: Counts) -> None:
        self._counter = counter
        self._counts = counts
        self._prices = StreamPrices()
        self._known: dict[tuple[_Count[Any], int, Model], tuple[Calls, Any]] = {}
        self._months: dict[tuple[int, ...], tuple[Situation, _Measured]] = {}

    def figures(self, situation: Situation | None) -> tuple[Figures | None, tuple[Problem, ...]]:
        """The figures of a situation, or why there are none; neither where it is None."""
        if situation is None:
            return None, ()
        try:
            check_weights(situation)
            counts, prefix, streams, month = self._measured(situation)
        except MeasurementError as error:
            model = situation.model
            has_own = model.counts_as != model.reference
            return None, with_suggestion(error, counts_as=model.counts_as if has_own else None)
        tokens = [count.tokens for count in counts]
        notes = [note for item in tokens for note in item.notes]
        notes += price_notes(streams)
        notes += self._coming_prices(situation, streams, month.usd_per_month)
        is_static = situation.calls.samples == (STATIC,) and situation.calls.has_variables
        notes += _unused(situation)
        if is_static:
            notes.append(STATIC_NOTE)
        return Figures(
            model=situation.model.reference,
            encoding=situation.model.resolved().encoding,
            max_tokens=situation.max_tokens,
            samples=tuple(
                SampleFigures(
                    name=count.name,
                    weight=count.weight,
                    input_tokens=count.tokens.input_tokens,
                    content_tokens=count.tokens.content_tokens,
                    overhead_tokens=count.tokens.overhead_tokens,
                    tool_tokens=count.tokens.tool_tokens,
                )
                for count in counts
            ),
            streams=tuple(map(_stream_figures, streams, month.streams)),
            prefix=_prefix_figures(prefix),
            mean_input_tokens=mean_input_tokens(_sample_tokens(counts, prefix)),
            max_input_tokens=max(item.input_tokens for item in tokens),
            calls_per_month=month.calls_per_month,
            tokens_per_month=month.tokens_per_month,
            usd_per_call=month.usd_per_call,
            usd_per_month=month.usd_per_month,
            worst_usd_per_call=month.worst_usd_per_call,
            worst_usd_per_month=month.worst_usd_per_month,
            exact=all(item.exact for item in tokens) and not is_static,
            notes=tuple(dict.fromkeys(notes)),
        ), ()

    def usd_per_month(self, situation: Situation) -> Decimal:
        """The expected month.

        Raises:
            MeasurementError: It cannot be counted or priced.
        """
        return self._measured(situation)[-1].usd_per_month

    def tokens(self, text: str, situation: Situation) -> int | None:
        """The tokens of a text by itself, for the model of a situation; None if it is too long."""
        try:
            return self._counter.count(text, situation.model.resolved().encoding)
        except MeasurementError:
            return None

    def _measured(self, situation: Situation) -> _Measured:
        """The counts and the month of a situation; those of the latest are known."""
        key = tuple(map(id, astuple(situation)))
        if key not in self._months:
            counts, prefix = self._tokens_of(situation)
            with self._counts.timed("pricing_seconds"):
                streams = self._prices.priced(situation)
                month = _month(situation, counts, prefix, streams)
            _make_room(self._months)
            self._months[key] = situation, (counts, prefix, streams, month)
        return self._months[key][1]

    def _tokens_of(self, situation: Situation) -> tuple[tuple[SampleCount, ...], Prefix]:
        model = situation.model.resolved()
        return (
            self._counted(count_calls, situation.calls, model),
            self._counted(count_prefix, situation.prefix_calls, model),
        )

    def _counted(self, count: _Count[_Found], calls: Calls, model: Model) -> _Found:
        """A count of calls; those of the latest are known, whatever they cost."""
        key = count, id(calls), model
        if key not in self._known:
            with self._counts.timed("counting_seconds"):
                found = count(calls, model, self._counter)
            _make_room(self._known)
            self._known[key] = calls, found
        return cast("_Found", self._known[key][1])

    def _coming_prices(
        self, situation: Situation, streams: tuple[PricedStream, ...], usd_per_month: Decimal
    ) -> Iterator[str]:
        """The month under the prices that are known to hold from some later day."""
        day = next_change(streams)
        if day is None:
            return
        later = replace(situation, catalogue=replace(situation.catalogue, as_of=day))
        try:
            usd = self.usd_per_month(later)
        except MeasurementError as error:
            yield f"from {day} on this cannot be priced: {error.problems[0].what}"
            return
        if usd != usd_per_month:
            yield f"prices change on {day}: the month then costs ${usd:,.2f}"


def _make_room(kept: dict[Any, Any]) -> None:
    if len(kept) >= _LATEST:
        del kept[next(iter(kept))]


def _unused(situation: Situation) -> Iterator[str]:
    """What the request or the configuration asks for that no figure holds."""
    model = situation.model.resolved()
    if model.unused_encoding is not None:
        yield (
            f"`encoding: {model.unused_encoding}` is not used: {model.reference} is known, and is "
            f"counted with {model.encoding}"
        )
    told = (situation.streams, situation.model, situation.catalogue)
    source = situation.calls.source
    unpriced = [
        item
        for item in source.settings
        if not (names_tools(item) and are_named_tools(item, source) is not False)
        and not item.says_who_serves
        and not is_priced(item, *told)
    ]
    computed = {item.key: names_tools(item) for item in unpriced if item.shown}
    for key, is_tools in sorted(computed.items())[:_SHOWN_SETTINGS]:
        if key == SPREAD:
            yield "not priced: what options that are spread into a call ask for"
        elif is_tools:
            yield f"not counted: `{key}` that code gives the call; name the file under `tools`"
        else:
            yield f"not priced: `{key}` of the call, which code computes"
    unpriced = [item for item in unpriced if not item.shown]
    for item in unpriced[:_SHOWN_SETTINGS]:
        yield f"not priced: `{item.key}: {item.value[:_SHOWN_CHARACTERS]}` of {item.path}"
    if left := len(unpriced[_SHOWN_SETTINGS:]):
        yield f"not priced: {left:,} more settings of the request"


def _month(
    situation: Situation,
    counts: tuple[SampleCount, ...],
    prefix: Prefix,
    streams: tuple[PricedStream, ...],
) -> Forecast:
    return forecast(
        _sample_tokens(counts, prefix),
        streams,
        max_tokens=situation.max_tokens,
        answers=situation.answers,
    )


def _sample_tokens(counts: tuple[SampleCount, ...], prefix: Prefix) -> tuple[SampleTokens, ...]:
    return tuple(
        SampleTokens(
            name=count.name,
            weight=count.weight,
            input_tokens=count.tokens.input_tokens,
            cacheable_tokens=min(prefix.cacheable_tokens, count.tokens.input_tokens),
        )
        for count in counts
    )


def _prefix_figures(prefix: Prefix) -> PrefixFigures:
    rule = prefix.rule
    return PrefixFigures(
        tokens=prefix.tokens,
        cacheable_tokens=prefix.cacheable_tokens,
        minimum_tokens=rule.minimum_tokens,
        step_tokens=rule.step_tokens,
        explicit=rule.explicit,
        rule_source=rule.source,
        ends=prefix.ends,
    )


def _stream_figures(item: PricedStream, month: StreamMonth) -> StreamFigures:
    stream = item.stream
    return StreamFigures(
        tenant=stream.tenant,
        environment=stream.environment,
        service_tier=stream.service_tier,
        calls_per_month=stream.calls_per_month,
        output_tokens=stream.output_tokens,
        cache_hit_rate=stream.cache_hit_rate,
        cache_write_rate=item.write_rate,
        growth_per_month=stream.growth_per_month,
        price_source=item.rates.source,
        price_proposed=item.rates.is_proposed,
        usd_per_month=month.usd,
        tokens_per_month=month.tokens,
    )
