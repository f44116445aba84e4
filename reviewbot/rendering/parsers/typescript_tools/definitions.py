"""Finds the tools of one TypeScript or JavaScript file, and what each is defined as."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.names import selector
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.modules import Module
from reviewbot.rendering.parsers.typescript_source.names import callee_of
from reviewbot.rendering.parsers.typescript_source.objects import entries, key_of
from reviewbot.rendering.parsers.typescript_source.scopes import CLASSES
from reviewbot.rendering.parsers.typescript_source.syntax import (
    FUNCTIONS,
    line_of,
    named,
    unwrapped,
)
from reviewbot.rendering.parsers.typescript_tools.schemas import Schemas
from reviewbot.rendering.parsers.typescript_tools.written_tools import WrittenTools

_MAKERS = {
    *(
        "tool",
        "createTool",
        "DynamicStructuredTool",
        "DynamicTool",
        "StructuredTool",
        "zodFunction",
    ),
    *("registerTool", "defineTool", "FunctionTool", "betaZodTool", "addTool"),
}
_OF_TOOLS = re.compile(r"Tool(?:<[^<>]{0,200}>)?\s*\Z")
"""What a class is made of that is a tool: `extends StructuredTool`."""
_REGISTER = {"tool", "registerTool"}
_CALLS = {"call_expression", "new_expression"}
_MOST = 2_000


class Definitions:
    """The tools of a module by their names in it."""

    def __init__(self, module: Module) -> None:
        self._source = module.source
        self._schemas = Schemas(module.reader)
        self._written = WrittenTools(module.source, self._schemas)
        self._found: dict[str, Any] = {}

    def found(self) -> dict[str, Any]:
        """What `tools_of` hands out."""
        scopes = self._schemas.scopes
        waiting: list[tuple[Node, tuple[str, ...], Scope]] = [
            (self._source.root, (), scopes.module)
        ]
        while waiting:
            node, path, outer = waiting.pop()
            scope = scopes.of(node, outer)
            own = (*path, name) if (name := self._name_of(node)) else path
            value = node.child_by_field_name("value") if name else None
            inner = unwrapped(value) if value is not None else node
            if self._defined(inner, own, scope, is_named=value is not None):
                continue
            if node.type in CLASSES:
                self._class(node, own, scope)
            waiting += [(child, own, scope) for child in reversed(node.named_children)]
        return self._found

    def _defined(self, node: Node, path: tuple[str, ...], scope: Scope, *, is_named: bool) -> bool:
        """Whether an expression defines tools or a schema, which are kept then."""
        if node.type in _CALLS and callee_of(node, self._source) in _MAKERS:
            if self._registered(node, path, scope):
                return True
            if is_named or self._written.is_described(node, scope):
                made = partial(self._written.called, node, path, scope)
                self._keep(self._free(path, node, scope), node, made, is_offered=True)
                return True
        elif node.type in _CALLS and self._registered(node, path, scope):
            return True
        items = named(node) if node.type == "array" else [node]
        if items and all(self._written.is_definition(item) for item in items):
            at = path if is_named else self._free(path, node, scope)
            self._keep(at, node, lambda: [self._schemas.value(item, scope) for item in items])
            return True
        if is_named and path and self._written.is_schema(node, scope):
            self._keep(path, node, lambda: [self._written.of_schema(path[-1], node, scope)])
            return True
        return False

    def _free(self, path: tuple[str, ...], node: Node, scope: Scope) -> tuple[str, ...]:
        """The path of a tool in a function: the function's own, else with the tool's name."""
        if path and selector(path) not in self._found:
            return path
        try:
            said = self._written.name_in(self._written.keys_in(node, scope))
        except TemplateError:
            said = None
        return (*path, said) if isinstance(said, str) and said else (*path, f"@{line_of(node)}")

    def _name_of(self, node: Node) -> str:
        kinds = {"variable_declarator", "pair", "method_definition", *FUNCTIONS, *CLASSES}
        if node.type not in kinds:
            return ""
        name = node.child_by_field_name("name") or node.child_by_field_name("key")
        if name is None or name.type in {"object_pattern", "array_pattern"}:
            return ""
        return key_of(name, self._source)

    def _class(self, node: Node, path: tuple[str, ...], scope: Scope) -> None:
        """`class Search extends Tool { name = "search"; description = "…"; }`."""
        parents = [item for item in node.named_children if item.type == "class_heritage"]
        keys = entries(node, self._source) or {}
        is_tool = any(_OF_TOOLS.search(self._source.text(item)) for item in parents)
        if is_tool and {"name", "description"} <= keys.keys():
            made = partial(self._written.of_class, node, keys, scope)
            self._keep(path, node, made, is_offered=True)

    def _registered(self, node: Node, path: tuple[str, ...], scope: Scope) -> bool:
        """Whether it is `server.registerTool("name", {…}, …)` or `server.tool("name", "…", …)`."""
        function = node.child_by_field_name("function")
        is_method = function is not None and function.type == "member_expression"
        given = node.child_by_field_name("arguments")
        if not is_method or given is None or callee_of(node, self._source) not in _REGISTER:
            return False
        items = [unwrapped(item) for item in named(given)]
        if not items or items[0].type not in {"string", "identifier", "member_expression"}:
            return False
        try:
            name = self._schemas.value(items[0], scope)
        except TemplateError:
            return False
        if not isinstance(name, str):
            return False
        made = partial(self._written.with_shape, name, items[1:], scope)
        self._keep((*path, name), node, made, is_offered=True)
        return True

    def _keep(
        self,
        path: tuple[str, ...],
        node: Node,
        read: Callable[[], list[Any]],
        *,
        is_offered: bool = False,
    ) -> None:
        if len(self._found) >= _MOST or not path:
            return
        try:
            said: dict[str, Any] = {"line": line_of(node), "definitions": read()}
        except TemplateError as error:
            line = error.line or line_of(node)
            said = {"line": line, "problem": error.what, "mend": error.mend}
        self._found[selector(path)] = {**said, "is_offered": is_offered}
