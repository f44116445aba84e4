"""Promptfoo's configurations: prompts, samples, models, and what is refused."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompt import (
    ALONE,
    LoadedFile,
    PromptText,
    Surroundings,
)
from reviewbot.prompt_formats import promptfoo
from reviewbot.rendering.process import RenderingProcess
from tests.support.promptfoo_prompts import (
    FILES,
    PATH,
    PROMPT,
    SURROUNDINGS,
    configured,
    messages,
    rendered,
)
from tests.support.reading import read
from tests.support.repetitions import examples


@pytest.mark.parametrize(
    ("prompts", "selector", "expected"),
    [
        ("[file://one.txt]", None, "user: Only A"),
        ("one.txt", None, "user: Only A"),
        ("[file://p.txt]", "0", "user: First A"),
        ("[file://p.txt]", "1", "user: Second A\nline"),
        ("[other, file://p.txt]", "2", "user: Second A\nline"),
        ("[file://p.md]", None, "user: # Title\nA\n"),
        ("[file://p.j2]", None, "user: J2 A"),
        ("[file://chat.json]", None, "system: S A|user: U"),
        ("[file://chat.yaml]", None, "system: S A|user: U"),
        ("[file://lines.jsonl]", "1", "user: L2"),
        ("[file://p.csv]", "0", "user: C1 A, yes"),
        ("[file://gap.csv]", None, "user: E1"),
        ("[file://plain.csv]", "1", "user: D2"),
        ("[{label: brief, raw: Be brief}, {label: long, raw: Be long}]", "long", "user: Be long"),
        ("[{id: one, raw: Be brief}, {id: file://one.txt, label: two}]", "two", "user: Only A"),
        ("[other, file://one.txt]", "one.txt", "user: Only A"),
        ("[{id: one, raw: Be brief}, {id: two, raw: Be long}]", "one", "user: Be brief"),
        ("{one.txt: first, p.md: second}", "second", "user: # Title\nA\n"),
        ('["Say: {{a}}", other]', "0", "user: Say: A"),
    ],
)
def test_prompts_are_selected(prompts: str, selector: str | None, expected: str) -> None:
    found = messages(configured(f"prompts: {prompts}", selector), {"a": "A"})
    assert "|".join(f"{item['role']}: {item['content']}" for item in found) == expected


@pytest.mark.parametrize(
    ("text", "selectors"),
    [
        ("prompts: [file://one.txt]", [None]),
        ("prompts: [Hello, file://one.txt, prompts/b.md]", ["0", "one.txt", "prompts/b.md"]),
        ("prompts: [{label: brief, raw: a}, {id: long, raw: b}, c]", ["brief", "long", "2"]),
        ("prompts: [file://none.txt, inline]", ["none.txt"]),
        ("prompts: [file://one.txt, inline]", ["one.txt", "1"]),
        ("prompts: [file://p.txt]", ["0", "1"]),
        ("prompts: [inline, file://p.txt, file://one.txt]", ["0", "1", "2", "one.txt"]),
        ("prompts: [file://one.txt, {label: x, raw: file://p.txt}]", ["one.txt", "1", "2"]),
        ("prompts: [file://a.py, file://b.js:make, x {{ a }}]", []),
        ("prompts: 5", []),
        ("[", []),
    ],
)
def test_prompts_are_found(text: str, selectors: list[str | None]) -> None:
    found = promptfoo.discover(PromptText(path=PATH, text=text, surroundings=SURROUNDINGS))
    assert [item.selector for item in found] == selectors


def test_inline_messages_are_found_with_their_lines() -> None:
    text = """prompts:
  - |
    [
      {"role": "system", "content": "S"},
      {"role": "user", "content": "{{ missing }}"}
    ]
