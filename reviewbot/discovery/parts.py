"""Prompts of source code that are pieces of others, and that no call sends by themselves."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from reviewbot import prompt_formats
from reviewbot.discovery.findings import Found
from reviewbot.discovery.name_uses import defines_function, named, uses_of
from reviewbot.prompt_formats._common.shown_words import shown
from reviewbot.prompts.own_sources import own_sources
from reviewbot.prompts.said_text import said
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.prompts.sources import LocatedMessage, Source
from reviewbot.repository.trees import Tree

Read = Sequence[tuple[Found, Source]]
"""The prompts that were read, each by itself."""


class Part(Struct, frozen=True, kw_only=True):
    """What a prompt is a part of: numbers of others.

    `wholes` have its text. `fields` are others that it fills a field of, with the field's name:
    there its text stands beside them.
    """

    wholes: tuple[int, ...] = ()
    fields: tuple[tuple[int, str], ...] = ()


class _Piece(Struct, frozen=True, kw_only=True):
    """A prompt that may be a part: the name that code uses it by, and what it says, no blanks."""

    name: str
    path: str
    said: str
    is_local: bool


_Variables = frozenset[tuple[str, str]]
"""Variables that take the text of a name first, each with the path of its file."""

_FIELD = re.compile(r"\{[^{}]{1,80}\}")
_PLACEHOLDER = re.compile(r"\{([^\W\d]\w{0,80})\}")
_NAME = re.compile(r"[\w$]+")


def added_in(found: Found) -> tuple[str, str] | None:
    """The function that adds a text to a list, as pieces of one text are; None where none does."""
    added = _ADDED.fullmatch(found.selector or "")
    is_piece = added is not None and len(found.text) < _LONGEST_PIECE
    return (found.path, f"{added[1]}.{added[2]}") if added is not None and is_piece else None


_ADDED = re.compile(r"([\w$.@]{1,200})\.(append|push)(?:@[0-9]{1,4})?\.0")
_LONGEST_PIECE = 1_000
"""Characters; what is longer may be a prompt of its own, in a list of several."""


def parts_of(read: Read, reader: SourceReader) -> Mapping[int, Part]:
    """The prompts that are parts of others, by number; of these others none is a part itself.

    A text that code uses otherwise than to put it into a text may be sent by itself: it is none,
    unless it is a message of as many prompts of that file as use it so.
    """
    tree = reader.tree
    texts = [_said(source) for _, source in read]
    pieces = {
        number: piece
        for number, (found, source) in enumerate(read)
        if (piece := _piece(found, source, texts[number], reader)) is not None
    }
    fields = [_fields(source) for _, source in read]
    maybe = {
        number: piece
        for number, piece in pieces.items()
        if any(
            piece.said in text or (fields[at] and item[0].path == piece.path)
            for at, (text, item) in enumerate(zip(texts, read, strict=True))
            if at != number
        )
    }
    found = {
        number: _part(number, maybe[number], uses, (read, texts, fields))
        for number, uses in (_uses(maybe, tree) if maybe else ())
        if _has_all(uses.messages, maybe[number], read, texts)
    }
    parts = {number: part for number, part in found.items() if part.wholes or part.fields}
    standing = {
        number: Part(
            wholes=tuple(at for at in part.wholes if at not in parts),
            fields=tuple((at, name) for at, name in part.fields if at not in parts),
        )
        for number, part in parts.items()
    }
    return {number: part for number, part in standing.items() if part.wholes or part.fields}


def _has_all(messages: Mapping[str, int], piece: _Piece, read: Read, texts: Sequence[str]) -> bool:
    """Whether as many prompts of each file have the text as send it there as a message."""
    if not messages:
        return True
    having = Counter(
        found.path
        for (found, _), text in zip(read, texts, strict=True)
        if piece.said in text and len(piece.said) < len(text)
    )
    return all(having[path] >= count for path, count in messages.items())


def _said(source: Source) -> str:
    """All that messages say, and what they are formatted with, without blanks."""
    told = [text for item in source.messages for text in (said(item.template), *_given(item))]
    return "\0".join("".join(text.split()) for text in told)


def _given(message: LocatedMessage) -> Iterator[str]:
    """The texts that fill placeholders by their names: `PROMPT.format(rules=RULES)`."""
    if message.template.engine == "python-text":
        waiting = [json.loads(message.template.text)]
        while waiting:
            item = waiting.pop()
            if isinstance(item, list):
                waiting += item
                named = item[3] if item[:1] == ["format"] and len(item) > _NAMED_AT else {}
                yield from map(shown, named.values())


_NAMED_AT = 3
"""Where an operation that formats has what it fills by name."""


def _piece(found: Found, source: Source, text: str, reader: SourceReader) -> _Piece | None:
    """A prompt that has a name in source code, and says something of some length.

    What one `return` of several gives goes by the name of its function.
    """
    selector = _RETURN.sub("", found.selector or "")
    name = selector.rpartition(".")[2]
    is_source = prompt_formats.of_source(found.path) is not None
    if not (is_source and name.isidentifier()) or not source.messages:
        return None
    if len(text) < _LEAST_CHARACTERS:
        return None
    above = selector.rpartition(".")[0].rpartition(".")[2].partition("@")[0]
    is_local = bool(above) and defines_function(above, reader.text(found.path))
    return _Piece(name=name, path=found.path, said=text, is_local=is_local)


_RETURN = re.compile(r"\.return(?:@[0-9]{1,4})?\Z")
_LEAST_CHARACTERS = 40


def _fields(source: Source) -> frozenset[str]:
    """What is put into the messages of a call: expressions of source code, and placeholders."""
    names: set[str] = set()
    for message in source.messages:
        if message.template.engine == "str-format":
            names.update(_PLACEHOLDER.findall(message.template.text))
        if message.template.engine in {"python-text", "typescript-text"}:
            waiting = [json.loads(message.template.text)]
            while waiting:
                item = waiting.pop()
                if isinstance(item, list):
                    waiting += item
                elif isinstance(item, dict):
                    names.update(filter(None, [item.get("name")]))
                    waiting += item.values()
    return frozenset(name for name in names if isinstance(name, str))


def _part(
    number: int,
    piece: _Piece,
    uses: "_Uses",
    others: tuple[Read, Sequence[str], Sequence[frozenset[str]]],
) -> Part:
    """What holds the text of a piece, or has a field that its name, or such a variable, fills."""
    wholes: list[int] = []
    fields: list[tuple[int, str]] = []
    own_name = named(piece.name)
    for at, ((found, source), text, names) in enumerate(zip(*others, strict=True)):
        if at == number or not {piece.path} & {found.path, *source.files}:
            continue
        is_filled = uses.is_returned and found.path == piece.path
        if (piece.said in text and len(piece.said) < len(text)) or (
            is_filled and piece.said in _FIELD.sub("", text)
        ):
            wholes.append(at)
            continue
        filled = [
            name
            for name in sorted(names)
            if (found.path, name) in uses.variables or own_name.search(name)
        ]
        fields += [(at, name) for name in filled[:1] if found.path == piece.path]
    return Part(wholes=tuple(wholes), fields=tuple(fields))


class _Uses(Struct, frozen=True, kw_only=True):
    """What takes a name first, how often it is a message in each file, and whether it is given."""

    variables: _Variables
    messages: Mapping[str, int]
    is_returned: bool


def _uses(pieces: Mapping[int, _Piece], tree: Tree) -> Iterator[tuple[int, _Uses]]:
    """The pieces whose names the project's source only puts into texts, or sends with others.

    Nothing where there is too much of it.
    """
    waiting = dict(pieces)
    used: set[int] = set()
    returned: set[int] = set()
    variables: dict[int, set[tuple[str, str]]] = {number: set() for number in pieces}
    messages: dict[int, Counter[str]] = {number: Counter() for number in pieces}
    left = _MOST_CHARACTERS
    for path, text in own_sources(tree):
        left -= len(text)
        if left < 0:
            return
        for name, numbers in _named_in(text, path, waiting).items():
            for use in uses_of(name, text, path):
                used.update(numbers)
                if not (use.is_put_in or use.is_message or use.is_returned):
                    for number in numbers:
                        del waiting[number]
                    break
                returned.update(numbers if use.is_returned else ())
                for number in numbers:
                    messages[number].update([path] if use.is_message else [])
                    variables[number].update([(path, use.variable)] if use.variable else [])
    for number in waiting:
        if number in used:
            found = frozenset(variables[number])
            is_given = number in returned
            yield number, _Uses(variables=found, messages=messages[number], is_returned=is_given)


def _named_in(text: str, path: str, pieces: Mapping[int, _Piece]) -> Mapping[str, Sequence[int]]:
    """The pieces that a file may use, by their names."""
    said = set(_NAME.findall(text)) if pieces else set()
    found: dict[str, list[int]] = {}
    for number, piece in pieces.items():
        if piece.name in said and (path == piece.path or not piece.is_local):
            found.setdefault(piece.name, []).append(number)
    return found


_MOST_CHARACTERS = 48_000_000
"""Of source that is looked through, twice what is searched for prompts; beyond that nobody knows
whether a text is sent by itself, so it is no part."""
