"""Answers of the API, and the values that all its resources share."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tests.support.github_server.state import Recorded

COMMENT_LIMIT = 65536


def error_body(code: int, message: str, errors: Sequence[Any] = ()) -> bytes:
    body = {
        "message": message,
        **({"errors": list(errors)} if errors else {}),
        "documentation_url": "https://docs.github.com/rest",
        "status": str(code),
    }
    return json.dumps(body).encode()


class RefusedError(Exception):
    def __init__(self, code: int, message: str, *errors: Any) -> None:
        super().__init__(message)
        self.code = code
        self.body = error_body(code, message, errors)


@dataclass
class Answer:
    code: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """A request that fits an operation."""

    request: Recorded
    url: str  # where the API is, as this request reached it
    path: Mapping[str, Any]
    query: Mapping[str, Any]

    @property
    def body(self) -> Mapping[str, Any]:
        return self.request.body or {}


class Page(NamedTuple):
    """All objects of a list, before the page is cut out of it."""

    rows: Sequence[Any]
    wrap: Callable[[list[Any]], Any] = list


def stamp(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def kind_of_account(login: str) -> str:
    return "Bot" if login.endswith("[bot]") else "User"


def not_found() -> RefusedError:
    return RefusedError(404, "Not Found")
