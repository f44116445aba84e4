"""The review of one workflow: its figures before and after, what moved them, and its verdict."""

from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.settings import Envelope, Stream
from reviewbot.costs.price_lookup import PriceLookup
from reviewbot.costs.rates import EXACT
from reviewbot.costs.tiers import tier_of
from reviewbot.errors import MeasurementError, Problem
from reviewbot.evaluation.approved_workflow import workflow_fingerprint
from reviewbot.evaluation.asked_service import served
from reviewbot.evaluation.causes import split_by_cause
from reviewbot.evaluation.figures import Meter
from reviewbot.evaluation.figures_with_one_model import figures_with_one_model
from reviewbot.evaluation.situations import Situation, Situations, situations_of
from reviewbot.evaluation.unknown_models import placed
from reviewbot.evaluation.verdict import Judge, Policy
from reviewbot.measurement.calls import RenderedWorkflow
from reviewbot.measurement.lost_words import own_texts
from reviewbot.policy.figures_by_state import FiguresByState
from reviewbot.policy.limits import increase, judge_envelope
from reviewbot.policy.unseen_text import supplied_note
from reviewbot.report import Cause, CauseName, Figures, Finding, Verdict, WorkflowReview, worst
from reviewbot.scope.affected import Affected, State
from reviewbot.tokens import NamedModel


class Catalogues(Struct, frozen=True, kw_only=True):
    """The prices that govern, and those that the change proposes."""

    governing: PriceLookup
    proposed: PriceLookup


class Evaluator:
    """Evaluates rendered workflows under the governing and the proposed prices.

    `corrected` are the models, before and after, of workflows whose guessed one a change corrects.
    """

    def __init__(self, policy: Policy, catalogues: Catalogues, meter: Meter) -> None:
        self._policy = policy
        self._catalogues = catalogues
        self._meter = meter
        self._judge = Judge(policy, catalogues.governing, meter)
        self.corrected: dict[str, tuple[str, str]] = {}

    def evaluate(self, rendered: RenderedWorkflow) -> WorkflowReview:
        """The review of one workflow; what cannot be measured is a problem in it."""
        with localcontext(EXACT):
            return self._evaluate(rendered)

    def figures(self, rendered: RenderedWorkflow) -> tuple[Figures | None, tuple[Problem, ...]]:
        """The figures of a workflow that the change does not concern, or why there are none."""
        with localcontext(EXACT):
            figures, problems = self._meter.figures(self._situations(rendered).after)
            return figures, self._placed(rendered, (*rendered.problems, *problems))

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
            situation = self._situations(rendered).after
            if situation is None:
                return None
            if model is not None:
                named = NamedModel(reference=model)
                situation = replace(situation, model=named, priced_model=named)
            if max_tokens is not None:
                situation = replace(situation, max_tokens=max_tokens)
            if streams is not None:
                asked = situation.calls.source.settings
                streams = served(streams, asked, situation.model, situation.catalogue)
                situation = replace(situation, streams=streams)
            return self._meter.figures(situation)[0]

    def months(
        self,
        rendered: RenderedWorkflow,
        with_streams: Callable[[tuple[Stream, ...]], tuple[Stream, ...]],
    ) -> tuple[Decimal | None, Decimal | None]:
        """USD a month before and after the change if the streams were others; None is unknown."""
        with localcontext(EXACT):
            situations = self._situations(rendered)
            before, after = (
                None if item is None else replace(item, streams=with_streams(item.streams))
                for item in (situations.before, situations.after)
            )
            return _months(
                rendered.affected.state,
                self._meter.figures(before)[0],
                self._meter.figures(after)[0],
            )

    def _situations(self, rendered: RenderedWorkflow) -> Situations:
        return situations_of(rendered, self._catalogues.governing, self._catalogues.proposed)

    def _placed(
        self, rendered: RenderedWorkflow, problems: tuple[Problem, ...]
    ) -> tuple[Problem, ...]:
        calls = rendered.after or rendered.before
        workflow = rendered.affected.proposed.workflow
        source = calls.source if calls else None
        return placed(problems, workflow, source, self._policy.locate, self._policy.tiers)

    def _evaluate(self, rendered: RenderedWorkflow) -> WorkflowReview:
        affected = rendered.affected
        situations = self._situations(rendered)
        is_same = situations.proposed is situations.after
        before, before_problems = self._meter.figures(situations.before)
        after, problems = self._meter.figures(situations.after)
        proposed, proposal_problems = (
            (after, problems) if is_same else self._meter.figures(situations.proposed)
        )
        problems = self._placed(rendered, (*rendered.problems, *problems, *proposal_problems))
        before_problems = self._placed(rendered, (*rendered.before_problems, *before_problems))
        before_problems = tuple(item for item in before_problems if item not in problems)
        if affected.state is State.REMOVED:
            problems, before_problems = (*problems, *before_problems), ()
        largest = _largest(rendered, situations.after, self._meter)
        after = _with_note(after, supplied_note(rendered.supplied, largest))
        causes: tuple[Cause, ...] = ()
        if not problems and not before_problems:
            causes, problems = _causes(self._meter, affected, situations, before, after)
        corrected = figures_with_one_model(affected, situations, self._meter)
        if corrected is not None and before is not None and after is not None:
            self.corrected[affected.name] = (before.model, after.model)
        findings = self._judge.findings(
            rendered,
            FiguresByState(
                before=before,
                after=after,
                proposed=None if is_same else proposed,
                largest=largest,
                is_largest_unknown=rendered.is_largest_unknown
                or (largest is None and rendered.largest is not None),
                lost_tokens=_lost_tokens(rendered, situations.after, self._meter),
                corrected=corrected,
            ),
            causes,
            before_problems=before_problems,
            situation=situations.after,
        )
        workflow = affected.governing.workflow
        was, becomes = _months(affected.state, before, after)
        is_proposal = not is_same or affected.proposed.workflow.envelope != workflow.envelope
        return WorkflowReview(
            name=affected.name,
            state=affected.state,
            verdict=_verdict(findings, problems),
            feature=workflow.feature,
            owner=workflow.owner,
            tier=tier_of(after.model, self._policy.tiers) if after else None,
            complexity=workflow.complexity,
            files=affected.files,
            before=before,
            after=after,
            proposed=proposed if is_proposal else None,
            change_usd_per_month=None if was is None or becomes is None else becomes - was,
            increase=increase(was, becomes) if was and becomes is not None else None,
            causes=causes,
            findings=findings,
            proposed_findings=(
                judge_envelope(affected.proposed.workflow.envelope, before, proposed)
                if is_proposal and proposed is not None
                else ()
            ),
            problems=tuple(dict.fromkeys(problems)),
            limited=_is_limited(workflow.envelope, affected.proposed.workflow.envelope),
            evidence=workflow_fingerprint(
                rendered,
                situations,
                (before, after, proposed),
                findings,
                self._policy.weakenings.get(affected.name, ()),
            ),
        )


