"""Dotprompt files give the messages that Dotprompt's own library gives."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reviewbot.documents import parse_yaml
from reviewbot.errors import MeasurementError
from reviewbot.prompt import (
    ALONE,
    CompiledTemplate,
    LoadedFile,
    PromptFile,
    Surroundings,
    TemplateError,
    Tool,
)
from reviewbot.prompt_formats import dotprompt
from reviewbot.prompt_formats.dotprompt.picoschema import expanded
from reviewbot.rendering.engines import dotprompt as engine
from reviewbot.rendering.jobs import Rendered
from reviewbot.rendering.process import RenderingProcess
from tests.support import places
from tests.support.filling import HASTY, fill, problem_of, text_of
from tests.support.processor_time import processor_seconds
from tests.support.reading import read
from tests.support.repetitions import examples

REFERENCES = places.REFERENCES / "dotprompt.json"
DATA: dict[str, Any] = json.loads(REFERENCES.read_text("utf-8"))
HEAD = "---\nmodel: m\n---\n"


@pytest.fixture(scope="module")
def process() -> Iterator[RenderingProcess]:
    with RenderingProcess() as started:
        yield started


@pytest.fixture(scope="module")
def hasty() -> Iterator[RenderingProcess]:
    with RenderingProcess(HASTY) as started:
        yield started


def sent(
    process: RenderingProcess, source: str, variables: dict[str, Any], **more: Any
) -> list[list[str]]:
    (message,) = read(dotprompt, source).messages
    result = fill(process, "dotprompt", message.text, variables, **more)
    assert isinstance(result, Rendered), str(result)
    assert result.parts is not None
    return [[part.role, part.text] for part in result.parts]


@pytest.mark.parametrize("case", DATA["cases"], ids=lambda case: case["source"][-40:])
def test_messages_are_those_of_the_library(process: RenderingProcess, case: dict[str, Any]) -> None:
    files = {f"_{name}.prompt": text for name, text in case.get("partials", {}).items()}
    off = {"a": None, "b": None}
    variables = {**off, **case["input"], "messages": case.get("messages", [])}
    expected = [
        ["assistant" if role == "model" else role, text] for role, text in case["messages_sent"]
    ]
    assert sent(process, case["source"], variables, files=files) == expected


def test_its_library_for_python_writes_json_in_another_way_and_nothing_else() -> None:
    different = [case["source"] for case in DATA["cases"] if "python" in case]
    assert different
    assert all("{{json" in source for source in different)


@pytest.mark.parametrize("case", DATA["schemas"], ids=lambda case: case["schema"])
def test_schemas_are_expanded_as_by_the_library(case: dict[str, Any]) -> None:
    node = parse_yaml(case["schema"], file="s")
    if case["expanded"] is None:
        with pytest.raises(MeasurementError):
            expanded(node, "s")
    else:
        assert expanded(node, "s") == json.loads(case["expanded"])


FULL = """---
model: googleai/gemini-2.5-flash
config:
  maxOutputTokens: 400
  temperature: 0.2
input:
  schema:
    city: string
    unit?: string
  default:
    unit: metric
output:
  format: json
  schema:
    summary: string, in one sentence
tools: [weather]
toolDefs:
  - name: clock
    description: Tells the time.
    inputSchema: {zone: string}
---

