"""What a call is billed for beside its texts, and how well each figure is known."""

import json
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.prompt import Tool
from reviewbot.tokens import CallTokens, Counter, Message, count_call, resolve
from reviewbot.tokens.compact import compact_json
from reviewbot.tokens.tools_as_typescript import as_types
from tests.support.loading import endless, loaded
from tests.support.places import DATA

COOKBOOK = json.loads(DATA.joinpath("cookbook_token_counts.json").read_text("utf-8"))
TOOLS = tuple(Tool(**tool) for tool in COOKBOOK["tools"])

COUNTER = Counter(load=loaded, allowance=endless())


def cookbook_messages(key: str) -> list[Message]:
    return [
        Message(role=item["role"], text=item["content"], name=item.get("name"))
        for item in COOKBOOK[key]
    ]


@pytest.mark.parametrize(("model", "tokens"), COOKBOOK["messages_tokens"].items())
def test_the_cookbooks_messages_take_the_tokens_it_prints(model: str, tokens: int) -> None:
    call = count_call(resolve(model), cookbook_messages("messages"), counter=COUNTER)
    assert (call.input_tokens, call.exact, call.notes) == (tokens, True, ())
    assert call.tool_tokens == 0


@pytest.mark.parametrize(("model", "tokens"), COOKBOOK["tool_messages_tokens"].items())
def test_the_cookbooks_tools_take_the_tokens_it_prints(model: str, tokens: int) -> None:
    messages = cookbook_messages("tool_messages")
    call = count_call(resolve(model), messages, tools=TOOLS, counter=COUNTER)
    assert call.input_tokens == tokens
    assert call.content_tokens + call.overhead_tokens + call.tool_tokens == tokens


def tool(parameters: Any, name: str = "f", description: str = "does it.") -> Tool:
    return Tool(name=name, description=description, parameters=parameters)


def flat(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


BILLED = [
    # (messages, functions, input tokens) as the API billed them for gpt-3.5-turbo:
    # hmarr/openai-chat-tokens, tests/token-counts.test.ts
    (["user: hello"], [("foo", "", flat())], 31),
    (["user: hello"], [("bing_bong", "Do a bing bong", flat(foo={"type": "string"}))], 49),
    (
        ["user: hello"],
        [
            (
                "bing_bong",
                "Do a bing bong",
                flat(foo={"type": "string"}, bar={"type": "number", "description": "A number"}),
            )
        ],
        57,
    ),
    (
        ["user: hello"],
        [
            (
                "bing_bong",
                "Do a bing bong",
                flat(
                    foo=flat(
                        bar={"type": "string", "enum": ["a", "b", "c"]}, baz={"type": "boolean"}
                    )
                ),
            )
        ],
        68,
    ),
    (["system: Hello:", "system: Hello", "user: Hi there"], [("do_stuff", "", flat())], 40),
    (
        ["user: hello"],
        [
            (
                "get_recipe",
                "",
                {
                    "type": "object",
                    "required": ["ingredients", "instructions", "time_to_cook"],
                    "properties": {
                        "ingredients": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "required": ["name", "unit", "amount"],
                                "properties": {
                                    "name": {"type": "string"},
                                    "unit": {
                                        "enum": ["grams", "ml", "cups", "pieces", "teaspoons"],
                                        "type": "string",
                                    },
                                    "amount": {"type": "number"},
                                },
                            },
                        },
                        "instructions": {
                            "type": "array",
                            "items": {"type": "string"},
                            "description": "Steps to prepare the recipe (no numbering)",
                        },
                        "time_to_cook": {
                            "type": "number",
                            "description": "Total time to prepare the recipe in minutes",
                        },
                    },
                },
            )
        ],
        106,
    ),
]


