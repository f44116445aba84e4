"""What a call in source code asks for beside its prompt: answers, settings, peculiarities."""

import json

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.prompt import PromptFile
from reviewbot.prompt_formats import chat_messages, python, typescript
from tests.support.reading import read

MESSAGES = '[{"role": "system", "content": "Answer in one word."}]'
PYTHON = (
    "client = OpenAI()\nTIER = 'priority'; NAMED = [{'type': 'function'}]\nANSWERS = 5\n"
    "reply = client.chat.completions.%s\n"
)
TYPESCRIPT = (
    "const TIER = 'priority'; const OPTIONS = { n: 4 };\n"
    "const reply = await client.chat.completions.%s;\n"
)


def in_python(arguments: str, callee: str = "create") -> PromptFile:
    call = f'{callee}(model="gpt-4o", messages={MESSAGES}, {arguments})'
    return read(python, PYTHON % call, path="a.py", selector="reply.messages")


def in_typescript(keys: str, callee: str = "create") -> PromptFile:
    call = f'{callee}({{ model: "gpt-4o", messages: {MESSAGES}, {keys} }})'
    return read(typescript, TYPESCRIPT % call, path="a.ts", selector="reply.messages")


def told(file: PromptFile) -> tuple[int, list[tuple[str, str]], tuple[str, ...]]:
    settings = [(item.key, item.value) for item in file.settings]
    return file.answers, settings, file.call_parameters.features


TOOLS = '[{"type": "function"}]'
SCHEMA = '{"json_schema": {}, "type": "json_schema"}'
TIER = [("service_tier", '"priority"')]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("n=5", (5, [], ())),
        ("n=ANSWERS, temperature=warm, timeout=30", (5, [], ())),
        ("service_tier='priority'", (1, TIER, ("service_tier",))),
        ("service_tier=TIER", (1, TIER, ("service_tier",))),
        ("service_tier=chosen()", (1, [("service_tier", '"chosen()"')], ("service_tier",))),
        ("response_format={'type': 'json_object'}", (1, [], ("json_object",))),
        (
            "response_format={'type': 'json_schema', 'json_schema': {}}",
            (1, [("response_format", SCHEMA)], ("response_format",)),
        ),
        ("response_format=Order", (1, [("response_format", '"Order"')], ("response_format",))),
        ("tools=[{'type': 'function'}]", (1, [("tools", TOOLS)], ("tools",))),
        ("tools=NAMED", (1, [("tools", TOOLS)], ("tools",))),
        ("n=count()", (1, [("n", '"count()"')], ("n",))),
        ("base_url=chosen()", (1, [("base_url", '"chosen()"')], ())),
        ("**{'n': 2, 'top_a': 1}", (2, [("top_a", "1")], ("top_a",))),
        ("extra_body={'n': 2, 'top_a': 1}", (2, [("top_a", "1")], ("top_a",))),
        ("top_a=1e999", (1, [("top_a", '"1e309"')], ("top_a",))),
        ("**more", (1, [("**", '"**more"')], ("**",))),
    ],
)
def test_arguments_in_python(arguments: str, expected: object) -> None:
    assert told(in_python(arguments)) == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("n: 5", (5, [], ())),
        ("temperature: warm, stream: true", (1, [], ())),
        ("maxRetries: 2, abortSignal: signal, onFinish: save, timeout: 9", (1, [], ())),
        ('headers: { "X-Trace": "a", "User-Agent": "b" }', (1, [], ())),
        (
            'headers: { "anthropic-beta": "context-1m" }',
            (1, [("headers", '{"anthropic-beta": "context-1m"}')], ()),
        ),
        ("service_tier: TIER", (1, TIER, ("service_tier",))),
        ("service_tier: chosen()", (1, [("service_tier", '"chosen()"')], ("service_tier",))),
        ("response_format: { type: 'json_object' }", (1, [], ("json_object",))),
        (
            "response_format: { type: 'json_schema', ...rest }",
            (
                1,
                [("response_format", "\"{ type: 'json_schema', ...rest }\"")],
                ("response_format",),
            ),
        ),
        (
            "response_format: zodResponseFormat(Order)",
            (1, [("response_format", '"zodResponseFormat(Order)"')], ("response_format",)),
        ),
        ("tools: [{ type: 'function' }]", (1, [("tools", TOOLS)], ("tools",))),
        ("n: count()", (1, [("n", '"count()"')], ("n",))),
        ("top_a: [1, -2.5, null]", (1, [("top_a", "[1, -2.5, null]")], ("top_a",))),
    ],
)
def test_keys_in_typescript(keys: str, expected: object) -> None:
    assert told(in_typescript(keys)) == expected


