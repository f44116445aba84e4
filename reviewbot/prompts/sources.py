"""What a workflow's call is made of at one revision: its messages, tools and every file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.configuration.settings import (
    Configuration,
    PromptReference,
    Workflow,
)
from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompt import (
    CallParameters,
    LoadedFile,
    MessageTemplate,
    PromptFile,
    RequestSetting,
    Sample,
    Tool,
)
from reviewbot.prompts.includes import TextReader
from reviewbot.prompts.mentions import mentioned_files
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

    `files` maps every file that goes into it, includes too, to its content's id. `model_file` and
    `cap_file` are the prompts that name the model and the cap, None where the configuration does;
    `counts_as` is the model behind a name that does not tell. `answers` is how many answers a call
    asks for. `called_models` are those that source code calls; `named_models` and `named_caps` are
    what prompts name, each with its file, whatever the configuration says; `named_lines` are those
    of models that code names which sends the prompts. `tools_selector` says
    which of a file's tools the workflow names, where it does.
    """

    messages: tuple[LocatedMessage, ...]
    tools: tuple[Tool, ...]
    response_schemas: tuple[str, ...]
    model: str
    model_file: str | None
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
    parameters: CallParameters = CallParameters()
    tools_selector: str = ""

    @property
    def complete(self) -> bool:
        """Whether `files` is known to be all."""
        return all(message.complete for message in self.messages)


