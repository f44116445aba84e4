"""One prompt file: what its format reads in it, and every file that goes into it."""

from collections.abc import Mapping
from functools import lru_cache, partial
from operator import contains
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.configuration.settings import (
    PromptReference,
)
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.prompt import (
    LoadedFile,
    MessageTemplate,
    PromptFile,
    PromptText,
    References,
    Surroundings,
)
from reviewbot.prompt.sizes import size_of
from reviewbot.prompts.includes import TextReader
from reviewbot.rendering import engines
from reviewbot.rendering.parsing import LimitedParser

if TYPE_CHECKING:
    from reviewbot.prompts.filled_places import FilledPlaces


class Prompt(Struct, frozen=True, kw_only=True):
    """A prompt file that was read, and the ids of the files beside it that its format asked for.

    `is_alone` says that no other file was asked for, there or not, and that no template names any.
    """

    file: PromptFile
    beside: Mapping[str, str]
    is_alone: bool


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


class PromptReader:
    """Reads the prompt files of one tree, each once."""

    def __init__(self, texts: TextReader, parser: LimitedParser) -> None:
        self._texts = texts
        self._parse = partial(parser.parse, load=texts.include)
        self._places: FilledPlaces | None = None
        self._prompts: dict[_Key, Prompt] = {}
        self._refused: dict[_Key, MeasurementError] = {}
        self._beside: dict[_Key, dict[str, str]] = {}
        self._references: dict[tuple[str, str, str], References] = {}

    def named_files(self, reference: PromptReference, options: str) -> Mapping[str, str]:
        """The ids of the files that a prompt which cannot be read is known to be made of."""
        return self._beside.get(_key(reference, options), {})

    def prompt(self, reference: PromptReference, options: str) -> Prompt:
        """The prompt file, read by its format.

        Raises:
            MeasurementError: It is missing or wrong.
        """
        key = _key(reference, options)
        if key in self._refused:
            raise self._refused[key].with_traceback(None)
        if key not in self._prompts:
            text = self._texts.text(reference.path, named_at=reference.place)
            beside = self._beside[key] = {}
            extent = _Extent(reference)
            asked: list[str] = []

            def load(name: str, parent: str) -> LoadedFile | None:
                asked.append(name)
                path = self._texts.resolve(name, parent)
                if path is None:
                    return None
                beside[path] = self._texts.object_id(path)
                loaded = LoadedFile(path=path, text=self._texts.text(path))
                extent.add(loaded.text)
                return loaded

            def parse(*given: Any, **named: Any) -> Any:
                asked.append(reference.path)
                return self._parse(*given, **named)

            file = PromptText(
                path=reference.path,
                text=text,
                role=reference.role,
                selector=reference.selector,
                options=_parsed(options),
                surroundings=Surroundings(load=load, parse=parse),
            )
            chosen = prompt_formats.by_name(reference.format)
            if reference.selector is not None and not prompt_formats.selects(chosen):
                from reviewbot.prompts import entries

                file = entries.select(file, is_data=prompt_formats.is_data(chosen))
            try:
                read = chosen.read(file)
            except MeasurementError as error:
                self._refused[key] = error
                raise
            _check_sizes(read, reference)
            if (language := prompt_formats.of_source(reference.path)) == chosen.NAME:
                read = self._filled(read, reference, beside, language)
                asked += beside
            messages = tuple(_placed(message, text) for message in read.messages)
            is_alone = not asked and all(_names_nothing(item, options) for item in messages)
            file_read = replace(read, messages=messages)
            self._prompts[key] = Prompt(file=file_read, beside=beside, is_alone=is_alone)
            if reference.selector is None:
                self._texts.forget(reference.path)
        return self._prompts[key]

    def _filled(
        self, read: PromptFile, reference: PromptReference, beside: dict[str, str], language: str
    ) -> PromptFile:
        """What source code holds, with variables for the placeholders that other code replaces.

        The files that do are noted among those `beside`.
        """
        from reviewbot.prompts.filled_places import filled_places, with_variables

        self._places = self._places or filled_places(self._texts.tree)
        messages = []
        for message in read.messages:
            places = self._places.of(reference.path, reference.selector, message.text)
            beside |= {path: self._texts.object_id(path) for path in places.values()}
            messages.append(with_variables(message, places, f"{language}-text"))
        return replace(read, messages=tuple(messages))

    def text_of(self, path: str, selector: str | None) -> PromptText:
        """A file as its format reads it.

        Raises:
            MeasurementError: There is no such ordinary text file.
        """
        around = Surroundings(load=self._texts.include, parse=self._parse)
        text = self._texts.text(path)
        return PromptText(path=path, text=text, selector=selector, surroundings=around)

    def files(
        self, reference: PromptReference, prompt: Prompt, options: str
    ) -> tuple[dict[str, str], bool]:
        """The files that a prompt is made of, found without compiling any.

        A prompt that includes its own file may be made of all that stands there, so what it is made
        of is not known to be complete.
        """
        found = {reference.path: self._texts.object_id(reference.path), **prompt.beside}
        if prompt.is_alone:
            return found, True
        followed: set[tuple[str, str]] = set()
        extent = _Extent(reference)
        complete = True
        waiting: list[tuple[str, str, str]] = []

        def follow(references: References, engine: str, path: str) -> None:
            nonlocal complete
            complete = complete and references.complete
            resolved = (self._texts.resolve(name, path) for name in references.names)
            targets = [target for target in resolved if target is not None]
            self._texts.fetch(targets[:_MOST_FILES])  # one by one is a question to git for each
            waiting.extend((target, engine, options) for target in targets)

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


