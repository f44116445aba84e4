"""Jinja2 prompts come out as Jinja2 itself renders them, and their includes are never missed."""

import json
from collections.abc import Iterator

import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import meta

from reviewbot.errors import Problem
from reviewbot.prompt import LoadedFile as Loaded
from reviewbot.prompt_formats import jinja as jinja_files
from reviewbot.rendering.engines import jinja
from reviewbot.rendering.jobs import Job, Rendered
from reviewbot.rendering.process import RenderingProcess
from tests.support.reading import read
from tests.support.repetitions import examples

FILES = {
    "base.j2": "<{% block head %}base{% endblock %}|{% block body %}{% endblock %}>\n",
    "part.j2": "part {{ name }}{% if x is defined %} {{ x }}{% endif %}\n",
    "macros.j2": "{% macro greet(who, mark='!') %}Hello {{ who }}{{ mark }}"
    "{% endmacro %}{% set answer = 42 %}",
    "deep/one.j2": "{% include 'deep/two.j2' %}",
    "deep/two.j2": "{% from 'macros.j2' import answer %}{{ answer }}",
}
VARIABLES = {
    "name": "Ann",
    "items": [{"name": "a", "n": 1, "items": "own"}, {"name": "b", "n": 2}, {"name": "c", "n": 3}],
    "nothing": None,
    "number": 1234.5,
    "tree": [{"t": "x", "kids": [{"t": "y", "kids": []}]}],
    "html": "<b>&</b>",
    "lines": "one\ntwo\r\nthree",
}
HONEST = [
    "Hello {{ name }}\n",
    "Hello {{ name }}\n\n",
    "a\r\nb\rc {{ name }}\r\n",
    "{# a comment #}x{#- another -#} y",
    "{%- if name -%} yes {%- else -%} no {%- endif -%} \n z",
    "{% for i in items %}{{ loop.index }}/{{ loop.length }}:{{ i.name }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% for i in items if i.n > 1 %}{{ i['name'] }}{% else %}none{% endfor %}",
    "{% for i in items %}{{ loop.cycle('odd', 'even') }}{{ loop.changed(i.n) }}{% endfor %}",
    "{{ items[0].name }} {{ items[0]['items'] }}",
    "{% for k in tree recursive %}{{ k.t }}[{{ loop(k.kids) }}]{% endfor %}",
    "{% set ns = namespace(total=0) %}{% for i in items %}{% set ns.total = ns.total + i.n %}{% endfor %}{{ ns.total }}",
    "{% set block %}captured {{ name }}{% endset %}{{ block|upper }}",
    "{% macro m(a, b=2) %}{{ a }}{{ b }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1) }}{{ m(1, 3, 4, x=5) }}",
    "{% macro box() %}[{{ caller('x') }}]{% endmacro %}{% call(v) box() %}{{ v }}{{ name }}{% endcall %}",
    "{% import 'macros.j2' as m %}{{ m.greet(name) }}{{ m.answer }}",
    "{% from 'macros.j2' import greet as g with context %}{{ g('you', mark='?') }}",
    "{% extends 'base.j2' %}{% block head %}{{ super() }}+{% endblock %}{% block body %}{{ name }}{% endblock %}",
    "{% include 'part.j2' %}{% set x = 1 %}{% include 'part.j2' %}",
    "{% include 'none.j2' ignore missing %}{% include ['none.j2', 'part.j2'] %}",
    "{% set which = 'part.j2' %}{% include which %}",
    "{% include 'deep/one.j2' without context %}",
    "{% raw %}{{ not.a.variable }}{% endraw %}",
    "{{ items|map(attribute='name')|join(', ') }} {{ items|sum(attribute='n') }}",
    "{{ items|selectattr('n', 'gt', 1)|map(attribute='name')|list }}",
    "{{ items|tojson }} {{ items|tojson(indent=2) }}",
    "{{ html }} {{ html|e }} {{ html|safe }} {{ html|striptags }}",
    "{{ number|round(1) }} {{ '%.2f'|format(number) }} {{ '{:,}'.format(number) }} {{ number|int }}",
    "{{ lines|indent(4) }} {{ lines.splitlines() }} {{ lines|wordcount }}",
    "{{ nothing }} {{ nothing|default('d', true) }} {{ missing|default('m') }}",
    "{{ missing is defined }} {{ name is string }} {{ 3 in [1, 2, 3] }}",
    "{{ name if name else 'x' }} {{ 1 + 2 * 3 // 2 ** 2 % 5 - -1 }} {{ 'a' ~ 1 ~ none }}",
    "{{ name.upper() }} {{ name[::-1] }} {{ name[0] }} {{ 'x'.join(['a', 'b']) }}",
    "{{ range(3)|list }} {{ dict(a=1) }} {{ [1, 2] + [3] }} {{ (1, 2) }}",
    "{% set l = [] %}{% set _ = l.append(1) %}{{ l }}",
    "{% set d = {} %}{% set _ = d.update({'k': 1}) %}{{ d }}",
    "{% filter upper %}shout {{ name }}{% endfilter %}",
    "{% with a = 1, b = name %}{{ a }}{{ b }}{% endwith %}",
    "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}",
    "{% set j = joiner(', ') %}{% for i in items %}{{ j() }}{{ i.name }}{% endfor %}",
    "{{ items|groupby('n') }} {{ items|batch(2)|list|length }} {{ items|first }} {{ items|last }}",
    "{{ 'ünïcödé 你好 🎉' }} {{ name }}",
    "{{ self.head is defined }} {% block head %}b{% endblock %}",
    "{{ [3, 1, 2]|sort|reverse|list }} {{ 'b a'.split()|sort }} {{ {'b': 1, 'a': 2}|dictsort }}",
    "{{ 'http://example.com'|urlize }} {{ 'a b'|urlencode }} {{ 'x y z'|truncate(3) }} {{ 'abc'|center(9) }}",
]


