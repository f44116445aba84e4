"""The kinds of value that a configuration is made of.

A kind reads a node and says everything that is wrong with it, and it gives its own JSON Schema, so
that the file's shape is written down once (in `shape`) and the published schema cannot differ.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from reviewbot.documents import Entry, ListNode, MappingNode, Node, Scalar, plain
from reviewbot.errors import Place, Problem

K = TypeVar("K")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Schema = dict[str, Any]


class RejectedError(Exception):
    """The value is wrong; what is wrong with it stands in the problems already.

    `good` is what could be read of a list or mapping; None where nothing could.
    """

    def __init__(self, good: Any = None) -> None:
        self.good = good
        super().__init__()


class At:
    """A position in the file being read, and the list that its problems go to."""

    def __init__(self, file: str, key: str, problems: list[Problem]) -> None:
        self.file = file
        self.key = key
        self.problems = problems

    def into(self, key: str) -> "At":
        """The position of an entry below this one."""
        return At(self.file, f"{self.key}.{key}" if self.key else key, self.problems)

    def item(self, index: int) -> "At":
        """The position of a list's item, counted from 0."""
        return At(self.file, f"{self.key}[{index}]", self.problems)

    def place(self, line: int) -> Place:
        """The place of `line` at this position."""
        return Place(file=self.file, line=line, key=self.key or None)

    def report(self, line: int, what: str, mend: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(what=what, mend=mend, place=self.place(line)))

    def reject(self, line: int, what: str, mend: str) -> RejectedError:
        """Add a problem, and give the error to raise."""
        self.report(line, what, mend)
        return RejectedError()


class Kind(Protocol[T_co]):
    """How one kind of value is read and described."""

    def read(self, node: Node, at: At) -> T_co:
        """The value of `node`.

        Raises:
            RejectedError: It is wrong; every reason is among `at.problems`.

        """
        ...

    def schema(self) -> Schema:
        """The JSON Schema (2020-12) of what `read` accepts."""
        ...


class Amount(Generic[T]):
    """A scalar that `parse` turns into base units; `example` is what would be right."""

    def __init__(self, parse: Callable[[str], T], what: str, example: str) -> None:
        self.parse = parse
        self.what = what
        self.example = example

    def read(self, node: Node, at: At) -> T:
        """The amount in base units."""
        if not isinstance(node, Scalar) or node.value is None or isinstance(node.value, bool):
            raise at.reject(node.line, f"this is not {self.what}", f"write it like {self.example}")
        try:
            return self.parse(node.text.strip())
        except ValueError as error:
            what = f"{shown(node.text)} is not {self.what} ({error})"
            raise at.reject(node.line, what, f"write it like {self.example}") from None

    def schema(self) -> Schema:
        """A string or a number."""
        return {"type": ["string", "number"], "description": self.what, "examples": [self.example]}


class Text:
    """A string that matches a pattern as a whole."""

    def __init__(self, pattern: str, what: str, example: str) -> None:
        self.pattern = pattern
        self.what = what
        self.example = example

    def read(self, node: Node, at: At) -> str:
        """The string."""
        mend = f"write it like {self.example}"
        if not isinstance(node, Scalar) or node.value is None or isinstance(node.value, bool):
            raise at.reject(node.line, f"this is not {self.what}", mend)
        if not self.matches(node.text):
            raise at.reject(node.line, f"{shown(node.text)} is not {self.what}", mend)
        return node.text

    def matches(self, text: str) -> bool:
        """Whether the text is such a string."""
        return re.fullmatch(self.pattern, text) is not None

    def schema(self) -> Schema:
        """A string."""
        return {"type": "string", "description": self.what, "examples": [self.example]}


class Flag:
    """`true` or `false`."""

    def read(self, node: Node, at: At) -> bool:
        """The flag."""
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        raise at.reject(node.line, "this is neither true nor false", "write true or false")

    def schema(self) -> Schema:
        """A boolean."""
        return {"type": "boolean"}


