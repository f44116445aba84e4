"""What `templates` in the configuration does to Jinja2 templates, held against jinja2 itself."""

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any

import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import meta

from reviewbot.errors import Problem
from reviewbot.prompt import CompiledTemplate, TemplateError
from reviewbot.rendering.engines import jinja
from reviewbot.rendering.jobs import Job, Rendered
from reviewbot.rendering.process import RenderingProcess
from tests.support.repetitions import examples
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    Outcome,
    change,
    configuration,
    review,
    tokens,
    workflow,
)

VARIABLES: dict[str, Any] = {"name": "Kettle", "items": ["a", "b"], "tool": {"name": "t"}, "n": 3}
FILES = {
    "part.j2": "[part {{ name }}]\n",
    "angled.j2": "[<% if name %>angled << name >><% endif %>]\n",
}
LINES: dict[str, Any] = {"line_statement_prefix": "%%", "line_comment_prefix": "##"}
ANGLES: dict[str, Any] = {
    "delimiters": {"variable": ["<<", ">>"], "block": ["<%", "%>"], "comment": ["<#", "#>"]}
}
LATEX: dict[str, Any] = {
    "delimiters": {
        "variable": ["\\VAR{", "}"],
        "block": ["\\BLOCK{", "}"],
        "comment": ["\\#{", "}"],
    },
    "line_statement_prefix": "%-",
    "line_comment_prefix": "%#",
}
LAYOUTS: list[dict[str, Any]] = [
    {"trim_blocks": trim, "lstrip_blocks": strip, "keep_trailing_newline": keep}
    for trim, strip, keep in itertools.product([False, True], repeat=3)
]
TEMPLATES = [
    "a\n  {% if name %}\n  b {{ name }}\n  {% endif %}\nc\n",
    "{% for i in items %}\n- {{ i }}\n{% endfor %}\n\n",
    "  {# c #}\n  {%+ if n %} x {%+ endif %}\n\t{%- if n -%}\n y \n{%- endif %}",
    "{% raw %}\n {{ x }} \n{% endraw %}\n{% include 'part.j2' %}\n.",
    "{% macro m(x) %}\n  <{{ x }}>\n{% endmacro %}\n{{ m(1) }}{{ m(name) }}\n",
    "plain\r\ntext\r\n",
    "{% if n %}\r\n  x\r\n{% endif %}\r\n",
]  # fmt: skip
CASES: list[tuple[dict[str, Any], str]] = [
    *itertools.product(LAYOUTS, TEMPLATES),
    *itertools.product(
        [LINES | layout for layout in LAYOUTS[:4]],
        [
            "%% for i in items\n- {{ i }} ## no\n%% endfor\n",
            "  %% if n:\n  x\n  %% endif\n## gone\nend",
            "%% set x = [1,\n 2]\n{{ x }} 100%% ## c",
            "%% include 'part.j2'\n%%- if n\n  y\n%%+ endif\n",
        ],
    ),
    *itertools.product(
        [ANGLES, ANGLES | LAYOUTS[3]],
        [
            "<% for i in items %>\n  << i >> {{ i }} {% x %}<# c #>\n<% endfor %>",
            "<% include 'angled.j2' %> <<- name ->> <%- if n -%> x <%- endif %>",
        ],
    ),
    (LATEX, "\\VAR{name} {x} \\BLOCK{for i in items}\\VAR{i},\\BLOCK{endfor}\\#{ c }\n%- if n\n\\emph{y}\n%- endif\n%# z"),
    ({"delimiters": {"variable": ["{", "}"]}}, "{name} {% if n %}x{% endif %}{# c #}"),
    ({"delimiters": {"variable": ["{%%", "%%}"]}}, "{%% name %%}{% if n %}x{% endif %}"),
    ({"delimiters": {"block": ["{{{", "}}}"]}}, "{{ name }}{{{ if n }}}x{{{ endif }}}"),
    ({"delimiters": {"variable": ["(.*", "+)"], "block": ["[^", "$]"]}}, "(.* name +)[^ if n $]x[^ endif $]"),
    ({"delimiters": {"variable": ["?" * 20, "!" * 20]}}, "?" * 20 + "name" + "!" * 20 + "?" * 19),
    ({"delimiters": {"variable": ["${", "}"]}}, "${name} $name {{ x }}"),
    ({"line_statement_prefix": "#", "line_comment_prefix": "//"}, "# if n\nx // c\n# endif\n"),
    ({"extensions": ["do"]}, "{% set l = [] %}{% do l.append(name) %}{{ l }}"),
    ({"extensions": ["loopcontrols"]}, "{% for i in items %}{% if i == 'b' %}{% break %}{% endif %}{{ i }}{% endfor %}"),
    ({"extensions": ["do", "loopcontrols"]}, "{% for i in items %}{% if i == 'a' %}{% continue %}{% endif %}{{ i }}{% endfor %}"),
]  # fmt: skip


