"""The calls in other files that send a constant, by which its workflow's model is known."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from reviewbot import prompt_formats
from reviewbot.errors import MeasurementError, Place
from reviewbot.prompt_formats._common.call_site import ModelCall
from reviewbot.prompts.own_sources import own_sources
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.rendering.parsers._common.known_models import is_known_model

_NAME = re.compile(r"[\w$]+")
_LEAST_CHARACTERS = 20
"""Of a text, without blanks; a shorter one may stand in any call."""

_LONGEST_VALUE = 200
"""Characters of a value in a line, beside as many as the line has."""

_LEAST_HELD = 0.9
"""Of the characters of a text's lines, how many a call sends: values may be filled in there."""

_MOST_FILES = 300
_MOST_CHARACTERS = 6_000_000
"""Of files whose calls are read; of a workflow that others may send, no model is known."""


_Named = tuple[str | None, str | None]
"""The model of a call, and the one that it falls back to."""


class Caller(Struct, frozen=True, kw_only=True):
    """The model that calls name which send a workflow's prompts, and the first of them.

    `model` is None where one computes it, or they name several, or one that nobody knows; then
    `default_model` is the known one that all of them name or fall back to. `several` are the models
    that they name, each with its first call, where all of them name one.
    """

    model: str | None
    default_model: str | None = None
    place: Place
    several: tuple[tuple[str, Place], ...] = ()


class Sent(Struct, frozen=True, kw_only=True):
    """A text of source code whose calls are sought: its file, its selector, and what it says."""

    workflow: str
    path: str
    selector: str | None
    text: str


class _Wanted(Struct, frozen=True, kw_only=True):
    """A text whose calls are sought, its lines without blanks, and the name that code uses."""

    workflow: str
    name: str
    path: str
    lines: tuple[str, ...]

    def is_whole(self, sent: str) -> bool:
        """Whether a call's text without blanks holds all of it."""
        return "".join(self.lines) in sent

    def is_filled(self, sent: str) -> bool:
        """Whether a call's text holds it line by line, but for lines in which values stand.

        All that such a line says stands there too, and not much beside it.
        """
        held = position = 0
        waiting = ""
        for line in self.lines:
            at = sent.find(line, position)
            first = position if held else max(0, at - _room(waiting))
            if at < 0:
                waiting += line
            elif _is_within(waiting, sent[first:at]):
                held, position, waiting = held + len(line), at + len(line), ""
            else:
                return False
        rest = sent[position : position + _room(waiting)]
        return held >= _LEAST_HELD * sum(map(len, self.lines)) and _is_within(waiting, rest)


def _is_within(said: str, sent: str) -> bool:
    """Whether a piece of a text is another one with values in it."""
    signs = iter(sent)
    return len(sent) <= _room(said) and all(sign in signs for sign in said)


def _room(said: str) -> int:
    return 2 * len(said) + _LONGEST_VALUE


def _sent_in(sent: str, meant: Iterable[_Wanted], wanted: Sequence[_Wanted]) -> Iterator[_Wanted]:
    """Those of the texts that a call sends; one that differs is none beside another whole one."""
    for item in meant:
        if item.is_whole(sent) or (
            item.is_filled(sent) and not any(other.is_whole(sent) for other in wanted)
        ):
            yield item


def callers_of(texts: Iterable[Sent], reader: SourceReader) -> Mapping[str, Caller]:
    """What the calls name as their model that send a workflow's texts, by its name."""
    wanted = [
        _Wanted(workflow=item.workflow, name=name, path=item.path, lines=lines)
        for item in texts
        if (name := _name_of(item))
        and sum(map(len, lines := _lines(item.text))) >= _LEAST_CHARACTERS
    ]
    called: dict[str, dict[_Named, Place]] = {}
    files, left = 0, _MOST_CHARACTERS
    lost: set[str] = set()
    for path, text in own_sources(reader.tree) if wanted else ():
        said = {*_NAME.findall(text)}
        meant = [item for item in wanted if item.path == path or item.name in said]
        if not meant:
            continue
        files, left = files + 1, left - len(text)
        if files > _MOST_FILES or left < 0:
            lost.update(item.workflow for item in meant)
            continue
        for call in _calls(path, reader):
            sent = ["".join(text.split()) for text in call.texts]
            place = Place(file=path, line=call.line)
            for item in (found for one in sent for found in _sent_in(one, meant, wanted)):
                named = call.model, call.default_model
                called.setdefault(item.workflow, {}).setdefault(named, place)
    return {name: _caller(models) for name, models in called.items() if name not in lost}


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for each in text.splitlines() if (line := "".join(each.split())))


def _caller(models: Mapping[_Named, Place]) -> Caller:
    place = next(iter(models.values()))
    model, default = _one_of(model for model, _ in models), _one_of(a or b for a, b in models)
    several = tuple((named, at) for (named, _), at in models.items() if named is not None)
    return Caller(
        model=model,
        default_model=None if model else default,
        place=place,
        several=several if len(several) == len(models) else (),
    )


def _one_of(models: Iterable[str | None]) -> str | None:
    """The one known model that calls name; None where one names none."""
    named = {*models}
    model = named.pop() if len(named) == 1 else None
    return model if model is not None and is_known_model(model) else None


def _name_of(found: Sent) -> str:
    """The name that other files use a text of source code by; empty where it has none."""
    if prompt_formats.of_source(found.path) is None or found.selector is None:
        return ""
    name = found.selector.partition(".")[0].partition("@")[0]
    return name if name.isidentifier() else ""


def _calls(path: str, reader: SourceReader) -> Iterator[ModelCall]:
    chosen = prompt_formats.of_source(path)
    if chosen is None:
        return
    try:
        file = reader.prompts.text_of(path, None)
    except MeasurementError:
        return
    yield from prompt_formats.model_calls(prompt_formats.by_name(chosen), file)
