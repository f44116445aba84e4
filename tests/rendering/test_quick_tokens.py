"""A template that is taken apart tag by tag gives the tokens that Jinja2's lexer gives of it."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, TemplateSyntaxError

from reviewbot.rendering.engines.jinja.quick_tokens import QuickTokens
from tests.rendering.test_shared_code import TEMPLATES, WORDS, filled
from tests.support.repetitions import LONG

SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.booleans() for name in ("trim_blocks", "lstrip_blocks")},
        "keep_trailing_newline": st.booleans(),
        "line_statement_prefix": st.just("%%"),
        "variable_end_string": st.just("%}"),
    },
)
PARTS = st.sampled_from(
    [
        *("{{", "}}", "{%", "%}", "{#", "#}", "-", "+", "{", "}", "%", "#", "'", '"', "\\"),
        *("a", " ", "\n", "\r", "raw", "endraw", "{{ a }}", "{{ 'b' }}", "{{ a -}}", "{%- a %}"),
        *("{% if a %}", "{# a #}", "{#- a #}", "{{ (a }}", "{{ a) }}", "{{}}", "{##}", "0x", "é"),
        *("{% raw %}", "{% endraw %}", "{% raw -%}", "{{ 1_0.5e3 }}", "{{ 'a\\n' }}", "%%"),
    ]
)
SOURCES = st.one_of(
    st.lists(PARTS, max_size=12).map("".join),
    st.builds(filled, TEMPLATES, st.lists(WORDS, min_size=1, max_size=6)),
)


def tokens(environment: Environment, source: str) -> object:
    lexer = environment.lexer
    return list(lexer.wrap(lexer.tokeniter(source, None)))


def outcome(of: Any, *given: Any) -> object:
    try:
        return of(*given)
    except TemplateSyntaxError as error:
        return error.message, error.lineno


@given(st.lists(SOURCES, max_size=4), SETTINGS)
@settings(max_examples=5_000 if LONG else 100, deadline=None)
@example(["{{ a }}{% if b %}\n{{ a }}\n"], {})
@example(["{% raw %}{{ a }}{% endraw %}", "{{ a }}"], {})
@example(["{{ a\r }}{{ b }}", "{# a\r #}{{ b }}", "{% if a\r %}{% endif %}"], {})
def test_tokens_are_those_of_the_lexer(sources: list[str], given_settings: dict[str, Any]) -> None:
    environment = Environment(**given_settings)
    quick = QuickTokens(environment)
    for source in sources:
        assert outcome(quick.of, source) == outcome(tokens, environment, source)


def test_the_lexer_reads_no_template_whose_tags_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = Environment()
    quick = QuickTokens(environment)
    quick.of("Be kind to {{ name }}.{% if a %}{# always #}\n{% endif %}")
    monkeypatch.setattr(environment.lexer, "tokeniter", None)
    assert len(quick.of("{% if a %}Help {{ name }}!\nNow.{% endif %}\n")) == 12
