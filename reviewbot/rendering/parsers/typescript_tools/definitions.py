"""Finds the tools of one TypeScript or JavaScript file, and what each is defined as."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.names import selector
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.names import callee_of
from reviewbot.rendering.parsers.typescript_source.objects import entries, key_of
from reviewbot.rendering.parsers.typescript_source.scopes import CLASSES
from reviewbot.rendering.parsers.typescript_source.syntax import (
    FUNCTIONS,
    Source,
    line_of,
    named,
    unwrapped,
)
from reviewbot.rendering.parsers.typescript_tools.schemas import Schemas

_SCHEMAS = ("inputSchema", "input_schema", "parameters", "schema", "parametersJsonSchema")
_JSON_SCHEMAS = frozenset(_SCHEMAS) - {"schema"}
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

    def __init__(self, source: Source) -> None:
        self._source = source
        self._schemas = Schemas(source)
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
            value = node.child_by_field_name("value")
            if value is not None and name:
                self._value(unwrapped(value), own, scope)
            elif node.type in _CALLS:
                self._registered(node, own, scope)
            if node.type in CLASSES:
                self._class(node, own, scope)
            waiting += [(child, own, scope) for child in reversed(node.named_children)]
        return self._found

    def _name_of(self, node: Node) -> str:
        kinds = {"variable_declarator", "pair", "method_definition", *FUNCTIONS, *CLASSES}
        if node.type not in kinds:
            return ""
        name = node.child_by_field_name("name") or node.child_by_field_name("key")
        if name is None or name.type in {"object_pattern", "array_pattern"}:
            return ""
        return key_of(name, self._source)

    def _value(self, node: Node, path: tuple[str, ...], scope: Scope) -> None:
        """A named value that is a tool, or a list of some."""
        if node.type in _CALLS and callee_of(node, self._source) in _MAKERS:
            self._keep(path, node, lambda: [self._called(node, path, scope)], is_offered=True)
            return
        items = named(node) if node.type == "array" else [node]
        if items and all(self._is_definition(item) for item in items):
            is_list = node.type == "array"
            if is_list or not any(".".join(path).startswith(f"{name}.") for name in self._found):
                self._keep(path, node, lambda: [self._schemas.value(item, scope) for item in items])

    def _class(self, node: Node, path: tuple[str, ...], scope: Scope) -> None:
        """`class Search extends Tool { name = "search"; description = "…"; }`."""
        parents = [item for item in node.named_children if item.type == "class_heritage"]
        keys = entries(node, self._source) or {}
        is_tool = any(_OF_TOOLS.search(self._source.text(item)) for item in parents)
        if is_tool and {"name", "description"} <= keys.keys():
            made = partial(self._of_class, keys, scope)
            self._keep(path, node, made, is_offered=True)

    def _of_class(self, keys: dict[str, Node], scope: Scope) -> list[dict[str, Any]]:
        name = self._schemas.value(keys["name"], scope)
        return [{"name": name, **self._of_keys(keys, scope)}]

    def _registered(self, node: Node, path: tuple[str, ...], scope: Scope) -> None:
        """`server.registerTool("name", {…}, …)` and `server.tool("name", "…", {…}, …)`."""
        function = node.child_by_field_name("function")
        is_method = function is not None and function.type == "member_expression"
        given = node.child_by_field_name("arguments")
        if not is_method or given is None or callee_of(node, self._source) not in _REGISTER:
            return
        items = [unwrapped(item) for item in named(given)]
        if items and items[0].type == "string":
            name = self._source.string(items[0])
            self._keep(
                (*path, name),
                node,
                lambda: [{"name": name, **self._shape(items[1:], scope)}],
                is_offered=True,
            )

    def _shape(self, items: list[Node], scope: Scope) -> dict[str, Any]:
        """What is registered beside the name: a description, a shape, or both in an object."""
        said: dict[str, Any] = {"description": "", "parameters": {"type": "object"}}
        for item in items:
            node, where = self._schemas.resolved(item, scope)
            keys = entries(node, self._source) if node.type == "object" else None
            if node.type in {"string", "template_string", "binary_expression"}:
                said["description"] = self._schemas.value(node, where)
            elif keys is not None and {"description", *_SCHEMAS} & keys.keys():
                return self._of_keys(keys, where)
            elif keys and all(self._schemas.is_zod(value) for value in keys.values()):
                said["parameters"] = self._schemas.schema(node, where)
        return said

    def _called(self, node: Node, path: tuple[str, ...], scope: Scope) -> dict[str, Any]:
        """What `tool({…})`, `createTool({…})` and `tool(function, {…})` define."""
        given = node.child_by_field_name("arguments")
        for item in named(given) if given is not None else ():
            found, where = self._schemas.resolved(item, scope)
            keys = entries(found, self._source) if found.type == "object" else None
            if keys is None or not {"description", *_SCHEMAS} & keys.keys():
                continue
            name = next((keys[key] for key in ("name", "id") if key in keys), None)
            said = self._schemas.value(name, where) if name is not None else path[-1]
            return {"name": said, **self._of_keys(keys, where)}
        raise self._schemas.unknown(node)

    def _of_keys(self, keys: dict[str, Node], scope: Scope) -> dict[str, Any]:
        schema = next((keys[key] for key in _SCHEMAS if key in keys), None)
        said = self._schemas.value(keys["description"], scope) if "description" in keys else ""
        parameters = (
            {"type": "object", "properties": {}}
            if schema is None
            else self._schemas.schema(schema, scope)
        )
        return {"description": said, "parameters": parameters}

    def _is_definition(self, node: Node) -> bool:
        """Whether an object is a definition with a JSON Schema."""
        node = unwrapped(node)
        keys = entries(node, self._source) if node.type == "object" else None
        if not keys:
            return False
        inner = keys.get("function")
        if inner is not None and unwrapped(inner).type == "object":
            return "name" in (entries(unwrapped(inner), self._source) or {})
        return "name" in keys and not _JSON_SCHEMAS.isdisjoint(keys)

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
