"""What is found beside the workflows' own figures, and what an approval of it is bound to."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from reviewbot.configuration.setting_lines import Locator
from reviewbot.configuration.settings import Approval, NewPrompts
from reviewbot.policy.adoption import as_advice, is_first, judge_first_approvers
from reviewbot.policy.fingerprint import digest, items_to_approve, needs_approval
from reviewbot.policy.lost_text import judge_lost_text
from reviewbot.policy.merge_conflicts import judge_conflicts
from reviewbot.policy.new_prompts import (
    judge_models,
    judge_new_prompts,
    judge_swaps,
    judge_uncovered_files,
    judge_unsearched,
)
from reviewbot.policy.repeated_prompts import judge_repeated
from reviewbot.policy.set_up import judge_set_up
from reviewbot.report import Assessment, Finding
from reviewbot.repository.trees import read_texts
from reviewbot.scope.affected import Affected, FoundPrompts, Resent, Scope, State
from reviewbot.scope.change import Change
from reviewbot.scope.code_models import uncovered_swaps
from reviewbot.scope.governing import Configurations
from reviewbot.scope.not_covered import LedToCall

if TYPE_CHECKING:
    from reviewbot.policy.gate_edits import Gate


class Judgement(Struct, frozen=True, kw_only=True):
    """The findings beside those of each workflow, and what has to be approved.

    `configuration_evidence` is the fingerprint that an approval of these findings is bound to; None
    where none of them needs one. `to_approve` are the fingerprints of all that needs approval,
    those of workflows included, and `approval` says who may. `notes` are those on baselines and on
    new limits.
    """

    findings: tuple[Finding, ...]
    approval: Approval
    configuration_evidence: str | None
    to_approve: frozenset[str]
    notes: tuple[str, ...]

    @property
    def evidence(self) -> str | None:
        """What an approval of the whole change is bound to; None where it needs none."""
        return digest(sorted(self.to_approve)) if self.to_approve else None


def judge(
    change: Change,
    *,
    gate: "Gate | None",
    assessment: Assessment,
    in_source: FoundPrompts,
    unused: tuple[Finding, ...],
) -> Judgement:
    """Judge a change by the rules that hold for all workflows together.

    `gate` is None where the change leaves its own gate alone. `unused` are the findings of settings
    that apply to nothing.
    """
    scope, configurations = change.scope, change.configurations
    asked = configurations.governing.coverage.new_prompts
    findings, fingerprint = _of_the_gate(change, gate, assessment)
    findings += (
        *judge_models(scope.affected),
        *judge_repeated(scope.affected),
        *judge_swaps(uncovered_swaps(scope, in_source.covered_calls, _told(scope))),
        *judge_conflicts(scope.conflicts, assessment.workflows),
        *judge_lost_text(scope.affected),
        *(_of_samples(scope.affected, configurations) if scope.affected else ()),
        *judge_new_prompts(in_source.new, asked),
        *judge_uncovered_files(scope.unowned, asked),
        *judge_unsearched(in_source.unsearched, asked),
        *(_of_led(scope.led, asked) if scope.led else ()),
        *assessment.usage_findings,
        *unused,
    )
    told = [*findings, *(found for item in assessment.workflows for found in item.findings)]
    beside = judge_set_up(change, needs_more=needs_approval(told))
    set_up = beside.findings
    if not is_first(configurations):
        findings += set_up
    elif beside.is_left:
        findings = as_advice(findings) + set_up
    else:
        findings = as_advice((*findings, *set_up))
    if needs_approval(set_up) and (beside.is_left or not is_first(configurations)):
        fingerprint = digest(fingerprint, set_up, _contents(change, set_up))
    return Judgement(
        findings=findings,
        approval=beside.approval,
        configuration_evidence=fingerprint,
        to_approve=items_to_approve(assessment.workflows, findings, fingerprint),
        notes=() if gate is None else tuple(_notes(gate, configurations)),
    )


def _of_led(found: Sequence[LedToCall], asked: NewPrompts) -> Iterator[Finding]:
    from reviewbot.policy.led_to_calls import judge_led

    yield from judge_led(found, asked)


def _told(scope: Scope) -> Sequence[Resent]:
    """What is sent otherwise that is told already; what judges it is loaded where there is any.

    So is what a known call asks for, where its workflow has that model, and it is no guess.
    """
    if not scope.resent:
        return ()
    from reviewbot.policy.resent import is_told

    return [it for it in scope.resent if is_told(it) or not (it.is_beside or it.guessed)]


def _contents(change: Change, findings: Iterable[Finding]) -> list[str]:
    """The files that findings name, as the change leaves them; of a deleted one nothing."""
    told = {item.place.file for item in findings if item.place is not None}
    return [*read_texts(change.comparison.after_tree, sorted(told)).values()]


def _of_samples(affected: Sequence[Affected], configurations: Configurations) -> Iterator[Finding]:
    """What is found of the samples' variables in the prompts."""
    from reviewbot.policy.texts_as_conditions import judge_texts_as_conditions
    from reviewbot.policy.untaken_variables import judge_untaken

    locator = Locator(configurations.proposed_text, file=configurations.after.file)
    yield from judge_texts_as_conditions(affected, locator)
    for item in affected:
        yield from judge_untaken(item)


def _notes(gate: "Gate", configurations: Configurations) -> Iterator[str]:
    from reviewbot.policy.new_limits import new_limit_notes

    yield from gate.pins.notes if gate.pins else ()
    yield from new_limit_notes(configurations)


def _of_the_gate(
    change: Change, gate: "Gate | None", assessment: Assessment
) -> tuple[tuple[Finding, ...], str | None]:
    """What weakens the gate or is over a budget, and the fingerprint of it."""
    if gate is None:
        return (), None
    scope, configurations = change.scope, change.configurations
    edits, beside = gate.weakenings.judged(assessment.workflows, scope, assessment.hidden)
    pins = gate.pins
    findings = (
        *beside,
        *(pins.findings if pins else ()),
        *assessment.pin_findings,
        *assessment.budget_findings,
        *judge_first_approvers(configurations, gate.weakenings.locate),
    )
    if is_first(configurations):
        return as_advice(findings), None
    if not needs_approval(findings):
        return findings, None
    workflows = assessment.workflows
    is_any_removed = any(item.state is State.REMOVED for item in workflows)
    others = [
        item.evidence for item in workflows if is_any_removed or item.state is not State.CHANGED
    ]
    told = {item.place.file for item in findings if item.place is not None}
    contents = [item.content for item in scope.moved if item.path in told]
    contents += [item.content for item in scope.namesakes]
    contents += [item.content for item in scope.resent]
    if is_any_removed:
        contents += scope.uncovered_contents
    return findings, digest(edits, findings, others, contents, *(pins.fingerprint if pins else ()))
