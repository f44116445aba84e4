"""What calls, classes and objects that define tools are written with: names, texts, schemas."""

from typing import Any

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.objects import entries
from reviewbot.rendering.parsers.typescript_source.syntax import Source, named, unwrapped
from reviewbot.rendering.parsers.typescript_tools.schemas import Schemas, chain_of

_SCHEMAS = ("inputSchema", "input_schema", "parameters", "schema", "parametersJsonSchema")
_JSON_SCHEMAS = frozenset(_SCHEMAS) - {"schema"}
_DESCRIBES = {"description", *_SCHEMAS}
_OF_OBJECTS = {"object", "strictObject", "looseObject", "extend", "safeExtend", "merge"}
"""What zod's schemas of objects begin with, behind `z` or another schema."""
_CALLS = {"call_expression", "new_expression"}


class WrittenTools:
    """Reads the definitions that are written in one file."""

    def __init__(self, source: Source, schemas: Schemas) -> None:
        self._source = source
        self._schemas = schemas

    def is_described(self, node: Node, scope: Scope) -> bool:
        """Whether a call that no name is given to is given a description or a schema."""
        return bool(self.keys_in(node, scope)[0])

    def keys_in(self, node: Node, scope: Scope) -> tuple[dict[str, Node], Scope]:
        """The keys of the object that a call is given, or of the object itself."""
        given = node.child_by_field_name("arguments") if node.type in _CALLS else None
        for item in named(given) if given is not None else [node]:
            found, where = self._schemas.resolved(item, scope)
            keys = entries(found, self._source) if found.type == "object" else None
            if keys and not _DESCRIBES.isdisjoint(keys):
                return keys, where
        return {}, scope

    def of_class(self, keys: dict[str, Node], scope: Scope) -> list[dict[str, Any]]:
        """The tool that a class with these members is."""
        name = self._schemas.value(keys["name"], scope)
        return [{"name": name, **self._of_keys(keys, scope)}]

    def with_shape(self, name: str, items: list[Node], scope: Scope) -> list[dict[str, Any]]:
        """The tool that is registered under a name."""
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

    def called(self, node: Node, path: tuple[str, ...], scope: Scope) -> list[dict[str, Any]]:
        """What `tool({…})`, `createTool({…})` and `tool(function, {…})` define."""
        keys, where = self.keys_in(node, scope)
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

    def is_schema(self, node: Node, scope: Scope) -> bool:
        """Whether it is zod's schema of an object, or a JSON Schema of one."""
        if node.type == "call_expression":
            first = next(iter(chain_of(node, self._source)), ("", []))[0]
            return first in _OF_OBJECTS and self._schemas.is_zod(node, scope)
        keys = entries(node, self._source) if node.type == "object" else None
        kind = unwrapped(keys["type"]) if keys and "type" in keys else None
        is_object = kind is not None and self._source.text(kind)[1:-1] == "object"
        return is_object and "properties" in (keys or {})

    def of_schema(self, name: str, node: Node, scope: Scope) -> dict[str, Any]:
        """A schema as a tool of its name."""
        schema = self._schemas.schema(node, scope)
        description = schema.pop("description", "")
        return {"name": name, "description": description, "parameters": schema}

    def is_definition(self, node: Node) -> bool:
        """Whether an object is a definition with a JSON Schema."""
        node = unwrapped(node)
        keys = entries(node, self._source) if node.type == "object" else None
        if not keys:
            return False
        inner = keys.get("function")
        if inner is not None and unwrapped(inner).type == "object":
            return "name" in (entries(unwrapped(inner), self._source) or {})
        return "name" in keys and not _JSON_SCHEMAS.isdisjoint(keys)
