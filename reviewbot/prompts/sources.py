"""What a workflow's call is made of at one revision: its messages, tools and every file."""

from collections.abc import Mapping

from msgspec import Struct

from reviewbot.configuration.settings import (
    Configuration,
    PromptReference,
    Workflow,
)
from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompt import (
    LoadedFile,
    MessageTemplate,
    PromptFile,
    Sample,
    Tool,
)
from reviewbot.prompts.includes import TextReader
from reviewbot.prompts.prompt_files import PromptReader
from reviewbot.prompts.samples import SampleReader
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

    @property
    def complete(self) -> bool:
        """Whether `files` is known to be all."""
        return all(message.complete for message in self.messages)


class SourceReader:
    """Reads what the calls of one tree are made of; each file once.

    Readers that are given the same `samples` share those that are equal, by path and content.
    """

    def __init__(
        self, tree: Tree, samples: dict[tuple[str, str], Sample], parser: LimitedParser
    ) -> None:
        self._texts = TextReader(tree)
        self._parser = parser
        self._prompts = PromptReader(self._texts, parser)
        self.samples = SampleReader(self._texts, samples)

    def over(self, tree: Tree) -> "SourceReader":
        """A reader of another tree that parses with the same process."""
        return SourceReader(tree, {}, self._parser)

    def prefetch(self, configuration: Configuration) -> None:
        """Read every prompt and tools file that the configuration names, in one go."""
        self._texts.fetch(
            reference.path
            for workflow in configuration.workflows.values()
            for reference in named_references(workflow)
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
        for reference in named_references(workflow):
            try:
                prompt = self._prompts.prompt(reference, workflow.templates)
                closure, complete = self._prompts.files(reference, prompt, workflow.templates)
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
        for reference in named_references(workflow):
            found[reference.path] = self._texts.object_id(reference.path)
            try:
                prompt = self._prompts.prompt(reference, workflow.templates)
            except MeasurementError:
                named = self._prompts.named_files(reference, workflow.templates)
                found |= named
                is_all = is_all and not any(map(self._texts.is_linked, named))
                continue
            try:
                closure, complete = self._prompts.files(reference, prompt, workflow.templates)
            except MeasurementError:
                is_all = False
                continue
            found |= closure
            is_all = is_all and complete
        return found, is_all


def named_references(workflow: Workflow) -> tuple[PromptReference, ...]:
    """The files that a workflow names: its prompts, then its tools."""
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
