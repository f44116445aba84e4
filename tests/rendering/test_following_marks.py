"""A Jinja2 template that is followed comes out as it does without marks, and tells what it prints."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.prompt import CompiledTemplate, TemplateError
from reviewbot.prompts.marked_runs import Template
from reviewbot.prompts.static_text import marked
from reviewbot.rendering.engines import Load, jinja
from reviewbot.rendering.marks import FIRST_MARK, marks_in, unmarked
from tests.support.compiling import compiled
from tests.support.repetitions import examples

WORDS = st.text(alphabet="ab é9_ \n\r\t.:{}%#-'\"", max_size=12)
VALUES = st.sampled_from(
    ["a", "b", "missing", "items", "'two words'", "a ~ 'more of it'", "a|upper"]
)
DASHES = st.sampled_from(["", "-", "+"])


def tag(inner: str) -> st.SearchStrategy[str]:
    return st.builds(
        "{{%{0} {2} {1}%}}".format, DASHES, DASHES.map(lambda d: d.strip("+")), st.just(inner)
    )


def around(opening: str, closing: str, body: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds("{}{}{}".format, tag(opening), body, tag(closing))


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    body = st.lists(inner, max_size=4).map("".join)
    return st.one_of(
        around("if a", "endif", body),
        around("if b", "endif", st.builds("{}{}{}".format, body, tag("else"), body)),
        around("for a in items", "endfor", st.builds("{}{}{}".format, body, tag("else"), body)),
        around("with b = 'text of its own'", "endwith", body),
        around("set b", "endset", body),
        around("macro m(a)", "endmacro", body),
        around("filter upper", "endfilter", body),
        around("block name", "endblock", body),
        around("raw", "endraw", WORDS),
    )


LEAVES = st.one_of(
    WORDS,
    VALUES.map("{{{{ {} }}}}".format),
    VALUES.map("{{% set b = {} %}}".format),
    st.just("{{ m('x') }}"),
    st.just("{{ a if b else items }}"),
    st.just("{{- a if b -}}"),
    WORDS.map(lambda text: "{# " + text.replace("#}", "") + " #}"),
)
TEMPLATES = st.lists(st.recursive(LEAVES, nested, max_leaves=8), max_size=6).map("".join)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "trim_blocks": st.booleans(),
        "lstrip_blocks": st.booleans(),
        "keep_trailing_newline": st.booleans(),
        "line_statement_prefix": st.just("%"),
        "line_comment_prefix": st.just("##"),
    },
)
VARIABLES: tuple[dict[str, Any], ...] = (
    {"a": "", "b": "two", "items": [], "missing": ""},
    {"a": chr(FIRST_MARK), "b": "", "items": ["x", 2], "missing": "m"},
)


def followed(
    text: str, options: dict[str, Any] | None = None, files: dict[str, str] | None = None
) -> CompiledTemplate | None:
    return jinja.compile_marked(
        with_marks(text, options or {}), name="p", load=loading(files or {}), options=options or {}
    )


def loading(files: dict[str, str]) -> Load:
    return lambda name, _: (name, files[name]) if name in files else None


def with_marks(text: str, options: dict[str, Any], *, first: int = 0, is_file: bool = False) -> str:
    template = Template(
        text=text, path="p", line=1, is_in_lines=True, options=options, is_included=is_file
    )
    return marked(template, first).text


def outcome(template: CompiledTemplate, variables: dict[str, Any]) -> str:
    try:
        return template.render(dict(variables))
    except TemplateError as error:
        return f"{error.what}, {error.path}, {error.line}"


@given(TEMPLATES, OPTIONS)
@settings(max_examples=examples(300), deadline=None)
def test_it_comes_out_as_without_marks(text: str, options: dict[str, Any]) -> None:
    template = followed(text, options)
    if template is None:
        return
    plain = compiled("jinja", text, options=options)
    assert template.constant == plain.constant
    for variables in VARIABLES:
        assert outcome(template, variables) == outcome(plain, variables)


@given(TEMPLATES)
@settings(max_examples=examples(300), deadline=None)
def test_it_tells_the_marks_that_come_out_of_the_marked_template(text: str) -> None:
    template = followed(text)
    if template is None:
        return
    assert template.trace is not None
    variables = VARIABLES[0]
    try:
        printed, marks = template.trace(dict(variables))
    except TemplateError:
        return
    with_them = compiled("jinja", with_marks(text, {})).render(dict(variables))
    assert printed == unmarked(with_them)
    assert marks == set(marks_in(with_them))


@given(TEMPLATES, TEMPLATES, OPTIONS)
@settings(max_examples=examples(300), deadline=None)
def test_so_does_one_that_includes_others(text: str, file: str, options: dict[str, Any]) -> None:
    text = "{% if a %}A.{% else %}{% include 'f' %}{% endif %}" + text
    own = with_marks(text, options)
    files = {"f": with_marks(file, options, first=len(marks_in(own)), is_file=True)}
    template = followed(text, options, files)
    if template is None:
        return
    assert template.trace is not None
    plain = compiled("jinja", text, options=options, files={"f": file})
    for variables in VARIABLES:
        assert outcome(template, variables) == outcome(plain, variables)
    with_them = compiled("jinja", own, options=options, files=files)
    try:
        printed = with_them.render(dict(VARIABLES[0]))
    except TemplateError:
        return
    assert template.trace(dict(VARIABLES[0])) == (unmarked(printed), frozenset(marks_in(printed)))


@pytest.mark.parametrize(
    "forging",
    [
        "{{ '%c'|format(983040) }}",
        "{{ '%c' % 983040 }}",
        "{{ '\\U000f0000' }}",
        "{{ ('&#9830' ~ '40;')|striptags }}",
        "{{ value }}",
    ],
)
def test_no_expression_and_no_value_forges_a_mark(forging: str) -> None:
    template = followed("{% if false %}Hidden text.{% endif %}" + forging)
    assert template is not None
    assert template.trace is not None
    text, marks = template.trace({"value": chr(FIRST_MARK)})
    assert text == chr(FIRST_MARK)
    assert 0 not in marks


CATCHING = [
    "{% set b %}Text.{% endset %}",
    "{% macro m() %}Text.{% endmacro %}",
    "{%- filter upper %}Text.{% endfilter %}",
    "{% block name %}Text.{% endblock %}{{ self.name()[:1] }}",
    "{% for a in [1] recursive %}Text.{{ loop([])[:1] }}{% endfor %}",
    "{% set b = 'a text of some length' %}{{ b[:1] }}",
    "{{ 'a text of some length'[:1] }}",
    "{% include 'other' %}Text.",
    "{% extends 'other' %}Text.",
    "{% from 'other' import m %}Text.",
    "{% if %}Text.",
]


@pytest.mark.parametrize("text", CATCHING)
def test_where_text_becomes_a_value_nothing_is_told(text: str) -> None:
    assert followed(text) is None


@pytest.mark.parametrize("text", [*CATCHING, "{% include name %}Text.", "{% include ['a'] %}"])
def test_nor_where_a_file_does_so(text: str) -> None:
    file = with_marks(text, {}, is_file=True)
    assert followed("Text.{% include 'a' %}", files={"a": file}) is None


def test_what_is_printed_of_a_file_is_told() -> None:
    file = with_marks("{% if a %}Sometimes.{% else %}Else.{% endif %}", {}, first=1, is_file=True)
    files = {"a": file, "b": "{% include 'a' %}"}
    template = followed("{% if b %}Text.{% include 'b' %}{% endif %}", files=files)
    assert template is not None
    assert template.trace is not None
    assert template.trace({"a": True, "b": True}) == ("Text.Sometimes.", frozenset({0, 1}))
    assert template.trace({"a": False, "b": True}) == ("Text.Else.", frozenset({0, 2}))
    assert template.trace({"a": True, "b": False}) == ("", frozenset())


def test_what_is_printed_is_told_sample_by_sample() -> None:
    template = followed("Always.{% if a %}Sometimes.{% else %}Else.{% endif %}")
    assert template is not None
    assert template.trace is not None
    assert template.trace({"a": True}) == ("Always.Sometimes.", frozenset({0, 1}))
    assert template.trace({"a": False}) == ("Always.Else.", frozenset({0, 2}))
