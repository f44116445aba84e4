"""The tools that calls of models are given by name: `tools=[search, route]`, `bind_tools([…])`."""

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.requests import LISTS, SYSTEM, USER
from reviewbot.rendering.parsers.python_source.called_models import name_of
from reviewbot.rendering.parsers.python_source.scopes import steps_of
from reviewbot.rendering.parsers.python_tools.names import Names

_MOST_CALLS = 200
_MOST = 200
_SENT = {*SYSTEM, *USER, *LISTS}

Place = list[str]
"""The path of a file, and the name of what it defines."""


def given_tools(nodes: Iterable[ast.AST], names: Names) -> list[dict[str, Any]]:
    """The calls among the nodes of a file that are given tools, or instructions or messages beside.

    Each has its first and last line, the places of its `tools`, None where these are not told, and
    those of what it `sends` by a name. `takes` says whether it is given tools at all, and `binds`
    that it only gives them to a model.
    """
    found: list[dict[str, Any]] = []
    for node in nodes:
        if isinstance(node, ast.Call) and len(found) < _MOST_CALLS:
            given = {item.arg: item.value for item in node.keywords if item.arg}
            tools = given.get("tools")
            binds = name_of(node) == "bind_tools" and bool(node.args)
            if binds:
                tools = node.args[0]
            sent = [value for key, value in given.items() if key in _SENT]
            if tools is None and given.keys().isdisjoint({*SYSTEM, *LISTS}):
                continue
            found.append(
                {
                    "line": node.lineno,
                    "last_line": node.end_lineno or node.lineno,
                    "binds": binds,
                    "takes": tools is not None,
                    "tools": None if tools is None else _tools(tools, names),
                    "sends": [place for value in sent for place in _named(value, names)],
                }
            )
    return found


def _tools(node: ast.expr, names: Names) -> list[Place] | None:
    """The places of tools in a list, or of a name; None where one of them is not told."""
    if isinstance(node, ast.Name) and isinstance(
        told := names.constants.get(node.id), ast.List | ast.Tuple
    ):
        if not all(steps_of(item) or isinstance(item, ast.Call) for item in told.elts):
            place = _defined(node, names)
            return None if place is None else [place]
        node = told
    if not isinstance(node, ast.List | ast.Tuple):
        place = _defined(node, names)
        return None if place is None else [place]
    found = [_defined(item, names) for item in node.elts[:_MOST]]
    return [place for place in found if place is not None] if all(found) else None


def _defined(node: ast.expr, names: Names) -> Place | None:
    """Where what a name, or a call of a named function or class, stands for is defined."""
    steps = steps_of(node.func if isinstance(node, ast.Call) else node)
    if not steps:
        return None
    try:
        return names.place(steps) or names.own_place(steps)
    except TemplateError:
        return None


def _named(node: ast.expr, names: Names) -> Iterator[Place]:
    for item in ast.walk(node):
        if isinstance(item, ast.Name) and (place := _defined(item, names)) is not None:
            yield place
