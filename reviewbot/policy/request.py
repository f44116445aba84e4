"""What a change does to the request besides its texts: model, output cap, unpriced settings.

A prompt file may name the model, the cap and any other setting of the call. What lowers the price
through a file that did not name it before, or moves the bill in a way that no figure holds, needs
approval: traffic, samples and limits were agreed to for another request.
"""

from collections import Counter
from collections.abc import Iterator

from reviewbot.errors import Place
from reviewbot.policy.weakening.findings import weakened
from reviewbot.prompt import RequestSetting
from reviewbot.prompts.sources import Source
from reviewbot.report import Cause, CauseName, Finding, Rule, Verdict
from reviewbot.scope.affected import Affected

_LESS_TO_MORE = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""The efforts that providers know, by what they cost."""

_COUNTED = {("cache_control.ttl", '"1h"'), ("cache_control.ttl", '"5m"')}
_SHOWN_CHARACTERS = 60
_SHOWN_SETTINGS = 20


def judge_request(affected: Affected, causes: tuple[Cause, ...]) -> tuple[Finding, ...]:
    """A finding for each such change of a workflow that is there before and after."""
    if affected.before is None or affected.after is None:
        return ()
    was, now = affected.before.source, affected.after.source
    longest = max((item.output_tokens for item in affected.governing.workflow.traffic), default=0)
    found = (*_model(was, now, causes), *_cap(was, now, longest), *_settings(was, now))
    more = len(found) - _SHOWN_SETTINGS
    rest = (
        (_request(f"and {more:,} more settings of the request change", None),) if more > 0 else ()
    )
    return (*found[:_SHOWN_SETTINGS], *rest)


def _model(was: Source, now: Source, causes: tuple[Cause, ...]) -> Iterator[Finding]:
    """The finding that a file which named no model before names a cheaper one."""
    by_model = (CauseName.TOKENIZER, CauseName.MODEL_PRICE)
    usd = sum(cause.usd_per_month for cause in causes if cause.name in by_model)
    if now.model_file not in {None, was.model_file} and was.model != now.model and usd < 0:
        text = f"{now.model_file} names the model {now.model}, which makes the month cheaper; "
        yield weakened(f"{text}it was {was.model}", Place(file=now.model_file or ""))


def _cap(was: Source, now: Source, longest: int) -> Iterator[Finding]:
    """The finding that a file cuts answers which are expected to be longer."""
    cap, old = now.max_tokens, was.max_tokens
    if now.cap_file is None or cap is None or cap >= min(longest, old or longest):
        return
    text = (
        f"{now.cap_file} caps the output at {cap:,} tokens, where answers of {longest:,} are "
        f"configured; it was {'not capped' if old is None else f'{old:,}'}"
    )
    yield weakened(text, Place(file=now.cap_file))


def _settings(was: Source, now: Source) -> Iterator[Finding]:
    """A finding for each unpriced setting that differs, unless it is known to cost less."""
    old, new = (_by_key(source) for source in (was, now))
    for key in sorted({*old, *new}):
        before, after = old.get(key), new.get(key)
        values = [None if item is None else item.value for item in (before, after)]
        if values[0] == values[1] or is_cheaper(*values):
            continue
        if {(key[0], value) for value in values if value is not None} <= _COUNTED:
            continue
        shown = ["not set" if value is None else _cut(value) for value in values]
        place = after or before
        text = f"the request's `{key[0]}` is {shown[1]}, it was {shown[0]}; no figure holds what"
        yield _request(f"{text} that costs", place)


def _by_key(source: Source) -> dict[tuple[str, int], RequestSetting]:
    """The settings by their keys; one that stands several times by its number too."""
    seen: Counter[str] = Counter()
    found = {}
    for item in source.settings:
        found[item.key, seen[item.key]] = item
        seen[item.key] += 1
    return found


def is_cheaper(was: str | None, now: str | None) -> bool:
    """Whether the value is known to cost less: a lower effort, or a smaller number."""
    if was is None or now is None:
        return False
    before, after = was.strip('"').lower(), now.strip('"').lower()
    if before in _LESS_TO_MORE and after in _LESS_TO_MORE:
        return _LESS_TO_MORE.index(after) < _LESS_TO_MORE.index(before)
    is_number = before.isdecimal() and after.isdecimal() and len(before) < len(str(10**9))
    return is_number and len(after) <= len(before) and int(after) < int(before)


def _request(text: str, at: RequestSetting | None) -> Finding:
    place = None if at is None else Place(file=at.path, line=at.line)
    return Finding(rule=Rule.REQUEST, verdict=Verdict.NEEDS_APPROVAL, text=text, place=place)


def _cut(value: str) -> str:
    return value if len(value) <= _SHOWN_CHARACTERS else f"{value[:_SHOWN_CHARACTERS]}…"
