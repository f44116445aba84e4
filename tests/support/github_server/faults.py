"""Ways in which a request goes wrong, chosen by a test."""

import enum
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from tests.support.github_server.answers import error_body
from tests.support.github_server.state import Recorded

_SECONDARY_LIMIT = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. "
    "If you reach out to GitHub Support for help, please include the request ID"
    " 9C1F:2A3B:1F00D:2BEEF:65A0C0DE."
)


class FaultKind(enum.Enum):
    """How a request goes wrong."""

    STATUS = enum.auto()
    RESET = enum.auto()
    LOST_REPLY = enum.auto()
    HANG = enum.auto()
    DRIP = enum.auto()
    TRUNCATED = enum.auto()
    HTML = enum.auto()


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong in one request; made by the methods of the class."""

    kind: FaultKind
    code: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0

    @classmethod
    def status(
        cls, code: int, message: str = "Server Error", headers: Mapping[str, str] | None = None
    ) -> Self:
        """Answer with a status and GitHub's shape of an error; the request is not handled."""
        return cls(FaultKind.STATUS, code, error_body(code, message), headers or {})

    @classmethod
    def secondary_limit(cls, code: int = 403, retry_after: int | None = None) -> Self:
        """GitHub's secondary rate limit, as 403 or 429, with or without Retry-After."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return cls.status(code, _SECONDARY_LIMIT, headers)

    @classmethod
    def primary_limit(cls, reset: datetime, code: int = 403) -> Self:
        """GitHub's hourly rate limit, used up until `reset`."""
        headers = {
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": str(int(reset.timestamp())),
        }
        return cls.status(code, "API rate limit exceeded for installation ID 4242.", headers)

    @classmethod
    def reset(cls) -> Self:
        """Reset the connection; the request is not handled."""
        return cls(FaultKind.RESET)

    @classmethod
    def lost_reply(cls) -> Self:
        """Handle the request, then reset the connection in place of an answer."""
        return cls(FaultKind.LOST_REPLY)

    @classmethod
    def hang(cls, seconds: float = 60) -> Self:
        """Say nothing until `server.release` is set or the time is up, then close."""
        return cls(FaultKind.HANG, seconds=seconds)

    @classmethod
    def drip(cls, seconds: float = 1) -> Self:
        """Handle the request and send the answer's body with one byte in so many seconds."""
        return cls(FaultKind.DRIP, seconds=seconds)

    @classmethod
    def truncated(cls) -> Self:
        """Handle the request and send half of the answer's body, then close."""
        return cls(FaultKind.TRUNCATED)

    @classmethod
    def html(cls, code: int = 200) -> Self:
        """Answer with a page for people; the request is not handled."""
        page = b"<!DOCTYPE html><html><body><h1>Unicorn!</h1></body></html>"
        return cls(FaultKind.HTML, code, page, {"Content-Type": "text/html; charset=utf-8"})

    @classmethod
    def redirect(cls, location: str, code: int = 301) -> Self:
        """Send the client elsewhere; the request is not handled."""
        return cls.status(code, "Moved Permanently", {"Location": location})

    @classmethod
    def foreign_link(cls, next_page: str) -> Self:
        """Answer with an empty list whose next page is elsewhere."""
        return cls(FaultKind.STATUS, 200, b"[{}]", {"Link": f'<{next_page}>; rel="next"'})


Faults = Callable[[Recorded], Fault | None]


def in_turn(*faults: Fault | None, method: str | None = None, path: str = "") -> Faults:
    """The faults one after the other, over the requests of a method and a path (an expression)."""
    waiting = list(faults)
    lock = threading.Lock()

    def choose(request: Recorded) -> Fault | None:
        if (method is not None and method != request.method) or not re.search(path, request.path):
            return None
        with lock:
            return waiting.pop(0) if waiting else None

    return choose


def always(fault: Fault, *, method: str | None = None, path: str = "") -> Faults:
    """The same fault for each request of a method and a path (an expression)."""

    def choose(request: Recorded) -> Fault | None:
        fits = method in {None, request.method} and re.search(path, request.path)
        return fault if fits else None

    return choose
