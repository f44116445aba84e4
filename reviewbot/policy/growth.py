"""Growth since the pinned baseline, and what a change does to the baseline itself.

The baseline at the tip of the base branch governs. What the change makes of the file is held
against it entry by entry, with no prompt rendered and nothing priced.
"""

import shlex
from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.settings import Stream
from reviewbot.costs.forecast import PricedStream, SampleTokens, forecast
from reviewbot.costs.price_lookup import PriceLookup
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.policy.baseline import (
    MEND,
    Baseline,
    Pinned,
    PinnedSample,
    differences,
    in_order,
    pins_no_more,
    shown_tokens,
)
from reviewbot.policy.limits import judge_drift
from reviewbot.policy.unread_baselines import (
    WRITE,
    baseline_or_problem,
    baseline_place,
    lacking_entry,
)
from reviewbot.policy.weakening.findings import weakened
from reviewbot.report import Figures, Finding, Rule, Verdict
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import Tree
from reviewbot.scope.affected import Affected, State
from reviewbot.scope.governing import Configurations

_SHORT = 9
_ALONE = (
    "this change writes it, and cannot be judged by it; "
    "merge the file in a change of its own first, which needs no approval"
)
_ANEW = "this change writes it anew, which somebody has to approve: its old entries are not known"


class Pins(Struct, frozen=True, kw_only=True):
    """The baselines of a review, and what the change does to them.

    `governing` is what growth is measured from, None where there is none or it was not needed.
    `proposed` is the change's own where it edits the file, and `added` names its entries that
    `governing` lacks. `fingerprint` holds the ids of both contents.
    """

    governing: Baseline | None = None
    proposed: Baseline | None = None
    added: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    fingerprint: tuple[str, ...] = ()


def read_pins(comparison: Comparison, configurations: Configurations, *, is_needed: bool) -> Pins:
    """The baselines of a review; `is_needed` says that growth will be held against one."""
    is_governed = configurations.advisory is None
    old_file = configurations.governing.baseline if is_governed else None
    new_file = configurations.proposed.baseline
    if old_file is None:
        return Pins() if new_file is None else _introduced(comparison, new_file, configurations)
    before = _entry(comparison.before_tree, old_file)
    after = None if new_file is None else _entry(comparison.after_tree, new_file)
    is_edited = new_file is not None and after != before
    if not is_needed and not is_edited:
        return Pins()
    governing = baseline_or_problem(comparison.governing_tree, old_file, configurations)
    if isinstance(governing, Problem):
        return _unjudged(comparison, configurations, governing, is_needed=is_needed)
    if new_file is None or not is_edited:
        return Pins(governing=governing)
    governs = _entry(comparison.governing_tree, old_file)
    fingerprint = (governs or "", after or "")
    proposed = baseline_or_problem(comparison.after_tree, new_file, configurations)
    if isinstance(proposed, Problem):
        place = None
        if new_file == old_file and before is not None:
            back = f"git checkout {comparison.merge_base.object_id[:_SHORT]} --"
            proposed = replace(proposed, mend=f"bring it back: `{back} {shlex.quote(new_file)}`")
        text = f"the change leaves no baseline to measure growth from: {proposed}"
        if new_file == old_file and before is not None and after is None:
            gone = f"the change deletes the baseline {new_file}, which the configuration names"
            text = f"{gone}; {proposed.mend}"
            place = baseline_place(configurations)
        found = (weakened(text, place),)
        return Pins(governing=governing, findings=found, fingerprint=fingerprint)
    merged = (
        governing
        if before == governs
        else baseline_or_problem(comparison.before_tree, old_file, configurations)
    )
    own = {} if isinstance(merged, Problem) else merged.workflows
    known = {*configurations.governing.workflows, *configurations.proposed.workflows}
    edited = [
        name
        for name in sorted({*governing.workflows, *proposed.workflows})
        if proposed.workflows.get(name) not in (governing.workflows.get(name), own.get(name))
    ]
    return Pins(
        governing=governing,
        proposed=proposed,
        added=tuple(name for name in edited if name not in governing.workflows),
        findings=tuple(_raised([name for name in edited if name in known], governing, proposed)),
        fingerprint=fingerprint,
    )


def judge_added(pins: Pins | None, measured: Mapping[str, Figures | None]) -> tuple[Finding, ...]:
    """A finding for each added entry that pins more than this review measures after the change.

    Nothing else would tell: no entry of the base stands beside it.
    """
    if pins is None or pins.proposed is None:
        return ()
    return tuple(_inflated(pins.proposed, pins.added, measured))


def judge_growth(
    baseline: Baseline | None,
    affected: Affected,
    catalogue: PriceLookup,
    before: Figures | None,
    after: Figures | None,
) -> tuple[Finding, ...]:
    """What the governing limits of `increase` say of the growth since `baseline`."""
    workflow = affected.governing.workflow
    if baseline is None or after is None or workflow.envelope.increase is None:
        return ()
    pinned = baseline.workflows.get(affected.name)
    if pinned is None:
        if affected.state is State.NEW:
            return ()
        text = lacking_entry(baseline, affected.name)
        return (_finding(Verdict.WARN, text),)
    since = f"the baseline of {baseline.commit[:_SHORT]}"
    try:
        side = affected.before or affected.after
        answers = 1 if side is None else side.source.answers
        usd = pinned_usd_per_month(pinned, workflow.traffic, catalogue, answers=answers)
    except MeasurementError as error:
        text = f"growth since {since} cannot be judged: {error.problems[0]}"
        return (_finding(Verdict.NEEDS_APPROVAL, text),)
    findings = judge_drift(
        workflow.envelope,
        usd,
        before.usd_per_month if before else None,
        after.usd_per_month,
        since=since,
    )
    if _names(pinned.samples) == _names(_samples(after)):
        return findings
    text = f"{since} was measured with other samples than govern now; {MEND}"
    return (*findings, _finding(Verdict.WARN, text))


