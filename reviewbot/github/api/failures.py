"""What went wrong with a request to GitHub, in words for people and in facts for the retries."""

import contextlib
import time
from typing import Any

from reviewbot.errors import Problem, ReviewbotError

_UNCERTAIN = (500, 502, 503, 504)
_FORBIDDEN, _TOO_MANY = 403, 429
_SAID_CHARACTERS = 300


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
        super().__init__([Problem(what=f"{what} failed: {said}", mend=mend or _mend(status))])

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


def _mend(status: int | None) -> str:
    match status:
        case 401:
            return "check the input `token`"
        case 403 | 404:
            return "give the job the permission (docs/github.md lists them), or wait for a limit"
        case 422:
            return "please report it to reviewbot"
        case _:
            return "run the job again; check GITHUB_API_URL where it stays so"
