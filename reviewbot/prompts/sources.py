"""A workflow's prompts as they stand at one revision, and every file that they are made of."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reviewbot import formats
from reviewbot.configuration.settings import (
    Configuration,
    PromptReference,
    Workflow,
)
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.prompt import (
    CallParameters,
    LoadedFile,
    MessageTemplate,
    PromptFile,
    PromptText,
    References,
    Sample,
    Surroundings,
    Tool,
)
from reviewbot.prompts.includes import TextReader
from reviewbot.prompts.samples import SampleReader
from reviewbot.rendering import engines
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.trees import Tree


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

    `files` maps every file that goes into it, includes too, to its content's id.
    """

    messages: tuple[LocatedMessage, ...]
    tools: tuple[Tool, ...]
    response_schemas: tuple[str, ...]
    model: str
    max_tokens: int | None
    own_samples: tuple[Sample, ...]
    files: Mapping[str, str]
    parameters: CallParameters = CallParameters()

    @property
    def complete(self) -> bool:
        """Whether `files` is known to be all."""
        return all(message.complete for message in self.messages)


class _Prompt(Struct, frozen=True, kw_only=True):
    """A prompt file that was read, and the ids of the files beside it that its format asked for."""

    file: PromptFile
    beside: Mapping[str, str]


class _Extent:
    """How many files, and how much text, a prompt takes from beside it."""

    def __init__(self, reference: PromptReference) -> None:
        self._reference = reference
        self._files = 0
        self._characters = 0

    def add(self, text: str) -> None:
        """Count one more file.

        Raises:
            MeasurementError: It is one too many.
        """
        self._files += 1
        self._characters += len(text)
        if self._files > _MOST_FILES or self._characters > _MOST_CHARACTERS:
            problem = Problem(
                what="the prompt includes more files or text than it may",
                mend=f"include at most {_MOST_FILES:,} files of {_MOST_CHARACTERS:,} characters",
                place=Place(file=self._reference.path, line=1),
            )
            raise MeasurementError([problem])


_MOST_FILES = 1_000
_MOST_CHARACTERS = 4_000_000
"""As many as a rendering may load (`reviewbot.rendering.resource_limits`)."""


_Key = tuple[str, str | None, str, str | None, str]


def _key(reference: PromptReference, options: str) -> _Key:
    """What a prompt depends on beside its file; hashing a whole record takes ten times as long."""
    return reference.path, reference.selector, reference.format, reference.role, options


