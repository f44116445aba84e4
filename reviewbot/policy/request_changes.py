"""What a change does to the request besides its texts: model, output cap, unpriced settings.

A prompt file may name the model, the cap and any other setting of the call. What lowers the price
through a file that did not name it before, or moves the bill in a way that no figure holds, needs
approval: traffic, samples and limits were agreed to for another request.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal
from itertools import zip_longest

from msgspec.structs import replace

from reviewbot.configuration.settings import Guess
from reviewbot.errors import Place
from reviewbot.policy.held_swaps import holds_swap
from reviewbot.policy.models_read_off import THERE, read_off
from reviewbot.policy.weakening.findings import weakened
from reviewbot.prompt import RequestSetting
from reviewbot.prompt_formats._common.request_settings import SPREAD
from reviewbot.prompts.named_tools import are_named_tools, names_tools
from reviewbot.prompts.sources import Source
from reviewbot.rendering.parsers._common.requests import MODELS
from reviewbot.report import Cause, CauseName, Finding, Rule, Verdict
from reviewbot.scope.affected import Affected, Side
from reviewbot.tokens.same_model import is_same_model

_LESS_TO_MORE = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""The efforts that providers know, by what they cost."""

_SHOWN_CHARACTERS = 60
_UNKNOWN = "the month does not count that: approve it if it is meant"
_SHOWN_SETTINGS = 20


Month = Callable[[str], Decimal | None]
"""What a month costs with another model; None where nobody knows."""


IsPriced = Callable[[RequestSetting], bool]
"""Whether figures hold what a setting of the request costs."""


def judge_request(
    affected: Affected, causes: tuple[Cause, ...], month: Month, is_priced: IsPriced
) -> tuple[Finding, ...]:
    """A finding for each such change of a workflow that is there before and after."""
    if affected.before is None or affected.after is None:
        return ()
    was, now = affected.before.source, affected.after.source
    longest = max((item.output_tokens for item in affected.governing.workflow.traffic), default=0)
    assumed = affected.governing.workflow.assumed
    found = (
        *_corrected(_model(was, now, causes), Guess.MODEL, assumed),
        *_named_models(was, now, month),
        *_corrected(_cap(was, now, longest), Guess.TRAFFIC, assumed),
        *_longer(was, now, longest),
        *_named_caps(was, now),
        *dict.fromkeys(_settings(affected.before, affected.after, is_priced)),
    )
    more = len(found) - _SHOWN_SETTINGS
    rest = (
        (_request(f"and {more:,} more settings of the request change", None),) if more > 0 else ()
    )
    return (*found[:_SHOWN_SETTINGS], *rest)


def _corrected(
    found: Iterator[Finding], guess: Guess, assumed: Collection[Guess]
) -> Iterator[Finding]:
    """The findings; what corrects a guess of the base is told, and needs no approval."""
    for item in found:
        if guess not in assumed:
            yield item
        else:
            yield replace(item, verdict=Verdict.WARN, text=f"{item.text}; the base only guesses it")


def _model(was: Source, now: Source, causes: tuple[Cause, ...]) -> Iterator[Finding]:
    """The finding that a file which named no model before names a cheaper one."""
    by_model = (CauseName.TOKENIZER, CauseName.MODEL_PRICE)
    usd = sum(cause.usd_per_month for cause in causes if cause.name in by_model)
    if now.model_file == was.model_file or was.model == now.model or usd >= 0:
        return
    if now.model_file is not None:
        text = f"{now.model_file} names the model {now.model}, which makes the month cheaper; "
        yield weakened(f"{text}it was {was.model}", Place(file=now.model_file))
    elif not now.named_models:
        text = f"no prompt names the model any more, so that the month is that of {now.model}, "
        place = Place(file=was.model_file or "")
        yield weakened(f"{text}which makes it cheaper; it was {was.model}", place)


