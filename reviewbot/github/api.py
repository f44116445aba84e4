"""The edge to GitHub's REST API, through PyGithub, with an explicit policy for what goes wrong.

PyGithub's own retries repeat a request whose reply was lost, and sleep for as long as a server
says; they are off. Here a read is repeated with back-off, a write only where GitHub says that it
refused it, and everything together ends within `Policy.total_seconds`.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from msgspec import Struct

from reviewbot.errors import Problem, ReviewbotError
from reviewbot.github.names import is_commit, is_reference
from reviewbot.telemetry import SILENT, Telemetry, Value

_Answer = TypeVar("_Answer")
_RETARGETED = ("base_ref_changed", "automatic_base_change_succeeded")
_OK_TO_REPEAT = (500, 502, 503, 504)
_SLOW_DOWN = (403, 429)
_SAID_CHARACTERS = 300
_PAGE = 100


class Policy(Struct, frozen=True, kw_only=True):
    """How long and how often GitHub is asked; all in seconds but `attempts`.

    A wait begins at `first_wait_seconds` and doubles; a server's `Retry-After` replaces it. Where a
    wait does not fit into what is left of `total_seconds`, the request has failed.
    """

    total_seconds: float = 60.0
    request_seconds: float = 10.0
    attempts: int = 5
    first_wait_seconds: float = 1.0


class GitHubError(ReviewbotError):
    """GitHub did not do what it was asked.

    `status` is the HTTP status, None where there was no whole answer: then a write may have been
    done or not.
    """

    def __init__(self, what: str, said: str, *, status: int | None) -> None:
        self.status = status
        super().__init__([Problem(what=f"{what} failed: {said}", mend=_mend(status))])

    @property
    def is_uncertain(self) -> bool:
        """Whether a write that ended so may have been done all the same."""
        return self.status is None or self.status in _OK_TO_REPEAT or self.status in range(200, 300)


class Comment(Struct, frozen=True, kw_only=True):
    """A comment of a pull request; `author` is a login."""

    number: int
    author: str
    body: str
    url: str


class Pull(Struct, frozen=True, kw_only=True):
    """A pull request as it is now; `at` is GitHub's time of the answer, in ISO 8601."""

    number: int
    head: str
    base_ref: str
    author: str
    is_open: bool
    labels: tuple[str, ...]
    head_repository: str | None
    base_repository: str
    at: str


class Review(Struct, frozen=True, kw_only=True):
    """A review of a pull request; `commit` is None where GitHub no longer knows it."""

    number: int
    by: str
    state: str
    at: str
    commit: str | None
    body: str


class Labelling(Struct, frozen=True, kw_only=True):
    """The last time a label was set."""

    event: int
    by: str
    at: str


class History(Struct, frozen=True, kw_only=True):
    """What happened to a pull request: its label set, and its base branch changed, the last time.

    Each is None where it never happened; `retargeted_at` is GitHub's time in ISO 8601.
    """

    labelling: Labelling | None
    retargeted_at: str | None


