"""What an event asks for: which commits to compare, and which pull request to speak to.

Pure: it sees the event's name, its payload, and three variables of the environment. Payloads are
described at https://docs.github.com/en/webhooks/webhook-events-and-payloads; whatever the author
of a pull request can choose in them (branch and label names) is data here, never a command.
"""

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from reviewbot.errors import Problem, UsageError
from reviewbot.github.revision_names import is_commit, is_reference

_BRANCHES = "refs/heads/"
_NOTHING = re.compile(r"0+\Z")
_FULL_NAME = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+\Z")


class Label(Struct, frozen=True, kw_only=True):
    """A label that the event itself has just set, and on which head commit.

    `at` is when, as the payload says it in ISO 8601; empty where it does not.
    """

    name: str
    by: str
    commit: str
    at: str


class PullRequest(Struct, frozen=True, kw_only=True):
    """The pull request that an event is about; `head_repository` is None where it was deleted."""

    number: int
    head: str
    base_ref: str
    author: str
    head_repository: str | None


class Compare(Struct, frozen=True, kw_only=True):
    """Review the commit `head` against the tip of the branch, tag or commit `base`.

    Approvals are those of `pull_request`, or else of the pull requests into `branch` that brought
    `head`; where that is None too there are none.
    """

    repository: str
    base: str
    head: str
    pull_request: PullRequest | None = None
    label: Label | None = None
    queue: str | None = None
    branch: str | None = None


class Publish(Struct, frozen=True, kw_only=True):
    """Write the comment for a report that another run, of the commit `head`, has uploaded."""

    repository: str
    head: str
    head_branch: str
    head_repository: str


class Nothing(Struct, frozen=True, kw_only=True):
    """There is nothing to review, and the check passes; `why` says so."""

    why: str


Decision = Compare | Publish | Nothing


def decide(
    name: str, payload: Mapping[str, Any], *, repository: str, commit: str, baseline: str
) -> Decision:
    """What the event `name` asks for.

    `repository` is `GITHUB_REPOSITORY`, `commit` `GITHUB_SHA`, and `baseline` the action's input:
    what a push, a schedule or a manual run is compared with.

    Raises:
        UsageError: The event is unknown, or its payload is not as GitHub documents it.

    """
    if not _FULL_NAME.match(repository):
        raise _wrong("GITHUB_REPOSITORY is not `owner/name`")
    match name:
        case "pull_request" | "pull_request_review":
            return _pull_request(payload, repository)
        case "merge_group":
            group = _mapping(payload, "merge_group")
            return Compare(
                repository=repository,
                base=_ref(group, "base_ref"),
                head=_commit(group, "head_sha"),
                queue=_ref(group, "head_ref"),
            )
        case "push":
            return _push(payload, repository, baseline)
        case "workflow_dispatch" | "schedule":
            return _started(name, payload, repository, commit, baseline)
        case "workflow_run":
            return _workflow_run(payload, repository)
        case "pull_request_target":
            raise UsageError(
                [
                    Problem(
                        what="`pull_request_target` runs with a write token beside a fork's files",
                        mend="use the pair of workflows in docs/github.md, section Forks",
                    )
                ]
            )
        case _:
            raise UsageError(
                [
                    Problem(
                        what=f"the event {name!r} has nothing to review",
                        mend="use pull_request, pull_request_review, merge_group, push, "
                        "workflow_dispatch, schedule or workflow_run (docs/github.md)",
                    )
                ]
            )


def _pull_request(payload: Mapping[str, Any], repository: str) -> Decision:
    data = _mapping(payload, "pull_request")
    if payload.get("action") == "closed":
        return Nothing(why="the pull request is closed")
    head, base = _mapping(data, "head"), _mapping(data, "base")
    source = head.get("repo")
    pull = PullRequest(
        number=_number(data, "number"),
        head=_commit(head, "sha"),
        base_ref=_ref(base, "ref"),
        author=_text(_mapping(data, "user"), "login"),
        head_repository=_text(source, "full_name") if isinstance(source, Mapping) else None,
    )
    label = None
    if payload.get("action") == "labeled":
        label = Label(
            name=_text(_mapping(payload, "label"), "name"),
            by=_text(_mapping(payload, "sender"), "login"),
            commit=pull.head,
            at=str(data.get("updated_at", "")),
        )
    return Compare(
        repository=repository,
        base=f"{_BRANCHES}{pull.base_ref}",
        head=pull.head,
        pull_request=pull,
        label=label,
    )


