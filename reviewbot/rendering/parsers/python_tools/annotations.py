"""The JSON Schema that pydantic makes of a type's annotation."""

import ast
from collections.abc import Mapping
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers.python_source.scopes import steps_of
from reviewbot.rendering.parsers.python_tools.fields import (
    MEND_OF_TYPES,
    alias_of,
    described,
    extra_of,
)
from reviewbot.rendering.parsers.python_tools.literals import Literals, unknown
from reviewbot.rendering.parsers.python_tools.names import Names

_PLAIN: Mapping[str, Mapping[str, Any]] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "dict": {"additionalProperties": True, "type": "object"},
    "Dict": {"additionalProperties": True, "type": "object"},
    "List": {"items": {}, "type": "array"},
    "list": {"items": {}, "type": "array"},
    "tuple": {"items": {}, "type": "array"},
    "set": {"items": {}, "type": "array", "uniqueItems": True},
    "None": {"type": "null"},
    "Any": {},
    "object": {},
    "datetime": {"format": "date-time", "type": "string"},
    "date": {"format": "date", "type": "string"},
    "UUID": {"format": "uuid", "type": "string"},
    "Path": {"format": "path", "type": "string"},
    "HttpUrl": {"format": "uri", "minLength": 1, "type": "string"},
}
_LISTS = {"list", "List", "Sequence", "Iterable", "set", "Set", "frozenset"}
_DICTS = {"dict", "Dict", "Mapping"}
_WITHOUT_FIELDS = {
    *("BaseModel", "TypedDict", "ABC", "Generic", "Protocol", "str", "int", "object"),
    *("BaseTool", "OpenAISchema", "SQLModel", "Enum", "StrEnum", "IntEnum"),
}
"""Classes of libraries that give a model no fields of its own."""
_MAKES_SCHEMAS = {
    "WithJsonSchema",
    "Examples",
    "Doc",
    "Parameter",
    "Body",
    "Query",
    "SkipJsonSchema",
}
"""What stands in `Annotated[…]` and says something of the schema that is not read here."""
_DEEPEST = 20
_MOST = 20_000
"""Types within each other, and types of one file."""


