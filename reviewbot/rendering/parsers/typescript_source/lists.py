"""Lists of texts that are joined: written out, with conditions in them, and added to by `push`."""

from typing import TYPE_CHECKING

from msgspec import Struct
from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.texts import Operation, Text, relocated
from reviewbot.rendering.parsers.typescript_source.declarations import Declaration, Scope
from reviewbot.rendering.parsers.typescript_source.operations import TRUE
from reviewbot.rendering.parsers.typescript_source.syntax import (
    FUNCTIONS,
    NAMES,
    Source,
    line_of,
    named,
    unwrapped,
)

if TYPE_CHECKING:
    from reviewbot.rendering.parsers.typescript_source.values import Reader

_MEND = "add to it in the block that declares it and in its conditions"


class Lists:
    """Reads the lists of one file."""

    def __init__(self, reader: "Reader") -> None:
        self._reader = reader

    def joined(self, node: Node, arguments: list[Node], scope: Scope) -> Text | None:
        """What `list.join(separator)` gives; None where the list is not written out."""
        separator: Text = ","
        if arguments:
            separator = self._reader.value_or_hole(arguments[0], scope)
        node, is_filtered = self._filtered(unwrapped(node))
        items = self.items(node, scope)
        if items is None:
            return None
        if not is_filtered and isinstance(separator, str) and all(map(_is_string, items)):
            return separator.join(items)
        return Operation("list", separator, items, is_filtered)

    def items(self, node: Node, scope: Scope) -> list[Text] | None:
        """The items of a list that is written out."""
        node = unwrapped(node)
        if node.type == "array":
            return self._written(node, scope)
        found = scope.resolve(self._reader.source.text(node)) if node.type == "identifier" else None
        if (told := self._reader.imported(node, scope)) is not None:
            reader, there, where = told
            items = Lists(reader).items(there, where)
            return None if items is None else relocated(items, line_of(node))
        if found is None or found.value is None or found.writes or found.is_again:
            return None
        value = unwrapped(found.value)
        if value.type != "array":
            return None
        items = self._written(value, found.scope)
        return self._pushed(found, items, before=node) if found.changes else items

    def _written(self, node: Node, scope: Scope) -> list[Text]:
        items: list[Text] = []
        for item in named(node):
            if item.type != "spread_element":
                items.append(self._reader.value_or_hole(item, scope))
                continue
            items.append(self._spread(unwrapped(named(item)[0]), scope))
        return items

    def _spread(self, node: Node, scope: Scope) -> Text:
        """`...(condition ? [text] : [])`, and what only the running program knows."""
        if node.type == "ternary_expression":
            asked, *sides = (
                node.child_by_field_name(name)
                for name in ("condition", "consequence", "alternative")
            )
            found = [self.items(side, scope) for side in sides if side is not None]
            if asked is not None and None not in found:
                return Operation("items", self._reader.condition(asked, scope), *found)
        inner = self.items(node, scope)
        if inner is not None:
            return Operation("items", TRUE, inner, [])
        return Operation("spread", self._reader.hole(node, scope))

    def _pushed(self, found: Declaration, items: list[Text], before: Node) -> list[Text] | None:
        """The list with what is pushed before a place, each in its block or in a condition there.

        Raises:
            TemplateError: It is changed in another way.
        """
        declaration = found.node.parent
        block = declaration.parent if declaration is not None else None
        for keys, place in found.changes:
            if block is not None and not _may_run_before(place, before, block):
                continue
            pushed = pushed_by(place, self._reader.source) if not keys else None
            if pushed is None or block is None or place.start_byte > before.start_byte:
                raise changed_at(place)
            added: list[Text] = [self._reader.value_or_hole(item, found.scope) for item in pushed]
            for asked, is_other in conditions_of(place, block):
                said = self._reader.condition(asked, found.scope)
                added = [Operation("items", said, *([[], added] if is_other else [added, []]))]
            items = [*items, *added]
        return items

    def _filtered(self, node: Node) -> tuple[Node, bool]:
        """A list behind `.filter(Boolean)`, which drops what is empty."""
        function, given = (node.child_by_field_name(n) for n in ("function", "arguments"))
        if node.type != "call_expression" or function is None or given is None:
            return node, False
        on, name = (function.child_by_field_name(n) for n in ("object", "property"))
        if on is None or name is None:
            return node, False
        is_filter = (self._reader.source.text(name), self._reader.source.text(given)) == (
            "filter",
            "(Boolean)",
        )
        return (unwrapped(on), True) if is_filter else (node, False)


