"""A workflow's prompts as they stand at one revision, and every file that they are made of."""

import posixpath
from collections import Counter
from collections.abc import Iterable, Mapping

from reviewbot import formats
from reviewbot.configuration.reading import read_sample
from reviewbot.configuration.settings import (
    Configuration,
    PromptReference,
    SamplePattern,
    Workflow,
)
from reviewbot.documents import parse_json, parse_yaml
from reviewbot.errors import ConfigurationError, MeasurementError, Place, Problem
from reviewbot.globs import STEPS_LIMIT, Effort, TooMuchEffortError, select
from reviewbot.prompts import MessageTemplate, PromptFile, References, Sample, Tool
from reviewbot.records import Record
from reviewbot.trees import Tree, decode

LOOKUPS_LIMIT = 200_000
"""Places in which included files are looked for at one revision, each name from each folder once;
in folders of folders of folders a place takes 20 µs."""

_LONGEST_PATH = 4_096
"""Linux's PATH_MAX: no file of a checkout has a longer one."""


class LocatedMessage(Record):
    """A message template, the file it stands in, and the ids of all files that go into it.

    `complete` is False where a template computes the name of an include: then any file may.
    """

    path: str
    template: MessageTemplate
    files: Mapping[str, str]
    complete: bool


class Source(Record):
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


class LoadedFile(Record):
    """An included file: where it was found, and its text."""

    path: str
    text: str


