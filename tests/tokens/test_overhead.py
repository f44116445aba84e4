"""What a call is billed for beside its texts, and how well each figure is known."""

import json
from decimal import Decimal
from math import ceil
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.prompt import Tool
from reviewbot.tokens import CallTokens, Counter, Message, count_call, resolve
from reviewbot.tokens.compact import compact_json
from reviewbot.tokens.overhead import ToolTokens, message_tokens, tool_tokens
from reviewbot.tokens.typed_tools import as_types
from tests.support.loading import loaded
from tests.support.places import DATA

COOKBOOK = json.loads(DATA.joinpath("cookbook_token_counts.json").read_text("utf-8"))
TOOLS = tuple(Tool(**tool) for tool in COOKBOOK["tools"])

COUNTER = Counter(load=loaded)


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
    assert (call.input_tokens, call.exact, call.notes) == (tokens, True, ())
    assert call.content_tokens + call.overhead_tokens + call.tool_tokens == tokens


def test_overhead_is_three_a_message_its_role_and_name_and_three_for_the_reply() -> None:
    messages = [Message(role="ab", text="xxxx"), Message(role="a", text="", name="abc")]
    assert message_tokens(messages, len) == 3 + (3 + 2) + (3 + 1 + 1 + 3)
    assert message_tokens([], len) == 3


def tool(parameters: Any, name: str = "f", description: str = "does it.") -> Tool:
    return Tool(name=name, description=description, parameters=parameters)


def flat(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def one(tool: Tool) -> ToolTokens:
    """A tool for an o200k model, with a token for each character, less the 19 that are fixed."""
    found = tool_tokens([tool], len, "o200k_base", has_system=True)
    return ToolTokens(tokens=found.tokens - 12 - 7, exact=found.exact)


LINE = len("f:does it")


def test_no_tools_take_no_tokens() -> None:
    assert tool_tokens([], len, "o200k_base", has_system=True) == ToolTokens(tokens=0, exact=True)


def test_a_function_takes_seven_with_o200k_and_ten_with_others() -> None:
    tools = [tool(flat()), tool(flat())]
    for encoding, each in (("o200k_base", 7), ("o200k_harmony", 7), ("cl100k_base", 10)):
        assert tool_tokens(tools, len, encoding, has_system=False).tokens == 12 + 2 * (each + LINE)


@pytest.mark.parametrize(
    ("parameters", "tokens"),
    [
        (flat(), 0),
        (flat() | {"required": []}, 0),
        (flat(k={"type": "string", "description": "d."}), 3 + 3 + len("k:string:d")),
        (
            flat(k={"type": "string", "description": "d", "enum": ["aa", "b"]}),
            3 + 3 + len("k:string:d") - 3 + (3 + 2) + (3 + 1),
        ),
        (
            flat(a={"type": "t", "description": "d"}, b={"type": "t", "description": "d.."}),
            3 + 3 + len("a:t:d") + 3 + len("b:t:d."),
        ),
        (
            {"type": "object", "properties": {3: {"type": "object", "description": "d"}}},
            3 + 3 + len("3:object:d"),
        ),
    ],
)
def test_flat_parameters_are_exact(parameters: dict[str, Any], tokens: int) -> None:
    assert one(tool(parameters)) == ToolTokens(tokens=LINE + tokens, exact=True)


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
        (flat() | {"strict": True}, "type f = (_: {\n\n}) => any; // strict: true"),
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
    assert one(tool(parameters)).exact is False


def test_a_function_without_a_description_is_estimated() -> None:
    assert one(tool(flat(), description="")).exact is False


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


@given(parameters=st.dictionaries(st.sampled_from(["type", "properties", "required", "x"]), JSON))
def test_any_schema_is_counted_and_never_below_its_flat_part(parameters: dict[str, Any]) -> None:
    assert one(tool(parameters)).tokens >= LINE
    more = one(tool(parameters | {"new": "keyword"}))
    assert more.tokens > one(tool(parameters)).tokens
    assert more.exact is False


USER = Message(role="user", text="Say hello.")


def test_parts_are_the_counts_of_their_texts() -> None:
    call = count_call(resolve("gpt-4o"), [USER, USER], counter=COUNTER)
    assert call == CallTokens(content_tokens=6, overhead_tokens=3 + 2 * 4, tool_tokens=0)
    assert call.input_tokens == 17


def test_overhead_of_a_model_that_the_cookbook_does_not_confirm_is_estimated() -> None:
    call = count_call(resolve("gpt-4.1"), [USER], tools=TOOLS, counter=COUNTER)
    assert call.exact is False
    cookbook = "OpenAI's cookbook, How_to_count_tokens_with_tiktoken"
    assert call.notes == (
        f"message overhead is estimated by {cookbook} section 6, not confirmed for gpt-4.1",
        f"tool definitions are estimated by {cookbook} section 7, not confirmed for gpt-4.1",
    )
    without = count_call(resolve("gpt-4.1"), [USER], counter=COUNTER)
    assert without.notes == call.notes[:1]


def test_each_part_of_an_estimated_model_is_its_ratio_rounded_up() -> None:
    own = count_call(resolve("gpt-4o"), [USER], tools=TOOLS, counter=COUNTER)
    call = count_call(resolve("claude-opus-5"), [USER], tools=TOOLS, counter=COUNTER)
    assert (own.content_tokens, own.overhead_tokens) == (3, 7)
    assert (call.content_tokens, call.overhead_tokens) == (5, 12)
    assert call.tool_tokens == -(-own.tool_tokens * 166 // 100) + 286
    assert call.notes[0].startswith("tokens are estimated as 1.66 times o200k_base (")
    assert len(call.notes) == 4
    assert call.notes[3].startswith("tools add a system prompt of 286 tokens (platform.claude.com/")


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
        ("gpt-4o", 0),
        ("gemini-2.5-pro", 0),
    ],
)
def test_tools_add_the_system_prompt_of_their_vendor(model: str, tokens: int) -> None:
    found = resolve(model)
    own = tool_tokens(
        TOOLS, lambda text: COUNTER.count(text, found.encoding), found.encoding, has_system=False
    )
    scaled = ceil(own.tokens * found.ratio)
    call = count_call(found, [USER], tools=TOOLS, counter=COUNTER)
    assert call.tool_tokens - scaled == tokens
    assert count_call(found, [USER], counter=COUNTER).tool_tokens == 0


