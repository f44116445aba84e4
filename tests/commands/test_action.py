"""The action against a GitHub of our own: what its users see, and what is left when GitHub fails."""

import json
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.acting import PATIENT, Run, Site, pull_request
from tests.support.github_server import GitHubServer
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, configuration, tokens, workflow

HARD = "{monthly_cost: {hard: $1.09}}"
APPROVABLE = "{monthly_cost: {hard: $1.09}, approvable: true}"
APPROVAL = "{approvers: [octocat, '@acme/finops'], label: costs-ok}"


@pytest.fixture
def site(repository: Repository, tmp_path: Path) -> Iterator[Site]:
    with GitHubServer(repository.path) as server:
        yield Site(repository, server, tmp_path)
        assert server.violations == []


def start(site: Site, envelope: str = HARD, **more: str) -> None:
    """Commit a configuration and a prompt of 10 tokens on main, and leave it for a branch."""
    files = configuration({"w": workflow(envelope=envelope)}, **more)
    site.repository.commit({CONFIGURATION: files, PROMPT: tokens(10)})
    site.repository.branch("work")


def push(site: Site, count: int, **files: str) -> str:
    """Commit a prompt of `count` tokens, and make it the head of pull request 1."""
    head = site.repository.commit({PROMPT: tokens(count), **files})
    if 1 in site.server.pulls:
        site.server.pulls[1].head_sha = head
    else:
        site.server.pull(1, head=head, head_ref="work", author="author")
    return head


def bodies(site: Site) -> list[str]:
    return [item.body for item in site.server.comments]


def writes(site: Site) -> list[str]:
    return [f"{item.method} {item.path}" for item in site.server.requests if item.method != "GET"]


def test_a_pull_request_over_a_hard_limit(site: Site) -> None:
    start(site)
    run = site.act("pull_request", pull_request(push(site, 30)))
    assert run.code == 1
    (body,) = bodies(site)
    assert "reviewbot: fail: w is over a hard limit; this change adds \\$0.05 a month." in body
    assert "monthly cost | \\$1.09 | \\$1.09 hard" in body
    assert "::error title=reviewbot%3A w,file=prompts/system.txt,line=1,endLine=1::" in run.log
    assert "reviewbot: fail: w is over a hard limit" in run.summary
    assert run.outputs == {
        "verdict": "fail",
        "monthly-usd-before": "1.0425",
        "monthly-usd-after": "1.0925",
        "monthly-usd-delta": "0.0500",
        "report": str(run.folder / "reviewbot-report.json"),
        "comment-url": run.outputs["comment-url"],
    }
    assert "/pull/1#issuecomment-" in run.outputs["comment-url"]
    assert run.report["pull_request"] == 1


def test_nothing_to_say_is_not_said(site: Site) -> None:
    start(site)
    head = site.repository.commit({"README.md": "x"})
    site.server.pull(1, head=head, author="author")
    run = site.act("pull_request", pull_request(head, action="opened"))
    assert (run.code, run.outputs["verdict"], bodies(site)) == (0, "pass", [])
    assert "pass: the change concerns no workflow" in run.summary


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
    assert "reviewbot: pass: the change concerns no workflow" in own[0]


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


@pytest.mark.parametrize(
    ("fail_on", "count", "code"),
    [("fail", 30, 1), ("never", 30, 0), ("warn", 30, 1), ("fail", 20, 0), ("warn", 20, 1)],
)
def test_fail_on(site: Site, fail_on: str, count: int, code: int) -> None:
    start(site, "{monthly_cost: {soft: $1.05, hard: $1.09}}")
    run = site.act("pull_request", pull_request(push(site, count)), fail_on=fail_on)
    assert run.code == code


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


def queue(site: Site, head: str) -> dict[str, Any]:
    ref = "refs/heads/gh-readonly-queue/main/pr-1-" + "0" * 40
    site.repository.git("update-ref", ref, head)
    group = {"base_ref": "refs/heads/main", "head_sha": head, "head_ref": ref}
    return {"action": "checks_requested", "merge_group": group}


