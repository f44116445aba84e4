"""What a workflow's call is made of at one revision: its messages, tools and every file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.configuration.settings import (
    Configuration,
    Guess,
    PromptReference,
    Workflow,
)
from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompt import (
    CallParameters,
    MessageTemplate,
    PromptFile,
    RequestSetting,
    Sample,
    Tool,
)


class LocatedMessage(Struct, frozen=True, kw_only=True):
    """A message template, the file it stands in, and the ids of all files that go into it.

    `complete` is False where a template computes the name of an include: then any file may.
    `options` are the configuration's `templates`, as JSON text.
    """

    path: str
    template: MessageTemplate
    files: Mapping[str, str]
    complete: bool
    options: str = ""


class Source(Struct, frozen=True, kw_only=True):
    """What one call of a workflow is made of, before variables are put in.

    `files` maps every file that goes into it, includes too, to its content's id. `model_file` and
    `cap_file` are the prompts that name the model and the cap, None where the configuration does;
    `counts_as` is the model behind a name that does not tell. `default_model` is the one that code
    falls back to where no prompt names one, whether it is the priced `model` or not. `answers` is
    how many answers a call asks for. `called_models` are those that source code calls;
    `named_models` and `named_caps` are what prompts name, each with its file, whatever the
    configuration says; `named_lines` are those of models that code names which sends the prompts.
    Where it `follows_code`, no such code is known, and its model was read off at these lines.
    `tools_selectors` say which of the files' tools the workflow names, where it does.
    """

    messages: tuple[LocatedMessage, ...]
    tools: tuple[Tool, ...]
    response_schemas: tuple[str, ...]
    model: str
    model_file: str | None
    default_model: str | None
    counts_as: str | None
    max_tokens: int | None
    answers: int
    settings: tuple[RequestSetting, ...]
    cap_file: str | None
    own_samples: tuple[Sample, ...]
    files: Mapping[str, str]
    called_models: tuple[str, ...] = ()
    named_models: tuple[tuple[str, str], ...] = ()
    named_caps: tuple[tuple[int, str], ...] = ()
    named_lines: Mapping[str, int] = {}
    follows_code: bool = False
    parameters: CallParameters = CallParameters()
    tools_selectors: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether `files` is known to be all."""
        return all(message.complete for message in self.messages)


class ReadPrompt(Struct, frozen=True, kw_only=True):
    """A prompt that was read, and the ids of the files in it; `complete` where these are all."""

    path: str
    file: PromptFile
    files: Mapping[str, str]
    complete: bool


def source_of(
    workflow: Workflow,
    configuration: Configuration,
    read: Sequence[ReadPrompt],
    problems: Sequence[Problem],
) -> Source:
    """What a call is made of whose prompts are `read`; `problems` are those of the other ones.

    Raises:
        MeasurementError: There are problems, or no model is named, or several; with all of these.
    """
    problems = list(problems)
    default_model = _default_model(read)
    if default_model is not None and _falls_back(default_model, workflow, configuration):
        read = [_naming(item) for item in read]
    files = [item.file for item in read]
    model = workflow.model
    if model is None:
        named = sorted({file.model for file in files if file.model is not None})
        if len(named) > 1:
            problems.append(_several_models(workflow, named))
        model = named[0] if named else configuration.defaults.model
    naming = [item.path for item in read if workflow.model is None and item.file.model is not None]
    if model is None and not problems:
        problems.append(_no_model(workflow))
    if model is None or problems:
        raise MeasurementError(list(dict.fromkeys(problems)))
    caps = [(item.file.max_tokens, item.path) for item in read if item.file.max_tokens is not None]
    cap, cap_file = min(caps, default=(configuration.defaults.max_tokens, None))
    made_of = {path: id_ for item in read for path, id_ in item.files.items()}
    return Source(
        messages=tuple(_located(read, workflow.templates)),
        tools=tuple(tool for file in files for tool in file.tools),
        response_schemas=tuple(f.response_schema for f in files if f.response_schema is not None),
        model=model,
        model_file=naming[0] if naming else None,
        default_model=default_model,
        counts_as=workflow.counts_as or _behind(model, configuration),
        max_tokens=workflow.max_tokens or cap,
        answers=max((file.answers for file in files), default=1),
        settings=tuple(setting for file in files for setting in file.settings),
        cap_file=None if workflow.max_tokens else cap_file,
        own_samples=tuple(sample for file in files for sample in file.samples),
        files=dict(sorted(made_of.items())),
        called_models=_called(read),
        named_models=_named(read),
        named_caps=tuple(caps),
        parameters=_parameters([file.call_parameters for file in files]),
        tools_selectors=tuple(item.selector for item in workflow.tools if item.selector),
    )


