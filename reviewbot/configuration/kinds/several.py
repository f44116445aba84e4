"""Kinds that hold other values: lists, mappings with names of the user's choice, and data."""

import re
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from reviewbot.configuration.kinds.positions import (
    At,
    Kind,
    RejectedError,
    Schema,
    need_mapping,
    read_all,
    shown_key,
)
from reviewbot.configuration.kinds.sections import Section
from reviewbot.configuration.kinds.single import Text
from reviewbot.configuration.kinds.sizes import check_sizes
from reviewbot.configuration.meant_values import typed
from reviewbot.documents import Entry, ListNode, MappingNode, Node, Scalar, plain

T = TypeVar("T")


class ListOf(Generic[T]):
    """A list. Where `or_one` is set, a single item counts as a list of one."""

    def __init__(self, item: Kind[T], *, or_one: bool = False, at_least: int = 0) -> None:
        self.item = item
        self.or_one = or_one
        self.at_least = at_least

    def read(self, node: Node, at: At) -> tuple[T, ...]:
        """The items in order."""
        if self.or_one and not isinstance(node, ListNode):
            return (self.item.read(node, at),)
        if not isinstance(node, ListNode):
            is_empty = isinstance(node, Scalar) and node.value is None
            what = "nothing stands here" if is_empty else "this is not a list"
            mend = f"write it as a list: `- …` or `[{self._given(node, at)}]`"
            if isinstance(self.item, Section) and not is_empty:
                mend = _as_entries(self.item, node)
            raise at.reject(node.line, what, mend)
        if len(node.items) < self.at_least:
            raise at.reject(node.line, "the list is empty", "give at least one item")
        self._refuse_split(node, at)
        try:
            items = read_all((i, self.item, item, at.item(i)) for i, item in enumerate(node.items))
        except RejectedError as error:
            raise RejectedError(tuple(error.good.values())) from None
        return tuple(items.values())

    def _refuse_split(self, node: ListNode, at: At) -> None:
        """Refuse items whose keys complete the item above, as if each key began one.

        Raises:
            RejectedError: There are such.
        """
        if not isinstance(self.item, Section):
            return
        required = {key for key, field in self.item.fields.items() if field.required}
        above: set[str] = set()
        is_split = False
        for number, item in enumerate(node.items):
            keys = {it.key for it in item.entries} if isinstance(item, MappingNode) else set()
            is_part = bool(keys) and keys <= self.item.fields.keys() and not required <= keys
            is_other = not number or not above or keys & above
            if is_part and not is_other and required - above <= keys:
                is_split = True
                is_inline = item.line == node.items[number - 1].line
                mend = (
                    "write both in the same braces"
                    if is_inline
                    else "write two blanks instead of `- `"
                )
                what = f"`{_first_key(item)}` begins an entry of its own"
                at.item(number).report(item.line, what, f"{mend}: it belongs to the entry above")
                above |= keys
            else:
                above = keys
        if is_split:
            raise RejectedError

    def _given(self, node: Node, at: At) -> str:
        """The items that stand in place of a list, where they can be items of one."""
        if not isinstance(node, Scalar) or not re.fullmatch(r"[\w ./*@,-]{1,60}", node.text):
            return "…, …"
        texts = [text.strip() for text in node.text.split(",")]
        aside = At(at.file, at.key, [])
        try:
            for text in texts:
                self.item.read(Scalar(line=node.line, value=text, text=text, quoted=True), aside)
        except RejectedError:
            return "…, …"
        return ", ".join(map(typed, texts))

    def schema(self) -> Schema:
        """An array."""
        array = {"type": "array", "items": self.item.schema(), "minItems": self.at_least}
        return {"anyOf": [self.item.schema(), array]} if self.or_one else array


