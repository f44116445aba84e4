"""What went wrong with a request to GitHub, in words for people and in facts for the retries."""

import contextlib
import math
import time
from datetime import UTC, datetime
from typing import Any

from reviewbot.errors import Problem, ReviewbotError

_UNCERTAIN = (500, 502, 503, 504)
_UNKNOWN, _FORBIDDEN, _NOT_FOUND, _TOO_MANY = 401, 403, 404, 429
_SAID_CHARACTERS = 300
_MINUTE_SECONDS = 60
_LONGEST_WAIT_SECONDS = 100 * 365 * 86_400
_PERMISSIONS = (
    (" is in ", ""),
    ("check run", "checks: write"),
    ("merge base", "contents: read"),
    ("issue", "issues: write"),
    ("label", "issues: write"),
    ("reading", "pull-requests: read"),
    ("comment", "pull-requests: write"),
)
"""What a job needs for what is being done, by words that the first fitting one has."""


class GitHubError(ReviewbotError):
    """GitHub did not do what it was asked.

    `said` is why. `status` is the HTTP status, None where there was no whole answer: then a write
    may have been done or not. `wished_wait_seconds` is how long GitHub asks to wait before the
    request is sent again; None where it does not refuse it for a limit. `mend` is what to do about
    it where the status alone does not say.
    """

    def __init__(
        self,
        what: str,
        said: str,
        *,
        status: int | None,
        wished_wait_seconds: float | None = None,
        mend: str | None = None,
    ) -> None:
        self.status = status
        self.said = said
        self.wished_wait_seconds = wished_wait_seconds
        mend = mend or _mend(what, said, status, wished_wait_seconds)
        super().__init__([Problem(what=f"{what} failed: {said}", mend=mend)])

    @property
    def is_uncertain(self) -> bool:
        """Whether a write that ended so may have been done all the same."""
        return self.status is None or self.status in _UNCERTAIN or self.status in range(200, 300)


class NoAnswerError(Exception):
    """The answer is not what GitHub documents."""


_STRANGE = (
    *(NoAnswerError, TypeError, AttributeError, LookupError, ValueError),
    *(AssertionError, RuntimeError),
)
"""What becomes of an answer that is not what is documented: a page of HTML, or a link or a
redirection to another host, which PyGithub refuses so; RecursionError is a RuntimeError."""


def failures() -> tuple[type[BaseException], ...]:
    """What PyGithub and requests raise for a wrong, partial or missing answer."""
    from github import BadAttributeException, GithubException
    from requests import RequestException

    return (GithubException, BadAttributeException, RequestException, OSError, *_STRANGE)


def failure(what: str, error: BaseException) -> GitHubError:
    """The error for people; `what` is what was being done."""
    from github import GithubException

    if not isinstance(error, GithubException) or error.status < 100:  # noqa: PLR2004
        return GitHubError(what, _name(error), status=None)
    said = f"{error.status} {_said(error.data)}".strip()
    return GitHubError(
        what, said, status=error.status, wished_wait_seconds=_wished_wait_seconds(error)
    )


def _wished_wait_seconds(error: Any) -> float | None:
    """Sources: docs.github.com, "Rate limits for the REST API" and "Best practices"."""
    if error.status not in (_FORBIDDEN, _TOO_MANY):
        return None
    headers = {key.lower(): value for key, value in (error.headers or {}).items()}
    with contextlib.suppress(KeyError, ValueError):
        return max(0.0, float(headers["retry-after"]))
    if headers.get("x-ratelimit-remaining") == "0":
        with contextlib.suppress(KeyError, ValueError):
            return max(0.0, float(headers["x-ratelimit-reset"]) - time.time())
    is_secondary = "rate limit" in str(error.data).lower()
    return 0.0 if error.status == _TOO_MANY or is_secondary else None


def _said(data: Any) -> str:
    text = data.get("message", "") if isinstance(data, dict) else data
    return str(text or "")[:_SAID_CHARACTERS]


def _name(error: BaseException) -> str:
    """The kind of failure; its text may hold addresses and headers, so it is not shown."""
    from github import BadAttributeException
    from requests import RequestException

    if isinstance(error, TimeoutError):
        return "no whole answer came in time"
    if isinstance(error, RuntimeError) and "redirected" in str(error):
        return "GitHub sends us to another address, which is not followed"
    if isinstance(error, (BadAttributeException, *_STRANGE)) and not isinstance(
        error, RequestException
    ):
        return "the answer is not what GitHub's API gives"
    return type(error).__name__


def _mend(what: str, said: str, status: int | None, wished_wait_seconds: float | None) -> str:
    """What to do about a status; `what` was being done."""
    if wished_wait_seconds is not None:
        return f"{_wait(wished_wait_seconds)}, and run the job again"
    match status:
        case 401 | 403 | 404:
            return _of_token(what, said, status)
        case 410 if "issue" in what:
            return "turn issues on in the repository's settings"
        case 422:
            return "please report it to reviewbot"
        case _:
            return "run the job again; check GITHUB_API_URL where it stays so"


def _wait(seconds: float) -> str:
    if not seconds:
        return "wait a minute"
    ends = datetime.fromtimestamp(_whole_minute(time.time() + seconds), UTC)
    return f"wait until {ends:%H:%M} UTC"


def _of_token(what: str, said: str, status: int) -> str:
    """The mend where GitHub refuses a token."""
    if status == _UNKNOWN:
        return "check the input `token`, or GITHUB_TOKEN outside of the action"
    if "archived" in said:
        return "unarchive the repository, or turn the job off"
    if "SAML" in said:
        return "authorize the token for the organization's single sign-on"
    other = "; a token of another repository finds nothing either" if status == _NOT_FOUND else ""
    return f"{_permission(what)}{other}"


def _permission(what: str) -> str:
    """The mend for a token that may not do something."""
    needed = next((needed for words, needed in _PERMISSIONS if words in what), None)
    if needed is None:
        return "give the job the permissions that docs/github.md lists"
    if not needed:
        return "give the token of an App that may read the organization's members"
    return f"add `{needed}` under the job's `permissions`"


def _whole_minute(seconds: float) -> float:
    """The next whole minute; never so late that no calendar has it."""
    latest = min(seconds, time.time() + _LONGEST_WAIT_SECONDS)
    return math.ceil(latest / _MINUTE_SECONDS) * _MINUTE_SECONDS
