"""Edits of the configuration that weaken the gate are named with their lines."""

import re

import pytest

from reviewbot.configuration.settings import (
    Approval,
    Budget,
    Configuration,
    Coverage,
    Defaults,
    Envelope,
    Limit,
    Prices,
    Workflow,
)
from reviewbot.configuration.usage_settings import UsageSettings
from tests.support.gating import CHEATS, GATED, Files, edited, findings, gated, stopped
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    change,
    configuration,
    review,
    tokens,
    workflow,
)


@pytest.mark.parametrize("name", CHEATS)
def test_an_edit_that_loosens_is_named_with_its_line(repository: Repository, name: str) -> None:
    cheat = CHEATS[name]
    text = edited(cheat)
    outcome = change(repository, gated(), {CONFIGURATION: text})
    assert stopped(outcome)
    found = [it for it in findings(outcome) if it["place"] and it["place"]["key"] == cheat.key]
    assert {it["rule"] for it in found} == {cheat.rule}
    line = next(n for n, it in enumerate(text.splitlines(), 1) if cheat.line in it)
    assert {(it["place"]["file"], it["place"]["line"]) for it in found} == {(CONFIGURATION, line)}
    assert any(cheat.says in it["text"] for it in found)
    assert {it["verdict"] for it in found} == {"needs-approval"}


@pytest.mark.parametrize("form", ["terminal", "markdown"])
def test_values_and_keys_are_cut_and_inert(repository: Repository, form: str) -> None:
    name = "`<b>@acme/all\u202e" + "x" * 150
    text = GATED.replace("economy: [", f"economy: ['{name}', ").replace(
        "  overrides:\n", f"  overrides:\n    '{name}': {{input: '0', output: '0'}}\n"
    )
    outcome = change(repository, gated(), {CONFIGURATION: text}, form=form)
    assert outcome.code == 1
    assert "\u202e" not in outcome.out
    assert "x" * 80 not in outcome.out.replace("\n", "").replace(" ", "")
    assert form == "terminal" or not re.search(r"<b>|@acme", outcome.out)


@pytest.mark.parametrize("form", ["terminal", "markdown"])
def test_people_are_shown_file_and_line(repository: Repository, form: str) -> None:
    text = edited(CHEATS["raise a limit"])
    out = change(repository, gated(), {CONFIGURATION: text}, form=form).out
    line = text[: text.index("hard: $2_000")].count("\n") + 1
    assert f"{CONFIGURATION}:{line}:" in out


DOES_NOT_GOVERN = [
    name
    for name, cheat in CHEATS.items()
    if cheat.rule == "loosened" and not re.search(r"model|output cap|format", name)
]


@pytest.mark.parametrize("name", DOES_NOT_GOVERN)
def test_an_edit_that_loosens_buys_no_longer_prompt(repository: Repository, name: str) -> None:
    after = {CONFIGURATION: edited(CHEATS[name]), PROMPT: tokens(2000)}
    outcome = change(repository, gated(), after)
    assert stopped(outcome, "fail")
    rules = {it["rule"] for it in findings(outcome) if it["verdict"] == "fail"}
    assert rules == {"monthly_cost", "increase"}


TIGHTENINGS = {
    "a lower limit": ("hard: $3", "hard: $2.9"),
    "a further limit": ("    envelope:\n      inc", "    envelope:\n      input_tokens: {soft: 8_000, hard: 8_500}\n      inc"),
    "a further default limit": ("input_tokens: {hard: 9_000}", "input_tokens: {soft: 8_000, hard: 9_000}"),
    "more calls": ("calls: 1000/month", "calls: 1010/month"),
    "a lower high_cost": ("high_cost: $5", "high_cost: $4"),
    "a budget that covers more": ("match: {tenant: acme}", "match: {}"),
    "a smaller budget": ("hard: $50", "hard: $45"),
    "a further budget": ("budgets:\n", "budgets:\n  - {name: more, match: {feature: support}, monthly_cost: {hard: $9}}\n"),
    "no label": ("  label: cost-ok\n", ""),
    "more coverage": ("['prompts/*.txt']", "['prompts/*.txt', 'prompts/*.j2']"),
    "a higher output cap": ("max_tokens: 200", "max_tokens: 201"),
    "a lower output cap above the answers": ("max_tokens: 200", "max_tokens: 100"),
    "a lower default output cap above the answers": ("max_tokens: 300", "max_tokens: 10"),
    "less complexity": ("complexity: low", "complexity: low # still"),
    "a comment and another spelling": ("calls: 1000/month", "calls: 1_000/month"),
}  # fmt: skip


