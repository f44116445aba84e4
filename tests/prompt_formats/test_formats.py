"""The formats beside Jinja2: what their files say, and what is wrong with wrong ones."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot import prompt_formats
from reviewbot.errors import MeasurementError
from reviewbot.prompt import (
    NO_REFERENCES,
    MessageTemplate,
    Sample,
    UndefinedVariableError,
)
from reviewbot.prompt_formats import chat_messages, github_models, text, tool_definitions
from reviewbot.rendering.engines import Undefined
from reviewbot.rendering.engines import github_models as engine
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
    ("path", "name"),
    [
        ("a/system.txt", "text"),
        ("a/System.MD", "text"),
        ("a/x.prompt", "dotprompt"),
        ("a/system.j2", "jinja"),
        ("a/system.md.jinja2", "jinja"),
        ("a/greet.prompt.yml", "github-models"),
        ("a/greet.PROMPT.yaml", "github-models"),
        ("a/x.messages.json", "chat-messages"),
        ("a/x.chat.yml", "chat-messages"),
        ("a/tools.json", "tool-definitions"),
        ("a/x.tools.json", "tool-definitions"),
        ("a/data.json", None),
        ("a/x.yaml", None),
        ("a/atools.json", None),
        ("a/Makefile", None),
    ],
)
def test_a_files_name_shows_its_format(path: str, name: str | None) -> None:
    found = prompt_formats.recognize(path)
    assert (found.NAME if found else None) == name


def test_text_is_sent_as_it_stands() -> None:
    written = "{{ not }} a\r\ntemplate\n\n"
    assert read(text, written, path="p", role=None).messages == (
        MessageTemplate(role="user", text=written),
    )
    assert read(text, "x", path="p", role="system").messages[0].role == "system"


PROMPT_YML = """\
name: Weekly
model: openai/gpt-4o-mini
modelParameters: {temperature: 0.2, maxTokens: 500}
responseFormat: json_schema
jsonSchema: '{"name": "x", "schema": {}}'
messages:
  - role: system
    content: Plain text
  - role: user
    content: |
      Team: {{team}}
testData:
  - team: Checkout
  - {team: [1, two, null, true, 2.0], more: {b: 1, a: x}}
