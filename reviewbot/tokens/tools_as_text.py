"""Tool definitions as the texts that models are shown, in the way of each vendor."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from reviewbot.prompt import Tool
from reviewbot.tokens.compact import compact_json
from reviewbot.tokens.json_schemas import DATA, NAMING, schemas_in
from reviewbot.tokens.rules import Shown
from reviewbot.tokens.tools_as_typescript import as_types


def shown_texts(shown: Shown, tools: Sequence[Tool]) -> Iterator[str]:
    """The texts that are counted, each by itself."""
    match shown:
        case Shown.TYPES:
            yield as_types(tools)
        case Shown.JSON:
            yield json.dumps([_sent(tool) for tool in tools], ensure_ascii=False)
        case Shown.STRINGS if any(_is_json_schema(tool.parameters) for tool in tools):
            for tool in tools:
                yield from (tool.name, tool.description)
        case _:
            for tool in tools:
                yield from _TEXTS[shown](tool)


def properties_of(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The names and schemas of all properties, inner ones too."""
    found = schema.get("properties")
    for name, inner in found.items() if isinstance(found, Mapping) else ():
        if isinstance(inner, Mapping):
            yield name, inner
    for inner in schemas_in(schema):
        yield from properties_of(inner)


def _claude(tool: Tool) -> Iterator[str]:
    said = {
        "name": tool.name,
        "description": tool.description,
        "input_schema": _plain(tool.parameters),
    }
    yield json.dumps(said, ensure_ascii=False)


def _sent(tool: Tool) -> dict[str, Any]:
    function = {
        "name": tool.name,
        "description": tool.description,
        "parameters": _plain(tool.parameters),
    }
    return {"type": "function", "function": function}


def _plain(parameters: Mapping[str, Any]) -> Any:
    return json.loads(compact_json(parameters))


def _words(tool: Tool) -> Iterator[str]:
    yield from (tool.name, tool.description)
    for name, schema in properties_of(tool.parameters):
        yield name
        if isinstance(schema.get("description"), str):
            yield schema["description"]


def _function(tool: Tool) -> Iterator[str]:
    yield json.dumps(_sent(tool)["function"], ensure_ascii=False)


def _indented(tool: Tool) -> Iterator[str]:
    yield json.dumps(_sent(tool), ensure_ascii=False, indent=4)


def _named_strings(tool: Tool) -> Iterator[str]:
    yield from (tool.name, tool.description)
    yield from _strings(tool.parameters)


_JSON_SCHEMA: Final = frozenset({"$defs", "$ref", "$schema", "additionalProperties", "title"})
"""Keys of a JSON Schema that clients do not write where they send Gemini's own `Schema`."""


def _is_json_schema(schema: Mapping[str, Any]) -> bool:
    return bool(_JSON_SCHEMA & set(schema)) or any(map(_is_json_schema, schemas_in(schema)))


def _strings(schema: Any) -> Iterator[str]:
    """Every text that stands in a schema, and the names of its properties."""
    if isinstance(schema, str):
        yield schema
    elif isinstance(schema, Mapping):
        for key, value in schema.items():
            if key == "properties" and isinstance(value, Mapping):
                yield from map(str, value)
                for inner in value.values():
                    yield from _strings(inner)
            else:
                yield from _strings(value)
    elif isinstance(schema, list | tuple):
        for inner in schema:
            yield from _strings(inner)


_MARK: Final = "\0"
"""Stands for what FunctionGemma writes around a text and a declaration: tokens of their own."""


def _declared(tool: Tool) -> Iterator[str]:
    said = f"declaration:{tool.name}{{description:{_marked(tool.description)}"
    parameters = _upper(_plain(tool.parameters))
    if any(inner for key, inner in parameters.items() if key != "type"):
        said += f",parameters:{_value(parameters)}"
    for place, text in enumerate(_marked(f"{said}}}").split(_MARK)):
        yield from (text,) if place == 0 else ('"', text)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _marked(value)
    if isinstance(value, dict):
        inner = ",".join(f"{key}:{_value(value[key])}" for key in sorted(value))
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_value, value))}]"
    return compact_json(value)


def _marked(text: str) -> str:
    return f"{_MARK}{text}{_MARK}"


def _upper(schema: Any) -> Any:
    """A schema with its types in capitals, and without what a declaration has not.

    References and what they refer to stay as they stand: to put each in its place could make a
    small schema a huge one.
    """
    if isinstance(schema, list):
        return [_upper(item) for item in schema]
    return dict(_upper_entries(schema)) if isinstance(schema, dict) else schema


def _upper_entries(schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in schema.items():
        if key in {"$schema", "title"} or (key, type(value)) == ("additionalProperties", bool):
            continue
        if key == "type" and isinstance(value, str):
            yield key, value.upper()
        elif key in NAMING and isinstance(value, dict):
            yield key, {name: _upper(inner) for name, inner in value.items()}
        else:
            yield key, value if key in DATA else _upper(value)


_TEXTS: Final[Mapping[Shown, Callable[[Tool], Iterator[str]]]] = {
    Shown.CLAUDE: _claude,
    Shown.DECLARED: _declared,
    Shown.FUNCTIONS: _function,
    Shown.INDENTED: _indented,
    Shown.STRINGS: _named_strings,
    Shown.WORDS: _words,
}
"""What is shown of each tool by itself."""