@pytest.mark.parametrize("name", TIGHTENINGS)
def test_a_tightening_needs_no_approval(repository: Repository, name: str) -> None:
    old, new = TIGHTENINGS[name]
    assert GATED.count(old) == 1
    outcome = change(repository, gated(), {CONFIGURATION: GATED.replace(old, new)})
    assert (outcome.code, findings(outcome)) == (0, [])


@pytest.mark.parametrize(
    ("before", "after"),
    [("strict: true", "strict: false"), ("complexity: low", "complexity: high")],
)
def test_the_way_back_is_a_tightening(repository: Repository, before: str, after: str) -> None:
    loose = GATED.replace(before, after)
    assert change(repository, gated(loose), {CONFIGURATION: GATED}).code == 0


@pytest.mark.parametrize(
    ("approvers", "said"),
    [
        ("['@octocat', acme/finops]", None),
        ("[OctoCat, '@Acme/FinOps']", None),
        ("[ocotcat, '@acme/finops']", "gains ocotcat (not used in this review); did you mean octo"),
        ("[octocat, '@acme/fniops']", "gains @acme/fniops (not used in this review); did you mean"),
        ("[octocat, ocotcat, '@acme/finops']", "gains ocotcat (not used in this review)"),
    ],
)
def test_an_approver_that_is_written_otherwise_is_no_other(
    repository: Repository, approvers: str, said: str | None
) -> None:
    text = re.sub(r"(?ms)^approval:.*?(?=^\w)", "", GATED)
    text += "approval: {approvers: §}\n"
    before = gated() | {CONFIGURATION: text.replace("§", "[octocat, '@acme/finops']")}
    outcome = change(repository, before, {CONFIGURATION: text.replace("§", approvers)})
    told = [it["text"] for it in findings(outcome) if "approvers" in it["text"]]
    assert len(told) == (said is not None)
    assert said is None or said in told[0]
    assert "did you mean" in (said or "") or "did you mean" not in "".join(told)


def test_fewer_approvers_need_no_approval(repository: Repository) -> None:
    two = GATED.replace("    - octocat\n", "    - octocat\n    - author\n")
    assert change(repository, gated(two), {CONFIGURATION: GATED}).code == 0


def test_a_stream_that_leaves_names_its_calls(repository: Repository) -> None:
    one = "- {tenant: a, calls: 9/day, output_tokens: 1}"
    two = GATED.replace("    traffic:\n", f"    traffic:\n      {one}\n")
    outcome = change(repository, gated(two), {CONFIGURATION: GATED})
    assert stopped(outcome)
    (found,) = [it for it in findings(outcome) if "loses" in it["text"]]
    assert found["text"].startswith("`workflows.w.traffic` loses 273.9375/month (a, standard)")
    assert found["place"]["line"] == GATED[: GATED.index("    traffic:")].count("\n") + 1


def test_more_calls_of_one_stream_dilute_the_mean_of_a_call(repository: Repository) -> None:
    one = "      - {tenant: a, calls: 9/day, output_tokens: 1}\n"
    two = GATED.replace("    traffic:\n", f"    traffic:\n{one}")
    outcome = change(repository, gated(two), {CONFIGURATION: two.replace("9/day", "900/day")})
    assert stopped(outcome)
    assert "`workflows.w.traffic[0].calls` is raised" in findings(outcome)[0]["text"]


