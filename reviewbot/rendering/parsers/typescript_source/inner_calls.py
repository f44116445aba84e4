"""Calls of models inside of expressions of which no part has a name: heads of loops, conditions."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from reviewbot.rendering.parsers._common.requests import RUN_A_MODEL, RUNS
from reviewbot.rendering.parsers.typescript_source.names import callee_of
from reviewbot.rendering.parsers.typescript_source.syntax import FUNCTIONS, Source

_WORD = re.compile(r"\w+")


def inner_calls(node: Node, source: Source) -> Iterator[tuple[str, Node]]:
    """The calls of models that stand in an expression, with their names; not those of functions."""
    is_possible = not RUN_A_MODEL.isdisjoint(_WORD.findall(source.text(node)))
    waiting = [node] if is_possible else []
    while waiting:
        item = waiting.pop()
        name = callee_of(item, source) if item.type == "call_expression" else ""
        if name in RUNS or (name in RUN_A_MODEL and _names_a_model(item, source)):
            yield name, item
        elif item.type not in FUNCTIONS:
            waiting += reversed(item.named_children)


def _names_a_model(call: Node, source: Source) -> bool:
    given = call.child_by_field_name("arguments")
    return given is not None and "model" in source.text(given)
