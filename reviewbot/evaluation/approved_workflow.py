"""What an approval of one workflow is bound to: the prompts, settings and figures that it saw."""

from collections.abc import Sequence

from reviewbot.evaluation.situations import Situation, Situations
from reviewbot.measurement.calls import RenderedWorkflow
from reviewbot.policy.fingerprint import digest
from reviewbot.prompt import CallParameters
from reviewbot.report import Figures, Finding
from reviewbot.scope.affected import Side


def workflow_fingerprint(
    rendered: RenderedWorkflow,
    situations: Situations,
    figures: tuple[Figures | None, ...],
    findings: tuple[Finding, ...],
    weakenings: Sequence[object],
) -> str:
    """The digest of what somebody approves; `figures` are those before, after and proposed.

    It covers the templates themselves too, so that no text is added to one after an approval,
    whether any sample shows it or not.
    """
    affected = rendered.affected
    after, proposed = situations.after, situations.proposed
    sent = _sent(after)
    return digest(
        affected.name,
        affected.state,
        affected.governing.workflow.envelope,
        affected.proposed.workflow.envelope,
        weakenings,
        sent,
        sent if proposed is after else _sent(proposed),
        *map(_priced, figures),
        findings,
        [_templates(affected.after), sorted(affected.orphaned.values())],
    )


def _sent(situation: Situation | None) -> object:
    """What is sent and under which terms; its price is told by the figures."""
    if situation is None:
        return None
    calls = situation.calls
    return [
        *(situation.model, situation.max_tokens, situation.streams),
        *(calls.messages, calls.source.tools, calls.source.response_schemas),
        *([calls.source.parameters] if calls.source.parameters != CallParameters() else []),
        *([situation.answers] if situation.answers > 1 else []),
        *([item.key, item.value] for item in calls.source.settings),
    ]


def _templates(side: Side | None) -> object:
    """The templates of a call, and what they include, by the ids of its contents."""
    if side is None:
        return None
    return [
        (
            item.template.text,
            item.options,
            sorted(id_ for path, id_ in item.files.items() if path != item.path),
        )
        for item in side.source.messages
        if item.template.engine is not None
    ]


def _priced(figures: Figures | None) -> object:
    if figures is None:
        return None
    return [figures.samples, figures.usd_per_call, figures.usd_per_month]
