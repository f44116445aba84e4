"""Promptfoo's prompts come out as promptfoo renders them and its chat providers send them."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompt import (
    TemplateError,
)
from reviewbot.rendering import engines
from reviewbot.rendering.jobs import Rendered
from reviewbot.rendering.process import RenderingProcess
from tests.support import places
from tests.support.promptfoo_prompts import PATH, alone, configured, messages, rendered
from tests.support.repetitions import examples, part

REFERENCES = json.loads((places.REFERENCES / "promptfoo.json").read_text("utf-8"))


OVER_MISSING = re.compile(r"(?:\bif|\bin|==) missing|missing\|length")
REFUSED = re.compile(r"missing and|loop\.index or")
"""Reference cases over what no sample gives: compared with null for it, or an error here."""


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
        ("x {{ items | tojson }}", "there is no filter 'tojson'"),
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
@settings(max_examples=examples(150))
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


@pytest.mark.parametrize("name", part([*ATTACKS]))
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
    assert result.what == "rendering takes more than 0.4 s of the processor"
    (result,) = rendered(process, message, json.dumps({"a": "{{ b }}{{ b }}", "b": "{{ a }}"}))
    assert isinstance(result, Rendered)