def test_a_model_without_chat_has_no_overhead() -> None:
    call = count_call(resolve("text-embedding-3-small"), [USER], counter=COUNTER)
    assert (call.input_tokens, call.overhead_tokens, call.exact) == (3, 0, True)
    with_tools = count_call(resolve("davinci-002"), [USER], tools=TOOLS, counter=COUNTER)
    assert with_tools.notes[0].endswith("section 7, not confirmed for davinci-002")


def test_a_role_that_the_cookbook_does_not_compare_is_estimated() -> None:
    messages = [USER, Message(role="tool", text="1"), Message(role="developer", text="2")]
    call = count_call(resolve("gpt-4o"), messages, counter=COUNTER)
    assert call.notes == ("message overhead is estimated for the role developer, tool",)


def test_tools_that_the_rule_does_not_cover_are_estimated() -> None:
    tools = [tool(flat(k={"type": "array", "description": "d", "items": {"type": "string"}}))]
    call = count_call(resolve("gpt-4o"), [USER], tools=tools, counter=COUNTER)
    (note,) = call.notes
    assert note == (
        "tool definitions are estimated, since some are nested or incomplete: as the TypeScript "
        "that models are shown (openai/harmony, docs/format.md)"
    )


@pytest.mark.parametrize("schema", ['{"a": [1, 2],\n  "b": "c d"}', '{"a":[1,2],"b":"c d"}'])
def test_a_response_schema_is_estimated_by_its_json_without_layout(schema: str) -> None:
    call = count_call(resolve("gpt-4o"), [USER], response_schemas=[schema], counter=COUNTER)
    assert call.tool_tokens == COUNTER.count('{"a":[1,2],"b":"c d"}', "o200k_base")
    assert call.notes == ("response schemas are estimated as compact JSON",)


@pytest.mark.parametrize("schema", ["{", "[" * 100_000, "9" * 5_000, ""])
def test_a_response_schema_that_is_no_json_is_counted_as_it_stands(schema: str) -> None:
    call = count_call(resolve("gpt-4o"), [USER], response_schemas=[schema], counter=COUNTER)
    assert call.tool_tokens == COUNTER.count(schema, "o200k_base")