"""
    file = configured(text)
    assert [(item.role, item.line) for item in file.messages] == [("system", 4), ("user", 5)]
    with RenderingProcess() as process:
        (problem,) = rendered(process, file.messages[1])
    assert isinstance(problem, Problem)
    assert (problem.what, str(problem.place)) == ("'missing' is undefined", f"{PATH}:5")


@pytest.mark.parametrize(
    ("prompts", "place"),
    [
        ("[file://two.txt]", "two.txt:4"),
        ("[file://bad.json]", "bad.json:3"),
        ("\n  - |\n    one\n    {{ missing }}", f"{PATH}:4"),
    ],
)
def test_an_undefined_variable_is_named_in_its_own_file(prompts: str, place: str) -> None:
    files = {
        "two.txt": "\n\none\n{{ missing }}\n",
        "bad.json": '[\n {"role": "user",\n  "content": "{{ missing }}"}]',
    }
    surroundings = Surroundings(
        load=lambda name, _: LoadedFile(path=name, text=files[name]), parse=ALONE.parse
    )
    file = read(promptfoo, f"prompts: {prompts}", path=PATH, surroundings=surroundings)
    with RenderingProcess() as process:
        (problem,) = rendered(process, file.messages[0])
    assert isinstance(problem, Problem)
    assert str(problem.place) == place


@pytest.mark.parametrize(
    ("tests", "samples"),
    [
        ("", []),
        ("tests: [{vars: {a: 1}}]", [{"a": 1}]),
        ("defaultTest: {vars: {a: d, b: e}}\ntests: [{vars: {a: 1}}]", [{"a": 1, "b": "e"}]),
        ("defaultTest: {vars: {a: d}}", [{"a": "d"}]),
        (
            "tests: [{vars: {a: [x, y], b: [1, 2]}}, {vars: {a: z}}]",
            [{"a": "x", "b": [1, 2]}, {"a": "y", "b": [1, 2]}, {"a": "z"}],
        ),
        (
            "tests: [{vars: {a: [x, y], b: [p, q]}}]",
            [{"a": a, "b": b} for a in "xy" for b in "pq"],
        ),
        ("tests: [{vars: {a: []}}]", []),
        ("tests: [{vars: {a: file://var.txt}}]", [{"a": "from a file"}]),
        ("tests: [{vars: {a: file://var.yaml}}]", [{"a": '{"k":[1,"two"]}'}]),
        ("tests: [{vars: file://vars.yaml}]", [{"a": "from vars"}]),
        ("tests: file://tests.yaml", [{"a": "t1"}, {"a": "t2"}, {"a": "t3"}]),
        ("tests: [file://vars.yaml]", [{}]),
        ("tests: cases.csv", [{"goods": "shoes, red", "size": "9"}, {"goods": "hats", "size": ""}]),
        (
            "tests: file://cases.csv",
            [{"goods": "shoes, red", "size": "9"}, {"goods": "hats", "size": ""}],
        ),
        ("tests: [{assert: []}]", [{}]),
    ],
)
def test_samples(tests: str, samples: list[Any]) -> None:
    found = configured(f"{PROMPT}{tests}").samples
    assert [dict(sample.variables) for sample in found] == samples
    assert len({sample.name for sample in found}) == len(found)


@pytest.mark.parametrize(
    ("providers", "model"),
    [
        ("[openai:gpt-4o]", "openai/gpt-4o"),
        ("openai:chat:gpt-4o-mini", "openai/gpt-4o-mini"),
        ("[openai:responses:gpt-5]", "openai/gpt-5"),
        ("[{id: anthropic:messages:claude-sonnet-4-5}]", "anthropic/claude-sonnet-4-5"),
        ("[google:gemini-2.5-pro]", "google/gemini-2.5-pro"),
        ("[azureopenai:chat:mine]", "azure/mine"),
        ("[azure:chat:mine]", "azure/mine"),
        ("[vertex:gemini-2.5-pro]", "vertex_ai/gemini-2.5-pro"),
        ("[vertex:claude-sonnet-4-5@20250929]", "vertex_ai/claude-sonnet-4-5@20250929"),
        (
            "[bedrock:anthropic.claude-3-5-sonnet-20240620-v1:0]",
            "aws/anthropic.claude-3-5-sonnet-20240620-v1:0",
        ),
        ("[{'openai:gpt-4o': {config: {temperature: 0}}}]", "openai/gpt-4o"),
        ("[openai:gpt-4o, openai:gpt-4.1]", None),
        ("[file://provider.py]", None),
        ("[{label: x, config: {}}]", None),
        ("[openai:chat]", None),
    ],
)
def test_models(providers: str, model: str | None) -> None:
    assert configured(f"{PROMPT}providers: {providers}").model == model


def test_the_settings_of_the_only_provider_are_used() -> None:
    text = (
        PROMPT
        + """
