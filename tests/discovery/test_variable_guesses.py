"""What a sample holds for a variable of which only its name and its use are known."""

from collections.abc import Mapping
from typing import Any

import pytest

from reviewbot.discovery.template_shapes import field_shapes, shapes
from reviewbot.discovery.variable_guesses import formatted_values, guessed_value, is_small
from reviewbot.errors import Problem
from reviewbot.unconfigured.undefined_names import undefined_names

TEXT = {"tokens": 100}
SMALL = {"tokens": 5}
ITEM = {"tokens": 20}


def guessed(template: str, *names: str) -> Mapping[str, Any]:
    found = shapes([template])
    return dict(guessed_value(name, found) for name in names)


@pytest.mark.parametrize(
    "name",
    [
        *("max_results", "self.max_images", "total_words", "ticket_id", "created_at", "is_new"),
        *("userId", "maxTokens", "order.date", "i", "datetime.now().strftime('%d/%m/%Y')"),
        *(
            "len(rows)",
            "rows.length",
            "customer_name",
            "pageTitle",
            "new Date().toISOString()",
            "kind == Kind.A.value",
        ),
        *("date.today()", "not x", "a in b", "round(score, 2)", "items[0].price", "today"),
    ],
)
def test_numbers_dates_counts_flags_and_ids_are_short(name: str) -> None:
    assert is_small(name)


@pytest.mark.parametrize(
    "name",
    [
        *("question", "articles", "customer_notes", "use_case", "total_summary_text", "video"),
        *("history_of_dates_text", "', '.join(names)", "self._listed(rows)", "web_page", "ids"),
        *("minutes_text", "maximum", "state.get('draft')", "format_price(x)", "'date' + text"),
    ],
)
def test_other_names_may_be_of_texts(name: str) -> None:
    assert not is_small(name)


@pytest.mark.parametrize(
    ("template", "values"),
    [
        (
            "{{ company }}{% for a in articles %}{{ a.title }}{{ a.body | trim }}{% endfor %}",
            {"company": TEXT, "articles": [{"title": SMALL, "body": TEXT}] * 3},
        ),
        ("{%- for x in rows -%}{{ x }}{%- endfor -%}", {"rows": [ITEM] * 3}),
        (
            "{% for o in orders %}{% for l in o.lines %}{{ l.sku }}{% endfor %}{{ o.id }}{% endfor %}",
            {"orders": [{"lines": [{"sku": TEXT}] * 3, "id": SMALL}] * 3},
        ),
        ("{% for k, v in facts.items() %}{{ k }}{{ v }}{% endfor %}", {"facts": {"key": TEXT}}),
        ("{{ user.name }}{{ user['city'] }}", {"user": {"name": SMALL, "city": SMALL}}),
        ("{{ tags | join(', ') }}", {"tags": [ITEM] * 3}),
        ("{% if n > 3 %}a{% endif %}{% for i in range(m) %}b{% endfor %}", {"n": 3, "m": 3}),
        ("{% set x = note %}{{ x }}{{ 'a.b' }}", {"note": TEXT}),
        ("{{#articles}}{{title}}{{/articles}}", {"articles": [{"title": SMALL}] * 3}),
        ("{{#note}}{{note}}{{/note}}", {"note": TEXT}),
        ("{{#user}}{{name}}{{/user}}", {"user": {"name": SMALL}}),
        (
            "{{#each rows}}{{this.a}}{{b}}{{#if c}}{{/if}}{{/each}}{{#each xs as |x|}}{{x.d}}{{/each}}",
            {"rows": [{"a": TEXT, "b": TEXT, "c": TEXT}] * 3, "xs": [{"d": TEXT}] * 3},
        ),
        ("{{#each names}}{{this}}{{/each}}", {"names": [ITEM] * 3}),
        (
            "{{#each docs}}{{@index}} {{title}}{{#if ../short}}x{{/if}}{{/each}}",
            {"docs": [{"title": SMALL}] * 3, "short": TEXT},
        ),
    ],
)
def test_what_templates_do_with_variables_tells_what_these_are(
    template: str, values: Mapping[str, Any]
) -> None:
    assert guessed(template, *values) == values


def test_a_field_is_given_by_the_whole_variable() -> None:
    assert guessed("{{user.name}}", "user.name") == {"user": {"name": SMALL}}
    assert guessed("{{../user.name}}", "../user.name") == {"user": {"name": SMALL}}
    found = field_shapes(["{user.name} {rows[0]}"])
    assert dict(guessed_value(name, found) for name in ("user", "rows")) == {
        "user": {"name": SMALL},
        "rows": TEXT,
    }


@pytest.mark.parametrize(
    ("what", "values"),
    [
        ("{score:.2f} cannot be formatted: no", {"score": 3}),
        ("{day:%Y-%m-%d} cannot be formatted: no", {"day": "2026-11-01"}),
        ("{share:.0%} cannot be formatted: no", {"share": 3}),
        ("'a' is undefined", {}),
    ],
)
def test_what_cannot_be_formatted_as_a_text(what: str, values: Mapping[str, Any]) -> None:
    assert formatted_values(Problem(what=what, mend="")) == values


@pytest.mark.parametrize(
    "text", ["{{", "{% for", "{{#each a}}" * 9, "{{/a}}{% endfor %}", "{{ . }}"]
)
def test_broken_templates_end(text: str) -> None:
    assert isinstance(shapes([text]), dict)


@pytest.mark.parametrize(
    "file", ["it's.j2", "x 'n\\N' y.j2"], ids=["an apostrophe", "what looks like a name"]
)
def test_names_are_told_apart_from_the_paths_between_them(file: str) -> None:
    what = f"'a' (prompts/{file}:3) and \"it's\" are undefined"
    assert undefined_names(Problem(what=what, mend="")) == ["a", "it's"]


@pytest.mark.parametrize("deep", [12, 1_500])
def test_a_value_of_too_many_parts_is_a_text(deep: int) -> None:
    loops = "".join(f"{{% for v{n + 1} in v{n} %}}" for n in range(deep))
    assert guessed(f"{loops}{{{{ v{deep} }}}}", "v0") == {"v0": TEXT}
