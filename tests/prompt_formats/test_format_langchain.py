"""Serialized LangChain prompts give the messages that LangChain itself gives."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompt import (
    Discovered,
    LoadedFile,
    MessageTemplate,
    PromptFile,
    PromptText,
    Surroundings,
    TemplateError,
)
from reviewbot.prompt_formats import langchain
from reviewbot.rendering import engines
from reviewbot.rendering.jobs import Job, Rendered
from reviewbot.rendering.process import RenderingProcess
from tests.support import places
from tests.support.reading import parse, read
from tests.support.repetitions import examples

REFERENCES = json.loads((places.REFERENCES / "langchain.json").read_text("utf-8"))


def beside(files: dict[str, str]) -> Surroundings:
    return Surroundings(
        load=lambda name, _: LoadedFile(path=name, text=files[name]) if name in files else None,
        parse=parse,
    )


def sent(
    file: PromptFile, variables: dict[str, Any], undefined: engines.Undefined = "error"
) -> list[list[str]]:
    found = []
    for message in file.messages:
        if message.engine is None:
            found.append([message.role, message.text])
            continue
        assert message.engine == "langchain"
        template = engines.by_name(message.engine).compile_template(
            message.text, name="p.json", load=lambda *_: None, undefined=undefined, options={}
        )
        text = template.render(variables)
        if template.split is None:
            found.append([message.role, text])
        else:
            found += [[part.role, part.text] for part in template.split(text)]
    return found


NO_HISTORY: dict[str, Any] = {"nohistory": [], "zz": []}
"""The library takes an optional placeholder without a value for none; here a sample says so."""


@pytest.mark.parametrize("number", range(len(REFERENCES["cases"])))
def test_messages_are_those_of_the_library(number: int) -> None:
    case = REFERENCES["cases"][number]
    variables = case.get("variables", REFERENCES["variables"])
    path, files = case.get("path", "p.json"), beside(case.get("files", {}))
    file = read(langchain, case["template"], path=path, surroundings=files)
    if case["rendered"] is None:
        with pytest.raises(TemplateError):
            sent(file, variables)
    else:
        assert sent(file, NO_HISTORY | variables) == case["rendered"]


@pytest.mark.parametrize("is_optional", [True, False])
def test_a_sample_has_to_give_its_history_or_none(*, is_optional: bool) -> None:
    placeholder = made("MessagesPlaceholder", variable_name="past", optional=is_optional)
    template = json.dumps(made("ChatPromptTemplate", messages=[placeholder]))
    file = read(langchain, template, path="p.json")
    with pytest.raises(TemplateError) as raised:
        sent(file, {})
    assert raised.value.mend == "give the sample its earlier messages, or `past: []` for none"
    assert sent(file, {"past": []}) == []


def made(name: str, folder: str = "chat", **kwargs: Any) -> dict[str, Any]:
    identity = ["langchain", "prompts", folder, name]
    return {"lc": 1, "type": "constructor", "id": identity, "kwargs": kwargs}


def template(text: Any, **others: Any) -> dict[str, Any]:
    return made("PromptTemplate", "prompt", template=text, **others)


def human(text: str) -> dict[str, Any]:
    return made("HumanMessagePromptTemplate", prompt=template(text))


def chat(*messages: Any, **others: Any) -> dict[str, Any]:
    return made("ChatPromptTemplate", messages=list(messages), **others)


def opened(data: Any, **arguments: Any) -> PromptFile:
    return read(langchain, json.dumps(data), path="p.json", **arguments)


def sequence(last: Any, *middle: Any) -> dict[str, Any]:
    return made("RunnableSequence", first=chat(human("Hi")), middle=list(middle), last=last)


MODEL = {
    "lc": 1,
    "type": "constructor",
    "id": ["langchain", "chat_models", "openai", "ChatOpenAI"],
    "kwargs": {"model_name": "gpt-4o", "max_tokens": 500},
}
TOOLS = [{"type": "function", "function": {"name": "find"}}]


def test_a_sequence_has_the_model_and_what_it_is_bound_to() -> None:
    schema = {"type": "json_schema", "json_schema": {"schema": {"type": "object"}}}
    kwargs = {"tools": TOOLS, "max_tokens": 100, "response_format": schema}
    file = opened(sequence(made("RunnableBinding", bound=MODEL, kwargs=kwargs)))
    assert (file.model, file.max_tokens) == ("openai/gpt-4o", 100)
    assert [tool.name for tool in file.tools] == ["find"]
    assert file.response_schema == '{"type": "object"}'
    assert sent(file, {}) == [["user", "Hi"]]


@pytest.mark.parametrize(
    ("name", "kwargs", "model"),
    [
        ("ChatOpenAI", {"model": "gpt-4o"}, "openai/gpt-4o"),
        ("AzureChatOpenAI", {"azure_deployment": "mine", "model_name": "x"}, "azure/mine"),
        ("ChatAnthropic", {"model": "claude-sonnet-4-5"}, "anthropic/claude-sonnet-4-5"),
        ("ChatVertexAI", {"model_name": "gemini-2.5-pro"}, "vertex_ai/gemini-2.5-pro"),
        (
            "ChatAnthropicVertex",
            {"model_name": "claude-sonnet-4-5@20250929"},
            "vertex_ai/claude-sonnet-4-5@20250929",
        ),
        ("ChatGoogleGenerativeAI", {"model": "gemini-2.5-pro"}, "google/gemini-2.5-pro"),
        (
            "ChatGoogleGenerativeAI",
            {"model": "gemini-2.5-pro", "vertexai": True},
            "vertex_ai/gemini-2.5-pro",
        ),
        ("ChatOpenAI", {"model": "openai/gpt-4o"}, "openai/gpt-4o"),
        ("ChatFireworks", {"model": "some/model"}, "some/model"),
        ("ChatOpenAI", {}, None),
    ],
)
def test_models(name: str, kwargs: dict[str, Any], model: str | None) -> None:
    assert opened(sequence(made(name, **kwargs))).model == model
    assert opened(sequence(made("StrOutputParser"), made(name, **kwargs))).model == model


@pytest.mark.parametrize("last", [None, {"a": 1}, made("StrOutputParser")])
def test_a_sequence_without_a_model_is_a_prompt(last: Any) -> None:
    file = opened(sequence(last, made("StrOutputParser")))
    assert (file.model, sent(file, {})) == (None, [["user", "Hi"]])
    kwargs = {"response_format": {"type": "json_object"}}
    assert opened(sequence(made("RunnableBinding", kwargs=kwargs))).response_schema is None


def test_a_structured_prompt_has_its_schema() -> None:
    file = opened(made("StructuredPrompt", messages=[human("Hi")], schema_={"type": "object"}))
    assert file.response_schema == '{"type": "object"}'


def test_a_prompt_that_is_a_text_has_the_role_of_the_configuration() -> None:
    assert sent(opened(template("Hi {x}"), role="system"), {"x": "Ann"}) == [["system", "Hi Ann"]]
    assert sent(opened(template("Hi")), {}) == [["user", "Hi"]]
    with pytest.raises(MeasurementError, match="roles of their own"):
        opened(chat(human("Hi")), role="system")


def test_a_chat_prompt_of_load_prompt_is_one_message() -> None:
    text = "_type: chat\ninput_variables: [x]\nmessages:\n  - prompt: {template: 'Hi {x}'}\n"
    file = read(langchain, text, path="p.yaml")
    assert sent(file, {"x": "Ann"}) == [["user", "Hi Ann"]]


def test_without_samples_every_variable_is_empty() -> None:
    data = chat(human("Hi {x}!"), made("MessagesPlaceholder", variable_name="h"))
    assert sent(opened(data), {}, "empty") == [["user", "Hi !"]]


YAML = """_type: few_shot
prefix: |
  First {a}
