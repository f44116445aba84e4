"""A stateful GitHub on this machine, held to GitHub's own OpenAPI description.

It serves the part of the REST API that is in `data/github_openapi.json`, below `/` and `/api/v3/`,
and git's smart protocol for one repository. Whatever the description does not allow, in a request
or in an answer, is noted in `GitHubServer.violations`.
"""

import contextlib
import copy
import enum
import functools
import http.client
import http.server
import json
import math
import os
import re
import socket
import struct
import subprocess
import threading
import traceback
import urllib.parse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from openapi_schema_validator import OAS30Validator, oas30_format_checker

from tests.support.places import DATA

_COMMENT_LIMIT = 65536
_NOT_ACCESSIBLE = "Resource not accessible by integration"
_SECONDARY_LIMIT = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. "
    "If you reach out to GitHub Support for help, please include the request ID"
    " 9C1F:2A3B:1F00D:2BEEF:65A0C0DE."
)
_REVIEW_STATES = {
    "APPROVE": "APPROVED",
    "REQUEST_CHANGES": "CHANGES_REQUESTED",
    "COMMENT": "COMMENTED",
    None: "PENDING",
}
# What an operation needs; any one of the scopes suffices, and write includes read.
_SCOPES: Mapping[str, Sequence[str]] = {
    "repos/get": (),
    "repos/compare-commits-with-basehead": ("contents:read",),
    "git/list-matching-refs": ("contents:read",),
    "repos/list-pull-requests-associated-with-commit": ("pull-requests:read",),
    "pulls/list": ("pull-requests:read",),
    "pulls/get": ("pull-requests:read",),
    "pulls/list-reviews": ("pull-requests:read",),
    "pulls/create-review": ("pull-requests:write",),
    "issues/list-comments": ("issues:read", "pull-requests:read"),
    "issues/get-comment": ("issues:read", "pull-requests:read"),
    "issues/list-events": ("issues:read", "pull-requests:read"),
    "issues/create-comment": ("issues:write", "pull-requests:write"),
    "issues/update-comment": ("issues:write", "pull-requests:write"),
    "issues/delete-comment": ("issues:write", "pull-requests:write"),
    "checks/list-for-ref": ("checks:read",),
    "checks/create": ("checks:write",),
    "checks/update": ("checks:write",),
    "teams/get-membership-for-user-in-org": ("members:read",),
    "users/get-authenticated": ("never:read",),
}


# --- the description -----------------------------------------------------------------------------


_NULL = {"nullable": True, "enum": [None]}


class _Route(NamedTuple):
    method: str
    pattern: re.Pattern[str]
    operation: Mapping[str, Any]


def _pattern(template: str) -> re.Pattern[str]:
    """The template of a path as an expression; names of refs may hold slashes."""

    def part(match: re.Match[str]) -> str:
        wide = match[1] in {"ref", "basehead"}
        return f"(?P<{match[1]}>{'.+' if wide else '[^/]+'})"

    return re.compile("^" + re.sub(r"\{(\w+)\}", part, template.replace(".", r"\.")) + "$")


def _closed(node: Any) -> Any:
    """The schema, with keys that it does not name refused."""
    if isinstance(node, dict):
        closed = {key: _closed(value) for key, value in node.items()}
        if isinstance(node.get("properties"), dict):
            closed.setdefault("additionalProperties", False)
        return closed
    return [_closed(item) for item in node] if isinstance(node, list) else node


def _with_nulls(node: Any) -> Any:
    """The description, with null among the choices of whatever is nullable, as is meant."""
    if isinstance(node, dict):
        filled = {key: _with_nulls(value) for key, value in node.items()}
        if node.get("nullable") is True:
            for key, null in (("enum", None), ("anyOf", _NULL), ("oneOf", _NULL)):
                if isinstance(node.get(key), list):
                    filled[key].append(null)
        return filled
    return [_with_nulls(item) for item in node] if isinstance(node, list) else node


def _json_schema(part: Mapping[str, Any]) -> Mapping[str, Any] | None:
    schema: Mapping[str, Any] | None = (
        part.get("content", {}).get("application/json", {}).get("schema")
    )
    return schema


class _Description:
    """GitHub's description: its routes, its validators and minimal objects of its schemas."""

    def __init__(self, path: Path) -> None:
        document = _with_nulls(json.loads(path.read_bytes()))
        self._components = document["components"]
        # GitHub answers null for a fork that was deleted; its description forgets that.
        for name in ("pull-request", "pull-request-simple"):
            head = self._components["schemas"][name]["properties"]["head"]["properties"]
            head["repo"] = {"anyOf": [head["repo"], _NULL]}
        self.routes = [
            _Route(method.upper(), _pattern(template), operation)
            for template, methods in document["paths"].items()
            for method, operation in methods.items()
        ]
        self._validators: dict[tuple[str, str], OAS30Validator] = {}
        self._samples: dict[str, Any] = {}
        self._lock = threading.Lock()

    def errors(self, key: tuple[str, str], schema: Mapping[str, Any], value: Any) -> list[str]:
        """What is wrong with the value; the validator is kept under the key."""
        with self._lock:
            validator = self._validators.get(key)
            if validator is None:
                whole = {"allOf": [schema], "components": self._components}
                validator = OAS30Validator(whole, format_checker=oas30_format_checker)
                self._validators[key] = validator
            return [
                f"{'/'.join(map(str, error.absolute_path)) or '(root)'}: {error.message[:300]}"
                for error in validator.iter_errors(value)
            ]

    def sample(self, name: str) -> Any:
        """A fresh object with the properties that the named schema requires."""
        with self._lock:
            if name not in self._samples:
                self._samples[name] = self._minimal(self._components["schemas"][name])
            return copy.deepcopy(self._samples[name])

    def _minimal(self, schema: Mapping[str, Any], *, root: bool = True) -> Any:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self._minimal(self._components["schemas"][name], root=root)
        if schema.get("nullable") and not root:
            return None
        if "properties" in schema:
            return {
                name: self._minimal(schema["properties"][name], root=False)
                for name in schema.get("required", ())
            }
        for key in ("allOf", "anyOf", "oneOf"):
            if key in schema:
                return self._minimal(schema[key][0], root=False)
        return _plain(schema)


