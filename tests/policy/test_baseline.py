"""Growth since the pinned baseline: small steps add up."""

import json

import pytest

from reviewbot.policy.baseline import (
    pins_no_more,
)
from tests.support.pinning import (
    ENVELOPE,
    FILE,
    INPUT_ONLY,
    command,
    edited,
    entry,
    findings,
    grown,
    pinned,
    prompt,
    settings,
    stopped,
    text,
)
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    configuration,
    review,
    workflow,
)


def steps(repository: Repository, baseline: str) -> list[str]:
    """The verdicts of ten changes of +9% each, merged one after another until one fails."""
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings(baseline)})
    if baseline:
        assert command(repository).code == 0
        repository.commit({}, "baseline")
    size, verdicts = 1000, []
    for step in range(10):
        size = size * 109 // 100
        repository.branch(f"step-{step}")
        repository.commit({PROMPT: prompt(size)})
        verdicts.append(review(repository).report["verdict"])
        if verdicts[-1] == "fail":
            break
        repository.git("switch", "--quiet", "main")
        repository.git("merge", "--quiet", "--ff-only", f"step-{step}")
    return verdicts


def test_ten_steps_pass_one_by_one(repository: Repository) -> None:
    assert steps(repository, "") == ["pass"] * 10


def test_the_baseline_stops_the_step_whose_sum_is_over(repository: Repository) -> None:
    assert steps(repository, FILE) == ["pass", "fail"]
    outcome = review(repository)
    (finding,) = outcome.workflow()["findings"]
    commit = repository.git("rev-parse", "main~2")
    # 1000 -> 1090 -> 1188 tokens: 188 over 1000
    assert (finding["rule"], finding["actual"], finding["limit"]) == ("drift", "0.188", "0.1")
    assert finding["text"] == f"over its hard limit since the baseline of {commit[:9]}"
    assert outcome.workflow()["increase"].startswith("0.0899")
    for form in ("terminal", "markdown"):
        assert "since the baseline" in review(repository, form=form).out


@pytest.mark.parametrize(
    ("limit", "verdict"),
    [
        ("{increase: {soft: 10%}}", "warn"),
        ("{increase: {soft: 5%, hard: 20%}}", "warn"),
        ("{increase: {hard: 10%}, approvable: true}", "needs-approval"),
        ("{increase: {hard: 19%}}", None),
        ("{monthly_cost: {hard: $9}}", None),
    ],
)
def test_the_limits_of_the_increase_hold(
    repository: Repository, limit: str, verdict: str | None
) -> None:
    pinned(repository, envelope=limit)
    repository.commit({PROMPT: prompt(1150)})
    repository.branch("work")
    repository.commit({PROMPT: prompt(1180)})
    assert review(repository).rules().get("drift") == verdict


def test_a_saving_passes_where_others_left_the_limit(repository: Repository) -> None:
    pinned(repository)
    repository.commit({PROMPT: prompt(1500)})
    repository.branch("work")
    repository.commit({PROMPT: prompt(1400)})
    outcome = review(repository)
    assert (outcome.code, outcome.rules()) == (0, {"drift": "warn"})


def test_traffic_and_prices_are_no_drift(repository: Repository) -> None:
    pinned(repository)
    more = settings(traffic="[{calls: 9000/month, output_tokens: 50}]")
    dearer = 'as_of: 2026-11-01, overrides: {openai/gpt-4o: {input: "9", output: "99"}}'
    repository.commit({CONFIGURATION: more.replace("as_of: 2026-11-01", dearer)})
    repository.branch("work")
    repository.commit({PROMPT: prompt(1001)})
    assert review(repository).rules() == {}


def test_the_cached_part_of_the_baseline_is_priced_as_cached(repository: Repository) -> None:
    cached = "[{calls: 1000/month, output_tokens: 0, cache_hit_rate: 100%}]"
    pinned(repository, 2000, traffic=cached, envelope="{increase: {hard: 0%}}")
    repository.branch("work")
    repository.commit({PROMPT: prompt(2001)})
    (finding,) = [
        item for item in review(repository).workflow()["findings"] if item["rule"] == "drift"
    ]
    # Of 2000 tokens 1920 are cached (1,024 and seven steps of 128) at half the price of the other
    # 80: as much as 1040; one token more is 1 of 1040.
    assert finding["actual"] == "0.000961538462"


def test_a_dearer_model_and_a_higher_cap_are_drift(repository: Repository) -> None:
    pinned(repository, model="openai/gpt-4o-mini")
    repository.branch("work")
    repository.commit({CONFIGURATION: settings(model="openai/gpt-4o")})
    assert review(repository).rules() == {"increase": "fail", "drift": "fail"}


def test_a_workflow_that_the_baseline_lacks(repository: Repository) -> None:
    pinned(repository)
    both = settings(names="v w")
    repository.commit({CONFIGURATION: both})
    repository.branch("work")
    repository.commit({PROMPT: prompt(1050)})
    outcome = review(repository)
    assert (outcome.rules("v"), outcome.rules("w"), outcome.code) == ({"drift": "warn"}, {}, 0)
    repository.git("switch", "--quiet", "main")
    repository.branch("pin")
    assert "v: new, mean input tokens 1,000\n1 workflow unchanged" in command(repository).out
    repository.commit({})
    outcome = review(repository)
    assert (outcome.code, findings(outcome)) == (0, [])
    data = json.loads(text(repository))
    data["workflows"]["v"] |= grown(2000)
    repository.commit({FILE: json.dumps(data)})
    assert stopped(review(repository)), "nobody can pin more than there is"