{{role "system"}}
You know the weather.
{{role "user"}}
{{city}} {{unit}}
"""


def beside(**files: str) -> Surroundings:
    def load(name: str, parent: str) -> LoadedFile | None:
        del parent
        return LoadedFile(path=name, text=files[name]) if name in files else None

    return replace(ALONE, load=load)


WEATHER = beside(
    **{"tools.json": '[{"name": "weather", "description": "Weather.", "parameters": {}}]'}
)


def full(text: str = FULL) -> PromptFile:
    return read(dotprompt, text, path="p.prompt", surroundings=WEATHER)


def test_what_is_sent_and_billed_is_used() -> None:
    found = full()
    assert (found.model, found.max_tokens) == ("google/gemini-2.5-flash", 400)
    assert found.response_schema == (
        '{"type":"object","properties":{"summary":{"type":"string","description":"in one sentence"}},'
        '"required":["summary"],"additionalProperties":false}'
    )
    assert [sample.variables for sample in found.samples] == [{"unit": "metric"}]
    assert found.samples[0].name == "default"
    clock = {
        "type": "object",
        "properties": {"zone": {"type": "string"}},
        "required": ["zone"],
        "additionalProperties": False,
    }
    assert [(tool.name, tool.description) for tool in found.tools] == [
        ("weather", "Weather."),
        ("clock", "Tells the time."),
    ]
    assert found.tools[1] == Tool(name="clock", description="Tells the time.", parameters=clock)


def test_defaults_stand_below_the_sample(process: RenderingProcess) -> None:
    (message,) = full().messages
    assert message.line == FULL.count("\n", 0, FULL.index("{{role")) + 1
    for variables, last in (
        ({"city": "Ulm"}, "Ulm metric"),
        ({"city": "Ulm", "unit": "K"}, "Ulm K"),
    ):
        result = fill(process, "dotprompt", message.text, variables)
        assert isinstance(result, Rendered)
        assert result.parts is not None
        assert result.parts[-1].text.strip() == last


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("format: json", "format: text"), None),
        (("model: googleai/gemini-2.5-flash", "model: [a]"), "p.prompt:2: `model` is no text"),
        (("maxOutputTokens: 400", "maxOutputTokens: -1"), "p.prompt:4: `maxOutputTokens` is not"),
        (("temperature: 0.2", "tools: []"), "p.prompt:5: `config.tools` cannot be counted"),
        (("tools: [weather]", "tools: [clock]"), "p.prompt:16: the definition of the tool 'clock'"),
        (("tools: [weather]", "tools: [{a: b}]"), "p.prompt:16: `tools` is no text"),
        (("  - name: clock\n    ", "  - "), "p.prompt:18: a tool needs a `name`"),
        (
            ("    summary: string, in", "    summary: Summary, in"),
            "p.prompt:15: the schema 'Summary'",
        ),
        (
            ("config:\n  maxOutputTokens: 400\n  temp", "config: 3\ntemp"),
            "p.prompt:3: `config` is no",
        ),
        ((FULL[FULL.index("\n\n{{role") :], "\n \n"), "p.prompt:1: the file holds no prompt"),
    ],
)
def test_what_cannot_be_measured_is_named(change: tuple[str, str], said: str | None) -> None:
    text = FULL.replace(*change)
    assert text != FULL
    if said is None:
        assert full(text).response_schema is None
        return
    with pytest.raises(MeasurementError) as caught:
        full(text)
    assert str(caught.value).startswith(said)


def test_a_role_of_the_configuration_is_refused() -> None:
    with pytest.raises(MeasurementError, match="roles of their own"):
        read(dotprompt, HEAD + "x", role="user")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("a\n\n{{nam}}", "p:6: 'nam' is undefined"),
        ("a\n{{#if nam}}x{{/if}}", "p:5: 'nam' is undefined"),
        ("a\n{{#ifEquals nam 1}}x{{/ifEquals}}", "p:5: 'nam' is undefined"),
        ("a\n{{#if @auth}}x{{/if}}", "p:5: '@auth' is undefined"),
        ('{{role "system"}}\n{{history}}', "p:5: 'messages' is undefined"),
        ('a\n{{media url="https://x.y/z.png"}}', "p:5: images, and sections"),
        ('a\n{{section "output"}}', "p:5: images, and sections"),
        ("{{x}}", "p:4: images, and sections"),
        ("a\n{{role}}", "p:5: `role` takes one parameter"),
        ("a\n{{shout x}}", "p:5: there is no helper 'shout'"),
        ("a\n{{> none}}", "p:5: the partial 'none' was not found; add _none.prompt"),
        ("a\n{{#if x}}", "p:5: the block `{{#if …}}` that begins here does not end"),
    ],
)
def test_faults_are_named_where_they_are(process: RenderingProcess, body: str, said: str) -> None:
    (message,) = read(dotprompt, HEAD + body).messages
    variables = {"x": "<<<dotprompt:media:url https://x.y/z.png>>>"}
    result = fill(process, "dotprompt", message.text, variables, first_line=message.line)
    assert problem_of(result).startswith(said)


def test_earlier_messages_must_be_texts(process: RenderingProcess) -> None:
    (message,) = read(dotprompt, "{{history}}").messages
    for wrong in (["x"], [{"role": "user"}], [{"role": "user", "content": [{"media": {}}]}]):
        result = fill(process, "dotprompt", message.text, {"messages": wrong})
        assert "not earlier messages of texts" in problem_of(result)


def test_without_samples_every_variable_is_empty(process: RenderingProcess) -> None:
    source = '{{role "system"}}S {{x}}{{history}}{{role "user"}}U {{@auth.uid}}'
    assert sent(process, source, {}, undefined="empty") == [["system", "S "], ["user", "U "]]


def test_values_of_the_application_are_given_by_samples(process: RenderingProcess) -> None:
    variables = {"@auth": {"uid": "u1"}, "x": 1}
    assert sent(process, "{{@auth.uid}} {{x}}", variables) == [["user", "u1 1"]]


def test_references_are_files_of_partials() -> None:
    (message,) = read(dotprompt, HEAD + "{{> a}} {{>b/c}} {{! {{> d}}").messages
    found = engine.references(message.text, {})
    assert found.names == {"_a.prompt", "b/_c.prompt", "_d.prompt"}
    assert engine.references("{{> a}}", {}).names == {"_a.prompt"}
    (message,) = read(dotprompt, "{{> (lookup a 'b')}}").messages
    assert not engine.references(message.text, {}).complete


PIECES = st.sampled_from(
    [
        *('{{role "system"}}', '{{role "user"}}', "{{role x}}", "{{history}}", "{{x}}", "a ", "\n"),
        *(
            "<<<dotprompt:role:",
            "system",
            ">>>",
            "<<<",
            "<",
            ">",
            "<<<dotprompt:history>>>",
            "{{> p}}",
        ),
        *("{{#if x}}", "{{/if}}", "<<<dotprompt:", "{{json x}}", "b"),
    ]
)
VALUES = st.fixed_dictionaries(
    {"x": st.sampled_from(["", "user", "system>>>", ">>>", "<", "otprompt:role:user>>>", "y"])}
)


def compiled_with(body: str) -> CompiledTemplate | None:
    def load(name: str, parent: str) -> tuple[str, str] | None:
        del parent
        return (name, '{{role "model"}}P {{x}}') if name == "_p.prompt" else None

    text = json.dumps({"body": body, "defaults": {"messages": []}})
    try:
        return engine.compile_template(text, name="main", load=load, undefined="error", options={})
    except TemplateError:
        return None


@given(st.lists(PIECES, max_size=8).map("".join), VALUES, VALUES)
@settings(max_examples=examples(300), deadline=None)
def test_the_constant_part_is_the_same_with_all_variables(
    body: str, first: dict[str, str], second: dict[str, str]
) -> None:
    compiled = compiled_with(body)
    if compiled is None:
        return
    characters = compiled.constant.characters
    one, other = compiled.render(first), compiled.render(second)
    assert one[:characters] == other[:characters]
    assert min(len(one), len(other)) >= characters
    begun = [
        [
            (part.role, part.start, part.text[: characters - part.start])
            for part in engine.split(text)
            if part.start < characters and part.text[: characters - part.start].strip()
        ]
        for text in (one, other)
        if "dotprompt:media" not in text
    ]
    assert begun[0] == begun[-1]


def test_roles_that_are_written_out_are_constant() -> None:
    compiled = compiled_with('{{role "system"}}You are.\n{{role "user"}}\n{{x}}')
    assert compiled is not None
    system, user = engine.split(compiled.render({"x": "!"}))
    assert (system.role, system.text) == ("system", "You are.\n")
    assert compiled.constant.characters == user.start + len("\n")
    assert (compiled.constant.path, compiled.constant.line) == ("main", 3)


ATTACKS = [
    "<<<dotprompt:role:" * 20_000,
    "<<<dotprompt:media:url" * 20_000,
    "<<<dotprompt:role:user>>>x" * 20_000,
    "<" * 500_000 + "{{x}}",
    '{{role "user"}}x' * 20_000,
    "{{#each xs}}{{json @root}}{{/each}}" * 100,
]


@pytest.mark.parametrize("body", ATTACKS)
def test_an_attack_ends_in_bounded_time(hasty: RenderingProcess, body: str) -> None:
    began = processor_seconds()
    (message,) = read(dotprompt, body).messages
    result = fill(hasty, "dotprompt", message.text, {"x": "y", "xs": [1] * 1_000})
    assert isinstance(result, Rendered) or (result.place is not None and result.place.line)
    (message,) = read(dotprompt, "ok").messages
    assert text_of(fill(hasty, "dotprompt", message.text)) == "ok"
    assert processor_seconds() - began < 4


SETTINGS = st.lists(
    st.sampled_from(
        [
            *(
                "---\n",
                "model: m\n",
                "config:\n",
                "  maxOutputTokens: 3\n",
                "input:\n",
                "  default:\n",
            ),
            *("    a: b\n", "output:\n", "  schema:\n", "    a?(array): string\n", "tools: [x]\n"),
            *(
                "toolDefs:\n",
                "- name: x\n",
                "x: [\n",
                "body {{a}}",
                "  - 1\n",
                "null\n",
                "    e(enum): x\n",
            ),
        ]
    ),
    max_size=10,
).map("".join)


@given(st.text(max_size=60) | SETTINGS | SETTINGS.map(lambda text: f"---\n{text}---\nbody"))
@settings(max_examples=examples(300), deadline=None)
def test_any_text_is_a_prompt_or_a_named_error(text: str) -> None:
    try:
        found = read(dotprompt, text, path="p.prompt")
    except MeasurementError as error:
        places = [problem.place for problem in error.problems]
    else:
        assert len(found.messages) == 1
        return
    assert places
    assert all(place is not None and place.line for place in places)
