"""Templates without samples are measured by their largest reading: nothing in a branch is free."""

import json

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    change,
    configuration,
    tokens,
    workflow,
)

LONG = tokens(2000)
GROWING = {
    "p.j2": ("{% if fragile %}", "{% endif %}"),
    "p2.j2": ("{% for rule in rules %}", "{% endfor %}"),
    "p3.j2": ("{% if a %}x{% elif b %}", "{% else %}y{% endif %}"),
    "p4.j2": ("{% for key, value in table.items() %}", "{% endfor %}"),
    "p5.j2": ("{% if text is defined and text|length > 100 %}", "{% endif %}"),
    "p6.j2": ("{% macro m() %}", "{% endmacro %}{% if x %}{{ m() }}{% endif %}"),
    "p7.j2": ('{{ "', '" if x }}'),
    "p8.j2": ("{% set t %}", "{% endset %}{% if x %}{{ t }}{% endif %}"),
    "p.mustache": ("{{#vip}}", "{{/vip}}"),
    "p2.mustache": ("{{^vip}}", "{{/vip}}"),
    "p.hbs": ("{{#if vip}}", "{{/if}}"),
    "p2.hbs": ("{{#each items}}", "{{/each}}"),
    "p3.hbs": ("{{#if vip}}x{{else}}", "{{/if}}"),
    "p4.hbs": ("{{#with user}}", "{{/with}}"),
}


@pytest.mark.parametrize("path", GROWING)
def test_growth_in_a_branch_is_measured(repository: Repository, path: str) -> None:
    begin, end = GROWING[path]
    files = {
        path: f"Sort parcels. {begin}Care.{end}\n",
        CONFIGURATION: configuration({"w": workflow(path, envelope="{increase: {hard: 20%}}")}),
    }
    outcome = change(repository, files, {path: f"Sort parcels. {begin}Care. {LONG}{end}\n"})
    assert outcome.code == 1
    assert outcome.rules() == {"increase": "fail"}
    assert outcome.workflow()["after"]["max_input_tokens"] > 2000


def test_both_arms_count_as_the_longer_one(repository: Repository) -> None:
    files = {
        "p.j2": "{% if a %}" + tokens(300) + "{% else %}" + tokens(100) + "{% endif %}",
        CONFIGURATION: configuration({"w": workflow("p.j2")}),
    }
    outcome = change(repository, files, {"p.j2": "{% if a %}" + tokens(300) + "{% endif %}"})
    before, after = (outcome.workflow()[state] for state in ("before", "after"))
    assert before["max_input_tokens"] == after["max_input_tokens"]


def test_a_macro_that_calls_itself_is_read_once(repository: Repository) -> None:
    template = "{% macro m(n) %}deep {% if n %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(3) }}"
    files = {"p.j2": template, CONFIGURATION: configuration({"w": workflow("p.j2")})}
    outcome = change(repository, files, {"p.j2": f"{template} more"})
    assert outcome.code == 0


def test_an_include_is_part_of_the_arm_that_holds_it(repository: Repository) -> None:
    files = {
        "p.j2": "{% if a %}short{% else %}{% include 'part.j2' %}{% endif %}",
        "part.j2": tokens(100),
        CONFIGURATION: configuration({"w": workflow("p.j2", envelope="{increase: {hard: 20%}}")}),
    }
    outcome = change(repository, files, {"part.j2": "{% if b %}" + LONG + "{% endif %}"})
    assert outcome.rules() == {"increase": "fail"}


def test_a_python_text_that_is_added_on_a_condition_counts(repository: Repository) -> None:
    def source(text: str) -> str:
        return f'X = f"""Be kind. {{{json.dumps(text)} if vip else \'\'}}"""\n'.replace(
            '"""', "'''"
        )

    files = {
        "p.py": source("a"),
        CONFIGURATION: configuration({"w": workflow("p.py#X", envelope="{increase: {hard: 20%}}")}),
    }
    outcome = change(repository, files, {"p.py": source(LONG)})
    assert outcome.code != 0
