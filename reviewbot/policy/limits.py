"""Holds figures against limits: the findings, and the verdict of each."""

from collections.abc import Collection, Iterator, Sequence
from decimal import ROUND_CEILING, Decimal, localcontext

from msgspec.structs import replace

from reviewbot.configuration.setting_lines import told_lines
from reviewbot.configuration.settings import Complexity, Envelope, Limit
from reviewbot.costs.forecast import SampleTokens, mean_input_tokens, percentile
from reviewbot.costs.rates import EXACT
from reviewbot.errors import Place, Problem
from reviewbot.report import Figures, Finding, Rule, Verdict


def judge_envelope(
    envelope: Envelope, before: Figures | None, after: Figures
) -> tuple[Finding, ...]:
    """A finding for each limit of `envelope` that `after` is over.

    The increase is not judged where there is no *before*: the absolute limits are for that. A
    change that adds nothing to what was over its limit before is only warned: otherwise not even a
    saving, or a limit that is raised with approval, could be merged.
    """
    return tuple(_over(envelope, before, after))


def judge_drift(
    envelope: Envelope,
    pinned_usd: Decimal,
    before_usd: Decimal | None,
    after_usd: Decimal,
    *,
    since: str,
) -> tuple[Finding, ...]:
    """The finding that growth from `pinned_usd` a month on is over a limit of `increase`.

    A change that adds nothing is only warned of what others added before it: otherwise not even a
    saving could be merged.
    """
    if envelope.increase is None:
        return ()
    hard = Verdict.NEEDS_APPROVAL if envelope.approvable else Verdict.FAIL
    if before_usd is not None and after_usd <= before_usd:
        hard = Verdict.WARN
    return tuple(
        replace(found, rule=Rule.DRIFT, text=f"{found.text} since {since}")
        for found in _grown(envelope.increase, pinned_usd, after_usd, hard)
    )


def judge_high_cost(
    threshold: Decimal | None,
    before: Figures | None,
    after: Figures | None,
    proposed: Figures | None,
) -> tuple[Finding, ...]:
    """The finding that a changed workflow costs `threshold` USD a month or more.

    A change that saves money is told so, and stops nobody.
    """
    costs = [item.usd_per_month for item in (before, after, proposed) if item is not None]
    dearest = max(costs, default=None)
    if threshold is None or dearest is None or dearest < threshold:
        return ()
    saves = before is not None and after is not None and before.usd_per_month == dearest
    if saves and max(costs[1:]) < dearest:
        text = "it stays a workflow of high cost; this change makes it cheaper"
        return (Finding(rule=Rule.HIGH_COST, verdict=Verdict.WARN, text=text, actual=dearest),)
    return (
        Finding(
            rule=Rule.HIGH_COST,
            verdict=Verdict.NEEDS_APPROVAL,
            text="a changed prompt needs approval, inside the envelope too",
            actual=dearest,
            limit=threshold,
            excess=dearest - threshold,
        ),
    )


def judge_complexity(
    complexity: Complexity,
    tier: str,
    after: Figures,
    *,
    model: str | None,
    saves_usd: Decimal | None,
) -> tuple[Finding, ...]:
    """The finding that a workflow of this complexity uses a model of the dearer tier `tier`.

    `saves_usd` is what `model`, of a tier that it deserves, would take less in a month.
    """
    text = f"{complexity} complexity on {after.model}, which is in the tier {tier}"
    if model is None or saves_usd is None:
        return (Finding(rule=Rule.COMPLEXITY, verdict=Verdict.WARN, text=text),)
    return (
        Finding(
            rule=Rule.COMPLEXITY,
            verdict=Verdict.WARN,
            text=text,
            statistic=model,
            actual=after.usd_per_month,
            limit=after.usd_per_month - saves_usd,
            excess=saves_usd,
        ),
    )


def judge_removal(
    orphaned: Collection[str], place: Place, *, is_whole: bool
) -> tuple[Finding, ...]:
    """The finding that prompts leave a workflow, or `is_whole`: that it goes while they stay."""
    if not orphaned:
        return ()
    text = f"taken out of the workflow: {', '.join(orphaned)}"
    if is_whole:
        text = (
            f"the workflow is taken out while its text stays: {', '.join(orphaned)}; delete that "
            "too, or keep the workflow"
        )
        place = Place(file=place.file)
    return (
        Finding(
            rule=Rule.REMOVED,
            verdict=Verdict.NEEDS_APPROVAL,
            text=text,
            place=place,
        ),
    )


def judge_deletion(
    deleted: Collection[str], place: Place, lines: tuple[int, int] | None
) -> tuple[Finding, ...]:
    """The finding that a workflow's prompts are gone while the configuration names them.

    It fails: once merged, the configuration would be wrong for every other change. `lines` are the
    first and the last one of the workflow, None where it shares them with others.
    """
    if not deleted:
        return ()
    is_one = len(deleted) == 1
    prompts = [f"file {name}" if "#" not in name else name for name in deleted]
    are = "is" if is_one else "are"
    gone = f"its prompt{'' if is_one else 's'} {', '.join(prompts)} {are} deleted"
    mend = f"{_taking_out(place.file, lines)}, or keep the prompt{'' if is_one else 's'}"
    finding = Finding(rule=Rule.REMOVED, verdict=Verdict.FAIL, text=f"{gone}: {mend}", place=place)
    return (finding,)


