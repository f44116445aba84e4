"""Requests of our own writing, with the input tokens that the rules for bills of their kind give.

How many bills each rule was held against stands in its row, and in docs/accuracy.md.
"""

import json
from typing import Any

import pytest

from reviewbot.prompt_formats import chat_messages
from reviewbot.tokens import CallTokens, Counter, Message, count_call, resolve
from reviewbot.tokens.rules import CHOICES, MESSAGES, SCHEMAS, SETTINGS, TOOLS
from tests.support.loading import endless, loaded
from tests.support.reading import read

COUNTER = Counter(load=loaded, allowance=endless())

ASK = {"role": "user", "content": "Where is my kettle?"}
SORT = {"role": "system", "content": "You sort mail."}
ANSWER = {"role": "assistant", "content": "On its way."}
EMPTY = {"type": "object", "properties": {}, "additionalProperties": False}
ORDER = {
    "type": "object",
    "properties": {"order": {"type": "string", "description": "Number of the order"}},
    "required": ["order"],
}


def function(name: str, description: str, parameters: dict[str, Any]) -> dict[str, Any]:
    said = {"name": name, "description": description, "parameters": parameters}
    return {"type": "function", "function": said}


PHOTO = function("get_photo", "", EMPTY)
FIND = function("find_order", "Look an order up.", ORDER)
DOCUMENT = {
    "role": "user",
    "content": [
        {"type": "document", "source": {"type": "text", "data": "A kettle."}},
        {"type": "text", "text": ASK["content"]},
    ],
}
LIST = {
    "type": "object",
    "properties": {"a": {"type": "integer"}},
    "required": ["a"],
    "additionalProperties": False,
}
SCHEMA = {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": LIST}}}
CLAUDE_SCHEMA = {"output_config": {"format": {"type": "json_schema", "schema": LIST}}}
CALL = {"id": "1", "type": "function", "function": {"name": "get_photo", "arguments": "{}"}}
CALLED = [
    ASK,
    {"role": "assistant", "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "1", "content": "A kettle."},
]


def counted(model: str, request: dict[str, Any]) -> CallTokens:
    file = read(chat_messages, json.dumps(request))
    messages = [
        Message(role=item.role, text=item.text, name=item.name, documents=item.documents)
        for item in file.messages
    ]
    schema = file.response_schema
    return count_call(
        resolve(model),
        messages,
        tools=file.tools,
        response_schemas=[] if schema is None else [schema],
        parameters=file.call_parameters,
        counter=COUNTER,
    )


def flat(tool: dict[str, Any]) -> dict[str, Any]:
    """The same tool as the Responses API has it."""
    return {"type": "function", **tool["function"]}


@pytest.mark.parametrize(
    ("model", "request_", "tokens"),
    [
        # the cookbook's rule: 3, and 4 a message
        ("openai/gpt-4o", {"messages": [SORT, ASK]}, 3 + 2 * 4 + 4 + 5),
        # one less for reasoning models: 2
        ("openai/gpt-5", {"messages": [ASK]}, 2 + 4 + 5),
        ("openai/o3", {"input": [ASK]}, 2 + 4 + 5),
        ("openai/gpt-5.6-sol", {"input": [SORT, ASK]}, 2 + 2 * 4 + 4 + 5),
        # a model that searches is billed its texts alone
        ("gpt-4o-search-preview", {"messages": [SORT, ASK], "web_search_options": {}}, 4 + 5),
        # tools as types: 9 more, 3 by Responses, 90 for reasoning models by Chat Completions
        ("openai/gpt-4o", {"messages": [ASK], "tools": [PHOTO]}, 12 + 15 + 9),
        ("openai/gpt-4o", {"messages": [SORT, ASK], "tools": [PHOTO]}, 20 + 15 + 9 - 4),
        ("openai/gpt-4.1", {"input": [ASK], "tools": [flat(PHOTO)]}, 12 + 15 + 3),
        ("openai/gpt-5-mini", {"messages": [ASK], "tools": [PHOTO]}, 11 + 15 + 90),
        ("openai/gpt-5-mini", {"input": [ASK], "tools": [flat(PHOTO)]}, 11 + 15 + 8),
        # Bedrock's endpoint adds 14 where OpenAI's adds 8
        ("bedrock/openai.gpt-5.5", {"input": [ASK], "tools": [flat(PHOTO)]}, 11 + 15 + 14),
        ("openai/openai.gpt-5.5", {"input": [ASK], "tools": [flat(PHOTO)]}, 11 + 15 + 14),
        # harmony's own system message, and Groq's with four tokens more
        ("cerebras/gpt-oss-120b", {"messages": [ASK]}, 63 + 4 + 5),
        ("groq/openai/gpt-oss-120b", {"messages": [ASK]}, 67 + 4 + 5),
        # Claude's frame, and 29 for thinking up to 4.6
        ("anthropic/claude-sonnet-4-6", {"messages": [ASK]}, 7 + 6),
        (
            "anthropic/claude-sonnet-4-6",
            {"messages": [ASK], "thinking": {"type": "enabled", "budget_tokens": 1024}},
            7 + 6 + 29,
        ),
        ("anthropic/claude-opus-4-8", {"messages": [ASK]}, 3 + 3 + 8),
        # 125 around an answer's schema, 38 around a document, 35 for a budget of the task
        ("anthropic/claude-sonnet-4-5", {"messages": [ASK], **CLAUDE_SCHEMA}, 7 + 6 + 125 + 32),
        ("anthropic/claude-sonnet-4-5", {"messages": [DOCUMENT]}, 7 + 38 + 4 + 6),
        (
            "anthropic/claude-opus-4-7",
            {"messages": [ASK], "output_config": {"task_budget": {"type": "tokens", "total": 9}}},
            8 + 3 + 8 + 35,
        ),
        # Gemini bills no schema, OpenAI one without what models are not shown, and 9
        ("google/gemini-2.0-flash", {"messages": [ASK], **SCHEMA}, 5),
        ("openai/gpt-4o", {"messages": [ASK], **SCHEMA}, 12 + 14 + 9),
        # Gemini: 1 a message since 2.5, nothing before and after; by Vertex AI never
        ("google/gemini-2.5-flash", {"messages": [SORT, ASK]}, 4 + 5 + 2),
        ("google/gemini-3-flash-preview", {"messages": [SORT, ASK]}, 4 + 5),
        ("vertex_ai/gemini-2.5-flash", {"messages": [SORT, ASK]}, 4 + 5),
        # a function without parameters: its name of 3 tokens and 18, 14, nothing
        ("google/gemini-2.5-flash", {"messages": [ASK], "tools": [PHOTO]}, 6 + 3 + 18),
        ("google/gemini-3-flash-preview", {"messages": [ASK], "tools": [PHOTO]}, 5 + 3 + 14),
        ("vertex_ai/gemini-3-flash", {"messages": [ASK], "tools": [PHOTO]}, 5 + 3),
        # every word of Gemini 2.0's own schema: name, text, OBJECT, order, string, text, order
        ("google/gemini-2.0-flash", {"messages": [ASK], "tools": [FIND]}, 5 + 3 + 5 + 4 + 4),
        # Llama 3.1 begins with a system message, Llama 4 does not
        ("together/meta-llama/Llama-3.3-70B-Instruct-Turbo", {"messages": [ASK]}, 30 + 5 + 5),
        ("huggingface/meta-llama/Llama-4-Scout-17B-16E-Instruct", {"messages": [ASK]}, 10 + 5),
        # Mistral's settings before the first message since Small 4
        ("mistral/mistral-large-latest", {"messages": [ASK]}, 1 + 2 + 6),
        ("mistral/mistral-small-latest", {"messages": [ASK]}, 13 + 2 + 6),
        # MiniMax's own system message gives way to another
        ("openrouter/minimax/minimax-m2", {"messages": [ASK]}, 8 + 5 + 26 + 6),
        ("openrouter/minimax/minimax-m2", {"messages": [SORT, ASK]}, 8 + 2 * 5 + 10),
        ("cerebras/zai-glm-4.7", {"messages": [ASK]}, 3 + 2 + 5),
        # DeepSeek R1's template has no place for tools
        ("huggingface/deepseek-ai/DeepSeek-R1", {"messages": [ASK], "tools": [PHOTO]}, 4 + 1 + 5),
    ],
)
def test_a_request_takes_what_bills_of_its_kind_say(
    model: str, request_: dict[str, Any], tokens: int
) -> None:
    assert counted(model, request_).input_tokens == tokens


@pytest.mark.parametrize(
    ("model", "request_"),
    [
        ("gpt-4o", {"messages": [SORT, ASK, ANSWER, ASK]}),
        ("gpt-4o-mini-2024-07-18", {"messages": [{**ASK, "name": "ann"}], "temperature": 1}),
        ("gpt-4.1", {"input": [ASK], "service_tier": "flex"}),
        ("gpt-4", {"messages": [ASK]}),
        ("gpt-5.6-sol", {"input": [SORT, ASK], "reasoning": {"effort": "low"}}),
        ("openrouter/openai/gpt-5-mini", {"messages": [ASK]}),
        ("o3-mini", {"messages": [ASK]}),
    ],
)
def test_what_bills_confirm_to_the_token_is_exact(model: str, request_: dict[str, Any]) -> None:
    assert counted(model, request_).notes == ()


@pytest.mark.parametrize(
    ("model", "request_", "lacking"),
    [
        ("gpt-5", {"messages": [ASK]}, "as GPT-5 by Responses"),
        ("gpt-5.1", {"input": [ASK]}, "as GPT-5 by Responses"),
        ("gpt-4-turbo", {"messages": [ASK]}, "not confirmed for this model"),
        ("gpt-4", {"input": [ASK]}, "held against no bill"),
        ("gpt-5", {"input": [ASK, ANSWER]}, "hardly any with an earlier answer"),
        ("gpt-5", {"input": [ASK], "instructions": ""}, "hardly any with an empty message"),
        ("gpt-4o", {"input": [{**ASK, "role": "developer"}]}, "with a developer's message"),
        ("gpt-4o", {"input": [ASK, ANSWER, ASK, ANSWER]}, "with several earlier answers"),
        ("gpt-4o", {"messages": CALLED}, "with a call of a function or the result of a call"),
        ("gpt-4o", {"messages": [ASK], "response_format": {"type": "json_object"}}, "JSON answer"),
        ("gpt-4o", {"input": [ASK], "text": {"verbosity": "low"}}, "with `text.verbosity`"),
        (
            "gpt-4.1",
            {"input": [ASK], "context_management": [{"type": "compaction"}]},
            "with `context_management`",
        ),
        ("azure/gpt-4o", {"messages": [ASK]}, "all of them at openai"),
        ("ft:gpt-4o:acme::x", {"messages": [ASK]}, "none of them of a fine-tuned model"),
        (
            "gpt-4o",
            {"input": [{"role": "user", "content": [{"type": "input_text", "text": "a"}] * 2}]},
            "with a content of several parts",
        ),
    ],
)
def test_what_no_bill_confirms_is_estimated(
    model: str, request_: dict[str, Any], lacking: str
) -> None:
    (note,) = counted(model, request_).notes
    assert note.startswith("message overhead is estimated: ")
    assert lacking in note


@pytest.mark.parametrize(
    ("model", "is_shown"),
    [
        ("huggingface/deepseek-ai/DeepSeek-R1", False),
        ("cerebras/zai-glm-4.7", False),
        ("qwen3-32b", False),
        ("groq/openai/gpt-oss-120b", False),
        ("deepseek/deepseek-v4-flash", True),
        ("mistral/magistral-medium-latest", True),
    ],
)
def test_earlier_thoughts_count_where_the_model_is_shown_them(
    model: str,
    is_shown: bool,  # noqa: FBT001 - a column of the table
) -> None:
    def history(**answer: Any) -> CallTokens:
        return counted(model, {"messages": [ASK, {"role": "assistant", **answer}, ASK]})

    plain = history(content="On its way.")
    thinking = "They want the kettle.</think>On its way."
    for thoughtful in (
        history(content=f"<think>{thinking}"),
        history(content="On its way.", reasoning="They want the kettle."),
        history(content="On its way.", reasoning_content="They want the kettle."),
    ):
        assert (thoughtful.input_tokens > plain.input_tokens) is is_shown


def test_a_turn_of_thoughts_alone_is_no_message_where_they_are_dropped() -> None:
    silent = {"role": "assistant", "content": "<think>Hm.</think>", "tool_calls": [CALL]}
    history = [ASK, silent, CALLED[2]]
    assert counted("groq/gpt-oss-120b", {"messages": history}) == counted(
        "groq/gpt-oss-120b", {"messages": CALLED}
    )


def test_mistral_bills_thoughts_that_are_parts() -> None:
    thought = {"type": "thinking", "thinking": [{"type": "text", "text": "They want it."}]}
    answer = {"role": "assistant", "content": [thought, {"type": "text", "text": "On its way."}]}
    model = "mistral/magistral-medium-latest"
    plain = counted(model, {"messages": [ASK, ANSWER, ASK]})
    assert counted(model, {"messages": [ASK, answer, ASK]}).input_tokens > plain.input_tokens


def test_a_choice_may_hide_tools() -> None:
    model = "huggingface/meta-llama/Llama-4-Scout-17B-16E-Instruct"
    both = {"messages": [ASK], "tools": [PHOTO, FIND]}
    one = {"messages": [ASK], "tools": [FIND], "tool_choice": "required"}
    named = {"type": "function", "function": {"name": "find_order"}}
    assert (
        counted(model, both | {"tool_choice": named}).tool_tokens == counted(model, one).tool_tokens
    )
    assert counted(model, both | {"tool_choice": "none"}).tool_tokens == 0


def test_gemini_2_is_shown_no_parameters_of_a_json_schema() -> None:
    """Of Gemini's own schema every word is billed; clients send all tools in one of both ways."""
    model = "google/gemini-2.0-flash"
    own = counted(model, {"messages": [ASK], "tools": [FIND]}).tool_tokens
    closed = function("find_order", "Look an order up.", ORDER | {"additionalProperties": False})
    assert counted(model, {"messages": [ASK], "tools": [closed]}).tool_tokens == own - 8


@pytest.mark.parametrize("table", [MESSAGES, TOOLS, CHOICES, SCHEMAS, SETTINGS])
def test_each_rule_has_a_source_and_its_bills(table: Any) -> None:
    for rule in table:
        assert rule.source
        assert 0 <= rule.near <= rule.bills
        assert rule.bills or "recorded bills" not in rule.source or rule.source.startswith("as ")


@pytest.mark.parametrize(
    "model",
    [
        "groq/deepseek-r1-distill-llama-70b",
        "together/deepseek-ai/DeepSeek-R1-Distill-Qwen-14B",
        "openrouter/deepseek/deepseek-r1-0528-qwen3-8b",
        "deepseek/deepseek-r1",
        "fireworks_ai/accounts/fireworks/models/deepseek-r1",
        "bedrock/us.deepseek.r1-v1:0",
    ],
)
def test_tools_of_r1_count_but_where_a_bill_shows_none(model: str) -> None:
    assert counted(model, {"messages": [ASK], "tools": [FIND]}).tool_tokens > 0


@pytest.mark.parametrize(
    ("model", "is_seen"),
    [
        ("groq/deepseek-r1-distill-llama-70b", False),
        ("deepseek-r1-0528-qwen3-8b", False),
        ("bedrock/us.deepseek.r1-v1:0", True),
        ("deepseek-reasoner", True),
    ],
)
def test_bills_of_r1_say_nothing_of_its_distills(
    model: str,
    is_seen: bool,  # noqa: FBT001 - a column of the table
) -> None:
    notes = [note for note in counted(model, {"messages": [ASK]}).notes if "overhead" in note]
    assert any("within 2% in 6 of 6 bills" in note for note in notes) is is_seen
