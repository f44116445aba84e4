"""What drifts, for the terminal, as Markdown and as JSON: the worst first, what holds last."""

import json
import textwrap
from collections.abc import Iterator
from decimal import Decimal

import msgspec
from msgspec import Struct

from reviewbot.outputs import wording
from reviewbot.outputs.markdown.inert import prose
from reviewbot.report import TrafficFigure
from reviewbot.usage.aggregate import UNITS_PER_USD
from reviewbot.usage.alarms import Alarm
from reviewbot.usage.causes import CACHED_SHARE, Part
from reviewbot.usage.drift import Drift, Outcome
from reviewbot.usage.forecast_check import ForecastCheck, Told
from reviewbot.usage.spend_against_limits import Level, Standing

_BELOW = "    "
_LACKING = {
    "USD": "what all its calls cost",
    "tokens": "the tokens of all its calls",
    "USD a call": "how many calls there were, or what all of them cost",
}
_NARROWEST = 60
_SMALL = 10
_RATE = "cache hit rate"
_FIGURES = {
    "calls": ("calls a month", "configured"),
    "input tokens": ("input tokens a call", "forecast"),
    "output tokens": ("output tokens a call", "configured"),
}
_LEAST_CAUSE = Decimal("0.01")
"""A cause of less than this share of the excess is not worth a word; the JSON has all."""


class DriftLine(Struct, frozen=True, kw_only=True):
    """One finding: its mark, its text, what is said below it, and the alarm that it tells of."""

    mark: str
    text: str
    below: tuple[str, ...] = ()
    alarm: Alarm | None = None


def render_drift(drift: Drift, columns: int | None = None) -> str:
    """The drift for a terminal of so many columns; None is a pipe, whose lines stay whole."""
    lines = [("", f"drift: {drift_title(drift)}")]
    for line in drift_lines(drift):
        lines.append(("", f"{line.mark} {line.text}"))
        lines += [(_BELOW, item) for item in line.below]
    return "".join(
        f"{part}\n" for indent, text in lines for part in _wrapped(indent, text, columns)
    )


def _wrapped(indent: str, text: str, columns: int | None) -> list[str]:
    plain = wording.plain(text)
    if columns is None:
        return [f"{indent}{plain}"]
    return textwrap.wrap(
        plain,
        width=max(columns, _NARROWEST),
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_on_hyphens=False,
    )


def render_drift_markdown(drift: Drift) -> str:
    """The drift as Markdown; whatever a log or a configuration named stays text."""
    lines = [f"## {drift_title(drift)}", ""]
    for line in drift_lines(drift):
        lines.append(f"- {line.mark} {prose(line.text)}")
        lines += [f"  - {prose(item)}" for item in line.below]
    return "".join(f"{line}\n" for line in lines)


def render_drift_json(drift: Drift) -> str:
    """The drift as JSON: decimals as strings, money of alarms in 10⁻¹⁰ USD."""
    data = msgspec.to_builtins(drift, builtin_types=(Decimal,))
    document = {"version": 1, "units_per_usd": UNITS_PER_USD} | data
    return json.dumps(document, indent=2, default=_digits) + "\n"


def drift_title(drift: Drift) -> str:
    """The outcome, the spend and the period in one line."""
    spent = "unknown spend" if drift.units is None else _usd(drift.units)
    title = _found(drift)
    return f"{title}; {spent} from {drift.since} to {drift.until}"