class Annotations:
    """Reads annotations of the file with these names, and the models that it imports."""

    def __init__(self, names: Names, steps: list[int] | None = None) -> None:
        self._names = names
        self._literals = Literals(names)
        self._steps = [0] if steps is None else steps

    def model_at(self, node: ast.expr) -> dict[str, Any] | None:
        """The schema of the model that an expression names; None where it is not known.

        Raises:
            TemplateError: Its fields are not told.
        """
        told = self._names.class_at(steps_of(node))
        return None if told is None else self._of(told[0]).model(told[1])

    def _of(self, names: Names) -> "Annotations":
        return self if names is self._names else Annotations(names, self._steps)

    def schema(self, node: ast.expr, depth: int = 0) -> dict[str, Any]:
        """The schema of a type.

        Raises:
            TemplateError: The file does not tell it.
        """
        self._steps[0] += 1
        if depth > _DEEPEST or self._steps[0] > _MOST:
            raise _endless(node)
        match node:
            case ast.Constant(value=None):
                found = dict(_PLAIN["None"])
            case ast.Constant(value=str() as text):
                found = self.schema(_parsed(text, node), depth + 1)
            case ast.BinOp(op=ast.BitOr()):
                found = self._union(_sides(node), depth)
            case ast.Subscript(value=value, slice=inner):
                items = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                found = self._generic(_last(value), items, node, depth)
            case ast.Name() | ast.Attribute():
                found = self._named(_last(node), node, depth)
            case _:
                raise unknown(node)
        return found

    def field(
        self, annotation: ast.expr, given: ast.expr | None, depth: int = 0
    ) -> tuple[dict[str, Any], bool]:
        """The schema of an argument or a field, and whether it must be given."""
        schema = self.schema(annotation, depth)
        if given is None:
            return schema, True
        if isinstance(given, ast.Call) and _last(given.func) in {"Field", "Query", "Body"}:
            said = described(given, self._literals)
            has_default = "default" in said or any(
                item.arg == "default_factory" for item in given.keywords
            )
            return {**schema, **said}, not has_default
        return {**schema, "default": self._literals.value(given)}, False

    def model(self, node: ast.ClassDef, depth: int = 0) -> dict[str, Any]:
        """The schema of a model's fields, and of those that it inherits."""
        properties, required = self._inherited(node, depth)
        for statement in node.body:
            match statement:
                case ast.AnnAssign(target=ast.Name(id=name), annotation=kind, value=value):
                    if name.startswith("_") or _last(kind) == "ClassVar" or name == "model_config":
                        continue
                    own = alias_of(kind, value, name, self._literals)
                    properties[own], is_needed = self.field(kind, value, depth + 1)
                    required = [item for item in required if item != own]
                    required += [own] if is_needed else []
        schema: dict[str, Any] = {"type": "object", "properties": properties}
        schema |= extra_of(node, self._literals)
        return {**schema, "required": required} if required else schema

    def _inherited(self, node: ast.ClassDef, depth: int) -> tuple[dict[str, Any], list[str]]:
        """The fields of the classes that a model is made of; those of libraries have none."""
        properties: dict[str, Any] = {}
        required: list[str] = []
        for base in reversed(node.bases):
            self._steps[0] += 1
            if depth > _DEEPEST or self._steps[0] > _MOST:
                raise _endless(base)
            told = self._names.class_at(steps_of(base))
            if told is not None and told[1] is not node:
                schema = self._of(told[0]).model(told[1], depth + 1)
                properties |= schema["properties"]
                required += [key for key in schema.get("required", []) if key not in required]
            elif _last(base) not in _WITHOUT_FIELDS:
                raise _unknown_type(base)
        return properties, required

    def _union(self, sides: list[ast.expr], depth: int) -> dict[str, Any]:
        return {"anyOf": [self.schema(side, depth + 1) for side in sides]}

    def _generic(
        self, name: str, items: list[ast.expr], node: ast.expr, depth: int
    ) -> dict[str, Any]:
        if name == "Annotated":
            return self._annotated(items, depth)
        if name in {"Optional", "Union"}:
            none = [ast.copy_location(ast.Constant(value=None), node)] if name == "Optional" else []
            return self._union([*items, *none], depth)
        if name == "Literal":
            values = [self._literals.value(item) for item in items]
            kind = {str: "string", int: "integer", bool: "boolean"}.get(type(values[0]))
            kinds = {"type": kind} if kind and len(set(map(type, values))) == 1 else {}
            return {"const": values[0], **kinds} if len(values) == 1 else {"enum": values, **kinds}
        if name in _LISTS:
            return {"items": self.schema(items[0], depth + 1), "type": "array"}
        if name in _DICTS:
            inner = self.schema(items[-1], depth + 1)
            return {"additionalProperties": inner or True, "type": "object"}
        if name in {"Required", "NotRequired", "Final"}:
            return self.schema(items[0], depth + 1)
        raise _unknown_type(node)

    def _annotated(self, items: list[ast.expr], depth: int) -> dict[str, Any]:
        schema = self.schema(items[0], depth + 1)
        for item in items[1:]:
            if isinstance(item, ast.Constant) and isinstance(item.value, str):
                schema["description"] = item.value
            elif isinstance(item, ast.Call) and _last(item.func) == "Field":
                schema |= described(item, self._literals)
            elif _last(item.func if isinstance(item, ast.Call) else item) in _MAKES_SCHEMAS:
                raise unknown(item)
        return schema

    def _named(self, name: str, node: ast.expr, depth: int) -> dict[str, Any]:
        if name in _PLAIN:
            return dict(_PLAIN[name])
        told = self._names.class_at(steps_of(node))
        if told is None:
            raise _unknown_type(node)
        return self._of(told[0]).class_schema(told[1], depth)

    def class_schema(self, found: ast.ClassDef, depth: int) -> dict[str, Any]:
        """The schema of a class of this file: an enumeration's values, or a model's fields."""
        if self._names.is_enumeration(found):
            values = [
                self._literals.value(item.value)
                for item in found.body
                if isinstance(item, ast.Assign)
            ]
            return {"enum": values, "type": "string"}
        schema = self.model(found, depth + 1)
        docstring = ast.get_docstring(found)
        return {**schema, "description": docstring} if docstring else schema


def _sides(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return [*_sides(node.left), *_sides(node.right)]
    return [node]


def _parsed(text: str, node: ast.expr) -> ast.expr:
    """A type that is written as a text."""
    try:
        found = ast.parse(text, mode="eval").body
    except SyntaxError:
        raise unknown(node) from None
    for inner in ast.walk(found):
        if isinstance(inner, ast.expr):
            inner.lineno = node.lineno
    return found


def _last(node: ast.expr) -> str:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case ast.Subscript(value=value):
            return _last(value)
        case _:
            return ""


def _endless(node: ast.expr) -> TemplateError:
    what = f"has a type that holds itself, or too many others, `{ast.unparse(node)[:60]}`"
    return TemplateError(what, MEND_OF_TYPES, line=node.lineno)


def _unknown_type(node: ast.expr) -> TemplateError:
    what = f"has an argument whose type is not known here, `{ast.unparse(node)[:60]}`"
    return TemplateError(what, MEND_OF_TYPES, line=node.lineno)
