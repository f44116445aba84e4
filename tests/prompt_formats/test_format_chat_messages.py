"""Requests of chat APIs: what of them is sent, and what cannot be counted."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reviewbot.errors import MeasurementError
from reviewbot.measurement.cacheable_prefix import count_prefix
from reviewbot.measurement.token_counts import count_calls
from reviewbot.prompt import (
    ALONE,
    Discovered,
    Image,
    MessageTemplate,
    PromptFile,
    PromptText,
    Surroundings,
    Tool,
)
from reviewbot.prompt_formats import chat_messages
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.tokens import Counter, resolve
from tests.support.reading import read
from tests.support.repository import Repository
from tests.support.sending import CONFIGURATION, calls_of, sent
from tests.tokens.test_images import png


def wrong(written: str) -> tuple[int | None, str]:
    """Line and words of the one problem that reading ends with."""
    with pytest.raises(MeasurementError) as caught:
        read(chat_messages, written)
    (problem,) = caught.value.problems
    assert problem.mend
    assert problem.place is not None
    assert problem.place.file == "p"
    return problem.place.line, problem.what


def said(found: PromptFile) -> list[tuple[str, str]]:
    return [(message.role, message.text) for message in found.messages]


def test_a_list_of_messages() -> None:
    written = (
        "- {role: system, content: Be brief.}\n- {role: user, name: ann, content: 'Hi {{ a }}'}\n"
    )
    found = read(chat_messages, written)
    assert found.messages == (
        MessageTemplate(role="system", text="Be brief.", line=1),
        MessageTemplate(role="user", text="Hi {{ a }}", engine="jinja", line=2, name="ann"),
    )


def test_a_text_without_tags_is_sent_as_it_stands() -> None:
    found = read(chat_messages, '[{"role": "user", "content": "a\\r\\n{ b } \\n"}]', path="p.json")
    assert found.messages == (MessageTemplate(role="user", text="a\r\n{ b } \n"),)


def test_a_request_of_anthropic() -> None:
    written = """{"model": "claude-sonnet-4-6", "max_tokens": 9, "temperature": 0,
 "system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}},
            {"type": "text", "text": " Be kind."}],
 "messages": [{"role": "user", "content": [{"type": "text", "text": "a"}, {"text": "b"}]}],
 "tools": [{"name": "f", "description": "d", "input_schema": {"type": "object"}}],
 "thinking": {"type": "enabled", "budget_tokens": 1024}, "stop_sequences": ["x"],
 "output_config": {"effort": "low", "format": {"type": "json_schema", "schema": {"type": "object"}}}}"""
    found = read(chat_messages, written, path="p.json")
    assert [(m.role, m.text, m.line) for m in found.messages] == [
        ("system", "Be brief. Be kind.", 2),
        ("user", "ab", 4),
    ]
    assert (found.model, found.max_tokens) == ("claude-sonnet-4-6", 9)
    assert found.tools == (Tool(name="f", description="d", parameters={"type": "object"}),)
    assert found.response_schema == '{"schema": {"type": "object"}}'


def test_a_request_of_chat_completions() -> None:
    written = """
model: gpt-4o
max_completion_tokens: 300
temperature: 0.5
seed: 1
metadata: {team: a}
response_format:
  type: json_schema
  json_schema: {name: answer, strict: true, schema: {type: object}}
functions: [{name: f, parameters: {type: object}}]
tools: null
messages:
  - {role: developer, content: Be brief.}
  - {role: user, content: [{type: text, text: What is up?}]}
  - role: assistant
    content: null
    tool_calls:
      - id: call_1
        type: function
        function: {name: look, arguments: '{"at": "{{ place }}"}'}
  - {role: tool, tool_call_id: call_1, content: The sky.}
  - {role: assistant, refusal: I will not.}
  - {role: assistant, content: "", function_call: {name: old, arguments: "{}"}}
  - {role: function, name: old, content: done}
"""
    found = read(chat_messages, written)
    assert [(m.role, m.name, m.text) for m in found.messages] == [
        ("developer", None, "Be brief."),
        ("user", None, "What is up?"),
        ("function_call", "look", '{"at": "{{ place }}"}'),
        ("tool", None, "The sky."),
        ("assistant", None, "I will not."),
        ("function_call", "old", "{}"),
        ("function", "old", "done"),
    ]
    assert found.messages[2].engine == "jinja"
    assert (found.model, found.max_tokens) == ("gpt-4o", 300)
    assert found.tools == (Tool(name="f", description="", parameters={"type": "object"}),)
    assert found.response_schema == '{"name": "answer", "schema": {"type": "object"}}'


def test_a_request_of_responses() -> None:
    written = """