def reference(options: Mapping[str, Any], files: Mapping[str, str] = FILES) -> jinja2.Environment:
    """Jinja2 as a project sets it up, with no stand-ins."""
    marks = options.get("delimiters", {})
    return jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        loader=jinja2.DictLoader(dict(files)),
        extensions=[f"jinja2.ext.{name}" for name in options.get("extensions", [])],
        **{f"{kind}_start_string": pair[0] for kind, pair in marks.items()},
        **{f"{kind}_end_string": pair[1] for kind, pair in marks.items()},
        **{
            key: value
            for key, value in options.items()
            if key not in {"delimiters", "extensions", "filters", "tests", "functions", "globals"}
        },
    )


def compiled(text: str, options: Mapping[str, Any], undefined: str = "error") -> CompiledTemplate:
    return jinja.compile_template(
        text,
        name="p.j2",
        load=lambda name, _: (name, FILES[name]) if name in FILES else None,
        undefined="error" if undefined == "error" else "empty",
        options=options,
    )


@pytest.fixture(scope="module")
def process() -> Iterator[RenderingProcess]:
    with RenderingProcess() as started:
        yield started


def rendered(
    process: RenderingProcess, text: str, options: Mapping[str, Any], *samples: Any
) -> list[str | Problem]:
    work = Job(
        engine="jinja",
        path="p.j2",
        text=text,
        first_line=1,
        variables=tuple(json.dumps(sample) for sample in samples or (VARIABLES,)),
        load=lambda *_: None,
        options=json.dumps(options),
    )
    (results,) = process.render([work])
    return [item.text if isinstance(item, Rendered) else item for item in results]


@pytest.mark.parametrize(("options", "text"), CASES)
def test_texts_come_out_as_the_projects_own_environment_renders_them(
    options: dict[str, Any], text: str
) -> None:
    expected = reference(options).from_string(text).render(VARIABLES)
    assert compiled(text, options).render(VARIABLES) == expected
    static = jinja.static_text(text, options)
    assert static is None or static == expected


@pytest.mark.parametrize(
    ("options", "text", "expected"),
    [
        ({"filters": {"shorten": "same"}}, "{{ name|shorten(3, end='…') }}", "Kettle"),
        ({"filters": {"shout": "upper"}}, "{{ name|shout }}{{ items|map('shout')|join }}", "KETTLEAB"),
        ({"filters": {"upper": "lower"}}, "{{ name|upper }}", "kettle"),
        ({"filters": {"js": "tojson"}}, "{{ items|js }}{{ tool|js(indent=1) }}", '["a", "b"]{\n "name": "t"\n}'),
        ({"filters": {"my.date": {"value": "2026"}}}, "{{ name|my.date('%Y') }}", "2026"),
        ({"filters": {"sum": {"value": 7}}}, "{{ items|sum + 1 }}", "8"),
        ({"filters": {"f": {"value": [1]}}}, "{% set a = name|f %}{% set _ = a.append(2) %}{{ name|f }}", "[1]"),
        ({"filters": {"f": {"value": {"tokens": 3}}}}, "{{ name|f }}", "token token token"),
        ({"tests": {"short": "string"}}, "{{ name is short }} {{ n is short }}", "True False"),
        ({"tests": {"valid": {"value": True}, "bad": {"value": False}}}, "{{ n is valid }} {{ n is not bad }}", "True True"),
        ({"tests": {"given": "same"}}, "{{ 'y' if n is given }}", "y"),
        ({"functions": {"now": {"value": "today"}}}, "{{ now() }} {{ now('%Y', tz=1) }}", "today today"),
        ({"functions": {"_": "same"}}, "{{ _('Hello') }}{{ _() }}", "Hello"),
        ({"functions": {"up": "upper", "span": "range"}}, "{{ up(name) }} {{ span(2)|list }}", "KETTLE [0, 1]"),
        ({"functions": {"utils.now": {"value": 1}, "utils.text.cut": "same"}}, "{{ utils.now() }}{{ utils.text.cut(name) }}", "1Kettle"),
        ({"functions": {"utils.items": {"value": 1}}}, "{{ utils.items() }}", "1"),
        ({"methods": {"to_code": {"value": "def t()"}}}, "{{ tool.to_code() }} {{ tool.to_code(1) }} {{ tool.name }}", "def t() def t() t"),
        ({"methods": {"name": {"value": "no"}}}, "{{ tool.name }}", "t"),
        ({"methods": {"strip": {"value": "no"}}}, "{{ ' a '.strip() }}", "a"),
        ({"globals": {"company": "Acme", "limits": {"words": 5}}}, "{{ company }} {{ limits.words }}", "Acme 5"),
        ({"globals": {"name": "other"}}, "{{ name }}", "Kettle"),
        ({"globals": {"text": {"tokens": 2}}}, "{{ text }}", "token token"),
    ],
)  # fmt: skip
def test_stand_ins(
    process: RenderingProcess, options: dict[str, Any], text: str, expected: str
) -> None:
    assert rendered(process, text, options) == [expected]


