"""What the configuration would say if it said what was measured."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

from msgspec import Struct

from reviewbot.configuration.amounts import DAYS_PER_MONTH
from reviewbot.configuration.settings import Configuration, Workflow
from reviewbot.configuration.settings import Stream as ConfiguredStream
from reviewbot.errors import MeasurementError, Problem
from reviewbot.report import Figures
from reviewbot.usage.aggregate import MOST_INPUT_TOKENS, OTHER, Stream, Sums, add
from reviewbot.usage.called_models import other_models
from reviewbot.usage.committed import CommittedUsage, StreamUsage
from reviewbot.usage.matching import matching, nothing_mapped
from reviewbot.usage.variance import FEWEST_CALLS, cache_hit_rate
from reviewbot.usage.weights import weigh

_FEW_DAYS = 7
_SAME_MEAN = 0.003
"""Streams whose mean input differs by less from that of the workflow's weights share these."""

_WHOLE_CALLS = 1_000
"""From so many calls a month on, parts of calls are not written."""


class StreamValues(Struct, frozen=True, kw_only=True):
    """What one stream should say. `position` is its place in `traffic`, None for a new one.

    `values` are the texts of its keys, in the order in which they are written.
    """

    workflow: str
    position: int | None
    values: Mapping[str, str]


class SampleWeights(Struct, frozen=True, kw_only=True):
    """The weights that the samples of a workflow should have, by name."""

    workflow: str
    weights: Mapping[str, int]


class Calibration(Struct, frozen=True, kw_only=True):
    """Proposed values, and what has to be known beside them.

    `measured_units` is each workflow's spend of a month in 10⁻¹⁰ USD, None where it is unknown.
    """

    streams: tuple[StreamValues, ...]
    weights: tuple[SampleWeights, ...]
    measured_units: Mapping[str, Decimal | None]
    notes: tuple[str, ...]


def calibrate(
    usage: CommittedUsage, configuration: Configuration, figures: Mapping[str, Figures]
) -> Calibration:
    """Measured traffic, output, cache rates and weights; `figures` are those of each workflow now.

    Calls a month are calls a day times 30.4375, output is the mean. The hit rate is the cached
    tokens' share of what could have been cached (docs/figures.md).

    Raises:
        MeasurementError: The log does not have what would be guessed: calls, input or output. Or
            its calls are larger than any model takes.

    """
    by_workflow: dict[str, list[StreamUsage]] = defaultdict(list)
    for item in usage.streams:
        if item.stream.workflow in configuration.workflows:
            by_workflow[str(item.stream.workflow)].append(item)
    if not by_workflow:
        raise nothing_mapped()
    _refuse_unknown(by_workflow)
    days = Decimal(usage.days)
    notes = (
        [f"the log has {_counted(usage.days, 'day')} only: weekdays are not evened out"]
        if days < _FEW_DAYS
        else []
    )
    streams: list[StreamValues] = []
    weights: list[SampleWeights] = []
    for name, measured in by_workflow.items():
        workflow = configuration.workflows[name]
        if name not in figures:
            notes.append(f"{name}: not calibrated, since it cannot be measured now")
            continue
        taken = _taken(workflow, measured, notes)
        found = _weights(workflow, taken, figures[name], notes)
        streams += _values(workflow, taken, _Known(figures[name], found), days, notes)
        weights += [] if found is None else [found]
    notes += other_models(((item.stream, item.sums) for item in usage.streams), figures)
    if others := [name for name in configuration.workflows if name not in by_workflow]:
        rest = "it stays as it is" if len(others) == 1 else "they stay as they are"
        notes.append(f"no call was measured of {', '.join(others)}: {rest}")
    return Calibration(
        streams=tuple(streams),
        weights=tuple(weights),
        measured_units={name: _month_units(items, days) for name, items in by_workflow.items()},
        notes=tuple(notes),
    )


Taken = Mapping[int | Stream, list[StreamUsage]]
"""Measured streams by the position of the configured one, or by themselves where they are new."""


def _taken(workflow: Workflow, measured: list[StreamUsage], notes: list[str]) -> Taken:
    taken: dict[int | Stream, list[StreamUsage]] = defaultdict(list)
    for item in measured:
        position = matching(item.stream, workflow.traffic)
        labels = (item.stream.tenant, item.stream.environment)
        if position is not None:
            taken[position].append(item)
        elif OTHER in labels or None in labels or item.sums.calls in range(FEWEST_CALLS):
            calls = item.sums.calls or 0
            notes.append(
                f"{workflow.name}: calls that fit no stream of its traffic, and have no name that"
                f" the configuration knows: {calls:,}"
            )
        else:
            taken[item.stream].append(item)
    return taken


class _Known(NamedTuple):
    """A workflow's figures, and the weights that its samples should have; None with one sample."""

    figures: Figures
    weights: SampleWeights | None


