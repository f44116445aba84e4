"""Judges prompts in source code that no workflow covers, and code that calls another model."""

from collections.abc import Iterable, Iterator, Sequence

from reviewbot.configuration.settings import NewPrompts
from reviewbot.errors import Place
from reviewbot.rendering.parsers._common.requests import MODELS
from reviewbot.report import Finding, Rule, Verdict
from reviewbot.scope.affected import CHARACTERS_OF_A_TOKEN, Affected, ModelSwap
from reviewbot.scope.not_covered import NewPrompt, PromptCoverage, Uncovered, Unsearched

COVERAGE = "coverage"
"""How the note on prompts of no workflow begins."""
_MOST_NAMED = 10
_VERDICTS = {NewPrompts.WARN: Verdict.WARN, NewPrompts.FAIL: Verdict.FAIL}


def judge_new_prompts(found: Iterable[NewPrompt], asked: NewPrompts) -> Iterator[Finding]:
    """A finding for each new or grown prompt that no workflow covers, where the base asks so."""
    for item in found if asked in _VERDICTS else ():
        grown = "" if item.tokens_before is None else f", {item.tokens_before:,} before"
        yield Finding(
            rule=Rule.NEW_PROMPT,
            verdict=_VERDICTS[asked],
            text=f"{item.path}#{item.selector} is covered by no workflow: {item.tokens:,} tokens"
            f"{grown}; add it to one, or to `coverage.ignore`",
            place=Place(file=item.path, line=item.line),
        )


def judge_uncovered_files(found: Iterable[Uncovered], asked: NewPrompts) -> Iterator[Finding]:
    """A finding for each new or grown prompt file that no workflow covers, where asked for."""
    for item in found if asked in _VERDICTS else ():
        if item.grown:
            yield Finding(
                rule=Rule.NEW_PROMPT,
                verdict=_VERDICTS[asked],
                text=f"{item.path} is covered by no workflow; add it to one, or to "
                "`coverage.ignore`",
                place=Place(file=item.path),
            )


def coverage_note(
    coverage: PromptCoverage, calls: Sequence[Place], files: Sequence[str] = ()
) -> Iterator[str]:
    """How many of the known prompts are covered, and of the calls, where `calls` are not.

    `files` are those that no workflow covers and that the change leaves as they are.
    """
    are_all = coverage.covered == coverage.known
    if are_all and not calls:
        return
    counts = [f"{coverage.covered:,} of {coverage.known:,} prompts"]
    if calls:
        counts.append(f"{coverage.calls_covered:,} of {coverage.calls:,} calls in changed files")
    named = ""
    if calls:
        sent = "these calls send" if len(calls) > 1 else "this call sends"
        named = f"; {_few(map(str, calls))}: no workflow names what {sent}"
    others = "prompts" if calls else "the others"
    told = f" ({_few(files)})" if files else ""
    mend = f"; `reviewbot init --update` adds {others}{told}, or says what is in the way"
    mend = "" if are_all else mend
    yield f"{COVERAGE}: {' and '.join(counts)} are measured by a workflow{named}{mend}"


_MOST_CALLS_NAMED = 3


def _few(names: Iterable[str]) -> str:
    """The first of some names, and how many more there are."""
    every = list(names)
    left = len(every) - _MOST_CALLS_NAMED
    return f"{', '.join(every[:_MOST_CALLS_NAMED])}{f' and {left:,} more' if left > 0 else ''}"


def judge_unsearched(files: Iterable[Unsearched], asked: NewPrompts) -> Iterator[Finding]:
    """A finding for each file that may hold new prompts unseen, where the base asks for those.

    A prompt that cannot be read is one in any case, where its texts say more than before.
    """
    for item in files:
        if item.more:
            yield _grown_unread(item, _VERDICTS.get(asked, Verdict.WARN))
        if item.is_built or item.more or asked not in _VERDICTS:
            continue
        yield Finding(
            rule=Rule.NEW_PROMPT,
            verdict=_VERDICTS[asked],
            text=f"{item.what} could not be {'read' if item.is_prompt else _SEARCHED}: {item.why}; "
            "mend it, or add it to `coverage.ignore`",
        )


def _grown_unread(item: Unsearched, verdict: Verdict) -> Finding:
    tokens = round(item.more / CHARACTERS_OF_A_TOKEN)
    name = item.what.removeprefix(f"{item.path}#")
    return Finding(
        rule=Rule.NEW_PROMPT,
        verdict=verdict,
        text=f"`{name}` says {item.more:,} more characters (about {tokens:,} tokens), and no "
        f"figure holds that: {item.why.partition(': ')[2]}",
        place=Place(file=item.path, line=item.line),
    )


_SEARCHED = "searched for prompts"


def unsearched_notes(files: Sequence[Unsearched]) -> Iterator[str]:
    """What to know of files that may hold new prompts unseen."""
    for item in files[:_MOST_NAMED]:
        whole = item.why if item.why.startswith(f"{item.what}:") else f"{item.what}: {item.why}"
        yield f"not {'read' if item.is_prompt else _SEARCHED}: {whole}"
    if left := len(files[_MOST_NAMED:]):
        yield f"not searched for prompts, or not read: {left:,} others"


