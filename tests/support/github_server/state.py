"""What the server remembers: pull requests, comments, reviews, labels, check runs, requests."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass
class PullState:
    """A pull request; without `head_full_name` its fork was deleted."""

    number: int
    head_sha: str
    head_ref: str
    head_full_name: str | None
    base_ref: str
    base_sha: str
    author: str
    created_at: datetime
    updated_at: datetime
    state: str = "open"
    draft: bool = False
    merged: bool = False
    merge_commit: str | None = None
    labels: list[str] = field(default_factory=list)
    title: str = "A change"
    body: str | None = None


@dataclass
class CommentState:
    """A comment in the conversation of a pull request."""

    id: int
    number: int
    author: str
    author_type: str
    body: str
    created_at: datetime
    updated_at: datetime


@dataclass
class IssueState:
    """An issue that is no pull request."""

    id: int
    number: int
    author: str
    title: str
    body: str
    created_at: datetime
    updated_at: datetime
    state: str = "open"
    state_reason: str | None = None
    labels: list[str] = field(default_factory=list)


@dataclass
class ReviewState:
    """A review: APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED or PENDING."""

    id: int
    number: int
    author: str
    state: str
    commit: str | None
    submitted_at: datetime
    body: str = ""


@dataclass
class LineCommentState:
    """A comment on a line of a pull request's diff, as a part of a review."""

    id: int
    number: int
    review: int
    author: str
    commit: str
    path: str
    line: int | None
    start_line: int | None
    body: str
    created_at: datetime
    in_reply_to: int | None = None


@dataclass
class IssueEventState:
    """A label put on a pull request (`labeled`) or taken off, or a `base_ref_changed`."""

    id: int
    number: int
    event: str
    actor: str
    label: str | None
    created_at: datetime


@dataclass
class CheckRunState:
    """A check run; annotations of later requests are added to the earlier ones."""

    id: int
    name: str
    head_sha: str
    status: str = "queued"
    conclusion: str | None = None
    details_url: str | None = None
    external_id: str = ""
    started_at: str | None = None
    completed_at: str | None = None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Recorded:
    """A request of the API in the order of arrival; status 0 when nothing was answered.

    `path` is without `/api/v3`, which stands in `prefix`. Names of headers are in lower case.
    """

    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str]
    prefix: str = ""
    status: int = 0