def load(name: str, parent: str) -> Loaded | None:
    del parent
    return Loaded(path=name, text=FILES[name]) if name in FILES else None


def load_nothing(name: str, parent: str) -> None:
    del name, parent


def rendered(process: RenderingProcess, text: str, undefined: str = "error") -> str | Problem:
    work = Job(
        engine="jinja",
        path="main.j2",
        text=text,
        first_line=1,
        variables=(json.dumps(VARIABLES),),
        load=load,
        undefined="error" if undefined == "error" else "empty",
    )
    ((result,),) = process.render([work])
    return result.text if isinstance(result, Rendered) else result


@pytest.fixture(scope="module")
def process() -> Iterator[RenderingProcess]:
    with RenderingProcess() as started:
        yield started


@pytest.mark.parametrize("text", HONEST)
def test_honest_templates_come_out_as_jinja2_renders_them(
    process: RenderingProcess, text: str
) -> None:
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, loader=jinja2.DictLoader(FILES)
    )
    assert rendered(process, text) == environment.from_string(text).render(VARIABLES)


@pytest.mark.parametrize(
    "text", ["", "\n", "a\n", "a\n\n", "a\r\nb\r\n", "a\rb\r", "{ { % } x", "{\n{"]
)
def test_a_text_without_tags_needs_no_engine(text: str) -> None:
    assert jinja.static_text(text, {}) == jinja2.Environment().from_string(text).render()
    (message,) = read(jinja_files, text, path="a.j2", role=None).messages
    assert (message.engine, message.role) == (None, "user")


@given(st.text(alphabet="ab {}%#\r\n"))
def test_what_is_taken_for_static_renders_to_itself(text: str) -> None:
    static = jinja.static_text(text, {})
    if static is not None:
        assert static == jinja2.Environment().from_string(text).render()


def test_a_template_with_tags_keeps_its_text() -> None:
    (message,) = read(jinja_files, "{{ a }}\n", path="a.j2", role="system").messages
    assert (message.engine, message.role, message.text) == ("jinja", "system", "{{ a }}\n")


