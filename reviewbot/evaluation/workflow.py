"""A workflow's figures before and after, what moved them, and what its limits say."""

from collections.abc import Callable, Mapping
from decimal import Decimal, localcontext

from msgspec.structs import replace

from reviewbot.configuration.locating import Key
from reviewbot.configuration.settings import ServiceTier, Stream
from reviewbot.costs.forecast import (
    EXACT,
    Forecast,
    PricedStream,
    SampleTokens,
    StreamMonth,
    forecast,
    mean_input_tokens,
)
from reviewbot.costs.prices import Catalogue, Rates
from reviewbot.costs.tiers import deserved, tier_of
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.evaluation.causes import Situation, Situations, situations_of, steps
from reviewbot.measurement.calls import (
    STATIC,
    Prefix,
    RenderedWorkflow,
    SampleCount,
    count_calls,
    count_prefix,
)
from reviewbot.policy.baseline import Baseline
from reviewbot.policy.fingerprint import digest
from reviewbot.policy.growth import judge_growth
from reviewbot.policy.limits import (
    increase,
    judge_complexity,
    judge_envelope,
    judge_high_cost,
    judge_loosening,
    judge_proposed_prices,
    judge_removal,
    judge_unmeasured_before,
)
from reviewbot.policy.setting_edits import Edit
from reviewbot.report import (
    Cause,
    CauseName,
    Figures,
    Finding,
    PrefixFigures,
    SampleFigures,
    StreamFigures,
    Verdict,
    WorkflowReview,
    worst,
)
from reviewbot.scope.affected import Affected, State
from reviewbot.telemetry import Counts
from reviewbot.tokens import Counter, Model, resolve


