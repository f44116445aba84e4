"""Promptfoo's prompts come out as promptfoo renders them and its chat providers send them."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.errors import MeasurementError, Problem
from reviewbot.formats import promptfoo
from reviewbot.prompt import (
    ALONE,
    LoadedFile,
    MessageTemplate,
    PromptFile,
    PromptText,
    Surroundings,
    TemplateError,
)
from reviewbot.rendering import engines
from reviewbot.rendering.jobs import Job, Rendered
from reviewbot.rendering.process import RenderingProcess
from reviewbot.rendering.resource_limits import Limits
from tests.support import places
from tests.support.reading import read

REFERENCES = json.loads((places.REFERENCES / "promptfoo.json").read_text("utf-8"))
PATH = "promptfooconfig.yaml"

OVER_MISSING = re.compile(r"(?:\bif|\bin|==) missing|missing\|length")
REFUSED = re.compile(r"missing and|loop\.index or")
"""Reference cases over what no sample gives: compared with null for it, or an error here."""


def alone(text: str) -> PromptFile:
    """A configuration whose one prompt stands in a file of its own."""
    load = Surroundings(load=lambda name, _: LoadedFile(path=name, text=text), parse=ALONE.parse)
    return read(promptfoo, "prompts: file://prompt.j2", path=PATH, surroundings=load)


def sent(message: MessageTemplate, variables: dict[str, Any], undefined: Any = "error") -> Any:
    assert message.engine == "promptfoo"
    template = engines.by_name("promptfoo").compile_template(
        message.text, name=PATH, load=lambda *_: None, undefined=undefined, options={}
    )
    text = template.render(variables)
    if template.split is None:
        return [{"role": message.role, "content": text}]
    return [{"role": part.role, "content": part.text} for part in template.split(text)]


def messages(file: PromptFile, variables: dict[str, Any], undefined: Any = "error") -> Any:
    return [item for message in file.messages for item in sent(message, variables, undefined)]


@pytest.mark.parametrize("number", range(len(REFERENCES["cases"])))
def test_messages_are_those_that_promptfoo_sends(number: int) -> None:
    case = REFERENCES["cases"][number]
    text, variables = case["template"], REFERENCES["variables"]
    if case["rendered"] is None or REFUSED.search(text) or OVER_MISSING.search(text):
        with pytest.raises((TemplateError, MeasurementError)):
            messages(alone(text), variables)
        variables = {**variables, "missing": None}
    if case["rendered"] is not None and not REFUSED.search(text):
        assert messages(alone(text), variables) == case["rendered"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{{ nothing }}", "'nothing' is undefined"),
        ("{{ nothing | upper }}", "'nothing' is undefined"),
        ("{{ none.x }}", "'x' is undefined"),
        ("{{ env.HOME }}", "'env' is undefined"),
        ("{% for i in items if i.v %}{% endfor %}", "no `if`"),
        ("{% for i in items %}{% set x = i %}{% endfor %}", "`set` in a loop"),
        ("x {{ list * 2 }}", "only numbers can be computed with"),
        ("x {{ list | upper }}", "the filter takes a text"),
        ("x {{ name | join }}", "`join` takes a list"),
        ("x {{ name | replace(1, 'b') }}", "`replace` takes a text to replace"),
        ("x {{ range | dump }}", "`dump` takes data only"),
        ("x {{ missing % 2 }}", "'missing' is undefined"),
        ('[{"role": "user", "content": {{ num }}, "x": NaN}]', "NaN is no number of JSON"),
        ("x {{ list | e | dump }}", "is an object"),
        ("x {{ obj | reverse }}", "`reverse` takes a text or a list"),
        ("x {{ name | safe | dump }}", "`dump` of what `safe` gives"),
        ("x {{ obj | list | first | first }}", "KeyError"),
        ("{{ name[0:2] }}", "no such tag or expression"),
        ("{{ list + list }}", "adds no lists"),
        ("{% with a = 1 %}{{ a }}{% endwith %}", "no such tag or expression"),
        ("x {{ items | tojson }}", "No filter named 'tojson'"),
        ("x {{ name.upper() }}", "'upper'"),
        ("x {{ range }}", "prints what is no text"),
        ("{{ obj | dump }}", "no list of messages"),
        ("[{{ name | dump }}]", "no list of messages"),
        ('[{"role": "user", "content": "{{ name }}" x}]', "no list of messages"),
        ("- role: {{ name }}: x", "no list of messages"),
        ("{% include 'x' %}", "was not found"),
        ("{{ control }}", "a control character"),
    ],
)
def test_what_nunjucks_does_otherwise_is_refused(text: str, what: str) -> None:
    variables = {**REFERENCES["variables"], "control": "a\x01b"}
    with pytest.raises(TemplateError, match=re.escape(what)):
        messages(alone(text), variables)


@pytest.mark.parametrize(
    "text",
    [
        "{% if big %}x{% endif %}",
        "{% if name and not big %}x{% endif %}",
        "{% if no %}x{% elif big %}y{% endif %}",
        "{% if big.part.of %}x{% endif %}",
        "{% if big._part %}x{% endif %}",
        "{% if big.includes('x') %}x{% endif %}",
        "{% if big == 'x' %}x{% endif %}",
        "{% if big != 'x' %}x{% endif %}",
        "{% if big > 1 %}x{% endif %}",
        "{% if big in list %}x{% endif %}",
        "{% if big in obj %}x{% endif %}",
        "{% if 'x' in big %}x{% endif %}",
        "{% if big | length > 3 %}x{% endif %}",
        "{% if big | first %}x{% endif %}",
        "{% if big | last %}x{% endif %}",
        "{% set y = big %}{% if y %}x{% endif %}",
        "{% for i in big %}x{% endfor %}",
        "{% for k, v in big %}x{% endfor %}",
        "{{ 'x' if big }}",
        "{{ big and 'x' }}",
        "{{ big | first }}",
    ],
)
def test_a_condition_over_what_no_sample_gives_is_an_error(text: str) -> None:
    variables = {"name": "Ann", "no": False, "list": ["a"], "obj": {"a": 1}}
    (message,) = alone(f"a\n\n{text}").messages
    template = engines.by_name("promptfoo").compile_template(
        message.text,
        name=PATH,
        load=lambda *_: None,
        undefined="error",
        options={"methods": {"includes": {"value": False}}},
    )
    with pytest.raises(TemplateError) as caught:
        template.render(variables)
    assert (caught.value.what, caught.value.path, caught.value.line) == (
        "'big' is undefined",
        "prompt.j2",
        3,
    )


def test_what_is_given_may_be_nothing_and_lack_members() -> None:
    text = (
        "{% macro m(a, b) %}{{ a }}{% if b %}x{% endif %}{% endmacro %}{{ m('-') }}"
        "{% if off %}x{% endif %}{% if no.big %}x{% endif %}{% if obj.b.c %}x{% endif %}"
        "{% for i in obj.b %}x{% endfor %}{{ big | default('-') }}{{ big | default('-', true) }}"
    )
    given = {"off": None, "no": None, "obj": {"a": 1}}
    assert messages(alone(text), given) == [{"role": "user", "content": "---"}]


def test_without_samples_every_variable_is_empty() -> None:
    file = alone("Say {{ a }}{{ b | upper }}{% for c in d %}x{% endfor %}")
    assert messages(file, {}, "empty") == [{"role": "user", "content": "Say "}]


FILES = {
    "p.txt": "\nFirst {{ a }}\n---\n\n  Second {{ a }}\nline\n---\n",
    "one.txt": "Only {{ a }}\n",
    "p.md": "# Title\n{{ a }}\n",
    "p.j2": "J2 {{ a }}",
    "chat.json": '[\n {"role": "system", "content": "S {{ a }}"},\n {"role": "user", "content": "U"}\n]',
    "chat.yaml": "- role: system\n  content: S {{ a }}\n- role: user\n  content:\n    - {type: text, text: U}\n",
    "image.yaml": "- role: user\n  content:\n    - {type: image_url, image_url: {url: x}}\n",
    "lines.jsonl": '[{"role": "user", "content": "L1"}]\n[{"role": "user", "content": "L2"}]\n',
    "p.csv": 'prompt,label\n"C1 {{ a }}, yes",one\nC2,two\n',
    "plain.csv": "prompt\nD1 {{ a }}\nD2\n",
    "object.json": '{"x": 1}',
    "var.txt": "  from a file\n",
    "var.yaml": "k: [1, two]\n",
    "vars.yaml": "a: from vars\n",
    "tests.yaml": "- vars: {a: t1}\n- vars: {a: [t2, t3]}\n",
    "tools.json": '[{"type": "function", "function": {"name": "find"}}]',
    "schema.json": '{"type": "object"}',
    "role.json": '[{"role": "{{ r }}", "content": "x"}]',
    "gap.csv": "prompt,label\n,none\nE1,one\n",
    "deep.json": "[" * 200_000,
    "bad.csv": 'prompt,label\n"' + "x" * 140_000 + '",one\n',
}
SURROUNDINGS = Surroundings(
    load=lambda name, _: LoadedFile(path=name, text=FILES[name]) if name in FILES else None,
    parse=ALONE.parse,
)


def configured(text: str, selector: str | None = None) -> PromptFile:
    return read(promptfoo, text, path=PATH, selector=selector, surroundings=SURROUNDINGS)


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
        ("prompts: [file://one.txt, inline]", ["one.txt"]),
        ("prompts: [file://a.py, file://b.js:make, x {{ a }}]", []),
        ("prompts: 5", []),
        ("[", []),
    ],
)
def test_prompts_are_found(text: str, selectors: list[str | None]) -> None:
    found = promptfoo.discover(PromptText(path=PATH, text=text))
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


PROMPT = "prompts: [x]\n"


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
        ("[vertex:gemini-2.5-pro]", "google/gemini-2.5-pro"),
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
        (PROMPT + "tests: p.csv", f"{PATH}:2", "neither JSON nor YAML"),
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


def test_loops_take_entries_and_variables_take_loops() -> None:
    loop = alone(
        "{% for k, v in {a: 1} %}{{ k }}={{ v }}{% endfor %}{% for k, v in 5 %}x{% endfor %}"
    )
    assert messages(loop, {}) == [{"role": "user", "content": "a=1"}]
    given = {"items": ["a", "b"], "t": "{% for i in items %}{{ i }};{% endfor %}"}
    assert messages(alone("x {{ t }}"), given) == [{"role": "user", "content": "x a;b;"}]


def test_a_project_has_stand_ins_for_its_filters_and_methods() -> None:
    options = {"filters": {"shout": "upper", "title": "same"}, "methods": {"at": {"value": "T"}}}
    (message,) = alone("x {{ a | shout }}{{ a | title }}{{ a.at(0) }}{{ a.length }}").messages
    template = engines.by_name("promptfoo").compile_template(
        message.text, name=PATH, load=lambda *_: None, undefined="error", options=options
    )
    assert template.render({"a": "bc"}).endswith("x BCbcT2")


def test_a_selector_that_names_nothing_shows_what_there_is() -> None:
    with pytest.raises(MeasurementError) as caught:
        configured("prompts: [{label: brief, raw: a}, {id: long, raw: b}, c]", "none")
    (problem,) = caught.value.problems
    assert problem.mend == "add one of `#brief`, `#long`, `#2` to the path"


TEMPLATES = st.lists(
    st.sampled_from(
        [
            *("Hello ", "{{a}}", "{{ b }}", "\n", "[", "{", "- role: user\n", '"', "}", "]", " "),
            *("{% if a %}", "{% endif %}", "{# c #}", "x", "{% raw %}", "{% endraw %}", "{{ a"),
        ]
    ),
    min_size=1,
    max_size=8,
).map("".join)
VALUES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {key: st.sampled_from(["", "x", "[]", "{", "\n", "{{ b }}", 0, None, []]) for key in "ab"}
)


@given(text=TEMPLATES, first=VALUES, second=VALUES)
@settings(max_examples=150)
def test_the_constant_beginning_is_that_of_every_call(
    text: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    spec = json.dumps({"template": text, "path": PATH, "line": 1, "is_message": False})
    try:
        template = engines.by_name("promptfoo").compile_template(
            spec, name=PATH, load=lambda *_: None, undefined="empty", options={}
        )
        one, other = template.render(first), template.render(second)
    except TemplateError:
        return
    count = template.constant.characters
    assert one[:count] == other[:count]
    if template.constant.line is None:
        assert one == other


def test_the_constant_beginning_reaches_to_the_variable() -> None:
    (message,) = configured("prompts:\n  - |\n    You help.\n    Order: {{ order }}\n").messages
    with RenderingProcess() as process:
        (result,) = rendered(process, message, '{"order": "7"}')
    assert isinstance(result, Rendered)
    assert result.parts is not None
    (part,) = result.parts
    assert part.text[: result.constant.characters - part.start] == "You help.\nOrder: "
    assert (result.constant.path, result.constant.line) == (PATH, 4)


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
@settings(max_examples=200)
def test_any_text_is_read_or_refused_at_a_line(text: str, selector: str | None) -> None:
    try:
        configured(text, selector)
    except MeasurementError as error:
        for problem in error.problems:
            assert problem.place is not None
            assert problem.place.file in {PATH, *FILES}
            assert problem.place.line is not None


STRICT = Limits(wall_seconds=0.4, memory_bytes=256 * 1024 * 1024, slow_seconds=1_000.0)


@pytest.fixture(scope="module")
def process() -> Iterator[RenderingProcess]:
    with RenderingProcess(STRICT) as started:
        yield started


def rendered(
    process: RenderingProcess, message: MessageTemplate, variables: str = "{}"
) -> tuple[Any, ...]:
    job = Job(
        engine="promptfoo",
        path=PATH,
        text=message.text,
        first_line=message.line,
        variables=(variables,),
        load=lambda *_: None,
    )
    (results,) = process.render([job])
    return results


ATTACKS = {
    "partial tags": "{%" * 200_000,
    "partial variables": "{{ a\n" * 100_000,
    "class": "{{ ''.__class__.__mro__ }}",
    "constructor": "{{ range.constructor('return process')() }}",
    "globals": "{{ range.__globals__ }}",
    "cycler": "{{ cycler.__init__.__globals__ }}",
    "a filter's own": "{{ 'x' | load }}{{ joiner.__init__.__globals__ }}",
    "attribute of a list": "{{ [].__class__ }}{{ {}.__class__ }}",
    "a large range": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "a long indent": "{{ 'a' | indent(999999999, true) }}",
    "a large power": "x {{ 9**9**9 }}",
    "rounding": "x {{ 1.5 | round(99999999) }}",
    "deep data": "{{ '" + "[" * 50_000 + "' | load | dump }}",
    "deep dump": "x {{ d | dump }}{% set d = [d, d] %}",
    "messages": "- role: user\n" * 50_000,
    "replace": "{{ ('a' ~ 'b') | replace('a', 'x') }}{{ 'a' * 999999999 }}",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_contained(process: RenderingProcess, name: str) -> None:
    (message,) = alone(ATTACKS[name]).messages
    (result,) = rendered(process, message)
    if isinstance(result, Problem):
        assert result.place is not None
        assert result.place.line is not None
    else:
        assert isinstance(result, Rendered)
        for secret in ("<class", "subclass", "__builtins__", "module"):
            assert secret not in result.text


def test_variables_that_are_templates_stay_contained(process: RenderingProcess) -> None:
    (message,) = alone("x {{ a }}").messages
    loops = "x {% for i in b %}{% for i in b %}{% for i in b %}{% endfor %}{% endfor %}{% endfor %}"
    (result,) = rendered(process, message, json.dumps({"a": loops, "b": [0] * 9_999}))
    assert isinstance(result, Problem)
    assert result.what == "rendering takes more than 0.4 s"
    (result,) = rendered(process, message, json.dumps({"a": "{{ b }}{{ b }}", "b": "{{ a }}"}))
    assert isinstance(result, Rendered)