def _check_sizes(file: PromptFile, reference: PromptReference) -> None:
    """Refuse a file whose own samples are given by a size that is none.

    Raises:
        MeasurementError: With every such sample.
    """
    problems = []
    for sample in file.samples:
        try:
            _all_sizes(sample.variables)
        except ValueError as error:
            what = f"the sample {sample.name!r} of the file: {error}"
            mend = "write a size like `{tokens: 1_200}`"
            problems.append(Problem(what=what, mend=mend, place=Place(file=reference.path)))
    if problems:
        raise MeasurementError(problems)


def _all_sizes(value: Any) -> None:
    """Look at every size; a ValueError says which is none."""
    if isinstance(value, Mapping):
        size_of(value)
    if isinstance(value, Mapping | list | tuple):
        for item in value.values() if isinstance(value, Mapping) else value:
            _all_sizes(item)


_MOST_ABOVE = 10
"""Lines between where a literal is named, as by the call that it is given to, and its text."""


def _placed(message: MessageTemplate, text: str) -> MessageTemplate:
    """The message at the line where its text begins in the file's `text`.

    That is the line it is said to stand at, or one below where its quotes or its call begin there.
    Where its lines are not those of the file, one in each, it keeps its line and says so.
    """
    if message.text is text or message.engine is None:
        return message
    own = [line.strip().replace("\\", "") for line in message.text.rstrip("\n").split("\n")]
    first = message.line - 1
    lines = _lines(text)[first : first + len(own) + _MOST_ABOVE]
    lines = [line.replace("\\", "") for line in lines]
    for above in range(_MOST_ABOVE + 1 if any(own) else 1):
        if all(map(contains, lines[above:], own)) and above + len(own) <= len(lines):
            return replace(message, line=message.line + above) if above else message
    return message if len(own) == 1 else replace(message, is_in_lines=False)


@lru_cache(maxsize=2)  # a file may hold a thousand prompts
def _lines(text: str) -> list[str]:
    return text.split("\n")


def _names_nothing(message: MessageTemplate, options: str) -> bool:
    if message.engine is None:
        return True
    references = _references(message.engine, message.text, options)
    return references.complete and not references.names


def _references(engine: str, text: str, options: str) -> References:
    return engines.by_name(engine).references(text, _parsed(options))


def _parsed(options: str) -> Mapping[str, Any]:
    if not options:
        return {}
    import json

    found: Mapping[str, Any] = json.loads(options)
    return found