def _plain(schema: Mapping[str, Any]) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    formats = {"uri": "https://github.invalid/unused", "date-time": "2026-01-01T00:00:00Z"}
    values: dict[str, Any] = {
        "string": formats.get(schema.get("format", ""), "unused"),
        "array": [],
        "integer": 0,
        "number": 0,
        "boolean": False,
    }
    return values.get(schema.get("type", "object"), {})


@functools.cache
def _description() -> _Description:
    return _Description(DATA / "github_openapi.json")


# --- state ---------------------------------------------------------------------------------------


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


# --- faults --------------------------------------------------------------------------------------


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
        return cls(FaultKind.STATUS, code, _error(code, message), headers or {})

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


def _error(code: int, message: str, errors: Sequence[Any] = ()) -> bytes:
    body = {
        "message": message,
        **({"errors": list(errors)} if errors else {}),
        "documentation_url": "https://docs.github.com/rest",
        "status": str(code),
    }
    return json.dumps(body).encode()


# --- answers -------------------------------------------------------------------------------------


class _RefusedError(Exception):
    def __init__(self, code: int, message: str, *errors: Any) -> None:
        super().__init__(message)
        self.code = code
        self.body = _error(code, message, errors)


@dataclass
class _Answer:
    code: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Call:
    """A request that fits an operation."""

    request: Recorded
    url: str  # where the API is, as this request reached it
    path: Mapping[str, Any]
    query: Mapping[str, Any]

    @property
    def body(self) -> Mapping[str, Any]:
        return self.request.body or {}


class _Page(NamedTuple):
    """All objects of a list, before the page is cut out of it."""

    rows: Sequence[Any]
    wrap: Callable[[list[Any]], Any] = list


