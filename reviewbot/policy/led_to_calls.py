"""Judges what a change alters of what a call of a model gets, where no figure holds it."""

from collections.abc import Iterator, Sequence

from reviewbot.configuration.settings import NewPrompts
from reviewbot.errors import Place
from reviewbot.policy.weakening.findings import advised
from reviewbot.report import Finding, Rule, Verdict
from reviewbot.scope.not_covered import LedToCall

_MOST_TOLD = 20


def judge_led(found: Sequence[LedToCall], asked: NewPrompts) -> Iterator[Finding]:
    """A warning for each; where the base fails a change for new prompts, this fails it too."""
    verdict = Verdict.FAIL if asked is NewPrompts.FAIL else Verdict.WARN
    for item in found[:_MOST_TOLD]:
        place = Place(file=item.path, line=item.line)
        text = f"{_told(item)}; {_mend(item)}"
        if item.more_calls or item.less_cached or item.is_cap or item.is_bound:
            yield advised(text, place)
        elif item.models:
            yield Finding(rule=Rule.MODEL_IN_CODE, verdict=Verdict.WARN, text=text, place=place)
        else:
            yield Finding(rule=Rule.NEW_PROMPT, verdict=verdict, text=text, place=place)
    if left := len(found[_MOST_TOLD:]):
        text = f"and {left:,} more places that lead to calls"
        yield Finding(rule=Rule.NEW_PROMPT, verdict=verdict, text=text)


def _told(item: LedToCall) -> str:
    name = f"`{item.name}` " if item.name else "it "
    if item.is_bound:
        return f"{name}{item.what}, and bounds texts or results"
    if item.call is None:
        return f"{name}{item.what}, in a tool or instructions of models"
    leads = "" if item.more_calls or item.less_cached else ", which leads to the call"
    return f"{name}{item.what}{leads or ': the call'} at {item.call}"


_OF_BOUNDS = "no figure holds that: correct the samples of the workflow, if a model gets them"
_OF_CAPS = "if answers get longer, correct `output_tokens` in the workflow that it is for"


def _mend(item: LedToCall) -> str:
    if item.more_calls:
        return "if calls become more, correct `calls` under the `traffic` of its workflow"
    if item.less_cached:
        return "correct `cache_hit_rate` under the `traffic` of its workflow"
    if item.is_bound or item.is_cap:
        return _OF_BOUNDS if item.is_bound else _OF_CAPS
    if item.models[1:]:
        return "no figure holds that: set `model` in the workflows that call them"
    if item.models:
        return f"no figure holds that: set `model: {item.models[0]}` in the workflow that calls it"
    return "no figure holds that: add it to the workflow that sends it, or to `coverage.ignore`"
