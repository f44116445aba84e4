"""Mustache prompts come out as Mustache's own libraries render them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.errors import Problem
from reviewbot.prompt import CompiledTemplate, TemplateError
from reviewbot.prompt_formats import mustache
from reviewbot.rendering.engines import mustache as engine
from reviewbot.rendering.jobs import Rendered
from reviewbot.rendering.process import RenderingProcess
from tests.support import places
from tests.support.filling import HASTY, fill, problem_of, text_of
from tests.support.loading import endless
from tests.support.processor_time import processor_seconds
from tests.support.reading import read
from tests.support.repetitions import examples, part

REFERENCES = places.REFERENCES / "mustache.json"
CASES: list[dict[str, Any]] = json.loads(REFERENCES.read_text("utf-8"))["cases"]

DIFFERENT = {
    # values that are no text, as Python prints them; ' and " escaped as pystache does
    "{{t}} {{f}}": "True False",
    "{{n}}": "1.0",
    "{{l}}": "[1, &#x27;a&#x27;]",
    "{{o}}": "{&#x27;a&#x27;: 1}",
    "{{x}}": "it&#x27;s `a` = b/c",
    "{{#o}}t{{/o}}{{^o}}f{{/o}}": "f",
}


@pytest.fixture(scope="module")
def process() -> Iterator[RenderingProcess]:
    with RenderingProcess() as started:
        yield started


@pytest.fixture(scope="module")
def hasty() -> Iterator[RenderingProcess]:
    with RenderingProcess(HASTY) as started:
        yield started


def files(case: dict[str, Any]) -> dict[str, str]:
    return {f"{name}.mustache": text for name, text in case.get("partials", {}).items()}


def expected(case: dict[str, Any]) -> str:
    text = case["template"]
    is_special = "chevron" in case and text in DIFFERENT
    return DIFFERENT[text] if is_special else str(case["rendered"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["template"][:40])
def test_templates_come_out_as_mustache_js_renders_them(
    process: RenderingProcess, case: dict[str, Any]
) -> None:
    variables = {"missing": None, **case["variables"]}
    result = fill(process, "mustache", case["template"], variables, files=files(case))
    assert text_of(result) == expected(case)


def test_two_other_libraries_agree_but_for_what_the_page_names() -> None:
    assert [case["template"] for case in CASES if "chevron" in case] == [
        "- {{#xs}}\n  {{> item}}\n{{/xs}}\nend",  # chevron indents empty lines
        *DIFFERENT,
    ]


def test_html_is_escaped_unless_the_configuration_says_otherwise(
    process: RenderingProcess,
) -> None:
    variables = {"x": "a < 'b' & \"c\" > d"}
    text = "{{x}} {{{x}}}"
    assert text_of(fill(process, "mustache", text, variables)) == (
        "a &lt; &#x27;b&#x27; &amp; &quot;c&quot; &gt; d a < 'b' & \"c\" > d"
    )
    plain = fill(process, "mustache", text, variables, options={"escape": False})
    assert text_of(plain) == "a < 'b' & \"c\" > d a < 'b' & \"c\" > d"


def test_functions_and_values_of_the_project_have_stand_ins(process: RenderingProcess) -> None:
    options = {
        "functions": {
            "wrap": "same",
            "today": {"value": "2026-11-24"},
            "bold": {"value": "*{{x}}*"},
        },
        "globals": {"product": "Kettle", "x": "below"},
    }
    text = "{{#wrap}}[{{x}}]{{/wrap}} {{today}} {{#bold}}any{{/bold}} {{product}}"
    result = fill(process, "mustache", text, {"x": "above"}, options=options)
    assert text_of(result) == "[above] 2026-11-24 *above* Kettle"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\n\n{{nam}}", "p:3: 'nam' is undefined"),
        ("{{! x\ny }}\n  {{{a.b}}}", "p:3: 'a.b' is undefined"),
        ("{{#name}}\n{{&nam}}{{/name}}", "p:2: 'nam' is undefined"),
        ("a\n{{#nam}}x{{/nam}}", "p:2: 'nam' is undefined"),
        ("a\n\n{{^nam.b}}x{{/nam.b}}", "p:3: 'nam.b' is undefined"),
        ("{{#name}}\n{{#nam}}x{{/nam}}{{/name}}", "p:2: 'nam' is undefined"),
        ("x\n{{> over}}", "over.mustache:2: 'who' is undefined"),
        ("x\n{{> part}}", "part.mustache:2: 'who' is undefined"),
        ("x\n{{> none}}", "p:2: the partial 'none' was not found; add none.mustache"),
        ("x\n{{#a}}\n{{#b}}\n{{/b}}", "p:2: the section that begins here does not end"),
        ("x\n{{#name}}\n{{/nam}}", "p:3: `nam` ends here, and did not begin"),
        ("x\n{{/name}}", "p:2: `name` ends here, and did not begin"),
        ("x\n{{=<%=}}", "p:2: these are not two marks"),
        ("x\n{{=a b c=}}", "p:2: these are not two marks"),
    ],
)
def test_faults_are_named_where_they_are(process: RenderingProcess, text: str, said: str) -> None:
    found = {"part.mustache": "Hi\n{{who}}", "over.mustache": "Hi\n{{#who}}x{{/who}}"}
    result = fill(process, "mustache", text, {"name": "Ann"}, files=found)
    assert problem_of(result).startswith(said)


def test_a_section_over_what_is_given_may_be_left_out(process: RenderingProcess) -> None:
    text = (
        "{{#off}}x{{/off}}{{^off}}-{{/off}}{{#no}}x{{/no}}{{#none}}x{{/none}}"
        "{{#user}}{{#nickname}}x{{/nickname}}{{#off}}x{{/off}}{{/user}}"
        "{{#user.nickname}}x{{/user.nickname}}{{^user.nickname.short}}-{{/user.nickname.short}}"
    )
    given: dict[str, Any] = {
        "off": None,
        "no": False,
        "none": [],
        "user": {"name": "Ann"},
        "nickname": "",
    }
    assert text_of(fill(process, "mustache", text, given)) == "--"


def test_a_stand_in_that_is_nothing_is_named(process: RenderingProcess) -> None:
    result = fill(process, "mustache", "{{x}}", options={"functions": {"x": "upper"}})
    assert problem_of(result) == (
        "p:1: the stand-in of 'x' is 'upper', which the engine does not have; "
        "name one of same, or give a `value`"
    )


def test_without_samples_every_variable_is_empty(process: RenderingProcess) -> None:
    text = "[{{a}}{{{b.c}}}{{#d}}x{{/d}}{{^e}}none{{/e}}]"
    assert text_of(fill(process, "mustache", text, undefined="empty")) == "[none]"


def test_a_partial_names_its_own_neighbours() -> None:
    there = {
        ("a.mustache", "main"): ("deep/a.mustache", "{{> b}}"),
        ("b.mustache", "deep/a.mustache"): ("deep/b.mustache", "found"),
    }
    compiled = engine.compile_template(
        "{{> a}}",
        name="main",
        load=lambda name, parent: there.get((name, parent)),
        undefined="error",
        options={},
    )
    assert compiled.render({}) == "found"


@pytest.mark.parametrize(
    ("text", "names", "complete"),
    [
        ("{{> a}}{{>b.md}}{{ > c/d }}", {"a", "b.md", "c/d"}, True),
        ("{{#x}}{{>a}}{{/x}}{{! {{>b}} }}", {"a", "b"}, True),
        ("{{=<% %>=}}<%>a%>", set(), False),
        ("{{>}}{{x}}", set(), False),
        ("{{> a", set(), True),
        ("plain", set(), True),
    ],
)
def test_references(text: str, names: set[str], complete: bool) -> None:  # noqa: FBT001 - a table's column
    found = engine.references(text, {})
    assert found.names == names | {f"{name}.mustache" for name in names}
    assert found.complete is complete


PIECES = st.sampled_from(
    [
        "{{>a}}",
        "{{> b }}",
        "{{{",
        "{{",
        "}}",
        "}",
        ">",
        "{{=",
        "=}}",
        "<% %>",
        "<%>c%>",
        "a",
        " ",
        "\n",
        "{{!",
        "{{#a}}",
        "{{/a}}",
        "{{^b}}",
        "{{/b}}",
        "{{x}}",
        "{{{x}}}",
        "{{&x}}",
        "text ",
    ]
)
TANGLES = st.lists(PIECES, max_size=12).map("".join)


def compiled_with(text: str, asked: list[str] | None = None) -> CompiledTemplate | None:
    def load(name: str, parent: str) -> tuple[str, str] | None:
        if asked is not None and parent == "main":
            asked.append(name)
        texts = {"a.mustache": "A {{! c }} A\n", "b.mustache": "B{{x}}\nB"}
        return (name, texts[name]) if name in texts else None

    try:
        return engine.compile_template(text, name="main", load=load, undefined="empty", options={})
    except TemplateError:
        return None


VALUES = st.dictionaries(
    st.sampled_from(["a", "b", "x"]),
    st.one_of(st.text(max_size=3), st.booleans(), st.lists(st.text(max_size=2), max_size=2)),
)


@given(TANGLES, VALUES, VALUES)
@settings(max_examples=examples(150), deadline=None)
def test_the_constant_part_is_the_same_with_all_variables(
    text: str, first: dict[str, object], second: dict[str, object]
) -> None:
    asked: list[str] = []
    compiled = compiled_with(text, asked)
    if compiled is None:
        return
    characters = compiled.constant.characters
    try:
        one, other = compiled.render(first), compiled.render(second)
    except TemplateError:
        return
    assert one[:characters] == other[:characters]
    assert min(len(one), len(other)) >= characters
    if compiled.constant.line is None:
        assert one == other
        assert len(one) == characters
    found = engine.references(text, {})
    assert not found.complete or set(asked) <= found.names


def test_what_is_constant_ends_where_a_variable_begins() -> None:
    compiled = compiled_with("one\n{{! c }}\n{{> a}}\n{{> b}} {{x}}")
    assert compiled is not None
    assert compiled.constant.characters == len("one\nA  A\nB")
    assert (compiled.constant.path, compiled.constant.line) == ("b.mustache", 1)


ATTACKS = {
    "a partial that includes itself": "{{> self}}",
    "partials that double": "{{> two}}",
    "nested lists": "{{#xs}}" * 30 + "x" + "{{/xs}}" * 30,
    "open braces": "{{" * 400_000,
    "open sections": "{{#a}}" * 50_000,
    "deep sections": "{{#xs}}" * 5_000 + "{{/xs}}" * 5_000,
    "blanks in a tag": "{{" + " " * 400_000,
    "blanks before tags": (" " * 2_000 + "\n") * 300 + "{{x}}",
    "raw that does not end": "{{{" * 200_000,
    "marks that change": "{{=a b=}}" * 50_000,
    "marks with signs of patterns": "{{=(.*)+ $^=}}" + "(.*)+x" * 50_000,
    "a dotted name": "{{" + "a." * 200_000 + "b}}",
    "many tags": "{{x}}" * 200_000,
    "a function that gives its own call": "{{#again}}x{{/again}}",
}


@pytest.mark.parametrize("name", part([*ATTACKS]))
def test_an_attack_ends_in_bounded_time(hasty: RenderingProcess, name: str) -> None:
    there = {"self.mustache": "x\n {{> self}}", "two.mustache": "{{> two}}{{> two}}"}
    began = processor_seconds()
    result = fill(
        hasty,
        "mustache",
        ATTACKS[name],
        {"xs": [1, 2, 3, 4], "x": "y"},
        files=there,
        options={"functions": {"again": {"value": "{{#again}}x{{/again}}"}}},
        undefined="empty",
    )
    assert processor_seconds() - began < 4
    if isinstance(result, Problem):
        assert result.place is not None
        assert result.place.file in {"p", *there}
        assert result.place.line is not None
    else:
        assert len(result.text) <= HASTY.output_characters
    assert text_of(fill(hasty, "mustache", "{{a}}", {"a": "ok"})) == "ok"


@pytest.mark.parametrize(
    "name",
    [
        "x.__class__",
        "__class__",
        "x.upper",
        "xs.append",
        "o.items",
        "o.keys",
        "xs.__len__",
        "render",
        "o.__init__.__globals__",
        "x.format",
        "__builtins__",
        "wrap.__globals__",
        "x.0.__class__",
    ],
)
def test_an_escape_shows_nothing(process: RenderingProcess, name: str) -> None:
    variables = {"x": "text", "xs": [1], "o": {"k": 1}}
    options = {"functions": {"wrap": "same"}}
    for text in (f"{{{{{name}}}}}", f"{{{{#o}}}}{{{{{name}}}}}{{{{/o}}}}"):
        result = fill(process, "mustache", text, variables, options=options)
        assert "is undefined" in problem_of(result)
    section = fill(process, "mustache", f"{{{{#{name}}}}}shown{{{{/{name}}}}}", variables)
    if name.partition(".")[0] in variables:
        assert text_of(section) == ""
    else:
        assert "is undefined" in problem_of(section)


@given(st.text(max_size=100) | TANGLES)
@settings(max_examples=examples(150), deadline=None)
def test_any_text_is_a_prompt(text: str) -> None:
    (message,) = read(mustache, text).messages
    assert message.text == text
    result = fill(FUZZED, "mustache", text, {"x": "1"})
    assert isinstance(result, Rendered) or (result.place is not None and result.place.line)


FUZZED = RenderingProcess(HASTY, endless())


@pytest.fixture(scope="module", autouse=True)
def _end_the_fuzzed_process() -> Iterator[None]:
    yield
    FUZZED.__exit__()


def test_a_text_without_tags_needs_no_engine() -> None:
    (message,) = read(mustache, "a { b } \r\n").messages
    assert (message.engine, message.text) == (None, "a { b } \r\n")


def test_finding_references_in_hostile_text_takes_linear_time() -> None:
    for piece in ("{{>", "{{> a", "{{", "{{" + " " * 50, "{{= "):
        engine.references(piece * 100_000, {})
    engine.references("{{" + " " * 1_000_000, {})
