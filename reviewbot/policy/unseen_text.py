"""What policy says of text that no sample shows, and of values that a change supplies itself."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.settings import Envelope
from reviewbot.errors import Place
from reviewbot.policy.figures_by_state import FiguresByState
from reviewbot.policy.limits import judge_envelope
from reviewbot.report import Figures, Finding, Rule, Verdict

LIGHT = Decimal("0.001")
"""The weight of a sample that only shows text, beside the others."""

_MOST_PLACES = 10
"""So many places of unseen text are named one by one."""

_ADD_SAMPLE = "; add a sample that does"
_LOWERING = " (one that lowers it needs approval)"

_THEM = "(them)"
"""What stands for the place in a finding's words: `it`, or `them`."""


class UnseenPlace(Struct, frozen=True, kw_only=True):
    """Lines that no sample shows, and the tokens of their text; None where it is too long.

    `open_values` are values and loops in them, of which nobody knows how long they are.
    `lost_tokens` are those of what the file lost beside. `values` says which values show them.
    """

    path: str
    first_line: int
    last_line: int
    tokens: int | None
    open_values: int = 0
    lost_tokens: int | None = 0
    values: str = ""


def judge_unseen(places: tuple[UnseenPlace, ...], allowed_tokens: int) -> tuple[Finding, ...]:
    """A finding for each place where a change has text that no sample shows.

    They need approval where their tokens together are more than `allowed_tokens`, or not known:
    such text costs whatever production sends of it, and no limit has seen it.
    """
    total = _sum(places)
    is_open = any(place.open_values for place in places)
    is_over = total is None or is_open or total > allowed_tokens
    verdict = Verdict.NEEDS_APPROVAL if is_over else Verdict.WARN
    what = f"that no sample shows, so no limit has seen {_THEM}"
    return tuple(_told(places, verdict, Rule.UNSEEN, what, _ADD_SAMPLE))


def judge_hidden(places: tuple[UnseenPlace, ...], *, is_free: bool) -> tuple[Finding, ...]:
    """A finding for each place that the base's samples show, and the change's own do not.

    `is_free` says that the base's samples are a guess, or none at all.
    """
    what = f"that the base's samples show, and the change's own do not show {_THEM}"
    verdict = Verdict.WARN if is_free else Verdict.NEEDS_APPROVAL
    return tuple(_told(places, verdict, Rule.LOOSENED, what))


def judge_added_values(
    places: tuple[UnseenPlace, ...],
    before: Figures | None,
    after: Figures | None,
    allowed_tokens: int,
) -> tuple[Finding, ...]:
    """A finding for each place where a prompt without samples gets values instead of text.

    They count as empty, so nobody has seen a saving; what code computes from texts counts as these.
    Where other text makes up for it, a file that lost more than `allowed_tokens` is such a place.
    """
    if before is None or after is None:
        return ()
    if after.max_input_tokens >= before.max_input_tokens:
        places = tuple(
            place
            for place in places
            if place.tokens != 0 or place.lost_tokens is None or place.lost_tokens > allowed_tokens
        )
    what = "in the place of text, and without samples no figure holds what comes of " + _THEM
    return tuple(_told(places, Verdict.NEEDS_APPROVAL, Rule.UNSEEN, what, "; add samples"))


def judge_supplied(
    names: tuple[str, ...],
    envelope: Envelope,
    states: FiguresByState,
    allowed_tokens: int,
) -> tuple[Finding, ...]:
    """The finding that a value which the change supplies itself decides what the review says.

    It decides whether a limit is kept, or it makes a saving: `allowed_tokens` more than what the
    templates' own text has lost. Where nobody can tell, because the largest
    known value cannot be measured, it may decide.
    """
    before, after, largest = states.before, states.after, states.largest
    variables = ", ".join(f"`{name}`" for name in names)
    if after is not None and states.is_largest_unknown:
        text = (
            f"{variables}: this change supplies the value itself, and what the largest known value "
            "costs cannot be measured"
        )
        return (Finding(rule=Rule.SUPPLIED, verdict=Verdict.NEEDS_APPROVAL, text=text),)
    if after is None or largest is None:
        return ()
    broken = {item.rule for item in _hard(envelope, before, after)}
    more = [item for item in _hard(envelope, before, largest) if item.rule not in broken]
    largest_gives = (
        f"The largest known value gives {largest.max_input_tokens:,} input tokens instead of "
        f"{after.max_input_tokens:,}"
    )
    if more:
        limits = ", ".join(f"`{item.rule}`" for item in more)
        text = f"this change supplies the value itself. {largest_gives} and breaks {limits}"
    elif (saved := _saved(states)) > allowed_tokens:
        text = (
            f"this change supplies the value itself, and {saved:,.0f} tokens of the saving come "
            f"from it. {largest_gives}; where it is an old value under a new name, give it that"
        )
    else:
        return ()
    finding = Finding(
        rule=Rule.SUPPLIED, verdict=Verdict.NEEDS_APPROVAL, text=f"{variables}: {text}"
    )
    return (finding,)


