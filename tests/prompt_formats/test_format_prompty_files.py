"""Prompty files: settings, samples, schemas, and what is refused."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.errors import MeasurementError
from reviewbot.prompt import (
    ALONE,
    LoadedFile,
    Surroundings,
)
from reviewbot.prompt_formats import prompty
from tests.support.prompty_prompts import messages
from tests.support.reading import read
from tests.support.repetitions import examples

FIRST_FILE = """---
name: Support
description: Answers questions.
authors: [ann]
model:
  api: chat
  configuration:
    type: azure_openai
    azure_deployment: ${env:DEPLOYMENT:gpt-4o}
    azure_endpoint: ${env:ENDPOINT}
  parameters:
    max_tokens: 300
    temperature: 0.2
    tools:
      - type: function
        function: {name: find, description: Finds an order., parameters: {type: object}}
    response_format:
      type: json_schema
      json_schema: {name: answer, schema: {type: object, properties: {a: {type: string}}}}
inputs:
  question: {type: string}
  tone: {type: string, default: kind}
sample:
  question: "  Where is it?  "
---

system:
Be {{tone}}.
user:
{{question}}
"""


def test_a_file_of_version_1() -> None:
    file = read(prompty, FIRST_FILE, path="p.prompty")
    assert (file.model, file.max_tokens) == ("azure/gpt-4o", 300)
    assert [tool.name for tool in file.tools] == ["find"]
    assert file.response_schema == '{"type": "object", "properties": {"a": {"type": "string"}}}'
    assert [dict(sample.variables) for sample in file.samples] == [{"question": "Where is it?"}]
    assert messages(FIRST_FILE, {}) == [["system", "Be kind."], ["user", "Where is it?"]]
    assert messages(FIRST_FILE, {"tone": "brief"})[0] == ["system", "Be brief."]


SECOND_FILE = """---
name: Support
kind: prompt
model:
  id: gpt-4.1
  provider: foundry
  apiType: chat
  connection: {kind: key, apiKey: "${env:KEY}"}
  options: {maxOutputTokens: 400, temperature: 0.2}
inputs:
  question: {kind: string, example: Where is it?}
  tone: {kind: string, default: kind}
outputs:
  - {name: answer, kind: string, required: true, description: The answer.}
  - {name: pages, kind: array, items: {kind: integer}}
tools:
  - name: find
    kind: function
    description: Finds an order.
    parameters:
      - {name: order, kind: string, required: true}
      - {name: tenant, kind: string}
    bindings:
      tenant: {input: tenant}
template:
  format: {kind: jinja2}
  parser: {kind: prompty}