model: gpt-5
instructions: Be brief.
max_output_tokens: 50
reasoning: {effort: low}
text: {verbosity: low, format: {type: json_schema, name: n, schema: {type: object}}}
input:
  - {role: user, content: [{type: input_text, text: "a "}, {type: input_text, text: b}]}
  - {type: message, role: assistant, id: m1, status: completed, content: [{type: output_text, text: c, annotations: []}]}
  - {type: function_call, call_id: x, name: f, arguments: "{}"}
  - {type: function_call_output, call_id: x, output: done}
"""
    found = read(chat_messages, written)
    assert said(found) == [
        ("system", "Be brief."),
        ("user", "a b"),
        ("assistant", "c"),
        ("function_call", "{}"),
        ("tool", "done"),
    ]
    assert found.max_tokens == 50
    assert found.response_schema == '{"name": "n", "schema": {"type": "object"}}'
    assert said(read(chat_messages, "model: gpt-5\ninput: Hello")) == [("user", "Hello")]


def test_tool_use_of_anthropic() -> None:
    written = """
- role: assistant
  content:
    - {type: text, text: I look.}
    - {type: tool_use, id: t1, name: look, input: {at: [sky, 1]}}
- role: user
  content:
    - type: tool_result
      tool_use_id: t1
      content: [{type: text, text: Blue.}, {type: text, text: ' Very.'}]
    - {type: tool_result, tool_use_id: t2}
    - {type: text, text: And now?}
    - type: document
      title: Notes
      source: {type: text, media_type: text/plain, data: Hello.}
    - type: document
      source: {type: content, content: [{type: text, text: Bye.}]}
