"""Every request of a review, with everything that can become of it.

Whatever GitHub does, the verdict and the exit code are those of the review, there are never two
comments, the run ends in time, and what was not written is named in the summary.
"""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reviewbot.github.api.retries import Policy
from tests.support.acting import Run, Site, pull_request
from tests.support.github_server import Fault, GitHubServer, Recorded, always, in_turn
from tests.support.repetitions import part
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, configuration, tokens, workflow

POLICY = Policy(total_seconds=2.0, request_seconds=0.2, attempts=3, first_wait_seconds=0.02)
PATIENT = Policy(total_seconds=20.0, request_seconds=0.5, attempts=3, first_wait_seconds=0.02)
"""For what happens once: enough time for the write to be done after all, on a busy machine too."""

REVIEW_SECONDS = 15.0
"""What the review itself may take on a machine that runs many of these cases at once."""

FAULTS: dict[str, Callable[[], Fault]] = {
    "500": lambda: Fault.status(500),
    "502": lambda: Fault.status(502),
    "403 secondary": Fault.secondary_limit,
    "403 primary": lambda: Fault.primary_limit(datetime.now(UTC) + timedelta(hours=1)),
    "429": lambda: Fault.status(429, "too many"),
    "429 Retry-After": lambda: Fault.secondary_limit(429, retry_after=1),
    "429 Retry-After: 1 h": lambda: Fault.secondary_limit(429, retry_after=3600),
    "reset": Fault.reset,
    "lost reply": Fault.lost_reply,
    "hang": lambda: Fault.hang(60),
    "drip": lambda: Fault.drip(60),
    "truncated": Fault.truncated,
    "HTML": Fault.html,
}
REQUESTS = {
    "GET pull": ("GET", r"/pulls/1$"),
    "GET comments": ("GET", r"/issues/1/comments$"),
    "POST comment": ("POST", r"/issues/1/comments$"),
    "PATCH comment": ("PATCH", r"/issues/comments/"),
    "GET reviews": ("GET", r"/pulls/1/reviews$"),
    "POST review": ("POST", r"/pulls/1/reviews$"),
    "GET line comments": ("GET", r"/pulls/1/comments$"),
    "POST check run": ("POST", r"/check-runs$"),
    "GET events": ("GET", r"/issues/1/events$"),
    "GET membership": ("GET", r"/memberships/"),
}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A hard limit that is broken in one workflow, and one that needs approval in another."""
    made = Repository.create(tmp_path_factory.mktemp("faults") / "repository")
    hard, soft = "{monthly_cost: {hard: $1.09}}", "{monthly_cost: {hard: $1.09}, approvable: true}"
    flows = {
        "w": workflow(envelope=hard),
        "v": workflow("prompts/v.txt", envelope=soft),
    }
    approval = "{approvers: ['@acme/finops'], label: costs-ok}"
    files = {
        CONFIGURATION: configuration(flows, approval=approval),
        PROMPT: tokens(10),
        "prompts/v.txt": tokens(10),
    }
    made.commit(files)
    made.branch("work")
    made.commit({PROMPT: tokens(30), "prompts/v.txt": tokens(30)})
    return made


def reviewed(
    repository: Repository,
    folder: Path,
    faults: Callable[[Recorded], Fault | None],
    *,
    old: bool,
    policy: Policy = POLICY,
) -> tuple[Run, GitHubServer, float]:
    """One run; with `old` there is a comment of an earlier commit already."""
    with GitHubServer(repository.path, page_size=100) as server:
        head = repository.git("rev-parse", "work")
        server.pull(1, head=head, head_ref="work", author="author")
        server.review(1, "hubot", "APPROVED", head)
        server.label(1, "costs-ok", "hubot")
        server.teams["acme/finops"] = {"hubot"}
        if old:
            key = "9fe9b0e6e859"  # of the default path of the configuration
            stamp = f"<!-- reviewbot {key} head={'1' * 40} at=2026-11-01T00:00:00+00:00 run=1.1 -->"
            server.comment("github-actions[bot]", f"{stamp}\nold")
        server.faults = faults
        site = Site(repository, server, folder)
        began = time.monotonic()
        run = site.act(
            "pull_request",
            pull_request(head),
            policy=policy,
            check_run="true",
            line_comments="true",
            run_id=2,
        )
        return run, server, time.monotonic() - began


def cases() -> Iterator[tuple[str, str, str]]:
    for request in REQUESTS:
        for fault in FAULTS:
            yield request, fault, "for ever"
            if request in ("POST comment", "PATCH comment"):
                yield request, fault, "once"


def outcome(repository: Repository, folder: Path, case: tuple[str, str, str]) -> dict[str, object]:
    request, fault, how = case
    method, path = REQUESTS[request]
    made = FAULTS[fault]()
    chosen, policy = always(made, method=method, path=path), POLICY
    if how == "once":
        chosen, policy = in_turn(made, method=method, path=path), PATIENT
    place = folder / "-".join(case).replace(" ", "_").replace(":", "")
    run, server, seconds = reviewed(
        repository, place, chosen, old=request == "PATCH comment", policy=policy
    )
    return {
        "request": request,
        "fault": fault,
        "how": how,
        "code": run.code,
        "verdict": run.report["verdict"],
        "comments": len(server.comments),
        "current": sum("reviewbot: fail" in item.body for item in server.comments),
        "reviews": sum(item.state == "COMMENTED" for item in server.reviews),
        "seconds": seconds,
        "named": "reviewbot could not do all of it" in run.summary,
        "approvals unread": "does not count: " in run.summary,
        "violations": list(server.violations),
    }


def test_fault_matrix(
    repository: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda case: outcome(repository, tmp_path, case), part(part(list(cases()))))
        )
    with capsys.disabled():
        print(  # noqa: T201 - the table is what the run shows
            f"\n{'request':<16}{'fault':<22}{'':<9} code comments written seconds named"
        )
        for row in found:
            print(  # noqa: T201 - likewise
                f"{row['request']:<16}{row['fault']:<22}{row['how']:<9} {row['code']!s:>4} "
                f"{row['comments']!s:>8} {row['current']!s:>7} {row['seconds']:>7.1f} "
                f"{'yes' if row['named'] or row['approvals unread'] else ''}"
            )
    for row in found:
        assert (row["code"], row["verdict"]) == (1, "fail"), row
        assert row["comments"] in (0, 1), row
        assert row["reviews"] in (0, 1), row
        limit = (PATIENT if row["how"] == "once" else POLICY).total_seconds
        assert float(str(row["seconds"])) < limit + REVIEW_SECONDS, row
        is_told = row["named"] or row["approvals unread"]
        assert row["current"] == 1 or is_told, f"neither written nor named: {row}"
        if row["how"] == "once":
            is_refused = row["fault"] in ("403 primary", "429 Retry-After: 1 h")
            assert row["current"] == (0 if is_refused else 1), row
        assert row["violations"] == [], row


def test_without_a_fault_all_is_written(repository: Repository, tmp_path: Path) -> None:
    run, server, _ = reviewed(repository, tmp_path, lambda _: None, old=False)
    assert run.code == 1
    assert [item.method for item in server.requests if item.method != "GET"] == ["POST"] * 3
    assert "could not do all of it" not in run.summary
    seen = {(item.method, item.path) for item in server.requests}
    unseen = [
        name
        for name, (method, path) in REQUESTS.items()
        if not any(method == m and re.search(path, p) for m, p in seen)
    ]
    assert unseen == ["PATCH comment"], "the matrix has every request of a review"