def test_a_merge_group_counts_all_entries(site: Site) -> None:
    start(site, "{increase: {hard: 4%}}")
    push(site, 20)  # +2.4 %
    head = push(site, 30)  # +2.4 % more: 4.8 % together
    run = site.act("merge_group", queue(site, head))
    assert (run.code, run.outputs["verdict"], bodies(site)) == (1, "fail", [])


def test_an_approval_holds_in_the_queue(site: Site) -> None:
    start(site, APPROVABLE, approval=APPROVAL)
    head = push(site, 30)
    assert site.act("merge_group", queue(site, head)).code == 1
    site.server.review(1, "octocat", "APPROVED", head)
    merged = site.repository.commit({"other.txt": "an entry before it"})
    assert site.act("merge_group", queue(site, merged)).code == 0
    more = site.repository.commit({PROMPT: tokens(50)})
    assert site.act("merge_group", queue(site, more)).code == 1, "nobody agreed to the two"


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


def test_approval_by_review(site: Site) -> None:
    start(site, APPROVABLE, approval=APPROVAL)
    head = push(site, 30)
    run = site.act("pull_request", pull_request(head))
    assert (run.code, run.outputs["verdict"]) == (1, "needs-approval")
    assert "one of octocat, &#64;&#8203;acme/finops" in bodies(site)[0]
    site.server.review(1, "octocat", "APPROVED", head)
    event = pull_request(head, action="submitted")
    run = site.act("pull_request_review", event, run_id=2)
    assert (run.code, run.outputs["verdict"]) == (0, "pass")
    assert "approved by octocat" in bodies(site)[0]
    head = push(site, 30, **{"unrelated.txt": "x"})
    assert site.act("pull_request", pull_request(head), run_id=3).code == 0
    head = push(site, 31)
    run = site.act("pull_request", pull_request(head), run_id=4)
    assert run.code == 1
    assert "does not count: the figures, texts or limits have changed since" in bodies(site)[0]
    assert len(bodies(site)) == 1


@pytest.mark.parametrize(
    ("by", "why"),
    [
        ("author", "authors cannot approve their own change"),
        ("mallory", "not listed by name, and the token may not read who is in"),
    ],
)
def test_approvals_that_do_not_count(site: Site, by: str, why: str) -> None:
    start(site, APPROVABLE, approval=APPROVAL)
    head = push(site, 30)
    site.server.permissions -= {"members:read"}
    assert site.act("pull_request", labelled(site, head, by)).code == 1
    assert why in bodies(site)[0]


def test_adding_oneself_as_approver_does_not_count(site: Site) -> None:
    start(site, APPROVABLE, approval="{approvers: [octocat]}")
    mine = "{approvers: [octocat, mallory]}"
    files = configuration({"w": workflow(envelope=APPROVABLE)}, approval=mine)
    head = push(site, 30, **{CONFIGURATION: files})
    site.server.review(1, "mallory", "APPROVED", head)
    assert site.act("pull_request", pull_request(head)).code == 1
    assert "not listed in the governing configuration" in bodies(site)[0]


def test_a_team_member_approves_where_the_token_may_know(site: Site) -> None:
    start(site, APPROVABLE, approval=APPROVAL)
    head = push(site, 30)
    site.server.teams["acme/finops"] = {"hubot"}
    site.server.review(1, "hubot", "APPROVED", head)
    assert site.act("pull_request", pull_request(head)).code == 0


def test_a_label_holds_over_unrelated_pushes_only(site: Site) -> None:
    start(site, APPROVABLE, approval=APPROVAL)
    head = push(site, 30)
    assert site.act("pull_request", labelled(site, head), run_id=1).code == 0
    head = push(site, 30, **{"unrelated.txt": "x"})
    assert site.act("pull_request", pull_request(head), run_id=2).code == 0
    head = push(site, 40)
    run = site.act("pull_request", pull_request(head), run_id=3)
    assert run.code == 1
    assert "label by octocat" in bodies(site)[0]


