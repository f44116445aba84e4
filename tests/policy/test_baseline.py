"""Growth since the pinned baseline: small steps add up, and nothing quietly moves the baseline."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reviewbot.cli import main
from reviewbot.errors import MeasurementError
from reviewbot.github.approvals.judging import approve
from reviewbot.policy.baseline import (
    Baseline,
    Pinned,
    PinnedSample,
    baseline_schema,
    in_order,
    pins_no_more,
    read_baseline,
    render_baseline,
)
from reviewbot.policy.fingerprint import report_items
from reviewbot.report import Verdict
from reviewbot.reports.reading import read_report
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    Outcome,
    configuration,
    review,
    tokens,
    workflow,
)

FILE = ".github/baseline.json"
ENVELOPE = "{increase: {hard: 10%}}"
INPUT_ONLY = "[{calls: 1000/month, output_tokens: 0}]"
OVERHEAD = 7
"""Tokens of a gpt-4o call beside those of its one message's text."""
PINNED = Pinned(
    model="openai/gpt-4o",
    encoding=None,
    max_tokens=None,
    prefix_tokens=1000,
    samples=(PinnedSample(name="static", weight=Decimal(1), input_tokens=1000),),
)


def settings(baseline: str = FILE, names: str = "w", **more: str) -> str:
    keys = {"envelope": ENVELOPE, "traffic": INPUT_ONLY} | more
    top = {"baseline": baseline} if baseline else {}
    return configuration({name: workflow(**keys) for name in names.split()}, **top)


def prompt(input_tokens: int) -> str:
    """A prompt whose call takes so many input tokens."""
    return tokens(input_tokens - OVERHEAD)


def command(repository: Repository, *arguments: str) -> Outcome:
    """Run `reviewbot baseline` there."""
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        code = main(["baseline", "--repo", str(repository.path), *arguments])
    return Outcome(code=int(code), out=out.getvalue(), errors=errors.getvalue())


def pinned(repository: Repository, input_tokens: int = 1000, **more: str) -> str:
    """Commit on main a prompt of so many tokens, and the baseline that the command makes of it."""
    commit = repository.commit({PROMPT: prompt(input_tokens), CONFIGURATION: settings(**more)})
    assert command(repository).code == 0
    repository.commit({}, "baseline")
    return commit


def text(repository: Repository) -> str:
    return (repository.path / FILE).read_text()


def edited(repository: Repository, **changes: Any) -> str:
    """The file with fields of its one workflow changed."""
    data = json.loads(text(repository))
    data["workflows"]["w"] |= changes
    return json.dumps(data)


def grown(input_tokens: int) -> dict[str, Any]:
    return {
        "prefix_tokens": input_tokens,
        "samples": [{"name": "static", "weight": "1", "input_tokens": input_tokens}],
    }


def findings(outcome: Outcome) -> list[tuple[str, str]]:
    return [(item["rule"], item["verdict"]) for item in outcome.report["findings"]]


def approved(outcome: Outcome) -> Verdict:
    """The verdict once somebody has agreed to all that asks for it."""
    report = read_report(outcome.out.encode(), file="report.json")
    return approve(report, (), report_items(report)).verdict


def stopped(outcome: Outcome) -> bool:
    return outcome.code == 1 and outcome.report["verdict"] in {"needs-approval", "fail"}


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


def test_a_pull_request_cannot_raise_its_own_baseline(repository: Repository) -> None:
    pinned(repository)
    repository.commit({PROMPT: prompt(1090)})
    repository.branch("work")
    repository.commit({PROMPT: prompt(1180)})
    assert command(repository).code == 0
    repository.commit({})
    outcome = review(repository)
    assert outcome.report["verdict"] == "fail"
    assert outcome.rules() == {"drift": "fail"}
    assert approved(outcome) is Verdict.FAIL
    (finding,) = outcome.report["findings"]
    assert (finding["rule"], finding["verdict"]) == ("loosened", "needs-approval")
    assert finding["text"] == (
        "the change moves the baseline of w: mean input tokens 1,000 → 1,180, "
        "prefix_tokens 997 → 1,177"
    )
    assert finding["place"] == {"file": FILE, "line": 6, "key": None}


