"""Tells where an unknown or unpriced model is named, and which model may be meant."""

from collections.abc import Callable, Iterable
from datetime import date

from msgspec.structs import replace

from reviewbot.configuration.setting_lines import Key
from reviewbot.configuration.settings import Workflow
from reviewbot.costs.did_you_mean import nearest_model
from reviewbot.costs.price_lookup import PriceLookup, Service
from reviewbot.errors import MeasurementError, Place, Problem, UnknownModelError
from reviewbot.measurement.lacking_variables import LackingVariables, SampleProblem
from reviewbot.prompts.sources import Source
from reviewbot.tokens.model_names import resolve


class SettingProblem(Problem, frozen=True, kw_only=True):
    """The problem of a setting of a workflow; `key` is its path within the workflow."""

    key: Key


def with_suggestion(
    error: MeasurementError, *, counts_as: str | None = None
) -> tuple[Problem, ...]:
    """The problems of an error; that of an unknown model asks whether a known one was meant.

    Where `counts_as` names that model, its key is the one to correct.
    """
    if not isinstance(error, UnknownModelError):
        return error.problems
    near = nearest_model(error.reference)
    if error.reference == counts_as:
        meant = f"did you mean {near!r}?" if near else "name a model there that is known"
        return tuple(
            SettingProblem(what=item.what, mend=meant, key=("counts_as",))
            for item in error.problems
        )
    if near is None or near == error.reference:
        return error.problems
    return tuple(
        replace(item, mend=f"did you mean {near!r}? Else {item.mend}") for item in error.problems
    )


def misspelt_model(reference: str, today: date) -> Problem | None:
    """The problem of a name that is not known where another one is near.

    A name that is like none may be one's own, which a configuration can explain.
    """
    try:
        PriceLookup(as_of=today, overrides={}).rates(resolve(reference), Service())
    except UnknownModelError as error:
        if nearest_model(reference) not in {None, reference}:
            return with_suggestion(error)[0]
    except MeasurementError:
        return None
    return None


def placed(
    problems: Iterable[Problem],
    workflow: Workflow,
    source: Source | None,
    locate: Callable[[Key], Place],
) -> tuple[Problem, ...]:
    """The problems; those without a place have that of their setting, or of the model."""
    problems = [
        item.located(workflow, locate)
        if isinstance(item, LackingVariables | SampleProblem)
        else item
        for item in problems
    ]
    problems = [
        Problem(
            what=item.what, mend=item.mend, place=locate(("workflows", workflow.name, *item.key))
        )
        if isinstance(item, SettingProblem)
        else item
        for item in problems
    ]
    return tuple(
        replace(item, place=_place(workflow, source, locate)) if item.place is None else item
        for item in problems
    )


def _place(workflow: Workflow, source: Source | None, locate: Callable[[Key], Place]) -> Place:
    if workflow.model is not None:
        return locate(("workflows", workflow.name, "model"))
    if source is not None and source.model_file is not None:
        return Place(file=source.model_file)
    return locate(("defaults", "model"))
