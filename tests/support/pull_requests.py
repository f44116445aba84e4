"""A pull request of a GitHub of our own, as tests of the action write it."""

from datetime import timedelta
from typing import Any

from tests.support.acting import Run, Site, pull_request
from tests.support.reviewing import CONFIGURATION, PROMPT, configuration, tokens, workflow

HARD = "{monthly_cost: {hard: $1.09}}"
APPROVABLE = "{monthly_cost: {hard: $1.09}, approvable: true}"
APPROVAL = "{approvers: [octocat, '@acme/finops'], label: costs-ok}"


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


def queue(site: Site, head: str) -> dict[str, Any]:
    ref = "refs/heads/gh-readonly-queue/main/pr-1-" + "0" * 40
    site.repository.git("update-ref", ref, head)
    group = {"base_ref": "refs/heads/main", "head_sha": head, "head_ref": ref}
    return {"action": "checks_requested", "merge_group": group}


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


def labelled(site: Site, head: str, by: str = "octocat") -> dict[str, Any]:
    """The event that `by` sets the label on `head` now; its payload is of half a minute ago."""
    site.server.label(1, "costs-ok", by)
    event = pull_request(head, action="labeled", label={"name": "costs-ok"}, sender={"login": by})
    at = site.server.now() - timedelta(seconds=30)
    event["pull_request"] |= {"updated_at": at.isoformat()}
    return event