example_prompt:
  _type: prompt
  template: |
    Example {e}
    of two lines
examples:
  - e: one
suffix: |
  Then
  {b}
"""


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (YAML.replace("{a}", "x"), "p.yaml:13"),
        (YAML.replace("{b}", "x"), "p.yaml:3"),
        (YAML.replace("- e:", "- f:"), "p.yaml:7"),
        ("_type: prompt\ntemplate: |\n  one\n\n  {a b", "p.yaml:3"),
        ("_type: prompt\ntemplate: 'one\n\n\n  {a}'", "p.yaml:2"),
        ("_type: prompt\ntemplate_path: t.txt", "t.txt:3"),
        ("_type: few_shot\nexample_prompt_path: e.json\nexamples: [{f: 1}]\nsuffix: x", "e.json:2"),
    ],
)
def test_a_fault_is_named_where_it_stands(text: str, place: str) -> None:
    files = {"t.txt": "one\ntwo\n{a}\n", "e.json": '{\n  "template": "{e}"}'}
    file = read(langchain, text, path="p.yaml", surroundings=beside(files))
    (message,) = file.messages
    with RenderingProcess() as process:
        (problem,) = rendered(process, message)
    assert isinstance(problem, Problem)
    assert problem.what.endswith((" is undefined", "before end of string"))
    assert str(problem.place) == place


@pytest.mark.parametrize(
    ("text", "language", "what"),
    [("{a b", "f-string", "no format string"), ("{% include 'x' %}", "jinja2", "was not found")],
)
def test_a_wrong_template_is_named(text: str, language: str, what: str) -> None:
    with pytest.raises(TemplateError, match=what):
        sent(opened(template(text, template_format=language)), {})


def test_the_constant_beginning_reaches_to_the_variable() -> None:
    text = YAML.replace("{a}", "x")
    (message,) = read(langchain, text, path="p.yaml").messages
    with RenderingProcess() as process:
        (result,) = rendered(process, message, '{"b": "B"}')
    assert isinstance(result, Rendered)
    constant = result.constant
    assert result.text[: constant.characters].endswith("of two lines\n\n\nThen\n")
    assert (constant.path, constant.line) == ("p.yaml", 13)


TEXTS = st.lists(
    st.sampled_from(
        ["Hello ", "{a}", "{{", "}}", "\n", "{b!r}", "{a:>3}", "x", "{{{a}}}", "{", "é"]
    ),
    max_size=6,
).map("".join)
VALUES = st.fixed_dictionaries(
    {key: st.sampled_from(["", "x", "{", "{a}", "\n", "long text"]) for key in "ab"}
)


@given(
    texts=st.lists(TEXTS, min_size=1, max_size=3),
    language=st.sampled_from(["f-string", "mustache", "jinja2"]),
    first=VALUES,
    second=VALUES,
)
@settings(max_examples=examples(150))
def test_the_constant_beginning_is_that_of_every_call(
    texts: list[str], language: str, first: dict[str, str], second: dict[str, str]
) -> None:
    prompts = [template(text, template_format=language) for text in texts]
    (message,) = opened(chat(made("HumanMessagePromptTemplate", prompt=prompts))).messages
    if message.engine is None:
        return
    try:
        compiled = engines.by_name(message.engine).compile_template(
            message.text, name="p.json", load=lambda *_: None, undefined="empty", options={}
        )
        one, other = compiled.render(first), compiled.render(second)
    except TemplateError:
        return
    count = compiled.constant.characters
    assert one[:count] == other[:count]
    if compiled.constant.line is None:
        assert one == other


FILES = {
    "bad.json": "{",
    "list.json": "[1]",
    "few.json": '{"_type": "few_shot", "suffix": "x", "examples": [], '
    '"example_prompt": {"template": "e"}}',
}
FEW = {"_type": "few_shot", "suffix": "x", "examples": [], "example_prompt": {"template": "e"}}


@pytest.mark.parametrize(
    ("data", "place", "what"),
    [
        ([], "p.json", "this is no serialized prompt"),
        ({"a": 1}, "p.json", "this is no serialized prompt"),
        ({"_type": "other"}, "p.json", "a prompt of kind 'other'"),
        ({"_type": "prompt"}, "p.json", "there is no `template`"),
        ({"template": 5}, "p.json", "this is no text"),
        ({"template": "x", "template_format": "erb"}, "p.json", "format 'erb'"),
        ({"template": "x", "partial_variables": [1]}, "p.json", "`partial_variables`"),
        ({"_type": "prompt", "template_path": "none.txt"}, "p.json", "there is no file 'none.txt'"),
        (FEW | {"example_selector": {}}, "p.json", "selected while the program runs"),
        (FEW | {"examples": "list.json"}, "list.json", "no list of mappings"),
        (FEW | {"examples": "bad.json"}, "bad.json", "not JSON"),
        (FEW | {"examples": None}, "p.json", "no list of mappings"),
        (FEW | {"example_prompt": None}, "p.json", "a template of kind None"),
        (FEW | {"example_prompt_path": "few.json"}, "few.json", "examples of examples"),
        ({"_type": "chat", "messages": []}, "p.json", "drops all others"),
        ({"_type": "chat", "messages": [{}, {}]}, "p.json", "drops all others"),
        (chat({"role": "user"}), "p.json", "this is no message"),
        (chat(made("X")), "p.json", "a message of kind 'X'"),
        (chat({"lc": 1, "id": []}), "p.json", "this is no message"),
        (chat(made("MessagesPlaceholder")), "p.json", "names no variable"),
        (
            chat(made("MessagesPlaceholder", variable_name="h", n_messages="x")),
            "p.json",
            "`n_messages` is no number",
        ),
        (
            chat(made("MessagesPlaceholder", variable_name="h"), partial_variables={"h": [1]}),
            "p.json",
            "in the partial variable 'h'",
        ),
        (chat(made("AIMessage", content="", tool_calls=[{}])), "p.json", "calls of tools"),
        (chat(made("HumanMessage", content=[{}])), "p.json", "this is no text"),
        (
            chat(made("HumanMessagePromptTemplate", prompt=[made("ImagePromptTemplate")])),
            "p.json",
            "a template of kind 'ImagePromptTemplate'",
        ),
        (made("ChatPromptTemplate"), "p.json", "a prompt of kind 'ChatPromptTemplate'"),
        (sequence(made("ChatOpenAI", max_tokens=0)), "p.json", "the cap on output tokens"),
        (
            sequence(
                made(
                    "RunnableBinding",
                    bound=MODEL,
                    kwargs={"response_format": {"type": "json_schema"}},
                )
            ),
            "p.json",
            "has no `schema`",
        ),
    ],
)
def test_what_is_refused_is_named_at_its_line(data: Any, place: str, what: str) -> None:
    with pytest.raises(MeasurementError) as caught:
        opened(data, surroundings=beside(FILES))
    (problem,) = caught.value.problems
    assert what in problem.what
    assert str(problem.place) == f"{place}:1"


@pytest.mark.parametrize(
    "history", ["text", [1], [["a"]], [{"role": "user", "content": [{}]}], ["a\x01b"]]
)
def test_what_is_no_history_is_named(history: Any) -> None:
    file = opened(chat(made("MessagesPlaceholder", variable_name="h")))
    with pytest.raises(TemplateError, match="'h'"):
        sent(file, {"h": history})


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        (json.dumps(chat(human("Hi"))), True),
        (json.dumps(template("Hi")), True),
        (json.dumps(sequence(MODEL)), True),
        ('{"_type": "prompt", "template": "Hi"}', True),
        ('{"_type": "few_shot"}', True),
        ('{"template": "Hi"}', False),
        ('{"_type": "llm_chain", "template": "Hi"}', False),
        ('{"lc": 1', False),
        (json.dumps(MODEL), False),
        ("[]", False),
    ],
)
def test_prompts_are_found_by_their_content(text: str, is_found: bool) -> None:  # noqa: FBT001 - a table's column
    found = langchain.discover(PromptText(path="any/p.json", text=text))
    assert found == ((Discovered(selector=None, format="langchain"),) if is_found else ())


DATA = st.recursive(
    st.sampled_from([None, 1, "x", "{a", "prompt", True]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    *("lc", "id", "kwargs", "_type", "template", "messages", "prompt", "first"),
                    *("examples", "example_prompt", "suffix", "partial_variables", "last"),
                ]
            ),
            inner,
            max_size=4,
        ),
        inner.map(lambda value: chat(value) if isinstance(value, dict) else template(value)),
    ),
    max_leaves=12,
)


@given(st.one_of(st.text(max_size=40), DATA.map(json.dumps)), st.sampled_from([".json", ".yaml"]))
@settings(max_examples=examples(200))
def test_any_text_is_read_or_refused_at_a_line(text: str, ending: str) -> None:
    try:
        read(langchain, text, path=f"p{ending}", surroundings=beside(FILES))
    except MeasurementError as error:
        for problem in error.problems:
            assert problem.place is not None
            assert problem.place.file in {f"p{ending}", *FILES}
            assert problem.place.line is not None
    langchain.discover(PromptText(path=f"p{ending}", text=text))


def rendered(
    process: RenderingProcess, message: MessageTemplate, variables: str = "{}"
) -> tuple[Any, ...]:
    job = Job(
        engine="langchain",
        path="p.yaml",
        text=message.text,
        first_line=message.line,
        variables=(variables,),
        load=lambda *_: None,
    )
    (results,) = process.render([job])
    return results


ATTACKS = {
    "class": ("f-string", "{a.__class__.__mro__}"),
    "globals": ("f-string", "{a.__init__.__globals__}"),
    "a wide field": ("f-string", "{a:>999999999}"),
    "a computed width": ("f-string", "{a:{b}}"),
    "open braces": ("f-string", "{" * 200_000),
    "many fields": ("f-string", "{a}" * 200_000),
    "sections": ("mustache", "{{#l}}" * 20_000),
    "nested sections": ("mustache", "{{#l}}" * 9 + "x" + "{{/l}}" * 9),
    "a class of Mustache": ("mustache", "{{a.__class__}}"),
    "a class of Jinja2": ("jinja2", "{{ a.__class__.__mro__ }}"),
    "loops": (
        "jinja2",
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    ),
    "a file": ("jinja2", "{% include '/etc/passwd' %}"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_contained(process: RenderingProcess, name: str) -> None:
    language, text = ATTACKS[name]
    (message,) = opened(template(text, template_format=language)).messages
    variables = json.dumps({"a": "x", "b": 999_999_999, "l": [1] * 30})
    (result,) = rendered(process, message, variables)
    if isinstance(result, Problem):
        assert result.place is not None
        assert result.place.line is not None
    else:
        assert isinstance(result, Rendered)
        assert "<class" not in result.text
        assert "root:" not in result.text


def test_examples_that_explode_are_contained(process: RenderingProcess) -> None:
    few = FEW | {"example_prompt": {"template": "{e:>999999}"}, "examples": [{"e": 1}] * 999}
    (message,) = opened(few).messages
    (result,) = rendered(process, message)
    assert isinstance(result, Problem)
    assert result.place is not None
