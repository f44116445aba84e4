"""Tool definitions in the way that OpenAI's models are shown them: as TypeScript.

Source: openai/harmony, src/encoding.rs, `json_schema_to_typescript`, and docs/format.md, "Function
calling". The bills differ from it in this: unions are shown, indents of descriptions are not, and
the description of a nested object stands once. The figures that the API billed for such
definitions, nested ones too, stand in the tests of hmarr/openai-chat-tokens.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from reviewbot.prompt import Tool
from reviewbot.tokens.compact import compact_json

NOT_SHOWN: Final = frozenset({"$schema", "additionalProperties", "required", "strict"})
"""Keywords of a schema that models are not shown, as billed."""


def as_types(tools: Sequence[Tool]) -> str:
    """The namespace of all functions; what has no words in it stands in comments."""
    lines = ["namespace functions {", ""]
    for tool in tools:
        lines += [*_function(tool), ""]
    return "\n".join([*lines, "} // namespace functions"])


def _function(tool: Tool) -> list[str]:
    parameters = dict(tool.parameters)
    said = "\n".join(line.strip() for line in tool.description.strip().split("\n"))
    lines = [f"// {said}"] if said else []
    for key in ("$defs", "definitions"):
        if isinstance(parameters.get(key), Mapping):
            for name, schema in parameters.pop(key).items():
                text, notes = _type(schema, 0)
                lines.append(f"type {name} = {text};{_comment(notes)}")
    properties = parameters.get("properties")
    if parameters.get("type") == "object" and isinstance(properties, Mapping) and properties:
        said = "".join(f"// {line}\n" for line in _titles(parameters))
        notes = _notes(parameters, "type", "properties", "title", "description")
        lines += [f"type {tool.name} = (_: {said}{{{_comment(notes)}"]
        lines += [_properties(parameters, 0), "}) => any;"]
    elif set(parameters) - NOT_SHOWN <= {"type", "properties", "title"} and not properties:
        lines.append(f"type {tool.name} = () => any;")
    else:
        text, notes = _type(parameters, 0)
        lines.append(f"type {tool.name} = (_: {text}) => any;{_comment(notes)}")
    return lines


def _properties(schema: Mapping[str, Any], indent: int) -> str:
    required = schema.get("required")
    needed = required if isinstance(required, list | tuple) else ()
    lines = []
    for name, prop in schema["properties"].items():
        rest = dict(prop) if isinstance(prop, Mapping) else prop
        if isinstance(rest, dict):
            said = _titles(rest) if indent == 0 else _titles(rest, "description")
            lines += [f"// {line}" for line in said]
            rest = {key: value for key, value in rest.items() if key not in _TITLES}
        text, notes = _type(rest, indent)
        mark = "" if name in needed else "?"
        lines.append(f"{name}{mark}: {text},{_comment(notes)}")
    return "\n".join(" " * indent + line for line in lines)


_TITLES: Final = ("title", "description")


def _titles(schema: Mapping[str, Any], *keys: str) -> list[str]:
    """The lines above what a schema describes; of inner properties titles are not shown."""
    return [schema[key] for key in keys or _TITLES if isinstance(schema.get(key), str)]


def _type(schema: Any, indent: int) -> tuple[str, list[str]]:
    """A schema as a type, and what remains of it to be said."""
    if not isinstance(schema, Mapping):
        return compact_json(schema), []
    literal = _literal(schema)
    if literal is not None:
        return literal
    for key in ("anyOf", "oneOf"):
        if isinstance(schema.get(key), list | tuple):
            return _union(schema[key], indent, _notes(schema, key))
    if isinstance(schema.get("type"), list | tuple):
        kinds = [{"type": kind} for kind in schema["type"]]
        return _union(kinds, indent, _notes(schema, "type"))
    return _plain_type(schema, indent)


def _literal(schema: Mapping[str, Any]) -> tuple[str, list[str]] | None:
    if isinstance(schema.get("$ref"), str):
        return schema["$ref"].rpartition("/")[2], _notes(schema, "$ref")
    if "const" in schema:
        return compact_json(schema["const"]), _notes(schema, "const", "type")
    if isinstance(schema.get("enum"), list | tuple):
        return " | ".join(map(compact_json, schema["enum"])), _notes(schema, "enum", "type")
    return None


def _plain_type(schema: Mapping[str, Any], indent: int) -> tuple[str, list[str]]:
    kind = schema.get("type")
    if kind == "object" and isinstance(schema.get("properties"), Mapping):
        inner = _properties(schema, indent + 2)
        return f"{{\n{inner}\n}}", _notes(schema, "type", "properties")
    if kind == "array" and isinstance(schema.get("items"), Mapping):
        text, notes = _type(schema["items"], indent)
        return f"{text}[]", [*notes, *_notes(schema, "type", "items")]
    names = {"number": "number", "integer": "number", "array": "any[]"}
    if isinstance(kind, str):
        return names.get(kind, kind), _notes(schema, "type")
    return "any", _notes(schema, "type")


def _union(schemas: Sequence[Any], indent: int, notes: Sequence[str]) -> tuple[str, list[str]]:
    found = [_type(schema, indent) for schema in schemas]
    said = [note for _, inner in found for note in inner]
    return " | ".join(text for text, _ in found), [*said, *notes]


def _notes(schema: Mapping[str, Any], *said: str) -> list[str]:
    return [
        f"{key}: {compact_json(value)}"
        for key, value in schema.items()
        if key not in said and key not in NOT_SHOWN and not (key == "default" and value is None)
    ]


def _comment(notes: Sequence[str]) -> str:
    return f" // {', '.join(notes)}" if notes else ""
