"""What a function of TypeScript is given by the call that is followed into it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.declarations import (
    Declaration,
    Scope,
    bound,
    default_of,
)
from reviewbot.rendering.parsers.typescript_source.scopes import parameters
from reviewbot.rendering.parsers.typescript_source.syntax import named, unwrapped

if TYPE_CHECKING:
    from reviewbot.rendering.parsers.typescript_source.values import Reader

    Place = tuple[Reader, Node, Scope]

Given = tuple[tuple[Declaration, "Place"], ...]
"""Parameters with the expressions that calls give for them."""

_MEANT: ContextVar[frozenset[tuple[int, int]]] = ContextVar("what is given", default=frozenset())


def given_by(call: "Place", function: "Place") -> Given:
    """The parameters of a function with what a call gives, else with their defaults."""
    caller, node, scope = call
    reader, called, outer = function
    inside = reader.scopes.of(called, outer)
    arguments = node.child_by_field_name("arguments")
    items = named(arguments) if arguments is not None else []
    if any(item.type == "spread_element" for item in items):
        items = [arguments for _ in parameters(called) if arguments is not None]
    found: list[tuple[Declaration, Place]] = []
    for number, parameter in enumerate(parameters(called)):
        pattern = parameter.child_by_field_name("pattern") or parameter
        whole = items[number] if number < len(items) else None
        for name in bound(pattern):
            declared = inside.names.get(reader.source.text(name))
            if declared is None or declared.is_again or declared.writes:
                continue
            given = whole if name == pattern else None
            where = scope
            if whole is not None and name != pattern:
                told = caller.lookup.below(whole, (reader.source.text(name),), scope)
                given, where = told or (None if _is_written(whole) else arguments, scope)
            if given is not None:
                found.append((declared, _meant(caller, given, where)))
            elif (usual := default_of(declared)) is not None and inside.outer is not None:
                found.append((declared, (reader, usual, inside.outer)))
    return tuple(found)


def _is_written(node: Node) -> bool:
    """Whether all keys of an object are known."""
    node = unwrapped(node)
    return node.type == "object" and all(item.type != "spread_element" for item in named(node))


def _meant(reader: "Reader", node: Node, scope: Scope) -> "Place":
    """What an argument stands for in the place of the call."""
    node, scope = reader.lookup.made(node, scope)
    return reader.imported(node, scope) or (reader, node, scope)


@contextmanager
def within(given: Given) -> Iterator[None]:
    """Read what functions do with what they are given."""
    before = [(declared, declared.given) for declared, _ in given]
    token = _MEANT.set(_MEANT.get() | said(given))
    for declared, place in given:
        declared.given = place
    try:
        yield
    finally:
        for declared, earlier in before:
            declared.given = earlier
        _MEANT.reset(token)


def said(given: Given) -> frozenset[tuple[int, int]]:
    """By what some arguments differ from others."""
    return frozenset((id(declared), place[1].id) for declared, place in given)


def meant_now() -> frozenset[tuple[int, int]]:
    """By what the arguments that are known now differ from others."""
    return _MEANT.get()
