"""What functions of TypeScript return where nothing outside of it says otherwise."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.syntax import FUNCTIONS, named
from reviewbot.rendering.parsers.typescript_source.usual_choices import (
    UndecidedError,
    UsualChoices,
)

if TYPE_CHECKING:
    from reviewbot.rendering.parsers.typescript_source.model_factories import Way


def returned(choices: UsualChoices, way: "Way", statements: Iterable[Node]) -> Node | None:
    """What statements of a function return; None where they go on."""
    for statement in statements:
        found = None
        if statement.type == "return_statement":
            value = next(iter(named(statement)), None)
            if value is None:
                raise UndecidedError
            return value
        if statement.type == "throw_statement":
            raise UndecidedError
        if not _holds(statement, "return_statement"):
            continue
        if statement.type == "if_statement":
            found = returned(choices, way, _branch(choices, way, statement))
        elif statement.type == "switch_statement":
            found = returned(choices, way, _case(choices, way, statement))
        elif statement.type in {"try_statement", "statement_block"}:
            inner = _block(statement.child_by_field_name("body") or statement)
            found = returned(choices, way, inner)
        else:
            raise UndecidedError
        if found is not None:
            return found
    return None


def _branch(choices: UsualChoices, way: "Way", statement: Node) -> list[Node]:
    """The statements of an `if` that are run; a branch that only refuses the call is none."""
    asked, *sides = (
        statement.child_by_field_name(name) for name in ("condition", "consequence", "alternative")
    )
    if asked is None:
        raise UndecidedError
    for side, other in (sides, sides[::-1]):
        if (
            side is not None
            and not _holds(side, "return_statement")
            and _holds(side, "throw_statement")
        ):
            return _block(other)
    return _block(sides[0] if choices.holds(way, asked) else sides[1])


def _case(choices: UsualChoices, way: "Way", statement: Node) -> list[Node]:
    """The statements of a `switch` from the case on that its value has."""
    value, body = (statement.child_by_field_name(name) for name in ("value", "body"))
    cases = named(body) if body is not None else []
    if value is None:
        raise UndecidedError
    meant = choices.value(way, value)
    chosen = usual = None
    for number, case in enumerate(cases):
        own = case.child_by_field_name("value")
        if own is None:
            usual = number
        elif chosen is None and choices.value(way, own) == meant:
            chosen = number
    first = chosen if chosen is not None else usual
    found: list[Node] = []
    for case in cases[first:] if first is not None else []:
        found += case.children_by_field_name("body")
        if any(item.type in {"break_statement", "return_statement"} for item in found):
            break
    return found


def _block(node: Node | None) -> list[Node]:
    """The statements of a block, or the one that stands instead of it."""
    if node is None:
        return []
    if node.type == "else_clause":
        return [one for item in named(node) for one in _block(item)]
    return named(node) if node.type == "statement_block" else [node]


def _holds(node: Node, kind: str) -> bool:
    """Whether a statement has one of a kind in it, but for functions in it."""
    waiting = [node]
    while waiting:
        item = waiting.pop()
        if item.type == kind:
            return True
        if item.type not in FUNCTIONS:
            waiting += item.named_children
    return False