@pytest.mark.parametrize(("said", "functions", "billed"), BILLED)
def test_nested_and_incomplete_tools_take_what_the_api_billed(
    said: list[str], functions: list[tuple[str, str, dict[str, Any]]], billed: int
) -> None:
    messages = [
        Message(role=role, text=text) for role, _, text in (m.partition(": ") for m in said)
    ]
    tools = [Tool(name=name, description=d, parameters=schema) for name, d, schema in functions]
    call = count_call(resolve("gpt-3.5-turbo"), messages, tools=tools, counter=COUNTER)
    assert call.input_tokens == billed
    assert call.exact is False


def typed(parameters: Any) -> str:
    """The definition of a function `f` without a description."""
    lines = as_types([tool(parameters, description="")]).split("\n")
    return "\n".join(lines[2:-2])


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({}, "type f = () => any;"),
        ({"type": "object"}, "type f = () => any;"),
        ({"properties": {}}, "type f = () => any;"),
        ({"type": "object", "properties": None}, "type f = () => any;"),
        ({"type": "array"}, "type f = () => any;"),
        ({"type": "array", "items": {}}, "type f = (_: any[]) => any;"),
        (
            {"type": "object", "properties": ["k"]},
            'type f = (_: object) => any; // properties: ["k"]',
        ),
        (flat() | {"strict": True, "additionalProperties": False}, "type f = () => any;"),
        (
            flat(k={"type": "string", "title": "K", "description": "d", "default": None})
            | {"title": "Input", "description": "all", "$schema": "x"},
            "type f = (_: // Input\n// all\n{\n// K\n// d\nk?: string,\n}) => any;",
        ),
        (flat(k={}), "type f = (_: {\nk?: any,\n}) => any;"),
        (flat(k=True), "type f = (_: {\nk?: true,\n}) => any;"),
        (
            flat(k={"type": "integer"}) | {"required": ["k"]},
            "type f = (_: {\nk: number,\n}) => any;",
        ),
        (flat(k={"type": "string"}) | {"required": "k"}, "type f = (_: {\nk?: string,\n}) => any;"),
        (
            flat(k={"type": "string", "description": "d", "default": "x", "minLength": 1}),
            'type f = (_: {\n// d\nk?: string, // default: "x", minLength: 1\n}) => any;',
        ),
        (flat(k={"type": ["string", "null"]}), "type f = (_: {\nk?: string | null,\n}) => any;"),
        (
            flat(k={"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}),
            'type f = (_: {\nk?: string | null, // format: "date"\n}) => any;',
        ),
        (flat(k={"const": 1}), "type f = (_: {\nk?: 1,\n}) => any;"),
        (flat(k={"enum": ["a", 2, None]}), 'type f = (_: {\nk?: "a" | 2 | null,\n}) => any;'),
        (
            flat(
                k={
                    "type": "array",
                    "items": {"type": "object", "properties": {"a": {"type": "null"}}},
                }
            ),
            "type f = (_: {\nk?: {\n  a?: null,\n}[],\n}) => any;",
        ),
        (
            flat(k={"type": "array", "items": [1]}),
            "type f = (_: {\nk?: any[], // items: [1]\n}) => any;",
        ),
        (
            flat(k={"$ref": "#/$defs/Node"})
            | {"$defs": {"Node": flat(next={"$ref": "#/$defs/Node"})}},
            "type Node = {\n  next?: Node,\n};\ntype f = (_: {\nk?: Node,\n}) => any;",
        ),
    ],
)
def test_definitions_as_types(parameters: dict[str, Any], text: str) -> None:
    assert typed(parameters) == text


def test_the_lines_of_a_description_are_shown_without_their_indents() -> None:
    text = as_types([tool({}, description=" a\n\n    b: c ")])
    assert text.split("\n")[2:5] == ["// a", "", "b: c"]


