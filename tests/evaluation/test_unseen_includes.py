"""A file that a template shows already, and prints once more where no sample comes to it."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

RULES = "Be kind, and answer in full sentences, and name the shelf of each parcel. " * 5
ENGINES = {
    "jinja": ("p.j2", "{% include 'rules.txt' %}", "rules.txt"),
    "jinja in a folder": ("in/p.j2", "{% include './shared/rules.j2' %}", "in/shared/rules.j2"),
    "mustache": ("p.mustache", "{{> rules}}", "rules.mustache"),
    "handlebars": ("p.hbs", "{{> rules}}", "partials/rules.hbs"),
    "handlebars block": ("p.hbs", "{{#> rules}}none{{/rules}}", "rules.hbs"),
}
BRANCHES = {
    "jinja": ("{% if vip %}FILE{% endif %}", "{% for x in many %}FILE{% endfor %}"),
    "mustache": ("{{#vip}}FILE{{/vip}}", "{{^name}}\nFILE\n{{/name}}", "{{#many}}FILE{{/many}}"),
    "handlebars": ("{{#if vip}}\n  FILE\n{{/if}}", "{{#each many}}FILE{{/each}}"),
}
ROWS = [(engine, branch) for engine in ENGINES for branch in BRANCHES[engine.partition(" ")[0]]]


def reviewed(repository: Repository, engine: str, more: str, *, was: str = "") -> Outcome:
    path, tag, file = ENGINES[engine]
    samples = "[{name: one, variables: {name: you, vip: false, many: []}}]"
    before = {
        CONFIGURATION: configuration({"w": workflow(path, samples=samples)}),
        path: f"{tag}\nHello {{{{ name }}}}\n{was.replace('FILE', tag)}",
        file: RULES,
    }
    after = f"{tag}\nHello {{{{ name }}}}\n{more.replace('FILE', tag)}"
    return change(repository, before, {path: after})


@pytest.mark.parametrize(("engine", "branch"), ROWS)
def test_it_is_named_with_its_tokens(repository: Repository, engine: str, branch: str) -> None:
    outcome = reviewed(repository, engine, branch)
    (found,) = outcome.workflow()["findings"]
    assert (outcome.code, found["rule"], found["verdict"]) == (1, "unseen", "needs-approval")
    assert found["text"].startswith(("85 tokens", "87 tokens"))
    assert found["place"]["file"] == ENGINES[engine][0]


@pytest.mark.parametrize(("engine", "branch"), ROWS)
def test_one_that_was_there_is_not_told_again(
    repository: Repository, engine: str, branch: str
) -> None:
    outcome = reviewed(repository, engine, f"Bye.\n{branch}", was=branch)
    assert (outcome.code, outcome.workflow()["findings"]) == (0, [])


@pytest.mark.parametrize("engine", [name for name in ENGINES if "block" not in name])
def test_one_that_a_sample_comes_to_is_counted(repository: Repository, engine: str) -> None:
    taken = {"jinja": "{% if name %}FILE{% endif %}", "mustache": "{{#name}}FILE{{/name}}"}
    branch = taken.get(engine.partition(" ")[0], "{{#if name}}FILE{{/if}}")
    outcome = reviewed(repository, engine, branch)
    assert (outcome.code, outcome.workflow()["findings"]) == (0, [])
    assert outcome.usd("after") > outcome.usd("before")


def test_a_partial_of_the_template_itself_is_named(repository: Repository) -> None:
    inline = f'{{{{#*inline "rules"}}}}{RULES}{{{{/inline}}}}{{{{> rules}}}} {{{{ name }}}}'
    samples = "[{name: one, variables: {name: you, vip: false}}]"
    before = {CONFIGURATION: configuration({"w": workflow("p.hbs", samples=samples)})}
    after = {"p.hbs": f"{inline}{{{{#if vip}}}}{{{{> rules}}}}{{{{/if}}}}"}
    outcome = change(repository, {**before, "p.hbs": inline}, after)
    assert outcome.rules() == {"unseen": "needs-approval"}
