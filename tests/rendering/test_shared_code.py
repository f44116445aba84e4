"""A Jinja2 template comes out the same whether its code is its own or that of templates like it."""

from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.prompt import CompiledTemplate, TemplateError, UndefinedVariableError
from reviewbot.prompts.marked_runs import Template
from reviewbot.prompts.static_text import marked
from reviewbot.rendering.engines import Undefined, jinja
from reviewbot.rendering.engines.jinja.environment import Sandbox, environment_for
from reviewbot.rendering.recorded_choices import RECORD, RECORDING
from tests.rendering.test_following_marks import OPTIONS, around
from tests.support.repetitions import LONG

TEXT = "\ue000"
"""Stands for a text, of which each template has another."""

WORDS = st.text(alphabet="ab é_ \n\r\t.:{}%#-'\"\U000f0001", max_size=8)
INCLUDED = (
    "a file\n{% macro m(x) %}{{ x }}{{ caller() if caller }}{% endmacro %}\n{{ b }}{{ nowhere }}"
)
FILES = {"i": INCLUDED, "base": "begin {% block n %}in{% endblock %} {{ b }} end", "wrong": "{% if"}


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    body = st.lists(inner, max_size=4).map("".join)
    return st.one_of(
        around("if a", "endif", body),
        around("if b", "endif", st.builds("{}{{% else %}}{}".format, body, body)),
        around("for a in items", "endfor", st.builds("{}{{% else -%}}{}".format, body, body)),
        around("set b", "endset", body),
        around("macro m(a)", "endmacro", body),
        around("call m('x')", "endcall", body),
        around("filter upper", "endfilter", body),
        around("block n", "endblock", body),
        around("block n required", "endblock", body),
        around("autoescape true", "endautoescape", body),
        around("autoescape b", "endautoescape", body),
        around("raw", "endraw", st.just(TEXT)),
    )


LEAVES = st.one_of(
    st.just(TEXT),
    st.sampled_from(
        [
            *("{{ a }}", "{{ 'two words' }}", "{{ a ~ 'more of it' }}", "{{ a|upper -}}"),
            *("{{ b or 'a text of its own' }}", "{{ a if b else 'another text' }}"),
            *("{{ a if b }}", "{{ nowhere }}", "{{ 1 / 0 }}", "{{ a|wrong }}", "{% wrong %}"),
            *("{% set b = a or 'a longer text' %}", "{# not printed #}", "{{ m('x') }}"),
            *(
                "{% include 'i' %}",
                "{% include 'nowhere' ignore missing %}",
                "{% include 'wrong' %}",
            ),
            *("{% from 'i' import m %}", "{% from 'i' import nothing %}", "{% import 'i' as i %}"),
            *("{{ i.m('x') }}", "{% extends 'base' %}", "{{ super() }}", "{% include 'nowhere' %}"),
        ]
    ),
)
TEMPLATES = st.lists(st.recursive(LEAVES, nested, max_leaves=8), max_size=6).map("".join)
VARIABLES: tuple[dict[str, Any], ...] = (
    {"a": "", "b": "two", "items": []},
    {"a": "<a>", "b": "", "items": ["x", 2]},
)


def filled(template: str, words: Sequence[str]) -> str:
    first, *rest = template.split(TEXT)
    return first + "".join(f"{word}{part}" for word, part in zip(cycle(words), rest, strict=False))


def load(name: str, parent: str) -> tuple[str, str] | None:
    del parent
    return (f"{name}.j2", FILES[name]) if name in FILES else None


def told(error: TemplateError) -> object:
    name = error.name if isinstance(error, UndefinedVariableError) else ""
    return error.what, error.mend, error.path, error.line, name


def came_out(template: CompiledTemplate | None) -> Iterator[object]:
    """All that is told of a template: its renderings or errors, with what is recorded of each."""
    if template is None:
        return
    yield template.constant
    for variables in VARIABLES:
        try:
            yield (template.trace or template.render)(dict(variables))
        except TemplateError as error:
            RECORD.forget()
            yield told(error)
        yield RECORD.news()


def outcome(text: str, undefined: Undefined, options: dict[str, Any]) -> list[object]:
    found: list[object] = []
    for is_marked in (False, True):
        RECORD.begin()
        try:
            if is_marked:
                template = Template(text=text, path="p", line=1, is_in_lines=True, options=options)
                given = marked(template, 0).text
                compiled = jinja.compile_marked(given, name="p", load=load, options=options)
            else:
                compiled = jinja.compile_template(
                    text, name="p", load=load, undefined=undefined, options=options
                )
            found += came_out(compiled)
        except TemplateError as error:
            found.append(told(error))
    return found


@given(
    TEMPLATES,
    st.tuples(*[st.lists(WORDS, min_size=1, max_size=6)] * 2),
    OPTIONS,
    st.sampled_from(["error", "empty", "largest"]),
    st.booleans(),
)
@settings(max_examples=2_000 if LONG else 100, deadline=None)
def test_it_comes_out_as_if_it_were_compiled_by_itself(
    template: str,
    words: tuple[Sequence[str], Sequence[str]],
    options: dict[str, Any],
    undefined: Undefined,
    is_recording: bool,  # noqa: FBT001 - drawn
) -> None:
    options = options | ({RECORDING: True} if is_recording else {})
    texts = [filled(template, chosen) for chosen in words]
    shared = [outcome(text, undefined, options) for text in texts]
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(Sandbox, "shares_code", False)
        assert shared == [outcome(text, undefined, options) for text in texts]


def test_templates_that_differ_in_their_texts_are_one_tree() -> None:
    environment = environment_for("error", "{}")
    one = environment.made("Be kind.\n{{ a }}", "one", "one.j2")
    other = environment.made("\nBe brief,\nand short. {{ a }}", "other", "other.j2")
    third = environment.made("Be kind.\n{{ b }}", "one", "one.j2")
    assert one.tree is other.tree is not third.tree
    assert [item.template().render({"a": 1}) for item in (one, other)] == [
        "Be kind.\n1",
        "\nBe brief,\nand short. 1",
    ]