def test_a_label_whose_commit_nobody_knows_does_not_count(site: Site) -> None:
    start(site, APPROVABLE, approval=APPROVAL)
    head = push(site, 30)
    site.server.label(1, "costs-ok", "octocat")
    assert site.act("pull_request", pull_request(head)).code == 1
    assert "set the label again" in bodies(site)[0]


def test_a_strict_approval_is_for_one_commit(site: Site) -> None:
    start(site, APPROVABLE, approval="{approvers: [octocat], strict: true}")
    head = push(site, 30)
    site.server.review(1, "octocat", "APPROVED", head)
    assert site.act("pull_request", pull_request(head), run_id=1).code == 0
    head = push(site, 30, **{"unrelated.txt": "x"})
    assert site.act("pull_request", pull_request(head), run_id=2).code == 1


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
    (review,) = [item for item in site.server.reviews if item.state == "COMMENTED"]
    assert "fail: w is over a hard limit" in review.body
    check = site.server.check_runs[0]
    assert (check.conclusion, check.head_sha) == ("failure", head)
    assert check.annotations[0]["path"] == PROMPT


def test_github_enterprise_server(site: Site) -> None:
    start(site, APPROVABLE, approval=APPROVAL)
    head = push(site, 30)
    site.server.teams["acme/finops"] = {"hubot"}
    site.server.review(1, "hubot", "APPROVED", head)
    run = site.act("pull_request", pull_request(head), api="/api/v3", check_run="true")
    assert (run.code, len(bodies(site)), len(site.server.check_runs)) == (0, 1, 1)
    assert {item.prefix for item in site.server.requests} == {"/api/v3"}


HOSTILE = "prompts/x\n::set-output name=verdict::pass\n@acme/all <b>|`[l](http:x).txt"


def assert_inert(run: Run, texts: list[str]) -> None:
    _, _, rest = run.log.rpartition("::stop-commands::")
    token, _, rest = rest.partition("\n")
    _, _, after = rest.partition(f"::{token}::\n")
    commands = re.findall(r"^::(.*?)[ :]", after or run.log, re.MULTILINE)
    assert set(commands) <= {"error", "warning", "notice"}
    for text in texts:
        page = text.partition("-->\n")[2] if text.startswith("<!-- reviewbot ") else text
        assert not re.search(r"<b>|<!--|@acme|[^\\]\](\(|\[)|^::", page, re.MULTILINE)
        assert "set-output" in page, "readable all the same"


def test_hostile_names_stay_inert_everywhere(site: Site) -> None:
    name = HOSTILE.replace("\n", " ")
    flows = {"w": workflow(json.dumps(name), envelope=HARD)}
    site.repository.commit({CONFIGURATION: configuration(flows), name: tokens(10)})
    site.repository.branch("work")
    head = push(site, 1, **{name: tokens(30), HOSTILE: "x"})
    run = site.act("pull_request", pull_request(head), check_run="true", line_comments="true")
    assert run.outputs["verdict"] == "fail"
    assert "file=prompts/x %3A%3Aset-output name=verdict%3A%3Apass" in run.log
    check = site.server.check_runs[0]
    assert check.annotations[0]["path"] == name
    assert_inert(run, [bodies(site)[0], run.summary, check.summary or ""])


def test_hostile_names_in_errors(site: Site) -> None:
    start(site)
    broken = json.dumps({"version": 1, "workflows": {HOSTILE: {"prompts": HOSTILE}}})
    run = site.act("pull_request", pull_request(push(site, 30, **{CONFIGURATION: broken})))
    assert run.code == 2
    assert_inert(run, [bodies(site)[0], run.summary])


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