providers:
  - id: openai:gpt-4o
    config:
      max_tokens: 200
      max_completion_tokens: 300
      tools: file://tools.json
      response_format:
        type: json_schema
        json_schema: {name: x, schema: file://schema.json}
"""
    )
    file = configured(text)
    assert (file.max_tokens, [tool.name for tool in file.tools]) == (200, ["find"])
    assert file.response_schema == '{"type": "object"}'


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("[]", f"{PATH}:1", "this is no configuration"),
        ("a: b", f"{PATH}:1", "there are no `prompts`"),
        ("prompts: [a, b]", f"{PATH}:1", "holds several prompts"),
        ("prompts: [file://p.txt]", f"{PATH}:1", "holds several prompts"),
        ("prompts: [[a]]", f"{PATH}:1", "this is no prompt"),
        ("prompts:\n  - file://prompt.py", f"{PATH}:2", "is code"),
        ("prompts:\n  - file://prompt.js:make", f"{PATH}:2", "is code"),
        ("prompts:\n  - prompts/*.txt", f"{PATH}:2", "names no file of a kind"),
        ("prompts:\n  - file://none.txt", f"{PATH}:2", "there is no file"),
        ("prompts:\n  - langfuse://x", f"{PATH}:2", "is not in the repository"),
        ("prompts:\n  - {raw: x, function: f}", f"{PATH}:2", "`function` of a prompt"),
        ("prompts: [file://object.json]", "object.json:1", "no list of messages"),
        ("prompts: [file://image.yaml]", "image.yaml:1", "no list of messages"),
        ("prompts: [file://role.json]", "role.json:1", "no list of messages"),
        ("prompts: [file://deep.json]", "deep.json:1", "more than 32 deep"),
        ("prompts: [file://bad.csv]", "bad.csv:1", "this is no CSV"),
        (PROMPT + "tests: [{vars: {a: file://x.png}}]", f"{PATH}:2", "is code, no text"),
        (PROMPT + "tests: [{vars: {a: file://x.txt}}]", f"{PATH}:2", "there is no file"),
        (PROMPT + "tests: [{vars: [1]}]", f"{PATH}:2", "`vars` is no mapping"),
        (PROMPT + "tests: {a: b}", f"{PATH}:2", "`tests` is no list"),
        (PROMPT + "tests: p.txt", f"{PATH}:2", "neither JSON nor YAML"),
        (PROMPT + "tests: prefixed.csv", "prefixed.csv:2", "the column '__prefix' changes"),
        (PROMPT + "tests: bad.csv", "bad.csv:1", "this is no CSV"),
        (PROMPT + "tests: [{options: {prefix: x}}]", f"{PATH}:2", "`prefix` of a test"),
        (
            PROMPT + f"tests: [{{vars: {{a: {list('abcdefghij')}, b: {list('abcdefghij')}, "
            f"c: {list('abcdefghijk')}}}}}]",
            f"{PATH}:2",
            "more than 1,000 combinations",
        ),
        (PROMPT + "providers: {id: openai:x, config: {max_tokens: 0}}", f"{PATH}:2", "the cap"),
        (PROMPT + "providers: {id: openai:x, config: {tools: x.js}}", f"{PATH}:2", "names no JSON"),
        (
            PROMPT + "providers: {id: openai:x, config: {response_format: {a: b}}}",
            f"{PATH}:2",
            "has no type",
        ),
        (
            PROMPT + "providers: {id: openai:x, config: {response_format: {type: json_schema}}}",
            f"{PATH}:2",
            "has no `schema`",
        ),
    ],
)
def test_what_is_refused_is_named_at_its_line(text: str, place: str, what: str) -> None:
    with pytest.raises(MeasurementError) as caught:
        configured(text)
    (problem,) = caught.value.problems
    assert what in problem.what
    assert str(problem.place) == place


def test_an_answer_that_is_any_json_has_no_schema() -> None:
    config = "{id: openai:x, config: {response_format: {type: json_object}}}"
    assert configured(f"{PROMPT}providers: {config}").response_schema is None


def test_a_selector_that_names_nothing_shows_what_there_is() -> None:
    with pytest.raises(MeasurementError) as caught:
        configured("prompts: [{label: brief, raw: a}, {id: long, raw: b}, c]", "none")
    (problem,) = caught.value.problems
    assert problem.mend == "add one of `#brief`, `#long`, `#2` to the path"


CONFIGURATIONS = st.lists(
    st.sampled_from(
        [
            *(
                "prompts: ",
                "[a, b]\n",
                "x\n",
                "- file://chat.yaml\n",
                "tests: ",
                "{vars: {a: [b]}}\n",
            ),
            *("providers: ", "[1]\n", "null\n", "- {id: a}\n", "file://p.csv\n", "\n", "{a: 1}\n"),
            *(
                "defaultTest: ",
                "[{'role': 1}]\n",
                "'[{\"role\": 1}]'\n",
                "{}\n",
                "{id: '', config: 1}\n",
            ),
        ]
    ),
    max_size=10,
).map("".join)


@given(
    text=st.one_of(st.text(max_size=60), CONFIGURATIONS),
    selector=st.sampled_from([None, "0", "9", "a"]),
)
@settings(max_examples=examples(200))
def test_any_text_is_read_or_refused_at_a_line(text: str, selector: str | None) -> None:
    try:
        configured(text, selector)
    except MeasurementError as error:
        for problem in error.problems:
            assert problem.place is not None
            assert problem.place.file in {PATH, *FILES}
            assert problem.place.line is not None
