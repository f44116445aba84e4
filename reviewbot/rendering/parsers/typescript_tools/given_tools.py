"""The tools that calls of models are given by name: `tools: { find, route: route(user) }`."""

from typing import Any

from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.requests import LISTS, SYSTEM, USER
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.modules import Module
from reviewbot.rendering.parsers.typescript_source.names import callee_of
from reviewbot.rendering.parsers.typescript_source.objects import entries
from reviewbot.rendering.parsers.typescript_source.syntax import NAMES, line_of, named, unwrapped

_MOST_CALLS = 200
_MOST_TOOLS = 200
_SENT = (*SYSTEM, *USER, *LISTS)
_BINDING = {"bindTools", "bind_tools"}

Place = list[str]
"""The path of a file, and the name of what it defines."""


class GivenTools:
    """Reads the calls of one file."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._source = module.source
        self._reader = module.reader

    def found(self) -> list[dict[str, Any]]:
        """The calls of a file that are given tools, or whatever else is asked of models.

        Each has its first and last line, the places of its `tools`, None where these are not told,
        and those of what it `sends` by a name. `takes` says whether it is given tools at all, and
        `binds` that it only gives them to a model.
        """
        calls: list[dict[str, Any]] = []
        waiting = [self._source.root]
        while waiting and len(calls) < _MOST_CALLS:
            node = waiting.pop()
            waiting += reversed(node.named_children)
            if node.type in {"call_expression", "new_expression"}:
                calls += [call for call in [self._call(node)] if call is not None]
        return calls

    def _call(self, node: Node) -> dict[str, Any] | None:
        given = node.child_by_field_name("arguments")
        items = [unwrapped(item) for item in named(given)] if given is not None else []
        scope = self._module.scopes.at(node)
        tools: Node | None = None
        sent: list[Node] = []
        binds = False
        if items and callee_of(node, self._source) in _BINDING:
            tools, binds = items[0], True
        elif items and items[0].type == "object":
            keys = entries(items[0], self._source) or {}
            tools = keys.get("tools")
            sent = [keys[key] for key in _SENT if key in keys]
            if tools is None and not any(key in keys for key in (*SYSTEM, *LISTS)):
                return None
        if tools is None and not sent:
            return None
        lines = {"line": line_of(node), "last_line": node.end_point[0] + 1, "binds": binds}
        names = [place for item in sent for place in self._named(item, scope)]
        told = None if tools is None else self._tools(tools, scope)
        return {**lines, "takes": tools is not None, "tools": told, "sends": names}

    def _tools(self, node: Node, scope: Scope) -> list[Place] | None:
        """The places of tools in an object or a list; None where one of them is not told."""
        named_by = unwrapped(node)
        node, scope = self._reader.lookup.resolved(named_by, scope)
        if node.type not in {"object", "array"}:
            place = self._defined(named_by, scope)
            return None if place is None else [place]
        found: list[Place] = []
        for item in named(node)[:_MOST_TOOLS]:
            value = item.child_by_field_name("value") if item.type == "pair" else item
            if value is None or item.type == "spread_element":
                return None
            place = self._defined(unwrapped(value), scope)
            if place is None:
                return None
            found.append(place)
        return found

    def _defined(self, node: Node, scope: Scope) -> Place | None:
        """Where what a name, or a call of a named function, stands for is defined."""
        if node.type == "call_expression":
            function = node.child_by_field_name("function")
            return None if function is None else self._defined(unwrapped(function), scope)
        steps = self._source.steps(node)
        if not steps:
            return None
        declared = scope.resolve(steps[0])
        if declared is None:
            return None
        if declared.imported is None:
            is_of_module = declared.scope is self._module.scopes.module
            return [self._module.path, ".".join(steps)] if is_of_module else None
        try:
            place = self._reader.imports.place(declared, steps[1:])
        except TemplateError:
            return None
        return None if place is None else [place[0].path, ".".join(place[1])]

    def _named(self, node: Node, scope: Scope) -> list[Place]:
        """The places of the names in what is sent."""
        found: list[Place] = []
        waiting = [unwrapped(node)]
        while waiting and len(found) < _MOST_TOOLS:
            item = waiting.pop()
            place = self._defined(item, scope) if item.type in NAMES else None
            found += [] if place is None else [place]
            waiting += reversed(item.named_children)
        return found