def _found(drift: Drift) -> str:
    """The outcome in words: how many limits are broken, or what else is off."""
    levels = [item.level for item in drift.standings]
    hard, soft = levels.count(Level.HARD), levels.count(Level.SOFT)
    unknown = [item for item in drift.standings if item.level is Level.UNKNOWN]
    unknown_hard = sum(item.limit.hard is not None for item in unknown)
    if drift.outcome is Outcome.HARD:
        return "a hard limit is broken" if hard == 1 else f"{hard} hard limits are broken"
    if drift.outcome is Outcome.UNKNOWN:
        what = "a hard limit" if unknown_hard == 1 else f"{unknown_hard} hard limits"
        return f"{what} cannot be judged from this log"
    if drift.outcome is Outcome.QUIET:
        if drift.standings or drift.differences:
            return "everything holds"
        return "no limit is set, and the log has no configured figure"
    beyond = sum(item.beyond for item in drift.differences)
    off = sum(item.told is Told.OFF for item in drift.forecasts)
    counts = (
        (soft, "broken soft limit", "broken soft limits"),
        (len(drift.alarms), "unusual rise", "unusual rises"),
        (len(unknown), "soft limit not to be judged", "soft limits not to be judged"),
        (beyond, "configured figure out of date", "configured figures out of date"),
        (off, "merged change not as forecast", "merged changes not as forecast"),
    )
    parts = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    if drift.unmapped_beyond:
        parts.append(f"{_unmapped(drift)} of no workflow")
    return f"{', '.join(parts)}; no hard limit is broken"


def _unmapped(drift: Drift) -> str:
    """What calls of no workflow cost, with its share of all spend where that is known."""
    if drift.unmapped_units is None:
        return "unknown spend"
    if not drift.units:
        return _usd(drift.unmapped_units)
    share = Decimal(drift.unmapped_units) / drift.units
    return f"{_usd(drift.unmapped_units)} ({wording.percent(share)} of spend)"


def drift_lines(drift: Drift) -> Iterator[DriftLine]:
    """Every finding, the worst first."""
    order = (Level.HARD, Level.UNKNOWN, Level.SOFT)
    for level in order:
        yield from (_limit(item) for item in drift.standings if item.level is level)
    for alarm in drift.alarms:
        yield _alarm(alarm, drift.merged.get(alarm.workflow))
    beyond = [item for item in drift.differences if item.beyond]
    yield from map(_difference, beyond)
    if beyond:
        yield DriftLine(mark="→", text="run `reviewbot calibrate` to configure what was measured")
    yield from (_forecast(item) for item in drift.forecasts if item.told is Told.OFF)
    if drift.unmapped_units != 0:
        text = f"no workflow: {_unmapped(drift)}; map it in `usage.sources`"
        yield DriftLine(mark="⚠" if drift.unmapped_beyond else "·", text=text)
    within = sum(item.level is Level.WITHIN for item in drift.standings)
    true = len(drift.differences) - len(beyond)
    yield from (_forecast(item) for item in drift.forecasts if item.told is not Told.OFF)
    good = [
        f"{count} {one if count == 1 else many}"
        for count, one, many in (
            (within, "limit holds", "limits hold"),
            (
                true,
                "configured figure is within its tolerance",
                "configured figures are within their tolerance",
            ),
        )
        if count
    ]
    if good:
        yield DriftLine(mark="✓", text="; ".join(good))
    yield from (DriftLine(mark="·", text=note) for note in drift.notes)


def _limit(item: Standing) -> DriftLine:
    mark = {Level.HARD: "✗", Level.SOFT: "⚠", Level.UNKNOWN: "?"}[item.level]
    bounds = [("hard", item.limit.hard), ("soft", item.limit.soft)]
    if item.level is Level.SOFT:
        bounds.reverse()
    limits = [f"{kind} {_amount(bound, item.unit)}" for kind, bound in bounds if bound is not None]
    if item.level is Level.UNKNOWN:
        why = f"cannot be judged: the log does not tell {_LACKING[item.unit]}"
        return DriftLine(mark=mark, text=f"{item.name}: {', '.join(limits)} {why}")
    if item.unit == "USD a call":
        measured = [f"{_amount(item.as_month, item.unit)} in the mean"]
    else:
        measured = [
            f"{what} {_amount(value, item.unit)}"
            for what, value in (
                ("the period as a month", item.as_month),
                ("this month so far", item.so_far),
                ("at this pace", item.at_pace),
            )
            if value is not None
        ]
    broken = f"over its {limits[0].replace(' ', ' limit of ', 1)}"
    other = "".join(f" ({limit})" for limit in limits[1:])
    return DriftLine(mark=mark, text=f"{item.name}: {broken}{other}; {', '.join(measured)}")