def fork(site: Site) -> tuple[Run, str]:
    """The untrusted run of a fork's pull request, of the branch `work`."""
    start(site)
    head = push(site, 30)
    site.server.pulls[1].head_full_name = "stranger/prompts"
    event = pull_request(head, repository="stranger/prompts")
    return site.act("pull_request", event), head


def finished(head: str) -> dict[str, object]:
    run = {
        "event": "pull_request",
        "head_sha": head,
        "head_branch": "work",
        "head_repository": {"full_name": "stranger/prompts"},
    }
    return {"action": "completed", "workflow_run": run}


def test_the_comment_of_a_fork(site: Site) -> None:
    untrusted, head = fork(site)
    report = str(untrusted.folder / "reviewbot-report.json")
    run = site.act("workflow_run", finished(head), report=report, run_id=2)
    assert run.code == 0
    (body,) = bodies(site)
    assert "fail: w is over a hard limit" in body
    assert "Computed by the pull request's own run" in body


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"schema_version": 1', '"schema_version": 2'),
        ('"verdict": "fail"', '"verdict": "fine"'),
        ('"workflows": [', '"extra": 1, "workflows": ['),
        ('"head_name": "HEAD"', '"head_name": 7'),
    ],
)
def test_a_damaged_report_is_not_published(site: Site, old: str, new: str) -> None:
    untrusted, head = fork(site)
    place = untrusted.folder / "reviewbot-report.json"
    assert old in place.read_text()
    place.write_text(place.read_text().replace(old, new))
    run = site.act("workflow_run", finished(head), report=str(place), run_id=2)
    assert (run.code, bodies(site)) == (2, [])


def test_a_report_of_values_that_no_review_gives_is_not_published(site: Site) -> None:
    untrusted, head = fork(site)
    place = untrusted.folder / "reviewbot-report.json"
    made = json.loads(place.read_text())
    finding = {"rule": "removed", "actual": "1", "limit": "1", "excess": "1"}
    made["workflows"][0]["findings"][0] |= finding
    place.write_text(json.dumps(made))
    run = site.act("workflow_run", finished(head), report=str(place), run_id=2)
    assert (run.code, bodies(site)) == (2, [])


def test_a_report_of_another_commit_is_not_published(site: Site) -> None:
    untrusted, _ = fork(site)
    other = push(site, 31)
    place = str(untrusted.folder / "reviewbot-report.json")
    assert site.act("workflow_run", finished(other), report=place, run_id=2).code == 2
    assert bodies(site) == []


@pytest.mark.parametrize("how", ["closed", "moved", "another"])
def test_a_pull_request_that_is_not_open_at_that_commit(site: Site, how: str) -> None:
    untrusted, head = fork(site)
    if how == "closed":
        site.server.pulls[1].state = "closed"
    elif how == "moved":
        push(site, 31)
    else:
        site.server.pulls[1].head_full_name = "other/prompts"
    place = str(untrusted.folder / "reviewbot-report.json")
    assert site.act("workflow_run", finished(head), report=place, run_id=2).code == 0
    assert bodies(site) == []


def test_a_fork_cannot_claim_an_approval(site: Site) -> None:
    start(site, APPROVABLE, approval=APPROVAL)
    head = push(site, 30)
    site.server.pulls[1].head_full_name = "stranger/prompts"
    run = site.act("pull_request", pull_request(head, repository="stranger/prompts"))
    place = run.folder / "reviewbot-report.json"
    text = place.read_text().replace('"approved": false', '"approved": true')
    place.write_text(re.sub(r'"verdict": "needs-approval"', '"verdict": "pass"', text, count=1))
    site.act("workflow_run", finished(head), report=str(place), run_id=2)
    assert "needs approval" in bodies(site)[0]


def test_three_thousand_changed_prompts(site: Site) -> None:
    names = [f"prompts/p{index}.txt" for index in range(3_000)]
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
    assert "reviewbot: fail: w0, w1, w10 and 2,997 more are over a hard limit" in body
    assert 30_000 < len(body) <= 65_536
    assert "lines more are in the job's report" in body
    besides = [item for item in site.server.requests if not item.path.endswith("/comments")]
    assert len(besides) <= 10
    assert len(run.log.encode()) < 4_000_000