def _named_models(was: Source, now: Source, month: Month) -> Iterator[Finding]:
    """The findings of models that the change lets prompts name, while another one is priced."""
    earlier = dict(was.named_models)
    for name, path in now.named_models:
        is_priced = is_same_model(name, now.model) and not _names_another_price(name)
        if name in earlier or name == now.model or is_priced:
            continue
        usd, priced = month(name), month(now.model)
        is_known = usd is not None and priced is not None
        if is_known and usd == priced:
            continue
        cost = f" (${usd:,.2f} instead of ${priced:,.2f} a month)" if is_known else ""
        line = now.named_lines.get(name)
        said = f"the prompt names the model {name}"
        if line is not None:
            old = ", ".join(model for model in was.named_lines if model not in now.named_lines)
            said = f"the code that sends it calls {name}{f' now, was {old}' if old else ''}"
        text = f"{said}, but {now.model} is priced{cost}"
        mend = f"write `model: {name}` in the workflow{'' if line else ', or take its `model` out'}"
        if now.follows_code:
            text, mend = read_off(name, was), f"write `model: {name}` {THERE}"
        yield Finding(
            rule=Rule.REQUEST,
            verdict=Verdict.WARN
            if usd is not None and priced is not None and usd <= priced
            else Verdict.NEEDS_APPROVAL,
            text=f"{text}; {mend}",
            actual=usd - priced if now.follows_code and usd is not None and priced else None,
            place=Place(file=path, line=line),
        )
    if now.follows_code and not now.named_models:
        ((said, line),) = now.named_lines.items()
        text = f"{read_off(f'`{said}`', was)}; write the `model` that it is {THERE}"
        yield _request(text, Place(file=next(iter(earlier.values())), line=line))
    elif earlier and not now.named_models and now.model_file == was.model_file:
        text = f"the prompts no longer say which model is called; it was {', '.join(earlier)}"
        is_same = all(is_same_model(name, now.model) for name in earlier)
        mend = ", as before: if another is called now, write its `model`" if is_same else ""
        path = next(iter(earlier.values()))
        yield Finding(
            rule=Rule.REQUEST,
            verdict=Verdict.WARN,
            text=f"{text}, and {now.model} is priced{mend}",
            place=Place(file=path),
        )


def _names_another_price(model: str) -> bool:
    """Whether a name says who sells the model, where it runs, or that it is a fine-tune."""
    from reviewbot.errors import MeasurementError
    from reviewbot.tokens.model_names import resolve

    try:
        found = resolve(model)
    except MeasurementError:
        return False
    return "/" in model or found.region is not None or found.is_fine_tune


def _longer(was: Source, now: Source, longest: int) -> Iterator[Finding]:
    """The finding that a file lets answers be longer than it did, and than they are expected."""
    cap, old = now.max_tokens, was.max_tokens
    path = now.cap_file or was.cap_file
    if was.cap_file is None or old is None or path is None:
        return
    if cap is not None and cap <= max(old, longest):
        return
    said = "no longer capped" if cap is None else f"capped at {cap:,} tokens"
    text = f"the output is {said}, it was at {old:,}; correct `output_tokens` if answers get longer"
    yield Finding(rule=Rule.REQUEST, verdict=Verdict.WARN, text=text, place=Place(file=path))


def _named_caps(was: Source, now: Source) -> Iterator[Finding]:
    """The finding that a prompt caps the output higher than the configuration says."""
    highest, path = max(now.named_caps, default=(0, ""))
    before, _ = max(was.named_caps, default=(0, ""))
    if now.max_tokens is None or now.cap_file is not None or highest <= max(now.max_tokens, before):
        return
    text = f"the prompt caps answers at {highest:,} tokens, the configuration at {now.max_tokens:,}"
    mend = f"write `max_tokens: {highest}` in the workflow"
    yield _request(f"{text}: the month does not count longer ones; {mend}", Place(file=path))


def _cap(was: Source, now: Source, longest: int) -> Iterator[Finding]:
    """The finding that a file cuts answers which are expected to be longer."""
    cap, old = now.max_tokens, was.max_tokens
    if now.cap_file is None or cap is None or cap >= min(longest, old or longest):
        return
    text = (
        f"the prompt caps the output at {cap:,} token{'' if cap == 1 else 's'}, where answers of "
        f"{longest:,} are configured; it was {'not capped' if old is None else f'{old:,}'}"
    )
    yield weakened(text, Place(file=now.cap_file))