def test_what_is_no_json_is_written_as_text() -> None:
    assert compact_json({Decimal(1): Decimal("1.5"), None: (1, True)}) == (
        '{"1":"1.5","None":[1,true]}'
    )
    assert compact_json(MappingProxyType({"a": {1: "\ud800"}})) == '{"a":{"1":"\ud800"}}'


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "description", "enum", "properties", "required", "k"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("model", ["gpt-4o", "claude-opus-4-8", "gemini-2.5-pro", "qwen3-32b"])
@settings(max_examples=50, deadline=None)
@given(parameters=st.dictionaries(st.sampled_from(["type", "properties", "required", "x"]), JSON))
def test_any_schema_is_counted(model: str, parameters: dict[str, Any]) -> None:
    call = count_call(resolve(model), [], tools=[tool(parameters)], counter=COUNTER)
    assert call.tool_tokens > 0
    assert call.exact is False


USER = Message(role="user", text="Say hello.")


def test_parts_are_the_counts_of_their_texts() -> None:
    call = count_call(resolve("gpt-4o"), [USER, USER], counter=COUNTER)
    assert call == CallTokens(content_tokens=6, overhead_tokens=3 + 2 * 4, tool_tokens=0)
    assert call.input_tokens == 17


def test_what_stands_around_texts_is_not_multiplied_by_a_ratio() -> None:
    own = count_call(resolve("gpt-4o"), [USER], counter=COUNTER)
    call = count_call(resolve("grok-4"), [USER], counter=COUNTER)
    assert (own.content_tokens, own.overhead_tokens) == (3, 7)
    assert (call.content_tokens, call.overhead_tokens) == (4, 7)
    assert call.notes[0].startswith(
        "tokens are estimated as o200k_base times 1.05 (0.81 to 1.49) for plain Latin prose ("
    )


@pytest.mark.parametrize(
    ("model", "tokens"),
    [
        # platform.claude.com/docs/en/agents-and-tools/tool-use/overview, tool choice auto
        ("claude-opus-5", 286),
        ("anthropic/claude-opus-4-8", 290),
        ("claude-opus-4.7", 675),
        ("claude-sonnet-4-6", 497),
        ("claude-haiku-4-5-20251001", 496),
        ("claude-opus-4-1-20250805", 313),
        ("claude-sonnet-4-20250514", 313),
        ("claude-sonnet-5", 354),
        ("claude-3-5-haiku-20241022", 264),
        ("claude-3-7-sonnet-20250219", 346),
    ],
)
def test_tools_add_the_system_prompt_of_their_vendor(model: str, tokens: int) -> None:
    found = resolve(model)
    shown = '{"name": "f", "description": "does it.", "input_schema": {}}'
    call = count_call(found, [USER], tools=[tool({})], counter=COUNTER)
    assert call.tool_tokens - COUNTER.count(shown, found.encoding) == tokens
    assert count_call(found, [USER], counter=COUNTER).tool_tokens == 0


def test_a_model_without_chat_has_no_overhead() -> None:
    call = count_call(resolve("text-embedding-3-small"), [USER], counter=COUNTER)
    assert (call.input_tokens, call.overhead_tokens, call.exact) == (3, 0, True)


@pytest.mark.parametrize("schema", ['{"a": [1, 2],\n  "b": "c d"}', '{"a":[1,2],"b":"c d"}'])
def test_a_response_schema_is_estimated_by_its_json_without_layout(schema: str) -> None:
    call = count_call(resolve("gpt-4o"), [USER], response_schemas=[schema], counter=COUNTER)
    assert call.tool_tokens == COUNTER.count('{"a":[1,2],"b":"c d"}', "o200k_base") + 9
    (note,) = call.notes
    assert note.startswith("answer schemas are estimated, as compact JSON without `required`")


@pytest.mark.parametrize("schema", ["{", "[" * 100_000, "9" * 5_000, ""])
def test_a_response_schema_that_is_no_json_is_counted_as_it_stands(schema: str) -> None:
    call = count_call(resolve("gpt-4o"), [USER], response_schemas=[schema], counter=COUNTER)
    assert call.tool_tokens == COUNTER.count(schema, "o200k_base") + 9