def test_a_baseline_that_somebody_agreed_to_counts_from_then_on(repository: Repository) -> None:
    pinned(repository)
    repository.commit({PROMPT: prompt(1090)})
    repository.branch("update")
    assert "w: mean input tokens 1,000 → 1,090" in command(repository).out
    repository.commit({})
    update = review(repository)
    assert findings(update) == [("loosened", "needs-approval")]
    assert (update.report["workflows"], update.code) == ([], 1)
    assert approved(update) is Verdict.PASS
    repository.git("switch", "--quiet", "main")
    repository.git("merge", "--quiet", "--ff-only", "update")
    repository.branch("work")
    repository.commit({PROMPT: prompt(1180)})
    assert review(repository).report["verdict"] == "pass"


def test_an_approval_is_bound_to_the_baseline_that_was_shown(repository: Repository) -> None:
    pinned(repository)
    repository.branch("work")
    digests = set()
    for prefix in (0, 500):
        repository.commit({FILE: edited(repository, prefix_tokens=prefix)})
        digests.add(review(repository).report["evidence"])
    assert len(digests - {None}) == 2


def test_an_edit_of_the_baseline_alone_loads_no_tokenizer(repository: Repository) -> None:
    import subprocess
    import sys

    pinned(repository)
    repository.branch("work")
    repository.commit({FILE: edited(repository, **grown(5000))})
    program = (
        "import sys; from reviewbot.cli import main; code = main(['check']); "
        "print({'tiktoken', 'genai_prices', 'jinja2'} & {*sys.modules}); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=repository.path, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, b"set()")


@pytest.mark.parametrize(
    "changes",
    [
        grown(1001),
        {"model": "openai/gpt-4.1"},
        {"max_tokens": 5000},
        {"encoding": "o200k_base"},
        {"prefix_tokens": 998},
        {"samples": [{"name": "static", "weight": "2", "input_tokens": 1000}]},
        {"samples": [{"name": "other", "weight": "1", "input_tokens": 1000}]},
        {"samples": [*grown(1000)["samples"], {"name": "b", "weight": "9", "input_tokens": 9}]},
    ],
)
def test_every_other_entry_needs_approval(repository: Repository, changes: dict[str, Any]) -> None:
    pinned(repository)
    repository.branch("work")
    repository.commit({FILE: edited(repository, **changes)})
    outcome = review(repository)
    assert stopped(outcome)
    assert findings(outcome) == [("loosened", "needs-approval")]
    assert outcome.report["findings"][0]["place"]["file"] == FILE


def test_fewer_tokens_need_none(repository: Repository) -> None:
    pinned(repository)
    repository.branch("work")
    repository.commit({PROMPT: prompt(900)})
    assert command(repository).code == 0
    repository.commit({})
    outcome = review(repository)
    assert (outcome.code, findings(outcome)) == (0, [])


@pytest.mark.parametrize("content", [None, "", "{}", "{", '{"workflows": {}}', b"\xff"])
def test_a_baseline_that_is_gone_or_broken(
    repository: Repository, content: str | bytes | None
) -> None:
    pinned(repository)
    repository.branch("work")
    repository.commit({FILE: content})
    outcome = review(repository)
    assert stopped(outcome)
    (finding,) = outcome.report["findings"]
    assert finding["rule"] == "loosened"
    assert f"the change leaves no baseline to measure growth from: {FILE}" in finding["text"]


def test_a_baseline_without_its_workflows(repository: Repository) -> None:
    pinned(repository)
    repository.branch("work")
    repository.commit({FILE: json.dumps(json.loads(text(repository)) | {"workflows": {}})})
    outcome = review(repository)
    assert stopped(outcome)
    (finding,) = outcome.report["findings"]
    assert finding["text"].startswith(f"the change takes w out of the baseline {FILE}")


def test_a_renamed_workflow(repository: Repository) -> None:
    pinned(repository)
    repository.branch("work")
    renamed = text(repository).replace('"w":', '"v":')
    repository.commit({CONFIGURATION: settings(names="v"), FILE: renamed})
    outcome = review(repository)
    assert stopped(outcome)
    texts = "\n".join(item["text"] for item in outcome.report["findings"])
    assert "the change takes w out of the baseline" in texts
    assert "a renamed one has lost its limits" in texts


def test_a_workflow_renamed_in_the_baseline_alone(repository: Repository) -> None:
    pinned(repository)
    repository.branch("work")
    repository.commit({FILE: text(repository).replace('"w":', '"v":')})
    outcome = review(repository)
    assert stopped(outcome)
    assert findings(outcome) == [("loosened", "needs-approval")] * 2
    assert "for v cannot be held against anything" in outcome.report["findings"][1]["text"]


@pytest.mark.parametrize("other", ["", "other.json"])
def test_pointing_elsewhere(repository: Repository, other: str) -> None:
    pinned(repository)
    repository.branch("work")
    higher = edited(repository, **grown(5000))
    repository.commit({CONFIGURATION: settings(other), "other.json": higher})
    outcome = review(repository)
    assert stopped(outcome)
    texts = [item["text"] for item in outcome.report["findings"]]
    how = f"is changed from {FILE} to {other}" if other else f"is removed; it was {FILE}"
    assert f"`baseline` {how} (the base's value was used in this review)" in texts
    assert any("mean input tokens 1,000 → 5,000" in found for found in texts) == bool(other)


def test_a_symbolic_link(repository: Repository) -> None:
    pinned(repository)
    repository.branch("work")
    (repository.path / FILE).rename(repository.path / "real.json")
    (repository.path / FILE).symlink_to("../real.json")
    repository.commit({})
    for arguments in ((), ("--worktree",)):
        outcome = review(repository, *arguments)
        assert stopped(outcome)
        assert "symbolic link" in outcome.report["findings"][0]["text"]


def test_a_base_without_the_file_that_it_names(repository: Repository) -> None:
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings()})
    repository.branch("work")
    repository.commit({"README.md": "x"})
    assert review(repository).code == 0, "what concerns no workflow grows nothing"
    repository.commit({PROMPT: prompt(1001)})
    outcome = review(repository)
    assert stopped(outcome)
    assert findings(outcome) == [("drift", "needs-approval")]
    assert command(repository).code == 0
    repository.commit({})
    assert findings(review(repository)) == [("drift", "needs-approval")]


