"""Prompts that are named by a position: where their texts stand once others come before them."""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.configuration.settings import PromptReference, Workflow
from reviewbot.errors import MeasurementError, NoSuchPromptError
from reviewbot.prompt_formats._common.positions import plain_selector, without_positions
from reviewbot.prompts.assignment import assigned
from reviewbot.prompts.said_text import said
from reviewbot.prompts.source_reader import SourceReader

_MOST_AROUND = 100
"""Positions before one, and behind it, whose texts are read where each is read by itself."""

_DIGITS = 6


class Positions:
    """Follows texts from one tree to another; `paths` are the files that differ, old and new."""

    def __init__(self, was: SourceReader, now: SourceReader, paths: Mapping[str, str]) -> None:
        self._was, self._now = _Reader(was), _Reader(now)
        self._paths = paths
        self._moves: dict[tuple[str, tuple[str, ...]], Mapping[str, str | None]] = {}

    def selector_now(self, workflow: Workflow, item: PromptReference) -> str | None:
        """What selects now the text that `item` selected; its own selector where nobody knows.

        None where no text is like it, and another one has its position.
        """
        path = self._paths.get(item.path)
        if item.selector is None or path is None:
            return item.selector
        name = plain_selector(item.selector)
        key = item.path, (name,) if name.isdecimal() else without_positions(name)
        if key not in self._moves:
            was = self._was.beside(workflow, item)
            now = self._now.beside(workflow, replace(item, path=path)) if was else {}
            self._moves[key] = assigned(was, now) if now and was != now else {}
        found = self._moves[key].get(name, name)
        return item.selector if found == name else found


class _Reader:
    """Reads the texts that a selector would name with other positions, in one tree."""

    def __init__(self, reader: SourceReader) -> None:
        self._reader = reader
        self._of_source: dict[str, Mapping[tuple[str, ...], Mapping[str, str]]] = {}

    def beside(self, workflow: Workflow, item: PromptReference) -> Mapping[str, str]:
        """The texts by their selectors, in order; none of a file that cannot be read."""
        language = prompt_formats.of_source(item.path)
        chosen = prompt_formats.by_name(item.format)
        if self._reader.tree.entry(item.path) is None:
            return {}
        try:
            if language is not None:
                name = plain_selector(item.selector or "")
                return self._families(item.path, language).get(without_positions(name), {})
            if prompt_formats.selects(chosen):
                return dict(self._probed(workflow, item))
            from reviewbot.prompts import entries

            return entries.beside(self._reader.prompts.text_of(item.path, item.selector))
        except MeasurementError:
            return {}

    def _families(self, path: str, language: str) -> Mapping[tuple[str, ...], Mapping[str, str]]:
        """The texts of a source file, those together that are told apart by positions only."""
        if path not in self._of_source:
            file = self._reader.prompts.text_of(path, None)
            found: dict[tuple[str, ...], dict[str, str]] = {}
            for name, text in prompt_formats.texts(prompt_formats.by_name(language), file).items():
                found.setdefault(without_positions(name), {})[name] = text
            self._of_source[path] = found
        return self._of_source[path]

    def _probed(self, workflow: Workflow, item: PromptReference) -> Iterator[tuple[str, str]]:
        """The texts around one of a format that counts its prompts from 0, but for unreadable ones.

        One that is not among those around its old position counts as gone.
        """
        selector = item.selector or ""
        if not selector.isdecimal() or len(selector) > _DIGITS:
            return
        place = int(selector)
        for number in range(max(0, place - _MOST_AROUND), place + _MOST_AROUND):
            there = replace(item, selector=str(number))
            try:
                prompt = self._reader.prompts.prompt(there, workflow.templates)
            except NoSuchPromptError:
                return
            except MeasurementError:
                continue
            yield str(number), "\n".join(map(said, prompt.file.messages))