@pytest.mark.parametrize(
    ("spread", "expected"),
    [("OPTIONS", (4, [], ())), ("rest", (1, [("**", '"...rest"')], ("**",)))],
)
def test_what_is_spread_into_a_request(spread: str, expected: object) -> None:
    call = f'create({{ ...{spread}, model: "gpt-4o", messages: {MESSAGES} }})'
    file = read(typescript, TYPESCRIPT % call, path="a.ts", selector="reply.messages")
    assert told(file) == expected


@pytest.mark.parametrize("language", ["python", "typescript"])
def test_a_constant_is_sent_as_the_calls_that_send_it_say(language: str) -> None:
    if language == "python":
        call = 'create(model="gpt-4o", n=3, top_a=1, messages=[{"role": "system", "content": S}])'
        text = f"S = 'Answer in one word.'\nreply = client.chat.completions.{call}\n"
        file = read(python, text, path="a.py", selector="S")
    else:
        call = 'create({ model: "gpt-4o", n: 3, top_a: 1, messages: [{ role: "system", content: S }] })'
        text = (
            f"const S = 'Answer in one word.';\nconst r = await client.chat.completions.{call};\n"
        )
        file = read(typescript, text, path="a.ts", selector="S")
    served = [item.value for item in file.settings if item.says_who_serves]
    assert (file.model, file.answers, served) == (None, 3, ['"gpt-4o"'])
    assert [item.key for item in file.settings if not item.says_who_serves] == ["top_a"]


def test_a_constant_of_many_calls_differs_where_one_of_them_does() -> None:
    def read_with(last: int) -> list[tuple[str, str]]:
        calls = "".join(
            f"r{n} = client.chat.completions.create(model='gpt-4o', top_a={n if n < 99 else last},"
            " messages=[{'role': 'system', 'content': S}])\n"
            for n in range(100)
        )
        text = f"S = 'Answer in one word.'\n{calls}"
        return told(read(python, text, path="a.py", selector="S"))[1]

    assert read_with(99) == read_with(99)
    assert read_with(99) != read_with(100)
    assert len(read_with(99)) == 21


def test_a_computed_value_is_another_where_what_it_is_made_of_is() -> None:
    values = set()
    for text in ("Say yes.", "Say no, and say it at length."):
        source = f"TEXT = {text!r}\n" + PYTHON % (
            f'create(model="gpt-4o", messages={MESSAGES}, tools=[{{"description": TEXT}}])'
        )
        file = read(python, source, path="a.py", selector="reply.messages")
        values |= {item.value for item in file.settings}
    assert len(values) == 2


def test_a_call_says_what_the_same_request_in_a_file_says() -> None:
    request = {"model": "gpt-4o", "messages": json.loads(MESSAGES), "n": 5, "service_tier": "flex"}
    file = read(chat_messages, json.dumps(request), path="a.chat.json")
    assert told(in_python("n=5, service_tier='flex'")) == told(file)
    assert told(in_typescript("n: 5, service_tier: 'flex'")) == told(file)


def test_a_setting_stands_in_its_line() -> None:
    (setting,) = in_python("n=5,\nservice_tier='flex'").settings
    assert (setting.path, setting.line) == ("a.py", 5)


@pytest.mark.parametrize("file", [lambda: in_python("n=0"), lambda: in_typescript("n: 0")])
def test_a_number_of_answers_that_is_none_is_refused(file: object) -> None:
    with pytest.raises(MeasurementError) as caught:
        file()  # type: ignore[operator]
    (problem,) = caught.value.problems
    assert "`n` is not a number of answers" in problem.what


@pytest.mark.parametrize("read_call", [in_python, in_typescript])
def test_arguments_of_other_calls_are_no_settings(read_call: object) -> None:
    separator = "=" if read_call is in_python else ": "
    file = read_call(f"top_a{separator}1", callee="remember")  # type: ignore[operator]
    assert told(file) == (1, [], ())