def _settings(was: Side, now: Side, is_priced: IsPriced) -> Iterator[Finding]:
    """A finding for each unpriced setting that differs, unless it is known to cost less."""
    for before, after in _differing(was.source.settings, now.source.settings):
        values = [None if item is None else item.value for item in (before, after)]
        found = [item for item in (after, before) if item is not None]
        if is_cheaper(*values) or all(map(is_priced, found)) or _is_counted(now.source, found[0]):
            continue
        if holds_swap(was, now, before, after) or _is_named_now(was, now, before, after):
            continue
        place = Place(file=found[0].path, line=found[0].line)
        key = found[0].key
        if found[0].says_who_serves:
            said = "another" if None not in values else "new" if after else "no longer set"
            text = f"the request's `{key}` is {said}, and other prices may hold there"
            yield _request(f"{text}; {_UNKNOWN}", place)
            continue
        text = _spread(before, after) or f"the request's `{key}` is {_told(before, after)}"
        yield _request(f"{text}; {_UNKNOWN}", place)


def _is_named_now(
    was: Side, now: Side, before: RequestSetting | None, after: RequestSetting | None
) -> bool:
    """Whether a model that code computed is one that a prompt of its file names since the change.

    What it costs is told with its name.
    """
    if before is None or after is not None or before.key not in MODELS:
        return False
    come = {*now.source.named_models} - {*was.source.named_models}
    return before.says_who_serves and before.path in {path for _, path in come}


def _spread(before: RequestSetting | None, after: RequestSetting | None) -> str | None:
    """What is said of options that are spread into a call; None of another setting."""
    found = after or before
    if found is None or found.key != SPREAD:
        return None
    if not found.shown.startswith(("...", SPREAD)):
        return "what other calls of the prompt ask for is another"
    what = f"the options spread into the call, `{found.shown}`,"
    if before is None or after is None:
        return f"{what} are {'no longer there' if after is None else 'new'}"
    return f"{what} come from a changed expression"


def _told(before: RequestSetting | None, after: RequestSetting | None) -> str:
    was, now = ("not set" if item is None else item.shown or item.value for item in (before, after))
    if was == now:
        return f"computed otherwise now, by `{_cut(now)}`"
    return f"{_cut(now)}, it was {_cut(was)}"


def _differing(
    was: Sequence[RequestSetting], now: Sequence[RequestSetting]
) -> Iterator[tuple[RequestSetting | None, RequestSetting | None]]:
    """The settings that only one side has, by key; each beside one of the other side."""
    for key in sorted({item.key for item in (*was, *now)}):
        old, new = ([item for item in side if item.key == key] for side in (was, now))
        left = Counter(item.value for item in new)
        gone = []
        for item in old:
            if left[item.value]:
                left[item.value] -= 1
            else:
                gone.append(item)
        come = []
        for item in reversed(new):
            if left[item.value]:
                left[item.value] -= 1
                come.append(item)
        yield from zip_longest(gone, reversed(come))


def _is_counted(now: Source, setting: RequestSetting) -> bool:
    """Whether it is tools of which the workflow names the definitions, or the priced model."""
    if names_tools(setting):
        return are_named_tools(setting, now) is True
    is_model = setting.key == "model" and setting.says_who_serves
    return is_model and is_same_model(str(json.loads(setting.value)), now.model)


def is_cheaper(was: str | None, now: str | None) -> bool:
    """Whether the value is known to cost less: a lower effort, or a smaller number."""
    if was is None or now is None:
        return False
    before, after = was.strip('"').lower(), now.strip('"').lower()
    if before in _LESS_TO_MORE and after in _LESS_TO_MORE:
        return _LESS_TO_MORE.index(after) < _LESS_TO_MORE.index(before)
    is_number = before.isdecimal() and after.isdecimal() and len(before) < len(str(10**9))
    return is_number and len(after) <= len(before) and int(after) < int(before)


def _request(text: str, place: Place | None) -> Finding:
    return Finding(rule=Rule.REQUEST, verdict=Verdict.NEEDS_APPROVAL, text=text, place=place)


def _cut(value: str) -> str:
    return value if len(value) <= _SHOWN_CHARACTERS else f"{value[:_SHOWN_CHARACTERS]}…"