class Evaluator:
    """Evaluates rendered workflows under a governing and a proposed catalogue of prices.

    `edits` are the loosenings of each workflow's settings, `locate` gives the place of a setting.
    """

    def __init__(
        self,
        *,
        high_cost_usd_per_month: Decimal | None,
        tiers: Mapping[str, tuple[str, ...]],
        governing: Catalogue,
        proposed: Catalogue,
        counter: Counter,
        edits: Mapping[str, tuple[Edit, ...]],
        locate: Callable[[Key], Place],
        counts: Counts,
        baseline: Baseline | None,
    ) -> None:
        self._tiers = tiers
        self._high_cost_usd_per_month = high_cost_usd_per_month
        self._governing = governing
        self._proposed = proposed
        self._counter = counter
        self._edits = edits
        self._locate = locate
        self._counts = counts
        self._baseline = baseline

    def evaluate(self, rendered: RenderedWorkflow) -> WorkflowReview:
        """The review of one workflow; what cannot be measured is a problem in it."""
        with localcontext(EXACT):
            return self._evaluate(rendered)

    def figures(self, rendered: RenderedWorkflow) -> tuple[Figures | None, tuple[Problem, ...]]:
        """The figures of a workflow that the change does not concern, or why there are none."""
        with localcontext(EXACT):
            situations = situations_of(rendered, self._governing, self._proposed)
            figures, problems = self._figures(situations.after)
            return figures, (*rendered.problems, *problems)

    def alternative(
        self,
        rendered: RenderedWorkflow,
        *,
        model: str | None = None,
        max_tokens: int | None = None,
        streams: tuple[Stream, ...] | None = None,
    ) -> Figures | None:
        """The figures after the change if one thing were otherwise; None if it cannot be."""
        with localcontext(EXACT):
            situation = situations_of(rendered, self._governing, self._proposed).after
            if situation is None:
                return None
            if model is not None:
                situation = replace(situation, model=model, priced_model=model)
            if max_tokens is not None:
                situation = replace(situation, max_tokens=max_tokens)
            if streams is not None:
                situation = replace(situation, streams=streams)
            return self._figures(situation)[0]

    def _evaluate(self, rendered: RenderedWorkflow) -> WorkflowReview:
        affected = rendered.affected
        edits = self._edits.get(affected.name, ())
        situations = situations_of(rendered, self._governing, self._proposed)
        before, before_problems = self._figures(situations.before)
        after, problems = self._figures(situations.after)
        is_same = situations.proposed == situations.after
        proposed, proposal_problems = (
            (after, problems) if is_same else self._figures(situations.proposed)
        )
        problems = (*rendered.problems, *problems, *proposal_problems)
        before_problems = (*rendered.before_problems, *before_problems)
        if affected.state is State.REMOVED:
            problems, before_problems = before_problems, ()
        causes: tuple[Cause, ...] = ()
        if not problems and not before_problems:
            causes, problems = self._causes(affected, situations, before, after)
        findings = (
            *judge_unmeasured_before(before_problems),
            *judge_removal(
                affected.orphaned, self._locate(("workflows", affected.name, "prompts"))
            ),
            *(judge_envelope(affected.governing.workflow.envelope, before, after) if after else ()),
            *(
                judge_envelope(affected.proposed.workflow.envelope, None, after)
                if after and affected.state is State.NEW
                else ()
            ),
            *(
                judge_high_cost(self._high_cost_usd_per_month, before, after, proposed)
                if affected.prompts_changed
                else ()
            ),
            *judge_growth(self._baseline, affected, self._governing, before, after),
            *judge_proposed_prices(after),
            *self._judge_complexity(affected, situations.after, after),
            *judge_loosening(
                affected.name,
                affected.governing.workflow.envelope,
                before,
                after,
                None if is_same else proposed,
                edits=edits,
                causes=causes,
                brings_samples=affected.brings_samples,
                is_new=affected.state is not State.CHANGED,
                locate=self._locate,
            ),
        )
        was, becomes = _months(affected.state, before, after)
        change = None if was is None or becomes is None else becomes - was
        is_proposal = not is_same or (
            affected.proposed.workflow.envelope != affected.governing.workflow.envelope
        )
        return WorkflowReview(
            name=affected.name,
            state=affected.state,
            verdict=worst(
                [*(item.verdict for item in findings), *([Verdict.UNMEASURED] if problems else [])]
            ),
            feature=affected.governing.workflow.feature,
            owner=affected.governing.workflow.owner,
            tier=tier_of(after.model, self._tiers) if after else None,
            complexity=affected.governing.workflow.complexity,
            files=affected.files,
            before=before,
            after=after,
            proposed=proposed if is_proposal else None,
            change_usd_per_month=change,
            increase=increase(was, becomes) if was and becomes is not None else None,
            causes=causes,
            findings=findings,
            proposed_findings=(
                judge_envelope(affected.proposed.workflow.envelope, before, proposed)
                if is_proposal and proposed is not None
                else ()
            ),
            problems=tuple(dict.fromkeys(problems)),
            evidence=digest(
                affected.name,
                affected.state,
                affected.governing.workflow.envelope,
                affected.proposed.workflow.envelope,
                edits,
                *(_evidence(item) for item in (situations.after, situations.proposed)),
                *(_priced(item) for item in (before, after, proposed)),
                findings,
            ),
        )

    def _figures(self, situation: Situation | None) -> tuple[Figures | None, tuple[Problem, ...]]:
        if situation is None:
            return None, ()
        try:
            counts, prefix, streams, month = self._measured(situation)
        except MeasurementError as error:
            return None, error.problems
        tokens = [count.tokens for count in counts]
        notes = [note for item in tokens for note in item.notes]
        is_static = situation.calls.samples == (STATIC,) and situation.calls.has_variables
        if is_static:
            notes.append("no samples: measured as static text, every variable counted as empty")
        return Figures(
            model=situation.model,
            encoding=resolve(situation.model, encoding=situation.encoding).encoding,
            max_tokens=situation.max_tokens,
            samples=tuple(
                SampleFigures(
                    name=count.name,
                    weight=count.weight,
                    input_tokens=count.tokens.input_tokens,
                    content_tokens=count.tokens.content_tokens,
                    overhead_tokens=count.tokens.overhead_tokens,
                    tool_tokens=count.tokens.tool_tokens,
                )
                for count in counts
            ),
            streams=tuple(map(_stream_figures, streams, month.streams)),
            prefix=_prefix_figures(prefix),
            mean_input_tokens=mean_input_tokens(_sample_tokens(counts, prefix)),
            max_input_tokens=max(item.input_tokens for item in tokens),
            calls_per_month=month.calls_per_month,
            tokens_per_month=month.tokens_per_month,
            usd_per_call=month.usd_per_call,
            usd_per_month=month.usd_per_month,
            worst_usd_per_call=month.worst_usd_per_call,
            worst_usd_per_month=month.worst_usd_per_month,
            exact=all(item.exact for item in tokens) and not is_static,
            notes=tuple(dict.fromkeys(notes)),
        ), ()

    def _judge_complexity(
        self, affected: Affected, situation: Situation | None, after: Figures | None
    ) -> tuple[Finding, ...]:
        """The finding that a workflow is in a dearer tier than its complexity deserves.

        The saving is that of the first model of a deserved tier that can be measured.
        """
        complexity = affected.governing.workflow.complexity
        if situation is None or after is None or complexity is None:
            return ()
        tier = tier_of(after.model, self._tiers)
        allowed = deserved(complexity, self._tiers)
        if tier is None or tier in allowed:
            return ()
        for model in (model for name in allowed for model in self._tiers[name]):
            other = replace(situation, model=model, priced_model=model)
            figures = None if "*" in model else self._figures(other)[0]
            if figures is not None:
                saves = after.usd_per_month - figures.usd_per_month
                return judge_complexity(complexity, tier, after, model=model, saves_usd=saves)
        return judge_complexity(complexity, tier, after, model=None, saves_usd=None)

    def _causes(
        self,
        affected: Affected,
        situations: Situations,
        before: Figures | None,
        after: Figures | None,
    ) -> tuple[tuple[Cause, ...], tuple[Problem, ...]]:
        if situations.before is None or situations.after is None or situations.proposed is None:
            was, becomes = _months(affected.state, before, after)
            whole = (becomes or Decimal(0)) - (was or Decimal(0))
            return (Cause(name=CauseName.PROMPT_TEXT, usd_per_month=whole),), ()
        causes = []
        last, last_usd = situations.before, before.usd_per_month if before else Decimal(0)
        try:
            for name, situation in steps(situations.before, situations.after, situations.proposed):
                if situation != last:
                    usd = self._measured(situation)[-1].usd_per_month
                    if usd != last_usd:
                        causes.append(Cause(name=name, usd_per_month=usd - last_usd))
                    last, last_usd = situation, usd
        except MeasurementError as error:
            return (), error.problems
        return tuple(causes), ()

    def _measured(
        self, situation: Situation
    ) -> tuple[tuple[SampleCount, ...], Prefix, tuple[PricedStream, ...], Forecast]:
        model = resolve(situation.model, encoding=situation.encoding)
        with self._counts.timed("counting_seconds"):
            counts = count_calls(situation.calls, model, self._counter)
            prefix = count_prefix(situation.prefix_calls, model, self._counter)
        with self._counts.timed("pricing_seconds"):
            priced = resolve(situation.priced_model, encoding=situation.priced_encoding)
            tiers = {stream.service_tier for stream in situation.streams}
            rates = {tier: _rates(situation.catalogue, priced, tier) for tier in sorted(tiers)}
            streams = tuple(
                PricedStream(stream=stream, rates=rates[stream.service_tier])
                for stream in situation.streams
            )
            month = _month(situation, counts, prefix, streams)
        return counts, prefix, streams, month