evaluators: [{name: x}]
"""


def test_github_models() -> None:
    found = read(github_models, PROMPT_YML, path="p", role=None)
    assert found.messages == (
        MessageTemplate(role="system", text="Plain text", line=8),
        MessageTemplate(role="user", text="Team: {{team}}\n", engine="github-models", line=11),
    )
    assert (found.model, found.max_tokens) == ("openai/gpt-4o-mini", 500)
    assert found.response_schema == '{"name": "x", "schema": {}}'
    assert found.samples[0] == Sample(name="testData 1", variables={"team": "Checkout"})
    assert found.samples[1].name == "testData 2"
    assert engine.references(PROMPT_YML, {}) == NO_REFERENCES


def test_a_schema_of_github_models_may_be_a_mapping_and_roles_may_have_capitals() -> None:
    written = (
        "responseFormat: json_schema\njsonSchema: {name: x, schema: {type: object}}\n"
        "messages: [{role: System, content: hi}]"
    )
    found = read(github_models, written)
    assert found.response_schema == '{"name": "x", "schema": {"type": "object"}}'
    assert found.messages[0].role == "system"
    without = read(github_models, "responseFormat:\nmessages: []")
    assert without.response_schema is None


def test_github_models_without_extras() -> None:
    found = read(github_models, "messages: [{role: user, content: hi}]", path="p", role=None)
    assert (found.model, found.max_tokens, found.response_schema, found.samples) == (
        None,
        None,
        None,
        (),
    )
    other = "responseFormat: text\njsonSchema: '{}'\nmessages: []\nmodel:\n"
    found = read(github_models, other, path="p", role=None)
    assert (found.response_schema, found.model) == (None, None)
    capped = "modelParameters: {maxCompletionTokens: 7}\nmessages: []"
    assert read(github_models, capped, path="p", role=None).max_tokens == 7


def fill(template: str, undefined: Undefined = "error", **variables: object) -> str:
    compiled = engine.compile_template(
        template, name="p", load=lambda _, __: None, undefined=undefined, options={}
    )
    return compiled.render(variables)


def test_placeholders_of_github_models_are_literal() -> None:
    assert fill("{{a}}{{a}} {{b}} {{{a}}}", a="x", b="{{a}}") == "xx {{a}} {x}"
    assert fill("{{a}", a="x") == "{{a}"
    assert fill("{{ a }}", "error", **{" a ": "spaced"}) == "spaced"


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("text", "text"),
        (3, "3"),
        (2.0, "2"),
        (2.5, "2.5"),
        (True, "true"),
        (False, "false"),
        (None, "<nil>"),
        ([1, "two", None], "[1 two <nil>]"),
        ({"b": [1], "a": "x"}, "map[a:x b:[1]]"),
    ],
)
def test_values_are_printed_as_go_prints_them(value: object, printed: str) -> None:
    assert fill("{{v}}", v=value) == printed


def test_a_value_is_no_pattern_and_no_template() -> None:
    assert fill("{{v}}", v=r"\1 \g<0> $1") == r"\1 \g<0> $1"
    assert fill("{{a}}", a="{{b}}", b="not this") == "{{b}}"


@given(st.text().filter(lambda text: "{{" not in text))
def test_text_without_placeholders_stays_as_it_is(written: str) -> None:
    assert fill(written) == written


def test_an_undefined_placeholder() -> None:
    with pytest.raises(UndefinedVariableError, match="'c' is undefined") as caught:
        fill("a\nb {{c}}")
    assert caught.value.line == 2
    assert fill("[{{c}}]", undefined="empty") == "[]"


@pytest.mark.parametrize(
    ("written", "line", "said"),
    [
        ("messages: {}", 1, "no list of `messages`"),
        ("name: x", 1, "no list of `messages`"),
        ("- a", 1, "no list of `messages`"),
        ("messages:\n  - role: user", 2, "`role` and a `content`"),
        ("messages:\n  - hi", 2, "`role` and a `content`"),
        ("messages:\n  - content: hi", 2, "`role` and a `content`"),
        ("messages:\n  - {role: user, content: [hi]}", 2, "`role` and a `content`"),
        ("messages: []\nmodelParameters:\n  maxTokens: 1.5", 3, "`maxTokens`"),
        ("messages: []\nmodelParameters:\n  maxTokens: [1]", 3, "`maxTokens`"),
        (
            "messages: []\nresponseFormat: json_schema\njsonSchema: {a: 1}",
            3,
            "needs a `name` and a `schema`",
        ),
        (
            "messages: []\nresponseFormat: json_schema\njsonSchema: [a]",
            3,
            "needs a `name` and a `schema`",
        ),
        ("messages: []\nresponseFormat: json_schema\njsonSchema: '{'", 3, "not JSON"),
        ("messages: []\nresponseFormat: json", 2, "none of GitHub Models"),
        ("messages: []\nresponseFormat: [text]", 2, "none of GitHub Models"),
        ("messages:\n  - {role: developer, content: hi}", 2, "role 'developer'"),
        ("messages: []\nmodelParameters:\n  maxTokens: many", 3, "`maxTokens`"),
        ("messages: []\nmodelParameters:\n  maxTokens: 0", 3, "`maxTokens`"),
        ("messages: []\nresponseFormat: json_schema", 2, "needs a `jsonSchema`"),
        ("messages: []\ntestData: {a: 1}", 2, "`testData`"),
        ("messages: []\ntestData:\n  - a", 3, "`testData`"),
        ("messages: [", 1, "YAML"),
        ("messages:\n  - {role: user, content: }", 2, "`role` and a `content`"),
        ("messages: []\nmodelParameters:\n  maxTokens: true", 3, "`maxTokens`"),
        ("messages: []\nmodel: {a: 1}", 2, "`model` is no name"),
    ],
)
def test_wrong_github_models(written: str, line: int, said: str) -> None:
    found = wrong(lambda: read(github_models, written, path="p", role=None))
    assert found[0] == line
    assert said in found[1]


def test_roles_belong_to_the_file_where_it_has_them() -> None:
    yml = "messages: []"
    assert "roles of their own" in wrong(lambda: read(github_models, yml, path="p", role="user"))[1]
    assert (
        "roles of their own" in wrong(lambda: read(chat_messages, "[]", path="p", role="user"))[1]
    )
    assert "no role" in wrong(lambda: read(tool_definitions, "[]", path="p", role="user"))[1]


TEXTS = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            [
                "messages",
                ":",
                " ",
                "\n",
                "- ",
                "role",
                "content",
                "{",
                "}",
                "[",
                "]",
                ",",
                '"',
                "tools",
                "name",
                "x",
            ]
        )
    ).map("".join),
)


EACH = [prompt_formats.by_name(name) for name in prompt_formats.names()]


@given(TEXTS)
@settings(deadline=None)  # the first text loads what formats load late
def test_any_text_is_a_prompt_or_a_named_problem(written: str) -> None:
    for chosen in EACH:
        for path in ("p", "p.json"):
            try:
                found = read(chosen, written, path=path, role=None)
            except MeasurementError as error:
                (problem,) = error.problems
                assert problem.place is not None
                assert problem.place.file == path
                assert 1 <= (problem.place.line or 0) <= written.count("\n") + 1
            else:
                assert all(message.line >= 1 for message in found.messages)