@pytest.mark.parametrize(
    "text",
    [
        "[{{ missing }}]",
        "[{{ missing.of.it }}{{ missing['x'] }}{{ missing() }}]",
        "[{{ missing + 1 }}{{ 1 - missing }}{{ -missing }}{{ missing * 2 }}]",
        "[{% for i in missing %}x{% endfor %}{{ missing|join }}{{ missing|length or '' }}]",
        "[{% if missing > 1 %}x{% endif %}{% if missing %}y{% endif %}{{ missing|upper }}]",
    ],
)
def test_without_samples_every_variable_is_empty(process: RenderingProcess, text: str) -> None:
    assert rendered(process, text, undefined="empty") == "[]"
    render = jinja.compile_template(
        text, name="p", load=load_nothing, undefined="empty", options={}
    ).render
    assert render({}) == "[]"


def test_what_is_missing_is_an_empty_text_in_json(process: RenderingProcess) -> None:
    text = "{{ {'a': missing}|tojson }}"
    assert rendered(process, text, undefined="empty") == '{"a": ""}'
    problem = rendered(process, text)
    assert isinstance(problem, Problem)
    assert problem.what == "'missing' is undefined"


@pytest.mark.parametrize(
    ("text", "names", "complete"),
    [
        (
            "{% include 'a' %}{%- import \"b\" as b -%}{%+ from 'c' import d %}",
            {"a", "b", "c"},
            True,
        ),
        ("{%extends'a'%}{% include 'b' ignore missing with context %}", {"a", "b"}, True),
        ("{%\n include\n 'a'\n without context -%}", {"a"}, True),
        ("{% include a %}", set(), False),
        ("{% include ['a', 'b'] %}", set(), False),
        ("{% include 'a' ~ b %}", set(), False),
        ("{% include 'a' 'b' %}", set(), False),
        ("{% include 'a' if b else 'c' %}", set(), False),
        ("{% include 'a'|lower %}", set(), False),
        ("{% include 'a\\x62' %}", set(), False),
        ("{% include ('a') %}", set(), False),
        ("{# {% include 'a' %} #}", {"a"}, True),
        ("{% included %}{% set from_here = 1 %}", set(), True),
        ("plain", set(), True),
    ],
)
def test_references(text: str, names: set[str], complete: bool) -> None:  # noqa: FBT001 - a table's column
    found = jinja.references(text, {})
    assert (set(found.names), found.complete) == (names, complete)


TAGS = st.tuples(
    st.sampled_from(["{%", "{%-", "{%+", "{% ", "{%\n\t"]),
    st.sampled_from(["include", "extends", "import", "from"]),
    st.sampled_from([" ", "", "\n"]),
    st.sampled_from(
        ["'a'", '"b"', "'a' ~ 'b'", "x", "['a', 'b']", "'a' if x else 'b'", "('a')", "'a' 'b'"]
    ),
    st.sampled_from(
        ["", " ignore missing", " with context", " as m", " import m", " import m as n"]
    ),
    st.sampled_from(["%}", " %}", "-%}", " -%}"]),
).map("".join)


@given(
    st.lists(st.one_of(TAGS, st.sampled_from(["text ", "{{ x }}", "{# c #}"])), max_size=4).map(
        "".join
    )
)
@settings(max_examples=examples(500))
def test_no_reference_is_ever_missed(text: str) -> None:
    try:
        tree = jinja2.Environment().parse(text)
    except jinja2.TemplateSyntaxError:
        return
    found = jinja.references(text, {})
    for name in meta.find_referenced_templates(tree):
        if name is None:
            assert not found.complete
        else:
            assert name in found.names or not found.complete


def test_finding_references_in_hostile_text_takes_linear_time() -> None:
    for piece in ("{% include ", "{%" + " " * 50, "{% include '", "{% include 'a' "):
        jinja.references(piece * 50_000, {})
    jinja.references("{%" + " " * 1_000_000, {})
