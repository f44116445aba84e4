"""The local GitHub, driven by the real client and by real git."""

import json
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import github
import pytest
import requests
from github.Repository import Repository as RemoteRepository

from tests.support.github_server import Fault, GitHubServer, always, in_turn
from tests.support.places import DATA
from tests.support.repository import Repository


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitHubServer]:
    local = Repository.create(tmp_path / "r")
    local.commit({"a.txt": "a"})
    local.branch("change")
    local.commit({"b.txt": "b"})
    with GitHubServer(local.path) as server:
        server.pull()
        yield server


@pytest.fixture
def client(server: GitHubServer) -> Iterator[github.Github]:
    with github.Github(
        auth=github.Auth.Token("ghs_x"),
        base_url=server.url,
        retry=None,
        timeout=5,
        seconds_between_requests=0,
        seconds_between_writes=0,
    ) as client:
        yield client


@pytest.fixture
def remote(client: github.Github) -> RemoteRepository:
    return client.get_repo("acme/prompts")


def _raw(
    server: GitHubServer, method: str, path: str, body: Any = None, token: str = "token x"
) -> requests.Response:
    headers = {"Authorization": token} if token else {}
    return requests.request(method, server.url + path, json=body, headers=headers, timeout=5)


def test_comments_over_several_pages(server: GitHubServer, remote: RemoteRepository) -> None:
    pull = remote.get_pull(1)
    for number in range(7):
        server.comment("bob", f"comment {number}")
    made = pull.create_issue_comment("mine")
    made.edit("mine, again")
    assert [comment.body for comment in pull.get_issue_comments()] == [
        *(f"comment {number}" for number in range(7)),
        "mine, again",
    ]
    assert (made.user.login, made.user.type) == ("github-actions[bot]", "Bot")
    assert remote.get_pull(1).get_issue_comment(made.id).body == "mine, again"
    made.delete()
    assert len(server.comments) == 7
    listed = [request for request in server.requests if request.path.endswith("/1/comments")]
    assert [request.status for request in listed] == [201, 200, 200, 200]
    assert server.violations == []


def test_links_lead_to_every_other_page(server: GitHubServer) -> None:
    for number in range(7):
        server.comment("bob", f"comment {number}")
    path = "/api/v3/repos/acme/prompts/issues/1/comments"
    answer = _raw(server, "GET", path + "?per_page=2&page=2")
    assert set(answer.links) == {"prev", "next", "last", "first"}
    assert answer.links["last"]["url"] == f"{server.url}{path}?per_page=2&page=4"
    assert [comment["body"] for comment in answer.json()] == ["comment 2", "comment 3"]
    assert len(_raw(server, "GET", path + "?per_page=100").json()) == 3
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["X-RateLimit-Limit"] == "5000"


def test_everything_else_that_is_read(
    server: GitHubServer, client: github.Github, remote: RemoteRepository
) -> None:
    at = datetime(2026, 11, 1, 12, tzinfo=UTC)
    server.review(1, "carol", "APPROVED", at=at)
    server.label(1, "budget", "carol", at=at)
    server.unlabel(1, "budget", "dave", at=at)
    server.label(1, "override", "carol", at=at)
    server.teams["acme/finops"] = {"carol"}
    pull = remote.get_pull(1)
    assert [label.name for label in pull.labels] == ["override"]
    assert pull.head.repo.full_name == pull.base.repo.full_name == "acme/prompts"
    (review,) = pull.get_reviews()
    assert (review.user.login, review.state, review.commit_id) == (
        "carol",
        "APPROVED",
        pull.head.sha,
    )
    assert review.submitted_at == at
    assert [
        (event.event, event.label.name, event.actor.login, event.created_at)
        for event in pull.get_issue_events()
        if event.label is not None
    ] == [
        ("labeled", "budget", "carol", at),
        ("unlabeled", "budget", "dave", at),
        ("labeled", "override", "carol", at),
    ]
    compared = remote.compare("main", "change")
    assert compared.merge_base_commit.sha == pull.base.sha
    assert (compared.status, compared.ahead_by) == ("ahead", 1)
    assert [commit.sha for commit in compared.commits] == [pull.head.sha]
    assert [found.number for found in remote.get_pulls(head="acme:change")] == [1]
    assert list(remote.get_pulls(head="eve:change")) == []
    assert list(remote.get_pulls(state="closed")) == []
    assert [ref.ref for ref in remote.get_git_matching_refs("heads/ch")] == ["refs/heads/change"]
    assert [
        row["number"]
        for row in _raw(server, "GET", f"/repos/acme/prompts/commits/{pull.head.sha}/pulls").json()
    ] == [1]
    path = "/orgs/acme/teams/finops/memberships"
    assert client.requester.requestJsonAndCheck("GET", f"{path}/carol")[1]["state"] == "active"
    with pytest.raises(github.UnknownObjectException):
        client.requester.requestJsonAndCheck("GET", f"{path}/alice")
    with pytest.raises(github.GithubException, match="Resource not accessible by integration"):
        client.get_user().login  # noqa: B018 - the client asks when the name is read
    assert server.violations == []