def _alarm(alarm: Alarm, merged: str | None) -> DriftLine:
    excess = alarm.excess
    days = (excess.until - excess.since).days + 1
    who = "/".join(filter(None, (alarm.tenant, alarm.environment)))
    when = f"on {excess.until}" if days == 1 else f"in the {days} days to {excess.until}"
    text = (
        f"{f'{alarm.workflow} {who}'.rstrip()}: {_usd(excess.units)} {when},"
        f" {_usd(excess.expected_units)} expected (×{excess.ratio:.2f})"
    )
    if days > 1 or alarm.since != excess.until:
        text += f"; since {alarm.since}" if alarm.is_open else f"; from {alarm.since} on, and over"
    below = []
    if alarm.causes:
        below.append(f"because: {', '.join(_causes(alarm))}")
    if merged is not None:
        below.append(f"last change before: {merged}")
    for item in alarm.suggestions:
        saved = item.units_a_month
        figure = "" if saved is None else f": saves {_usd(saved)} a month"
        below.append(f"way back: {item.text}{figure}")
    return DriftLine(mark="⚠", text=text, below=tuple(below), alarm=alarm)


def _causes(alarm: Alarm) -> Iterator[str]:
    """The causes that matter, the largest first."""
    excess = alarm.excess.units - alarm.excess.expected_units
    for part in sorted(alarm.causes, key=lambda item: -abs(item.units)):
        if abs(part.units) >= _LEAST_CAUSE * excess:
            yield f"{part.name} {_usd_change(part.units)}{_from_to(part)}"


def _from_to(part: Part) -> str:
    """A cause's mean before and after; of the cache, what is read and what is written."""
    if part.before is None or part.after is None:
        return ""
    if part.name != CACHED_SHARE:
        return f" ({_apart(part.before, part.after)})"
    shares = [f"{wording.percent(part.before)} → {wording.percent(part.after)}"]
    if part.written_before != part.written_after:
        written = (part.written_before or Decimal(0), part.written_after or Decimal(0))
        shares.append(f"written {' → '.join(map(wording.percent, written))}")
        shares = shares[part.before == part.after :]
    return f" ({', '.join(shares)})"


def _apart(before: Decimal, after: Decimal) -> str:
    """Two means, to a tenth where they are small or the same as whole numbers."""
    places = 1 if max(before, after) < _SMALL or round(before) == round(after) else 0
    return f"{before:,.{places}f} → {after:,.{places}f}"


def _forecast(item: ForecastCheck) -> DriftLine:
    merged = item.merged
    measured = "too few days before or after it"
    if item.measured_tokens is not None:
        measured = f"measured {item.measured_tokens:+,.1f} (±{item.margin_tokens:,.1f})"
    text = (
        f"{merged.workflow}, merged {merged.day} {merged.commit} {merged.title}: {item.told};"
        f" forecast {merged.tokens_a_call:+,.1f} input tokens a call, {measured}"
    )
    mark = {Told.OFF: "⚠", Told.AS_FORECAST: "✓", Told.TOO_FEW: "·"}[item.told]
    return DriftLine(mark=mark, text=text)


def _difference(item: TrafficFigure) -> DriftLine:
    if item.figure == _RATE:
        configured, measured = wording.percent(item.configured), wording.percent(item.measured)
        change = f"{(item.measured - item.configured) * 100:+.1f} points"
    else:
        configured, measured = f"{item.configured:,.0f}", f"{item.measured:,.0f}"
        ratio = (item.measured - item.configured) / item.configured if item.configured else None
        change = "from none" if ratio is None else wording.percent_change(ratio)
    what, is_said = _FIGURES.get(item.figure, (item.figure, "configured"))
    text = f"{item.who}: {what} {is_said} {configured}, measured {measured} ({change})"
    return DriftLine(mark="⚠", text=text)


def _amount(value: Decimal | None, unit: str) -> str:
    if value is None:
        return "unknown"
    if unit == "tokens":
        return f"{value:,.0f} tokens"
    return wording.usd_per_call(value) if unit == "USD a call" else wording.usd(value)


def _usd(units: int) -> str:
    return wording.usd(Decimal(units) / UNITS_PER_USD)


def _usd_change(units: int) -> str:
    return wording.usd_change(Decimal(units) / UNITS_PER_USD)


def _digits(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