"""
    found = read(chat_messages, written)
    assert said(found) == [
        ("assistant", "I look."),
        ("function_call", '{"at":["sky",1]}'),
        ("tool", "Blue. Very."),
        ("tool", ""),
        ("user", "And now?NotesHello.Bye."),
    ]


@pytest.mark.parametrize("key", ["max_completion_tokens", "max_output_tokens", "max_tokens"])
def test_each_name_of_the_cap(key: str) -> None:
    found = read(chat_messages, f"messages: []\n{key}: 12\n")
    assert found.max_tokens == 12


def test_what_changes_no_input_is_ignored_and_a_null_is_nothing() -> None:
    keys = [
        *("temperature", "top_p", "top_k", "stop", "stop_sequences", "seed", "stream", "metadata"),
        *("user", "parallel_tool_calls", "store", "logit_bias", "n", "prompt_cache_key"),
        *("include", "background", "safety_identifier", "moderation", "stream_options"),
    ]
    plain = read(chat_messages, "messages: [{role: user, content: a}]")
    written = {"messages": [{"role": "user", "content": "a"}], **dict.fromkeys(keys, 1)}
    assert read(chat_messages, json.dumps(written)) == plain
    nothing = dict.fromkeys(["system", "model", "tools", "max_tokens", "response_format", "audio"])
    assert read(chat_messages, json.dumps(written | nothing)) == plain


@pytest.mark.parametrize(
    ("written", "line", "what"),
    [
        ("text", 1, "neither a list of messages nor a request"),
        ("messages: x", 1, "no list of `messages`"),
        ("messages: []\ninput: []", 1, "no list of `messages`"),
        ("model: x", 1, "no list of `messages`"),
        ("messages: []\nstrem: true", 2, "'strem'"),
        ("messages: []\nprevious_response_id: x", 2, "'previous_response_id'"),
        ("messages: []\nmodles: [x-ai/grok-4]", 2, "'modles'"),
        ("messages: []\nmcp_servers: [x]", 2, "'mcp_servers'"),
        ("messages: []\nprediction: {type: content, content: x}", 2, "'prediction'"),
        ("messages: []\ntools:\n  - {type: web_search}", 3, "type 'web_search'"),
        ("messages: []\nsystem:\n  - {type: audio}", 3, "parts of type 'audio'"),
        ("messages: []\nsystem: 3", 2, "neither a text nor a list"),
        ("messages:\n  - {role: user, content: {a: b}}", 2, "neither a text nor a list"),
        ("- hi", 1, "not a message"),
        ("- {content: hi}", 1, "no role"),
        ("- {role: human, content: hi}", 1, "role 'human'"),
        ("- {role: user}", 1, "no content"),
        ("- {role: user, content: }", 1, "no content"),
        ("- role: user\n  content: hi\n  weight: 3", 3, "'weight'"),
        ("- role: assistant\n  audio: {id: a}", 2, "'audio'"),
        ("- role: user\n  content: 7", 2, "neither a text nor a list"),
        ("- role: user\n  content:\n    - {type: image_url}", 3, "image has no source"),
        (
            "- role: user\n  content:\n    - {type: image_url, image_url: {url: x, detail: best}}",
            3,
            "`detail`",
        ),
        ("- role: user\n  content: [hi]", 2, "not a part"),
        ("- role: user\n  content: [{type: text}]", 2, "no `text`"),
        ("- role: user\n  content:\n    - {type: text, text: [a]}", 3, "no `text`"),
        ("- role: user\n  content:\n    - {type: input_file, file_id: x}", 3, "'input_file'"),
        ("- role: user\n  content:\n    - {type: document, text: x}", 3, "a document whose text"),
        ("- role: user\n  content:\n    - {type: video, video: x}", 3, "'video'"),
        ("- role: user\n  content:\n    - {type: document, source: {type: text}}", 3, "no `data`"),
        ("- role: assistant\n  tool_calls:\n    - {id: x}", 3, "names no function"),
        ("- role: assistant\n  tool_calls:\n    - x", 3, "names no function"),
        ("- {type: reasoning, summary: []}", 1, "items of type 'reasoning'"),
        ("- {type: function_call_output, call_id: x}", 1, "no `output`"),
        ("messages: []\nmax_tokens: -5", 2, "cap on output tokens"),
        ("messages: []\nmax_tokens: 0", 2, "cap on output tokens"),
        ("messages: []\nmax_tokens: true", 2, "cap on output tokens"),
        ("messages: []\nmax_completion_tokens: many", 2, "cap on output tokens"),
        ("messages: []\nmodel: [a]", 2, "`model` is no name"),
        ("messages: []\nresponse_format:\n  type: json_schema", 3, "no schema"),
    ],
)
def test_wrong_chat_messages(written: str, line: int, what: str) -> None:
    found = wrong(written)
    assert found[0] == line
    assert what in found[1]


@pytest.fixture(scope="module")
def surroundings() -> Iterator[Surroundings]:
    with LimitedParser() as parser:
        yield replace(ALONE, parse=parser.parse)


DATA = png(640, 480)


@pytest.mark.parametrize(
    ("part", "image"),
    [
        ({"type": "image_url", "image_url": {"url": "https://x/y.png"}}, Image()),
        (
            {"type": "image_url", "image_url": {"url": "https://x/y.png", "detail": "low"}},
            Image(detail="low"),
        ),
        ({"type": "image_url", "image_url": {"url": "{{ image }}"}}, Image(varies=True)),
        (
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,{{ data }}"}},
            Image(varies=True),
        ),
        (
            {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{DATA}"}},
            Image(width=640, height=480),
        ),
        (
            {"type": "input_image", "image_url": f"data:image/png;base64,{DATA}", "detail": "high"},
            Image(width=640, height=480, detail="high"),
        ),
        ({"type": "input_image", "file_id": "file-1", "detail": "auto"}, Image()),
        (
            {
                "type": "image",
                "source": {"type": "base64", "media_type": "image/png", "data": DATA},
            },
            Image(width=640, height=480),
        ),
        ({"type": "image", "source": {"type": "url", "url": "https://x/y.png"}}, Image()),
        ({"type": "image", "source": {"type": "file", "file_id": "f"}}, Image()),
        ({"type": "image", "source": {"type": "base64", "data": "{{ data }}"}}, Image(varies=True)),
    ],
)
def test_images(part: object, image: Image, surroundings: Surroundings) -> None:
    content = [{"type": "text", "text": "What is "}, part, {"type": "text", "text": "this?"}]
    written = json.dumps([{"role": "user", "content": content}])
    found = read(chat_messages, written, surroundings=surroundings)
    assert found.messages == (MessageTemplate(role="user", text="What is this?", images=(image,)),)


def test_data_that_are_no_image(surroundings: Surroundings) -> None:
    written = "- role: user\n  content:\n    - type: image_url\n      image_url: {url: 'data:image/png;base64,AAAA'}"
    with pytest.raises(MeasurementError) as caught:
        read(chat_messages, written, surroundings=surroundings)
    (problem,) = caught.value.problems
    assert problem.what == "the image is no PNG, JPEG, GIF or WebP"
    assert problem.place is not None
    assert problem.place.line == 4


REVIEWED = """\
version: 1
workflows:
  look:
    model: MODEL
    prompts: look.chat.json
    samples: [{name: one, variables: {image: https://example.com/a.png, what: this}}]
    traffic: [{calls: 1/month, output_tokens: 1}]
"""


def look(*urls: str) -> str:
    images = [{"type": "image_url", "image_url": {"url": url, "detail": "high"}} for url in urls]
    content = [{"type": "text", "text": "What is {{ what }}?"}, *images]
    rules = {"role": "system", "content": "Be brief."}
    return json.dumps([rules, {"role": "user", "content": content}])


def test_images_are_counted_in_a_review(repository: Repository) -> None:
    url = f"data:image/png;base64,{png(1024, 1024)}"
    text = look(url, "{{ image }}")
    repository.commit({CONFIGURATION: REVIEWED.replace("MODEL", "gpt-4o"), "look.chat.json": text})
    (calls,) = calls_of(repository.path).values()
    assert sent(calls) == [("system", "Be brief."), ("user", "What is this?")]
    model, counter = resolve("gpt-4o"), Counter()
    (count,) = count_calls(calls, model, counter)
    # 3, and 3 + 1 for each message, with 3 and 4 tokens of text, 765 and 1,445 of images
    assert count.tokens.input_tokens == 3 + 4 + 3 + 4 + 4 + 765 + 1_445
    prefix = count_prefix(calls, model, counter)
    assert prefix.tokens == 4 + 3 + 4
    assert prefix.ends is not None
    assert (prefix.ends.file, prefix.ends.line) == ("look.chat.json", 1)


def test_a_model_without_a_rule_for_images_is_a_problem_at_the_message(
    repository: Repository,
) -> None:
    text = look("https://example.com/a.png")
    model = "deepseek/deepseek-chat"
    repository.commit({CONFIGURATION: REVIEWED.replace("MODEL", model), "look.chat.json": text})
    (calls,) = calls_of(repository.path).values()
    with pytest.raises(MeasurementError) as caught:
        count_calls(calls, resolve(model), Counter())
    (problem,) = caught.value.problems
    assert problem.what == "no rule is published for what an image costs deepseek-chat"
    assert problem.place is not None
    assert (problem.place.file, problem.place.line) == ("look.chat.json", 1)


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("a.yaml", "- {role: system, content: a}\n- {role: user, content: b}", True),
        ("a.json", '[{"role": "user", "content": "{{ q }}"}]', True),
        ("a.json", '{"model": "gpt-4o", "messages": [{"role": "user", "content": "b"}]}', True),
        ("a.yml", "system: a\nmessages: [{role: user, content: b}]", True),
        (
            "a.json",
            '[{"role": "user", "content": "b"}, {"role": "assistant", "content": "c"}]',
            False,
        ),
        ("a.json", '{"id": 3, "messages": [{"role": "system", "content": "b"}]}', False),
        ("a.yaml", "- {role: admin, content: a}", False),
        ("a.yaml", "- {role: system}", False),
        ("a.yaml", "role: [", False),
        ("a.yaml", "messages: []\nsystem: role:", False),
        ("a.yaml", "version: 1", False),
        ("a.prompt.yml", "messages: [{role: system, content: a}]", False),
    ],
)
def test_prompts_are_found_by_their_content(path: str, text: str, found: bool) -> None:  # noqa: FBT001 - a table's column
    expected = (Discovered(selector=None, format="chat-messages"),) if found else ()
    assert chat_messages.discover(PromptText(path=path, text=text)) == expected


KEYS = st.sampled_from(
    [
        "messages",
        "input",
        "role",
        "content",
        "type",
        "text",
        "tool_calls",
        "function",
        "name",
        "image_url",
        "url",
        "source",
        "data",
        "system",
        "arguments",
        "output",
        "response_format",
        "json_schema",
        "schema",
    ]
)
WORDS = st.sampled_from(
    [
        "user",
        "assistant",
        "text",
        "tool_use",
        "tool_result",
        "image_url",
        "document",
        "function_call",
        "function_call_output",
        "json_schema",
        "{{ a }}",
        1,
        None,
    ]
)
JSON = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)


@given(JSON)
def test_any_data_is_a_prompt_or_a_named_problem(data: object) -> None:
    text = json.dumps(data)
    try:
        found = read(chat_messages, text)
    except MeasurementError as error:
        (problem,) = error.problems
        assert problem.place is not None
        assert (problem.place.file, problem.place.line) == ("p", 1)
    else:
        assert all(message.line == 1 for message in found.messages)
    chat_messages.discover(PromptText(path="a.json", text=text))


def test_deep_and_long_requests_end() -> None:
    content = [{"type": "tool_result", "content": [{"type": "text", "text": "a"}] * 10}] * 1_000
    found = read(chat_messages, json.dumps([{"role": "user", "content": content}]))
    assert len(found.messages) == 1_000
    deep: object = "a"
    for _ in range(12):
        deep = [{"type": "tool_result", "content": deep}]
    assert said(read(chat_messages, json.dumps([{"role": "user", "content": deep}]))) == [
        ("tool", "a")
    ]
