"""Constants that a change moves out of the file of the call which sends them.

The file imports them now. What the call asks for is no part of the file that they stand in, and
would be lost: so it is taken from where the call stands.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.configuration.settings import Configuration, PromptReference, Workflow
from reviewbot.errors import MeasurementError
from reviewbot.prompts.elsewhere import selectors_in
from reviewbot.prompts.said_text import said
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.prompts.sources import Source
from reviewbot.scope.affected import Side
from reviewbot.scope.workflow_reading import SideOrProblems

_OF_MODELS = ("model", "model_file", "default_model", "counts_as", "called_models", "named_models")
_OF_CALLS = (
    *("max_tokens", "answers", "settings", "cap_file", "named_caps", "parameters"),
    "response_schemas",
)
"""What of a source is its call's."""


def with_its_call(
    workflows: tuple[Workflow, Workflow],
    before: Side | None,
    read: SideOrProblems,
    reader: SourceReader,
    configuration: Configuration,
) -> SideOrProblems:
    """The side after the change, with what the one call asks for that sends a moved constant.

    `workflows` are the one before and the one after; `before` and `read` are their sides. It is
    left as it is where a call beside it says this, where none did before, and where several
    calls send it or none does.
    """
    (was, head), (after, _) = workflows, read
    if before is None or not _has_call(before.source) or (after and _has_call(after.source)):
        return read
    calls = [*_calls(was, head, reader)]
    if len(calls) != 1:
        return read
    try:
        called_before = before.reader.read(_calling(was, *calls[0]), configuration)
        called = reader.read(_calling(head, *calls[0]), configuration)
        model = called.model if before.source.model_file else head.model
        own = reader.read(replace(head, model=model), configuration)
    except MeasurementError:
        return read
    keys = (*_OF_CALLS, *(_OF_MODELS if before.source.model_file else ()))
    said = {
        key: getattr(before.source if _asks_alike(called_before, called, key) else called, key)
        for key in keys
    }
    source = _made_of(replace(own, **said), calls[0][1].path, reader)
    return Side(source=source, encoding=head.encoding, reader=reader), ()


def _made_of(source: Source, path: str, reader: SourceReader) -> Source:
    """The source with the file of its call among those that go into it."""
    called = {path: reader.texts.object_id(path)}
    messages = tuple(replace(it, files={**it.files, **called}) for it in source.messages)
    return replace(source, messages=messages, files={**source.files, **called})


def _calling(workflow: Workflow, number: int, call: PromptReference) -> Workflow:
    """The workflow with a call for the constant that it sends."""
    prompts = (*workflow.prompts[:number], call, *workflow.prompts[number + 1 :])
    return replace(workflow, prompts=prompts)


def _asks_alike(was: Source, now: Source, key: str) -> bool:
    if key != "settings":
        return bool(getattr(was, key) == getattr(now, key))
    asked = [sorted((it.key, it.value) for it in side.settings) for side in (was, now)]
    return asked[0] == asked[1]


def _has_call(source: Source) -> bool:
    return bool(source.model_file or source.settings or source.cap_file or source.called_models)


def _calls(
    was: Workflow, head: Workflow, reader: SourceReader
) -> Iterator[tuple[int, PromptReference]]:
    """What sends a moved constant in the file that it stood in, beside its number among all."""
    if len(was.prompts) != len(head.prompts):
        return
    for number, (old, new) in enumerate(zip(was.prompts, head.prompts, strict=True)):
        language = prompt_formats.of_source(old.path)
        is_source = language is not None and prompt_formats.of_source(new.path) == language
        if old.path == new.path or not is_source or language is None:
            continue
        messages = _messages(reader, head, new)
        told = []
        for selector in selectors_in(reader, old.path) if any(messages) else ():
            call = PromptReference(
                path=old.path, format=language, selector=selector, role=None, place=new.place
            )
            told.append((call, _messages(reader, head, call)))
        whole = [call for call, sent in told if set(messages) <= set(sent)]
        parts = [call for call, sent in told if "".join(messages) in "".join(sent)]
        yield from ((number, call) for call in whole or parts)


def _messages(reader: SourceReader, workflow: Workflow, item: PromptReference) -> list[str]:
    """What the messages of a prompt say, without blanks; none where it cannot be read."""
    try:
        file = reader.prompts.prompt(item, workflow.templates).file
    except MeasurementError:
        return []
    return ["".join(said(message).split()) for message in file.messages]
