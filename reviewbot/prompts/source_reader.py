"""Reads what workflows' calls are made of at one revision, each file once."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.configuration.settings import Configuration, PromptReference, Workflow
from reviewbot.errors import MeasurementError, NoSuchPromptError, Problem
from reviewbot.prompt import LoadedFile, Sample
from reviewbot.prompts.includes import TextReader
from reviewbot.prompts.mentions import mentioned_files
from reviewbot.prompts.prompt_files import PromptReader
from reviewbot.prompts.samples import SampleReader
from reviewbot.prompts.shared_sources import SharedSources
from reviewbot.prompts.sources import ReadPrompt, Source, named_references, source_of
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.trees import Tree


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
        self._other = other
        self.shared = SharedSources(self.texts)
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
        other = self._other
        same = other.shared.of_same(workflow, configuration, self.texts) if other else None
        return same or self._read(workflow, configuration)

    def _read(self, workflow: Workflow, configuration: Configuration) -> Source:
        problems: list[Problem] = []
        read: list[ReadPrompt] = []
        are_alone = True
        for reference in named_references(workflow):
            self._parser.allowance.check()
            try:
                prompt = self.prompts.prompt(reference, workflow.templates)
                closure, complete = self.prompts.files(reference, prompt, workflow.templates)
            except NoSuchPromptError as error:
                problems += self._with_format(
                    reference,
                    [
                        replace(item, what=f"{reference.path}: {item.what}", place=reference.place)
                        for item in error.problems
                    ],
                )
                continue
            except MeasurementError as error:
                if reference in workflow.tools:
                    problems += [_of_tools(reference, item) for item in error.problems]
                    continue
                problems += self._with_format(reference, error.problems)
                continue
            path, file = reference.path, prompt.file
            read.append(ReadPrompt(path=path, file=file, files=closure, complete=complete))
            are_alone = are_alone and prompt.is_alone
        source = source_of(workflow, configuration, read, problems)
        if are_alone:
            self.shared.keep(workflow, configuration, source)
        return source

    def _with_format(
        self, reference: PromptReference, problems: Sequence[Problem]
    ) -> Sequence[Problem]:
        """The problems of a prompt; of the key `format` where the file's name tells another one."""
        place = reference.format_place
        mend = _other_format(reference.format, reference.path)
        if place is None or mend is None or self.texts.text_or_none(reference.path) is None:
            return problems
        first = problems[0]
        is_inside = first.place is not None and first.place.file == reference.path
        line = f" in line {first.place.line}" if is_inside and first.place else ""
        said = first.what.removeprefix(f"{reference.path}: ")
        what = f"{reference.path!r} cannot be read as `{reference.format}`: {said}{line}"
        return [Problem(what=what, mend=mend, place=place)]

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


def _other_format(name: str, path: str) -> str | None:
    """The mend of a format `name` of source code, where the path is none of its files."""
    of_source, found = prompt_formats.of_source(path), prompt_formats.recognize(path)
    if name not in prompt_formats.SOURCE_FORMATS or of_source == name:
        return None
    if of_source is not None:
        return f"write `format: {of_source}`"
    if found is not None:
        return f"take `format` out: a file of this name is read as `{found.NAME}`, or name another"
    return "name the format of its text, as `reviewbot formats` lists them"


def _of_tools(reference: PromptReference, problem: Problem) -> Problem:
    """The problem of a file under `tools`, which may be a prompt by its name."""
    found = prompt_formats.recognize(reference.path)
    if found is None or reference.format == found.NAME or problem.place is None:
        return problem
    if problem.place.file != reference.path or prompt_formats.of_source(reference.path):
        return problem
    what = f"`tools` names {reference.path!r}, which is a prompt by its name ({problem.what})"
    mend = "name it under `prompts`, and under `tools` definitions as JSON or YAML"
    return Problem(what=what, mend=mend, place=reference.place)
