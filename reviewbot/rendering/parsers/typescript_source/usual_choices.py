"""What TypeScript chooses where nothing outside of it says otherwise.

What the environment gives is not there; arguments are what the call that is followed gives, or have
their defaults.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.default_texts import default_text
from reviewbot.rendering.parsers.typescript_source.setting_values import SettingValues
from reviewbot.rendering.parsers.typescript_source.syntax import Source, named, unwrapped

if TYPE_CHECKING:
    from reviewbot.rendering.parsers.typescript_source.model_factories import Way

_DEEPEST = 12
"""Conditions that stand in each other, and names that stand for each other."""

_CHANGES: dict[str, Callable[[str], str]] = {
    "toLowerCase": str.lower,
    "toUpperCase": str.upper,
    "trim": str.strip,
}
_ASKS: dict[str, Callable[[str, str], bool]] = {
    "startsWith": str.startswith,
    "endsWith": str.endswith,
}
_SAME = {"===": True, "==": True, "!==": False, "!=": False}
_BOTH = {"&&", "||"}
_CONSTANTS = {"true": True, "false": False, "null": None, "undefined": None}
_OF_ENVIRONMENT = re.compile(r"(?:process|import\.meta|Bun)\.env\b")
_THERE = {"new_expression", "object", "array", "arrow_function"}


class UndecidedError(Exception):
    """The source does not tell what is chosen."""


class UsualChoices:
    """Decides conditions; `is_settled` as long as nothing outside could decide them otherwise.

    All of its methods raise an UndecidedError where the source does not tell.
    """

    def __init__(self) -> None:
        self.is_settled = True

    def chosen(self, way: "Way") -> Node | None:
        """What `c ? a : b`, `a ?? b` and `a || b` give; None of other expressions."""
        node = unwrapped(way.node)
        if node.type == "ternary_expression":
            asked, *sides = (
                node.child_by_field_name(name)
                for name in ("condition", "consequence", "alternative")
            )
            if asked is None:
                raise UndecidedError
            return sides[0] if self.holds(way, asked) else sides[1]
        operator, left, right = (
            node.child_by_field_name(name) for name in ("operator", "left", "right")
        )
        if node.type != "binary_expression" or operator is None or left is None:
            return None
        if way.reader.source.text(operator) not in {"??", "||"}:
            return None
        return left if self.holds(way, left) else right

    def holds(self, way: "Way", node: Node, depth: int = 0) -> bool:
        """Whether a condition is met."""
        node = unwrapped(node)
        if depth > _DEEPEST:
            raise UndecidedError
        source = way.reader.source
        inner = node.child_by_field_name("argument")
        if node.type == "unary_expression" and source.text(node.children[0]) == "!" and inner:
            return not self.holds(way, inner, depth + 1)
        if node.type == "binary_expression":
            return self._joined(way, node, depth + 1)
        called = _method(node, source)
        if called is not None and called[1] in _ASKS and len(called[2]) == 1:
            told = [self.value(way, side, depth + 1) for side in (called[0], called[2][0])]
            if isinstance(told[0], str) and isinstance(told[1], str):
                return _ASKS[called[1]](told[0], told[1])
        return bool(self.value(way, node, depth))

    def _joined(self, way: "Way", node: Node, depth: int) -> bool:
        """Whether a comparison, or a condition of two, is met."""
        operator, left, right = (
            node.child_by_field_name(name) for name in ("operator", "left", "right")
        )
        said = way.reader.source.text(operator) if operator is not None else ""
        if left is not None and right is not None and said in _BOTH:
            sides = (self.holds(way, side, depth) for side in (left, right))
            return all(sides) if said == "&&" else any(sides)
        if left is None or right is None or said not in _SAME:
            raise UndecidedError
        return (self.value(way, left, depth) == self.value(way, right, depth)) is _SAME[said]

    def value(self, way: "Way", node: Node, depth: int = 0) -> object:
        """A text or another constant, True of what is there; None of what only others give."""
        if depth > _DEEPEST:
            raise UndecidedError
        reader = way.reader
        node, scope = reader.lookup.made(node, way.scope)
        if (told := reader.imported(node, scope)) is not None:
            return self.value(way.at(*told), told[1], depth + 1)
        here = way.at(reader, node, scope)
        called = _method(node, reader.source)
        if called is not None and called[1] in _CHANGES and not called[2]:
            inner = self.value(here, called[0], depth + 1)
            return _CHANGES[called[1]](inner) if isinstance(inner, str) else inner
        chosen = self.chosen(here)
        return self._own(here) if chosen is None else self.value(here, chosen, depth + 1)

    def _own(self, way: "Way") -> object:
        """What an expression stands for by itself."""
        reader, node, scope = way.reader, way.node, way.scope
        if node.type in _CONSTANTS:
            return _CONSTANTS[node.type]
        if (text := SettingValues(reader).short(node, scope)) is not None:
            return text
        if node.type in _THERE or _creates(node, reader.source):
            return True
        self.is_settled = False
        if _OF_ENVIRONMENT.match(reader.source.text(node)):
            return None
        if (text := default_text(reader, node, scope)) is not None:
            return text
        raise UndecidedError


def _method(node: Node, source: Source) -> tuple[Node, str, list[Node]] | None:
    """What a method is called on, its name, and what it is given."""
    called, given = (node.child_by_field_name(name) for name in ("function", "arguments"))
    if node.type != "call_expression" or called is None or given is None:
        return None
    on, name = (called.child_by_field_name(key) for key in ("object", "property"))
    return None if on is None or name is None else (on, source.text(name), named(given))


def _creates(node: Node, source: Source) -> bool:
    """Whether a call makes a client: `createOpenAI({ … })`."""
    called = node.child_by_field_name("function") if node.type == "call_expression" else None
    return called is not None and source.text(called).startswith("create")