def test_fifty_runs_at_once_end_in_one_comment(site: Site) -> None:
    start(site)
    heads = [push(site, 30 + index) for index in range(50)]
    site.server.pulls[1].head_sha = heads[0]

    def run(index: int) -> Run:
        site.server.pulls[1].head_sha = max(
            heads[index], site.server.pulls[1].head_sha, key=heads.index
        )
        event = pull_request(heads[index])
        return site.act("pull_request", event, run_id=index + 1, policy=PATIENT)

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(run, range(50)))
    (body,) = bodies(site)
    assert f"head={heads[-1]}" in body


def test_an_approval_is_void_when_main_makes_it_dearer(site: Site) -> None:
    start(site, APPROVABLE, approval=APPROVAL)
    head = push(site, 30)
    site.server.review(1, "octocat", "APPROVED", head)
    assert site.act("pull_request_review", pull_request(head), run_id=1).code == 0
    site.repository.git("switch", "--quiet", "main")
    busy = workflow(envelope=APPROVABLE, traffic="[{calls: 900_000/month, output_tokens: 100}]")
    files = {CONFIGURATION: configuration({"w": busy}, approval=APPROVAL)}
    site.repository.commit(files)
    assert site.act("pull_request", pull_request(head), run_id=2).code == 1
    assert "have changed since" in bodies(site)[0]
    assert site.act("pull_request", pull_request(head), run_id=3).code == 1, "nor later"
    site.server.review(1, "octocat", "APPROVED", head)
    assert site.act("pull_request_review", pull_request(head), run_id=4).code == 0, "agreed anew"


def test_a_push_is_judged_with_the_approvals_of_what_it_brings(site: Site) -> None:
    start(site, APPROVABLE, approval=APPROVAL)
    before = site.repository.git("rev-parse", "main")
    head = push(site, 30)
    site.repository.git("switch", "--quiet", "main")
    site.repository.git("merge", "--quiet", "--ff-only", "work")
    event = {"before": before, "after": head, "ref": "refs/heads/main"}
    assert site.act("push", event).code == 1
    site.server.review(1, "octocat", "APPROVED", head)
    run = site.act("push", event)
    assert (run.code, run.outputs["verdict"], bodies(site)) == (0, "pass", [])


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


def test_an_approval_is_void_when_the_proposed_limit_rises_again(site: Site) -> None:
    start(site, APPROVABLE, approval=APPROVAL)

    def proposed(limit: str) -> dict[str, str]:
        raised = workflow(envelope=APPROVABLE.replace("$1.09", limit))
        return {CONFIGURATION: configuration({"w": raised}, approval=APPROVAL)}

    head = push(site, 30, **proposed("$2"))
    site.server.review(1, "octocat", "APPROVED", head)
    assert site.act("pull_request_review", pull_request(head), run_id=1).code == 0
    head = push(site, 30, **proposed("$2_000"))
    assert site.act("pull_request", pull_request(head), run_id=2).code == 1