def test_what_main_tightened_since_is_not_loosened_by_this_branch(repository: Repository) -> None:
    repository.commit(gated())
    repository.branch("work")
    repository.commit({CONFIGURATION: GATED.replace("high_cost: $5", "high_cost: $4")})
    repository.git("switch", "--quiet", "main")
    repository.commit({CONFIGURATION: GATED.replace("hard: $3", "hard: $2.50")})
    repository.git("switch", "--quiet", "work")
    outcome = review(repository)
    assert (outcome.code, findings(outcome)) == (0, [])


def test_many_loosenings_are_folded(repository: Repository) -> None:
    names = [f"p{number}" for number in range(30)]
    more = GATED.replace("    - octocat\n", "".join(f"    - {n}\n" for n in ["octocat", *names]))
    outcome = change(repository, gated(), {CONFIGURATION: more})
    assert stopped(outcome)
    texts = [it["text"] for it in outcome.report["findings"]]
    assert len(texts) == 21
    assert texts[-1] == "and 10 more settings are loosened"


def test_an_approval_holds_where_lines_move_and_not_where_values_do(
    repository: Repository,
) -> None:
    def evidence(text: str) -> tuple[str, str, int]:
        repository.commit({CONFIGURATION: text})
        report = review(repository).report
        (one,) = report["workflows"]
        return (
            report["configuration_evidence"],
            one["evidence"],
            next(it["place"]["line"] for it in one["findings"] if it["place"]),
        )

    repository.commit(gated())
    repository.branch("work")
    loose = GATED.replace("hard: $3", "hard: $30").replace("high_cost: $5", "high_cost: $50")
    first, moved = evidence(loose), evidence(f"# a remark\n\n{loose}")
    assert first[:2] == moved[:2]
    assert moved[2] == first[2] + 2
    assert evidence(loose.replace("$50\n", "$51\n"))[0] != first[0]
    assert evidence(loose.replace("$30", "$31"))[1] != first[1]


def test_a_prompt_moved_to_a_new_workflow(repository: Repository) -> None:
    two = GATED.replace("      - prompts/system.txt\n", "") + (
        "  n: {prompts: prompts/system.txt, traffic: [{calls: 1/year, output_tokens: 1}]}\n"
    )
    outcome = change(repository, gated(), {CONFIGURATION: two, PROMPT: tokens(9000)})
    assert outcome.code == 1
    (found,) = [it for it in findings(outcome) if it["rule"] == "removed"]
    assert found["place"]["key"] == "workflows.w.prompts"
    assert "prompts/system.txt" in found["text"]


def test_a_workflow_that_is_renamed_or_deleted(repository: Repository) -> None:
    renamed = GATED.replace("  w:\n", "  v:\n")
    outcome = change(repository, gated(), {CONFIGURATION: renamed, PROMPT: tokens(9000)})
    assert outcome.code == 1
    by_key = {it["place"]["key"]: it for it in findings(outcome) if it["place"]}
    line = renamed[: renamed.index("  v:")].count("\n") + 1
    assert by_key["workflows.v"]["place"]["line"] == line
    assert by_key[None]["text"].endswith("; delete that too, or keep the workflow")
    assert by_key[None]["place"]["line"] is None, "no line of another key"


def test_a_workflow_whose_prompt_lives_on_outside_of_all(repository: Repository) -> None:
    two = GATED + "  x: {prompts: prompts/small.txt}\n"
    gone: Files = {"prompts/small.txt": None, "prompts/other.md": tokens(5000)}
    outcome = change(repository, gated(two), {CONFIGURATION: GATED, **gone})
    assert stopped(outcome)
    (found,) = findings(outcome)
    assert found["text"].endswith("changes: prompts/other.md")
    assert found["place"]["key"] == "workflows"


def test_a_partial_that_is_swapped_is_measured(repository: Repository) -> None:
    files = gated() | {"prompts/t.j2": "{% include 'p.j2' %}", "prompts/p.j2": "{{ a }}"}
    larger = {"prompts/t.j2": "{% include 'q.j2' %}", "prompts/q.j2": tokens(2000) + "{{ a }}"}
    assert stopped(change(repository, files, larger), "fail")