def test_a_pull_request_whose_fork_is_gone(server: GitHubServer, remote: RemoteRepository) -> None:
    server.pull(head_full_name=None, author="eve", draft=True, state="closed")
    pull = remote.get_pull(2)
    assert pull.raw_data["head"]["repo"] is None
    assert [found.number for found in remote.get_pulls(state="all")] == [2, 1]
    assert server.violations == []


def test_check_runs_collect_annotations(server: GitHubServer, remote: RemoteRepository) -> None:
    note: dict[str, str | int] = {
        "path": "a.txt",
        "start_line": 1,
        "end_line": 1,
        "annotation_level": "warning",
        "message": "dear",
    }
    head = server.pulls[1].head_sha
    run = remote.create_check_run(
        "costs", head, output={"title": "t", "summary": "s", "annotations": [note] * 50}
    )
    run.edit(
        status="completed",
        conclusion="success",
        output={"title": "t", "summary": "s", "annotations": [note]},
    )
    assert len(server.check_runs[0].annotations) == run.output.annotations_count == 51
    assert run.conclusion == "success"
    path = f"/repos/acme/prompts/commits/{head}/check-runs?check_name=costs"
    assert _raw(server, "GET", path).json()["total_count"] == 1
    assert server.violations == []
    with pytest.raises(github.GithubException) as caught:
        run.edit(output={"title": "t", "summary": "s", "annotations": [note] * 51})
    assert caught.value.status == 422
    with pytest.raises(github.GithubException) as caught:
        run.edit(output={"title": "t", "summary": "s" * 65536})
    assert caught.value.status == 422
    assert len(server.violations) == 2


def test_limits_of_comments_and_reviews(server: GitHubServer, remote: RemoteRepository) -> None:
    pull = remote.get_pull(1)
    pull.create_issue_comment("x" * 65536)
    with pytest.raises(github.GithubException, match="too long") as caught:
        pull.create_issue_comment("x" * 65537)
    assert caught.value.status == 422
    assert pull.create_review(event="APPROVE").state == "APPROVED"
    server.pulls[1].author = "github-actions[bot]"
    with pytest.raises(github.GithubException, match="your own"):
        pull.create_review(event="APPROVE")
    assert [review.state for review in server.reviews] == ["APPROVED"]
    assert server.violations == []


