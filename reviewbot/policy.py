"""What the limits say of the figures: findings, and the verdict they come to."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal, localcontext

from reviewbot.affected import State
from reviewbot.configuration.settings import Configuration, Envelope, Limit
from reviewbot.costs import EXACT, SampleTokens, mean_input_tokens, percentile
from reviewbot.errors import Problem
from reviewbot.records import field_names, replace
from reviewbot.report import Cause, CauseName, Figures, Finding, Rule, Verdict


def judge_envelope(
    envelope: Envelope, before: Figures | None, after: Figures
) -> tuple[Finding, ...]:
    """A finding for each limit of `envelope` that `after` is over.

    The increase is not judged where there is no *before*: the absolute limits are for that.
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

    A change that adds nothing itself is only warned of what others added before it: else not even
    a saving could be merged.
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


def judge_high_cost(threshold: Decimal | None, *figures: Figures | None) -> tuple[Finding, ...]:
    """The finding that a changed workflow costs `threshold` USD a month or more."""
    dearest = max((item.usd_per_month for item in figures if item is not None), default=None)
    if threshold is None or dearest is None or dearest < threshold:
        return ()
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


def judge_removal(orphaned: tuple[str, ...]) -> tuple[Finding, ...]:
    """The finding that a workflow leaves the configuration while its prompts stay."""
    if not orphaned:
        return ()
    return (
        Finding(
            rule=Rule.REMOVED,
            verdict=Verdict.NEEDS_APPROVAL,
            text=f"taken out of the workflow: {', '.join(orphaned)}",
        ),
    )


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


def judge_loosening(
    governing: Envelope,
    proposed: Envelope,
    before: Figures | None,
    under_proposal: Figures | None,
    *,
    causes: tuple[Cause, ...],
    ways: tuple[str, ...],
    is_new: bool,
) -> tuple[Finding, ...]:
    """A finding for each way in which a change would loosen the gate it is judged by.

    A new workflow has no gate of its own yet: it falls under the base's defaults, and its own
    limits are shown beside them.
    """
    if is_new:
        return ()
    findings = [
        _loosened(
            f"the change takes away or raises {name}, which keep their old values in this review"
        )
        for name in _raised(governing, proposed)
    ]
    own = {CauseName.SAMPLES, CauseName.TRAFFIC, CauseName.PRICES}
    findings += [
        _loosened(f"the change makes itself look cheaper by its own {cause.name}")
        for cause in causes
        if cause.name in own and cause.usd_per_month < 0
    ]
    findings += [_loosened(way) for way in ways]
    if under_proposal is not None:
        findings += [
            _loosened(f"under the change's own terms it would break the limit of `{item.rule}`")
            for item in judge_envelope(governing, before, under_proposal)
            if item.verdict is not Verdict.WARN
        ]
    return tuple(findings)


def judge_rules(governing: Configuration, proposed: Configuration) -> tuple[Finding, ...]:
    """A finding for each part of the configuration, beside the workflows, that a change touches."""
    parts = {
        "high_cost": (governing.high_cost_usd_per_month, proposed.high_cost_usd_per_month),
        "approval": (governing.approval, proposed.approval),
        "budgets": (governing.budgets, proposed.budgets),
        "tiers": (governing.tiers, proposed.tiers),
        "defaults": (governing.defaults, proposed.defaults),
        "coverage": (governing.coverage, proposed.coverage),
        "baseline": (governing.baseline, governing.baseline and proposed.baseline),
        "prices": (governing.prices, proposed.prices),
    }
    return tuple(
        _loosened(f"the change edits `{key}`, whose old value was used in this review")
        for key, (old, new) in parts.items()
        if old != new
    )


def judge_replacement(states: set[State]) -> tuple[Finding, ...]:
    """The finding that workflows go and others come, which may be the same under another name."""
    if not {State.NEW, State.REMOVED} <= states:
        return ()
    return (
        _loosened("workflows are removed and others are new: a renamed one has lost its limits"),
    )


def judge_broken_base(reason: str | None) -> tuple[Finding, ...]:
    """The finding that the base has a configuration, but none that can govern."""
    return () if reason is None else (_loosened(reason),)


def _over(envelope: Envelope, before: Figures | None, after: Figures) -> Iterator[Finding]:
    hard = Verdict.NEEDS_APPROVAL if envelope.approvable else Verdict.FAIL
    if (tokens := envelope.input_tokens) is not None:
        actual = input_tokens(after, tokens.over)
        yield from _above(Rule.INPUT_TOKENS, tokens, actual, hard, tokens.over)
    if envelope.cost_per_call is not None:
        yield from _above(
            Rule.COST_PER_CALL, envelope.cost_per_call, after.usd_per_call, hard, "mean"
        )
    if envelope.monthly_cost is not None:
        yield from _above(
            Rule.MONTHLY_COST, envelope.monthly_cost, after.usd_per_month, hard, "expected"
        )
    if envelope.increase is not None and before is not None:
        yield from _grown(envelope.increase, before.usd_per_month, after.usd_per_month, hard)


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


def _raised(governing: Envelope, proposed: Envelope) -> Iterator[str]:
    for name in field_names(Envelope):
        old, new = getattr(governing, name), getattr(proposed, name)
        if name == "approvable":
            if new and not old:
                yield "the need to stay inside hard limits (`approvable`)"
        elif old is not None and old != new and (new is None or _is_looser(old, new)):
            yield f"the limits of `{name}`"


def _is_looser(old: Limit, new: Limit) -> bool:
    if getattr(old, "over", None) != getattr(new, "over", None):
        return True
    return any(
        was is not None and (now is None or now > was)
        for was, now in ((old.soft, new.soft), (old.hard, new.hard))
    )


def _loosened(text: str) -> Finding:
    return Finding(rule=Rule.LOOSENED, verdict=Verdict.NEEDS_APPROVAL, text=text)
