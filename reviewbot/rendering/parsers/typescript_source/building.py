"""Texts that statements put together: `let prompt = …; prompt += …; if (…) prompt += …;`."""

from typing import TYPE_CHECKING, Any

from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.texts import Operation, Text, strings_in
from reviewbot.rendering.parsers.typescript_source.declarations import Declaration, Scope
from reviewbot.rendering.parsers.typescript_source.operations import is_text, joined
from reviewbot.rendering.parsers.typescript_source.syntax import (
    FUNCTIONS,
    line_of,
    named,
    unwrapped,
)

if TYPE_CHECKING:
    from reviewbot.rendering.parsers.typescript_source.values import Reader

_ENDS = {"return_statement", "throw_statement", "break_statement", "continue_statement"}
_MEND = "set it once, or add to it in the block that declares it and in its conditions"


class Builder:
    """Follows the statements that add to a name, in its own block and in conditions there."""

    def __init__(self, reader: "Reader") -> None:
        self._reader = reader

    def built(self, found: Declaration, at: Node | None) -> Text | None:
        """The value of a name at a place, or behind all of its block.

        Raises:
            TemplateError: It is set in a way that is not followed.
        """
        block = _block(found.node)
        name = found.node.child_by_field_name("name")
        if block is None or name is None or name.type != "identifier":
            return None
        first: Text | None = Operation("undefined")
        if found.value is not None:
            first = self._reader.value(found.value, found.scope)
        is_unknown = first is None or not (is_text(first) or first[0] in {"value", "undefined"})
        if is_unknown and found.value is not None:
            first = self._reader.hole(found.value, found.scope)
        end = at.start_byte if at is not None else block.end_byte
        if _is_inside_function(at, block):
            end = block.end_byte
        run = _Run(self._reader, found, end)
        parts, _ = run.follow(_behind(block, found.node), [first], found.scope)
        if is_unknown and not any(text for part in parts for text in strings_in(part)):
            return None
        return joined(parts) if is_text(parts[0]) or len(parts) > 1 else parts[0]


