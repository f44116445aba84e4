"""Tools whose arguments are called like keywords of a schema, and schemas that refer to others."""

from typing import Any

import pytest

from reviewbot.prompt import Tool
from reviewbot.tokens import Counter, Message, count_call, resolve
from reviewbot.tokens.tools_as_text import properties_of
from tests.support.loading import endless, loaded

COUNTER = Counter(load=loaded, allowance=endless())
GEMINI = (
    "google/gemini-2.0-flash",
    "vertex_ai/gemini-2.5-flash",
    "google/gemini-2.5-flash",
    "google/gemini-3-pro-preview",
)
TEXT = {"type": "string", "description": "What the issue says in many plain words."}


def tool_tokens(model: str, parameters: dict[str, Any]) -> int:
    tool = Tool(name="create_issue", description="Opens an issue.", parameters=parameters)
    messages = [Message(role="user", text="Hello")]
    return count_call(resolve(model), messages, tools=[tool], counter=COUNTER).tool_tokens


def flat(*names: str) -> dict[str, Any]:
    return {"type": "object", "properties": dict.fromkeys(names, TEXT), "required": [*names]}


@pytest.mark.parametrize("model", GEMINI)
@pytest.mark.parametrize("name", ["title", "type", "$ref", "additionalProperties", "properties"])
def test_an_argument_is_counted_whatever_its_name(model: str, name: str) -> None:
    """Within the few tokens by which such a name is longer than another word."""
    called_so = tool_tokens(model, flat(name, "body"))
    assert abs(called_so - tool_tokens(model, flat("subject", "body"))) <= 8


@pytest.mark.parametrize("model", GEMINI)
def test_data_of_a_schema_is_no_schema(model: str) -> None:
    """Keys of a default are data, whatever they are called."""
    parameters = flat("body")
    parameters["properties"]["body"] = TEXT | {"default": {"title": "x"}}
    assert tool_tokens(model, parameters) >= tool_tokens(model, flat("body"))


REFERRING = {
    "type": "object",
    "properties": {"issue": {"$ref": "#/$defs/Issue"}},
    "$defs": {"Issue": flat("title", "body")},
}
OPEN = {"type": "object", "properties": {"labels": {"additionalProperties": flat("title")}}}
ANY = {"type": "object", "anyOf": [flat("title"), flat("body")]}
RECURSIVE = {"$ref": "#/$defs/Node", "$defs": {"Node": {"items": {"$ref": "#/$defs/Node"}} | TEXT}}


@pytest.mark.parametrize(
    ("parameters", "texts"), [(REFERRING, 2), (OPEN, 1), (ANY, 2), (RECURSIVE, 1)]
)
def test_gemini_3_is_billed_what_stands_behind_references_and_in_alternatives(
    parameters: dict[str, Any], texts: int
) -> None:
    model = "google/gemini-3-pro-preview"
    empty = tool_tokens(model, {"type": "object", "properties": {}})
    assert tool_tokens(model, parameters) >= empty + 15 * texts


def test_a_property_called_properties_is_one_property() -> None:
    inner = {"type": "object", "properties": {"a": TEXT}}
    schema = {"type": "object", "properties": {"properties": inner}}
    assert [name for name, _ in properties_of(schema)] == ["properties", "a"]