def _verdict(findings: Sequence[Finding], problems: Sequence[Problem]) -> Verdict:
    told = [item.verdict for item in findings]
    return worst([*told, Verdict.UNMEASURED] if problems else told)


def _with_note(figures: Figures | None, note: str | None) -> Figures | None:
    if figures is None or note is None:
        return figures
    return replace(figures, notes=(*figures.notes, note))


def _largest(
    rendered: RenderedWorkflow, situation: Situation | None, meter: Meter
) -> Figures | None:
    """The figures with the largest values that are known for what the change supplies."""
    if situation is None or rendered.largest is None:
        return None
    calls = rendered.largest
    return meter.figures(replace(situation, calls=calls, prefix_calls=calls))[0]


def _lost_tokens(
    rendered: RenderedWorkflow, situation: Situation | None, meter: Meter
) -> int | None:
    """By how much the templates' own text is shorter; None where nobody asks or can tell."""
    before, after = rendered.affected.before, rendered.affected.after
    if not rendered.supplied or situation is None or before is None or after is None:
        return None
    texts = ("\n".join(text for _, text in own_texts(side)) for side in (before, after))
    was, now = (meter.tokens(text, situation) for text in texts)
    return None if was is None or now is None else was - now


def _causes(
    meter: Meter,
    affected: Affected,
    situations: Situations,
    before: Figures | None,
    after: Figures | None,
) -> tuple[tuple[Cause, ...], tuple[Problem, ...]]:
    """The causes of the change, or why it cannot be split."""
    if situations.before is None or situations.after is None or situations.proposed is None:
        was, becomes = _months(affected.state, before, after)
        whole = (becomes or Decimal(0)) - (was or Decimal(0))
        return (Cause(name=CauseName.PROMPT_TEXT, usd_per_month=whole),), ()
    states = situations.before, situations.after, situations.proposed
    try:
        return split_by_cause(*states, meter.usd_per_month), ()
    except MeasurementError as error:
        return (), error.problems


def _is_limited(*envelopes: Envelope) -> bool:
    """Whether there is any limit in them."""
    names = (name for name in Envelope.__struct_fields__ if name != "approvable")
    return any(getattr(envelope, name) for name in names for envelope in envelopes)


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