def _stamp(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _kind(login: str) -> str:
    return "Bot" if login.endswith("[bot]") else "User"


def _not_found() -> _RefusedError:
    return _RefusedError(404, "Not Found")


class GitHubServer:
    """A GitHub with one repository, while its context is entered."""

    def __init__(
        self,
        repository_path: Path,
        *,
        full_name: str = "acme/prompts",
        page_size: int = 3,
        token_login: str = "github-actions[bot]",
    ) -> None:
        self.repository_path = repository_path
        self.full_name = full_name
        self.page_size = page_size
        self.token_login = token_login
        self.private = True  # of a public repository everything can be read
        self.default_branch = "main"
        self.actions_may_approve = True
        self.lock = threading.RLock()
        self.pulls: dict[int, PullState] = {}
        self.comments: list[CommentState] = []
        self.reviews: list[ReviewState] = []
        self.issue_events: list[IssueEventState] = []
        self.check_runs: list[CheckRunState] = []
        self.teams: dict[str, set[str]] = {}
        self.permissions = {"contents:read", "pull-requests:write", "checks:write", "members:read"}
        self.requests: list[Recorded] = []
        self.git_requests: list[Recorded] = []
        self.violations: list[str] = []
        self.faults: Faults = lambda _request: None
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.release = threading.Event()
        self._last_id = 1000
        self._http = _HTTPServer(self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release.set()
        self._http.shutdown()
        self._thread.join()
        self._http.hang_up()
        self._http.server_close()

    # --- making state ---

    def pull(
        self,
        number: int | None = None,
        *,
        head: str = "HEAD",
        base: str | None = None,
        head_ref: str = "change",
        base_ref: str = "main",
        head_full_name: str | None = "",
        author: str = "alice",
        state: str = "open",
        draft: bool = False,
        labels: Sequence[str] = (),
        merge_commit: str | None = None,
    ) -> PullState:
        """A pull request; its commits are found by git (`base`: the tip of `base_ref`)."""
        with self.lock:
            number = max(self.pulls, default=0) + 1 if number is None else number
            at = self.now()
            self.pulls[number] = PullState(
                number=number,
                head_sha=self._resolve(head) or head,
                head_ref=head_ref,
                head_full_name=self.full_name if head_full_name == "" else head_full_name,
                base_ref=base_ref,
                base_sha=self._resolve(base or base_ref) or base or "0" * 40,
                author=author,
                created_at=at,
                updated_at=at,
                state=state,
                draft=draft,
                labels=list(labels),
                merge_commit=merge_commit,
            )
            return self.pulls[number]

    def comment(
        self,
        author: str,
        body: str,
        *,
        number: int | None = None,
        author_type: str | None = None,
        at: datetime | None = None,
    ) -> CommentState:
        """A comment on a pull request (the newest, if none is named)."""
        with self.lock:
            at = at or self.now()
            number = max(self.pulls) if number is None else number
            kind = author_type or _kind(author)
            made = CommentState(self._new_id(), number, author, kind, body, at, at)
            self.comments.append(made)
            return made

    def review(
        self,
        number: int,
        author: str,
        state: str,
        commit: str | None = None,
        *,
        at: datetime | None = None,
        body: str = "",
    ) -> ReviewState:
        """A review of a pull request (of its present head, if no commit is named)."""
        with self.lock:
            commit = commit or self.pulls[number].head_sha
            at = at or self.now()
            made = ReviewState(self._new_id(), number, author, state, commit, at, body)
            self.reviews.append(made)
            return made

    def label(
        self, number: int, name: str, actor: str, *, at: datetime | None = None
    ) -> IssueEventState:
        """A label put on a pull request."""
        return self._label(number, name, actor, at, "labeled")

    def unlabel(
        self, number: int, name: str, actor: str, *, at: datetime | None = None
    ) -> IssueEventState:
        """A label taken off a pull request."""
        return self._label(number, name, actor, at, "unlabeled")

    def retarget(self, number: int, base_ref: str, *, at: datetime | None = None) -> None:
        """Turn a pull request to another base branch."""
        with self.lock:
            self.pulls[number].base_ref = base_ref
            at = at or self.now()
            actor = self.pulls[number].author
            made = IssueEventState(self._new_id(), number, "base_ref_changed", actor, None, at)
            self.issue_events.append(made)

    def _label(
        self, number: int, name: str, actor: str, at: datetime | None, event: str
    ) -> IssueEventState:
        with self.lock:
            labels = self.pulls[number].labels
            labels[:] = [label for label in labels if label != name]
            if event == "labeled":
                labels.append(name)
            at = at or self.now()
            made = IssueEventState(self._new_id(), number, event, actor, name, at)
            self.issue_events.append(made)
            return made

    def _new_id(self) -> int:
        self._last_id += 1
        return self._last_id

    # --- git ---

    def git(self, *arguments: str) -> str | None:
        """What git prints in the repository; nothing if it fails."""
        done = subprocess.run(
            ["git", "-C", str(self.repository_path), *arguments],
            env=_git_environment(),
            capture_output=True,
            check=False,
        )
        return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else None

    def _resolve(self, name: str) -> str | None:
        return self.git(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
        )

    # --- handling requests ---

    def answer(self, request: Recorded) -> _Answer:
        """Handle a request of the API, and note what its description does not allow."""
        with self.lock:
            try:
                return self._answer(request)
            except _RefusedError as refused:
                return _Answer(refused.code, refused.body)
            except Exception:  # noqa: BLE001 - a fault of this server must not look like the client's
                self._note(request, "server failed: " + traceback.format_exc())
                return _Answer(500, _error(500, "Server Error"))

    def _answer(self, request: Recorded) -> _Answer:
        route, match = self._route(request)
        if not re.match(r"(?i)(token|bearer) +\S", request.headers.get("authorization", "")):
            raise _RefusedError(401, "Requires authentication")
        operation = route.operation
        call = self._validated(request, operation, match)
        name = operation["operationId"]
        self._authorise(name)
        self._repository_exists(call)
        handler: Callable[[_Call], Any] = getattr(self, "_" + re.sub(r"\W", "_", name))
        value = handler(call)
        headers: dict[str, str] = {}
        if isinstance(value, _Page):
            value, headers = self._cut(call, value)
        code, described = next(iter(operation["responses"].items()))
        if value is None:
            return _Answer(int(code), b"", headers)
        schema = _json_schema(described)
        assert schema is not None, name
        for problem in _description().errors((name, "response"), schema, value):
            self._note(request, f"answer {code}: {problem}")
        return _Answer(int(code), json.dumps(value).encode(), headers)

    def _note(self, request: Recorded, problem: str) -> None:
        self.violations.append(f"{request.method} {request.path}: {problem}")

    def _route(self, request: Recorded) -> tuple[_Route, re.Match[str]]:
        for route in _description().routes:
            match = route.pattern.match(request.path)
            if match and route.method == request.method:
                return route, match
        self._note(request, "unknown route")
        raise _not_found()

    def _authorise(self, name: str) -> None:
        scopes = _SCOPES[name]
        writes = any(scope.endswith(":write") for scope in scopes)
        if scopes and (writes or self.private or scopes[0].startswith(("members:", "never:"))):
            held = set(self.permissions)
            held |= {scope.replace(":write", ":read") for scope in held}
            if not held.intersection(scopes):
                raise _RefusedError(403, _NOT_ACCESSIBLE)

    def _repository_exists(self, call: _Call) -> None:
        if "repo" in call.path:
            name = f"{call.path['owner']}/{call.path['repo']}"
            if name.lower() != self.full_name.lower():
                raise _not_found()

    def _validated(
        self, request: Recorded, operation: Mapping[str, Any], match: re.Match[str]
    ) -> _Call:
        name = operation["operationId"]
        values: dict[str, dict[str, Any]] = {
            "path": {key: urllib.parse.unquote(text) for key, text in match.groupdict().items()},
            "query": dict(request.query),
        }
        problems = []
        known = {(item["in"], item["name"]): item["schema"] for item in operation["parameters"]}
        for place, given in values.items():
            for key, text in list(given.items()):
                schema = known.get((place, key))
                if schema is None:
                    self._note(request, f"unknown {place} parameter {key}")
                    del given[key]
                    continue
                if schema.get("type") == "integer" and re.fullmatch(r"-?\d+", text):
                    given[key] = int(text)
                problems += [
                    f"{place} parameter {key}: {problem}"
                    for problem in _description().errors(
                        (name, f"{place} {key}"), schema, given[key]
                    )
                ]
        problems += self._body_problems(request, operation)
        for problem in problems:
            self._note(request, problem)
        if problems:
            raise _RefusedError(422, "Invalid request.\n\n" + "\n".join(problems))
        return _Call(request, self.url + request.prefix, values["path"], values["query"])

    @staticmethod
    def _body_problems(request: Recorded, operation: Mapping[str, Any]) -> list[str]:
        described = operation.get("requestBody")
        if described is None:
            return [] if request.body is None else ["a body where none is described"]
        if request.body is None:
            return ["no body"] if described.get("required") else []
        schema = _json_schema(described)
        assert schema is not None
        name = operation["operationId"]
        problems = _description().errors((name, "body"), _closed(schema), request.body)
        return [f"body: {problem}" for problem in problems]

    def _cut(self, call: _Call, page: _Page) -> tuple[Any, dict[str, str]]:
        """One page of a list, and the Link header that leads to the others."""
        size = min(max(call.query.get("per_page", 30), 1), self.page_size)
        number = max(call.query.get("page", 1), 1)
        last = max(math.ceil(len(page.rows) / size), 1)
        others: dict[str, int] = {}
        if number > 1:
            others |= {"prev": min(number - 1, last)}
        if number < last:
            others |= {"next": number + 1, "last": last}
        if number > 1:
            others |= {"first": 1}
        links = []
        for relation, to in others.items():
            query = urllib.parse.urlencode({**call.request.query, "page": to})
            links.append(f'<{call.url}{call.request.path}?{query}>; rel="{relation}"')
        rows = list(page.rows[(number - 1) * size : number * size])
        return page.wrap(rows), {"Link": ", ".join(links)} if links else {}

    # --- objects ---

    def _user(self, login: str, kind: str | None = None) -> dict[str, Any]:
        number = int.from_bytes(login.encode()[:4])
        values = {"login": login, "id": number, "type": kind or _kind(login)}
        sample: dict[str, Any] = _description().sample("simple-user")
        return sample | values

    def _app(self, login: str) -> dict[str, Any]:
        slug = login.removesuffix("[bot]")
        sample: dict[str, Any] = _description().sample("integration")
        return sample | {"id": 15368, "slug": slug, "name": slug, "owner": self._user("github")}

    def _repository(
        self, call: _Call, full_name: str, schema: str = "repository"
    ) -> dict[str, Any]:
        owner, _, name = full_name.partition("/")
        sample: dict[str, Any] = _description().sample(schema)
        return sample | {
            "id": int.from_bytes(full_name.encode()[-4:]),
            "name": name,
            "full_name": full_name,
            "owner": self._user(owner, "Organization"),
            "private": self.private,
            "fork": full_name != self.full_name,
            "default_branch": self.default_branch,
            "url": f"{call.url}/repos/{full_name}",
            "html_url": f"{self.url}/{full_name}",
            "clone_url": f"{self.url}/{full_name}.git",
        }

    def _pull(self, call: _Call, pull: PullState, schema: str) -> dict[str, Any]:
        api = f"{call.url}/repos/{self.full_name}"
        page = f"{self.url}/{self.full_name}/pull/{pull.number}"
        head_owner = (pull.head_full_name or pull.author).partition("/")[0]
        sides = {
            "head": (pull.head_ref, pull.head_sha, pull.head_full_name, head_owner),
            "base": (
                pull.base_ref,
                pull.base_sha,
                self.full_name,
                self.full_name.partition("/")[0],
            ),
        }
        full = (
            {
                "mergeable": True,
                "mergeable_state": "clean",
                "merged": pull.merged,
                "comments": sum(comment.number == pull.number for comment in self.comments),
                "commits": 1,
            }
            if schema == "pull-request"
            else {}
        )
        sample: dict[str, Any] = _description().sample(schema)
        return (
            sample
            | {
                side: {
                    "label": f"{owner}:{ref}",
                    "ref": ref,
                    "sha": sha,
                    "repo": None if full_name is None else self._repository(call, full_name),
                    "user": self._user(owner),
                }
                for side, (ref, sha, full_name, owner) in sides.items()
            }
            | {
                "id": 1_000_000 + pull.number,
                "number": pull.number,
                "state": pull.state,
                "draft": pull.draft,
                "title": pull.title,
                "body": pull.body,
                "user": self._user(pull.author),
                "labels": [self._label_object(name) for name in pull.labels],
                "created_at": _stamp(pull.created_at),
                "updated_at": _stamp(pull.updated_at),
                "closed_at": None if pull.state == "open" else _stamp(pull.updated_at),
                "merged_at": _stamp(pull.updated_at) if pull.merged else None,
                "merge_commit_sha": pull.merge_commit,
                "url": f"{api}/pulls/{pull.number}",
                "html_url": page,
                "diff_url": f"{page}.diff",
                "patch_url": f"{page}.patch",
                "issue_url": f"{api}/issues/{pull.number}",
                "comments_url": f"{api}/issues/{pull.number}/comments",
                "commits_url": f"{api}/pulls/{pull.number}/commits",
                "review_comments_url": f"{api}/pulls/{pull.number}/comments",
                "review_comment_url": f"{api}/pulls/comments{{/number}}",
                "statuses_url": f"{api}/statuses/{pull.head_sha}",
            }
            | full
        )

    @staticmethod
    def _label_object(name: str) -> dict[str, Any]:
        return {
            "id": int.from_bytes(name.encode()[:4]),
            "node_id": "unused",
            "url": "https://github.invalid/unused",
            "name": name,
            "description": "",
            "color": "ededed",
            "default": False,
        }

    def _comment(self, call: _Call, comment: CommentState) -> dict[str, Any]:
        api = f"{call.url}/repos/{self.full_name}"
        page = f"{self.url}/{self.full_name}/pull/{comment.number}"
        sample: dict[str, Any] = _description().sample("issue-comment")
        bot = comment.author_type == "Bot"
        return sample | {
            "id": comment.id,
            "body": comment.body,
            "user": self._user(comment.author, comment.author_type),
            "author_association": "NONE",
            "performed_via_github_app": self._app(comment.author) if bot else None,
            "created_at": _stamp(comment.created_at),
            "updated_at": _stamp(comment.updated_at),
            "url": f"{api}/issues/comments/{comment.id}",
            "html_url": f"{page}#issuecomment-{comment.id}",
            "issue_url": f"{api}/issues/{comment.number}",
        }

    def _review(self, call: _Call, review: ReviewState) -> dict[str, Any]:
        api = f"{call.url}/repos/{self.full_name}/pulls/{review.number}"
        page = f"{self.url}/{self.full_name}/pull/{review.number}#pullrequestreview-{review.id}"
        pending = review.state == "PENDING"
        sample: dict[str, Any] = _description().sample("pull-request-review")
        return (
            sample
            | {
                "id": review.id,
                "user": self._user(review.author),
                "body": review.body,
                "state": review.state,
                "commit_id": review.commit,
                "html_url": page,
                "pull_request_url": api,
                "_links": {"html": {"href": page}, "pull_request": {"href": api}},
            }
            | ({} if pending else {"submitted_at": _stamp(review.submitted_at)})
        )

    def _event(self, call: _Call, event: IssueEventState) -> dict[str, Any]:
        sample: dict[str, Any] = _description().sample("labeled-issue-event")
        label = {"label": {"name": event.label, "color": "ededed"}} if event.label else {}
        sample.pop("label", None)
        return (
            sample
            | label
            | {
                "id": event.id,
                "url": f"{call.url}/repos/{self.full_name}/issues/events/{event.id}",
                "actor": self._user(event.actor),
                "event": event.event,
                "created_at": _stamp(event.created_at),
            }
        )

    def _check_run(self, call: _Call, run: CheckRunState) -> dict[str, Any]:
        url = f"{call.url}/repos/{self.full_name}/check-runs/{run.id}"
        sample: dict[str, Any] = _description().sample("check-run")
        return sample | {
            "id": run.id,
            "name": run.name,
            "head_sha": run.head_sha,
            "status": run.status,
            "conclusion": run.conclusion,
            "details_url": run.details_url,
            "external_id": run.external_id,
            "started_at": run.started_at,
            "completed_at": run.completed_at,
            "url": url,
            "html_url": f"{self.url}/{self.full_name}/runs/{run.id}",
            "check_suite": {"id": 5},
            "app": self._app(self.token_login),
            "output": {
                "title": run.title,
                "summary": run.summary,
                "text": run.text,
                "annotations_count": len(run.annotations),
                "annotations_url": f"{url}/annotations",
            },
        }

    def _commit(self, call: _Call, sha: str) -> dict[str, Any]:
        fields = self.git("log", "-1", "--format=%T%x00%P%x00%an%x00%ae%x00%aI%x00%B", sha)
        assert fields is not None, sha
        tree, parents, name, mail, date, message = fields.split("\0")
        api = f"{call.url}/repos/{self.full_name}"
        person = {"name": name, "email": mail, "date": _stamp(datetime.fromisoformat(date))}
        sample: dict[str, Any] = _description().sample("commit")
        return sample | {
            "sha": sha,
            "url": f"{api}/commits/{sha}",
            "html_url": f"{self.url}/{self.full_name}/commit/{sha}",
            "comments_url": f"{api}/commits/{sha}/comments",
            "commit": sample["commit"]
            | {
                "url": f"{api}/git/commits/{sha}",
                "author": person,
                "committer": person,
                "message": message,
                "tree": {"sha": tree, "url": f"{api}/git/trees/{tree}"},
            },
            "author": None,
            "committer": None,
            "parents": [
                {"sha": parent, "url": f"{api}/commits/{parent}"} for parent in parents.split()
            ],
        }

    # --- operations, by GitHub's names of them ---

    def _repos_get(self, call: _Call) -> Any:
        return self._repository(call, self.full_name, "full-repository")

    def _found_pull(self, number: int) -> PullState:
        if number not in self.pulls:
            raise _not_found()
        return self.pulls[number]

    def _pulls_get(self, call: _Call) -> Any:
        return self._pull(call, self._found_pull(call.path["pull_number"]), "pull-request")

    def _pulls_list(self, call: _Call) -> Any:
        state = call.query.get("state", "open")
        owner, colon, branch = call.query.get("head", "").partition(":")
        base = call.query.get("base")
        descending = call.query.get("direction", "desc") == "desc"
        return _Page(
            [
                self._pull(call, pull, "pull-request-simple")
                for pull in sorted(
                    self.pulls.values(), key=lambda pull: pull.number, reverse=descending
                )
                if state in {"all", pull.state}
                and base in {None, pull.base_ref}
                and (
                    not colon
                    or (owner, branch)
                    == ((pull.head_full_name or pull.author).partition("/")[0], pull.head_ref)
                )
            ]
        )

    def _repos_list_pull_requests_associated_with_commit(self, call: _Call) -> Any:
        sha = self._known_commit(call.path["commit_sha"])

        def contains(tip: str) -> bool:
            return self.git("merge-base", "--is-ancestor", sha, tip) is not None

        return _Page(
            [
                self._pull(call, pull, "pull-request-simple")
                for pull in self.pulls.values()
                if sha in {pull.head_sha, pull.merge_commit}
                or (contains(pull.head_sha) and not contains(pull.base_sha))
            ]
        )

    def _known_commit(self, name: str) -> str:
        sha = self._resolve(name)
        if sha is None:
            raise _RefusedError(422, f"No commit found for SHA: {name}")
        return sha

    def _pulls_list_reviews(self, call: _Call) -> Any:
        pull = self._found_pull(call.path["pull_number"])
        return _Page([self._review(call, row) for row in self.reviews if row.number == pull.number])

    def _pulls_create_review(self, call: _Call) -> Any:
        pull = self._found_pull(call.path["pull_number"])
        event, body = call.body.get("event"), call.body.get("body", "")
        problem = None
        if pull.author == self.token_login and event in {"APPROVE", "REQUEST_CHANGES"}:
            doing = "approve" if event == "APPROVE" else "request changes on"
            problem = f"Can not {doing} your own pull request"
        elif event == "APPROVE" and not self.actions_may_approve:
            problem = "GitHub Actions is not permitted to approve pull requests."
        elif event in {"COMMENT", "REQUEST_CHANGES"} and not (body or call.body.get("comments")):
            problem = "Body is required"
        elif len(body) > _COMMENT_LIMIT:
            problem = f"Body is too long (maximum is {_COMMENT_LIMIT} characters)"
        if problem is not None:
            raise _RefusedError(422, "Unprocessable Entity", problem)
        state = _REVIEW_STATES[event]
        commit = call.body.get("commit_id")
        made = self.review(pull.number, self.token_login, state, commit, body=body)
        return self._review(call, made)

    def _checked_comment(self, call: _Call) -> str:
        body: str = call.body["body"]
        message = None
        if len(body) > _COMMENT_LIMIT:
            message = f"Body is too long (maximum is {_COMMENT_LIMIT} characters)"
        elif not body.strip():
            message = "Body can't be blank"
        if message is not None:
            raise _RefusedError(
                422,
                "Validation Failed",
                {
                    "resource": "IssueComment",
                    "code": "unprocessable",
                    "field": "data",
                    "message": message,
                },
            )
        return body

    def _found_comment(self, call: _Call) -> CommentState:
        for comment in self.comments:
            if comment.id == call.path["comment_id"]:
                return comment
        raise _not_found()

    def _issues_list_comments(self, call: _Call) -> Any:
        pull = self._found_pull(call.path["issue_number"])
        since = call.query.get("since")
        after = datetime.fromisoformat(since) if since else datetime.min.replace(tzinfo=UTC)
        rows = [row for row in self.comments if row.number == pull.number]
        return _Page([self._comment(call, row) for row in rows if row.updated_at >= after])

    def _issues_create_comment(self, call: _Call) -> Any:
        pull = self._found_pull(call.path["issue_number"])
        made = self.comment(self.token_login, self._checked_comment(call), number=pull.number)
        return self._comment(call, made)

    def _issues_get_comment(self, call: _Call) -> Any:
        return self._comment(call, self._found_comment(call))

    def _issues_update_comment(self, call: _Call) -> Any:
        comment = self._found_comment(call)
        comment.body = self._checked_comment(call)
        comment.updated_at = self.now()
        return self._comment(call, comment)

    def _issues_delete_comment(self, call: _Call) -> None:
        self.comments.remove(self._found_comment(call))

    def _issues_list_events(self, call: _Call) -> Any:
        pull = self._found_pull(call.path["issue_number"])
        rows = [row for row in self.issue_events if row.number == pull.number]
        return _Page([self._event(call, row) for row in rows])

    def _repos_compare_commits_with_basehead(self, call: _Call) -> Any:
        names = call.path["basehead"].split("...")
        shas = [self._resolve(name.rpartition(":")[2]) for name in names]
        if len(names) != 2 or None in shas:
            raise _not_found()
        base, head = (sha for sha in shas if sha is not None)
        merge_base = self.git("merge-base", base, head)
        if merge_base is None:
            raise _RefusedError(404, f"No common ancestor between {names[0]} and {names[1]}.")
        counts = self.git("rev-list", "--left-right", "--count", f"{base}...{head}") or "0 0"
        behind, ahead = map(int, counts.split())
        status = {
            (False, False): "identical",
            (True, False): "ahead",
            (False, True): "behind",
            (True, True): "diverged",
        }[ahead > 0, behind > 0]
        url = f"{call.url}/repos/{self.full_name}/compare/{call.path['basehead']}"
        html = f"{self.url}/{self.full_name}/compare/{call.path['basehead']}"
        whole = {
            "url": url,
            "html_url": html,
            "permalink_url": html,
            "diff_url": html + ".diff",
            "patch_url": html + ".patch",
            "base_commit": self._commit(call, base),
            "merge_base_commit": self._commit(call, merge_base),
            "status": status,
            "ahead_by": ahead,
            "behind_by": behind,
            "total_commits": ahead,
            "files": [],
        }
        added = (self.git("rev-list", "--reverse", f"{base}..{head}") or "").split()
        return _Page(
            added,
            lambda rows: whole | {"commits": [self._commit(call, sha) for sha in rows]},
        )

    def _git_list_matching_refs(self, call: _Call) -> Any:
        listed = self.git("for-each-ref", "--format=%(refname) %(objecttype) %(objectname)") or ""
        api = f"{call.url}/repos/{self.full_name}/git"
        sample = _description().sample("git-ref")
        wanted = "refs/" + call.path["ref"]
        return [
            sample
            | {
                "ref": name,
                "url": f"{api}/{name}",
                "object": {"type": kind, "sha": sha, "url": f"{api}/{kind}s/{sha}"},
            }
            for name, kind, sha in (line.split() for line in listed.splitlines())
            if name.startswith(wanted)
        ]

    def _checks_list_for_ref(self, call: _Call) -> Any:
        sha = self._known_commit(call.path["ref"])
        runs = [
            run
            for run in self.check_runs
            if run.head_sha == sha
            and call.query.get("check_name") in {None, run.name}
            and call.query.get("status") in {None, run.status}
        ]
        if call.query.get("filter", "latest") == "latest":
            runs = list({run.name: run for run in runs}.values())
        return _Page(
            [self._check_run(call, run) for run in reversed(runs)],
            lambda rows: {"total_count": len(runs), "check_runs": rows},
        )

    def _checks_create(self, call: _Call) -> Any:
        sha = self._known_commit(call.body["head_sha"])
        run = CheckRunState(self._new_id(), call.body["name"], sha, started_at=_stamp(self.now()))
        self._update_run(run, call.body)
        self.check_runs.append(run)
        return self._check_run(call, run)

    def _checks_update(self, call: _Call) -> Any:
        for run in self.check_runs:
            if run.id == call.path["check_run_id"]:
                self._update_run(run, call.body)
                return self._check_run(call, run)
        raise _not_found()

    def _update_run(self, run: CheckRunState, body: Mapping[str, Any]) -> None:
        conclusion = body.get("conclusion")
        if body.get("status") == "completed" and conclusion is None and run.conclusion is None:
            raise _RefusedError(
                422, 'Invalid request.\n\n"conclusion" wasn\'t supplied for a completed run.'
            )
        for key in ("name", "status", "conclusion", "details_url", "external_id", "started_at"):
            if key in body:
                setattr(run, key, body[key])
        if conclusion is not None:
            run.status = "completed"
            run.completed_at = body.get("completed_at", _stamp(self.now()))
        output = body.get("output", {})
        for key in ("title", "summary", "text"):
            if key in output:
                setattr(run, key, output[key])
        run.annotations += output.get("annotations", [])

    def _teams_get_membership_for_user_in_org(self, call: _Call) -> Any:
        org, team, user = (call.path[key] for key in ("org", "team_slug", "username"))
        if user.lower() not in {login.lower() for login in self.teams.get(f"{org}/{team}", ())}:
            raise _not_found()
        url = f"{call.url}/orgs/{org}/teams/{team}/memberships/{user}"
        return {"url": url, "role": "member", "state": "active"}


# --- HTTP ----------------------------------------------------------------------------------------

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


def _git_environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return kept | {
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_SYSTEM": "/dev/null",
        "GIT_CONFIG_COUNT": "3",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
        "GIT_CONFIG_KEY_1": "uploadpack.allowAnySHA1InWant",
        "GIT_CONFIG_VALUE_1": "true",
        "GIT_CONFIG_KEY_2": "uploadpack.allowFilter",
        "GIT_CONFIG_VALUE_2": "true",
    }


class _HTTPServer(http.server.ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, github: GitHubServer) -> None:
        self.github = github
        self.connections: set[socket.socket] = set()
        self.guard = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def server_bind(self) -> None:
        """Bind without the look-up of a host name."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self.guard:
            self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self.guard:
            self.connections.discard(request)
            if request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8) == _RESET_ON_CLOSE:
                request.close()
            else:
                super().shutdown_request(request)

    def hang_up(self) -> None:
        """End every connection, so that the threads that serve them end."""
        with self.guard:
            for connection in self.connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients may leave; any other failure is a fault of this server."""
        del request, client_address
        problem = traceback.format_exc()
        if not re.search(r"^(ConnectionResetError|BrokenPipeError)", problem, re.MULTILINE):
            self.github.violations.append("server failed: " + problem)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "github.com"
    sys_version = ""
    disable_nagle_algorithm = True
    server: _HTTPServer

    def log_message(self, *_args: Any, **_named: Any) -> None:
        """Say nothing."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The time by the server's own clock."""
        del timestamp
        return format_datetime(self.server.github.now().astimezone(UTC), usegmt=True)

    def serve(self) -> None:
        """Handle a request of git or of the API."""
        github = self.server.github
        body = self._read()
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        headers = {key.lower(): value for key, value in self.headers.items()}
        parts = re.fullmatch(r"/([^/]+/[^/]+?)(?:\.git)?(/info/refs|/git-[a-z]+-pack)", url.path)
        if parts:
            request = Recorded(self.command, url.path, query, None, headers)
            with github.lock:
                github.git_requests.append(request)
            self._serve_git(request, parts[1], parts[2], url.query, body)
            return
        prefix = "/api/v3" if url.path.startswith("/api/v3/") else ""
        request = Recorded(
            self.command, url.path.removeprefix(prefix), query, None, headers, prefix
        )
        readable = True
        if body:
            try:
                request.body = json.loads(body)
            except ValueError:
                readable = False
        with github.lock:
            github.requests.append(request)
        fault = github.faults(request)
        if fault is not None and not self._handled(fault, request):
            return
        if readable:
            answer = github.answer(request)
        else:
            github.violations.append(f"{self.command} {url.path}: the body is not JSON")
            answer = _Answer(400, _error(400, "Problems parsing JSON"))
        self._send(request, answer, fault)

    def _handled(self, fault: Fault, request: Recorded) -> bool:
        """Whether the request is handled despite the fault; if not, all is done."""
        match fault.kind:
            case FaultKind.STATUS | FaultKind.HTML:
                self._send(request, _Answer(fault.code, fault.body, dict(fault.headers)), None)
            case FaultKind.RESET:
                self._reset()
            case FaultKind.HANG:
                self.server.github.release.wait(fault.seconds)
                self.close_connection = True
            case FaultKind.LOST_REPLY | FaultKind.DRIP | FaultKind.TRUNCATED:
                return True
        return False

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.close_connection = True

    def _read(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return b"".join(self._chunks())

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass

    def _send(self, request: Recorded, answer: _Answer, fault: Fault | None) -> None:
        if fault is not None and fault.kind is FaultKind.LOST_REPLY:
            self._reset()
            return
        request.status = answer.code
        github = self.server.github
        used = len(github.requests)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-GitHub-Media-Type": "github.v3; format=json",
            "X-GitHub-Request-Id": f"{used:04X}:2A3B",
            "X-RateLimit-Limit": "5000",
            "X-RateLimit-Remaining": str(max(5000 - used, 0)),
            "X-RateLimit-Reset": str(int((github.now() + timedelta(hours=1)).timestamp())),
            "X-RateLimit-Used": str(used),
            "X-RateLimit-Resource": "core",
        } | answer.headers
        if answer.code != http.client.NO_CONTENT:
            headers["Content-Length"] = str(len(answer.body))
        self.send_response(answer.code)
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault is None:
            self.wfile.write(answer.body)
        elif fault.kind is FaultKind.DRIP:
            for byte in answer.body:
                self.wfile.write(bytes([byte]))
                if github.release.wait(fault.seconds):
                    break
            self.close_connection = True
        else:
            self.wfile.write(answer.body[: len(answer.body) // 2])
            self.close_connection = True

    def _serve_git(self, request: Recorded, name: str, rest: str, query: str, body: bytes) -> None:
        github = self.server.github
        status, headers, output = 404, {"Content-Type": "text/plain"}, b"Repository not found."
        if name.lower() == github.full_name.lower():
            given = {
                "REQUEST_METHOD": self.command,
                "QUERY_STRING": query,
                "CONTENT_TYPE": request.headers.get("content-type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_CONTENT_ENCODING": request.headers.get("content-encoding", ""),
                "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
                "REMOTE_ADDR": "127.0.0.1",
                "GIT_PROJECT_ROOT": str(github.repository_path.parent),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": f"/{github.repository_path.name}{rest}",
            }
            done = subprocess.run(
                ["git", "http-backend"],
                env=_git_environment() | given,
                input=body,
                capture_output=True,
                check=False,  # it fails where a commit is asked for that is not there
            )
            head, _, output = done.stdout.partition(b"\r\n\r\n")
            lines = [line.partition(": ") for line in head.decode().split("\r\n")]
            headers = {key: value for key, _, value in lines}
            status = int(headers.pop("Status", "200").split()[0])
        request.status = status
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(output)))
        self.end_headers()
        self.wfile.write(output)


for _method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
    setattr(_Handler, f"do_{_method}", _Handler.serve)