def test_a_base_whose_file_is_broken(repository: Repository) -> None:
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings(), FILE: '{"a": 1,}'})
    repository.branch("work")
    repository.commit({PROMPT: prompt(1001)})
    outcome = review(repository)
    assert stopped(outcome)
    assert f"{FILE}:1: this is not JSON" in outcome.report["findings"][0]["text"]


def test_a_baseline_is_introduced_with_its_key(repository: Repository) -> None:
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings("")})
    repository.branch("work")
    repository.commit({CONFIGURATION: settings()})
    assert findings(review(repository)) == [("drift", "warn")], "the key alone does nothing"
    assert command(repository).code == 0
    repository.commit({})
    outcome = review(repository)
    assert (outcome.code, findings(outcome)) == (0, [])
    note = f"growth is measured since the baseline in {FILE} once this change is merged"
    assert outcome.report["notes"] == [note]
    assert note in " ".join(review(repository, form="terminal").out.split())
    assert note in review(repository, form="markdown").out.replace("\\", "").replace("&#8203;", "")


def test_a_first_configuration_brings_its_baseline(repository: Repository) -> None:
    repository.commit({PROMPT: prompt(1000)})
    repository.branch("work")
    repository.commit({CONFIGURATION: settings()})
    assert command(repository).code == 0
    repository.commit({})
    outcome = review(repository)
    assert (outcome.code, findings(outcome)) == (0, [])


