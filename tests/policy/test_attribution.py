"""Who pays: slices and budgets over all workflows, of real repositories."""

from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.report import Verdict
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, tokens, workflow

ACME = "{tenant: acme, environment: prod, calls: 1000/month, output_tokens: 100}"
GLOBEX = "{tenant: globex, environment: dev, calls: 2000/month, output_tokens: 50}"
SEVERITY = [str(verdict) for verdict in Verdict]


def files(
    words: int, *, budgets: str = "[]", traffic: str = ACME, other: str = GLOBEX
) -> dict[str, str | bytes | None]:
    """Two workflows: `a`, whose prompt has so many tokens, and `b`, which never changes."""
    return {
        CONFIGURATION: configuration(
            {
                "a": workflow("prompts/a.txt", traffic=f"[{traffic}]", feature="chat", owner="red"),
                "b": workflow(
                    "prompts/b.txt",
                    traffic=f"[{other}]",
                    model="openai/gpt-4o-mini",
                    feature="mail",
                ),
            },
            budgets=budgets,
            tiers="{premium: [openai/gpt-4o*], economy: [openai/gpt-4o-mini]}",
        ),
        "prompts/a.txt": tokens(words),
        "prompts/b.txt": tokens(10),
    }


def reviewed(
    folder: Path, budgets: str, *, before: int = 93, after: int = 193, **more: str
) -> Outcome:
    """A review of a prompt that grows; each call has 7 tokens beside the prompt's own."""
    repository = Repository.create(folder)
    return change(
        repository, files(before, budgets=budgets, **more), files(after, budgets=budgets, **more)
    )


def slices(outcome: Outcome, dimension: str) -> list[tuple[str | None, bool, Decimal, Decimal]]:
    return [
        (
            item["value"],
            item["touched"],
            Decimal(item["month"]["before_usd"]),
            Decimal(item["month"]["after_usd"]),
        )
        for item in outcome.report["slices"]
        if item["dimension"] == dimension
    ]


def test_every_workflow_is_in_the_slices_and_what_changes_comes_first(tmp_path: Path) -> None:
    outcome = reviewed(tmp_path, "[]")
    # a: 1000 x (100 or 200 tokens x 2.5 + 100 x 10)/1M; b: 2000 x (17 x 0.15 + 50 x 0.6)/1M
    a, b = (Decimal("1.25"), Decimal("1.5")), (Decimal("0.0651"),) * 2
    for dimension, of_a, of_b in (
        ("feature", "chat", "mail"),
        ("workflow", "a", "b"),
        ("tenant", "acme", "globex"),
        ("tier", "premium", "economy"),
        ("environment", "prod", "dev"),
        ("owner", "red", None),
    ):
        assert slices(outcome, dimension) == [(of_a, True, *a), (of_b, False, *b)]
    month = outcome.report["month"]
    assert (month["before_usd"], month["after_usd"]) == ("1.3151", "1.5651")
    # a: 1000 x (200 + 100); b: 2000 x (17 + 50)
    assert month["after_tokens"] == "434000"


@pytest.mark.parametrize(
    ("match", "limit", "verdict"),
    [
        ("{tenant: acme}", "{hard: $1.49}", "fail"),
        ("{tenant: acme}", "{hard: $1.50}", "pass"),
        ("{tenant: acme}", "{soft: $1.49, hard: $2}", "warn"),
        ("{tenant: acme, environment: prod}", "{hard: $1}", "fail"),
        ("{feature: chat, owner: red, tier: premium}", "{hard: $1}", "fail"),
        ("{}", "{hard: $1.5650}", "fail"),
    ],
)
def test_a_budget_is_judged_over_its_slice_of_all_workflows(
    tmp_path: Path, match: str, limit: str, verdict: str
) -> None:
    budgets = f"[{{name: team, match: {match}, monthly_cost: {limit}}}]"
    outcome = reviewed(tmp_path, budgets)
    (budget,) = outcome.report["budgets"]
    assert budget["verdict"] == verdict
    assert outcome.report["verdict"] == verdict
    assert outcome.code == (1 if verdict == "fail" else 0)


@pytest.mark.parametrize("match", ["{workflow: b}", "{tier: economy}"])
def test_a_budget_that_the_change_does_not_concern_warns_of_nothing(
    tmp_path: Path, match: str
) -> None:
    budgets = f"[{{name: team, match: {match}, monthly_cost: {{hard: $0.06}}}}]"
    outcome = reviewed(tmp_path, budgets)
    (budget,) = outcome.report["budgets"]
    assert (budget["verdict"], outcome.report["verdict"], outcome.code) == ("warn", "pass", 0)


