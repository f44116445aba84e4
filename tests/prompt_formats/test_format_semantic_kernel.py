"""Prompt functions give the messages that Semantic Kernel's own library gives."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompt import (
    ALONE,
    Discovered,
    LoadedFile,
    PromptFile,
    PromptText,
    Surroundings,
    TemplateError,
)
from reviewbot.prompt_formats import semantic_kernel
from reviewbot.rendering.engines import semantic_kernel as engine
from reviewbot.rendering.jobs import Rendered
from reviewbot.rendering.process import RenderingProcess
from tests.support import places
from tests.support.compiling import compiled
from tests.support.filling import HASTY, fill, problem_of
from tests.support.processor_time import processor_seconds
from tests.support.reading import read
from tests.support.repetitions import examples

REFERENCES = places.REFERENCES / "semantic_kernel.json"
CASES: list[dict[str, Any]] = json.loads(REFERENCES.read_text("utf-8"))["cases"]
FUNCTIONS = {"functions": {"f": "same", "time.now": {"value": "2026-11-24 <now>"}}}

NO_XML = {"who": "a & b", "x": "&lt;"}
"""What is not encoded here, so that the library sends all tags as text."""


@pytest.fixture(scope="module")
def process() -> Iterator[RenderingProcess]:
    with RenderingProcess() as started:
        yield started


@pytest.fixture(scope="module")
def hasty() -> Iterator[RenderingProcess]:
    with RenderingProcess(HASTY) as started:
        yield started


def compiled_text(body: str, **more: Any) -> str:
    given = {"body": body, "language": engine.NAME, "defaults": {}, "trusted": [], **more}
    return json.dumps({"is_trusted": False, **given})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["template"][:40])
def test_messages_are_those_of_the_library(process: RenderingProcess, case: dict[str, Any]) -> None:
    text = compiled_text(
        case["template"],
        language=engine.LANGUAGES[case["language"]],
        trusted=case.get("trusted", []),
        is_trusted=case.get("is_trusted", False),
    )
    options = FUNCTIONS if case.get("functions") else None
    result = fill(process, "semantic-kernel", text, case["variables"], options=options)
    if case["messages"] is None:
        assert isinstance(result, Problem)
    elif case["variables"] == NO_XML:
        assert "the rendered text has messages and is no XML" in problem_of(result)
    else:
        assert isinstance(result, Rendered), str(result)
        assert result.parts is not None
        assert [[part.role, part.text] for part in result.parts] == case["messages"]
        template = compiled("semantic-kernel", text, options=options)
        rendered = template.render(case["variables"])
        assert template.split is not None
        parts = template.split(rendered)
        assert [[part.role, part.text] for part in parts] == case["messages"], "by itself too"


SETTINGS = """{
  "schema": 1,
  "execution_settings": {
    "default": {"max_tokens": 300, "ai_model_id": "openai/gpt-4o", "temperature": 0,
      "response_format": {"type": "json_schema", "json_schema": {"schema": {"type": "object"}}}}
  },
  "input_variables": [
    {"name": "product", "default": "Kettle 3"},
    {"name": "html", "allow_dangerously_set_content": true},
    {"name": "question", "default": ""}
  ]
}"""
YAML = """name: Answer
template_format: semantic-kernel
template: |
  <message role="system">You know {{$product}}.</message>
  <message role="user">{{$question}}</message>
input_variables:
  - name: product
    default: Kettle 3
execution_settings:
  gpt-4:
    model_id: gpt-4o
    max_tokens: 200
