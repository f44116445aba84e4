"""What `init` got wrong is corrected without approval, and nothing else passes by that door."""

import json
from typing import Any

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, review, tokens

FILE = "prompts/sort.yaml"
RULES = f"You sort mail. {tokens(60)}"
SORT: dict[str, Any] = {
    "name": "sort",
    "model": "openai/gpt-4.1-mini",
    "max_tokens": 20,
    "messages": [
        {"role": "system", "content": RULES},
        {"role": "user", "content": f"Sort {tokens(40)} {{{{ mail }}}}"},
    ],
}
PARTS = {
    name: f'{{path: "{FILE}#messages.{n}.content", format: FORMAT}}' for n, name in enumerate("ab")
}
PART = PARTS["a"].replace("FORMAT", "text")
USER = PARTS["b"].replace("FORMAT", "jinja")
WHOLE = f"{{path: {FILE}, format: chat-messages}}"
LIMITS = "envelope: {increase: {hard: 20%}}"
ALL = "assumed: [model, traffic, samples]"
CALLS = "calls: 1_000/month, output_tokens: 300"


def configured(
    workflows: dict[str, str], *, assumed: str = "assumed: [model, traffic]", more: str = ""
) -> str:
    lines = [
        *("version: 1", "prices: {as_of: 2026-11-01}", "approval: {approvers: [kim]}", more),
        *("defaults:", "  model: openai/gpt-4.1", f"  traffic: [{{{CALLS}}}]", f"  {LIMITS}"),
        *((f"  {assumed}",) if assumed else ()),
        *("workflows:", *(f"  {name}: {{{text}}}" for name, text in workflows.items())),
    ]
    return "\n".join(lines) + "\n"


def changed(
    repository: Repository,
    before: str,
    after: str,
    *,
    was: dict[str, str] | None = None,
    now: dict[str, str] | None = None,
) -> Outcome:
    base = {FILE: json.dumps(SORT), "prompts/other.txt": tokens(90)}
    repository.commit({CONFIGURATION: before, **base, **(was or {})})
    repository.commit({CONFIGURATION: after, **(now or {})})
    return review(repository, "--base", "HEAD~1")


BEFORE = configured({"sort-content": f"prompts: [{PART}]"})


@pytest.mark.parametrize(
    "after",
    [
        {"sort-content": f"prompts: [{WHOLE}]"},
        {"sort": f"prompts: [{WHOLE}]"},
        {"sort": f"prompts: [{WHOLE}], samples: [{{name: a, variables: {{mail: b}}}}]"},
        {"sort-content": f"prompts: [{WHOLE}], samples: [{{name: a, variables: {{mail: b}}}}]"},
        {"sort": f"prompts: [{WHOLE}], model: gpt-4.1, traffic: [{{calls: 9/day, output_tokens: 9}}]"},
        {"sort": f"prompts: [{PART}], model: openai/gpt-4.1-nano"},
    ],
)  # fmt: skip
def test_the_whole_is_named_for_its_part(repository: Repository, after: dict[str, str]) -> None:
    outcome = changed(repository, BEFORE, configured(after))
    assert outcome.code == 0, outcome.out


def test_two_guesses_become_one_workflow(repository: Repository) -> None:
    before = configured({"sort-a": f"prompts: [{PART}]", "sort-b": f"prompts: [{USER}]"})
    outcome = changed(repository, before, configured({"sort": f"prompts: [{WHOLE}]"}))
    assert outcome.code == 0, outcome.out


def test_what_a_correction_measures_first_is_no_growth(repository: Repository) -> None:
    """The user's message makes it dearer by far more than the limit of 20% allows."""
    dear = {key: value for key, value in SORT.items() if key not in {"model", "max_tokens"}}
    dear["messages"] = [*dear["messages"], {"role": "user", "content": tokens(9_000)}]
    after = configured({"sort-content": f"prompts: [{WHOLE}]"})
    outcome = changed(repository, BEFORE, after, was={FILE: json.dumps(dear)})
    assert outcome.code == 0, outcome.out
    assert outcome.rules("sort-content")["increase"] == "warn"


