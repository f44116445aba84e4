"""Workflows whose constants calls in other files send, and what these call since the change."""

from collections.abc import Iterator, Sequence

from reviewbot import prompt_formats
from reviewbot.configuration.settings import Configuration, Workflow
from reviewbot.errors import MeasurementError
from reviewbot.prompts.callers import Caller, Sent, callers_of
from reviewbot.prompts.said_text import said
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.rendering.parsers._common.known_models import is_known_model
from reviewbot.rendering.parsers._common.requests import MODELS
from reviewbot.scope.affected import Asked, CalledElsewhere, CodeModels, ModelSwap, Resent
from reviewbot.scope.governing import Configurations
from reviewbot.scope.workflow_reading import Readers
from reviewbot.tokens.same_model import is_same_model


def called_elsewhere(
    swaps: Sequence[ModelSwap], configurations: Configurations, readers: Readers
) -> CalledElsewhere:
    """What calls name otherwise that stand in other files than the constants which they send."""
    models: dict[str, Sequence[CodeModels]] = {}
    resent: list[Resent] = []
    before = callers_of(_texts(configurations.before, readers.before), readers.before)
    told = {name: item for name, item in before.items() if item.model is not None}
    after = callers_of(_texts(configurations.after, readers.after), readers.after) if told else {}
    for name, was in told.items():
        now = after.get(name)
        if was.model is None or now is None:
            continue
        if now.model is None:
            resent.append(_computed(was.model, now, configurations.after.workflows[name]))
        elif not is_same_model(was.model, now.model):
            models[name] = [_otherwise(was.model, now.model, now, swaps)]
    return CalledElsewhere(models=models, resent=tuple(resent))


def _texts(configuration: Configuration, reader: SourceReader) -> Iterator[Sent]:
    """The constants of workflows: texts of source code in no call that says which model it is."""
    for workflow in configuration.workflows.values():
        for item in workflow.prompts:
            if item.selector is None or prompt_formats.of_source(item.path) is None:
                continue
            try:
                file = reader.prompts.prompt(item, workflow.templates).file
            except MeasurementError:
                continue
            is_call = any(setting.key in MODELS for setting in file.settings)
            if file.model is None and file.default_model is None and not is_call:
                text = "".join(said(message) for message in file.messages)
                yield Sent(
                    workflow=workflow.name, path=item.path, selector=item.selector, text=text
                )


def _otherwise(was: str, now: str, caller: Caller, swaps: Sequence[ModelSwap]) -> CodeModels:
    """The models of a call, where a change names the new one; else where the call stands."""
    place = next(
        ((item.path, item.line) for item in swaps if _is_by(item, was, now)),
        (caller.place.file, caller.place.line or 1),
    )
    path, line = place
    return CodeModels(path=path, was={was: line}, now={now: line})


def _is_by(item: ModelSwap, was: str, now: str) -> bool:
    if item.is_cap or item.is_setting or item.now is None or not is_known_model(item.was):
        return False
    return is_same_model(item.was, was) and is_same_model(item.now, now)


def _computed(was: str, now: Caller, workflow: Workflow) -> Resent:
    """A call whose model code computes; where calls name several, the first that is another."""
    others = ((model, at) for model, at in now.several if not is_same_model(was, model))
    model, place = next(others, ("", now.place))
    return Resent(
        path=place.file,
        line=place.line or 1,
        name=workflow.prompts[0].selector or "",
        form=f'"{model}"' if model else "what code computes",
        key="model",
        kind=Asked.MODEL,
        was=f'"{was}"',
        workflows=(workflow.name,),
        is_through=True,
    )
