"""Stubs that say nothing for what a template calls, and sections over lists that are empty."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, tokens, workflow

HIDDEN = f"Only some calls are told this. {tokens(400)}"
SAMPLE = "message: hello there\nname: short\nnames: []\none: [a]\ndeep: {items: []}\n"
JINJA = "You sort.\n{{ message }}\n"
BRACES = "You sort.\n{{message}}\n"


def reviewed(
    repository: Repository, path: str, plain: str, added: str, templates: str = "{}"
) -> Outcome:
    sampled = workflow(path, envelope="{approvable: true}", samples="s/*.yaml", templates=templates)
    settings = configuration({"w": sampled}, approval="{approvers: [boss]}")
    before = {CONFIGURATION: settings, path: plain, "s/typical.yaml": SAMPLE}
    return change(repository, before, {path: plain + added})


SILENT = {
    "a function": ("p.j2", JINJA, "{{ fetch(name) }}", "{functions: {fetch: {value: ''}}}"),
    "of a holder": ("p.j2", JINJA, "{{ db.fetch(name) }}", "{functions: {db.fetch: {value: ''}}}"),
    "a filter": ("p.j2", JINJA, "{{ name|expand }}", "{filters: {expand: {value: ''}}}"),
    "a filter of a block": (
        *("p.j2", JINJA, "{% filter expand %}{{ name }}{% endfilter %}"),
        "{filters: {expand: {value: ''}}}",
    ),
    "a method": ("p.j2", JINJA, "{{ name.expand() }}", "{methods: {expand: {value: ''}}}"),
    "a variable of it": (
        *("p.j2", JINJA, "{% set x = fetch(1) %}{{ x }}"),
        "{functions: {fetch: {value: []}}}",
    ),
    "a value": ("p.j2", JINJA, "{{ policy }}", "{globals: {policy: ''}}"),
    "a helper": ("p.hbs", BRACES, "{{fetch name}}", "{functions: {fetch: {value: ''}}}"),
    "an inner helper": (
        "p.hbs",
        BRACES,
        "{{#if (fetch name)}}a{{/if}}",
        "{functions: {fetch: {value: ''}}}",
    ),
    "a lambda": (
        "p.mustache",
        BRACES,
        "{{#fetch}}name{{/fetch}}",
        "{functions: {fetch: {value: ''}}}",
    ),
}


@pytest.mark.parametrize(("path", "plain", "added", "templates"), SILENT.values(), ids=SILENT)
def test_a_new_call_of_what_gives_nothing_needs_approval(
    repository: Repository, path: str, plain: str, added: str, templates: str
) -> None:
    assert reviewed(repository, path, plain, added, templates).rules() == {
        "unseen": "needs-approval"
    }


def test_a_call_that_was_there_is_not_told_again(repository: Repository) -> None:
    plain = JINJA + "{{ fetch(name) }}\n"
    templates = "{functions: {fetch: {value: ''}}}"
    assert reviewed(repository, "p.j2", plain, "Be kind.\n", templates).rules() == {}


def test_a_stub_that_says_something_is_measured(repository: Repository) -> None:
    templates = "{functions: {fetch: {value: some words}}}"
    outcome = reviewed(repository, "p.j2", JINJA, "{{ fetch(name) }}", templates)
    assert outcome.rules() == {}


def test_a_new_workflow_with_such_a_stub_needs_approval_too(repository: Repository) -> None:
    base = configuration({"w": workflow("p.j2")}, approval="{approvers: [boss]}")
    stub = "{functions: {fetch: {value: ''}}}"
    new = workflow("q.j2", templates=stub, samples="[{name: a, variables: {x: 1}}]")
    head = base.replace("workflows:", f"workflows:\n  n: {new}")
    files = {CONFIGURATION: base, "p.j2": "You sort.\n"}
    outcome = change(repository, files, {CONFIGURATION: head, "q.j2": "Sort {{ fetch(x) }}.\n"})
    assert outcome.rules("n")["unseen"] == "needs-approval"


LISTS = {
    "a value": ("p.mustache", "{{#names}}{{.}}{{/names}}"),
    "a short text": ("p.mustache", "{{#names}}ab {{/names}}"),
    "a text": ("p.mustache", "{{#names}}for all of them {{/names}}"),
    "of an object": ("p.mustache", "{{#deep.items}}ab {{/deep.items}}"),
    "in handlebars": ("p.hbs", "{{#names}}ab {{/names}}"),
}


@pytest.mark.parametrize(("path", "added"), LISTS.values(), ids=LISTS)
def test_a_section_over_an_empty_list_may_be_long(
    repository: Repository, path: str, added: str
) -> None:
    assert reviewed(repository, path, BRACES, added).rules() == {"unseen": "needs-approval"}


def test_a_section_over_a_list_that_a_sample_fills_is_measured(repository: Repository) -> None:
    assert reviewed(repository, "p.mustache", BRACES, "{{#one}}ab {{.}}{{/one}}").rules() == {}
