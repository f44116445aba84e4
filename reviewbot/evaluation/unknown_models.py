"""Tells where an unknown or unpriced model is named, and which model may be meant."""

from collections.abc import Callable, Iterable
from datetime import date

from msgspec.structs import replace

from reviewbot.configuration.setting_lines import Key
from reviewbot.configuration.settings import Workflow
from reviewbot.costs.did_you_mean import nearest_model, newest_of_maker
from reviewbot.costs.price_lookup import PriceLookup, Service
from reviewbot.costs.tiers import Tiers
from reviewbot.errors import MeasurementError, Place, Problem, UnknownModelError
from reviewbot.measurement.lacking_variables import LackingVariables, SampleProblem
from reviewbot.prompts.sources import Source
from reviewbot.tokens.claude import not_installed
from reviewbot.tokens.model_names import resolve, unknown_text


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
    if near is not None and near == newest_of_maker(error.reference):
        what = f"{error.reference!r} is a maker of models, and no model"
        mend = f"name a model of it, such as `{near}`"
        return tuple(replace(item, what=what, mend=mend) for item in error.problems)
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


def own_model(reference: str, today: date) -> Problem | None:
    """The problem of a name that is not known, nor like one that is: it may be one's own."""
    try:
        PriceLookup(as_of=today, overrides={}).rates(resolve(reference), Service())
    except UnknownModelError:
        mend = "if it is a model of your own, say it once more, and its prices in prices.overrides"
        return Problem(what=unknown_text(reference), mend=mend)
    except MeasurementError:
        return None
    return None


def placed(
    problems: Iterable[Problem],
    workflow: Workflow,
    source: Source | None,
    locate: Callable[[Key], Place],
    tiers: Tiers,
) -> tuple[Problem, ...]:
    """The problems; those without a place have that of their setting, or of the model.

    What this machine lacks is at no place.

    Of an unknown model that is called like one of `tiers` a model of that is named.
    """
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
    problems = [_of_tier(item, tiers) for item in problems]
    return tuple(
        item
        if item.place is not None or item == not_installed()
        else replace(item, place=_place(workflow, source, locate))
        for item in problems
    )


def _of_tier(problem: Problem, tiers: Tiers) -> Problem:
    for tier, patterns in tiers.items():
        if problem.what == unknown_text(tier):
            named = next((item for item in patterns if "*" not in item), None)
            such = f", such as `{named}`" if named else ""
            what = f"{tier!r} is a tier, and no model"
            return replace(problem, what=what, mend=f"name a model of it{such}")
    return problem


def _place(workflow: Workflow, source: Source | None, locate: Callable[[Key], Place]) -> Place:
    if workflow.model is not None:
        return locate(("workflows", workflow.name, "model"))
    if source is not None and source.model_file is not None:
        return Place(file=source.model_file)
    return locate(("defaults", "model"))
