"""What a workflow costs on both sides with one model, where a change corrects a guessed one."""

from msgspec.structs import replace

from reviewbot.configuration.settings import Guess
from reviewbot.evaluation.figures import Meter
from reviewbot.evaluation.situations import Situation, Situations
from reviewbot.policy.figures_by_state import CorrectedModel
from reviewbot.scope.affected import Affected


def figures_with_one_model(
    affected: Affected, situations: Situations, meter: Meter
) -> CorrectedModel | None:
    """The figures without the correction; None where the change corrects no guess of a model.

    Only the configuration corrects one. Where code or a prompt names another model than before, or
    may do so, the program has changed, and with it what is paid.
    """
    before, after = situations.before, situations.after
    if before is None or after is None or Guess.MODEL not in affected.governing.workflow.assumed:
        return None
    if affected.may_call_another:
        return None
    was, now = before.calls.source, after.calls.source
    names_the_same = (was.named_models, was.default_model) == (now.named_models, now.default_model)
    if was.model_file is not None or not names_the_same or was.model == now.model:
        return None
    earlier, _ = meter.figures(_with_model_of(before, after))
    later, _ = meter.figures(_with_model_of(after, before))
    return None if earlier is None or later is None else CorrectedModel(before=earlier, after=later)


def _with_model_of(situation: Situation, other: Situation) -> Situation:
    return replace(situation, model=other.model, priced_model=other.priced_model)