def _values(
    workflow: Workflow, taken: Taken, known: _Known, days: Decimal, notes: list[str]
) -> Iterator[StreamValues]:
    figures = known.figures
    for key, items in taken.items():
        sums = add([item.sums for item in items])
        assert sums.calls is not None
        assert sums.output is not None
        if sums.calls < FEWEST_CALLS:
            count = _counted(sums.calls, "call")
            notes.append(f"{workflow.name}: a stream of {count} is too few to tell")
            continue
        position, configured, values = _configured(key, workflow)
        values["calls"] = _calls(sums.calls / days * DAYS_PER_MONTH)
        values["output_tokens"] = f"{_rounded(Decimal(sums.output) / sums.calls)}"
        rate = _hit_rate(sums, figures, configured)
        if rate is not None:
            values["cache_hit_rate"] = rate
        elif sums.cached is None and figures.prefix.cacheable_tokens:
            notes.append(
                f"{workflow.name}: the log does not say what was cached; the hit rate stays"
            )
        if own := _own_weights(items, sums, known):
            has_own = configured is not None and configured.sample_weights is not None
            if has_own or (len(taken) > 1 and own.mean_is_off):
                values["sample_weights"] = own.text
        yield StreamValues(workflow=workflow.name, position=position, values=values)
    for number, stream in enumerate(workflow.traffic):
        if number not in taken:
            who = "/".join(filter(None, (stream.tenant, stream.environment))) or "its stream"
            notes.append(f"{workflow.name}: no call of {who} was measured, so it stays as it is")


def _configured(
    key: int | Stream, workflow: Workflow
) -> tuple[int | None, ConfiguredStream | None, dict[str, str]]:
    """The configured stream and its place; none for a new one, whose labels are written."""
    if isinstance(key, Stream):
        return None, None, {"tenant": str(key.tenant), "environment": str(key.environment)}
    return key, workflow.traffic[key], {}


def _hit_rate(sums: Sums, figures: Figures, configured: ConfiguredStream | None) -> str | None:
    """The hit rate as text; None where it is unknown, or nothing to say."""
    rate = cache_hit_rate(sums, figures)
    if rate is None:
        return None
    if rate == 0 and (configured is None or not configured.cache_hit_rate):
        return None
    return f"{(rate * 100).quantize(Decimal('0.01')).normalize():f}%"


def _weights(
    workflow: Workflow, taken: Taken, figures: Figures, notes: list[str]
) -> SampleWeights | None:
    items = [item for parts in taken.values() for item in parts]
    sums = add([item.sums for item in items]) if items else None
    calls: dict[int, int] = defaultdict(int)
    for item in items:
        for size, count in item.sizes.items():
            calls[size] += count
    if sums is None or not sums.calls or sums.input is None or not calls:
        return None
    sizes = [sample.input_tokens for sample in figures.samples if workflow.samples]
    sizes = sizes or [round(figures.mean_input_tokens)]
    found = weigh(sizes, calls, sums.input / sums.calls)
    if found.missing_tokens is not None:
        known = (
            f"its samples ({min(sizes):,} to {max(sizes):,}) do"
            if workflow.samples
            else f"its prompt alone ({sizes[0]:,}) does"
        )
        notes.append(
            f"{workflow.name}: calls have {found.missing_tokens:,} input tokens in the mean, which"
            f" {known} not explain: add a sample of that size"
        )
    if len(sizes) == 1:
        return None
    names = [sample.name for sample in figures.samples]
    return SampleWeights(
        workflow=workflow.name, weights=dict(zip(names, found.weights, strict=True))
    )


class _OwnWeights(NamedTuple):
    """The weights of the samples in one stream's calls, as YAML."""

    text: str
    mean_is_off: bool


def _own_weights(items: list[StreamUsage], sums: Sums, known: _Known) -> _OwnWeights | None:
    """The weights of a stream, and whether the workflow's give it another mean; None if unknown."""
    calls: dict[int, int] = defaultdict(int)
    for item in items:
        for size, count in item.sizes.items():
            calls[size] += count
    if known.weights is None or not calls or not sums.calls or sums.input is None:
        return None
    sizes = {sample.name: sample.input_tokens for sample in known.figures.samples}
    mean = sums.input / sums.calls
    weights = weigh(list(sizes.values()), calls, mean).weights
    shared = known.weights.weights
    usual = sum(shared[name] * size for name, size in sizes.items()) / sum(shared.values())
    pairs = (f"{json.dumps(name)}: {own}" for name, own in zip(sizes, weights, strict=True))
    return _OwnWeights(
        text=f"{{{', '.join(pairs)}}}", mean_is_off=abs(usual - mean) > _SAME_MEAN * mean
    )


def _month_units(items: list[StreamUsage], days: Decimal) -> Decimal | None:
    units = [band.sums.sums.units for item in items for band in item.bands]
    known = [value for value in units if value is not None]
    return sum(known) / days * DAYS_PER_MONTH if len(known) == len(units) else None


def _calls(calls: Decimal) -> str:
    step = Decimal(1) if calls >= _WHOLE_CALLS else Decimal("0.1")
    digits = f"{calls.quantize(step, ROUND_HALF_EVEN).normalize():,f}".replace(",", "_")
    return f"{digits}/month"


def _counted(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1), ROUND_HALF_EVEN)


def _refuse_unknown(by_workflow: Mapping[str, list[StreamUsage]]) -> None:
    problems = []
    for name, items in by_workflow.items():
        sums = add([item.sums for item in items])
        lacking = [key for key in ("calls", "input", "output") if getattr(sums, key) is None]
        if lacking:
            what = f"the log does not have {' and '.join(lacking)} of {name}, and none is guessed"
            mend = "calibrate with a log of calls (FOCUS and Anthropic's reports have none)"
            problems.append(Problem(what=what, mend=mend))
        elif sums.calls and sums.input and sums.input // sums.calls > MOST_INPUT_TOKENS:
            mean = sums.input // sums.calls
            what = f"a call of {name} has {mean:,} input tokens in the mean: no model takes them"
            mend = "say how many calls a row of the log stands for: `calls` in `columns`"
            problems.append(Problem(what=what, mend=mend))
    if problems:
        raise MeasurementError(problems)