def _as_entries(item: Section[Any], node: Node) -> str:
    """How to write a list of mappings in place of one mapping, or of something else."""
    if isinstance(node, MappingNode) and node.entries:
        key = node.entries[0].key
        inner = [entry.value for entry in node.entries if entry.key not in item.fields]
        are_entries = all(isinstance(value, MappingNode) for value in inner)
        if "name" in item.fields and len(inner) == len(node.entries) and are_entries:
            return f"write `- name: {typed(key)}` in place of `{key}:`, and so for each"
        return f"write `- {key}:` instead of `{key}:`, and indent its other lines by 2 blanks more"
    keys = [key for key, field in item.fields.items() if field.required]
    return f"write it as a list of entries: `[{{{', '.join(f'{key}: …' for key in keys)}}}]`"


def _first_key(item: Node) -> str:
    return item.entries[0].key if isinstance(item, MappingNode) and item.entries else ""


_NAMES = ("name", "id", "key", "workflow", "tier", "model")
"""Keys under which the items of a list have their names."""


class MapOf(Generic[T]):
    """Entries under names of the user's choice, which must match `name`."""

    def __init__(self, name: Text, item: Kind[T]) -> None:
        self.name = name
        self.item = item

    def read(self, node: Node, at: At) -> dict[str, T]:
        """The entries in order."""
        self._refuse_list(node, at)
        mapping = need_mapping(node, at, f"{self.name.example}: …", may_be_empty=True)
        astray = list(self._astray(mapping))
        stray_keys = {entry.key for entry, _ in astray}
        for entry, name in astray:
            what = f"`{entry.key}` stands beside `{name}`, as if it were a name"
            at.into(entry.key).report(entry.key_line, what, f"indent it under `{name}`")
        for entry in mapping.entries:
            if not re.fullmatch(self.name.pattern, entry.key):
                otherwise = f"name it like {typed(self.name.example)}"
                at.report(entry.key_line, *self.name.refusal(entry.key, otherwise))
        found = read_all(
            (entry.key, self.item, entry.value, at.into(shown_key(entry.key)))
            for entry in mapping.entries
            if entry.key not in stray_keys
        )
        if astray:
            raise RejectedError(found)
        return found

    def _refuse_list(self, node: Node, at: At) -> None:
        """Refuse a list whose items bring their names."""
        items = node.items if isinstance(node, ListNode) else ()
        named = [(item, self._named(item)) for item in items]
        for item, mend in named:
            if mend is not None:
                at.report(item.line, "this is a list, and no mapping", mend)
        if any(mend is not None for _, mend in named):
            raise RejectedError

    def _named(self, item: Node) -> str | None:
        """How to write an item under the name that it brings; None where it brings none."""
        entries = item.entries if isinstance(item, MappingNode) else ()
        for entry in entries:
            name = entry.value.text if isinstance(entry.value, Scalar) else ""
            is_own = isinstance(self.item, Section) and entry.key in self.item.fields
            if entry.key not in _NAMES or is_own or not self.name.matches(name):
                continue
            if entry is entries[0]:
                return f"write `{name}:` instead of `- {entry.key}: {name}`"
            return f"write `{name}:` in a line above, and two blanks instead of `- `"
        return None

    def _astray(self, mapping: MappingNode) -> Iterator[tuple[Entry, str]]:
        """Entries that are a key of the item before them, with that one's name."""
        if not isinstance(self.item, Section):
            return
        fields = self.item.fields
        required = {key for key, field in fields.items() if field.required}
        name = None
        for entry in mapping.entries:
            own = entry.value.entries if isinstance(entry.value, MappingNode) else ()
            if name and entry.key in fields and not required <= {item.key for item in own}:
                yield entry, name
            else:
                name = entry.key

    def schema(self) -> Schema:
        """An object with properties of any name of the kind."""
        return {
            "type": "object",
            "propertyNames": {"pattern": self.name.schema()["pattern"]},
            "additionalProperties": self.item.schema(),
        }


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
        value: dict[str, Any] = plain(need_mapping(node, at))
        return value

    def schema(self) -> Schema:
        """An object."""
        return {"type": "object"}


class Variables(Data):
    """A sample's variables, whose `{tokens: 1_200}` have to be sizes."""

    def read(self, node: Node, at: At) -> dict[str, Any]:
        """The mapping as plain data."""
        check_sizes(node, at)
        return super().read(node, at)