def _saved(states: FiguresByState) -> Decimal:
    """The tokens of a call that a supplied value saves, as far as a larger one would not."""
    before, after, largest = states.before, states.after, states.largest
    if before is None or after is None or largest is None:
        return Decimal(0)
    saved = before.mean_input_tokens - after.mean_input_tokens - max(states.lost_tokens or 0, 0)
    return min(saved, largest.mean_input_tokens - after.mean_input_tokens)


def judge_tags_as_text(places: tuple[Place, ...]) -> tuple[Finding, ...]:
    """A warning for each prompt that is read as text, and has gained tags of a template language.

    What an engine makes of them is not what is counted.
    """
    text = (
        "template tags were added, and the prompt is read as text: name its `format`, if it has one"
    )
    return tuple(
        Finding(rule=Rule.TAGS_AS_TEXT, verdict=Verdict.WARN, text=text, place=place)
        for place in places
    )


def supplied_note(names: tuple[str, ...], largest: Figures | None) -> str | None:
    """What to know of values that a change supplies itself; None where it supplies none."""
    if not names:
        return None
    variables = ", ".join(f"`{name}`" for name in names)
    note = f"this change supplies the value of {variables} itself"
    if largest is None:
        return note
    usd = largest.usd_per_month.quantize(Decimal("0.01"))
    size = f"{largest.max_input_tokens:,} input tokens, ${usd:,} a month"
    return f"{note}; with the largest known value {size}"


def _hard(envelope: Envelope, before: Figures | None, figures: Figures) -> list[Finding]:
    found = judge_envelope(envelope, before, figures)
    return [item for item in found if item.verdict is not Verdict.WARN]


def _told(
    places: tuple[UnseenPlace, ...], verdict: Verdict, rule: Rule, what: str, mend: str = ""
) -> Iterator[Finding]:
    ranked = sorted(
        places,
        key=lambda item: (item.tokens is not None, not item.open_values, -(item.tokens or 0)),
    )
    for place in ranked[:_MOST_PLACES]:
        lines = f" to line {place.last_line}" if place.last_line > place.first_line else ""
        yield Finding(
            rule=rule,
            verdict=verdict,
            text=f"{_told_size(place)}{lines} {what.replace(_THEM, _them(place))}"
            f"{_mend(mend, place.values)}",
            place=Place(file=place.path, line=place.first_line),
        )
    if left := ranked[_MOST_PLACES:]:
        rest = replace(
            left[0],
            tokens=_sum(left),
            open_values=sum(place.open_values for place in left),
        )
        others = f"{len(left):,} more places {what.replace(_THEM, 'them')}"
        text = f"{_told_size(rest)} in {others}{_mend(mend, '')}"
        yield Finding(rule=rule, verdict=verdict, text=text)


def _mend(mend: str, values: str) -> str:
    return f"{mend}{_light(values)}" if mend == _ADD_SAMPLE else mend


def _light(values: str) -> str:
    """What the sample needs that shows unseen text, in the change that brings the text."""
    shown = f": with {values}, and" if values else ", with"
    return f"{shown} `weight: {LIGHT}` so that the mean stays{_LOWERING}"


def _sum(places: Sequence[UnseenPlace]) -> int | None:
    counts = [place.tokens for place in places]
    return None if None in counts else sum(count for count in counts if count is not None)


def _told_size(place: UnseenPlace) -> str:
    """The size in words: tokens, and values of unknown length."""
    count = place.open_values
    values = f"{count:,} values" if count > 1 else "a value"
    if not count:
        return _tokens(place.tokens)
    if place.tokens == 0:
        return f"{values} of unknown length"
    return f"{_tokens(place.tokens)} and {values} of unknown length"


def _them(place: UnseenPlace) -> str:
    return "it" if (place.open_values, place.tokens) in {(1, 0), (0, 1)} else "them"


def _tokens(count: int | None) -> str:
    if count is None:
        return "text that is too long to be counted"
    return f"{count:,} token{'' if count == 1 else 's'}"