"""


def beside(files: dict[str, str]) -> Surroundings:
    def load(name: str, parent: str) -> LoadedFile | None:
        del parent
        path = next((path for path in files if path.endswith(name)), None)
        return None if path is None else LoadedFile(path=path, text=files[path])

    return replace(ALONE, load=load)


def with_settings(text: str, path: str = "a/config.json") -> PromptFile:
    files = {path: text}
    return read(semantic_kernel, "{{$product}}", path="a/skprompt.txt", surroundings=beside(files))


def test_settings_beside_the_prompt_are_used() -> None:
    found = with_settings(SETTINGS)
    assert (found.model, found.max_tokens) == ("openai/gpt-4o", 300)
    assert found.response_schema == '{"type":"object"}'
    assert [sample.variables for sample in found.samples] == [{"product": "Kettle 3"}]
    given = json.loads(found.messages[0].text)
    assert given["defaults"] == {"product": "Kettle 3"}
    assert (given["trusted"], given["is_trusted"]) == (["html"], False)


def test_older_settings_are_understood() -> None:
    found = with_settings(
        '{"schema": 1, "completion": {"max_tokens": 50}, '
        '"input": {"parameters": [{"name": "product", "defaultValue": "x"}]}}'
    )
    assert found.max_tokens == 50
    assert found.samples[0].variables == {"product": "x"}


def test_settings_of_another_folder_are_not_the_prompts() -> None:
    assert with_settings(SETTINGS, path="config.json").model is None


def test_a_function_in_yaml(process: RenderingProcess) -> None:
    found = read(semantic_kernel, YAML, path="answer.yaml")
    assert (found.model, found.max_tokens) == ("gpt-4o", 200)
    (message,) = found.messages
    assert (message.line, message.is_in_lines) == (4, True)
    result = fill(process, "semantic-kernel", message.text, {"question": "Hot & cold?"})
    assert isinstance(result, Rendered)
    assert result.parts is not None
    assert [(part.role, part.text) for part in result.parts] == [
        ("system", "You know Kettle 3."),
        ("user", "Hot & cold?"),
    ]


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("|\n  a\n  b {{$nam}}\n", 4),
        ("|-\n\n  a\n\n  {{$nam}}\n", 6),
        (">\n  a\n  b {{$nam}}\n\n  c\n", 3),
        ('"a\\nb {{$nam}}"\n', 2),
        ("a {{$nam}}\n", 2),
    ],
)
def test_lines_are_the_files(process: RenderingProcess, template: str, line: int) -> None:
    text = f"template_format: semantic-kernel\ntemplate: {template}"
    (message,) = read(semantic_kernel, text, path="p.yaml").messages
    result = fill(
        process,
        "semantic-kernel",
        message.text,
        first_line=message.line,
        is_in_lines=message.is_in_lines,
    )
    assert problem_of(result).startswith(f"p:{line}: 'nam' is undefined")


def test_functions_in_yaml_are_found_by_their_keys() -> None:
    assert prompt_formats.is_searched(prompt_formats.by_name("semantic-kernel"), "any/answer.yml")

    def found(text: str) -> tuple[Discovered, ...]:
        return semantic_kernel.discover(PromptText(path="answer.yaml", text=text))

    assert found(YAML) == (Discovered(selector=None, format="semantic-kernel", workflow="Answer"),)
    for text in ("template: x\n", "template_format: x\n", "[1]", "a: [", ""):
        assert found(text) == ()


TOOLS = '[{"name": "weather-get", "parameters": {}}, {"name": "mail-send", "parameters": {}}]'
CHOICE = '{"execution_settings": {"default": {"function_choice_behavior": {"type": "auto"%s}}}}'


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ("", ["weather-get", "mail-send"]),
        (', "functions": ["weather.get"]', ["weather-get"]),
        (', "functions": []', []),
    ],
)
def test_functions_that_the_model_may_call_are_tools(more: str, names: list[str]) -> None:
    files = {"a/config.json": CHOICE % more, "a/tools.json": TOOLS}
    found = read(semantic_kernel, "x", path="a/skprompt.txt", surroundings=beside(files))
    assert [tool.name for tool in found.tools] == names


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CHOICE % "", "a/config.json:1: the functions that the model may call"),
        ('{\n"template_format": "liquid"}', "a/config.json:2: templates in 'liquid' cannot"),
        ('{\n"execution_settings": {"default": {"max_tokens": 0}}}', "a/config.json:2: the cap on"),
        ('{\n"input_variables": [{"default": "x"}]}', "a/config.json:2: a variable needs a `name`"),
        ('{\n"input_variables": [{"name": "x", "default": []}]}', "a/config.json:2: a default is"),
        (
            '{"execution_settings": {"other": {},\n"gpt": {"chat_system_prompt": "Be kind."}}}',
            "a/config.json:2: the text of `chat_system_prompt` is not measured; write it into",
        ),
        ("[]", "a/config.json:1: the settings are no mapping"),
        ("{", "a/config.json:1: this is not JSON"),
    ],
)
def test_what_cannot_be_measured_is_named(text: str, said: str) -> None:
    with pytest.raises(MeasurementError) as caught:
        with_settings(text)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("a\n\n{{$nam}}", "p:3: 'nam' is undefined"),
        ("a\n{{f $nam}}", "p:2: 'nam' is undefined"),
        (
            "a\n{{mail.read $x}}",
            "p:2: the function 'mail.read' is of the application; name a stand",
        ),
        ("a\n{{$a b c.d.e}}{{a.b.c}}", "p:2: this tag is wrong: 'a.b.c' is no function's name"),
        ("a\n{{f $x $x}}", "p:2: this tag is wrong: '$x' needs a name"),
        ("a\n{{f x='a b'}}", 'p:2: this tag is wrong: "x=\'a" is not written'),
        ("{{$list}}", "p:1: the variable 'list' is no text"),
        ('<message role="x">a</message>', "p:1: the role 'x' of <message> cannot be sent"),
        ('<message role="user"><image>u</image></message>', "p:1: a message holds <image>"),
        ('<message role="user" name="n">u</message>', "p:1: a message has a name"),
        ('<message role="user">a & b</message>', "p:1: the rendered text has messages and is no"),
    ],
)
def test_faults_are_named_where_they_are(process: RenderingProcess, body: str, said: str) -> None:
    variables: dict[str, Any] = {"x": "y"} | ({"list": [1]} if "list" in body else {})
    text = compiled_text(body)
    result = fill(process, "semantic-kernel", text, variables, options=FUNCTIONS)
    assert problem_of(result).startswith(said)


PIECES = st.sampled_from(
    [
        *(
            '<message role="user">',
            "</message>",
            '<message role="system">',
            "<b>",
            "</b>",
            "a ",
            "\n",
        ),
        *(
            "{{$x}}",
            "{{f $x}}",
            "{{'l'}}",
            "&amp;",
            "&lt;",
            "&",
            "lt;",
            "<",
            "\r\n",
            "<text>",
            "</text>",
        ),
        *("<chat_history>", "</chat_history>", "é", "&amp;lt", "amp;", "🎉", "<br/>", "{{", "}}"),
    ]
)
VALUES = st.fixed_dictionaries(
    {"x": st.sampled_from(["", "lt;", "<", "&", "amp;lt;", "\n", " ", "\x0b", "</message>", "t"])}
)
BODIES = st.lists(PIECES, max_size=8).map("".join)
WHOLE = st.tuples(BODIES, BODIES).map(
    lambda pair: (
        f'<message role="system">{pair[0]}</message><message role="user">{pair[1]}</message>'
    )
)


def parts(body: str, variables: dict[str, str], *, trusted: bool) -> Any:
    text = compiled_text(body, is_trusted=trusted)
    template = engine.compile_template(
        text, name="p", load=lambda *_: None, undefined="error", options=FUNCTIONS
    )
    rendered = template.render(variables)
    assert template.split is not None
    return template.constant, rendered, template.split(rendered)


@given(body=BODIES | WHOLE, first=VALUES, second=VALUES, trusted=st.booleans())
@settings(max_examples=examples(250), deadline=None)
def test_the_constant_part_is_the_same_with_all_variables(
    body: str, first: dict[str, str], second: dict[str, str], *, trusted: bool
) -> None:
    try:
        constant, one, found = parts(body, first, trusted=trusted)
        _, other, others = parts(body, second, trusted=trusted)
    except TemplateError:
        return
    assert one[: constant.characters] == other[: constant.characters]
    if constant.line is None:
        assert one == other
        return
    for number, part in enumerate(found):
        steady = min(constant.characters - part.start, len(part.text))
        if steady > 0:
            assert others[number].role == part.role
            assert others[number].text[:steady] == part.text[:steady]
        if constant.characters < part.start + len(part.text):
            return


def test_messages_before_the_first_variable_are_constant() -> None:
    body = '<message role="system">Be &lt;brief&gt;.</message>\n<message role="user">Q: {{$x}}</message>'
    constant, _, (system, user) = parts(body, {"x": "y"}, trusted=False)
    assert constant.characters == system.start + len("Be <brief>.")
    assert constant.characters == user.start + len("Q: ")


ATTACKS = {
    "open tags": "{{" * 400_000,
    "a text that does not end": "{{'" + "x" * 900_000,
    "many tags": "{{$x}}" * 150_000,
    "elements in elements": "<message role='user'>"
    + "<a>" * 50_000
    + "</a>" * 50_000
    + "</message>",
    "many messages": "<message role='user'>x</message>" * 20_000,
    "entities": '<!DOCTYPE a [<!ENTITY b "bb">]><message role="user">&b;</message>',
    "ampersands": "<message role='user'>" + "&amp;" * 150_000 + "{{$x}}</message>",
    "attributes": "<message role='user' "
    + " ".join(f"a{n}='x'" for n in range(20_000))
    + ">x</message>",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_ends_in_bounded_time(hasty: RenderingProcess, name: str) -> None:
    began = processor_seconds()
    result = fill(hasty, "semantic-kernel", compiled_text(ATTACKS[name]), {"x": "y"})
    if isinstance(result, Problem):
        assert result.place is not None
        assert result.place.line
    assert isinstance(fill(hasty, "semantic-kernel", compiled_text("ok")), Rendered)
    assert processor_seconds() - began < 4


def test_no_file_or_entity_is_read(process: RenderingProcess) -> None:
    for declared in ('<!ENTITY b SYSTEM "file:///etc/passwd">', '<!ENTITY b "bbb">'):
        text = f'<!DOCTYPE a [{declared}]><message role="user">&b;</message>'
        said = problem_of(fill(process, "semantic-kernel", compiled_text(text)))
        assert "is no XML" in said
        assert "root:" not in said


KEYS = st.lists(
    st.sampled_from(
        [
            *("template: x\n", "template: |\n  {{$a}}\n", "template_format: jinja2\n", "name: n\n"),
            *("input_variables:\n", "- name: a\n", "  default: b\n", "execution_settings:\n"),
            *(
                "  default:\n",
                "    max_tokens: 3\n",
                "    function_choice_behavior: {type: auto}\n",
                "[",
                "x",
            ),
        ]
    ),
    max_size=8,
).map("".join)


@given(KEYS | st.text(max_size=40), st.sampled_from(["p.yaml", "a/skprompt.txt"]))
@settings(max_examples=examples(150), deadline=None)
def test_any_text_is_a_prompt_or_a_named_error(text: str, path: str) -> None:
    semantic_kernel.discover(PromptText(path=path, text=text))
    try:
        found = read(semantic_kernel, text, path=path)
    except MeasurementError as error:
        places = [problem.place for problem in error.problems]
    else:
        assert len(found.messages) == 1
        return
    assert places
    assert all(place is not None and place.line for place in places)
