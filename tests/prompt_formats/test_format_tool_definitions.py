"""Tools in every shape that APIs and MCP servers list them in."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.errors import MeasurementError
from reviewbot.prompt import Tool
from reviewbot.prompt_formats import tool_definitions
from reviewbot.tokens.tools_as_typescript import as_types
from tests.support.reading import read


def wrong(reading: Callable[[], object]) -> tuple[int | None, str]:
    """Line and words of the one problem that reading ends with."""
    with pytest.raises(MeasurementError) as caught:
        reading()
    (problem,) = caught.value.problems
    assert problem.mend
    assert problem.place is not None
    assert problem.place.file == "p"
    return problem.place.line, problem.what


@pytest.mark.parametrize(
    "written",
    [
        '[{"type": "function", "function": {"name": "f", "description": "d", "parameters": {"a": 1}, "strict": true}}]',
        '[{"type": "function", "name": "f", "description": "d", "parameters": {"a": 1}}]',
        '[{"name": "f", "description": "d", "input_schema": {"a": 1}, "cache_control": {"type": "ephemeral"}}]',
        '{"tools": [{"name": "f", "description": "d", "input_schema": {"a": 1}}]}',
        '{"tools": [{"name": "f", "title": "F", "description": "d", "inputSchema": {"a": 1}, "outputSchema": {"b": 2}, "annotations": {"readOnlyHint": true}}]}',
        '{"jsonrpc": "2.0", "id": 1, "result": {"tools": [{"name": "f", "description": "d", "inputSchema": {"a": 1}}], "nextCursor": "x"}}',
        '{"name": "f", "description": "d", "inputSchema": {"a": 1}}',
        '[{"functionDeclarations": [{"name": "f", "description": "d", "parameters": {"a": 1}}]}]',
        '{"function_declarations": [{"name": "f", "description": "d", "parametersJsonSchema": {"a": 1}}]}',
        '{"type": "function", "function": {"name": "f", "description": "d", "parameters": {"a": 1}}}',
    ],
)
def test_tools_in_each_shape(written: str) -> None:
    found = read(tool_definitions, written)
    assert found.tools == (Tool(name="f", description="d", parameters={"a": 1}),)
    assert found.messages == ()
    assert read(tool_definitions, written, path="tools.yaml") == found


def test_tools_as_yaml() -> None:
    written = "tools:\n  - name: f\n    description: |\n      Two\n      lines.\n    input_schema: {type: object}\n"
    found = read(tool_definitions, written, path="x.tools.yml")
    assert found.tools == (
        Tool(name="f", description="Two\nlines.\n", parameters={"type": "object"}),
    )


def test_a_tool_may_say_little() -> None:
    found = read(
        tool_definitions, '[{"name": "f"}, {"name": "g", "description": null, "parameters": null}]'
    )
    assert [(tool.name, tool.description, tool.parameters) for tool in found.tools] == [
        ("f", "", {}),
        ("g", "", {}),
    ]


def test_what_else_a_model_is_shown_is_counted_with_the_parameters() -> None:
    written = """[
      {"name": "f", "input_schema": {"type": "object"}, "input_examples": [{"a": 1}]},
      {"type": "custom", "custom": {"name": "g", "format": {"type": "grammar", "definition": "x"}}}
    ]"""
    first, second = read(tool_definitions, written).tools
    assert first.parameters == {"type": "object", "input_examples": [{"a": 1}]}
    assert second == Tool(
        name="g",
        description="",
        parameters={"format": {"type": "grammar", "definition": "x"}},
    )


def test_references_within_a_schema_may_form_a_loop_and_are_counted_once() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/$defs/a~1b"}, "up": {"$ref": "#"}}}
    schema = {
        "type": "object",
        "properties": {"n": {"$ref": "#/$defs/a~1b"}, "m": {"$ref": "#/properties/n"}},
        "$defs": {"a/b": node},
    }
    found = read(tool_definitions, json.dumps([{"name": "f", "parameters": schema}]))
    assert as_types(found.tools).count("next") == 1


def test_many_references_take_linear_time() -> None:
    names = [f"n{number}" for number in range(15_000)]
    schema = {
        "$defs": {name: {} for name in names},
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in names],
    }
    found = read(tool_definitions, json.dumps([{"name": "f", "parameters": schema}]))
    assert len(as_types(found.tools)) > 100_000


@pytest.mark.parametrize(
    ("written", "line", "said"),
    [
        ("{}", 1, "not a list of tools"),
        ("[1]", 1, "not a tool's definition"),
        ('[\n{"type": "web_search"}]', 2, "type 'web_search'"),
        ('[\n{"type": "web_search_20250305", "name": "web_search"}]', 2, "web_search_20250305"),
        ('[\n{"type": "mcp", "server_url": "x"}]', 2, "type 'mcp'"),
        ('[\n{"type": "function", "function": {}}]', 2, "no name"),
        ('[\n{"type": "function", "function": 3}]', 2, "not a tool's definition"),
        ('[\n{"functionDeclarations": [3]}]', 2, "not a tool's definition"),
        ('[\n{"googleSearch": {}}]', 2, "no name"),
        ('[{"name": "f",\n"description": ["d"]}]', 2, "description is no text"),
        ('[{"name": "f",\n"parameters": []}]', 2, "no JSON Schema"),
        ('[{"name": "f",\n"parameters": "x"}]', 2, "no JSON Schema"),
        ('[{"name": "f",\n"defer_loading": true}]', 2, "only in the calls that find it"),
        ("[", 1, ""),
    ],
)
def test_wrong_tools(written: str, line: int, said: str) -> None:
    found = wrong(lambda: read(tool_definitions, written))
    assert found[0] == line
    assert said in found[1]


@pytest.mark.parametrize(
    "reference",
    [
        "#/$defs/b",
        "#/$defs/a/b",
        "other.json#/a",
        "https://example.com/schema",
        "x",
        "#a",
        "#/allOf/1",
        "",
    ],
)
def test_a_reference_that_leads_nowhere(reference: str) -> None:
    schema = {"$defs": {"a": {}}, "allOf": [{"$ref": reference}]}
    written = '[{"name": "f",\n"parameters": ' + json.dumps(schema) + "}]"
    assert wrong(lambda: read(tool_definitions, written)) == (
        2,
        f"the reference {reference!r} leads nowhere in this schema",
    )


KEYS = st.sampled_from(
    [
        "tools",
        "name",
        "type",
        "function",
        "parameters",
        "properties",
        "$ref",
        "$defs",
        "enum",
        "items",
        "anyOf",
        "required",
        "functionDeclarations",
    ]
)
DATA = st.recursive(
    st.sampled_from(["f", "object", "#/$defs/a", "#", "function", 1, None, True]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)


@given(DATA)
def test_any_data_is_tools_or_a_named_problem_and_tools_can_be_counted(data: object) -> None:
    try:
        found = read(tool_definitions, json.dumps(data))
    except MeasurementError as error:
        (problem,) = error.problems
        assert problem.place is not None
        assert problem.place.line == 1
    else:
        assert as_types(found.tools).startswith("namespace functions {")