@pytest.mark.parametrize(
    ("options", "text", "problem"),
    [
        (
            {"filters": {"shorten": "shortest"}},
            "a\n{{ name|shorten }}",
            (
                "p.j2:2: the filter 'shorten' has the stand-in 'shortest', which Jinja2 does not have; "
                "name `same`, a filter of Jinja2 or a value in `templates`"
            ),
        ),
        (
            {"tests": {"odd2": "tojson"}},
            "a\n\n{{ n is odd2 }}",
            (
                "p.j2:3: the test 'odd2' has the stand-in 'tojson', which Jinja2 does not have; "
                "name `same`, a test of Jinja2 or a value in `templates`"
            ),
        ),
        (
            {"functions": {"utils.now": "clock"}},
            "{{ utils.now() }}",
            (
                "p.j2:1: the function 'utils.now' has the stand-in 'clock', which Jinja2 does not have; "
                "name `same`, a function of Jinja2 or a value in `templates`"
            ),
        ),
        (
            {},
            "\n{{ name|shorten }}",
            (
                "p.j2:2: there is no filter 'shorten'; name a stand-in in the workflow or in "
                "`defaults`: `templates: {filters: {shorten: same}}`"
            ),
        ),
        (
            {},
            "{{ n is big }}",
            (
                "p.j2:1: there is no test 'big'; name a stand-in in the workflow or in `defaults`:"
                " `templates: {tests: {big: {value: true}}}`"
            ),
        ),
        (
            {"functions": {"now": {"value": 1}}},
            "{{ now() }}\n{{ missing }}",
            "p.j2:2: 'missing' is undefined; add the variable to the samples, or correct its name",
        ),
        (
            {"functions": {"utils.now": {"value": 1}}},
            "{{ utils.__class__ }}",
            "p.j2:1: SecurityError: access to attribute '__class__' of 'SimpleNamespace' object is unsafe;",
        ),
        (
            {"functions": {"utils.now": {"value": 1}}},
            "{{ utils.now }}",
            "p.j2:1: the template prints an object of the engine, <function stub.<locals>.<lambda>>",
        ),
        (
            {"extensions": ["do"]},
            "{% break %}",
            "p.j2:1: there is no tag `{% break %}`; add its extension: `templates: {extensions: [loopcontrols]}`",
        ),
    ],
)
def test_what_is_missing_is_named_at_the_templates_line(
    process: RenderingProcess, options: dict[str, Any], text: str, problem: str
) -> None:
    (found,) = rendered(process, text, options)
    assert str(found).startswith(problem)


def test_without_samples_stand_ins_stay_and_variables_are_empty() -> None:
    text = "[{{ now() }}|{{ missing|cut }}|{{ missing.of.it() }}]"
    options = {"functions": {"now": {"value": 1}}, "filters": {"cut": "upper"}}
    assert compiled(text, options, "empty").render({}) == "[1||]"


def test_no_rendering_changes_what_the_next_one_gets(process: RenderingProcess) -> None:
    options = {"globals": {"seen": [], "state": {"n": 0}}, "extensions": ["do"]}
    text = "{% do seen.append(name) %}{% do state.update(n=state.n + 1) %}{{ seen }}{{ state.n }}"
    samples = [{"name": "a"}, {"name": "b"}]
    assert rendered(process, text, options, *samples) == ["['a']1", "['b']1"]
    assert rendered(process, text, options, *samples) == ["['a']1", "['b']1"]


