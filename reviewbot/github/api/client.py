"""Sends requests for one repository through PyGithub, within the rules of `retries`."""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from urllib.parse import urlsplit

from msgspec import Struct

from reviewbot.github.api.deadline import within
from reviewbot.github.api.failures import NoAnswerError, failure, failures
from reviewbot.github.api.retries import Policy, Retries
from reviewbot.telemetry import SILENT, Telemetry, Value

_Answer = TypeVar("_Answer")
PAGE = 100


class Account(Struct, frozen=True, kw_only=True):
    """Which repository is asked about, where (the API's address), and with which token."""

    url: str
    repository: str
    token: str


class Client:
    """One repository at GitHub; what counts against the policy is the time spent here.

    Raises:
        GitHubError: The API's address is none.

    """

    def __init__(self, account: Account, policy: Policy, telemetry: Telemetry = SILENT) -> None:
        from github import Auth, Github

        self._policy = policy
        self._retries = Retries(policy)
        self._telemetry = telemetry
        self._untold: list[dict[str, Value]] = []
        try:
            client = Github(
                auth=Auth.Token(account.token),
                base_url=account.url,
                timeout=max(1, round(policy.request_seconds)),
                retry=None,
                seconds_between_requests=None,
                seconds_between_writes=None,
                per_page=PAGE,
                lazy=True,
                user_agent="reviewbot",
            )
            self.repository = client.get_repo(account.repository)
            """PyGithub's object; what is asked of it belongs into `read` or `write`."""
        except failures() as error:
            raise failure("asking GitHub", error) from error
        _watch(self.repository.requester, self._untold)

    def read(self, what: str, call: Callable[[], _Answer]) -> _Answer:
        """What `call` reads; `what` says it in an error.

        Raises:
            GitHubError: GitHub did not answer as it documents.

        """
        return self._sent(what, call, is_write=False)

    def write(self, what: str, call: Callable[[], _Answer]) -> _Answer:
        """What `call`, a single request, writes; `what` says it in an error.

        Raises:
            GitHubError: GitHub refused it, or nobody knows whether it was done.

        """
        return self._sent(what, call, is_write=True)

    def get(self, path: str) -> tuple[dict[str, Any], Any]:
        """The headers and the data of one request; `path` is below the repository's address."""
        requester = self.repository.requester
        headers, data = requester.requestJsonAndCheck("GET", f"{self.repository.url}{path}")
        return headers, data

    def send(self, method: str, path: str, body: dict[str, Any] | None) -> None:
        """Send one request that writes; `path` is below the repository's address."""
        requester = self.repository.requester
        url = f"{self.repository.url}{path}"
        _, data = requester.requestJsonAndCheck(method, url, input=body)
        if method != "DELETE" and not isinstance(data, dict):
            raise NoAnswerError

    def pause(self, seconds: float) -> None:
        """Wait, though never beyond the end of all requests."""
        self._retries.pause(seconds)

    def _sent(self, what: str, call: Callable[[], _Answer], *, is_write: bool) -> _Answer:
        def attempt(number: int) -> _Answer:
            seconds = min(self._retries.left_seconds, 3 * self._policy.request_seconds)
            try:
                with self._told(number):
                    return within(seconds, call)
            except failures() as error:
                raise failure(what, error) from error

        return self._retries.call(attempt, is_write=is_write)

    @contextlib.contextmanager
    def _told(self, attempt: int) -> Iterator[None]:
        """Tell of the requests so far; one without an answer yet has no seconds."""
        try:
            yield
        finally:
            while self._untold:
                self._telemetry.tell("request", **self._untold.pop(0), attempt=attempt)


def _watch(requester: Any, into: list[dict[str, Value]]) -> None:
    """Have each request noted in `into`: its method, path without query, status and seconds."""
    send = requester.requestJson

    def request(method: str, url: str, *rest: Any, **more: Any) -> Any:
        about: dict[str, Value] = {"method": method, "path": urlsplit(url).path}
        into.append(about)
        began = time.monotonic()
        try:
            answer = send(method, url, *rest, **more)
        except BaseException as error:
            about |= {"seconds": time.monotonic() - began, "error": type(error).__name__}
            raise
        about |= {"seconds": time.monotonic() - began, "status": answer[0]}
        return answer

    requester.requestJson = request
