"""A workflow's prompts as they stand at one revision, and every file that they are made of."""

import posixpath
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from reviewbot import engines, formats
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
from reviewbot.parsing import LimitedParser
from reviewbot.prompts import (
    LoadedFile,
    MessageTemplate,
    PromptFile,
    PromptText,
    References,
    Sample,
    Surroundings,
    Tool,
)
from reviewbot.records import Record, replace
from reviewbot.trees import Tree, decode

LOOKUPS_LIMIT = 200_000
"""Places in which included files are looked for at one revision, each name from each folder once;
in folders of folders of folders a place takes 20 µs."""

_LONGEST_PATH = 4_096
"""Linux's PATH_MAX: no file of a checkout has a longer one."""


class LocatedMessage(Record):
    """A message template, the file it stands in, and the ids of all files that go into it.

    `complete` is False where a template computes the name of an include: then any file may.
    `options` are the configuration's `templates`, as JSON text.
    """

    path: str
    template: MessageTemplate
    files: Mapping[str, str]
    complete: bool
    options: str = ""


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


class _Prompt(Record):
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
"""As many as a rendering may load (`reviewbot.rendering.limits`)."""


class SourceReader:
    """Reads the prompts and samples of one tree; each file once.

    Readers that are given the same `samples` share those that are equal, by path and content.
    """

    def __init__(
        self, tree: Tree, samples: dict[tuple[str, str], Sample], parser: LimitedParser
    ) -> None:
        self._tree = tree
        self._samples = samples
        self._parser = parser
        self._paths: list[str] | None = None
        self._matched: dict[str, list[str]] = {}
        self._effort = Effort()
        self._resolved: dict[tuple[str, str], str | None] = {}
        self._lookups_left = LOOKUPS_LIMIT
        self._data: dict[str, bytes | Problem] = {}
        self._prompts: dict[tuple[PromptReference, str], _Prompt] = {}
        self._beside: dict[tuple[PromptReference, str], dict[str, str]] = {}
        self._references: dict[tuple[str, str, str], References] = {}

    def over(self, tree: Tree) -> "SourceReader":
        """A reader of another tree that parses with the same process."""
        return SourceReader(tree, {}, self._parser)

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
        )

    def files(self, workflow: Workflow) -> tuple[Mapping[str, str], bool]:
        """The ids of the files that `workflow` is made of, and whether these are all.

        Of a prompt that cannot be read these are its own and those that its format asked for.
        """
        found: dict[str, str] = {}
        is_all = True
        for reference in _named(workflow):
            found[reference.path] = self._object_id(reference.path)
            try:
                prompt = self._prompt(reference, workflow.templates)
            except MeasurementError:
                found |= self._beside.get((reference, workflow.templates), {})
                continue
            try:
                closure, complete = self._closure(reference, prompt, workflow.templates)
            except MeasurementError:
                is_all = False
                continue
            found |= closure
            is_all = is_all and complete
        return found, is_all

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

    def _closure(
        self, reference: PromptReference, prompt: _Prompt, options: str
    ) -> tuple[dict[str, str], bool]:
        """The files that a prompt is made of, found without compiling any.

        A prompt that includes its own file may be made of all that stands there, so what it is made
        of is not known to be complete.
        """
        found = {reference.path: self._object_id(reference.path), **prompt.beside}
        followed: set[tuple[str, str]] = set()
        extent = _Extent(reference)
        complete = True
        waiting: list[tuple[str, str, str]] = []

        def follow(references: References, engine: str, path: str) -> None:
            nonlocal complete
            complete = complete and references.complete
            for name in references.names:
                target = self._resolve(name, path)
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
                self._references[key] = _references(engine, self._text(path), options)
            extent.add(self._text(path))
            found[path] = self._object_id(path)
            follow(self._references[key], engine, path)
        return found, complete

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

    def _prompt(self, reference: PromptReference, options: str) -> _Prompt:
        key = (reference, options)
        if key not in self._prompts:
            text = self._text(reference.path, named_at=reference.place)
            beside = self._beside[key] = {}
            extent = _Extent(reference)

            def load(name: str, parent: str) -> LoadedFile | None:
                loaded = self.include(name, parent)
                if loaded is not None:
                    extent.add(loaded.text)
                    beside[loaded.path] = self._object_id(loaded.path)
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
                from reviewbot import entries

                file = entries.select(file, is_data=formats.is_data(chosen))
            read = chosen.read(file)
            messages = tuple(_placed(message, text) for message in read.messages)
            self._prompts[key] = _Prompt(file=replace(read, messages=messages), beside=beside)
            if reference.selector is None:
                del self._data[reference.path]  # of ten thousand prompts one copy is enough
        return self._prompts[key]

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