def test_permissions(server: GitHubServer, remote: RemoteRepository) -> None:
    server.permissions = {"contents:read", "pull-requests:read"}
    pull = remote.get_pull(1)
    for act in (
        lambda: pull.create_issue_comment("x"),
        lambda: pull.create_review(event="APPROVE"),
        lambda: remote.create_check_run("costs", pull.head.sha),
    ):
        with pytest.raises(github.GithubException, match="not accessible") as caught:
            act()
        assert caught.value.status == 403
    assert _raw(server, "GET", "/orgs/acme/teams/finops/memberships/carol").status_code == 403
    assert _raw(server, "GET", "/repos/acme/prompts", token="").status_code == 401
    assert (server.comments, server.reviews, server.check_runs) == ([], [], [])


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("GET", "/repos/acme/prompts/stargazers", None, 404),
        ("PUT", "/repos/acme/prompts/pulls/1", None, 404),
        ("GET", "/repos/acme/prompts/pulls?stat=open", None, 200),
        ("GET", "/repos/acme/prompts/pulls?state=merged", None, 422),
        ("GET", "/repos/acme/prompts/pulls/one", None, 422),
        ("POST", "/repos/acme/prompts/issues/1/comments", {"text": "x"}, 422),
        ("POST", "/repos/acme/prompts/issues/1/comments", {"body": "x", "more": 1}, 422),
        ("POST", "/repos/acme/prompts/issues/1/comments", None, 422),
        ("POST", "/repos/acme/prompts/pulls/1/reviews", {"event": "BLESS"}, 422),
    ],
)
def test_wrong_use_is_noted(
    server: GitHubServer, method: str, path: str, body: object, code: int
) -> None:
    assert _raw(server, method, path, body).status_code == code
    assert server.violations
    assert server.comments == []


def test_absent_things_are_no_violation(server: GitHubServer, remote: RemoteRepository) -> None:
    with pytest.raises(github.UnknownObjectException):
        remote.get_pull(9)
    assert _raw(server, "GET", "/repos/other/prompts").status_code == 404
    assert server.violations == []


@pytest.mark.parametrize(
    ("fault", "error", "handled"),
    [
        (Fault.status(502), github.GithubException, False),
        (Fault.secondary_limit(), github.RateLimitExceededException, False),
        (Fault.secondary_limit(429, retry_after=7), github.GithubException, False),
        (Fault.primary_limit(datetime.now(UTC)), github.RateLimitExceededException, False),
        (Fault.reset(), requests.ConnectionError, False),
        (Fault.lost_reply(), requests.ConnectionError, True),
        (Fault.hang(0.1), requests.ConnectionError, False),
        (Fault.truncated(), requests.exceptions.ChunkedEncodingError, True),
    ],
)
def test_faults(
    server: GitHubServer,
    remote: RemoteRepository,
    fault: Fault,
    error: type[Exception],
    *,
    handled: bool,
) -> None:
    pull = remote.get_pull(1)
    server.faults = in_turn(fault, method="POST", path="/comments$")
    with pytest.raises(error):
        pull.create_issue_comment("x")
    assert len(server.comments) == int(handled)
    pull.create_issue_comment("y")
    assert server.comments[-1].body == "y"
    assert server.violations == []


def test_a_page_for_people(server: GitHubServer, remote: RemoteRepository) -> None:
    server.faults = always(Fault.html(), path="/pulls/")
    answer = _raw(server, "GET", "/repos/acme/prompts/pulls/1")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    with pytest.raises(Exception, match=r"(?s).*"):
        remote.get_pull(1).create_issue_comment("x")
    assert server.comments == []