class GitHub:
    """One repository at GitHub; what counts against the policy is the time spent here."""

    def __init__(
        self,
        *,
        token: str,
        url: str,
        repository: str,
        policy: Policy,
        telemetry: Telemetry = SILENT,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        from github import Auth, Github

        self._policy = policy
        self._telemetry = telemetry
        self._clock = clock
        self._sleep = sleep
        self._spent_seconds = 0.0
        self._client = Github(
            auth=Auth.Token(token),
            base_url=url,
            timeout=max(1, round(policy.request_seconds)),
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
            per_page=_PAGE,
            lazy=True,
            user_agent="reviewbot",
        )
        self._repository = self._client.get_repo(repository)
        self._pulls: dict[int, Any] = {}
        self._untold: list[dict[str, Value]] = []
        _watch(self._repository.requester, self._untold, clock)

    def pull(self, number: int) -> Pull:
        """The pull request as it is now."""
        from github.PullRequest import PullRequest as Data

        def get() -> Pull:
            headers, data = self._repository.requester.requestJsonAndCheck(
                "GET", f"{self._repository.url}/pulls/{number}"
            )
            found = Data(self._repository.requester, headers, data, completed=True)
            self._pulls[number] = found
            return _pull(found, str(headers.get("date", "")))

        return self._read(f"reading pull request {number}", get)

    def pulls_of_commit(self, commit: str) -> tuple[Pull, ...]:
        """The pull requests that brought a commit, or that it is the head of."""
        return self._read(
            f"looking for the pull requests of {commit[:9]}",
            lambda: tuple(
                _pull(item, "") for item in self._repository.get_commit(commit).get_pulls()
            ),
        )

    def open_pulls(self, head: str) -> tuple[Pull, ...]:
        """The open pull requests of a branch, given as `owner:branch`."""
        return self._read(
            "looking for the pull request of the branch",
            lambda: tuple(
                _pull(item, "") for item in self._repository.get_pulls(state="open", head=head)
            ),
        )

    def queue_entries(self, branch: str) -> tuple[tuple[int, str], ...]:
        """The merge queue's entries for `branch`: pull request and commit."""
        prefix = f"heads/gh-readonly-queue/{branch}/pr-"

        def get() -> tuple[tuple[int, str], ...]:
            requester = self._repository.requester
            url = f"{self._repository.url}/git/matching-refs/{quote(prefix)}"
            _, data = requester.requestJsonAndCheck("GET", url)
            found = []
            for item in data:
                number = item["ref"].removeprefix(f"refs/{prefix}").partition("-")[0]
                if number.isdecimal():
                    found.append((int(number), _commit(item["object"]["sha"])))
            return tuple(found)

        return self._read("reading the merge queue", get)

    def merge_base(self, base: str, head: str) -> str:
        """The merge base of two commits, by GitHub's whole history."""
        return self._read(
            "asking for the merge base",
            lambda: _commit(self._repository.compare(base, head).merge_base_commit.sha),
        )

    def reviews(self, number: int) -> tuple[Review, ...]:
        """The reviews, the oldest first."""
        return self._read(
            "reading the reviews",
            lambda: tuple(
                Review(
                    number=item.id,
                    by=item.user.login if item.user else "",
                    state=item.state,
                    at=item.submitted_at.isoformat() if item.submitted_at else "",
                    commit=_commit(item.commit_id) if item.commit_id else None,
                    body=item.body or "",
                )
                for item in self._pull_data(number).get_reviews()
            ),
        )

    def history(self, number: int, label: str | None) -> History:
        """Who set `label` last, and when the pull request was turned to its base branch."""

        def get() -> History:
            labelling = retargeted_at = None
            for item in self._pull_data(number).get_issue_events():
                if item.event == "labeled" and item.label and item.label.name == label:
                    by = item.actor.login if item.actor else ""
                    labelling = Labelling(event=item.id, by=by, at=item.created_at.isoformat())
                elif item.event in _RETARGETED:
                    retargeted_at = item.created_at.isoformat()
            return History(labelling=labelling, retargeted_at=retargeted_at)

        return self._read("reading the pull request's events", get)

    def is_member(self, team: str, login: str) -> bool | None:
        """Whether `login` is in `organisation/team`; None where the token may not know."""
        organisation, _, slug = team.partition("/")
        path = f"/orgs/{organisation}/teams/{slug}/memberships/{login}"
        requester = self._repository.requester
        try:
            _, data = self._read(
                f"asking whether {login} is in {team}",
                lambda: requester.requestJsonAndCheck("GET", path),
            )
        except GitHubError as error:
            if error.status in (401, 403, 404):
                return None
            raise
        return bool(data.get("state") == "active")

    def comments(self, number: int) -> tuple[Comment, ...]:
        """The comments of a pull request, the oldest first."""
        return self._read(
            "reading the comments",
            lambda: tuple(_comment(item) for item in self._pull_data(number).get_issue_comments()),
        )

    def create_comment(self, number: int, body: str) -> Comment:
        """Write a new comment."""
        return self._write(
            "writing the comment",
            lambda: _comment(self._pull_data(number).create_issue_comment(body)),
        )

    def edit_comment(self, comment: int, body: str) -> None:
        """Replace a comment's text."""
        self._write(
            "updating the comment",
            lambda: self._request("PATCH", f"/issues/comments/{comment}", {"body": body}),
        )

    def delete_comment(self, comment: int) -> None:
        """Delete a comment; one that is gone already is no fault."""
        try:
            self._write(
                "deleting a duplicate of the comment",
                lambda: self._request("DELETE", f"/issues/comments/{comment}", None),
            )
        except GitHubError as error:
            if error.status != 404:  # noqa: PLR2004 - not found
                raise

    def create_check_run(self, data: dict[str, Any]) -> None:
        """Create a check run from the body that GitHub documents."""
        self._write("creating the check run", lambda: self._request("POST", "/check-runs", data))

    def create_review(self, number: int, data: dict[str, Any]) -> None:
        """Create a review with comments on lines."""
        self._write(
            "writing the comments on lines",
            lambda: self._request("POST", f"/pulls/{number}/reviews", data),
        )

    def pause(self, seconds: float) -> None:
        """Wait, though never beyond the end of all requests."""
        with self._counted():
            self._sleep(max(0.0, min(seconds, self._left())))

    def _pull_data(self, number: int) -> Any:
        if number not in self._pulls:
            self._pulls[number] = self._repository.get_pull(number)
        return self._pulls[number]

    def _request(self, method: str, path: str, body: dict[str, Any] | None) -> None:
        url = f"{self._repository.url}{path}"
        requester = self._repository.requester
        _, data = requester.requestJsonAndCheck(method, url, input=body)
        if method != "DELETE" and not isinstance(data, dict):
            raise _NoAnswerError

    def _read(self, what: str, call: Callable[[], _Answer]) -> _Answer:
        return self._ask(what, call, repeat_uncertain=True)

    def _write(self, what: str, call: Callable[[], _Answer]) -> _Answer:
        return self._ask(what, call, repeat_uncertain=False)

    def _ask(self, what: str, call: Callable[[], _Answer], *, repeat_uncertain: bool) -> _Answer:
        wait = self._policy.first_wait_seconds
        for attempt in range(1, self._policy.attempts + 1):
            try:
                with self._counted(), self._told(attempt):
                    return _within(min(self._left(), 3 * self._policy.request_seconds), call)
            except _failures() as error:
                failure, wished = _failure(what, error)
            refused = wished is not None
            if not (refused or (repeat_uncertain and failure.is_uncertain)):
                raise failure
            pause = max(wait, wished or 0.0)
            if attempt == self._policy.attempts or pause >= self._left():
                raise failure
            self.pause(pause)
            wait *= 2
        raise AssertionError  # pragma: no cover - the last attempt returns or raises

    @contextlib.contextmanager
    def _told(self, attempt: int) -> Iterator[None]:
        """Tell what was requested meanwhile; one that is still unanswered has no seconds."""
        try:
            yield
        finally:
            while self._untold:
                self._telemetry.tell("request", **self._untold.pop(0), attempt=attempt)

    def _left(self) -> float:
        return self._policy.total_seconds - self._spent_seconds

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        began = self._clock()
        try:
            yield
        finally:
            self._spent_seconds += self._clock() - began


class _NoAnswerError(Exception):
    """The answer is not what GitHub documents."""


def _watch(requester: Any, into: list[dict[str, Value]], clock: Callable[[], float]) -> None:
    """Have each request noted in `into`: its method, path without query, status and seconds."""
    send = requester.requestJson

    def request(method: str, url: str, *rest: Any, **more: Any) -> Any:
        about: dict[str, Value] = {"method": method, "path": urlsplit(url).path}
        into.append(about)
        began = clock()
        try:
            answer = send(method, url, *rest, **more)
        except BaseException as error:
            about |= {"seconds": clock() - began, "error": type(error).__name__}
            raise
        about |= {"seconds": clock() - began, "status": answer[0]}
        return answer

    requester.requestJson = request


def _within(seconds: float, call: Callable[[], _Answer]) -> _Answer:
    """The result of `call`, or TimeoutError; an answer that drips in has no end of its own."""
    if seconds <= 0:
        raise TimeoutError("no time is left")
    results: list[_Answer] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(call())
        except BaseException as error:  # noqa: BLE001 - it is raised again in the caller
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError("no whole answer came in time")
    return results[0]


def _failures() -> tuple[type[BaseException], ...]:
    """What PyGithub and requests raise for a wrong, partial or missing answer."""
    from github import BadAttributeException, GithubException
    from requests import RequestException

    # TypeError, AttributeError, KeyError and the like: an answer that is not what is documented
    return (
        *(GithubException, BadAttributeException, RequestException, OSError, _NoAnswerError),
        *(TypeError, AttributeError, LookupError, ValueError, AssertionError, RecursionError),
    )


def _failure(what: str, error: BaseException) -> tuple[GitHubError, float | None]:
    """The error for people, and how many seconds GitHub wants to wait, None if it does not say."""
    from github import GithubException

    if not isinstance(error, GithubException) or error.status < 100:  # noqa: PLR2004
        return GitHubError(what, _name(error), status=None), None
    said = f"{error.status} {_said(error.data)}".strip()
    return GitHubError(what, said, status=error.status), _wished_wait(error)


def _wished_wait(error: Any) -> float | None:
    if error.status not in _SLOW_DOWN:
        return None
    headers = {key.lower(): value for key, value in (error.headers or {}).items()}
    with contextlib.suppress(KeyError, ValueError):
        return max(0.0, float(headers["retry-after"]))
    if headers.get("x-ratelimit-remaining") == "0":
        with contextlib.suppress(KeyError, ValueError):
            return max(0.0, float(headers["x-ratelimit-reset"]) - time.time())
    is_secondary = "rate limit" in str(error.data).lower()
    return 0.0 if error.status != _SLOW_DOWN[0] or is_secondary else None


def _said(data: Any) -> str:
    text = data.get("message", "") if isinstance(data, dict) else data
    return str(text or "")[:_SAID_CHARACTERS]


def _name(error: BaseException) -> str:
    """The kind of failure; its text may hold addresses and headers, so it is not shown."""
    return (
        "no whole answer came in time" if isinstance(error, TimeoutError) else type(error).__name__
    )


def _mend(status: int | None) -> str:
    match status:
        case 401:
            return "check the input `token`"
        case 403 | 404:
            return "give the job the permission (docs/github.md lists them), or wait for a limit"
        case 422:
            return "please report it to reviewbot"
        case _:
            return "run the job again"


def _pull(item: Any, at: str) -> Pull:
    return Pull(
        number=item.number,
        head=_commit(item.head.sha),
        base_ref=_reference(item.base.ref),
        author=item.user.login if item.user else "",
        is_open=item.state == "open",
        labels=tuple(label.name for label in item.labels),
        head_repository=item.head.repo.full_name if item.head.repo else None,
        base_repository=item.base.repo.full_name,
        at=_iso(at),
    )


def _commit(text: Any) -> str:
    """A commit's id; nothing else may reach a git command."""
    if not isinstance(text, str) or not is_commit(text):
        raise _NoAnswerError
    return text


def _reference(text: Any) -> str:
    if not isinstance(text, str) or not is_reference(text):
        raise _NoAnswerError
    return text


def _iso(http_date: str) -> str:
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(http_date).isoformat()
    except ValueError:
        return ""


def _comment(item: Any) -> Comment:
    if not isinstance(item.id, int) or not isinstance(item.body, str):
        raise _NoAnswerError
    return Comment(
        number=item.id,
        author=item.user.login if item.user else "",
        body=item.body,
        url=item.html_url,
    )


def oldest_first(comments: Iterable[Comment]) -> Iterator[Comment]:
    """By GitHub's numbers, which only grow."""
    return iter(sorted(comments, key=lambda item: item.number))