def test_a_new_workflow_has_no_baseline_yet(repository: Repository) -> None:
    repository.commit(
        {
            PROMPT: prompt(1000),
            CONFIGURATION: configuration(
                {"w": workflow()}, baseline=FILE, defaults=f"{{envelope: {ENVELOPE}}}"
            ),
        }
    )
    assert command(repository).code == 0
    repository.commit({}, "baseline")
    repository.branch("work")
    both = {"w": workflow(), "v": workflow()}
    limits = f"{{envelope: {ENVELOPE}}}"
    repository.commit({CONFIGURATION: configuration(both, baseline=FILE, defaults=limits)})
    outcome = review(repository)
    assert (outcome.code, outcome.rules("v")) == (0, {})
    assert outcome.workflow("v")["state"] == "new"


def test_a_workflow_that_comes_back_is_held_against_its_old_entry(repository: Repository) -> None:
    limits = f"{{envelope: {ENVELOPE}}}"
    both = {"w": workflow(traffic=INPUT_ONLY), "v": workflow("v.txt", traffic=INPUT_ONLY)}
    repository.commit(
        {
            PROMPT: prompt(1000),
            "v.txt": prompt(1000),
            CONFIGURATION: configuration(both, baseline=FILE, defaults=limits),
        }
    )
    assert command(repository).code == 0
    alone = configuration({"v": both["v"]}, baseline=FILE, defaults=limits)
    repository.commit({CONFIGURATION: alone, PROMPT: None})
    repository.branch("work")
    again = configuration(both, baseline=FILE, defaults=limits)
    repository.commit({CONFIGURATION: again, PROMPT: prompt(1500)})
    outcome = review(repository)
    assert (outcome.workflow()["state"], outcome.rules()) == ("new", {"drift": "fail"})


def test_a_branch_that_is_behind_keeps_what_it_edits_apart(repository: Repository) -> None:
    pinned(repository, names="v w")
    repository.branch("work")
    data = json.loads(text(repository))
    data["workflows"]["v"] |= {"prefix_tokens": 0}
    repository.commit({FILE: json.dumps(data)})
    repository.git("switch", "--quiet", "main")
    repository.commit({FILE: edited(repository, **grown(900))})
    repository.git("switch", "--quiet", "work")
    (finding,) = review(repository).report["findings"]
    assert "the baseline of v" in finding["text"]


def test_a_branch_that_is_behind_has_not_edited_the_baseline(repository: Repository) -> None:
    pinned(repository)
    repository.branch("work")
    repository.commit({PROMPT: prompt(1001)})
    repository.git("switch", "--quiet", "main")
    repository.commit({FILE: edited(repository, **grown(900))})
    repository.git("switch", "--quiet", "work")
    outcome = review(repository)
    assert (findings(outcome), outcome.rules()) == ([], {"drift": "fail"})


def test_other_samples_than_the_baseline_has(repository: Repository) -> None:
    pinned(repository)
    samples = "[{name: small, variables: {a: b}}]"
    repository.commit({CONFIGURATION: settings(samples=samples)})
    repository.branch("work")
    repository.commit({PROMPT: prompt(1001)})
    outcome = review(repository)
    assert outcome.rules() == {"drift": "warn"}
    assert "measured with other samples" in outcome.workflow()["findings"][0]["text"]


def test_a_pinned_model_without_a_price(repository: Repository) -> None:
    pinned(repository)
    repository.commit({FILE: edited(repository, model="openai/gpt-none", encoding="o200k_base")})
    repository.branch("work")
    repository.commit({PROMPT: prompt(1001)})
    outcome = review(repository)
    assert stopped(outcome)
    assert outcome.rules() == {"drift": "needs-approval"}


@pytest.mark.parametrize(
    ("tokens_now", "prefix_now", "is_fewer"),
    [
        (2000, 2000, True),
        (1999, 2000, True),
        (2001, 2000, False),
        (1872, 1872, True),  # 128 fewer, and one step of 128 less is cached
        (1999, 1999, True),  # both cache 1,920
        (1900, 1000, False),  # 100 fewer, but nothing is cached below 1,024
        (1999, 1900, False),  # one fewer, and a step less is cached
        (1999, 2100, False),  # more is cached, or written to the cache
    ],
)
def test_fewer_tokens_never_cost_more(tokens_now: int, prefix_now: int, *, is_fewer: bool) -> None:
    assert pins_no_more(entry(2000, 2000), entry(tokens_now, prefix_now)) == is_fewer


def test_all_of_a_prefix_counts_where_no_rule_is_known() -> None:
    model = "acme/unheard-of"
    assert pins_no_more(entry(100, 100, model), entry(90, 90, model))
    assert not pins_no_more(entry(100, 100, model), entry(90, 80, model))
