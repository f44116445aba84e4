"""The JSON Schemas that zod makes of its calls, and objects that are written out."""

from collections.abc import Iterator, Mapping
from typing import Any

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.objects import entries
from reviewbot.rendering.parsers.typescript_source.syntax import Source, named, unwrapped
from reviewbot.rendering.parsers.typescript_tools.zod_bounds import is_bounded
from reviewbot.rendering.parsers.typescript_tools.zod_names import ZodNames, root_of

_PLAIN: Mapping[str, Mapping[str, Any]] = {
    "string": {"type": "string"},
    "number": {"type": "number"},
    "int": {"type": "integer"},
    "bigint": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "null": {"type": "null"},
    "any": {},
    "unknown": {},
    "date": {"type": "string", "format": "date-time"},
    "email": {"type": "string", "format": "email"},
    "url": {"type": "string", "format": "uri"},
    "uuid": {"type": "string", "format": "uuid"},
}
_LEFT_OUT = {"optional", "nullish", "default", "prefault"}
"""What says that a value need not be given."""


class Schemas(ZodNames):
    """Reads the schemas of one file."""

    def other(self, node: Node, scope: Scope, depth: int) -> Any:
        """The schema of zod's that stands for a value."""
        if not self.is_zod(node, scope):
            raise self.unknown(node)
        return self.zod(node, scope, depth + 1)[0]

    def schema(self, node: Node, scope: Scope, depth: int = 0) -> dict[str, Any]:
        """The schema of a tool's input: zod's, a mapping of zod's, or one that is written out."""
        node, scope = self.resolved(node, scope)
        self.step(node, depth)
        if self.is_zod(node, scope):
            return self.zod(node, scope, 0)[0]
        if (told := self.elsewhere(node, scope)) is not None:
            there, inner, where = told
            return there.schema(inner, where, depth + 1)
        if (whole := _whole_of(node, self.source)) is not None:
            return self.zod(whole, scope, depth + 1)[0]
        keys = entries(node, self.source) if node.type == "object" else None
        if keys is not None and "type" not in keys and "properties" not in keys:
            return self.fields(node, scope, 0)
        value = self.value(node, scope)
        if not isinstance(value, dict):
            raise self.unknown(node)
        return value

    def zod(self, node: Node, scope: Scope, depth: int) -> tuple[dict[str, Any], bool]:
        """The schema that zod makes of an expression, and whether its value must be given."""
        node, scope = self.resolved(node, scope)
        self.step(node, depth)
        if not self.is_zod(node, scope):
            if (told := self.elsewhere(node, scope)) is None:
                raise self.unknown(node)
            there, inner, where = told
            return there.zod(inner, where, depth + 1)
        schema: dict[str, Any] = {}
        is_needed = True
        root = root_of(node)
        if not self.is_library(root):
            schema, is_needed = self.zod(root, scope, depth + 1)
        for name, given in chain_of(node, self.source):
            is_needed = is_needed and name not in _LEFT_OUT
            changed = self._changed(name, given, schema, scope)
            if changed is not None:
                schema = changed
            elif not (schema and is_bounded(name, given, schema, self, scope)):
                schema = self._made(name, given, node, scope, depth)
            if name in {"nullable", "nullish"}:
                schema = _or_null(schema)
        return schema, is_needed

    def _changed(
        self, name: str, given: list[Node], schema: dict[str, Any], scope: Scope
    ) -> dict[str, Any] | None:
        """The schema behind a call that changes it; None where the call is of another kind."""
        found: dict[str, Any] | None = None
        match name, given:
            case "optional" | "nullish", []:
                found = schema
            case "default" | "prefault", [value, *_]:
                found = {**schema, "default": self.value(value, scope)}
            case "describe", [value, *_]:
                found = {**schema, "description": self.value(value, scope)}
            case "meta", [value, *_]:
                found = {**schema, **self.value(value, scope)}
            case "partial", _:
                found = {key: item for key, item in schema.items() if key != "required"}
            case "extend" | "merge" | "safeExtend", [other, *_]:
                found = _merged(schema, self.schema(other, scope))
            case "array", []:
                found = {"type": "array", "items": schema}
            case "or", [other, *_]:
                found = {"anyOf": [schema, self.zod(other, scope, 1)[0]]}
        return found

    def _made(
        self, name: str, given: list[Node], node: Node, scope: Scope, depth: int
    ) -> dict[str, Any]:
        """What `z.name(…)` begins with."""
        found: dict[str, Any]
        match name, given:
            case "object" | "strictObject" | "looseObject", [fields, *_]:
                found = self.fields(fields, scope, depth)
            case "array", [item, *_]:
                found = {"type": "array", "items": self.zod(item, scope, depth + 1)[0]}
            case "enum" | "nativeEnum", [values, *_]:
                said = self.value(values, scope)
                found = {
                    "type": "string",
                    "enum": [*said.values()] if isinstance(said, dict) else said,
                }
            case "literal", [value, *_]:
                said = self.value(value, scope)
                kind = {str: "string", bool: "boolean"}.get(type(said), "number")
                found = {"type": kind, "const": said}
            case "union" | "discriminatedUnion", [*_, sides]:
                found = {"anyOf": [schema for schema, _ in self._several(sides, scope, depth)]}
            case "tuple", [sides, *_]:
                items = [schema for schema, _ in self._several(sides, scope, depth)]
                found = {"type": "array", "items": items}
            case "record", [*_, value]:
                inner = self.zod(value, scope, depth + 1)[0]
                found = {"type": "object", "additionalProperties": inner}
            case "optional" | "nullable", [inner, *_]:
                found = self.zod(inner, scope, depth + 1)[0]
            case _ if name in _PLAIN:
                found = dict(_PLAIN[name])
            case _:
                raise self.unknown(node)
        return found

    def _several(
        self, node: Node, scope: Scope, depth: int
    ) -> Iterator[tuple[dict[str, Any], bool]]:
        node, scope = self.resolved(node, scope)
        for item in named(node):
            yield self.zod(item, scope, depth + 1)

    def fields(self, node: Node, scope: Scope, depth: int) -> dict[str, Any]:
        """The schema that zod makes of a mapping of its schemas."""
        node, scope = self.resolved(node, scope)
        self.step(node, depth)
        if node.type != "object":
            if (told := self.elsewhere(node, scope)) is None:
                raise self.unknown(node)
            there, inner, where = told
            return there.fields(inner, where, depth + 1)
        properties: dict[str, Any] = {}
        required: list[str] = []
        for key, value in self.items(node, scope, depth):
            if key is None:
                spread = self.fields(value, scope, depth + 1)
                properties |= spread["properties"]
                required += spread.get("required", [])
                continue
            properties[key], is_needed = self.zod(value, scope, depth + 1)
            required += [key] if is_needed else []
        schema: dict[str, Any] = {"type": "object", "properties": properties}
        if required:
            schema["required"] = required
        return {**schema, "additionalProperties": False}