def test_an_introduced_baseline_is_what_is_measured(repository: Repository) -> None:
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings("")})
    repository.branch("work")
    repository.commit({CONFIGURATION: settings()})
    assert command(repository).code == 0
    repository.commit({FILE: edited(repository, **grown(3000))})
    outcome = review(repository)
    assert stopped(outcome)
    (finding,) = outcome.report["findings"]
    assert "is not what is measured: mean input tokens 1,000 → 3,000" in finding["text"]


def test_a_baseline_that_comes_with_its_samples(repository: Repository) -> None:
    template = {"prompts": "p.j2", "samples": "[{name: a, variables: {x: {tokens: 9}}}]"}
    repository.commit({"p.j2": tokens(900) + " {{ x }}", CONFIGURATION: settings("", **template)})
    repository.branch("work")
    more = template | {"samples": "[{name: a, variables: {x: {tokens: 99}}}]"}
    repository.commit({CONFIGURATION: settings(**more)})
    assert command(repository).code == 0
    repository.commit({})
    outcome = review(repository)
    assert (outcome.report["verdict"], findings(outcome)) == ("pass", [])


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


def test_the_command_gives_the_same_bytes(repository: Repository) -> None:
    commit = pinned(
        repository,
        names="b a",
        samples="[{name: y, variables: {}}, {name: x, weight: 2.50, variables: {}}]",
    )
    first = text(repository)
    read = read_baseline(first, file=FILE)
    assert read.commit == commit
    assert list(read.workflows) == ["a", "b"]
    assert [(item.name, str(item.weight)) for item in read.workflows["a"].samples] == [
        ("x", "2.5"),
        ("y", "1"),
    ]
    assert command(repository, "--output", "-", "--head", commit).out == first
    assert command(repository, "--output", "-").errors == "2 workflows unchanged\n"
    assert first.isascii()


def test_the_command_measures_the_work_tree_and_the_index(repository: Repository) -> None:
    pinned(repository)
    repository.write({PROMPT: prompt(1200)})
    repository.git("add", "--all")
    repository.write({PROMPT: prompt(1300)})
    sizes = [
        read_baseline(command(repository, "--output", "-", *options).out, file=FILE)
        .workflows["w"]
        .mean_input_tokens
        for options in ([], ["--staged"], ["--worktree"])
    ]
    assert sizes == [1000, 1200, 1300]


def test_the_command_writes_elsewhere(repository: Repository, tmp_path: Path) -> None:
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings("")})
    without = command(repository)
    assert without.code == 2
    assert "names no `baseline`" in without.errors
    place = tmp_path / "elsewhere" / "b.json"
    assert command(repository, "--output", str(place)).code == 0
    assert read_baseline(place.read_text(), file="b.json").workflows.keys() == {"w"}
    assert [item.name for item in place.parent.iterdir()] == ["b.json"]


def test_the_command_says_what_is_removed(repository: Repository) -> None:
    pinned(repository, names="v w")
    repository.commit({CONFIGURATION: settings()})
    assert command(repository).out.startswith("v: removed\n1 workflow unchanged\n")


def test_the_command_writes_nothing_where_something_is_unmeasured(repository: Repository) -> None:
    pinned(repository)
    before = text(repository)
    workflows = {"w": workflow(), "v": workflow("p.j2"), "u": workflow(model="openai/unknown-1")}
    broken = configuration(workflows, baseline=FILE)
    repository.commit({CONFIGURATION: broken, "p.j2": "{{ a"})
    outcome = command(repository)
    assert outcome.code == 3
    assert "p.j2" in outcome.errors
    assert "unknown-1" in outcome.errors
    assert text(repository) == before


