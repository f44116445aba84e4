"""Ways back: each is applied to the repository and reviewed again, and gives what was promised."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    Outcome,
    change,
    configuration,
    review,
    tokens,
    workflow,
)

SYSTEM = "prompts/system.j2"
RULES = (
    "Always answer in the language of the question, and never promise a refund to anybody at all.\n"
)
EXAMPLE = "<example>\nquestion: where is my parcel?\nanswer: {words}\n</example>\n"
BEFORE = f"{tokens(1400)}\n\n{RULES}\nThe customer is {{{{ name }}}}.\n"
AFTER = (
    f"Today is {{{{ name }}}}.\n{tokens(1400)}\n\n{RULES}\n"
    + EXAMPLE.format(words=tokens(300))
    + EXAMPLE.format(words=tokens(200))
    + f"\n{RULES}\n\n\n\n   \nThe   customer   is {{{{ name }}}}.   \n"
)
TRAFFIC = (
    "[{tenant: acme, environment: prod, calls: 10_000/month, output_tokens: 400, cache_hit_rate: 50%, repeat_rate: 20%},"
    " {tenant: acme, environment: dev, calls: 20_000/month, output_tokens: 100, can_wait: true}]"
)
TIERS = (
    "{premium: [openai/gpt-4.1], standard: [openai/gpt-4.1-mini], economy: [openai/gpt-4.1-nano]}"
)
LIMIT = "{monthly_cost: {hard: $165}}"


def files(
    prompt: str, *, traffic: str = TRAFFIC, model: str = "openai/gpt-4.1", **more: str
) -> dict[str, str | bytes | None]:
    settings_of = {
        "model": model,
        "traffic": traffic,
        "samples": "[{name: s, variables: {name: {tokens: 5}}}]",
        "envelope": LIMIT,
    } | more
    return {
        CONFIGURATION: configuration({"w": workflow(SYSTEM, **settings_of)}, tiers=TIERS),
        SYSTEM: prompt,
    }


@pytest.fixture
def reviewed(tmp_path: Path) -> tuple[Repository, Outcome]:
    repository = Repository.create(tmp_path)
    return repository, change(repository, files(BEFORE), files(AFTER))


def ways(outcome: Outcome) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = outcome.workflow()["ways_back"]
    return found


def squeezed(text: str) -> str:
    """What a person would do about white space."""
    lines = [re.sub(r"(\S)[ \t]+(?=\S)", r"\1 ", line).rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def applied(way: dict[str, Any]) -> dict[str, str | bytes | None]:
    """The files with one way done to them, as a person would do it."""
    waiting = "can_wait: true"
    match way["kind"]:
        case "output cap":
            return files(AFTER, max_tokens=way["value"])
        case "cheaper model":
            return files(AFTER, model=way["value"])
        case "service tier":
            tier = f"{waiting}, service_tier: {way['value']}"
            return files(AFTER, traffic=TRAFFIC.replace(waiting, tier))
        case "response cache":
            return files(AFTER, traffic=TRAFFIC.replace("calls: 10_000/", "calls: 8_000/"))
        case _:
            return files(edited(way["kind"], way["first_line"], way["last_line"]))


def edited(kind: str, first: int, last: int) -> str:
    """The prompt after an edit of these lines."""
    lines = AFTER.splitlines(keepends=True)
    above, taken, below = lines[: first - 1], lines[first - 1 : last], lines[last:]
    was: list[str] = []
    if kind == "cacheable prefix":
        below += taken
    if kind == "changed lines" and first > 1:
        was = BEFORE.splitlines(keepends=True)[-2:]
    return squeezed(AFTER) if kind == "white space" else "".join([*above, *was, *below])


def test_every_way_gives_what_it_promises_when_it_is_done(
    reviewed: tuple[Repository, Outcome],
) -> None:
    repository, outcome = reviewed
    found = ways(outcome)
    kinds = {way["kind"] for way in found}
    assert kinds == {
        *("output cap", "cheaper model", "cacheable prefix", "changed lines", "repeated block"),
        *("white space", "example", "service tier", "response cache"),
    }
    for way in found:
        repository.git("switch", "--quiet", "--force-create", "attempt", "work")
        repository.commit(applied(way))
        again = review(repository)
        claims = way["kind"] in {"service tier", "response cache"}
        state = "proposed" if claims else "after"
        assert again.usd(state) == Decimal(way["usd_per_month"]), way["text"]
        assert outcome.usd("after") - again.usd(state) == Decimal(way["saves_usd_per_month"])
        if not claims:
            verdicts = [item for item in again.rules().items() if item[0] == "monthly_cost"]
            assert way["fits"] == (not verdicts), way["text"]


def test_of_each_risk_the_largest_saving_comes_first_and_none_saves_nothing(
    reviewed: tuple[Repository, Outcome],
) -> None:
    last = {"changed lines", "output cap"}
    found = [way for way in ways(reviewed[1]) if way["kind"] not in last]
    for is_risky in (False, True):
        savings = [
            Decimal(way["saves_usd_per_month"])
            for way in found
            if way["needs_evaluation"] is is_risky
        ]
        assert savings == sorted(savings, reverse=True)
        assert min(savings) > 0


def test_the_cap_is_the_highest_that_fits(reviewed: tuple[Repository, Outcome]) -> None:
    repository, outcome = reviewed
    (cap,) = [way for way in ways(outcome) if way["kind"] == "output cap"]
    repository.commit(files(AFTER, max_tokens=str(int(cap["value"]) + 1)))
    assert review(repository).rules()["monthly_cost"] == "fail"


def test_a_cap_is_told_against_the_cap_that_holds(tmp_path: Path) -> None:
    settings = {"max_tokens": "150", "envelope": "{monthly_cost: {hard: $140}}"}
    outcome = change(
        Repository.create(tmp_path), files(BEFORE, **settings), files(AFTER, **settings)
    )
    (cap,) = [way for way in ways(outcome) if way["kind"] == "output cap"]
    assert 75 <= int(cap["value"]) < 150
    assert f"{cap['value']} tokens instead of 150, so longer answers will be cut" in cap["text"]


def test_no_cap_is_told_where_the_length_of_answers_is_a_guess(tmp_path: Path) -> None:
    guess = {"assumed": "[traffic]"}
    outcome = change(Repository.create(tmp_path), files(BEFORE, **guess), files(AFTER, **guess))
    assert ways(outcome)
    assert not [way for way in ways(outcome) if way["kind"] == "output cap"]


def test_no_way_is_told_where_no_limit_is_broken(tmp_path: Path) -> None:
    quiet = {"envelope": "{monthly_cost: {hard: $1_000}}"}
    outcome = change(Repository.create(tmp_path), files(BEFORE, **quiet), files(AFTER, **quiet))
    assert ways(outcome) == []


def test_a_broken_budget_brings_the_ways_of_what_the_change_touches(tmp_path: Path) -> None:
    def with_budget(prompt: str) -> dict[str, str | bytes | None]:
        found = files(prompt, envelope="")
        budget = "budgets: [{name: t, match: {tenant: acme}, monthly_cost: {hard: $160}}]\n"
        return found | {CONFIGURATION: f"{found[CONFIGURATION]!s}{budget}"}

    outcome = change(Repository.create(tmp_path), with_budget(BEFORE), with_budget(AFTER))
    assert outcome.report["budgets"][0]["verdict"] == "fail"
    assert any(way["kind"] == "changed lines" for way in ways(outcome))


def test_near_repeats_are_found_across_the_prompts_of_a_call(tmp_path: Path) -> None:
    near = RULES.replace("to anybody at all", "to anyone at all")
    prompts = "[prompts/a.txt, prompts/b.txt]"
    before = {
        CONFIGURATION: configuration({"w": workflow(prompts, envelope="{increase: {hard: 1%}}")}),
        "prompts/a.txt": f"{RULES}\nshort\n",
        "prompts/b.txt": "other\n",
    }
    outcome = change(Repository.create(tmp_path), before, {"prompts/b.txt": f"other\n\n{near}"})
    repeated = [way for way in ways(outcome) if way["kind"] == "repeated block"]
    assert [way["file"] for way in repeated] == ["prompts/b.txt"]
    assert "nearly repeat prompts/a.txt:1" in repeated[0]["text"]


@pytest.mark.parametrize(
    ("complexity", "model", "told"),
    [
        ("low", "openai/gpt-4.1", "openai/gpt-4.1-nano"),
        ("low", "openai/gpt-4.1-mini", "openai/gpt-4.1-nano"),
        ("low", "openai/gpt-4.1-nano", None),
        ("medium", "openai/gpt-4.1", "openai/gpt-4.1-mini"),
        ("medium", "gpt-4.1-mini-2025-04-14", None),
        ("high", "openai/gpt-4.1", None),
        ("low", "openai/gpt-4o", None),
    ],
)
def test_a_model_in_a_dearer_tier_than_the_workflow_deserves(
    tmp_path: Path, complexity: str, model: str, told: str | None
) -> None:
    repository = Repository.create(tmp_path)
    more = {"complexity": complexity, "envelope": "", "model": model}
    outcome = change(repository, files(BEFORE, **more), files(f"{BEFORE} more", **more))
    found = [item for item in outcome.workflow()["findings"] if item["rule"] == "complexity"]
    assert [item["statistic"] for item in found] == ([] if told is None else [told])
    if told is not None:
        repository.commit(files(f"{BEFORE} more", **more | {"model": told}))
        assert review(repository).usd("after") == Decimal(found[0]["limit"])


def test_a_change_of_model_shows_its_price_and_its_tokenizer(tmp_path: Path) -> None:
    more = {"envelope": "", "traffic": "[{calls: 1000/month, output_tokens: 0}]"}
    outcome = change(
        Repository.create(tmp_path),
        files(f"{{{{ name }}}} {'日本語' * 50}", model="openai/gpt-4", **more),
        files(f"{{{{ name }}}} {'日本語' * 50}", **more),
    )
    causes = outcome.causes()
    assert list(causes) == ["tokenizer", "model price"]
    fewer = [Decimal(outcome.workflow()[key]["mean_input_tokens"]) for key in ("before", "after")]
    # gpt-4 takes 30 USD, gpt-4.1 2 USD for a million input tokens
    assert causes["tokenizer"] == 1000 * (fewer[1] - fewer[0]) * 30 / 1_000_000
    assert causes["model price"] == 1000 * fewer[1] * (2 - 30) / 1_000_000
