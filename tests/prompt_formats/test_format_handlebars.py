"""Handlebars prompts come out as handlebars.js renders them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.errors import Problem
from reviewbot.prompt import CompiledTemplate, TemplateError
from reviewbot.prompt_formats import handlebars
from reviewbot.rendering.engines import handlebars as engine
from reviewbot.rendering.jobs import Rendered
from reviewbot.rendering.process import RenderingProcess
from tests.support import places
from tests.support.filling import HASTY, fill, problem_of, text_of
from tests.support.loading import endless
from tests.support.processor_time import processor_seconds
from tests.support.reading import read
from tests.support.repetitions import examples, part

REFERENCES = places.REFERENCES / "handlebars.json"
DATA: dict[str, Any] = json.loads(REFERENCES.read_text("utf-8"))


@pytest.fixture(scope="module")
def process() -> Iterator[RenderingProcess]:
    with RenderingProcess() as started:
        yield started


@pytest.fixture(scope="module")
def hasty() -> Iterator[RenderingProcess]:
    with RenderingProcess(HASTY) as started:
        yield started


@pytest.mark.parametrize("number", range(0, len(DATA["cases"]), 20))
def test_templates_come_out_as_handlebars_js_renders_them(
    process: RenderingProcess, number: int
) -> None:
    for case in DATA["cases"][number : number + 20]:
        partials = DATA["partials"][case["partials"]]
        result = fill(
            process,
            "handlebars",
            case["template"],
            DATA["variables"][case["variables"]],
            files={f"{name}.hbs": text for name, text in partials.items()},
            undefined="empty",
            options={"escape": not case.get("noEscape")},
        )
        if case["rendered"] is None:
            assert isinstance(result, Problem), case
        else:
            assert text_of(result) == case["rendered"], case


def test_numbers_side_by_side_are_not_added_up(process: RenderingProcess) -> None:
    result = fill(process, "handlebars", "{{{a}}}{{{b}}}", {"a": 1, "b": 2})
    assert text_of(result) == "12"  # handlebars.js: 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\n\n{{nam}}", "p:3: 'nam' is undefined"),
        ("{{! x\ny }}\n  {{{a.b}}}", "p:3: 'a.b' is undefined"),
        ("{{#each xs}}\n{{this.nam}}{{/each}}", "p:2: 'this.nam' is undefined"),
        ("x\n{{lookup nam 1}}", "p:2: 'nam' is undefined"),
        ("x\n{{> part}}", "part.hbs:2: 'who' is undefined"),
        ("{{#if name}}{{> part}}{{/if}}", "part.hbs:2: 'who' is undefined"),
        ("x\n{{> none}}", "p:2: the partial 'none' was not found; add none.hbs"),
        (
            "x\n{{#if a}}\n{{/each}}",
            "p:3: `{{/each}}` stands here, but `{{#if …}}` of line 2 is open",
        ),
        ("x\n{{#if a}}\n", "p:2: the block `{{#if …}}` that begins here does not end"),
        ("x\n{{/if}}", "p:2: `{{/if}}` stands here, and no block is open"),
        ("x\n{{name", "p:2: the tag that begins here is wrong or does not end"),
        ("x\n{{!-- a }}", "p:2: the comment that begins here does not end"),
        ("x\n{{{{raw}}}} a", "p:2: the raw block that begins here does not end"),
        (
            "x\n{{shout name}}",
            "p:2: there is no helper 'shout'; correct its name, or name a stand-in",
        ),
        ("x\n{{#if}}{{/if}}", "p:2: `#if` takes one parameter"),
        ("x\n{{if name}}", "p:2: `if` is a block"),
        ("x\n{{name)}}", "p:2: ')' is not expected in this tag"),
        ("x\n{{#*other 1}}{{/other}}", "p:2: there is no such decorator"),
        ("{{> bad}}", "bad.hbs:1: the tag that begins here is wrong or does not end"),
        ("{{> self}}", "p:1: the template calls or includes itself too deep"),
    ],
)
def test_faults_are_named_where_they_are(process: RenderingProcess, text: str, said: str) -> None:
    found = {"part.hbs": "Hi\n{{who}}", "bad.hbs": "{{", "self.hbs": "x {{> self}}"}
    result = fill(process, "handlebars", text, {"name": "Ann", "xs": [{}]}, files=found)
    assert problem_of(result).startswith(said)


def test_what_is_given_may_be_nothing_and_lack_members(process: RenderingProcess) -> None:
    text = (
        "{{#if a.b}}x{{else}}-{{/if}}{{#each c}}x{{else}}-{{/each}}{{#d}}x{{/d}}{{^d}}-{{/d}}"
        "{{#each items as |item|}}{{#if item.c}}x{{/if}}{{#if @last}}-{{/if}}"
        "{{#if ../d}}x{{/if}}{{#if @root.d}}x{{/if}}{{#if this}}{{/if}}{{/each}}"
        "{{#if @index}}x{{/if}}{{> part e=a.b}}"
    )
    given: dict[str, Any] = {"a": {}, "c": None, "d": False, "items": [{}, {}]}
    files = {"part.hbs": "{{#if e}}x{{/if}}"}
    assert text_of(fill(process, "handlebars", text, given, files=files)) == "----"


@pytest.mark.parametrize(
    "text",
    [
        "{{#if nam}}x{{/if}}",
        "{{#unless nam}}x{{/unless}}",
        "{{#each nam}}x{{/each}}",
        "{{#with nam}}x{{/with}}",
        "{{#nam}}x{{/nam}}",
        "{{^nam}}x{{/nam}}",
        "{{#if name}}{{#if nam}}x{{/if}}{{/if}}",
        "{{#unless name}}x{{else if nam}}x{{/unless}}",
        "{{#if (and name (not nam))}}x{{/if}}",
        "{{#if (lookup nam 'a')}}x{{/if}}",
        "{{#eq 1 nam}}x{{/eq}}",
        "{{#if name includeZero=nam}}x{{/if}}",
        "{{> over who=nam}}",
        "{{> over nam}}",
    ],
)
def test_a_condition_over_what_no_sample_gives_is_an_error(
    process: RenderingProcess, text: str
) -> None:
    result = fill(
        process,
        "handlebars",
        f"a\n\n{text}",
        {"name": "Ann"},
        files={"over.hbs": "{{#if who}}x{{/if}}"},
        options={"functions": {name: name for name in ("and", "not", "eq")}},
    )
    assert problem_of(result) == (
        "p:3: 'nam' is undefined; add the variable to the samples, or correct its name"
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{{#if nam.b}}x{{/if}}", "nam.b"),
        ("{{#if this.nam}}x{{/if}}", "this.nam"),
        ("{{#each xs}}{{#if ../nam}}x{{/if}}{{/each}}", "../nam"),
        ("{{#each xs}}{{#if name}}x{{/if}}{{/each}}", "name"),
        ("{{#if @root.nam}}x{{/if}}", "@root.nam"),
        ("{{#if @nam}}x{{/if}}", "@nam"),
    ],
)
def test_other_ways_to_say_what_no_sample_gives(
    process: RenderingProcess, text: str, name: str
) -> None:
    result = fill(process, "handlebars", text, {"name": "Ann", "xs": [{}]})
    assert problem_of(result).startswith(f"p:1: {name!r} is undefined")


def test_partials_are_found_by_their_endings_and_folder(process: RenderingProcess) -> None:
    files = {
        "a.handlebars": "A",
        "partials/b.hbs": "B",
        "c.txt": "C",
        "partials/d/e.handlebars": "E",
        "shared": "S",
    }
    text = "{{> a}}{{> b}}{{> c.txt}}{{> d/e}}{{> 'shared'}}"
    result = fill(process, "handlebars", text.replace("c.txt", "[c.txt]"), files=files)
    assert text_of(result) == "ABCES"


def test_helpers_of_the_project_have_stand_ins(process: RenderingProcess) -> None:
    options = {
        "functions": {
            **{name: name for name in ("eq", "ne", "and", "or", "not", "join", "upper", "lower")},
            "wrap": "same",
            "today": {"value": "2026-11-24"},
            "toJSON": "json",
            "strip": "trim",
        },
        "globals": {"product": "Kettle", "x": "below"},
    }
    text = (
        "{{wrap x}} {{#wrap}}[{{x}}]{{/wrap}} {{today}} {{product}} {{{toJSON o}}}\n"
        "{{#if (eq x 'above')}}eq{{/if}} {{#eq n '1'}}eq{{else}}not{{/eq}} {{ne n 1}} "
        "{{#if (and x (not f))}}and{{/if}} {{#or f x}}or{{/or}} {{join l '; '}} "
        "{{upper x}} {{lower 'ABC'}} [{{strip ' a '}}]\n{{{toJSON o indent=2}}}"
    )
    variables = {
        "x": "above",
        "n": 1,
        "f": False,
        "l": ["a", 2, None],
        "o": {"b": [1.0, None], "1": "é"},
    }
    assert text_of(fill(process, "handlebars", text, variables, options=options)) == (
        'above [above] 2026-11-24 Kettle {"1":"é","b":[1,null]}\n'
        "eq not false and or a; 2;  ABOVE abc [a]\n"
        '{\n  "1": "é",\n  "b": [\n    1,\n    null\n  ]\n}'
    )


def test_a_stand_in_that_is_nothing_is_named(process: RenderingProcess) -> None:
    result = fill(process, "handlebars", "{{x}}", options={"functions": {"x": "shout"}})
    assert problem_of(result).startswith(
        "p:1: the stand-in of 'x' is 'shout', which Handlebars does not have here; "
        "name one of same, json, eq,"
    )


@pytest.mark.parametrize(
    ("text", "names", "complete"),
    [
        ("{{> a}}{{~>b ~}}{{#> c/d p}}{{/c/d}}", {"a", "b", "c/d"}, True),
        ("{{> 'x y'}}{{> \"z\" q=1}}", {"x y", "z"}, True),
        ("{{> (lookup this 'which')}}", set(), False),
        ("{{> [x y]}}", set(), False),
        ("{{> @partial-block}}{{{x}}}", set(), True),
        ("plain", set(), True),
    ],
)
def test_references(text: str, names: set[str], complete: bool) -> None:  # noqa: FBT001 - a table's column
    found = engine.references(text, {})
    endings = (".hbs", ".handlebars", "")
    assert found.names == {
        f"{folder}{name}{ending}"
        for name in names
        for folder in ("", "partials/")
        for ending in endings
    }
    assert found.complete is complete


PIECES = st.sampled_from(
    [
        *(
            "{{> a}}",
            "{{> b }}",
            "{{~>b~}}",
            "{{> 'a'}}",
            "{{> (lookup w 'x')}}",
            "{{#> b}}",
            "{{/b}}",
        ),
        *("{{", "}}", "}", "a", " ", "\n", "\\", "text ", "{{!", "{{! c }}", "{{#a}}", "{{/a}}"),
        *(
            "{{#if x}}",
            "{{else}}",
            "{{/if}}",
            "{{x}}",
            "{{{x}}}",
            "{{&x}}",
            "{{#each b}}",
            "{{/each}}",
        ),
        *(
            '{{#*inline "a"}}',
            "{{/inline}}",
            "  {{> a}}",
            "{{> @partial-block}}",
            "{{!-- c --}}",
            "{{~! ~}}",
        ),
    ]
)
TANGLES = st.lists(PIECES, max_size=10).map("".join)


def compiled_with(text: str, asked: list[str] | None = None) -> CompiledTemplate | None:
    def load(name: str, parent: str) -> tuple[str, str] | None:
        if asked is not None and parent == "main":
            asked.append(name)
        texts = {"a.hbs": "A {{! c }} A\n", "b.hbs": "B{{x}}\nB"}
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
@settings(max_examples=examples(200), deadline=None)
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
    except (TemplateError, RecursionError):
        return
    assert one[:characters] == other[:characters]
    assert min(len(one), len(other)) >= characters
    if compiled.constant.line is None:
        assert one == other
        assert len(one) == characters
    found = engine.references(text, {})
    assert not found.complete or set(asked) <= found.names


def test_what_is_constant_ends_where_a_variable_begins() -> None:
    compiled = compiled_with("one\n{{! c }}\n  {{> a}}\n{{> b}} {{x}}")
    assert compiled is not None
    assert compiled.constant.characters == len("one\n  A  A\nB")
    assert (compiled.constant.path, compiled.constant.line) == ("b.hbs", 1)


ATTACKS = {
    "a partial that includes itself": "{{> self}}",
    "partials that double": "{{> two}}",
    "a block in its own partial": "{{#> around}}{{#> around}}x{{/around}}{{/around}}",
    "an inline partial that calls itself": '{{#*inline "i"}}x{{> i}}{{> i}}{{/inline}}{{> i}}',
    "nested lists": "{{#each xs}}" * 20 + "{{#each ../xs}}x{{/each}}" * 9 + "{{/each}}" * 20,
    "loops over the root": "{{#each @root}}" * 20 + "x" + "{{/each}}" * 20,
    "open braces": "{{" * 400_000,
    "open blocks": "{{#if a}}" * 50_000,
    "deep blocks": "{{#if x}}" * 5_000 + "{{/if}}" * 5_000,
    "deep calls": "{{a " + "(a " * 20_000 + ")" * 20_000 + "}}",
    "a chain of else": "{{#if a}}" + "{{else if a}}x" * 3_000 + "{{/if}}",
    "blanks in a tag": "{{" + " " * 400_000,
    "blanks before tags": (" " * 2_000 + "\n") * 300 + "{{#if x}}\n{{/if}}",
    "blanks everywhere": "{{#if x}}" + "\n" * 400_000 + "{{/if}}" + "\n" * 400_000,
    "an open text": '{{a "' + '\\"' * 200_000,
    "raw blocks in raw blocks": "{{{{r}}}}" * 50_000,
    "backslashes": "\\" * 400_000 + "{{x}}",
    "escaped tags": "\\{{" * 200_000,
    "a dotted name": "{{" + "a." * 200_000 + "b}}",
    "many tags": "{{x}}" * 200_000,
    "many names": "{{#each xs as |" + "a " * 100_000 + "|}}{{/each}}",
    "a huge number": "{{lookup x " + "9" * 400_000 + "}}",
    "comments that do not end": "{{!--" * 100_000,
}


@pytest.mark.parametrize("name", part([*ATTACKS]))
def test_an_attack_ends_in_bounded_time(hasty: RenderingProcess, name: str) -> None:
    there = {
        "self.hbs": "x\n {{> self}}",
        "two.hbs": "{{> two}}{{> two}}",
        "around.hbs": "{{> @partial-block}}{{#> around}}{{> @partial-block}}{{/around}}",
    }
    variables = {"xs": [1, 2, 3, 4], "x": "y"}
    began = processor_seconds()
    result = fill(hasty, "handlebars", ATTACKS[name], variables, files=there, undefined="empty")
    assert processor_seconds() - began < 4
    if isinstance(result, Problem):
        assert result.place is not None
        assert result.place.file in {"p", *there}
        assert result.place.line is not None
    else:
        assert len(result.text) <= HASTY.output_characters
    assert text_of(fill(hasty, "handlebars", "{{a}}", {"a": "ok"})) == "ok"


NAMES = [
    *(
        "constructor",
        "x.constructor",
        "__proto__",
        "x.__class__",
        "__class__",
        "o.items",
        "xs.push",
    ),
    *("x.upper", "xs.append", "o.__init__.__globals__", "this.__class__", "@root.__class__"),
    *("@partial-block", "@_parent", "@root.__dict__", "helperMissing", "blockHelperMissing"),
    *("toString", "o.hasOwnProperty", "x.[__class__]", "xs.__len__", "../__class__", "@../block"),
    *("__defineGetter__", "__lookupGetter__", "x.length.__class__", "@values", "@parent"),
]


@pytest.mark.parametrize("name", NAMES)
def test_an_escape_shows_nothing(process: RenderingProcess, name: str) -> None:
    variables = {"x": "text", "xs": [1], "o": {"k": 1}}
    for text in (f"{{{{{name}}}}}", f"{{{{#with o}}}}{{{{{name}}}}}{{{{/with}}}}"):
        assert "is undefined" in problem_of(fill(process, "handlebars", text, variables))
    looked_up = f"{{{{#if (lookup x '{name}')}}}}shown{{{{/if}}}}"
    assert text_of(fill(process, "handlebars", looked_up, variables)) == ""
    assert isinstance(fill(process, "handlebars", f"{{{{#with {name}}}}}", variables), Problem)


@given(st.text(max_size=100) | TANGLES)
@settings(max_examples=examples(150), deadline=None)
def test_any_text_is_a_prompt(text: str) -> None:
    (message,) = read(handlebars, text).messages
    assert message.text == text
    result = fill(FUZZED, "handlebars", text, {"x": "1"})
    assert isinstance(result, Rendered) or (result.place is not None and result.place.line)


FUZZED = RenderingProcess(HASTY, endless())


@pytest.fixture(scope="module", autouse=True)
def _end_the_fuzzed_process() -> Iterator[None]:
    yield
    FUZZED.__exit__()


def test_finding_references_in_hostile_text_takes_linear_time() -> None:
    for piece in ("{{>", "{{> a", "{{#> '", "{{>" + " " * 50, '{{> "a'):
        engine.references(piece * 100_000, {})
    engine.references("{{>" + " " * 1_000_000, {})
    engine.references("{{>" + "a" * 1_000_000, {})