@pytest.mark.parametrize("is_folder", [True, False])
def test_the_command_follows_no_link(
    repository: Repository, tmp_path: Path, *, is_folder: bool
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "b.json").write_text("mine")
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings("metrics/b.json")})
    if is_folder:
        (repository.path / "metrics").symlink_to(outside)
    else:
        (repository.path / "metrics").mkdir()
        (repository.path / "metrics/b.json").symlink_to(outside / "b.json")
    outcome = command(repository)
    assert outcome.code == 2
    assert "symbolic link" in outcome.errors
    assert [item.read_text() for item in outside.iterdir()] == ["mine"]


def test_the_command_writes_nothing_into_a_bare_repository(
    repository: Repository, tmp_path: Path
) -> None:
    pinned(repository)
    bare = Repository(tmp_path / "bare")
    repository.git("clone", "--quiet", "--bare", str(repository.path), str(bare.path))
    outcome = command(bare)
    assert outcome.code == 2
    assert "no work tree" in outcome.errors
    assert command(bare, "--output", "-").code == 0


def test_what_the_command_says_hides_nothing(repository: Repository) -> None:
    model = "openai/gpt-4o\N{RIGHT-TO-LEFT OVERRIDE}"
    pinned(repository)
    repository.commit({FILE: edited(repository, model=model)})
    assert "\\u202e" in command(repository).out


def test_the_command_replaces_files_only(repository: Repository, tmp_path: Path) -> None:
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings()})
    for place in ("/dev/null", str(tmp_path), f"{CONFIGURATION}/b.json"):
        target = place if place.startswith("/") else str(repository.path / place)
        outcome = command(repository, "--output", target)
        assert outcome.code == 2, place
        assert "--output" in outcome.errors


WRONG: list[tuple[Any, str]] = [
    (("schema_version", 2), "Invalid enum value 2"),
    (("schema_version", "1"), "Expected `int`, got `str`"),
    (("extra", 1), "Object contains unknown field `extra`"),
    (("extra" * 999, 1), "Object contains unknown field `extraextra"),
    (("commit", "main"), "Expected `str` matching regex '^[0-9a-f]{40}"),
    (("commit", "a" * 40 + "\n"), "Expected `str` matching regex '^[0-9a-f]{40}"),
    (("commit", None), "Expected `str`, got `null`"),
    (("reviewbot_version", 1), "Expected `str`, got `int`"),
    (("workflows", []), "Expected `object`, got `array`"),
    (("workflows", {"w": {}}), "Object missing required field `model`"),
    (("workflows", {"\n": {}}), "Object missing required field `model`"),
    (("model", 4), "Expected `str`, got `int`"),
    (("encoding", 4), "Expected `str | null`, got `int`"),
    (("max_tokens", -1), "Expected `int` >= 0"),
    (("max_tokens", 10**19), "Expected `int` <= 1000000000000000000"),
    (("max_tokens", 1.5), "Expected `int | null`, got `float`"),
    (("max_tokens", True), "Expected `int | null`, got `bool`"),
    (("prefix_tokens", None), "Expected `int`, got `null`"),
    (("samples", []), "Expected `array` of length >= 1"),
    (("samples", {}), "Expected `array`, got `object`"),
    (("samples", [{"name": "a", "weight": "0", "input_tokens": 1}]), "no number above zero"),
    (("samples", [{"name": "a", "weight": "NaN", "input_tokens": 1}]), "no number above zero"),
    (("samples", [{"name": "a", "weight": "1e99", "input_tokens": 1}]), "no number above zero"),
    (("samples", [{"name": "a", "weight": "1", "input_tokens": "1"}]), "Expected `int`, got"),
]


@pytest.mark.parametrize(("change", "message"), WRONG)
def test_wrong_files_are_refused_by_name(change: tuple[str, Any], message: str) -> None:
    good = Baseline(file=FILE, commit="0" * 40, reviewbot_version="1", workflows={"w": PINNED})
    data = json.loads(render_baseline(good))
    key, value = change
    (data["workflows"]["w"] if key in data["workflows"]["w"] else data)[key] = value
    with pytest.raises(MeasurementError, match=r".+") as caught:
        read_baseline(json.dumps(data, indent=1), file=FILE)
    problem = caught.value.problems[0]
    assert message in problem.what
    assert len(problem.what) < 250
    assert problem.mend == "write it anew: `reviewbot baseline`"
    assert problem.place is not None
    assert problem.place.file == FILE
    assert problem.place.line is not None
    assert key in str(problem.place.key) or key not in data["workflows"].get("w", {})