def test_a_tenants_tokens_have_limits_too(tmp_path: Path) -> None:
    # acme: 1000 x (200 + 100) tokens a month
    budgets = "[{name: acme, match: {tenant: acme}, monthly_tokens: {soft: 1000, hard: 299_999}}]"
    outcome = reviewed(tmp_path, budgets)
    (finding,) = outcome.report["findings"]
    assert (finding["rule"], finding["verdict"]) == ("budget_tokens", "fail")
    assert (finding["actual"], finding["excess"]) == ("300000", "1")
    assert outcome.report["budgets"][0]["headroom_tokens"] == "-1"


def test_headroom_is_below_the_hard_limit(tmp_path: Path) -> None:
    budgets = "[{name: acme, match: {tenant: acme}, monthly_cost: {soft: $1, hard: $2}}]"
    (budget,) = reviewed(tmp_path, budgets).report["budgets"]
    assert budget["headroom_usd"] == "0.5"
    assert budget["headroom_tokens"] is None


def test_an_approvable_budget_can_be_approved(tmp_path: Path) -> None:
    budgets = "[{name: t, match: {}, monthly_cost: {hard: $1}, approvable: true}]"
    outcome = reviewed(tmp_path, budgets)
    assert outcome.report["verdict"] == "needs-approval"
    assert outcome.report["evidence"] is not None


def test_a_saving_may_be_merged_while_the_budget_is_still_over(tmp_path: Path) -> None:
    budgets = "[{name: t, match: {}, monthly_cost: {hard: $0.10}}]"
    outcome = reviewed(tmp_path, budgets, before=193, after=93)
    (finding,) = outcome.report["findings"]
    assert (outcome.code, finding["verdict"]) == (0, "warn")
    assert "does not add to it" in finding["text"]


def test_more_traffic_that_would_break_a_budget_needs_approval(tmp_path: Path) -> None:
    budgets = "[{name: t, match: {tenant: acme}, monthly_cost: {hard: $2}}]"
    repository = Repository.create(tmp_path)
    more = ACME.replace("1000/", "9000/")
    outcome = change(
        repository, files(93, budgets=budgets), files(93, budgets=budgets, traffic=more)
    )
    (budget,) = outcome.report["budgets"]
    assert (budget["verdict"], outcome.code) == ("needs-approval", 1)
    assert Decimal(budget["month"]["proposed_usd"]) == 9 * Decimal(budget["month"]["after_usd"])


def test_more_traffic_in_a_budget_that_is_over_already_needs_approval(tmp_path: Path) -> None:
    budgets = "[{name: t, match: {tenant: acme}, monthly_cost: {hard: $1}}]"
    repository = Repository.create(tmp_path)
    more = ACME.replace("1000/", "9000/")
    outcome = change(
        repository, files(93, budgets=budgets), files(93, budgets=budgets, traffic=more)
    )
    verdicts = [item["verdict"] for item in outcome.report["findings"]]
    assert (verdicts, outcome.code) == (["warn", "needs-approval"], 1)


def test_a_workflow_whose_model_nobody_knows_may_be_of_any_tier(tmp_path: Path) -> None:
    def broken(words: int) -> dict[str, str | bytes | None]:
        budgets = "[{name: t, match: {tier: premium}, monthly_cost: {hard: $9}}]"
        found = files(words, budgets=budgets)
        text = str(found[CONFIGURATION]).replace("model: openai/gpt-4o-mini, ", "")
        return found | {CONFIGURATION: text, "prompts/b.txt": b"\xff\xfe\x00"}

    outcome = change(Repository.create(tmp_path), broken(93), broken(94))
    (budget,) = outcome.report["budgets"]
    assert budget["month"]["unmeasured_workflows"] == 1
    assert "\0" not in str(slices(outcome, "tier"))
    assert budget["verdict"] == "needs-approval"


def test_growth_crosses_a_budget_in_a_month_that_is_told(tmp_path: Path) -> None:
    # 1.50 x 1.1^3 = 1.9965, x 1.1^4 = 2.19615: four months after November 2026
    growing = ACME.replace("}", ", growth: 10%/month}")
    budgets = "[{name: t, match: {tenant: acme}, monthly_cost: {soft: $1.6, hard: $2}, monthly_tokens: {hard: 300_000}}]"
    outcome = reviewed(tmp_path, budgets, traffic=growing)
    assert outcome.report["budgets"][0]["crossings"] == [
        {"limit": "monthly_cost.soft", "month": "2026-12"},
        {"limit": "monthly_cost.hard", "month": "2027-03"},
        {"limit": "monthly_tokens.hard", "month": "2026-12"},
    ]