def test_a_dearer_model_beside_a_correction_is_growth(repository: Repository) -> None:
    """The file names no model; that of the configuration is no guess, and no part of it."""
    plain = {key: value for key, value in SORT.items() if key not in {"model", "max_tokens"}}
    before, after = (
        configured({"sort-content": f"prompts: [{prompt}], model: {model}"}, assumed="")
        for prompt, model in ((PART, "openai/gpt-4.1-nano"), (WHOLE, "openai/gpt-4.1"))
    )
    outcome = changed(repository, before, after, was={FILE: json.dumps(plain)})
    assert outcome.code == 1, outcome.out
    assert outcome.rules("sort-content")["increase"] == "fail"


SHORT = json.dumps(SORT | {"messages": [{"role": "system", "content": "You sort."}]})
LONGER = json.dumps(
    SORT | {"messages": [*SORT["messages"], {"role": "user", "content": tokens(500)}]}
)
HIDDEN = "{% if no %}" + tokens(80) + "{% endif %}"


@pytest.mark.parametrize("name", ["sort-content", "sort"])
@pytest.mark.parametrize(
    ("after", "now"),
    [
        (WHOLE, {FILE: SHORT}),
        (WHOLE, {FILE: LONGER}),
        ("prompts/other.txt", None),
        (f'{{path: "{FILE}#name", format: text}}', None),
        (USER, None),
        ("prompts/new.txt", {"prompts/new.txt": "Sort."}),
    ],
)
def test_text_is_not_dropped_under_the_pretext(
    repository: Repository, name: str, after: str, now: dict[str, str] | None
) -> None:
    outcome = changed(repository, BEFORE, configured({name: f"prompts: [{after}]"}), now=now)
    assert outcome.code == 1, outcome.out


@pytest.mark.parametrize("name", ["sort-content", "sort"])
def test_a_whole_that_hides_the_part_is_none(repository: Repository, name: str) -> None:
    was = {FILE: json.dumps(SORT | {"messages": [{"role": "system", "content": HIDDEN}]})}
    outcome = changed(repository, BEFORE, configured({name: f"prompts: [{WHOLE}]"}), was=was)
    assert outcome.code == 1, outcome.out


@pytest.mark.parametrize(
    ("own", "after", "assumed", "more"),
    [
        ("envelope: {monthly_cost: {hard: $9}}", f"prompts: [{WHOLE}]", "[model, traffic]", ""),
        ("owner: '@a'", f"prompts: [{WHOLE}]", "[model, traffic]", ""),
        ("max_tokens: 9", f"prompts: [{WHOLE}]", "[model, traffic]", ""),
        ("", f"prompts: [{WHOLE}]", "", ""),
        ("", f"prompts: [{WHOLE}], model: openai/gpt-4.1-nano", "[traffic]", ""),
        ("", f"prompts: [{WHOLE}], traffic: [{{calls: 9/month, output_tokens: 9}}]", "[model]", ""),
        ("", f"prompts: [{WHOLE}]", "[model]", "budgets: [{name: x, match: {workflow: sort-content}, monthly_cost: {hard: $99}}]"),
        ("", f"prompts: [{WHOLE}], envelope: {{increase: {{hard: 900%}}}}", "[model, traffic]", ""),
    ],
)  # fmt: skip
def test_limits_are_not_lost_under_the_pretext(
    repository: Repository, own: str, after: str, assumed: str, more: str
) -> None:
    said = f"assumed: {assumed}" if assumed else ""
    part = f"prompts: [{PART}]{f', {own}' if own else ''}"
    before = configured({"sort-content": part}, assumed=said, more=more)
    now = configured({"sort": after}, assumed=said)
    assert changed(repository, before, now).code == 1


@pytest.mark.parametrize("guess", ["model", "traffic"])
def test_only_what_is_assumed_is_free(repository: Repository, guess: str) -> None:
    """A file that names a cheaper model corrects a guess of the model, and no other."""
    before, after = (
        configured({"sort-content": f"prompts: [{item}]"}, assumed=f"assumed: [{guess}]")
        for item in (PART, WHOLE)
    )
    dear = {key: value for key, value in SORT.items() if key != "max_tokens"}
    outcome = changed(repository, before, after, was={FILE: json.dumps(dear)})
    assert outcome.code == (0 if guess == "model" else 1), outcome.out


def test_a_second_prompt_is_not_dropped_beside(repository: Repository) -> None:
    before = configured({"sort-content": f"prompts: [{PART}, prompts/other.txt]"})
    for name in ("sort-content", "sort"):
        outcome = changed(repository, before, configured({name: f"prompts: [{WHOLE}]"}))
        assert outcome.code == 1, outcome.out