class SourceReader:
    """Reads the prompts and samples of one tree; each file once.

    Readers that are given the same `samples` share those that are equal, by path and content.
    """

    def __init__(self, tree: Tree, samples: dict[tuple[str, str], Sample]) -> None:
        self._tree = tree
        self._samples = samples
        self._paths: list[str] | None = None
        self._matched: dict[str, list[str]] = {}
        self._effort = Effort()
        self._resolved: dict[tuple[str, str], str | None] = {}
        self._lookups_left = LOOKUPS_LIMIT
        self._data: dict[str, bytes | Problem] = {}
        self._files: dict[tuple[str, str, str | None], PromptFile] = {}
        self._references: dict[tuple[str, str], References] = {}

    def prefetch(self, configuration: Configuration) -> None:
        """Read every prompt and tools file that the configuration names, in one go."""
        self._fetch(
            reference.path
            for workflow in configuration.workflows.values()
            for reference in _named(workflow)
            if self._tree.entry(reference.path) is not None
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
                file = self._prompt_file(reference)
                closure, complete = self._closure(reference)
                made_of |= closure
                files.append(file)
                messages += [
                    LocatedMessage(
                        path=reference.path, template=template, files=closure, complete=complete
                    )
                    for template in file.messages
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

    def samples(self, workflow: Workflow) -> tuple[tuple[Sample, ...], Mapping[str, str]]:
        """The samples that the configuration gives, and the files they come from with their ids.

        Raises:
            MeasurementError: A pattern matches nothing, or a file is wrong; with every problem.

        """
        problems = self.unmatched(workflow)
        samples: list[Sample] = []
        files: dict[str, str] = {}
        for item in workflow.samples:
            if isinstance(item, Sample):
                samples.append(item)
                continue
            self._fetch(self._matching(item))
            for path in self._matching(item):
                try:
                    samples.append(self._sample(path))
                except MeasurementError as error:
                    problems += error.problems
                files[path] = self._object_id(path)
        names = Counter(sample.name for sample in samples)
        problems += [
            Problem(
                what=f"two samples of {workflow.name!r} are called {name!r}",
                mend="give each its own name",
                place=workflow.place,
            )
            for name, count in names.items()
            if count > 1
        ]
        if problems:
            raise MeasurementError(problems)
        return tuple(samples), files

    def unmatched(self, workflow: Workflow) -> list[Problem]:
        """A problem for each sample pattern of `workflow` that no file matches."""
        return [
            Problem(
                what=f"no file matches {item.pattern!r}",
                mend="correct the pattern, or add the samples",
                place=item.place,
            )
            for item in workflow.samples
            if isinstance(item, SamplePattern) and not self._matching(item)
        ]

    def include(self, name: str, parent: str) -> LoadedFile | None:
        """The file that a template at `parent` means by `name`; None where there is none.

        It is looked for beside the including file, then in each folder above, up to the root.

        Raises:
            MeasurementError: There is one, but it is no ordinary text file.

        """
        path = self._resolve(name, parent)
        return None if path is None else LoadedFile(path=path, text=self._text(path))

    def _closure(self, reference: PromptReference) -> tuple[dict[str, str], bool]:
        """The files that a prompt is made of, found without compiling any."""
        found: dict[str, str] = {}
        complete = True
        waiting = [reference.path]
        while waiting:
            path = waiting.pop()
            if path in found:
                continue
            found[path] = self._object_id(path)
            references = self._references_of(path, reference.format)
            complete = complete and references.complete
            resolved = {name: self._resolve(name, path) for name in references.names}
            waiting += [target for target in resolved.values() if target is not None]
        return found, complete

    def _references_of(self, path: str, format_name: str) -> References:
        key = (path, format_name)
        if key not in self._references:
            self._references[key] = formats.by_name(format_name).references(self._text(path))
        return self._references[key]

    def _resolve(self, name: str, parent: str) -> str | None:
        folder = posixpath.dirname(parent)
        if name.startswith("/") or "\0" in name or len(name) > _LONGEST_PATH:
            return None
        if (name, folder) not in self._resolved:
            self._resolved[name, folder] = self._looked_up(name, folder, parent)
        return self._resolved[name, folder]

    def _looked_up(self, name: str, folder: str, parent: str) -> str | None:
        while True:
            self._lookups_left -= 1
            if self._lookups_left < 0:
                raise MeasurementError([_too_many_includes(parent)])
            candidate = posixpath.normpath(posixpath.join(folder, name))
            if not candidate.startswith("..") and self._tree.entry(candidate) is not None:
                return candidate
            if not folder:
                return None
            folder = posixpath.dirname(folder)

    def _prompt_file(self, reference: PromptReference) -> PromptFile:
        key = (reference.path, reference.format, reference.role)
        if key not in self._files:
            text = self._text(reference.path, named_at=reference.place)
            chosen = formats.by_name(reference.format)
            self._files[key] = chosen.read(text, path=reference.path, role=reference.role)
            self._references[reference.path, reference.format] = chosen.references(text)
            del self._data[reference.path]  # of ten thousand prompts one copy is enough
        return self._files[key]

    def _matching(self, pattern: SamplePattern) -> list[str]:
        if self._paths is None:
            self._paths = sorted(self._tree.paths)
        if pattern.pattern not in self._matched:
            try:
                self._matched[pattern.pattern] = select(self._paths, pattern.pattern, self._effort)
            except TooMuchEffortError:
                raise ConfigurationError([_too_many_patterns(pattern)]) from None
        return self._matched[pattern.pattern]

    def _sample(self, path: str) -> Sample:
        key = (path, self._object_id(path))
        if key not in self._samples:
            parse = parse_json if path.endswith(".json") else parse_yaml
            stem = posixpath.basename(path).rpartition(".")[0] or path
            self._samples[key] = read_sample(
                parse(self._text(path), file=path), file=path, name=stem
            )
        return self._samples[key]

    def _object_id(self, path: str) -> str:
        entry = self._tree.entry(path)
        return entry.object_id if entry else ""

    def _text(self, path: str, named_at: Place | None = None) -> str:
        self._fetch([path])
        data = self._data[path]
        if isinstance(data, Problem):
            if named_at is None or self._tree.entry(path) is not None:
                raise MeasurementError([data])
            missing = Problem(what=f"{path}: {data.what}", mend=data.mend, place=named_at)
            raise MeasurementError([missing])
        return decode(data, path)

    def _fetch(self, paths: Iterable[str]) -> None:
        wanted = [path for path in paths if path not in self._data]
        if wanted:
            self._data |= self._tree.read(wanted)


def _named(workflow: Workflow) -> tuple[PromptReference, ...]:
    return (*workflow.prompts, workflow.tools) if workflow.tools else workflow.prompts


def _too_many_patterns(pattern: SamplePattern) -> Problem:
    return Problem(
        what=f"up to {pattern.pattern!r} the sample patterns take more than {STEPS_LIMIT:,} steps",
        mend="begin patterns with a folder, and use `**` once",
        place=pattern.place,
    )


def _too_many_includes(path: str) -> Problem:
    return Problem(
        what=f"up to this file includes are looked for in more than {LOOKUPS_LIMIT:,} places",
        mend="include fewer files, or keep them beside the prompt",
        place=Place(file=path),
    )


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