class Choice:
    """One of some words, given when they are needed."""

    def __init__(self, words: Callable[[], Sequence[str]]) -> None:
        self.words = words

    def read(self, node: Node, at: At) -> str:
        """The word."""
        words = self.words()
        if isinstance(node, Scalar) and node.text in words:
            return node.text
        given = shown(node.text) if isinstance(node, Scalar) else "this"
        near = _nearest(node.text, words) if isinstance(node, Scalar) else None
        mend = f"did you mean {str(near)!r}?" if near else f"use one of {', '.join(words)}"
        raise at.reject(node.line, f"{given} is not one of {', '.join(words)}", mend)

    def schema(self) -> Schema:
        """An enumeration; a word of digits may stand there as a number."""
        words = list(self.words())
        return {"enum": [*words, *(int(word) for word in words if word.isdecimal())]}


class ListOf(Generic[T]):
    """A list, or where `or_one` is set a single item in its place."""

    def __init__(self, item: Kind[T], *, or_one: bool = False, at_least: int = 0) -> None:
        self.item = item
        self.or_one = or_one
        self.at_least = at_least

    def read(self, node: Node, at: At) -> tuple[T, ...]:
        """The items in order."""
        if self.or_one and not isinstance(node, ListNode):
            return (self.item.read(node, at),)
        if not isinstance(node, ListNode):
            raise at.reject(
                node.line, "this is not a list", "write it as a list: `- …` or `[…, …]`"
            )
        if len(node.items) < self.at_least:
            raise at.reject(node.line, "the list is empty", "give at least one item")
        try:
            items = _read_all((i, self.item, item, at.item(i)) for i, item in enumerate(node.items))
        except RejectedError as error:
            raise RejectedError(tuple(error.good.values())) from None
        return tuple(items.values())

    def schema(self) -> Schema:
        """An array."""
        array = {"type": "array", "items": self.item.schema(), "minItems": self.at_least}
        return {"anyOf": [self.item.schema(), array]} if self.or_one else array


class MapOf(Generic[T]):
    """Entries under names of the user's choice, which must match `name`."""

    def __init__(self, name: Text, item: Kind[T]) -> None:
        self.name = name
        self.item = item

    def read(self, node: Node, at: At) -> dict[str, T]:
        """The entries in order."""
        mapping = _mapping(node, at)
        for entry in mapping.entries:
            if not re.fullmatch(self.name.pattern, entry.key):
                what = f"{shown(entry.key)} is not {self.name.what}"
                at.report(entry.key_line, what, f"name it like {self.name.example}")
        return _read_all(
            (entry.key, self.item, entry.value, at.into(shown_key(entry.key)))
            for entry in mapping.entries
        )

    def schema(self) -> Schema:
        """An object with any properties."""
        return {"type": "object", "additionalProperties": self.item.schema()}


class OneOf(Generic[T]):
    """A scalar form and a mapping form of the same thing."""

    def __init__(self, scalar: Kind[T], mapping: Kind[T]) -> None:
        self.scalar = scalar
        self.mapping = mapping

    def read(self, node: Node, at: At) -> T:
        """The value, in whichever form it is written."""
        return (self.mapping if isinstance(node, MappingNode) else self.scalar).read(node, at)

    def schema(self) -> Schema:
        """Either form."""
        return {"anyOf": [self.scalar.schema(), self.mapping.schema()]}


class Data:
    """Data of any shape, such as a sample's variables."""

    def read(self, node: Node, at: At) -> dict[str, Any]:
        """The mapping as plain data."""
        value: dict[str, Any] = plain(_mapping(node, at))
        return value

    def schema(self) -> Schema:
        """An object."""
        return {"type": "object"}


class Field:
    """One key of a `Section`: its kind, what it means, and whether it must be there."""

    def __init__(self, kind: Kind[Any], meaning: str, *, required: bool = False) -> None:
        self.kind = kind
        self.meaning = meaning
        self.required = required