class Added(Struct, frozen=True, kw_only=True):
    """A list and what is pushed to it; `unclear` is a change that is not followed."""

    items: list[Node]
    scope: Scope
    unclear: Node | None


def pushed_to(node: Node, scope: Scope, source: Source) -> Added | None:
    """The list of a name with what is pushed before a place; None of one that is not changed."""
    node = unwrapped(node)
    found = scope.resolve(source.text(node)) if node.type in NAMES else None
    value = unwrapped(found.value) if found is not None and found.value is not None else None
    if found is None or value is None or value.type != "array" or not found.changes:
        return None
    declaration = found.node.parent
    block = declaration.parent if declaration is not None else None
    items, unclear = [*named(value)], None
    for keys, place in found.changes:
        if block is not None and not _may_run_before(place, node, block):
            continue
        pushed = pushed_by(place, source) if not keys else None
        is_later = place.start_byte > node.start_byte
        if pushed is None or block is None or is_later or not _is_certain(place, block):
            unclear = unclear or place
        items += pushed or []
    return Added(items=items, scope=found.scope, unclear=unclear)


def _may_run_before(place: Node, node: Node, block: Node) -> bool:
    """Whether a change may be made before a place is reached; `block` declares what is changed.

    Functions may be called before they are declared, and those that hold the place later.
    """
    own = _function_of(block)
    is_elsewhere = _function_of(place) != own or _function_of(node) != own
    return is_elsewhere or place.start_byte <= _last_turn(node)


def _function_of(node: Node) -> Node | None:
    """The function around a node, or that whose body it is."""
    above: Node | None = node
    while above is not None and above.type not in FUNCTIONS:
        above = above.parent
    return above


def _last_turn(node: Node) -> int:
    """Where a place is reached for the last time: what stands in its loops is before it, too."""
    end = node.start_byte
    above = node.parent
    while above is not None and above.type not in FUNCTIONS:
        if above.type in _LOOPS:
            end = above.end_byte
        above = above.parent
    return end


_LOOPS = {"for_statement", "for_in_statement", "while_statement", "do_statement"}


def _is_certain(place: Node, block: Node) -> bool:
    try:
        return not conditions_of(place, block)
    except TemplateError:
        return False


def pushed_by(place: Node, source: Source) -> list[Node] | None:
    """What a call of `push` adds; None of other changes of a list."""
    function, given = (place.child_by_field_name(n) for n in ("function", "arguments"))
    name = function.child_by_field_name("property") if function is not None else None
    if name is None or given is None or source.text(name) != "push":
        return None
    items = named(given)
    return None if any(item.type == "spread_element" for item in items) else items


def conditions_of(place: Node, block: Node) -> list[tuple[Node, bool]]:
    """The conditions around a place in a block, each with whether it stands behind `else`.

    Raises:
        TemplateError: It stands in a loop, a function, or another block that is not followed.
    """
    found: list[tuple[Node, bool]] = []
    node = place.parent
    while node is not None and node.id != block.id:
        above = node.parent
        asked = above.child_by_field_name("condition") if above is not None else None
        if above is not None and above.type == "if_statement" and asked is not None:
            found.append((asked, node.type == "else_clause"))
        elif node.type not in _FOLLOWED:
            raise changed_at(place)
        node = above
    return found


_FOLLOWED = {"expression_statement", "statement_block", "if_statement", "else_clause"}


def _is_string(said: Text) -> bool:
    return isinstance(said, str)


def changed_at(place: Node) -> TemplateError:
    """The error of a list that is changed in a way that is not followed."""
    line = line_of(place)
    return TemplateError(f"is changed by code in line {line}", _MEND, line=line)
