"""The action against a GitHub of our own: what its users see, and what it writes."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.acting import PATIENT, Run, Site, pull_request
from tests.support.pull_requests import HARD, bodies, push, queue, start, writes
from tests.support.repetitions import examples
from tests.support.reviewing import CONFIGURATION, PROMPT, configuration, tokens, workflow


def test_a_pull_request_over_a_hard_limit(site: Site) -> None:
    start(site)
    run = site.act("pull_request", pull_request(push(site, 30)))
    assert run.code == 1
    (body,) = bodies(site)
    assert "## ❌ w costs \\$1.09 a month, under a cent over its hard limit of \\$1.09\n" in body
    assert "\\$1.04 → \\$1.09 a month \\(+\\$0.05\\)" in body
    assert "::error title=reviewbot%3A w,file=prompts/system.txt,line=1,endLine=1::" in run.log
    assert "reviewbot: fail" in run.summary
    assert run.outputs == {
        "verdict": "fail",
        "monthly-usd-before": "1.0425",
        "monthly-usd-after": "1.0925",
        "monthly-usd-delta": "0.0500",
        "report": str(run.folder / "reviewbot-report.json"),
        "page": str(run.folder / "reviewbot-report.html"),
        "comment-url": run.outputs["comment-url"],
    }
    assert "/pull/1#issuecomment-" in run.outputs["comment-url"]
    assert run.report["pull_request"] == 1
    page = (run.folder / "reviewbot-report.html").read_text()
    assert "<h1>" in page
    assert "w costs $1.09 a month" in page


def test_a_repository_without_a_configuration_is_reviewed_and_never_fails(site: Site) -> None:
    site.repository.commit({"prompts/answer/system.md": tokens(10)})
    site.repository.branch("work")
    run = site.act("pull_request", pull_request(push(site, 30)))
    assert run.code == 0
    (body,) = bodies(site)
    assert "There is no .github/reviewbot.yml" in body.replace("\\", "")
    assert "1,000 calls a month" in body


def test_nothing_to_say_is_not_said(site: Site) -> None:
    start(site)
    head = site.repository.commit({"README.md": "x"})
    site.server.pull(1, head=head, author="author")
    run = site.act("pull_request", pull_request(head, action="opened"))
    assert (run.code, run.outputs["verdict"], bodies(site)) == (0, "pass", [])
    assert "The change concerns no workflow" in run.summary


def test_one_comment_is_kept_up_to_date(site: Site) -> None:
    start(site)
    head = push(site, 30)
    for index in range(7):  # more than a page
        site.server.comment(f"user{index}", "hello")
    site.act("pull_request", pull_request(head), run_id=1)
    site.act("pull_request", pull_request(push(site, 40)), run_id=2)
    own = [body for body in bodies(site) if body.startswith("<!-- reviewbot ")]
    assert len(own) == 1
    assert "\\$1.04 → \\$1.12" in own[0]
    site.act("pull_request", pull_request(push(site, 10, **{"x.txt": "x"})), run_id=3)
    own = [body for body in bodies(site) if body.startswith("<!-- reviewbot ")]
    assert len(own) == 1
    assert "The change concerns no workflow" in own[0]


def test_the_same_review_again_writes_nothing(site: Site) -> None:
    start(site)
    head = push(site, 30)
    site.act("pull_request", pull_request(head), run_id=1)
    site.act("pull_request", pull_request(head), run_id=2)
    assert writes(site) == ["POST /repos/acme/prompts/issues/1/comments"]


def test_a_marker_by_somebody_else_is_not_ours(site: Site) -> None:
    start(site)
    head = push(site, 30)
    site.act("pull_request", pull_request(head))
    forged = bodies(site)[0].replace("fail", "pass")
    site.server.comments.clear()
    site.server.comment("author", forged)
    site.act("pull_request", pull_request(head))
    assert bodies(site)[0] == forged
    assert len(bodies(site)) == 2


def test_two_configurations_have_a_comment_each(site: Site) -> None:
    other = configuration({"v": workflow(envelope=HARD)})
    site.repository.commit({"other.yml": other})
    start(site)
    head = push(site, 30)
    site.act("pull_request", pull_request(head))
    site.act("pull_request", pull_request(head), config="other.yml")
    assert len(bodies(site)) == 2


def test_an_older_run_does_not_overwrite_a_newer_one(site: Site) -> None:
    start(site)
    old = push(site, 30)
    new = push(site, 40)
    site.act("pull_request", pull_request(new), run_id=2)
    run = site.act("pull_request", pull_request(old), run_id=1)
    assert run.code == 1, "its own check fails all the same"
    assert ["\\$1.12" in body for body in bodies(site)] == [True]
    assert "a newer commit" in run.log


def test_a_broken_configuration_replaces_the_comment(site: Site) -> None:
    start(site)
    site.act("pull_request", pull_request(push(site, 30)))
    head = push(site, 30, **{CONFIGURATION: "version: 1\nbudget: {}\n"})
    run = site.act("pull_request", pull_request(head), run_id=2)
    assert run.code == 2
    (body,) = bodies(site)
    assert "there is no review" in body
    assert "budget" in body
    assert "::error title=reviewbot,file=.github/reviewbot.yml,line=2::" in run.log
    assert run.outputs["verdict"] == "unmeasured"
    assert "budget" in Path(run.outputs["page"]).read_text("utf-8")


@pytest.mark.parametrize(
    ("fail_on", "count", "code"),
    [("fail", 30, 1), ("never", 30, 0), ("warn", 30, 1), ("fail", 20, 0), ("warn", 20, 1)],
)
def test_fail_on(site: Site, fail_on: str, count: int, code: int) -> None:
    start(site, "{monthly_cost: {soft: $1.05, hard: $1.09}}")
    run = site.act("pull_request", pull_request(push(site, count)), fail_on=fail_on)
    assert run.code == code


@pytest.mark.parametrize(("count", "code"), [(11, 0), (20, 1)])
def test_what_is_measured_fails_no_change_by_itself(site: Site, count: int, code: int) -> None:
    """The aggregate is stale: no pull request can mend it, and a soft limit that breaks still fails."""
    stale = {"version": 1, "since": "2026-01-01", "until": "2026-01-31", "streams": []}
    site.repository.commit({".github/reviewbot-usage.json": json.dumps(stale)})
    start(site, "{monthly_cost: {soft: $1.05, hard: $1.09}}")
    run = site.act("pull_request", pull_request(push(site, count)), fail_on="warn")
    assert "measured traffic is stale" in run.summary.replace("\\", "")
    assert (run.code, run.outputs["verdict"]) == (code, "warn")


def test_never_still_fails_on_an_error(site: Site) -> None:
    start(site)
    head = push(site, 30, **{CONFIGURATION: "version: 2\n"})
    assert site.act("pull_request", pull_request(head), fail_on="never").code == 2


@pytest.mark.parametrize(
    ("dry_run", "comment", "token"),
    [("true", "update", "ghs_x"), ("false", "off", "ghs_x"), ("false", "update", "")],
)
def test_what_is_not_to_be_written(site: Site, dry_run: str, comment: str, token: str) -> None:
    start(site)
    event = pull_request(push(site, 30))
    run = site.act("pull_request", event, dry_run=dry_run, comment=comment, token=token)
    assert (run.code, run.outputs["verdict"], writes(site)) == (1, "fail", [])
    assert ("the comment would be" in run.log) == (dry_run == "true")


def test_a_fork_is_reviewed_and_not_written_to(site: Site) -> None:
    start(site)
    site.server.permissions = {"contents:read", "pull-requests:read"}
    event = pull_request(push(site, 30), repository="stranger/prompts")
    run = site.act("pull_request", event)
    assert (run.code, writes(site)) == (1, [])
    assert "workflow_run" in run.log


def test_a_shallow_checkout_is_enough_and_is_not_changed(site: Site, tmp_path: Path) -> None:
    start(site)
    site.repository.commit({"a.txt": "a"})
    head = push(site, 30)
    site.repository.git("switch", "--quiet", "main")
    site.repository.commit({"b.txt": "b"})
    clone = tmp_path / "clone"
    url = f"{site.server.url}/acme/prompts"
    subprocess.run(
        ["git", "clone", "--quiet", "--depth=1", "--branch=main", url, str(clone)], check=True
    )
    before = {path: path.stat().st_mtime_ns for path in clone.rglob("*")}
    run = site.act("pull_request", pull_request(head), checkout=clone)
    assert (run.code, run.outputs["verdict"]) == (1, "fail")
    assert run.report["revisions"]["merge_base"] == site.repository.git("merge-base", "main", head)
    assert {path: path.stat().st_mtime_ns for path in clone.rglob("*")} == before


def test_the_base_is_the_branch_of_now(site: Site) -> None:
    """Main tightened its limit after the branch left it, and after the event was made."""
    start(site, "{monthly_cost: {hard: $2}}")
    head = push(site, 30)
    site.repository.git("switch", "--quiet", "main")
    tight = configuration({"w": workflow(envelope=HARD)})
    site.repository.commit({CONFIGURATION: tight})
    assert site.act("pull_request", pull_request(head)).code == 1


def test_a_commit_that_cannot_be_fetched_fails_closed(site: Site) -> None:
    start(site)
    push(site, 30)
    run = site.act("pull_request", pull_request("0123456789" * 4))
    assert run.code == 3
    assert "could not be fetched" in run.summary


def test_a_merge_group_counts_all_entries(site: Site) -> None:
    start(site, "{increase: {hard: 4%}}")
    push(site, 20)  # +2.4 %
    head = push(site, 30)  # +2.4 % more: 4.8 % together
    run = site.act("merge_group", queue(site, head))
    assert (run.code, run.outputs["verdict"], bodies(site)) == (1, "fail", [])


def test_pushes_and_manual_runs(site: Site) -> None:
    start(site)
    base = site.repository.git("rev-parse", "main")
    head = site.repository.commit({PROMPT: tokens(30)})
    assert site.act("push", {"before": base, "after": head}).code == 1
    assert site.act("push", {"before": base, "after": base}).code == 0
    site.repository.git("tag", "v1", base)
    assert site.act("push", {"before": head, "after": head}, baseline="v1").code == 1
    gone = site.act("push", {"deleted": True})
    assert (gone.code, gone.outputs["verdict"]) == (0, "pass")
    unknown = site.act("issues", {})
    assert (unknown.code, "has nothing to review" in unknown.summary) == (2, True)


def test_check_run_and_line_comments(site: Site) -> None:
    start(site)
    head = push(site, 30)
    for run_id in (1, 2):
        site.act(
            "pull_request",
            pull_request(head),
            run_id=run_id,
            check_run="true",
            line_comments="true",
        )
    assert len([item for item in site.server.reviews if item.state == "COMMENTED"]) == 1
    check = site.server.check_runs[0]
    assert (check.conclusion, check.head_sha) == ("failure", head)
    assert check.annotations[0]["path"] == PROMPT


def test_a_comment_of_an_app_of_ones_own(site: Site) -> None:
    start(site)
    site.server.token_login = "acme-bot[bot]"
    for run_id, count in ((1, 30), (2, 31)):
        site.act(
            "pull_request",
            pull_request(push(site, count)),
            run_id=run_id,
            comment_author="acme-bot[bot]",
        )
    assert len(bodies(site)) == 1


def test_an_app_that_nobody_named_does_not_pile_up_comments(site: Site) -> None:
    start(site)
    site.server.token_login = "acme-bot[bot]"
    for run_id, count in ((1, 30), (2, 31)):
        site.act("pull_request", pull_request(push(site, count)), run_id=run_id)
    (body,) = bodies(site)
    assert "\\$1.10" in body


def test_thousands_of_changed_prompts(site: Site) -> None:
    count = examples(3_000)
    names = [f"prompts/p{index}.txt" for index in range(count)]
    flows = {f"w{index}": workflow(name, envelope=HARD) for index, name in enumerate(names)}
    site.repository.commit(
        {CONFIGURATION: configuration(flows), PROMPT: "x"} | dict.fromkeys(names, tokens(10))
    )
    site.repository.branch("work")
    head = push(site, 30, **dict.fromkeys(names, tokens(30)))
    run = site.act("pull_request", pull_request(head))
    (body,) = bodies(site)
    assert run.code == 1
    assert body.startswith("<!-- reviewbot ")
    assert f"hard limit of \\$1.09; {count - 1:,} more are over a hard limit" in body
    assert 30_000 < len(body) <= 65_536
    assert "lines more are in the job's report" in body
    besides = [item for item in site.server.requests if not item.path.endswith("/comments")]
    assert len(besides) <= 10
    assert len(run.log.encode()) < 4_000_000


def test_many_runs_at_once_end_in_one_comment(site: Site) -> None:
    count = examples(50)
    start(site)
    heads = [push(site, 30 + index) for index in range(count)]
    site.server.pulls[1].head_sha = heads[0]

    def run(index: int) -> Run:
        site.server.pulls[1].head_sha = max(
            heads[index], site.server.pulls[1].head_sha, key=heads.index
        )
        event = pull_request(heads[index])
        return site.act("pull_request", event, run_id=index + 1, policy=PATIENT)

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(run, range(count)))
    (body,) = bodies(site)
    assert f"head={heads[-1]}" in body


def test_a_new_prompt_is_marked_at_its_file(site: Site) -> None:
    start(site)
    flows = {"w": workflow(), "v": workflow("prompts/new.txt", envelope=HARD)}
    files = {CONFIGURATION: configuration(flows), "prompts/new.txt": tokens(60)}
    run = site.act("pull_request", pull_request(push(site, 10, **files)))
    assert run.code == 1
    assert "::error title=reviewbot%3A v,file=prompts/new.txt,line=1,endLine=1::" in run.log


def test_what_cannot_be_written_here_changes_nothing(site: Site) -> None:
    start(site)
    head = push(site, 30)
    run = site.act("pull_request", pull_request(head), config=".github/reviewbot.yml")
    gone = {"GITHUB_OUTPUT": "/dev/full", "GITHUB_STEP_SUMMARY": "/nowhere/summary"}
    found = site.act("pull_request", pull_request(head), environment=gone, run_id=2)
    assert (run.code, found.code) == (1, 1)
    assert "GITHUB_OUTPUT could not be written: No space left" in found.log
    assert "GITHUB_STEP_SUMMARY could not be written: No such file" in found.log


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ("GITHUB_EVENT_PATH", "/nowhere", 2),
        ("GITHUB_EVENT_PATH", "/dev/null", 2),
        ("GITHUB_REPOSITORY", "acme", 2),
        ("GITHUB_WORKSPACE", "/", 3),
        ("REVIEWBOT_FAIL_ON", "sometimes", 2),
        ("REVIEWBOT_CONFIG", "../../etc/passwd", 2),
        ("REVIEWBOT_REPORT", "", 1),
    ],
)
def test_a_wrong_environment_fails(site: Site, variable: str, value: str, code: int) -> None:
    start(site)
    event = pull_request(push(site, 30))
    run = site.act("pull_request", event, environment={variable: value})
    assert run.code == code
