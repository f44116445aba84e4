"""Models that calls of prompts name by functions, followed as those of a workflow's own call."""

from collections.abc import Iterable

from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.configuration.settings import Workflow
from reviewbot.errors import MeasurementError
from reviewbot.prompt_formats._common.call_site import ModelCall
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.trees import Tree
from reviewbot.scope.affected import Asked, Resent
from reviewbot.scope.governing import Configurations
from reviewbot.scope.sent_otherwise.selected_names import may_send

_QUOTES = ("'", '"', "`")


def settled_models(
    found: Iterable[Resent], tree: Tree, parser: LimitedParser, configurations: Configurations
) -> list[Resent]:
    """What is sent otherwise, with the one model that a call's function leaves in its place."""
    reader = SourceReader(tree, {}, parser)
    known: dict[str, tuple[ModelCall, ...]] = {}
    return [
        item
        if item.kind is not Asked.MODEL
        else replace(
            item,
            form=_settled(item, reader, known),
            are_new=_are_new(item, configurations),
        )
        for item in found
    ]


def _are_new(item: Resent, configurations: Configurations) -> bool:
    """Whether no workflow was there before that sent what only new ones send now.

    A new call in a file of which all its workflows name prompts is theirs, whatever else it sends.
    """
    known, after = configurations.before.workflows, configurations.after.workflows
    if not item.workflows or not known.keys().isdisjoint(item.workflows):
        return False
    if item.was is None and all(_names(after.get(name), item.path) for name in item.workflows):
        return True
    steps = tuple(item.name.split("."))
    return not any(may_send(workflow, steps) for workflow in known.values())


def _names(workflow: Workflow | None, path: str) -> bool:
    return workflow is not None and any(it.path == path for it in workflow.prompts)


def _settled(item: Resent, reader: SourceReader, known: dict[str, tuple[ModelCall, ...]]) -> str:
    """What a call asks for as its model: the one that it settles, or what code says."""
    if item.form.startswith(_QUOTES) or item.is_through:
        return item.form
    if item.path not in known:
        known[item.path] = _calls(item.path, reader)
    models = {call.model for call in known[item.path] if call.line == item.line}
    model = models.pop() if len(models) == 1 else None
    return item.form if model is None else f'"{model}"'


def _calls(path: str, reader: SourceReader) -> tuple[ModelCall, ...]:
    chosen = prompt_formats.of_source(path)
    try:
        file = reader.prompts.text_of(path, None)
    except MeasurementError:
        return ()
    return (
        () if chosen is None else prompt_formats.model_calls(prompt_formats.by_name(chosen), file)
    )