@pytest.mark.parametrize("shallow", [False, True])
def test_two_entries_of_a_queue_each_with_its_approval(
    site: Site, tmp_path: Path, *, shallow: bool
) -> None:
    flows = {
        "w": workflow(envelope=APPROVABLE),
        "v": workflow("prompts/v.txt", envelope=APPROVABLE),
    }
    files = configuration(flows, approval=APPROVAL)
    site.repository.commit({CONFIGURATION: files, PROMPT: tokens(10), "prompts/v.txt": tokens(10)})
    heads = []
    for number, name in enumerate((PROMPT, "prompts/v.txt"), start=1):
        site.repository.git("switch", "--quiet", "--create", f"work{number}", "main")
        heads.append(site.repository.commit({name: tokens(30)}))
        site.server.pull(number, head=heads[-1], head_ref=f"work{number}", author="author")
    site.repository.git("switch", "--quiet", "--create", "queue", heads[0])
    site.repository.git("merge", "--quiet", "--no-edit", heads[1])
    head = site.repository.git("rev-parse", "HEAD")
    for number, commit in ((1, heads[0]), (2, head)):
        ref = f"refs/heads/gh-readonly-queue/main/pr-{number}-{commit}"
        site.repository.git("update-ref", ref, commit)
    event = queue(site, head)
    site.repository.git("update-ref", "-d", event["merge_group"]["head_ref"])
    checkout = site.repository.path
    if shallow:
        checkout = tmp_path / "clone"
        url = f"{site.server.url}/acme/prompts"
        command = ["git", "clone", "--quiet", "--depth=1", "--branch=queue", url, str(checkout)]
        subprocess.run(command, check=True)
    site.server.review(1, "octocat", "APPROVED", heads[0])
    assert site.act("merge_group", event, checkout=checkout).code == 1, "the second has none"
    site.server.review(2, "octocat", "APPROVED", heads[1])
    assert site.act("merge_group", event, checkout=checkout).code == 0


def test_an_approval_expires(site: Site) -> None:
    start(site, APPROVABLE, approval="{approvers: [octocat], expires_after: 14 days}")
    head = push(site, 30)
    site.server.review(1, "octocat", "APPROVED", head)
    for days_later, code in ((0, 0), (13, 0), (15, 1)):
        run = site.act("pull_request", pull_request(head), days_later=days_later)
        assert run.code == code
    assert "does not count: it expired at 20" in bodies(site)[0]
    site.server.review(1, "octocat", "APPROVED", head, at=site.server.now() + timedelta(days=15))
    assert site.act("pull_request", pull_request(head), days_later=15).code == 0, "agreed anew"


@pytest.mark.parametrize("mine", ["expires_after: 15 days", "strict: false"])
def test_who_lets_approvals_live_longer_is_judged_by_the_old_rule(site: Site, mine: str) -> None:
    start(site, APPROVABLE, approval="{approvers: [octocat], expires_after: 14 days}")
    files = configuration(
        {"w": workflow(envelope=APPROVABLE)}, approval=f"{{approvers: [octocat], {mine}}}"
    )
    head = push(site, 10, **{CONFIGURATION: files})
    run = site.act("pull_request", pull_request(head))
    assert run.outputs["verdict"] == "needs-approval"
    site.server.review(1, "octocat", "APPROVED", head)
    assert site.act("pull_request", pull_request(head)).code == 0
    assert site.act("pull_request", pull_request(head), days_later=15).code == 1


def test_the_audit_trail(site: Site) -> None:
    start(site, APPROVABLE, approval=APPROVAL)
    head = push(site, 30)
    site.server.review(1, "mallory", "APPROVED", head)
    review = site.server.review(1, "octocat", "APPROVED", head)
    run = site.act("pull_request", pull_request(head))
    evidence = run.report["workflows"][0]["evidence"]
    valid, refused = run.report["approvals"]
    assert valid == {
        "by": "octocat",
        "kind": "review",
        "at": review.submitted_at.replace(microsecond=0).isoformat(),
        "commit": head,
        "refusal": None,
        "covers": [evidence],
    }
    assert (refused["by"], refused["covers"]) == ("mallory", [])
    (row,) = [line for line in bodies(site)[0].splitlines() if evidence[:12] in line]
    assert row.startswith("| w | \\$1.04 → \\$1.09 a month")
    assert row.endswith(f"{evidence[:12]} | octocat |")
    assert f"{evidence[:12]}  w  $1.04 → $1.09 a month" in run.log
    assert "review by octocat at" in run.log
    assert "review by mallory at" in run.log