def test_an_imported_template_has_no_memory_of_earlier_renderings() -> None:
    counter = "{% set ns = namespace(n=0) %}{% macro next() %}{% set ns.n = ns.n + 1 %}{{ ns.n }}{% endmacro %}"
    template = jinja.compile_template(
        "{% from 'c' import next %}{{ next() }}{{ next() }}{% include 'c' %}",
        name="p.j2",
        load=lambda name, _: (name, counter),
        undefined="error",
        options={},
    )
    assert [template.render({}), template.render({})] == ["12", "12"]


def test_an_included_template_is_loaded_and_compiled_once_for_all_samples() -> None:
    loads = []

    def load(name: str, parent: str) -> tuple[str, str]:
        del parent
        loads.append(name)
        return name, "{{ n }}"

    text = "{% for i in [1, 2] %}{% include 'x' %}{% endfor %}"
    template = jinja.compile_template(text, name="p", load=load, undefined="error", options={})
    assert [template.render({"n": n}) for n in (1, 2)] == ["11", "22"]
    assert loads == ["x"]


def test_many_settings_take_no_more_memory_than_a_few(process: RenderingProcess) -> None:
    def job(number: int) -> Job:
        options = {
            "globals": {"text": f"{number} " + "x" * 200_000},
            "filters": {f"f{number}": "same"},
        }
        return Job(
            engine="jinja",
            path="p.j2",
            text="{{ text|length }}",
            first_line=1,
            variables=("{}",),
            load=lambda *_: None,
            options=json.dumps(options),
        )

    list(process.render([job(0)]))
    starts = process.starts
    results = [result for (result,) in process.render(map(job, range(1, 1_000)))]
    assert all(isinstance(result, Rendered) for result in results)
    assert process.starts == starts


WORDS = st.text(alphabet="ab \n", max_size=6)
PIECES = st.one_of(
    WORDS,
    st.sampled_from(
        [
            *("{{ x }}", "{{ 'lit' }}", "{{- x -}}", "{% if x %}", "{% endif %}", "{% else %}"),
            *("{% for i in y %}", "{% endfor %}", "{% set z = 1 %}", "{%- set z = 2 +%}", "{# c #}"),
            *("{% include 'part' %}", "{% raw %} {{ {% endraw %}", "  {% with %}", "{% endwith %}\n"),
            *("%% if x\n", "\n%% endif\n", "## c\n", "\n  %% set q = 1\n", "{% do y.append(1) %}", "\r\n"),
            *("<< x >>", "<% if x %>", "<% endif %>", "<# c #>", "<%- set z = 1 -%>", "{{ g }}", "\n"),
        ]
    ),
)  # fmt: skip
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "trim_blocks": st.booleans(),
        "lstrip_blocks": st.booleans(),
        "keep_trailing_newline": st.booleans(),
        "line_statement_prefix": st.just("%%"),
        "line_comment_prefix": st.just("##"),
        "delimiters": st.sampled_from([ANGLES["delimiters"], {"variable": ["<<", ">>"]}, {}]),
        "extensions": st.just(["do", "loopcontrols"]),
        "globals": st.just({"g": "global"}),
    },
)
PART = "p{% if x %}q{% endif %}\n<< x >>r"
SAMPLES = ({"x": "X", "y": ["a"]}, {"x": "", "y": []}, {"x": "longer", "y": ["a", "b"]})


@given(st.lists(PIECES, max_size=6).map("".join), OPTIONS)
@settings(max_examples=examples(200))
def test_laws_of_templates_with_options(text: str, options: dict[str, Any]) -> None:
    environment = reference(options, {"part": PART})
    environment.globals |= options.get("globals", {})
    try:
        expected = [environment.from_string(text).render(sample) for sample in copies()]
    except jinja2.TemplateError:
        with pytest.raises(TemplateError):
            renderings(text, options)
        return
    template, texts = renderings(text, options)
    assert texts == expected
    constant = template.constant
    assert len({item[: constant.characters] for item in texts}) == 1
    assert constant.line is not None or len(set(texts)) == 1
    static = jinja.static_text(text, options)
    assert static is None or set(texts) == {static}
    found = jinja.references(text, options)
    for name in meta.find_referenced_templates(environment.parse(text)):
        assert name in found.names or not found.complete


def copies() -> list[dict[str, Any]]:
    return [json.loads(json.dumps(sample)) for sample in SAMPLES]


def renderings(text: str, options: dict[str, Any]) -> tuple[CompiledTemplate, list[str]]:
    template = jinja.compile_template(
        text, name="p", load=lambda name, _: (name, PART), undefined="error", options=options
    )
    return template, [template.render(sample) for sample in copies()]