---
system:
Be {{tone}}.
user:
{{question}}
"""


def test_a_file_of_version_2() -> None:
    file = read(prompty, SECOND_FILE, path="p.prompty")
    assert (file.model, file.max_tokens) == ("azure/gpt-4.1", 400)
    ((tool),) = file.tools
    assert (tool.name, tool.description) == ("find", "Finds an order.")
    assert tool.parameters == {
        "type": "object",
        "properties": {"order": {"type": "string"}},
        "required": ["order"],
    }
    assert json.loads(file.response_schema or "") == {
        "type": "object",
        "properties": {
            "answer": {"type": "string", "description": "The answer."},
            "pages": {"type": ["array", "null"], "items": {"type": "integer"}},
        },
        "additionalProperties": False,
        "required": ["answer", "pages"],
    }
    assert [dict(sample.variables) for sample in file.samples] == [{"question": "Where is it?"}]
    assert messages(SECOND_FILE, {"question": "Q"}) == [["system", "Be kind."], ["user", "Q"]]


@pytest.mark.parametrize(
    ("head", "model"),
    [
        ("model: gpt-4o", "gpt-4o"),
        ("model: {id: gpt-4o, provider: openai}", "openai/gpt-4o"),
        ("model: {id: claude-sonnet-4-5, provider: anthropic}", "anthropic/claude-sonnet-4-5"),
        ("model: {configuration: {type: openai, name: gpt-4o}}", "openai/gpt-4o"),
        ("model: {configuration: {type: azure, azure_deployment: mine}}", "azure/mine"),
        ("model: {configuration: {type: serverless, model: Mistral}}", "serverless/Mistral"),
        ("model: {configuration: {azure_deployment: '${env:NAME}'}}", None),
        ("model: {configuration: {type: azure_openai, azure_deployment: '${env:NAME}'}}", None),
        ("model: {id: '${env:NAME}', provider: openai}", None),
        ("model: {api: chat}", None),
        ("name: x", None),
    ],
)
def test_models(head: str, model: str | None) -> None:
    assert read(prompty, f"---\n{head}\n---\nHi", path="p.prompty").model == model


BESIDE = {
    "sample.json": '{"question": "From JSON"}',
    "sample.yaml": "question: From YAML",
    "list.json": "[1]",
    "tools.json": '[{"type": "function", "function": {"name": "seek"}}]',
    "format.json": '{"type": "json_schema", "json_schema": {"schema": {"type": "object"}}}',
    "a.txt": "x",
}


def load(name: str, parent: str) -> LoadedFile | None:
    assert parent == "p.prompty"
    return LoadedFile(path=name, text=BESIDE[name]) if name in BESIDE else None


SURROUNDINGS = Surroundings(load=load, parse=ALONE.parse)


@pytest.mark.parametrize(
    ("head", "question"),
    [
        ("sample: ${file:sample.json}", "From JSON"),
        ("sample: sample.json", "From JSON"),
        ("sample: sample.yaml", "From YAML"),
        ("sample: {question: ' inline '}", "inline"),
        ("sample: {question: '${env:Q:by default}'}", "by default"),
        ("sample: {question: '${env:Q}'}", "${env:Q}"),
        ("inputs: {question: {kind: string, example: shown}}", "shown"),
        ("inputs: {question: shown}", "shown"),
        ("inputs: [{name: question, kind: string, sample: shown}]", "shown"),
    ],
)
def test_samples(head: str, question: str) -> None:
    text = f"---\n{head}\n---\n{{{{question}}}}"
    (sample,) = read(prompty, text, path="p.prompty", surroundings=SURROUNDINGS).samples
    assert sample.variables == {"question": question}


@pytest.mark.parametrize("tools", ["${file:tools.json}", "tools.json"])
def test_files_of_tools_and_answers(tools: str) -> None:
    head = f"model: {{parameters: {{tools: '{tools}', response_format: '${{file:format.json}}'}}}}"
    file = read(prompty, f"---\n{head}\n---\nHi", path="p.prompty", surroundings=SURROUNDINGS)
    assert [tool.name for tool in file.tools] == ["seek"]
    assert file.response_schema == '{"type": "object"}'


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("Hi", 1, "there is no front matter"),
        ("---\nname: x\n---\n \n", 4, "there is no template"),
        ("---\nname: x\ndescription: a---b\n---\nHi", 3, "at the first `---`"),
        ("---\nmodel: {api: embedding}\n---\nHi", 2, "calls of the API 'embedding'"),
        ("---\nmodel: {id: x, apiType: image}\n---\nHi", 2, "calls of the API 'image'"),
        ("---\nmodel: {parameters: {max_tokens: many}}\n---\nHi", 2, "the cap on output tokens"),
        ("---\nname: x\nbase: b.prompty\n---\nHi", 3, "a prompt with a `base`"),
        ("---\nname: x\ntemplate: liquid\n---\nHi", 3, "format 'liquid'"),
        ("---\ntemplate: {format: {kind: x}}\n---\nHi", 2, "format 'x'"),
        ("---\ntemplate: {parser: {kind: x}}\n---\nHi", 2, "the parser 'x'"),
        ("---\nsample: none.json\n---\nHi", 2, "the file 'none.json' was not found"),
        ("---\nsample: ${file:list.json}\n---\nHi", 2, "`sample` is no mapping"),
        ("---\nsample: a.txt\n---\nHi", 2, "a.txt is neither JSON nor YAML"),
        ("---\ninputs: {i: {kind: image}}\n---\nHi", 2, "inputs of kind 'image'"),
        ("---\ninputs:\n  - kind: string\n---\nHi", 3, "no property with a `name`"),
        ("---\ninputs: {i: [1]}\n---\nHi", 2, "a list is no property"),
        ("---\ntools:\n  - {name: x, kind: mcp}\n---\nHi", 3, "tools of kind 'mcp'"),
        ("---\ntools: x\n---\nHi", 2, "`tools` is no list"),
        ("---\ntools: {a: b}\n---\nHi", 2, "this is no tool"),
        (
            "---\ntools: [{name: a, kind: function, parameters: x}]\n---\nHi",
            2,
            "no property with a `name`",
        ),
        ("---\ntools: [1]\n---\nHi", 2, "this is no tool"),
        ("---\noutputs: {u: {kind: union}}\n---\nHi", 2, "a union needs"),
        (
            "---\nmodel: {parameters: {response_format: {type: json_schema}}}\n---\nHi",
            2,
            "needs a `json_schema`",
        ),
    ],
)
def test_what_is_refused_is_named_at_its_line(text: str, line: int, what: str) -> None:
    with pytest.raises(MeasurementError) as caught:
        read(prompty, text, path="p.prompty", surroundings=SURROUNDINGS)
    (problem,) = caught.value.problems
    assert what in problem.what
    assert problem.place is not None
    assert (problem.place.file, problem.place.line) == ("p.prompty", line)


def test_schemas_of_every_kind() -> None:
    text = """---