@pytest.mark.parametrize("growth", ["0%/month", "0.01%/month"])
def test_what_hardly_grows_crosses_nothing(tmp_path: Path, growth: str) -> None:
    traffic = ACME.replace("}", f", growth: {growth}}}")
    budgets = "[{name: t, match: {tenant: acme}, monthly_cost: {hard: $2}}]"
    outcome = reviewed(tmp_path, budgets, traffic=traffic)
    assert outcome.report["budgets"][0]["crossings"] == []


def test_a_workflow_broken_on_main_makes_a_touched_budget_unknown(tmp_path: Path) -> None:
    repository = Repository.create(tmp_path)
    budgets = "[{name: all, match: {}, monthly_cost: {hard: $9}}, {name: other, match: {tenant: globex}, monthly_cost: {hard: $9}}]"
    broken = {"prompts/b.txt": b"\xff\xfe\x00"}
    outcome = change(
        repository, files(93, budgets=budgets) | broken, files(94, budgets=budgets) | broken
    )
    verdicts = {item["name"]: item["verdict"] for item in outcome.report["budgets"]}
    assert verdicts == {"all": "needs-approval", "other": "warn"}
    assert outcome.report["month"]["unmeasured_workflows"] == 1
    assert "prompts/b.txt" in str(outcome.report["unmeasured"])


def test_a_change_that_concerns_no_workflow_measures_nothing(tmp_path: Path) -> None:
    repository = Repository.create(tmp_path)
    outcome = change(repository, files(93), {"readme.txt": "x"})
    assert (outcome.report["month"], outcome.report["slices"]) == (None, [])


AMOUNTS = st.fixed_dictionaries(
    {
        "words": st.tuples(st.integers(1, 60), st.integers(1, 60)),
        "calls": st.lists(st.integers(1, 10**6), min_size=1, max_size=3),
        "weight": st.integers(1, 7),
        "feature": st.sampled_from(["", "x", "y"]),
    }
)


def generated(
    workflows: list[dict[str, Any]], state: int, order: int = 1
) -> dict[str, str | bytes | None]:
    places = list(product(("acme", "globex"), ("prod", "dev")))
    settings_of = {}
    texts: dict[str, str | bytes | None] = {}
    for number, item in list(enumerate(workflows))[::order]:
        streams = [
            f"{{tenant: {places[index][0]}, environment: {places[index][1]}, calls: {calls}/month, output_tokens: 7}}"
            for index, calls in enumerate(item["calls"])
        ]
        samples = f"[{{name: s, weight: {item['weight']}, variables: {{t: {{tokens: 3}}}}}}, {{name: l, weight: 3, variables: {{t: {{tokens: 8}}}}}}]"
        settings_of[f"w{number}"] = workflow(
            f"prompts/{number}.j2",
            traffic=f"[{', '.join(streams)}]",
            feature=item["feature"],
            samples=samples,
        )
        texts[f"prompts/{number}.j2"] = "{{ t }}" + " word" * item["words"][state]
    return texts | {CONFIGURATION: configuration(settings_of)}


@given(st.lists(AMOUNTS, min_size=1, max_size=4))
@settings(max_examples=12, deadline=None)
def test_slices_add_up_along_every_dimension_whatever_the_order(
    workflows: list[dict[str, Any]],
) -> None:
    from tempfile import TemporaryDirectory

    reports = []
    for order in (1, -1):
        with TemporaryDirectory() as folder:
            repository = Repository.create(Path(folder))
            before, after = (generated(workflows, state, order) for state in (0, 1))
            reports.append(change(repository, before, after).report)
    report, turned = reports
    if not report["workflows"]:
        return
    for key in ("before_usd", "after_usd", "proposed_usd", "before_tokens", "after_tokens"):
        for dimension in {item["dimension"] for item in report["slices"]}:
            parts = [
                item["month"][key] for item in report["slices"] if item["dimension"] == dimension
            ]
            assert sum(map(Decimal, parts), Decimal(0)) == Decimal(report["month"][key])
    assert report["slices"] == turned["slices"]
    assert report["workflows"] == turned["workflows"]


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 200), st.integers(0, 200))
@settings(max_examples=15, deadline=None)
def test_a_tighter_budget_never_improves_a_verdict(
    before: int, after: int, limit: int, tighter_by: int
) -> None:
    from tempfile import TemporaryDirectory

    def verdict(cents: int) -> int:
        budgets = f"[{{name: t, match: {{}}, monthly_cost: {{hard: ${cents / 100:.2f}}}}}]"
        with TemporaryDirectory() as folder:
            outcome = reviewed(Path(folder), budgets, before=before, after=after)
        return SEVERITY.index(outcome.report["verdict"])

    if before != after:
        assert verdict(max(0, limit - tighter_by)) >= verdict(limit)