def _push(payload: Mapping[str, Any], repository: str, baseline: str) -> Decision:
    if payload.get("deleted") is True:
        return Nothing(why="the branch or tag was deleted")
    before, after = _commit(payload, "before"), _commit(payload, "after")
    if baseline:
        base = _revision(baseline)
    elif _NOTHING.match(before):
        base = _BRANCHES + _ref(_mapping(payload, "repository"), "default_branch")
    else:
        base = before
    ref = str(payload.get("ref"))
    branch = ref.removeprefix(_BRANCHES) if ref.startswith(_BRANCHES) else None
    return Compare(repository=repository, base=base, head=after, branch=branch)


def _started(
    name: str, payload: Mapping[str, Any], repository: str, commit: str, baseline: str
) -> Decision:
    if not is_commit(commit):
        raise _wrong("GITHUB_SHA is not a commit")
    about = payload.get("repository")
    default = _ref(about, "default_branch") if isinstance(about, Mapping) else ""
    if baseline:
        return Compare(
            repository=repository, base=_revision(baseline), head=commit, branch=default or None
        )
    ref = payload.get("ref")
    if name == "schedule" or not default or ref in (None, f"refs/heads/{default}"):
        raise UsageError(
            [
                Problem(
                    what=f"`{name}` on the default branch has nothing to compare it with",
                    mend="set the input `baseline` to a tag, branch or commit",
                )
            ]
        )
    base = f"{_BRANCHES}{default}"
    return Compare(repository=repository, base=base, head=commit, branch=default)


def _workflow_run(payload: Mapping[str, Any], repository: str) -> Decision:
    run = _mapping(payload, "workflow_run")
    if run.get("event") not in ("pull_request", "pull_request_review"):
        return Nothing(why="the finished run was not one of a pull request")
    return Publish(
        repository=repository,
        head=_commit(run, "head_sha"),
        head_branch=_ref(run, "head_branch"),
        head_repository=_text(_mapping(run, "head_repository"), "full_name"),
    )


def _revision(text: str) -> str:
    """A branch, a tag or a commit as `git fetch` takes it."""
    if not is_reference(text):
        raise UsageError(
            [
                Problem(
                    what=f"the input `baseline` is not a revision: {text!r}",
                    mend="name a tag, a branch or a commit",
                )
            ]
        )
    return text


def _mapping(data: Any, key: str) -> Mapping[str, Any]:
    found = data.get(key) if isinstance(data, Mapping) else None
    if not isinstance(found, Mapping):
        raise _wrong(f"it has no `{key}`")
    return found


def _text(data: Mapping[str, Any], key: str) -> str:
    found = data.get(key)
    if not isinstance(found, str) or not found:
        raise _wrong(f"its `{key}` is no text")
    return found


def _number(data: Mapping[str, Any], key: str) -> int:
    found = data.get(key)
    if isinstance(found, bool) or not isinstance(found, int) or found < 1:
        raise _wrong(f"its `{key}` is no number")
    return found


def _commit(data: Mapping[str, Any], key: str) -> str:
    found = _text(data, key)
    if not is_commit(found):
        raise _wrong(f"its `{key}` is no commit")
    return found


def _ref(data: Mapping[str, Any], key: str) -> str:
    found = _text(data, key)
    if not is_reference(found):
        raise _wrong(f"its `{key}` is no git reference")
    return found


def _wrong(what: str) -> UsageError:
    return UsageError(
        [
            Problem(
                what=f"the event's payload cannot be read: {what}",
                mend="run this inside GitHub Actions, with GITHUB_EVENT_NAME and GITHUB_EVENT_PATH",
            )
        ]
    )