outputs:
  f: {kind: float, nullable: true}
  e: {kind: string, enumValues: [a, b]}
  l: {kind: array}
  o: {kind: object, required: true, properties: {x: {kind: boolean, required: true}}}
  u: {kind: union, required: true, anyOf: [{kind: string}, {kind: integer}]}
  any: {kind: thing, description: Anything.}
tools:
  find: {kind: function, strict: true, parameters: {q: {kind: string}}}
  ping: {kind: function}
---
Hi"""
    file = read(prompty, text, path="p.prompty")
    assert json.loads(file.response_schema or "")["properties"] == {
        "f": {"type": ["number", "null"]},
        "e": {"type": ["string", "null"], "enum": ["a", "b", None]},
        "l": {"type": ["array", "null"], "items": {"type": "string"}},
        "o": {
            "type": "object",
            "properties": {"x": {"type": "boolean"}},
            "required": ["x"],
            "additionalProperties": False,
        },
        "u": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        "any": {
            "description": "Anything.",
            "anyOf": [{"description": "Anything."}, {"type": "null"}],
        },
    }
    assert [(tool.name, dict(tool.parameters)) for tool in file.tools] == [
        (
            "find",
            {
                "type": "object",
                "properties": {"q": {"type": ["string", "null"]}},
                "required": ["q"],
                "additionalProperties": False,
            },
        ),
        ("ping", {}),
    ]


def test_what_is_bound_or_null_is_left_out() -> None:
    text = """---
model: {parameters: {max_tokens: null, response_format: {type: json_object}}}
---
Hi"""
    file = read(prompty, text, path="p.prompty")
    assert (file.max_tokens, file.response_schema) == (None, None)
    text = """---
outputs: {u: {kind: union, anyOf: [{kind: string}]}, x: {kind: other}}
tools:
  - name: find
    kind: function
    bindings: [{name: b, input: i}]
    parameters: {a: {kind: string}, b: {kind: string}}
---
Hi"""
    file = read(prompty, text, path="p.prompty")
    assert json.loads(file.response_schema or "")["properties"] == {
        "u": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "x": {},
    }
    assert [tool.parameters for tool in file.tools] == [
        {"type": "object", "properties": {"a": {"type": "string"}}}
    ]


SETTINGS = st.lists(
    st.sampled_from(
        [
            *("---\n", "model:", " {api: chat}\n", "\n", "sample: ", "inputs: ", "x\n", "- a\n"),
            *("{kind: array}", "outputs: ", "tools: ", "[1]\n", "template: ", "name: ", "{a: 1}\n"),
            *("parameters: ", "options: ", "  ", "id: ", "null\n", "${file:x}\n", "max_tokens: "),
        ]
    ),
    max_size=14,
).map("".join)


@given(
    st.one_of(st.text(max_size=60), SETTINGS, SETTINGS.map(lambda text: f"---\n{text}\n---\nHi"))
)
@settings(max_examples=examples(100))
def test_any_text_is_read_or_refused_at_a_line(text: str) -> None:
    try:
        read(prompty, text, path="p.prompty", surroundings=SURROUNDINGS)
    except MeasurementError as error:
        for problem in error.problems:
            assert problem.place is not None
            assert problem.place.file in {"p.prompty", *BESIDE}
            assert problem.place.line is not None