def test_a_reset_is_a_reset(server: GitHubServer) -> None:
    server.faults = always(Fault.reset())
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as connection:
        connection.sendall(b"GET /user HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    assert [request.status for request in server.requests] == [0]


def test_dripping_and_hanging_end_with_the_server(tmp_path: Path) -> None:
    local = Repository.create(tmp_path / "r")
    local.commit({"a.txt": "a"})
    with GitHubServer(local.path) as server:
        server.faults = in_turn(Fault.hang(60), Fault.drip(60))
        for _ in range(2):
            with pytest.raises(requests.exceptions.RequestException):
                requests.get(
                    server.url + "/repos/acme/prompts",
                    headers={"Authorization": "token x"},
                    timeout=0.2,
                )
        assert [request.status for request in server.requests] == [0, 200]
        started = time.monotonic()
    assert time.monotonic() - started < 3


def test_the_clock_is_the_servers(server: GitHubServer, remote: RemoteRepository) -> None:
    at = datetime(2026, 11, 1, 12, tzinfo=UTC)
    server.now = lambda: at
    made = remote.get_pull(1).create_issue_comment("x")
    server.now = lambda: at + timedelta(minutes=1)
    made.edit("y")
    assert (made.created_at, made.updated_at) == (at, at + timedelta(minutes=1))
    answer = _raw(server, "GET", "/repos/acme/prompts")
    assert answer.headers["Date"] == "Sun, 01 Nov 2026 12:01:00 GMT"


@pytest.mark.parametrize("depth", [(), ("--depth=1",)])
@pytest.mark.parametrize("name", ["acme/prompts", "acme/prompts.git"])
def test_git_fetches_a_commit(
    server: GitHubServer, tmp_path: Path, name: str, depth: tuple[str, ...]
) -> None:
    clone = Repository.create(tmp_path / "clone")
    head = server.pulls[1].head_sha
    clone.git("fetch", "--quiet", *depth, f"{server.url}/{name}", head)
    assert clone.git("rev-parse", "FETCH_HEAD") == head
    assert clone.git("rev-list", "--count", "FETCH_HEAD") == ("1" if depth else "2")
    with pytest.raises(subprocess.CalledProcessError):
        clone.git("fetch", "--quiet", f"{server.url}/acme/other", head)
    assert server.requests == []
    assert server.violations == []


def test_every_operation_is_served(server: GitHubServer) -> None:
    description = DATA / "github_openapi.json"
    values = {
        "owner": "acme",
        "repo": "prompts",
        "ref": "heads/main",
        "basehead": "main...change",
        "commit_sha": "main",
        "username": "carol",
        "org": "acme",
        "team_slug": "finops",
    }
    for template, methods in json.loads(description.read_bytes())["paths"].items():
        path = re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], "1"), template)
        for method in methods:
            assert _raw(server, method.upper(), path).status_code < 500
    assert [problem for problem in server.violations if "failed" in problem] == []


def test_below_api_v3(server: GitHubServer) -> None:
    for number in range(5):
        server.comment("bob", f"comment {number}")
    with github.Github(
        auth=github.Auth.Token("ghs_x"), base_url=server.url + "/api/v3", retry=None
    ) as client:
        pull = client.get_repo("acme/prompts").get_pull(1)
        assert len(list(pull.get_issue_comments())) == 5
    assert {request.prefix for request in server.requests} == {"/api/v3"}
    assert server.violations == []


def test_many_at_once(server: GitHubServer) -> None:
    with ThreadPoolExecutor(8) as pool:
        path = "/repos/acme/prompts/issues/1/comments"
        answers = list(pool.map(lambda _: _raw(server, "POST", path, {"body": "x"}), range(40)))
    assert {answer.status_code for answer in answers} == {201}
    ids = [comment.id for comment in server.comments]
    assert ids == sorted(set(ids))
    assert len(ids) == len(server.requests) == 40


def test_a_history_that_split(server: GitHubServer, tmp_path: Path) -> None:
    local = Repository(tmp_path / "r")
    fork = local.git("rev-parse", "main")
    local.git("switch", "--quiet", "main")
    for number in range(5):
        local.commit({"c.txt": str(number)})
    compared = _raw(server, "GET", "/repos/acme/prompts/compare/change...acme:main").json()
    assert compared["merge_base_commit"]["sha"] == fork
    assert (compared["status"], compared["ahead_by"], compared["behind_by"]) == ("diverged", 5, 1)
    assert len(compared["commits"]) == 3
    local.git("switch", "--quiet", "--orphan", "alone")
    local.commit({"d.txt": "d"})
    answer = _raw(server, "GET", "/repos/acme/prompts/compare/main...alone")
    assert answer.status_code == 404
    assert "No common ancestor" in answer.json()["message"]
    assert server.violations == []
