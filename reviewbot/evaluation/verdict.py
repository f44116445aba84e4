"""What policy says of one workflow: its limits, and the weakenings of its gate."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.setting_lines import Key
from reviewbot.costs.price_lookup import PriceLookup
from reviewbot.costs.tiers import Tiers, deserved, tier_of
from reviewbot.errors import Place, Problem
from reviewbot.evaluation.asked_service import is_priced
from reviewbot.evaluation.figures import Meter
from reviewbot.evaluation.situations import Situation
from reviewbot.measurement.calls import RenderedWorkflow, UnseenText
from reviewbot.policy.adoption import as_advice
from reviewbot.policy.baseline import Baseline
from reviewbot.policy.figures_by_state import FiguresByState
from reviewbot.policy.growth import judge_growth
from reviewbot.policy.limits import (
    judge_complexity,
    judge_deletion,
    judge_envelope,
    judge_high_cost,
    judge_moves,
    judge_proposed_prices,
    judge_removal,
    judge_unmeasured_before,
)
from reviewbot.policy.limits_of_corrected_models import judge_limits
from reviewbot.policy.request_changes import judge_request
from reviewbot.policy.unseen_text import (
    UnseenPlace,
    judge_added_values,
    judge_hidden,
    judge_supplied,
    judge_tags_as_text,
    judge_unseen,
)
from reviewbot.policy.untaken_variables import untold_tags
from reviewbot.policy.weakening.edits import Edit
from reviewbot.policy.weakening.findings import (
    free_corrections,
    judge_displaced,
    judge_weakening,
)
from reviewbot.prompt import RequestSetting
from reviewbot.prompts.sources import named_references
from reviewbot.report import Cause, CauseName, Figures, Finding, Rule, Verdict
from reviewbot.scope.affected import Affected, State, only_widens
from reviewbot.tokens import NamedModel


class Policy(Struct, frozen=True, kw_only=True):
    """What workflows are judged by beside their own envelopes.

    `weakenings` are those of each workflow's settings, by name. `locate` gives the place of a
    setting, `block` its first and last line. `baseline` is None where growth is not measured from
    any. `is_advisory` says that the change brings the first configuration, so that nothing blocks
    it.
    """

    high_cost_usd_per_month: Decimal | None
    tiers: Tiers
    weakenings: Mapping[str, tuple[Edit, ...]]
    locate: Callable[[Key], Place]
    block: Callable[[Key], tuple[int, int] | None]
    baseline: Baseline | None
    unseen_tokens: int
    is_advisory: bool = False


class Judge:
    """Judges workflows by one policy; `catalogue` holds the prices that govern."""

    def __init__(self, policy: Policy, catalogue: PriceLookup, meter: Meter) -> None:
        self._policy = policy
        self._catalogue = catalogue
        self._meter = meter

    def findings(
        self,
        rendered: RenderedWorkflow,
        states: FiguresByState,
        causes: tuple[Cause, ...],
        *,
        before_problems: tuple[Problem, ...],
        situation: Situation | None,
    ) -> tuple[Finding, ...]:
        """All findings about a workflow; `situation` is the one after the change."""
        found = self._found(rendered, states, causes, before_problems, situation)
        return as_advice(found) if self._policy.is_advisory else found

    def _found(
        self,
        rendered: RenderedWorkflow,
        states: FiguresByState,
        causes: tuple[Cause, ...],
        before_problems: tuple[Problem, ...],
        situation: Situation | None,
    ) -> tuple[Finding, ...]:
        policy, affected = self._policy, rendered.affected
        envelope = affected.governing.workflow.envelope
        before, after = states.before, states.after
        return (
            *judge_unmeasured_before(before_problems),
            *_judge_places(affected, policy),
            *self._judge_envelope(affected, states),
            *_judge_own_envelope(affected, after),
            *self._judge_high_cost(affected, states),
            *judge_growth(policy.baseline, affected, self._catalogue, before, states.with_guess),
            *judge_proposed_prices(after),
            *judge_request(
                affected,
                causes,
                month=lambda name: self._month(name, situation),
                is_priced=lambda setting: _holds(affected, situation, setting),
            ),
            *judge_unseen(self._places(rendered.unseen.by_change, situation), policy.unseen_tokens),
            *judge_hidden(
                self._places(rendered.unseen.by_samples, situation),
                is_free=CauseName.SAMPLES in free_corrections(affected),
            ),
            *judge_added_values(
                self._places(rendered.unseen.added_values, situation),
                before,
                after,
                policy.unseen_tokens,
            ),
            *judge_tags_as_text(untold_tags(affected)),
            *judge_displaced(affected, states),
            *judge_supplied(rendered.supplied, envelope, states, policy.unseen_tokens),
            *self._judge_complexity(affected, situation, after),
            *judge_weakening(
                affected,
                states,
                edits=policy.weakenings.get(affected.name, ()),
                causes=causes,
                locate=policy.locate,
            ),
        )

    def _month(self, model: str, situation: Situation | None) -> Decimal | None:
        """What the month costs with another model, if that is known."""
        if situation is None:
            return None
        named = NamedModel(reference=model)
        figures, _ = self._meter.figures(replace(situation, model=named, priced_model=named))
        return figures.usd_per_month if figures is not None else None

    def _places(
        self, unseen: tuple[UnseenText, ...], situation: Situation | None
    ) -> tuple[UnseenPlace, ...]:
        if situation is None:
            return ()
        return tuple(
            UnseenPlace(
                path=item.path,
                first_line=item.first_line,
                last_line=item.last_line,
                tokens=self._meter.tokens(item.text, situation),
                open_values=item.open_values,
                lost_tokens=self._meter.tokens(item.lost, situation) if item.lost else 0,
                values=item.values,
            )
            for item in unseen
        )

    def _judge_envelope(self, affected: Affected, states: FiguresByState) -> Iterator[Finding]:
        """The findings of the limits; what a correction measures for the first time is no growth.

        A limit that stops the change has its place, so that somebody can raise it.
        """
        for item in judge_limits(affected.governing.workflow.envelope, states):
            if item.rule is Rule.INCREASE and only_widens(affected):
                yield from as_advice([item])
            elif item.verdict is Verdict.WARN:
                yield item
            else:
                key = ("workflows", affected.name, "envelope", item.rule, item.bound or "hard")
                yield replace(item, limit_place=self._policy.locate(key))

    def _judge_high_cost(self, affected: Affected, states: FiguresByState) -> tuple[Finding, ...]:
        if not affected.prompts_changed:
            return ()
        return judge_high_cost(
            self._policy.high_cost_usd_per_month, states.before, states.after, states.proposed
        )

    def _judge_complexity(
        self, affected: Affected, situation: Situation | None, after: Figures | None
    ) -> tuple[Finding, ...]:
        """The finding that a workflow is in a dearer tier than its complexity deserves.

        The saving is that of the first model of a deserved tier that can be measured.
        """
        complexity = affected.governing.workflow.complexity
        if situation is None or after is None or complexity is None:
            return ()
        tiers = self._policy.tiers
        tier = tier_of(after.model, tiers)
        allowed = deserved(complexity, tiers)
        if tier is None or tier in allowed:
            return ()
        for model in (model for name in allowed for model in tiers[name]):
            usd = None if "*" in model else self._month(model, situation)
            if usd is not None:
                saves = after.usd_per_month - usd
                return judge_complexity(complexity, tier, after, model=model, saves_usd=saves)
        return judge_complexity(complexity, tier, after, model=None, saves_usd=None)


def _holds(affected: Affected, situation: Situation | None, setting: RequestSetting) -> bool:
    """Whether figures hold what a setting costs, whatever the rest of the request asks for."""
    if situation is None:
        return False
    traffic = affected.governing.workflow.traffic
    return is_priced(setting, traffic, situation.model, situation.catalogue)


def _judge_places(affected: Affected, policy: Policy) -> tuple[Finding, ...]:
    """What is said of prompts that leave a workflow, that are deleted, or that stand elsewhere."""
    if not (affected.orphaned or affected.deleted or affected.moved):
        return ()
    place = policy.locate(("workflows", affected.name, "prompts"))
    lines = policy.block(("workflows", affected.name)) if affected.deleted else None
    lines_of = {item.name: item.place.line for item in named_references(affected.settings)}
    moved = [(old, new, lines_of.get(new)) for old, new in affected.moved]
    return (
        *judge_removal(affected.orphaned, place, is_whole=affected.state is State.REMOVED),
        *judge_deletion(affected.deleted, place, lines),
        *judge_moves(moved, place.file),
    )


def _judge_own_envelope(affected: Affected, after: Figures | None) -> tuple[Finding, ...]:
    """What a new workflow's own limits say, beside the default ones that govern it."""
    if after is None or affected.state is not State.NEW:
        return ()
    return judge_envelope(affected.proposed.workflow.envelope, None, after)