def _whole_of(node: Node, source: Source) -> Node | None:
    """The schema whose mapping `Args.shape` is."""
    name = node.child_by_field_name("property")
    is_shape = name is not None and source.text(name) == "shape"
    return node.child_by_field_name("object") if is_shape else None


def chain_of(node: Node, source: Source) -> list[tuple[str, list[Node]]]:
    """The calls of a chain behind `z`, the first one first: `z.string().min(1)`."""
    found: list[tuple[str, list[Node]]] = []
    node = unwrapped(node)
    while node.type == "call_expression":
        function, given = (node.child_by_field_name(n) for n in ("function", "arguments"))
        if function is None or given is None:
            break
        name, on = (function.child_by_field_name(n) for n in ("property", "object"))
        if name is None or on is None:
            break
        found.append((source.text(name), named(given)))
        node = unwrapped(on)
    return [item for item in reversed(found) if item[0] != "coerce"]


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    is_bare = schema.keys() == {"type"} and isinstance(schema["type"], str)
    return {"type": [schema["type"], "null"]} if is_bare else {"anyOf": [schema, {"type": "null"}]}


def _merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    properties = {**one.get("properties", {}), **other.get("properties", {})}
    required = [*one.get("required", []), *other.get("required", [])]
    return {**one, "properties": properties, "required": [*dict.fromkeys(required)]}
