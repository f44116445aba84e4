"""Texts that an operator makes of two: sums, `||`, `&&`, `??`, and `condition ? a : b`."""

from typing import TYPE_CHECKING

from tree_sitter import Node

from reviewbot.rendering.parsers._common.texts import Operation, Text
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.operations import is_certain, is_text, joined
from reviewbot.rendering.parsers.typescript_source.syntax import unwrapped

if TYPE_CHECKING:
    from reviewbot.rendering.parsers.typescript_source.values import Reader

_LOGIC = {"||": "or", "&&": "and", "??": "nullish"}


class CombinedTexts:
    """Reads the operators of one file."""

    def __init__(self, reader: "Reader") -> None:
        self._reader = reader

    def binary(self, node: Node, scope: Scope) -> Text | None:
        """The text of `a + b`, `a || b`, `a && b` or `a ?? b`; None where no side is a text."""
        operator = node.child_by_field_name("operator")
        kind = operator.type if operator is not None else ""
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return None
        if kind not in _LOGIC:
            return self._sum(node, scope) if kind == "+" else None
        first, second = self._reader.value(left, scope), self._reader.value(right, scope)
        if not (is_text(first) or is_text(second)):
            return None
        if first is None:
            first = self._reader.hole(left, scope)
        if second is None:
            second = self._reader.hole(right, scope)
        if kind == "or" and isinstance(first, str) and first:
            return first
        return Operation(_LOGIC[kind], first, second)

    def _sum(self, node: Node, scope: Scope) -> Text | None:
        parts: list[Text | None] = []
        nodes: list[Node] = []
        waiting = [node]
        while waiting:
            node = unwrapped(waiting.pop())
            operator = node.child_by_field_name("operator")
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            is_sum = node.type == "binary_expression" and operator is not None
            if is_sum and operator is not None and operator.type == "+" and left and right:
                waiting += [right, left]
            else:
                parts.append(self._reader.value(node, scope))
                nodes.append(node)
        if not any(map(is_text, parts)):
            return None
        given = [
            self._reader.hole(at, scope) if part is None else part
            for part, at in zip(parts, nodes, strict=True)
        ]
        if any(map(is_certain, given[:2])):
            return joined(given)
        return Operation("plus", *given)

    def ternary(self, node: Node, scope: Scope) -> Text | None:
        """The text of `condition ? a : b`; None where no side is a text."""
        asked = node.child_by_field_name("condition")
        first, second = (node.child_by_field_name(n) for n in ("consequence", "alternative"))
        if asked is None or first is None or second is None:
            return None
        values = [self._reader.value(side, scope) for side in (first, second)]
        if not any(map(is_text, values)):
            return None
        both = [
            self._reader.hole(side, scope) if value is None else value
            for side, value in zip((first, second), values, strict=True)
        ]
        return Operation("if", self._reader.condition(asked, scope), *both)