def _default_model(read: Sequence[ReadPrompt]) -> str | None:
    """The one model that code falls back to; None of several, or where a prompt names one."""
    usual = {item.file.default_model for item in read if item.file.default_model is not None}
    is_named = any(item.file.model is not None for item in read)
    return usual.pop() if len(usual) == 1 and not is_named else None


def _falls_back(default_model: str, workflow: Workflow, configuration: Configuration) -> bool:
    """Whether a workflow is priced with what code falls back to.

    What sets another model in production is not seen. So a model that somebody has configured goes
    before it, and one without a known price says nothing.
    """
    is_configured = configuration.defaults.model is not None and Guess.MODEL not in workflow.assumed
    if workflow.model is not None or is_configured:
        return False
    from reviewbot.costs.price_lookup import is_priced
    from reviewbot.tokens import NamedModel

    model = NamedModel(
        reference=default_model,
        encoding=workflow.encoding,
        counts_as=workflow.counts_as or _behind(default_model, configuration),
    )
    return is_priced(model, configuration.prices)


def _naming(item: ReadPrompt) -> ReadPrompt:
    """The prompt with the model that its code falls back to."""
    return replace(item, file=replace(item.file, model=item.file.default_model))


def _located(read: Iterable[ReadPrompt], options: str) -> Iterator[LocatedMessage]:
    """The messages of prompts, with the files that go into each."""
    for item in read:
        for template in item.file.messages:
            yield LocatedMessage(
                path=item.path,
                template=template,
                files=item.files,
                complete=item.complete,
                options=options if template.engine is not None else "",
            )


def _behind(model: str, configuration: Configuration) -> str | None:
    """The model that an override says this one counts as."""
    override = configuration.prices.overrides.get(model)
    return override.counts_as if override else None


def named_references(workflow: Workflow) -> tuple[PromptReference, ...]:
    """The files that a workflow names: its prompts, then its tools."""
    return (*workflow.prompts, *workflow.tools)


def _called(read: Iterable[ReadPrompt]) -> tuple[str, ...]:
    """The models that source code calls; sorted."""
    files = (item.file for item in read if prompt_formats.of_source(item.path))
    return tuple(sorted({file.model for file in files if file.model}))


def _named(read: Iterable[ReadPrompt]) -> tuple[tuple[str, str], ...]:
    """The models that prompts name, each once, with the first file that does; sorted."""
    found: dict[str, str] = {}
    for item in read:
        if item.file.model is not None:
            found.setdefault(item.file.model, item.path)
    return tuple(sorted(found.items()))


def _several_models(workflow: Workflow, named: list[str]) -> Problem:
    return Problem(
        what=f"the prompts of {workflow.name!r} name several models: {', '.join(named)}",
        mend=f"name the one that is called: `model: {named[0]}`",
        place=workflow.place,
    )


def _no_model(workflow: Workflow) -> Problem:
    return Problem(
        what=f"the workflow {workflow.name!r} names no model",
        mend="add `model: openai/gpt-4.1` to it or to `defaults`",
        place=workflow.place,
    )


def _parameters(found: Sequence[CallParameters]) -> CallParameters:
    """Those of the first file that has any, with what is peculiar to any of the files."""
    first = next((item for item in found if item != CallParameters()), CallParameters())
    features = {feature for item in found for feature in item.features}
    return replace(first, features=tuple(sorted(features)))
