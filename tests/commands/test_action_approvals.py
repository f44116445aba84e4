"""Who may approve what, through the action."""

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.acting import Site, pull_request
from tests.support.pull_requests import APPROVABLE, APPROVAL, bodies, labelled, push, queue, start
from tests.support.reviewing import CONFIGURATION, PROMPT, configuration, tokens, workflow


def test_an_approval_holds_in_the_queue(site: Site) -> None:
    start(site, APPROVABLE, approval=APPROVAL)
    head = push(site, 30)
    assert site.act("merge_group", queue(site, head)).code == 1
    site.server.review(1, "octocat", "APPROVED", head)
    merged = site.repository.commit({"other.txt": "an entry before it"})
    assert site.act("merge_group", queue(site, merged)).code == 0
    more = site.repository.commit({PROMPT: tokens(50)})
    assert site.act("merge_group", queue(site, more)).code == 1, "nobody agreed to the two"


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
    assert "## 🤝 Approved by octocat" in bodies(site)[0]
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


def test_github_enterprise_server(site: Site) -> None:
    start(site, APPROVABLE, approval=APPROVAL)
    head = push(site, 30)
    site.server.teams["acme/finops"] = {"hubot"}
    site.server.review(1, "hubot", "APPROVED", head)
    run = site.act("pull_request", pull_request(head), api="/api/v3", check_run="true")
    assert (run.code, len(bodies(site)), len(site.server.check_runs)) == (0, 1, 1)
    assert {item.prefix for item in site.server.requests} == {"/api/v3"}


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
    assert row.startswith("| w | ")
    assert row.endswith(f"{evidence[:12]} | octocat |")
    assert f"{evidence[:12]}  w  $1.04 → $1.09 a month" in run.log
    assert "review by octocat at" in run.log
    assert "review by mallory at" in run.log


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