def test_a_second_configuration_has_no_effect(repository: Repository) -> None:
    loose = GATED.replace("hard: $3", "hard: $3_000").replace("hard: 5%", "hard: 500_000%")
    more = {"reviewbot.yml": loose, ".github/reviewbot.yaml": loose, PROMPT: tokens(2000)}
    outcome = change(repository, gated(), more)
    assert stopped(outcome, "fail")
    assert outcome.report["configuration"] == CONFIGURATION


def test_a_configuration_that_becomes_a_link(repository: Repository) -> None:
    repository.commit(gated())
    repository.branch("work")
    repository.write({CONFIGURATION: None, "loose.yml": GATED.replace("hard: $3", "hard: $3_000")})
    (repository.path / CONFIGURATION).symlink_to("../loose.yml")
    repository.commit({PROMPT: tokens(2000)})
    outcome = review(repository)
    assert outcome.code == 2
    assert f"{CONFIGURATION}: " in outcome.errors


LOGS = "{sources: [{format: litellm, paths: [logs/*.jsonl]}]}"


@pytest.mark.parametrize(
    ("after", "code"),
    [
        (LOGS, 0),
        (LOGS.replace("logs/", "other/"), 1),
        (LOGS[:-1] + ", tolerance: {calls: 90%}}", 1),
        (LOGS[:-1] + ", tolerance: {calls: 10%}}", 0),
        ("", 1),
    ],
)
def test_what_is_read_of_logs_is_governed(repository: Repository, after: str, code: int) -> None:
    more = {"usage": after} if after else {}
    outcome = change(
        repository,
        {CONFIGURATION: configuration({"w": workflow()}, usage=LOGS), PROMPT: tokens(10)},
        {CONFIGURATION: "# a line more\n" + configuration({"w": workflow()}, **more)},
    )
    assert outcome.code == code, outcome.out


def test_the_first_logs_need_no_approval(repository: Repository) -> None:
    outcome = change(
        repository,
        {CONFIGURATION: configuration({"w": workflow()}), PROMPT: tokens(10)},
        {CONFIGURATION: configuration({"w": workflow()}, usage=LOGS)},
    )
    assert outcome.code == 0, outcome.out


def test_every_setting_is_judged_or_known_to_need_no_judgement() -> None:
    """A new setting belongs in `edits`; until it is there, this fails."""
    measured = {"name", "place", "prompts", "tools", "samples"}
    judged = {"traffic", "model", "encoding", "counts_as", "max_tokens", "envelope", "templates"}
    judged |= {"assumed"}
    labels = {"feature", "owner", "complexity"}
    assert {*Workflow.__struct_fields__} == measured | judged | labels
    assert {*Configuration.__struct_fields__} == {
        *("file", "workflows", "prices", "tiers", "defaults"),
        *("high_cost_usd_per_month", "approval", "budgets", "coverage", "baseline", "usage"),
    }
    assert {*UsageSettings.__struct_fields__} == {
        *("sources", "file", "tolerance", "content", "stale_after_days"),
    }
    limits = {"input_tokens", "cost_per_call", "monthly_cost", "increase", "approvable"}
    assert {*Envelope.__struct_fields__} == limits
    assert {*Limit.__struct_fields__} == {"soft", "hard"}
    assert {*Budget.__struct_fields__} == {
        *("name", "match", "place", "monthly_cost", "monthly_tokens", "approvable"),
    }
    assert {*Approval.__struct_fields__} == {"approvers", "label", "strict", "expires_after_days"}
    assert {*Defaults.__struct_fields__} == {
        *("model", "max_tokens", "traffic", "envelope", "templates", "assumed"),
    }
    names = {"prompts", "ignore", "new_prompts", "unseen_tokens"}
    assert {*Coverage.__struct_fields__} == names
    assert {*Prices.__struct_fields__} == {"as_of", "catalogue", "catalogue_file", "overrides"}
