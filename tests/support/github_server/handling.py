"""A request on its way: route, permission, validation by the description, pages."""

import json
import math
import re
import traceback
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.support.github_server.answers import (
    Answer,
    Call,
    Page,
    RefusedError,
    error_body,
    not_found,
)
from tests.support.github_server.description import (
    Route,
    closed,
    description,
    json_schema,
)
from tests.support.github_server.state import (
    Recorded,
)
from tests.support.github_server.store import Store

_NOT_ACCESSIBLE = "Resource not accessible by integration"
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
    "pulls/list-review-comments": ("pull-requests:read",),
    "pulls/delete-review-comment": ("pull-requests:write",),
    "issues/list-for-repo": ("issues:read",),
    "issues/create": ("issues:write",),
    "issues/update": ("issues:write",),
    "issues/create-label": ("issues:write", "pull-requests:write"),
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


class Handling(Store):
    """Handles requests by the operations that resources have under GitHub's names."""

    def answer(self, request: Recorded) -> Answer:
        """Handle a request of the API, and note what its description does not allow."""
        with self.lock:
            try:
                return self._answer(request)
            except RefusedError as refused:
                return Answer(refused.code, refused.body)
            except Exception:  # noqa: BLE001 - a fault of this server must not look like the client's
                self._note(request, "server failed: " + traceback.format_exc())
                return Answer(500, error_body(500, "Server Error"))

    def _answer(self, request: Recorded) -> Answer:
        route, match = self._route(request)
        if not re.match(r"(?i)(token|bearer) +\S", request.headers.get("authorization", "")):
            raise RefusedError(401, "Requires authentication")
        operation = route.operation
        call = self._validated(request, operation, match)
        name = operation["operationId"]
        self._authorise(name)
        self._repository_exists(call)
        handler: Callable[[Call], Any] = getattr(self, "_" + re.sub(r"\W", "_", name))
        value = handler(call)
        headers: dict[str, str] = {}
        if isinstance(value, Page):
            value, headers = self._cut(call, value)
        code, described = next(iter(operation["responses"].items()))
        if value is None:
            return Answer(int(code), b"", headers)
        schema = json_schema(described)
        assert schema is not None, name
        for problem in description().errors((name, "response"), schema, value):
            self._note(request, f"answer {code}: {problem}")
        return Answer(int(code), json.dumps(value).encode(), headers)

    def _note(self, request: Recorded, problem: str) -> None:
        self.violations.append(f"{request.method} {request.path}: {problem}")

    def _route(self, request: Recorded) -> tuple[Route, re.Match[str]]:
        for route in description().routes:
            match = route.pattern.match(request.path)
            if match and route.method == request.method:
                return route, match
        self._note(request, "unknown route")
        raise not_found()

    def _authorise(self, name: str) -> None:
        scopes = _SCOPES[name]
        writes = any(scope.endswith(":write") for scope in scopes)
        if scopes and (writes or self.private or scopes[0].startswith(("members:", "never:"))):
            held = set(self.permissions)
            held |= {scope.replace(":write", ":read") for scope in held}
            if not held.intersection(scopes):
                raise RefusedError(403, _NOT_ACCESSIBLE)

    def _repository_exists(self, call: Call) -> None:
        if "repo" in call.path:
            name = f"{call.path['owner']}/{call.path['repo']}"
            if name.lower() != self.full_name.lower():
                raise not_found()

    def _validated(
        self, request: Recorded, operation: Mapping[str, Any], match: re.Match[str]
    ) -> Call:
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
                    for problem in description().errors(
                        (name, f"{place} {key}"), schema, given[key]
                    )
                ]
        problems += self._body_problems(request, operation)
        for problem in problems:
            self._note(request, problem)
        if problems:
            raise RefusedError(422, "Invalid request.\n\n" + "\n".join(problems))
        return Call(request, self.url + request.prefix, values["path"], values["query"])

    @staticmethod
    def _body_problems(request: Recorded, operation: Mapping[str, Any]) -> list[str]:
        described = operation.get("requestBody")
        if described is None:
            return [] if request.body is None else ["a body where none is described"]
        if request.body is None:
            return ["no body"] if described.get("required") else []
        schema = json_schema(described)
        assert schema is not None
        name = operation["operationId"]
        problems = description().errors((name, "body"), closed(schema), request.body)
        return [f"body: {problem}" for problem in problems]

    def _cut(self, call: Call, page: Page) -> tuple[Any, dict[str, str]]:
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
