"""Decides when a request to GitHub is sent again, and when it has failed.

A read is sent again after any failure that may pass; a write only where GitHub says that it refused
it, since a write whose answer was lost may have been done. Everything together ends within
`Policy.total_seconds`.

tenacity runs the loop. urllib3's `Retry`, and PyGithub's `GithubRetry` on top of it, do not fit:
they bound one request and not all, sleep for as long as a server says, and do not see an answer
that breaks off after its headers.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from reviewbot.github.api.failures import GitHubError

if TYPE_CHECKING:
    from tenacity import RetryCallState

_Answer = TypeVar("_Answer")


class Policy(Struct, frozen=True, kw_only=True):
    """How long and how often GitHub is asked.

    The wait before the second attempt is `first_wait_seconds`, and it doubles for each further one;
    where GitHub asks for a longer one, that counts. Where a wait does not fit into what is left of
    `total_seconds`, the request has failed.
    """

    total_seconds: float = 60.0
    request_seconds: float = 10.0
    attempts: int = 5
    first_wait_seconds: float = 1.0


class Retries:
    """Sends requests, again where that may help; the time of all of them counts together."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._spent_seconds = 0.0

    @property
    def left_seconds(self) -> float:
        """What is left of the policy's `total_seconds`."""
        return self._policy.total_seconds - self._spent_seconds

    def call(self, attempt: Callable[[int], _Answer], *, is_write: bool) -> _Answer:
        """The first answer that `attempt` gives; it is called with 1, 2, 3, ….

        Raises:
            GitHubError: It failed for good.

        """
        from tenacity import Retrying, retry_if_exception, wait_exponential

        double = wait_exponential(multiplier=self._policy.first_wait_seconds)
        retrying = Retrying(
            retry=retry_if_exception(lambda error: _may_pass(error, is_write=is_write)),
            wait=lambda state: max(double(state), _wished_seconds(state)),
            stop=self._is_over,
            sleep=self.pause,
            reraise=True,
        )

        def counted() -> _Answer:
            with self._counted():
                return attempt(retrying.statistics["attempt_number"])

        return retrying(counted)

    def pause(self, seconds: float) -> None:
        """Wait, though never beyond the end of all requests."""
        with self._counted():
            time.sleep(max(0.0, min(seconds, self.left_seconds)))

    def _is_over(self, state: "RetryCallState") -> bool:
        is_last = state.attempt_number >= self._policy.attempts
        return is_last or state.upcoming_sleep >= self.left_seconds

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self._spent_seconds += time.monotonic() - began


def _may_pass(error: BaseException, *, is_write: bool) -> bool:
    if not isinstance(error, GitHubError):
        return False
    return error.wished_wait_seconds is not None or (error.is_uncertain and not is_write)


def _wished_seconds(state: "RetryCallState") -> float:
    error = state.outcome.exception() if state.outcome else None
    return (error.wished_wait_seconds or 0.0) if isinstance(error, GitHubError) else 0.0
