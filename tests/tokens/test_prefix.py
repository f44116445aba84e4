"""The cacheable prefix: constant whatever the variables, counted soundly, cached by rule, priced."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.prompt import Constant
from reviewbot.rendering.engines import github_models, jinja
from reviewbot.tokens import Message, caching_rule, resolve, stable_beginning
from reviewbot.tokens.vocabularies import TIKTOKEN
from tests.support.loading import loaded, loaded_tiktoken
from tests.support.repetitions import examples
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, tokens, workflow

FILES = {
    "base.j2": "Base {% block head %}default{% endblock %} middle {{ x }} end",
    "part.j2": "Part.\n",
    "varies.j2": "Part {{ x }}",
    "itself.j2": "{% include 'itself.j2' %}",
    "broken.j2": "{% if %}",
    "macros.j2": "{% macro m() %}hello{% endmacro %}",
}


def load(name: str, parent: str) -> tuple[str, str] | None:
    del parent
    return (name, FILES[name]) if name in FILES else None


def constant(text: str) -> Constant:
    compiled = jinja.compile_template(text, name="p.j2", load=load, undefined="empty", options={})
    return compiled.constant


# text, what is constant, and where it ends
TEMPLATES = [
    ("no tags", "no tags", None),
    ("{{ x }}", "", ("p.j2", 1)),
    ("Hello {{ x }}, bye", "Hello ", ("p.j2", 1)),
    ("a\nb\n{{ x }}", "a\nb\n", ("p.j2", 3)),
    ("a {# no #}b{{ 'c' }}{{ x }}", "a bc", ("p.j2", 1)),
    ("a{% raw %}{{ x }}{% endraw %}b", "a{{ x }}b", None),
    ("a\n{% if x %}b{% endif %}", "a\n", ("p.j2", 2)),
    ("{% for i in x %}a{% endfor %}", "", ("p.j2", 1)),
    ("{% set y = 1 %}a{{ y }}", "a", ("p.j2", 1)),
    ("{% set y %}text{% endset %}a", "a", None),
    ("{% with y = x %}a{{ y }}{% endwith %}", "a", ("p.j2", 1)),
    ("{% macro m(x) %}b{{ x }}{% endmacro %}a{{ m(1) }}", "a", ("p.j2", 1)),
    ("{% import 'macros.j2' as m %}a{{ m.m() }}", "a", ("p.j2", 1)),
    ("{% include 'part.j2' %}!{{ x }}", "Part.!", ("p.j2", 1)),
    ("a {% include 'varies.j2' %} b", "a Part ", ("varies.j2", 1)),
    ("a {% include x %} b", "a ", ("p.j2", 1)),
    ("a\n {% include 'missing.j2' ignore missing %} b", "a\n ", ("p.j2", 2)),
    ("a{% filter upper %}b{% endfilter %}", "a", ("p.j2", 1)),
    ("{% extends 'base.j2' %}{% block head %}own{% endblock %}", "Base own middle ", ("base.j2", 1)),
    ("{% extends 'base.j2' %}{% block head %}{{ x }}{% endblock %}", "Base ", ("p.j2", 1)),
    ("{% extends 'base.j2' %}", "Base default middle ", ("base.j2", 1)),
    ("a\n{%- set y = x %} b", "a b", None),
    ("a{% call m() %}x{% endcall %}", "a", ("p.j2", 1)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "beginning", "ends"), TEMPLATES)
def test_where_a_jinja_template_begins_to_vary(
    text: str, beginning: str, ends: tuple[str, int] | None
) -> None:
    found = constant(text)
    assert found.characters == len(beginning)
    assert (found.path, found.line) == (ends or (None, None))


@pytest.mark.parametrize(("text", "beginning", "ends"), TEMPLATES)
@given(x=st.one_of(st.text(max_size=9), st.integers(), st.lists(st.text(max_size=3), max_size=3)))
@settings(max_examples=5, deadline=None)
def test_jinja_itself_renders_that_beginning_whatever_the_variable(
    text: str, beginning: str, ends: object, x: object
) -> None:
    del ends
    import jinja2

    environment = jinja2.Environment(loader=jinja2.DictLoader(FILES))
    try:
        rendered = environment.from_string(text).render(x=x)
    except (jinja2.UndefinedError, jinja2.TemplateNotFound, TypeError):
        return
    assert rendered.startswith(beginning)


@pytest.mark.parametrize("name", ["itself.j2", "broken.j2"])
def test_what_cannot_be_included_ends_the_prefix(name: str) -> None:
    assert constant(f"a\n{{% include '{name}' %}}").line is not None


def test_where_a_github_models_prompt_begins_to_vary() -> None:
    def beginning(text: str) -> Constant:
        compiled = github_models.compile_template(
            text, name="p", load=lambda _, __: None, undefined="empty", options={}
        )
        return compiled.constant

    assert beginning("one\ntwo {{a}} {{b}}") == Constant(characters=8, path="p", line=2)
    assert beginning("one") == Constant(characters=3)


WORDS = st.text(alphabet=" \n\t.,:'{}/1aBé日", max_size=60)


@pytest.mark.parametrize("name", [*TIKTOKEN, "qwen-3", "tekken", "deepseek-3"])
@given(before=WORDS, after=WORDS)
@settings(max_examples=examples(100), deadline=None)
def test_what_follows_never_changes_the_tokens_of_the_stable_beginning(
    name: str, before: str, after: str
) -> None:
    encoding = loaded_tiktoken(name) if name in TIKTOKEN else loaded(name)
    assert isinstance(encoding, tiktoken.Encoding)
    message = Message(role="user", text=before + after + "x")
    (stable,) = stable_beginning([message], [len(before)])
    assert before.startswith(stable.text)
    ids = encoding.encode(stable.text, disallowed_special=())
    assert encoding.encode(message.text, disallowed_special=())[: len(ids)] == ids


def test_messages_behind_the_first_that_varies_do_not_count() -> None:
    messages = [Message(role="user", text=text) for text in ("one", "two and three", "four")]
    stable = stable_beginning(messages, [None, 8, None])
    assert [item.text for item in stable] == ["one", "two"]


# model, tokens of the prefix, how many of them are cached; by the rules' sources
@pytest.mark.parametrize(
    ("model", "tokens", "cached"),
    [
        ("openai/gpt-4.1", 1023, 0),
        ("openai/gpt-4.1", 1024, 1024),
        ("openai/gpt-4.1", 1151, 1024),
        ("openai/gpt-4.1", 1152, 1152),
        ("azure/gpt-4o", 3000, 2944),
        ("openai/gpt-5.4-mini", 1300, 1280),
        ("openai/gpt-5.6", 1300, 1300),
        ("openai/gpt-6-sol", 1023, 0),
        ("openai/o3", 2000, 1920),
        ("anthropic/claude-sonnet-4-5", 1023, 0),
        ("anthropic/claude-sonnet-4-5", 1025, 1025),
        ("anthropic/claude-opus-4-6", 4095, 0),
        ("anthropic/claude-haiku-4-5", 4096, 4096),
        ("anthropic/claude-opus-4-7", 2048, 2048),
        ("anthropic/claude-opus-5", 512, 512),
        ("google/gemini-2.5-flash", 2047, 0),
        ("deepseek/deepseek-chat", 130, 128),
        ("mistral/ministral-8b", 63, 0),
    ],
)  # fmt: skip
def test_the_providers_rule_says_what_is_cached(model: str, tokens: int, cached: int) -> None:
    assert caching_rule(resolve(model)).cacheable(tokens) == cached


def test_without_a_published_rule_every_token_counts() -> None:
    rule = caching_rule(resolve("self/house-model", encoding="o200k_base"))
    assert (rule.cacheable(17), rule.minimum_tokens) == (17, 0)
    assert "no rule" in rule.source


TRAFFIC = "[{calls: 1000/month, output_tokens: 0, cache_hit_rate: 50%}]"
SAMPLES = "[{name: s, variables: {now: {tokens: 4}}}]"


def files(prompt: str, **more: str) -> Mapping[str, str | bytes | None]:
    settings_of = {"samples": SAMPLES, "traffic": TRAFFIC} | more
    return {
        CONFIGURATION: configuration({"w": workflow("prompts/p.j2", **settings_of)}),
        "prompts/p.j2": prompt,
    }


def test_a_timestamp_moved_to_the_first_line_costs_though_no_token_is_added(
    tmp_path: Path,
) -> None:
    body = tokens(3000)
    outcome = change(
        Repository.create(tmp_path),
        files(f"{body}\n{{{{ now }}}}", envelope="{increase: {hard: 1%}}"),
        files(f"{{{{ now }}}}\n{body}", envelope="{increase: {hard: 1%}}"),
    )
    found = outcome.workflow()
    before, after = found["before"], found["after"]
    assert Decimal(before["mean_input_tokens"]) == Decimal(after["mean_input_tokens"])
    # 3 for the message, 1 for its role; the last word may melt into what follows
    assert before["prefix"]["tokens"] in (3003, 3004)
    assert before["prefix"]["cacheable_tokens"] == 2944
    assert before["prefix"]["ends"]["line"] == 2
    assert after["prefix"]["cacheable_tokens"] == 0
    assert after["prefix"]["ends"] == {"file": "prompts/p.j2", "line": 1, "key": None}
    # 1000 calls x 50% x 2944 tokens x (2.50 - 1.25)/1M
    assert Decimal(found["change_usd_per_month"]) == Decimal("1.84")
    assert outcome.causes() == {"cacheable prefix": Decimal("1.84")}
    assert outcome.rules()["increase"] == "fail"
    (way,) = [item for item in found["ways_back"] if item["kind"] == "cacheable prefix"]
    assert (way["first_line"], way["fits"]) == (1, True)
    assert Decimal(way["saves_usd_per_month"]) == Decimal("1.84")


def test_tools_stand_before_the_messages_in_the_prefix(tmp_path: Path) -> None:
    import json

    tool = {
        "type": "function",
        "function": {"name": "f", "description": tokens(1100), "parameters": {}},
    }
    repository = Repository.create(tmp_path)
    repository.write({"tools.json": json.dumps([tool])})
    outcome = change(
        repository,
        files("{{ now }}", tools="tools.json"),
        files("{{ now }} more", tools="tools.json"),
    )
    prefix = outcome.workflow()["after"]["prefix"]
    assert prefix["cacheable_tokens"] == 1024
    assert prefix["ends"]["file"] == "prompts/p.j2"


@pytest.mark.parametrize("sample", ["token", "other words", ""])
def test_the_prefix_does_not_depend_on_the_samples_at_hand(tmp_path: Path, sample: str) -> None:
    text = "Hello there {{ now }}{{ now }}{{ now }}"
    samples = f"[{{name: s, variables: {{now: '{sample}'}}}}]"
    outcome = change(
        Repository.create(tmp_path),
        files(text, samples=samples),
        files(f"{text} x", samples=samples),
    )
    assert outcome.workflow()["after"]["prefix"]["tokens"] == 5


def test_a_value_that_is_empty_here_ends_the_prefix_all_the_same(tmp_path: Path) -> None:
    """Behind `{{ now }}` at the end of a message no other message is the same in every call."""
    prompts = "[{path: prompts/p.j2, role: system}, {path: prompts/q.txt}]"
    samples = "[{name: s, variables: {now: ''}}]"
    text = configuration({"w": workflow(prompts, samples=samples)})
    more = {"prompts/q.txt": tokens(2000), CONFIGURATION: text}
    outcome = change(
        Repository.create(tmp_path),
        {"prompts/p.j2": "Hello there {{ now }}", **more},
        {"prompts/p.j2": "Hello then {{ now }}"},
    )
    assert outcome.workflow()["after"]["prefix"]["tokens"] == 5


def test_without_a_variable_the_whole_call_is_the_prefix(tmp_path: Path) -> None:
    outcome = change(Repository.create(tmp_path), files("a b"), files("a b c"))
    after = outcome.workflow()["after"]
    assert after["prefix"]["ends"] is None
    # all but the 3 tokens that prime the answer
    assert after["prefix"]["tokens"] == int(after["mean_input_tokens"]) - 3
