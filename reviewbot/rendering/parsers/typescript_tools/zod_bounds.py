"""What calls of zod add to a schema that is there: bounds, formats, patterns."""

from typing import Any

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_tools.values import Values

_FORMATS = {"email": "email", "url": "uri", "uuid": "uuid", "datetime": "date-time", "date": "date"}
_BOUNDS = {
    "string": {"min": "minLength", "max": "maxLength"},
    "array": {"min": "minItems", "max": "maxItems"},
}
_NUMBERS = {"min": "minimum", "gte": "minimum", "max": "maximum", "lte": "maximum"}
_SAME = {
    *("strict", "passthrough", "trim", "refine", "transform", "superRefine", "readonly", "brand"),
    "nullable",
}


def is_bounded(
    name: str, given: list[Node], schema: dict[str, Any], values: Values, scope: Scope
) -> bool:
    """Whether a call keeps a schema as it is, or adds a bound that it then has.

    Raises:
        TemplateError: The bound is known only when the program runs.
    """
    bounds = _BOUNDS.get(schema.get("type", ""), _NUMBERS)
    if name == "regex" and given:
        schema["pattern"] = _pattern(given[0], values, scope)
    elif name == "length" and given and "min" in bounds:
        schema[bounds["min"]] = schema[bounds["max"]] = values.value(given[0], scope)
    elif given and name in bounds:
        schema[bounds[name]] = values.value(given[0], scope)
    else:
        return name in _SAME or _adds(name, schema)
    return True


def _pattern(node: Node, values: Values, scope: Scope) -> str:
    node, _ = values.resolved(node, scope)
    pattern = node.child_by_field_name("pattern") if node.type == "regex" else None
    if pattern is None:
        raise values.unknown(node)
    return values.source.text(pattern)


def _adds(name: str, schema: dict[str, Any]) -> bool:
    """Whether a call without a value adds a bound or a format to a schema, which it then has."""
    kind = schema.get("type", "")
    if name == "int":
        schema["type"] = "integer"
    elif name in {"positive", "nonnegative"}:
        schema["exclusiveMinimum" if name == "positive" else "minimum"] = 0
    elif name == "nonempty":
        schema[_BOUNDS.get(kind, _BOUNDS["string"])["min"]] = 1
    elif name in _FORMATS and kind == "string":
        schema["format"] = _FORMATS[name]
    else:
        return False
    return True