def _taking_out(file: str, lines: tuple[int, int] | None) -> str:
    if lines is None:
        return "take the workflow out of `workflows` in this change"
    return f"delete {told_lines(*lines)} of {file} in this change"


def judge_moves(moved: Sequence[tuple[str, str, int | None]], file: str) -> Iterator[Finding]:
    """The finding that a workflow's texts stand elsewhere than the configuration says.

    Each of them comes with its line there. It fails: once merged, the workflow would be measured
    with the text of another, or not at all.
    """
    if not moved:
        return
    told = ", ".join(f"{old} is {_beside(old, new)} now" for old, new, _ in moved)
    lines = [line for _, _, line in moved if line is not None]
    shown = f" (line{'' if len(lines) == 1 else 's'} {', '.join(map(str, lines))})" if lines else ""
    written = f"write that in the configuration{shown}, or `reviewbot init --update` does"
    yield Finding(
        rule=Rule.MOVED,
        verdict=Verdict.FAIL,
        text=f"moved: {told}: {written}",
        place=Place(file=file, line=lines[0] if lines else None),
    )


def _beside(old: str, new: str) -> str:
    """A new name as it is told beside the old one: without the file, where that is the same."""
    (file, _, _), (now, sign, selector) = old.partition("#"), new.partition("#")
    return f"{sign}{selector}" if file == now else new


def judge_unmeasured_before(problems: tuple[Problem, ...]) -> tuple[Finding, ...]:
    """The finding that *before* cannot be measured, so that nobody knows what the change costs."""
    return tuple(
        Finding(
            rule=Rule.BEFORE_UNMEASURED,
            verdict=Verdict.NEEDS_APPROVAL,
            text=f"before the change this could not be measured: {problem}",
        )
        for problem in problems
    )


def judge_proposed_prices(after: Figures | None) -> tuple[Finding, ...]:
    """The finding that a price which gates had to come from the reviewed change itself."""
    if after is None or not any(stream.price_proposed for stream in after.streams):
        return ()
    return (
        Finding(
            rule=Rule.PRICE_PROPOSED,
            verdict=Verdict.NEEDS_APPROVAL,
            text=f"only this change's own prices.overrides know {after.model}",
        ),
    )


def _over(envelope: Envelope, before: Figures | None, after: Figures) -> Iterator[Finding]:
    hard = Verdict.NEEDS_APPROVAL if envelope.approvable else Verdict.FAIL
    tokens = envelope.input_tokens
    for rule, limit, statistic in (
        (Rule.INPUT_TOKENS, tokens, tokens.over if tokens else ""),
        (Rule.COST_PER_CALL, envelope.cost_per_call, "mean"),
        (Rule.MONTHLY_COST, envelope.monthly_cost, "expected"),
    ):
        if limit is None:
            continue
        actual = limited_value(rule, statistic, after)
        was = None if before is None else limited_value(rule, statistic, before)
        adds = was is None or actual > was
        for found in _above(rule, limit, actual, hard, statistic):
            yield found if adds else replace(found, verdict=Verdict.WARN)
    if envelope.increase is not None and before is not None:
        yield from _grown(envelope.increase, before.usd_per_month, after.usd_per_month, hard)


def limited_value(rule: Rule, statistic: str, figures: Figures) -> Decimal:
    """What a limit on tokens, on a call or on a month is held against; `statistic` is of tokens."""
    match rule:
        case Rule.INPUT_TOKENS:
            return input_tokens(figures, statistic)
        case Rule.COST_PER_CALL:
            return figures.usd_per_call
        case _:
            return figures.usd_per_month


def input_tokens(figures: Figures, statistic: str) -> Decimal:
    """The input tokens of a call as `max`, `mean` or a percentile over the samples."""
    samples = [
        SampleTokens(name=sample.name, weight=sample.weight, input_tokens=sample.input_tokens)
        for sample in figures.samples
    ]
    match statistic:
        case "max":
            return Decimal(figures.max_input_tokens)
        case "mean":
            return mean_input_tokens(samples)
        case _:
            return Decimal(percentile(samples, int(statistic.removeprefix("p"))))


def _above(
    rule: Rule, limit: Limit, actual: Decimal, hard: Verdict, statistic: str
) -> Iterator[Finding]:
    for bound, verdict, kind in ((limit.hard, hard, "hard"), (limit.soft, Verdict.WARN, "soft")):
        if bound is not None and actual > bound:
            yield Finding(
                rule=rule,
                verdict=verdict,
                text=f"over its {kind} limit",
                statistic=statistic,
                bound=kind,
                actual=actual,
                limit=bound,
                excess=actual - bound,
            )
            return


def _grown(limit: Limit, before: Decimal, after: Decimal, hard: Verdict) -> Iterator[Finding]:
    grown = increase(before, after)
    if grown is not None:
        yield from _above(Rule.INCREASE, limit, grown, hard, "expected")
    elif after > 0:
        verdict = hard if limit.hard is not None else Verdict.WARN
        text = "cost grows from nothing, which is above any rate"
        yield Finding(
            rule=Rule.INCREASE, verdict=verdict, text=text, limit=limit.hard or limit.soft
        )


def increase(before_usd: Decimal, after_usd: Decimal) -> Decimal | None:
    """Growth as a fraction of `before_usd`, rounded up to 10⁻¹²; None where that is zero."""
    if before_usd == 0:
        return None
    with localcontext(EXACT):
        grown = (after_usd - before_usd) / before_usd
        return grown.quantize(Decimal("1e-12"), ROUND_CEILING)
