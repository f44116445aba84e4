"""What calls, classes and objects that define tools are written with: names, texts, schemas."""

from typing import Any

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.objects import entries
from reviewbot.rendering.parsers.typescript_source.syntax import (
    FUNCTIONS,
    Source,
    named,
    unwrapped,
)
from reviewbot.rendering.parsers.typescript_tools.schemas import Schemas, chain_of
from reviewbot.rendering.parsers.typescript_tools.written_keys import OPEN, Keys, Part, keys_of

_SCHEMAS = ("inputSchema", "input_schema", "parameters", "schema", "parametersJsonSchema")
_JSON_SCHEMAS = frozenset(_SCHEMAS) - {"schema"}
_DESCRIBES = {"description", *_SCHEMAS, OPEN}
_HINTS = {
    *("title", "readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"),
    *("annotations", "_meta"),
}
"""What MCP says of a tool to programs."""
_RUNS = {*FUNCTIONS, "identifier", "member_expression", "call_expression", "new_expression"}
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
        return bool(self.keys_in(node, scope))

    def keys_in(self, node: Node, scope: Scope) -> Keys:
        """The keys of the object that a call is given, or of the object itself."""
        given = node.child_by_field_name("arguments") if node.type in _CALLS else None
        for item in named(given) if given is not None else [node]:
            keys = keys_of(Part(unwrapped(item), scope, self._schemas))
            if keys and not _DESCRIBES.isdisjoint(keys):
                return keys
        return {}

    def name_in(self, keys: Keys) -> Any:
        """The name that an object gives its tool; None where it gives none.

        Raises:
            TemplateError: Only the running program knows it.
        """
        part = next((keys[key] for key in ("name", "id") if key in keys), None)
        return None if part is None else _value(part)

    def of_class(self, node: Node, keys: dict[str, Node], scope: Scope) -> list[dict[str, Any]]:
        """The tool that a class with these members is."""
        for name in ("name", "description", *_SCHEMAS):
            for place in self._schemas.scopes.set_on_this(node, name)[:1]:
                raise self._schemas.unknown(place)
        parts = {key: Part(value, scope, self._schemas) for key, value in keys.items()}
        return [{"name": _value(parts["name"]), **self._of_keys(parts)}]

    def with_shape(self, name: str, items: list[Node], scope: Scope) -> list[dict[str, Any]]:
        """The tool that is registered under a name, and with a function at the end."""
        said: dict[str, Any] = {"description": "", "parameters": {"type": "object"}}
        for position, item in enumerate(items):
            part = Part(item, scope, self._schemas)
            is_last = position == len(items) - 1 and (position > 0 or item.type in FUNCTIONS)
            keys = keys_of(part)
            if keys is not None and not _DESCRIBES.isdisjoint(keys):
                return [{"name": name, **self._of_keys(keys)}]
            if not (is_last and self._may_run(part)):
                said |= self._said_by(part, keys)
        return [{"name": name, **said}]

    def _may_run(self, part: Part) -> bool:
        """Whether an expression may be the function that a tool runs."""
        node, scope = self._schemas.resolved(part.node, part.scope)
        return node.type in _RUNS and not self._schemas.is_zod(node, scope)

    def _said_by(self, part: Part, keys: Keys | None) -> dict[str, Any]:
        """What is said by an argument: a description, a shape, or hints that are not shown.

        Raises:
            TemplateError: Only the running program knows it.
        """
        node, scope = self._schemas.resolved(part.node, part.scope)
        if keys is not None and keys and _HINTS.issuperset(keys):
            return {}
        if keys is not None or self._schemas.is_zod(node, scope) or _is_shape(node, part):
            return {"parameters": self._schemas.schema(node, scope)}
        said = self._schemas.value(node, scope)
        if not isinstance(said, str):
            raise self._schemas.unknown(part.node)
        return {"description": said}

    def called(self, node: Node, path: tuple[str, ...], scope: Scope) -> list[dict[str, Any]]:
        """What `tool({…})`, `createTool({…})` and `tool(function, {…})` define."""
        keys = self.keys_in(node, scope)
        if not keys:
            raise self._schemas.unknown(node)
        name = self.name_in(keys)
        return [{"name": path[-1] if name is None else name, **self._of_keys(keys)}]

    def _of_keys(self, keys: Keys) -> dict[str, Any]:
        if OPEN in keys:
            raise keys[OPEN].schemas.unknown(keys[OPEN].node)
        schema = next((keys[key] for key in _SCHEMAS if key in keys), None)
        said = _value(keys["description"]) if "description" in keys else ""
        parameters = (
            {"type": "object", "properties": {}}
            if schema is None
            else schema.schemas.schema(schema.node, schema.scope)
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


def _value(part: Part) -> Any:
    return part.schemas.value(part.node, part.scope)


def _is_shape(node: Node, part: Part) -> bool:
    """Whether it is `Args.shape`, the mapping of a schema of zod's."""
    name = node.child_by_field_name("property")
    return name is not None and part.schemas.source.text(name) == "shape"
