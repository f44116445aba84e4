"""A document as a tree of nodes that know their lines, and the limits of one."""

from typing import Any

from msgspec import Struct

MAX_CHARACTERS = 2**20


MAX_DEPTH_LEVELS = 32


MAX_NODES = 100_000
"""Limits of a document: its text; lists and mappings within each other; values and keys, counted
together."""


class Scalar(Struct, frozen=True, kw_only=True):
    """A single value.

    `line` is where its text begins: below the `|` or `>` of a block scalar.
    `text` is a string's content, and of anything else what is written: `1.10` stays `1.10`.
    `quoted` says that it is marked as a string, by quotes or as a block scalar.
    """

    line: int
    value: str | int | float | bool | None
    text: str
    quoted: bool = False


class ListNode(Struct, frozen=True, kw_only=True):
    """A list and the line that it begins in."""

    line: int
    items: tuple["Node", ...]


class Entry(Struct, frozen=True, kw_only=True):
    """A key, as it is written apart from quotes, and its value."""

    key: str
    key_line: int
    value: "Node"


class MappingNode(Struct, frozen=True, kw_only=True):
    """A mapping and the line that it begins in; the keys of its entries differ."""

    line: int
    entries: tuple[Entry, ...]

    def get(self, key: str) -> "Node | None":
        """The value under `key`; None where there is none."""
        return next((entry.value for entry in self.entries if entry.key == key), None)


Node = Scalar | ListNode | MappingNode


def plain(node: Node) -> Any:
    """`node` as Python's own data; it calls itself at most MAX_DEPTH_LEVELS deep."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    return {entry.key: plain(entry.value) for entry in node.entries}
