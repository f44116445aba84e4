"""Limits where a change corrects a model that the base only guesses: that is no growth.

What else the change does is judged by itself, with one model on both sides: growth with the new
one, and only so; the limits of a call and a month with the guessed one, too. Where only the new
model breaks such a limit, that is told as of corrected traffic.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from reviewbot.configuration.settings import Envelope
from reviewbot.policy.figures_by_state import FiguresByState
from reviewbot.policy.limits import judge_envelope
from reviewbot.report import Finding, Rule, Verdict


def judge_limits(envelope: Envelope, states: FiguresByState) -> Iterator[Finding]:
    """The findings of a workflow's limits, those that a corrected guess breaks as warnings."""
    if states.after is None:
        return
    corrected = states.corrected
    found = judge_envelope(envelope, states.before, states.after)
    if corrected is None:
        yield from found
        return
    by_text = judge_envelope(envelope, corrected.before, states.after)
    guessed = judge_envelope(envelope, states.before, corrected.after)
    broken = {(item.rule, item.bound) for item in guessed if item.verdict is not Verdict.WARN}
    for item in found:
        if item.rule is Rule.INCREASE:
            continue
        if item.verdict is Verdict.WARN or (item.rule, item.bound) in broken:
            yield item
        else:
            yield replace(item, verdict=Verdict.WARN, text=f"{item.text}{_SAID}")
    yield from (item for item in by_text if item.rule is Rule.INCREASE)


_SAID = "; the base only guesses the model"