def labelled(site: Site, head: str, by: str = "octocat") -> dict[str, Any]:
    """The event that `by` sets the label on `head` now; its payload is of half a minute ago."""
    site.server.label(1, "costs-ok", by)
    event = pull_request(head, action="labeled", label={"name": "costs-ok"}, sender={"login": by})
    at = site.server.now() - timedelta(seconds=30)
    event["pull_request"] |= {"updated_at": at.isoformat()}
    return event


def test_an_old_event_does_not_bring_a_withdrawn_label_back(site: Site) -> None:
    start(site, APPROVABLE, approval=APPROVAL)
    dear = push(site, 60)
    event = labelled(site, dear)
    assert site.act("pull_request", event, run_id=1).code == 0
    site.server.unlabel(1, "costs-ok", "octocat")
    cheap = push(site, 10)
    later = site.server.now() + timedelta(minutes=5)
    site.server.now = lambda: later
    again = labelled(site, cheap)
    assert site.act("pull_request", again, run_id=2).code == 0
    assert site.act("pull_request", event, run_id=1).code == 1, "the first event once more"
    site.server.pulls[1].head_sha = dear
    assert site.act("pull_request", pull_request(dear), run_id=3).code == 1


def test_a_rerun_of_an_old_commit_is_no_strict_approval(site: Site) -> None:
    start(site, APPROVABLE, approval="{approvers: [octocat], strict: true}")
    old = push(site, 30)
    new = push(site, 30, **{"unrelated.txt": "x"})
    site.server.review(1, "octocat", "APPROVED", new)
    assert site.act("pull_request", pull_request(new), run_id=2).code == 0
    assert site.act("pull_request", pull_request(old), run_id=1).code == 1


def test_a_rerun_is_judged_by_the_base_of_now(site: Site) -> None:
    start(site)
    head = push(site, 30)
    site.repository.git("branch", "loose", "main~0")
    site.repository.git("switch", "--quiet", "loose")
    loose = configuration({"w": workflow()})
    site.repository.commit({CONFIGURATION: loose})
    old = pull_request(head)
    old["pull_request"]["base"]["ref"] = "loose"
    site.server.pulls[1].base_ref = "loose"
    assert site.act("pull_request", old).code == 0
    site.server.pulls[1].base_ref = "main"
    assert site.act("pull_request", old).code == 1


def test_an_approval_for_another_base_does_not_count(site: Site) -> None:
    start(site, APPROVABLE, approval=APPROVAL)
    head = push(site, 30)
    site.server.review(1, "octocat", "APPROVED", head, at=site.server.now() - timedelta(hours=2))
    site.server.retarget(1, "main", at=site.server.now() - timedelta(hours=1))
    assert site.act("pull_request", pull_request(head), run_id=1).code == 1
    assert "before the pull request was turned to this branch" in bodies(site)[0]
    site.server.review(1, "octocat", "APPROVED", head)
    assert site.act("pull_request", pull_request(head), run_id=2).code == 0


def test_an_approval_that_counted_holds_for_the_same_on_another_base(site: Site) -> None:
    start(site, APPROVABLE, approval=APPROVAL)
    head = push(site, 30)
    site.server.review(1, "octocat", "APPROVED", head, at=site.server.now() - timedelta(hours=2))
    assert site.act("pull_request", pull_request(head), run_id=1).code == 0
    site.server.retarget(1, "main")
    assert site.act("pull_request", pull_request(head), run_id=2).code == 0


def test_a_push_has_no_approvals_of_pull_requests_into_other_branches(site: Site) -> None:
    start(site, APPROVABLE, approval=APPROVAL)
    before = site.repository.git("rev-parse", "main")
    head = push(site, 30)
    site.server.review(1, "octocat", "APPROVED", head)
    event = {"before": before, "after": head, "ref": "refs/heads/main"}
    assert site.act("push", event).code == 0
    for ref in ("refs/heads/other", "refs/tags/main", "main"):
        assert site.act("push", event | {"ref": ref}).code == 1
    site.server.pulls[1].base_ref = "dev"
    assert site.act("push", event).code == 1
