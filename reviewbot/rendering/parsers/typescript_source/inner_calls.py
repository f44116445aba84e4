"""Calls of models inside of expressions of which no part has a name: heads of loops, conditions."""

from collections.abc import Iterator

from tree_sitter import Node

from reviewbot.rendering.parsers._common.requests import RUN_A_MODEL, RUNS
from reviewbot.rendering.parsers.typescript_source.names import callee_of
from reviewbot.rendering.parsers.typescript_source.syntax import FUNCTIONS, Source


def inner_calls(node: Node, source: Source) -> Iterator[tuple[str, Node]]:
    """The calls of models that stand in an expression, with their names; not those of functions."""
    waiting = [node]
    while waiting:
        item = waiting.pop()
        name = callee_of(item, source) if item.type == "call_expression" else ""
        given = item.child_by_field_name("arguments")
        names_a_model = given is not None and "model" in source.text(given)
        if name in RUNS or (name in RUN_A_MODEL and names_a_model):
            yield name, item
        elif item.type not in FUNCTIONS:
            waiting += reversed(item.named_children)