def test_wrong_workflows_are_all_named_at_their_lines() -> None:
    flows = {"a b": PINNED, "v": PINNED, "w": PINNED}
    good = Baseline(file=FILE, commit="0" * 40, reviewbot_version="1", workflows=flows)
    data = json.loads(render_baseline(good))
    data["workflows"]["a b"]["samples"][0]["input_tokens"] = -1
    data["workflows"]["w"]["model"] = 4
    with pytest.raises(MeasurementError) as caught:
        read_baseline(json.dumps(data, indent=1), file=FILE)
    places = [str(problem.place) for problem in caught.value.problems]
    assert places == [
        f"{FILE}:13 (workflows.'a b'.samples[0].input_tokens)",
        f"{FILE}:35 (workflows.w.model)",
    ]


@pytest.mark.parametrize("name", ["", "\n", "w\n", "a" * 101, "-", "<b>"])
def test_a_workflow_without_a_possible_name_is_refused(name: str) -> None:
    good = Baseline(file=FILE, commit="0" * 40, reviewbot_version="1", workflows={"w": PINNED})
    data = json.loads(render_baseline(good))
    data["workflows"] = {name: data["workflows"]["w"]}
    with pytest.raises(MeasurementError, match="matching regex"):
        read_baseline(json.dumps(data), file=FILE)


def test_a_key_that_stands_twice_is_refused() -> None:
    doubled = '{"commit": "a",\n"commit": "b"}'
    with pytest.raises(MeasurementError, match=f"{FILE}:2: the key 'commit' stands in line 1"):
        read_baseline(doubled, file=FILE)


PINS = st.builds(
    Pinned,
    model=st.text(max_size=20),
    encoding=st.none() | st.just("o200k_base"),
    max_tokens=st.none() | st.integers(0, 10**9),
    prefix_tokens=st.integers(0, 10**9),
    samples=st.lists(
        st.builds(
            PinnedSample,
            name=st.text(max_size=20),
            weight=st.decimals("0.001", 10**6, places=3),
            input_tokens=st.integers(0, 10**9),
        ),
        min_size=1,
        max_size=4,
    ).map(lambda items: in_order(tuple(items))),
)


@given(st.dictionaries(st.from_regex(r"[a-z][a-z ./]{0,9}", fullmatch=True), PINS, max_size=3))
def test_a_file_read_back_says_the_same(workflows: dict[str, Pinned]) -> None:
    written = Baseline(file=FILE, commit="a" * 64, reviewbot_version="1", workflows=workflows)
    rendered = render_baseline(written)
    read = read_baseline(rendered, file=FILE)
    assert replace(read, lines={}) == written
    assert render_baseline(read) == rendered
    lines = rendered.splitlines()
    assert all(lines[line - 1].startswith(f'    "{name}": {{') for name, line in read.lines.items())
    jsonschema.Draft202012Validator(baseline_schema()).validate(json.loads(rendered))


def test_the_schema_is_published(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "baseline"]) == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["title"] == "reviewbot baseline"


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


def entry(input_tokens: int, prefix: int, model: str = "openai/gpt-4o") -> Pinned:
    sample = PinnedSample(name="a", weight=Decimal(1), input_tokens=input_tokens)
    return replace(PINNED, model=model, prefix_tokens=prefix, samples=(sample,))


def test_all_of_a_prefix_counts_where_no_rule_is_known() -> None:
    model = "acme/unheard-of"
    assert pins_no_more(entry(100, 100, model), entry(90, 90, model))
    assert not pins_no_more(entry(100, 100, model), entry(90, 80, model))
