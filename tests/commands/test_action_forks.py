"""Pull requests of forks: a report that a trusted run publishes."""

import json
import re

import pytest

from tests.support.acting import Site, pull_request
from tests.support.pull_requests import APPROVABLE, APPROVAL, bodies, finished, fork, push, start


def test_the_comment_of_a_fork(site: Site) -> None:
    untrusted, head = fork(site)
    report = str(untrusted.folder / "reviewbot-report.json")
    run = site.act("workflow_run", finished(head), report=report, run_id=2)
    assert run.code == 0
    (body,) = bodies(site)
    assert "reviewbot: fail" in body
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