class _Run:
    def __init__(self, reader: "Reader", found: Declaration, end: int) -> None:
        self._reader = reader
        self._end = end
        self._name = reader.source.text(found.node.child_by_field_name("name") or found.node)
        self._writes = [item for item in found.writes if item.start_byte < end]

    def follow(
        self, statements: list[Node], parts: list[Text], scope: Scope
    ) -> tuple[list[Text], bool]:
        """The parts of the text behind some statements, and whether the block is left there."""
        for statement in statements:
            if statement.start_byte >= self._end:
                break
            if statement.type in _ENDS:
                return parts, True
            if statement.type == "if_statement":
                parts = self._branches(statement, parts, scope)
                continue
            writes = [item for item in self._writes if _holds(statement, item)]
            expression = next(iter(named(statement)), statement)
            if writes and statement.type == "statement_block":
                inner = self._reader.scopes.of(statement, scope)
                parts, is_left = self.follow(named(statement), parts, inner)
                if is_left:
                    return parts, True
            elif writes and expression.id == writes[0].id:
                parts = self._written(expression, parts, scope)
            elif writes:
                line = line_of(writes[0])
                what = f"is changed in line {line}, in a loop or a block that is not followed"
                raise TemplateError(what, _MEND, line=line)
        return parts, False

    def _written(self, node: Node, parts: list[Text], scope: Scope) -> list[Text]:
        right = node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        if right is None:
            raise self._unclear(node)
        if node.type == "augmented_assignment_expression":
            if operator is None or operator.type != "+=":
                raise self._unclear(node)
            return [*parts, self._reader.value_or_hole(right, scope)]
        return self._set(right, parts, scope)

    def _set(self, right: Node, parts: list[Text], scope: Scope) -> list[Text]:
        """`prompt = prompt + …` and a template that begins with the name add; others replace."""
        right = unwrapped(right)
        left, rest, operator = (
            right.child_by_field_name(name) for name in ("left", "right", "operator")
        )
        is_sum = operator is not None and operator.type == "+" and left is not None
        if is_sum and rest and self._is_own(left) and not self._names_itself(rest):
            return [*parts, self._reader.value_or_hole(rest, scope)]
        if not self._names_itself(right):
            return [self._reader.value_or_hole(right, scope)]
        if right.type != "template_string":
            raise self._unclear(right)
        before, *others = self._reader.source.pieces(right)
        own = others.pop(0) if others else before
        is_first = before == "" and self._is_own(own)
        if not is_first or any(map(self._names_itself, others)):
            raise self._unclear(right)
        added = [
            item if isinstance(item, str) else self._reader.value_or_hole(item, scope)
            for item in others
        ]
        return [*parts, *added]

    def _names_itself(self, node: Node | str) -> bool:
        return not isinstance(node, str) and any(map(self._is_own, _all(node)))

    def _branches(self, node: Node, parts: list[Text], scope: Scope) -> list[Text]:
        asked, then, other = (
            node.child_by_field_name(name) for name in ("condition", "consequence", "alternative")
        )
        if asked is None or then is None:
            raise self._unclear(node)
        first, is_left = self._side(then, parts, scope)
        second, is_other_left = self._side(other, parts, scope)
        if self._is_in(then) or is_other_left:
            return first
        if is_left or (other is not None and self._is_in(other)):
            return second
        if first is parts and second is parts:
            return parts
        return _chosen(self._reader.condition(asked, scope), parts, first, second)

    def _side(self, side: Node | None, parts: list[Text], scope: Scope) -> tuple[list[Text], bool]:
        if side is None:
            return parts, False
        body = named(side)[0] if side.type == "else_clause" else side
        return self.follow(_statements(body), parts, self._reader.scopes.of(body, scope))

    def _is_in(self, node: Node) -> bool:
        """Whether the value is asked for inside of a branch."""
        return node.start_byte <= self._end < node.end_byte

    def _is_own(self, node: Node | str | None) -> bool:
        if node is None or isinstance(node, str):
            return False
        node = unwrapped(node)
        return node.type == "identifier" and self._reader.source.text(node) == self._name

    def _unclear(self, node: Node) -> TemplateError:
        line = line_of(node)
        return TemplateError(f"is changed in line {line} in a way not followed", _MEND, line=line)


def _chosen(
    condition: Any, before: list[Text], first: list[Text], second: list[Text]
) -> list[Text]:
    count = len(before)
    if not all(
        len(side) >= count and all(a is b for a, b in zip(side, before, strict=False))
        for side in (first, second)
    ):
        return [Operation("if", condition, joined(first), joined(second))]
    ends = joined(first[count:]), joined(second[count:])
    return before if ends == ("", "") else [*before, Operation("if", condition, *ends)]


def _block(node: Node) -> Node | None:
    """The block that a declaration stands in."""
    declaration = node.parent
    block = declaration.parent if declaration is not None else None
    if block is not None and block.type == "export_statement":
        block = block.parent
    is_block = block is not None and block.type in {"statement_block", "program"}
    return block if is_block else None


def _behind(block: Node, declarator: Node) -> list[Node]:
    return [item for item in named(block) if item.start_byte >= declarator.end_byte]


def _statements(body: Node | None) -> list[Node]:
    if body is None:
        return []
    return named(body) if body.type == "statement_block" else [body]


def _holds(outer: Node, inner: Node) -> bool:
    return bool(outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte)


def _is_inside_function(at: Node | None, block: Node) -> bool:
    """Whether a place stands in a function of its own inside of a block."""
    node = at.parent if at is not None else None
    while node is not None and node.id != block.id:
        if node.type in FUNCTIONS:
            return True
        node = node.parent
    return False


def _all(node: Node) -> list[Node]:
    found = [node]
    for item in found:
        found += item.named_children
    return found