@pytest.mark.parametrize("mark", ["-", "(", "a", "{", "include", ".*" * 10, "\\" * 20])
def test_finding_references_takes_linear_time_whatever_the_marks(mark: str) -> None:
    options = {"delimiters": {"block": [mark, mark]}}
    for piece in (mark, f"{mark} include ", f"{mark} include '", f"{mark}- include 'a' ", " "):
        jinja.references(piece * (1_000_000 // len(piece)), options)


def reviewed(repository: Repository, templates: str) -> Outcome:
    made = configuration({"w": workflow("[p.j2]", templates=templates)})
    repository.commit({"p.j2": "x", CONFIGURATION: made})
    return review(repository)


@pytest.mark.parametrize(
    ("templates", "problem"),
    [
        ("{delimiters: {variable: ['{%', '%}']}}", "two kinds of tag begin alike"),
        ("{delimiters: {variable: ['<', '>'], comment: ['<', '>']}}", "two kinds of tag begin alike"),
        ("{line_statement_prefix: '{{'}", "two kinds of tag begin alike"),
        ("{line_statement_prefix: '#', line_comment_prefix: '#'}", "two kinds of tag begin alike"),
        ("{delimiters: {variable: ['<', '']}}", "is not a mark of one to twenty characters without blanks"),
        ("{delimiters: {variable: ['<']}}", "these are not two marks"),
        ("{delimiters: {variable: ['" + "<" * 21 + "', '>']}}", "is not a mark of one to twenty"),
        ("{delimiters: {variable: [' ', '>']}}", "is not a mark of one to twenty characters"),
        ("{functions: {a: same, a.b: same}}", "'a' is two of: a value, a function, a holder of functions"),
        ("{functions: {a.b: same}, globals: {a: 1}}", "'a' is two of: a value, a function, a holder of functions"),
        ("{functions: {a: same}, globals: {a: 1}}", "'a' is two of: a value, a function, a holder of functions"),
        ("{functions: {a.b: same, a.b.c: same}}", "'a.b' is two of: a value, a function, a holder of functions"),
        ("{functions: {a..b: same}}", "'a..b' is not a name as templates write it"),
        ("{extensions: [i18n]}", "'i18n' is unknown here; use one of do, loopcontrols"),
        ("{filters: {f: [same]}}", "filters.f"),
        ("{trim_blocks: 1}", "trim_blocks"),
    ],
)  # fmt: skip
def test_wrong_settings_are_named(repository: Repository, templates: str, problem: str) -> None:
    outcome = reviewed(repository, templates)
    assert outcome.code == 2
    assert problem in outcome.errors


BASE = "{filters: {cut: {value: x}}, trim_blocks: false}"


@pytest.mark.parametrize(
    "edited",
    [
        "{filters: {cut: {value: ''}}, trim_blocks: false}",
        "{filters: {cut: same}, trim_blocks: false}",
        "{filters: {cut: {value: x}}, trim_blocks: true}",
        "{filters: {cut: {value: x}}, functions: {f: {value: ''}}, trim_blocks: false}",
        "{filters: {cut: {value: x}}, delimiters: {variable: ['{{{', '}}}']}, trim_blocks: false}",
        "",
    ],
)
@pytest.mark.parametrize("where", ["workflow", "defaults"])
def test_an_edit_of_templates_needs_approval(
    repository: Repository, edited: str, where: str
) -> None:
    def settings_with(templates: str) -> str:
        more = {"templates": templates} if templates else {}
        limits = "{monthly_cost: {hard: $30}}"
        if where == "workflow":
            return configuration({"w": workflow("[p.j2]", envelope=limits, **more)})
        defaults = {"defaults": f"{{templates: {templates}}}"} if templates else {}
        return configuration({"w": workflow("[p.j2]", envelope=limits)}, **defaults)

    outcome = change(
        repository,
        {"p.j2": f"{tokens(50)} {{% if 1 %}}\n{{% endif %}}", CONFIGURATION: settings_with(BASE)},
        {CONFIGURATION: settings_with(edited)},
    )
    assert (outcome.code, outcome.report["verdict"]) == (1, "needs-approval")
    said = [item["text"] for item in outcome.report["findings"]]
    said += [item["text"] for item in outcome.workflow()["findings"]]
    key = "workflows.w.templates" if where == "workflow" else "defaults.templates"
    assert any(f"`{key}" in text for text in said)