def _evidence(situation: Situation | None) -> object:
    """What is sent and under which terms; its price is told by the figures."""
    if situation is None:
        return None
    calls = situation.calls
    return [
        *(situation.model, situation.encoding, situation.max_tokens, situation.streams),
        *(calls.messages, calls.source.tools, calls.source.response_schemas),
        calls.source.parameters,
    ]


def _priced(figures: Figures | None) -> object:
    if figures is None:
        return None
    return [figures.samples, figures.usd_per_call, figures.usd_per_month]


def _month(
    situation: Situation,
    counts: tuple[SampleCount, ...],
    prefix: Prefix,
    streams: tuple[PricedStream, ...],
) -> Forecast:
    return forecast(_sample_tokens(counts, prefix), streams, max_tokens=situation.max_tokens)


def _months(
    state: State, before: Figures | None, after: Figures | None
) -> tuple[Decimal | None, Decimal | None]:
    """USD a month before and after: zero for what does not exist, None for what is not known."""
    was = before.usd_per_month if before else None
    becomes = after.usd_per_month if after else None
    match state:
        case State.NEW:
            return Decimal(0), becomes
        case State.REMOVED:
            return was, Decimal(0)
        case State.CHANGED:
            return was, becomes


def _rates(catalogue: Catalogue, model: Model, tier: ServiceTier) -> Rates:
    return catalogue.rates(
        reference=model.reference, provider=model.provider, model=model.name, tier=tier
    )


def _sample_tokens(counts: tuple[SampleCount, ...], prefix: Prefix) -> tuple[SampleTokens, ...]:
    return tuple(
        SampleTokens(
            name=count.name,
            weight=count.weight,
            input_tokens=count.tokens.input_tokens,
            cacheable_tokens=min(prefix.cacheable_tokens, count.tokens.input_tokens),
        )
        for count in counts
    )


def _prefix_figures(prefix: Prefix) -> PrefixFigures:
    rule = prefix.rule
    return PrefixFigures(
        tokens=prefix.tokens,
        cacheable_tokens=prefix.cacheable_tokens,
        minimum_tokens=rule.minimum_tokens,
        step_tokens=rule.step_tokens,
        explicit=rule.explicit,
        rule_source=rule.source,
        ends=prefix.ends,
    )


def _stream_figures(item: PricedStream, month: StreamMonth) -> StreamFigures:
    stream = item.stream
    return StreamFigures(
        tenant=stream.tenant,
        environment=stream.environment,
        service_tier=stream.service_tier,
        calls_per_month=stream.calls_per_month,
        output_tokens=stream.output_tokens,
        cache_hit_rate=stream.cache_hit_rate,
        cache_write_rate=stream.cache_write_rate,
        growth_per_month=stream.growth_per_month,
        price_source=item.rates.source,
        price_proposed=item.rates.is_proposed,
        usd_per_month=month.usd,
        tokens_per_month=month.tokens,
    )