class SourceReader:
    """Reads the prompts and samples of one tree; each file once.

    Readers that are given the same `samples` share those that are equal, by path and content.
    """

    def __init__(
        self, tree: Tree, samples: dict[tuple[str, str], Sample], parser: LimitedParser
    ) -> None:
        self._texts = TextReader(tree)
        self._parser = parser
        self.samples = SampleReader(self._texts, samples)
        self._prompts: dict[_Key, _Prompt] = {}
        self._beside: dict[_Key, dict[str, str]] = {}
        self._references: dict[tuple[str, str, str], References] = {}

    def over(self, tree: Tree) -> "SourceReader":
        """A reader of another tree that parses with the same process."""
        return SourceReader(tree, {}, self._parser)

    def prefetch(self, configuration: Configuration) -> None:
        """Read every prompt and tools file that the configuration names, in one go."""
        self._texts.fetch(
            reference.path
            for workflow in configuration.workflows.values()
            for reference in _named(workflow)
            if self._texts.tree.entry(reference.path) is not None
        )

    def read(self, workflow: Workflow, configuration: Configuration) -> Source:
        """What a call of `workflow` is made of.

        Raises:
            MeasurementError: A file is missing or wrong, or no model is named; with every problem.

        """
        problems: list[Problem] = []
        files: list[PromptFile] = []
        messages: list[LocatedMessage] = []
        made_of: dict[str, str] = {}
        for reference in _named(workflow):
            try:
                prompt = self._prompt(reference, workflow.templates)
                closure, complete = self._closure(reference, prompt, workflow.templates)
                made_of |= closure
                files.append(prompt.file)
                messages += [
                    LocatedMessage(
                        path=reference.path,
                        template=template,
                        files=closure,
                        complete=complete,
                        options=workflow.templates if template.engine is not None else "",
                    )
                    for template in prompt.file.messages
                ]
            except MeasurementError as error:
                problems += error.problems
        model = workflow.model
        if model is None:
            named = sorted({file.model for file in files if file.model is not None})
            if len(named) > 1:
                problems.append(_several_models(workflow, named))
            model = named[0] if named else configuration.defaults.model
        if model is None and not problems:
            problems.append(_no_model(workflow))
        if model is None or problems:
            raise MeasurementError(problems)
        caps = [file.max_tokens for file in files if file.max_tokens is not None]
        return Source(
            messages=tuple(messages),
            tools=tuple(tool for file in files for tool in file.tools),
            response_schemas=tuple(
                f.response_schema for f in files if f.response_schema is not None
            ),
            model=model,
            max_tokens=workflow.max_tokens or min(caps, default=configuration.defaults.max_tokens),
            own_samples=tuple(sample for file in files for sample in file.samples),
            files=dict(sorted(made_of.items())),
            parameters=next(
                (f.parameters for f in files if f.parameters != CallParameters()), CallParameters()
            ),
        )

    def include(self, name: str, parent: str) -> LoadedFile | None:
        """The file that a template at `parent` means by `name`; None where there is none.

        Raises:
            MeasurementError: There is one, but it is no ordinary text file.

        """
        return self._texts.include(name, parent)

    def files(self, workflow: Workflow) -> tuple[Mapping[str, str], bool]:
        """The ids of the files that `workflow` is made of, and whether these are all.

        Of a prompt that cannot be read these are its own and those that its format asked for.
        """
        found: dict[str, str] = {}
        is_all = True
        for reference in _named(workflow):
            found[reference.path] = self._texts.object_id(reference.path)
            try:
                prompt = self._prompt(reference, workflow.templates)
            except MeasurementError:
                found |= self._beside.get(_key(reference, workflow.templates), {})
                continue
            try:
                closure, complete = self._closure(reference, prompt, workflow.templates)
            except MeasurementError:
                is_all = False
                continue
            found |= closure
            is_all = is_all and complete
        return found, is_all

    def _closure(
        self, reference: PromptReference, prompt: _Prompt, options: str
    ) -> tuple[dict[str, str], bool]:
        """The files that a prompt is made of, found without compiling any.

        A prompt that includes its own file may be made of all that stands there, so what it is made
        of is not known to be complete.
        """
        found = {reference.path: self._texts.object_id(reference.path), **prompt.beside}
        followed: set[tuple[str, str]] = set()
        extent = _Extent(reference)
        complete = True
        waiting: list[tuple[str, str, str]] = []

        def follow(references: References, engine: str, path: str) -> None:
            nonlocal complete
            complete = complete and references.complete
            for name in references.names:
                target = self._texts.resolve(name, path)
                if target is not None:
                    waiting.append((target, engine, options))

        for template in prompt.file.messages:
            if template.engine is not None:
                references = _references(template.engine, template.text, options)
                follow(references, template.engine, reference.path)
        while waiting:
            key = path, engine, _ = waiting.pop()
            if (path, engine) in followed:
                continue
            followed.add((path, engine))
            complete = complete and path != reference.path
            if key not in self._references:
                self._references[key] = _references(engine, self._texts.text(path), options)
            extent.add(self._texts.text(path))
            found[path] = self._texts.object_id(path)
            follow(self._references[key], engine, path)
        return found, complete

    def _prompt(self, reference: PromptReference, options: str) -> _Prompt:
        key = _key(reference, options)
        if key not in self._prompts:
            text = self._texts.text(reference.path, named_at=reference.place)
            beside = self._beside[key] = {}
            extent = _Extent(reference)

            def load(name: str, parent: str) -> LoadedFile | None:
                loaded = self._texts.include(name, parent)
                if loaded is not None:
                    extent.add(loaded.text)
                    beside[loaded.path] = self._texts.object_id(loaded.path)
                return loaded

            file = PromptText(
                path=reference.path,
                text=text,
                role=reference.role,
                selector=reference.selector,
                options=_parsed(options),
                surroundings=Surroundings(load=load, parse=self._parser.parse),
            )
            chosen = formats.by_name(reference.format)
            if reference.selector is not None and not formats.selects(chosen):
                from reviewbot.prompts import entries

                file = entries.select(file, is_data=formats.is_data(chosen))
            read = chosen.read(file)
            messages = tuple(_placed(message, text) for message in read.messages)
            self._prompts[key] = _Prompt(file=replace(read, messages=messages), beside=beside)
            if reference.selector is None:
                self._texts.forget(reference.path)
        return self._prompts[key]


def _placed(message: MessageTemplate, text: str) -> MessageTemplate:
    """The message, with whether its lines stand in those of the file's `text`, one in each."""
    if message.text is text or message.engine is None or "\n" not in message.text:
        return message
    lines = text.split("\n")[message.line - 1 :]
    own = message.text.rstrip("\n").split("\n")
    is_in_lines = len(own) <= len(lines) and all(
        line.strip() in there for line, there in zip(own, lines, strict=False)
    )
    return message if is_in_lines else replace(message, is_in_lines=False)


def _references(engine: str, text: str, options: str) -> References:
    return engines.by_name(engine).references(text, _parsed(options))


def _parsed(options: str) -> Mapping[str, Any]:
    if not options:
        return {}
    import json

    found: Mapping[str, Any] = json.loads(options)
    return found


def _named(workflow: Workflow) -> tuple[PromptReference, ...]:
    return (*workflow.prompts, workflow.tools) if workflow.tools else workflow.prompts


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