class Section(Generic[T]):
    """A mapping with known keys; `build` gets those present as keyword arguments, and its place.

    `check` reports what is wrong between keys. It gets the mapping and what could be read of its
    fields, so that it has its say beside other mistakes.
    """

    def __init__(
        self,
        build: Callable[..., T],
        fields: Mapping[str, Field],
        check: Callable[[At, MappingNode, Mapping[str, Any]], None] | None = None,
    ) -> None:
        self.build = build
        self.fields = fields
        self.check = check

    def read(self, node: Node, at: At) -> T:
        """What `build` makes of the fields."""
        mapping = _mapping(node, at)
        known = len(at.problems)
        _refuse_unknown(mapping, self.fields, at)
        present = {entry.key: entry for entry in mapping.entries if entry.key in self.fields}
        missing = [k for k, wanted in self.fields.items() if wanted.required and k not in present]
        for key in missing:
            mend = f"add it: {self.fields[key].meaning}"
            at.into(key).report(node.line, f"the key `{key}` is missing", mend)
        is_good = not missing
        try:
            values = _read_all(
                (key, self.fields[key].kind, entry.value, at.into(key))
                for key, entry in present.items()
            )
        except RejectedError as error:
            values, is_good = error.good, False
        if self.check is not None:
            self.check(at, mapping, values)
        if not is_good or (self.check is not None and len(at.problems) > known):
            raise RejectedError
        return self.build(at=at, line=node.line, **values)

    def schema(self) -> Schema:
        """An object without further properties."""
        return {
            "type": "object",
            "properties": {
                key: field.kind.schema() | {"description": field.meaning}
                for key, field in self.fields.items()
            },
            "required": [key for key, field in self.fields.items() if field.required],
            "additionalProperties": False,
        }


def section(build: Callable[..., T], fields: Mapping[str, Field]) -> Section[T]:
    """A `Section` whose keys are `build`'s own keyword arguments, and which needs no place."""

    def without_place(at: At, line: int, **values: Any) -> T:
        del at, line
        return build(**values)

    return Section(without_place, fields)


def shown(text: str) -> str:
    """Text from the file, quoted and cut for a message."""
    return repr(text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…")


def shown_key(key: str) -> str:
    """A key from the file, for a key path."""
    return key if re.fullmatch(r"[\w/:*.@-]{1,80}", key) else shown(key)


_SHOWN_CHARACTERS = 60


def _mapping(node: Node, at: At) -> MappingNode:
    if isinstance(node, MappingNode):
        return node
    raise at.reject(node.line, "this is not a mapping", "write it as `key: value` lines")


def _refuse_unknown(mapping: MappingNode, known: Mapping[str, Field], at: At) -> None:
    before: Entry | None = None
    for entry in mapping.entries:
        if entry.key not in known:
            at.into(shown_key(entry.key)).report(
                entry.key_line, *_unknown_key(entry, before, known)
            )
        before = entry


def _unknown_key(entry: Entry, before: Entry | None, known: Mapping[str, Field]) -> tuple[str, str]:
    if (
        before is not None
        and re.fullmatch(r"[0-9]{3}(\.[0-9]+)?(/[a-z]+)?", entry.key)
        and isinstance(entry.value, Scalar)
        and entry.value.value is None
        and isinstance(before.value, Scalar)
        and re.fullmatch(r"\$?[0-9]{1,3}", before.value.text)
    ):
        split = f"{before.value.text},{entry.key}"
        return (
            f"YAML reads the unquoted `{split}` as `{before.value.text}` and a key `{entry.key}`",
            f'quote it, "{split}", or write {split.replace(",", "_")}',
        )
    near = _nearest(entry.key, known)
    mend = f"did you mean `{near}`?" if near else f"use one of {', '.join(f'`{k}`' for k in known)}"
    return f"the key {shown(entry.key)} is unknown", mend


def _nearest(text: str, words: Iterable[str]) -> str | None:
    import difflib

    near = difflib.get_close_matches(text[:_SHOWN_CHARACTERS], list(words), 1)
    return near[0] if near else None


def _read_all(readings: Iterable[tuple[K, Kind[T], Node, At]]) -> dict[K, T]:
    """What each kind reads of its node; all are tried, so that every problem is reported.

    Raises:
        RejectedError: One is wrong; its `good` are the others, and the good parts of wrong ones.
    """
    good: dict[K, T] = {}
    rejected = False
    for key, kind, node, at in readings:
        try:
            good[key] = kind.read(node, at)
        except RejectedError as error:
            rejected = True
            if error.good is not None:
                good[key] = error.good
    if rejected:
        raise RejectedError(good)
    return good