def unseen_notes(files: Iterable[Unsearched]) -> Iterator[str]:
    """What to know of files in which nothing was sought that concerns a workflow."""
    for item in files:
        yield f"not looked at: {item.what}: {item.why}"


def judge_models(affected: Iterable[Affected]) -> Iterator[Finding]:
    """A warning for each workflow whose configuration prices another model than its code calls.

    A model that the change itself brings is judged with the request (`policy.request_changes`).
    """
    for item in affected:
        source = item.after.source if item.after is not None else None
        was = dict(item.before.source.named_models) if item.before is not None else None
        for called in source.called_models if source is not None else ():
            from reviewbot.tokens.same_model import is_same_model  # a large package

            if source is None or is_same_model(called, source.model):
                continue
            if was is not None and called not in was:
                continue
            yield Finding(
                rule=Rule.MODEL_IN_CODE,
                verdict=Verdict.WARN,
                text=f"{item.name}: the code calls {called}, and "
                f"{source.model} is priced; set `model: {called}`, or take `model` out",
                place=item.settings.place,
            )


def judge_swaps(found: Sequence[ModelSwap]) -> Iterator[Finding]:
    """A warning for each call or constant that names another model, or cap, and no workflow's.

    The same swap in several places is one, with all of them.
    """
    several: dict[tuple[str | None, ...], list[ModelSwap]] = {}
    for item in found:
        beside = (*item.workflows, *item.priced)
        key = (item.was, item.now, item.said if item.now is None else "", *beside)
        several.setdefault((*key, "cap" if item.is_cap else ""), []).append(item)
    told = [*several.values()]
    for item, *others in told[:_MOST_SWAPS]:
        place = Place(file=item.path, line=item.line)
        more = f"; so {_also(others)}" if others else ""
        text = f"{_swap(item)}{more}"
        yield Finding(rule=Rule.MODEL_IN_CODE, verdict=Verdict.WARN, text=text, place=place)
    if left := len(told[_MOST_SWAPS:]):
        text = f"and {left:,} more models or caps that code names otherwise"
        yield Finding(rule=Rule.MODEL_IN_CODE, verdict=Verdict.WARN, text=text)


def _also(others: Sequence[ModelSwap]) -> str:
    places = ", ".join(f"{item.path}:{item.line}" for item in others[:_MOST_CALLS_NAMED])
    left = len(others[_MOST_CALLS_NAMED:])
    return f"in {places} and {left:,} more" if left else f"in {places}"


_MOST_SWAPS = 20


def _swap(item: ModelSwap) -> str:
    mend = "no workflow covers it: add its prompt to one, with"
    if item.is_setting:
        return _setting(item)
    if item.is_cap:
        of = f" of {', '.join(item.workflows)}" if item.workflows else ""
        was = f"was {int(item.was):,}" if item.was else "there was no cap"
        change = f"{int(item.now or 0):,} tokens now, {was}"
        if item.workflows:
            mend = "if answers get longer, correct `output_tokens` there and set"
        return f"the call{of} caps answers at {change}; {mend} `max_tokens: {item.now}`"
    if item.now is None:
        text = f"the call names its model by `{item.said}` now, was {item.was}"
        return f"{text}; {mend} the `model` that it calls"
    if item.priced:
        return f"{_model(item)} is {item.now} now, was {item.was}; {_as_priced(item)}"
    if item.key in MODELS:
        return f"the call's model is {item.now} now, was {item.was}; {mend} `model: {item.now}`"
    known = "no workflow is known to call it, so no figure holds that"
    mend = f"set `model: {item.now}` in one that does"
    return f"the model under `{item.key}` is {item.now} now, was {item.was}; {known}: {mend}"


def _model(item: ModelSwap) -> str:
    return "the call's model" if item.key in MODELS else f"the model under `{item.key}`"


def _as_priced(item: ModelSwap) -> str:
    """That figures have a model already, since prompts stand beside it."""
    of = ", ".join(item.priced[:_MOST_SWAPS])
    left = len(item.priced[_MOST_SWAPS:])
    more = f" and {left:,} more" if left else ""
    are = "are" if len(item.priced) > 1 else "is"
    return (
        f"{of}{more} {are} priced so, though no call of these prompts is known; if it sends "
        f"others, name them in a workflow with `model: {item.now}`"
    )


def _setting(item: ModelSwap) -> str:
    if not item.workflows:
        is_effort = item.key.lower().endswith(("effort", "level"))
        mend = "correct `output_tokens`" if is_effort else f"set `model: {item.now}`"
        change = f"`{item.key}` is {item.now} now, was {item.was}, in a file that code reads"
        return f"{change}; no figure holds that: {mend} in the workflows that it is for"
    of = ", ".join(item.workflows[:_MOST_SWAPS])
    if item.is_cap:
        change = f"`{item.key}` is {int(item.now or 0):,} now, was {int(item.was):,}"
        mend = f"correct `output_tokens` there and set `max_tokens: {item.now}`"
        return f"{change}, beside the model of {of}; if its answers get longer, {mend}"
    change = f"`{item.key}` is {item.now} now, was {item.was}, by which {of} is priced"
    return f"{change}; if it calls what stands here, set `model: {item.now}` there"
