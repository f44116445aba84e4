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
from reviewbot.rendering.parsers.typescript_tools.schemas import Schemas, chain_of

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
_DESCRIBES = {"description", *_SCHEMAS}
_REGISTER = {"tool", "registerTool"}
_OF_OBJECTS = {"object", "strictObject", "looseObject", "extend", "safeExtend", "merge"}
"""What zod's schemas of objects begin with, behind `z` or another schema."""
_CALLS = {"call_expression", "new_expression"}
_MOST = 2_000


class Definitions:
    """The tools of a module by their names in it."""

    def __init__(self, module: Module) -> None:
        self._source = module.source
        self._schemas = Schemas(module.reader)
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
            if is_named or self._is_described(node, scope):
                made = partial(self._called, node, path, scope)
                self._keep(self._free(path, node, scope), node, made, is_offered=True)
                return True
        elif node.type in _CALLS and self._registered(node, path, scope):
            return True
        items = named(node) if node.type == "array" else [node]
        if items and all(self._is_definition(item) for item in items):
            at = path if is_named else self._free(path, node, scope)
            self._keep(at, node, lambda: [self._schemas.value(item, scope) for item in items])
            return True
        if is_named and path and self._is_schema(node, scope):
            self._keep(path, node, lambda: [self._of_schema(path[-1], node, scope)])
            return True
        return False

    def _free(self, path: tuple[str, ...], node: Node, scope: Scope) -> tuple[str, ...]:
        """The path of a tool in a function: the function's own, else with the tool's name."""
        if path and selector(path) not in self._found:
            return path
        keys = self._keys_in(node, scope)
        name = next((keys[0][key] for key in ("name", "id") if key in keys[0]), None)
        try:
            said = self._schemas.value(name, keys[1]) if name is not None else None
        except TemplateError:
            said = None
        return (*path, said) if isinstance(said, str) and said else (*path, f"@{line_of(node)}")

    def _is_described(self, node: Node, scope: Scope) -> bool:
        """Whether a call that no name is given to is given a description or a schema."""
        try:
            return not _DESCRIBES.isdisjoint(self._keys_in(node, scope)[0])
        except TemplateError:
            return False

    def _keys_in(self, node: Node, scope: Scope) -> tuple[dict[str, Node], Scope]:
        """The keys of the object that a call is given, or of the object itself."""
        given = node.child_by_field_name("arguments") if node.type in _CALLS else None
        for item in named(given) if given is not None else [node]:
            found, where = self._schemas.resolved(item, scope)
            keys = entries(found, self._source) if found.type == "object" else None
            if keys and not _DESCRIBES.isdisjoint(keys):
                return keys, where
        return {}, scope

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
            made = partial(self._of_class, keys, scope)
            self._keep(path, node, made, is_offered=True)

    def _of_class(self, keys: dict[str, Node], scope: Scope) -> list[dict[str, Any]]:
        name = self._schemas.value(keys["name"], scope)
        return [{"name": name, **self._of_keys(keys, scope)}]

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
        made = partial(self._with_shape, name, items[1:], scope)
        self._keep((*path, name), node, made, is_offered=True)
        return True

    def _with_shape(self, name: str, items: list[Node], scope: Scope) -> list[dict[str, Any]]:
        return [{"name": name, **self._shape(items, scope)}]

    def _shape(self, items: list[Node], scope: Scope) -> dict[str, Any]:
        """What is registered beside the name: a description, a shape, or both in an object."""
        said: dict[str, Any] = {"description": "", "parameters": {"type": "object"}}
        for item in items:
            node, where = self._schemas.resolved(item, scope)
            keys = entries(node, self._source) if node.type == "object" else None
            if node.type in {"string", "template_string", "binary_expression"}:
                said["description"] = self._schemas.value(node, where)
            elif keys is not None and _DESCRIBES & keys.keys():
                return self._of_keys(keys, where)
            elif keys and all(self._schemas.is_zod(value, where) for value in keys.values()):
                said["parameters"] = self._schemas.schema(node, where)
        return said

    def _called(self, node: Node, path: tuple[str, ...], scope: Scope) -> list[dict[str, Any]]:
        """What `tool({…})`, `createTool({…})` and `tool(function, {…})` define."""
        keys, where = self._keys_in(node, scope)
        if not keys:
            raise self._schemas.unknown(node)
        name = next((keys[key] for key in ("name", "id") if key in keys), None)
        said = self._schemas.value(name, where) if name is not None else path[-1]
        return [{"name": said, **self._of_keys(keys, where)}]

    def _of_keys(self, keys: dict[str, Node], scope: Scope) -> dict[str, Any]:
        schema = next((keys[key] for key in _SCHEMAS if key in keys), None)
        said = self._schemas.value(keys["description"], scope) if "description" in keys else ""
        parameters = (
            {"type": "object", "properties": {}}
            if schema is None
            else self._schemas.schema(schema, scope)
        )
        return {"description": said, "parameters": parameters}

    def _is_schema(self, node: Node, scope: Scope) -> bool:
        """Whether it is zod's schema of an object, or a JSON Schema of one."""
        if node.type == "call_expression":
            first = next(iter(chain_of(node, self._source)), ("", []))[0]
            return first in _OF_OBJECTS and self._schemas.is_zod(node, scope)
        keys = entries(node, self._source) if node.type == "object" else None
        kind = unwrapped(keys["type"]) if keys and "type" in keys else None
        is_object = kind is not None and self._source.text(kind)[1:-1] == "object"
        return is_object and "properties" in (keys or {})

    def _of_schema(self, name: str, node: Node, scope: Scope) -> dict[str, Any]:
        schema = self._schemas.schema(node, scope)
        description = schema.pop("description", "")
        return {"name": name, "description": description, "parameters": schema}

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