def pinned_usd_per_month(
    pinned: Pinned, streams: tuple[Stream, ...], catalogue: PriceLookup, *, answers: int = 1
) -> Decimal:
    """The expected USD of a month in which `streams` are served as the baseline has it.

    A baseline does not hold how many `answers` a call asks for.

    Raises:
        MeasurementError: The pinned model is not known, or has no price.

    """
    from reviewbot.costs.price_lookup import service_of
    from reviewbot.tokens import caching_rule, resolve

    model = resolve(pinned.model, encoding=pinned.encoding, counts_as=pinned.counts_as)
    rule = caching_rule(model)
    cacheable = rule.cacheable(pinned.prefix_tokens)
    samples = [
        SampleTokens(
            name=item.name,
            weight=item.weight,
            input_tokens=item.input_tokens,
            cacheable_tokens=min(cacheable, item.input_tokens),
        )
        for item in pinned.samples
    ]
    priced = [
        PricedStream(stream=stream, rates=catalogue.rates(model, service_of(stream)), rule=rule)
        for stream in streams
    ]
    month = forecast(samples, priced, max_tokens=pinned.max_tokens, answers=answers)
    return month.usd_per_month


def _unjudged(
    comparison: Comparison, configurations: Configurations, wrong: Problem, *, is_needed: bool
) -> Pins:
    """What a change comes to whose base has no baseline that can be read; it may write one."""
    old_file, new_file = configurations.governing.baseline, configurations.proposed.baseline
    before, after = (
        None if file is None else _entry(tree, file)
        for tree, file in ((comparison.before_tree, old_file), (comparison.after_tree, new_file))
    )
    is_written = old_file == new_file and after is not None and after != before
    if old_file is not None and is_written:
        is_missing = before is None and _entry(comparison.governing_tree, old_file) is None
        if is_missing and not is_needed:
            return _introduced(comparison, old_file, configurations)
        wrong = replace(wrong, mend=_ALONE if is_missing else _ANEW)
    elif wrong.mend == WRITE:
        branch = f"`git switch --create baseline {comparison.base.object_id[:_SHORT]}`"
        mend = f"write it in a change of its own, which needs no approval: {branch}, then"
        wrong = replace(wrong, mend=f"{mend} `reviewbot baseline`")
    text = f"growth since the baseline cannot be judged, the base branch's is wrong: {wrong}"
    findings = (_finding(Verdict.NEEDS_APPROVAL, text),)
    return Pins(findings=findings, fingerprint=(before or "", after or ""))


def _introduced(comparison: Comparison, file: str, configurations: Configurations) -> Pins:
    """The baseline that a change brings along: nothing is judged by it yet."""
    tree = comparison.after_tree
    proposed = baseline_or_problem(tree, file, configurations)
    if isinstance(proposed, Problem):
        text = f"the configuration names a baseline, but there is none: {proposed}"
        return Pins(findings=(_finding(Verdict.WARN, text),))
    note = f"growth is measured since the baseline in {file} once this change is merged"
    added = tuple(sorted(proposed.workflows))
    fingerprint = (_entry(tree, file) or "",)
    return Pins(proposed=proposed, added=added, notes=(note,), fingerprint=fingerprint)


def _raised(names: list[str], governing: Baseline, proposed: Baseline) -> Iterator[Finding]:
    for name in names:
        was, now = governing.workflows.get(name), proposed.workflows.get(name)
        if was is None:
            continue
        if now is None:
            mean = shown_tokens(was.mean_input_tokens)
            yield weakened(
                f"the change takes {name} out of the baseline {proposed.file} "
                f"(mean input tokens {mean}, model {was.model})"
            )
        elif not pins_no_more(was, now):
            text = f"the change moves the baseline of {name}: {differences(was, now)}"
            yield weakened(text, _place(proposed, name))


def _inflated(
    proposed: Baseline, added: tuple[str, ...], measured: Mapping[str, Figures | None]
) -> Iterator[Finding]:
    for name in added:
        entry = proposed.workflows[name]
        start = f"the baseline that the change adds for {name}"
        place = _place(proposed, name)
        if (figures := measured.get(name)) is None:
            text = f"{start} cannot be held against anything: nothing is measured there"
            yield weakened(text, place)
            continue
        actual = Pinned(
            model=figures.model,
            encoding=entry.encoding,
            counts_as=entry.counts_as,
            max_tokens=figures.max_tokens,
            prefix_tokens=figures.prefix.tokens,
            samples=in_order(_samples(figures)),
        )
        if not pins_no_more(actual, entry):
            text = f"{start} is not what is measured: {differences(actual, entry)}"
            yield weakened(text, place)


def _samples(figures: Figures) -> tuple[PinnedSample, ...]:
    return tuple(
        PinnedSample(name=item.name, weight=item.weight, input_tokens=item.input_tokens)
        for item in figures.samples
    )


def _names(samples: tuple[PinnedSample, ...]) -> list[tuple[str, Decimal]]:
    return sorted((item.name, item.weight) for item in samples)


def _entry(tree: Tree, file: str) -> str | None:
    """What is at `file`, as one text; None where nothing is."""
    entry = tree.entry(file)
    return None if entry is None else f"{entry.mode} {entry.object_id}"


def _place(baseline: Baseline, name: str) -> Place:
    return Place(file=baseline.file, line=baseline.lines.get(name))


def _finding(verdict: Verdict, text: str) -> Finding:
    return Finding(rule=Rule.DRIFT, verdict=verdict, text=text)
