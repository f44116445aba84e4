"""Picoschema, the short form of JSON Schema in Dotprompt's files, as dotprompt 1.1 expands it."""

from typing import Any

from reviewbot.documents import ListNode, MappingNode, Node, Scalar, plain
from reviewbot.errors import MeasurementError
from reviewbot.prompt_formats._common.problems import wrong

_SCALARS = ("any", "boolean", "integer", "null", "number", "string")
_WILDCARD = "(*)"


def expanded(node: Node, path: str) -> dict[str, Any]:
    """The JSON Schema that a schema means, in either form.

    Raises:
        MeasurementError: It is neither, or it is a name that only the application knows.
    """
    if isinstance(node, Scalar):
        kind, description = _described(node.text)
        if kind not in _SCALARS:
            raise _unknown(kind, node.line, path)
        return {"type": kind} | description
    if isinstance(node, MappingNode):
        named = node.get("type")
        if isinstance(named, Scalar) and named.text in {*_SCALARS, "object", "array"}:
            return dict(plain(node))
        if isinstance(node.get("properties"), MappingNode):
            return {**plain(node), "type": "object"}
    return _short(node, path)


def _short(node: Node, path: str) -> dict[str, Any]:
    if isinstance(node, Scalar) and isinstance(node.value, str):
        kind, description = _described(node.text)
        if kind not in _SCALARS:
            raise _unknown(kind, node.line, path)
        return description if kind == "any" else {"type": kind} | description
    if not isinstance(node, MappingNode):
        raise _wrong("this is no schema", node.line, path)
    properties: dict[str, Any] = {}
    required: list[str] = []
    further: Any = False
    for entry in node.entries:
        if entry.key == _WILDCARD:
            further = _short(entry.value, path)
            continue
        name, bracket, about = entry.key.partition("(")
        is_optional = name.endswith("?")
        name = name.removesuffix("?")
        if not is_optional:
            required.append(name)
        kind, described = _described(about[:-1]) if bracket else ("", {})
        found = _property(kind, entry.value, path, is_optional=is_optional)
        properties[name] = found | described
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    return schema | {"additionalProperties": further}


def _property(kind: str, node: Node, path: str, *, is_optional: bool) -> dict[str, Any]:
    if kind == "enum":
        if not isinstance(node, ListNode):
            raise _wrong("an enum is a list of values", node.line, path)
        values = plain(node)
        return {"enum": [*values, None] if is_optional and None not in values else values}
    if kind == "array":
        return {"type": ["array", "null"] if is_optional else "array", "items": _short(node, path)}
    if kind not in {"", "object"}:
        raise _wrong(f"there is no {kind!r} in Picoschema", node.line, path)
    found = _short(node, path)
    if is_optional and (kind == "object" or isinstance(found.get("type"), str)):
        found["type"] = [found.get("type"), "null"]
    return found


def _described(text: str) -> tuple[str, dict[str, Any]]:
    kind, comma, description = text.partition(",")
    if not comma:
        return text, {}
    return kind, {"description": description.lstrip(" ")}


def _unknown(name: str, line: int, path: str) -> MeasurementError:
    mend = "write the schema into this file"
    return wrong(
        f"the schema {name!r} is known to the application only", mend, path=path, line=line
    )


def _wrong(what: str, line: int, path: str) -> MeasurementError:
    mend = "write it as Picoschema or JSON Schema"
    return wrong(what, mend, path=path, line=line)