class SourceReader:
    """Reads what the calls of one tree are made of; each file once.

    Readers that are given the same `samples` share those that are equal, by path and content. What
    an `other` reader holds is not read again.
    `texts` are the files, `conflicts` those read so far with marks of a merge conflict, and the
    first line of each.
    """

    def __init__(
        self,
        tree: Tree,
        samples: dict[tuple[str, str], Sample],
        parser: LimitedParser,
        other: "SourceReader | None" = None,
    ) -> None:
        self.texts: TextReader = TextReader(tree, None if other is None else other.texts)
        self.conflicts: Mapping[str, int] = self.texts.conflicts
        self._parser = parser
        self.prompts = PromptReader(self.texts, parser)
        self.samples = SampleReader(self.texts, samples, parser.allowance)

    @property
    def tree(self) -> Tree:
        """The files that are read."""
        return self.texts.tree

    def text(self, path: str) -> str:
        """The text of one file.

        Raises:
            MeasurementError: There is no such ordinary text file.
        """
        return self.texts.text(path)

    def over(self, tree: Tree) -> "SourceReader":
        """A reader of another tree that parses with the same process."""
        return SourceReader(tree, {}, self._parser, self)

    def prefetch(self, configuration: Configuration) -> None:
        """Read every prompt and tools file that the configuration names, in one go."""
        self.texts.fetch(
            reference.path
            for workflow in configuration.workflows.values()
            for reference in named_references(workflow)
            if self.texts.tree.entry(reference.path) is not None
        )

    def read(self, workflow: Workflow, configuration: Configuration) -> Source:
        """What a call of `workflow` is made of.

        Raises:
            MeasurementError: A file is missing or wrong, or no model is named; with every problem.
                Or the review's allowance is used up.

        """
        problems: list[Problem] = []
        files: list[PromptFile] = []
        paths: list[str] = []
        messages: list[LocatedMessage] = []
        made_of: dict[str, str] = {}
        for reference in named_references(workflow):
            self._parser.allowance.check()
            try:
                prompt = self.prompts.prompt(reference, workflow.templates)
                closure, complete = self.prompts.files(reference, prompt, workflow.templates)
                made_of |= closure
                files.append(prompt.file)
                paths.append(reference.path)
                options = workflow.templates
                messages += _located(reference.path, prompt.file, (closure, complete), options)
            except MeasurementError as error:
                problems += error.problems
        model = workflow.model
        if model is None:
            named = sorted({file.model for file in files if file.model is not None})
            if len(named) > 1:
                problems.append(_several_models(workflow, named))
            model = named[0] if named else configuration.defaults.model
        pairs = list(zip(paths, files, strict=True))
        naming = [path for path, file in pairs if workflow.model is None and file.model is not None]
        if model is None and not problems:
            problems.append(_no_model(workflow))
        if model is None or problems:
            raise MeasurementError(list(dict.fromkeys(problems)))
        caps = [(file.max_tokens, path) for path, file in pairs if file.max_tokens is not None]
        cap, cap_file = min(caps, default=(configuration.defaults.max_tokens, None))
        return Source(
            messages=tuple(messages),
            tools=tuple(tool for file in files for tool in file.tools),
            response_schemas=tuple(
                f.response_schema for f in files if f.response_schema is not None
            ),
            model=model,
            model_file=naming[0] if naming else None,
            counts_as=workflow.counts_as or _behind(model, configuration),
            max_tokens=workflow.max_tokens or cap,
            answers=max((file.answers for file in files), default=1),
            settings=tuple(setting for file in files for setting in file.settings),
            cap_file=None if workflow.max_tokens else cap_file,
            own_samples=tuple(sample for file in files for sample in file.samples),
            files=dict(sorted(made_of.items())),
            called_models=_called(pairs),
            named_models=_named(pairs),
            named_caps=tuple(caps),
            parameters=_parameters([file.call_parameters for file in files]),
            tools_selector=(workflow.tools.selector or "") if workflow.tools else "",
        )

    def include(self, name: str, parent: str) -> LoadedFile | None:
        """The file that a template at `parent` means by `name`; None where there is none.

        Raises:
            MeasurementError: There is one, but it is no ordinary text file.

        """
        return self.texts.include(name, parent)

    def files(self, workflow: Workflow) -> tuple[Mapping[str, str], bool]:
        """The ids of the files that `workflow` is made of, and whether these are all.

        Of a prompt that cannot be read these are its own, those that its format asked for, and
        all that these name: what stands behind the first problem is not known.
        """
        found: dict[str, str] = {}
        is_all = True
        for reference in named_references(workflow):
            found[reference.path] = self.texts.object_id(reference.path)
            try:
                prompt = self.prompts.prompt(reference, workflow.templates)
            except MeasurementError:
                named = self.prompts.named_files(reference, workflow.templates)
                found |= named
                is_all = is_all and not any(map(self.texts.is_linked, named))
                found |= mentioned_files(found, self.texts)
                continue
            try:
                closure, complete = self.prompts.files(reference, prompt, workflow.templates)
            except MeasurementError:
                is_all = False
                continue
            found |= closure
            is_all = is_all and complete
        return found, is_all


def _located(
    path: str, file: PromptFile, made_of: tuple[Mapping[str, str], bool], options: str
) -> Iterator[LocatedMessage]:
    """The messages of a prompt file, with the files that go into it, and whether these are all."""
    files, complete = made_of
    for template in file.messages:
        yield LocatedMessage(
            path=path,
            template=template,
            files=files,
            complete=complete,
            options=options if template.engine is not None else "",
        )


def _behind(model: str, configuration: Configuration) -> str | None:
    """The model that an override says this one counts as."""
    override = configuration.prices.overrides.get(model)
    return override.counts_as if override else None


def named_references(workflow: Workflow) -> tuple[PromptReference, ...]:
    """The files that a workflow names: its prompts, then its tools."""
    return (*workflow.prompts, workflow.tools) if workflow.tools else workflow.prompts


def _called(read: Iterable[tuple[str, PromptFile]]) -> tuple[str, ...]:
    """The models that source code calls; sorted."""
    called = {file.model for path, file in read if prompt_formats.of_source(path) and file.model}
    return tuple(sorted(called))


def _named(read: Iterable[tuple[str, PromptFile]]) -> tuple[tuple[str, str], ...]:
    """The models that prompts name, each once, with the first file that does; sorted."""
    found: dict[str, str] = {}
    for path, file in read:
        if file.model is not None:
            found.setdefault(file.model, path)
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
