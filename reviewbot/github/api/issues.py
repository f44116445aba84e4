"""Issues, and the labels that keep two runs from opening one each."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct

from reviewbot.github.api.client import PAGE, Client
from reviewbot.github.api.failures import GitHubError, NoAnswerError

_EXISTS = 422


class Issue(Struct, frozen=True, kw_only=True):
    """An issue; `author` is a login."""

    number: int
    author: str
    body: str
    is_open: bool
    labels: tuple[str, ...]
    url: str


class Issues:
    """The issues of one repository."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def by_author(self, author: str) -> tuple[Issue, ...]:
        """The issues, open and closed, that an account opened, the oldest first.

        PyGithub's own list wants the account as an object, which takes one more request.
        """

        def get() -> tuple[Issue, ...]:
            found: list[Issue] = []
            page, is_last = 1, False
            while not is_last:
                asked = {"creator": author, "state": "all", "sort": "created", "direction": "asc"}
                query = urlencode({**asked, "per_page": PAGE, "page": page})
                headers, data = self._client.get(f"/issues?{query}")
                found += [_issue(item) for item in data if "pull_request" not in item]
                is_last = 'rel="next"' not in str(headers.get("link", "")) or not data
                page += 1
            return tuple(sorted(found, key=lambda item: item.number))

        return self._client.read("reading the issues", get)

    def claim(self, label: str, about: str) -> bool:
        """Create a label; False where it is there already, so that another run was first."""
        body = {"name": label, "description": about}
        try:
            self._client.write(
                "creating a label", lambda: self._client.send("POST", "/labels", body)
            )
        except GitHubError as error:
            if error.status != _EXISTS and not error.is_uncertain:
                raise
            return False
        return True

    def create(self, title: str, body: str, labels: list[str]) -> Issue:
        """Open an issue."""
        return self._client.write(
            "opening the issue",
            lambda: _issue(
                self._client.repository.create_issue(title=title, body=body, labels=labels).raw_data
            ),
        )

    def edit(self, number: int, values: dict[str, Any]) -> None:
        """Change parts of an issue, by the keys that GitHub documents."""
        self._client.write(
            "updating the issue", lambda: self._client.send("PATCH", f"/issues/{number}", values)
        )


def _issue(item: Mapping[str, Any]) -> Issue:
    if not isinstance(item["number"], int):
        raise NoAnswerError
    return Issue(
        number=item["number"],
        author=item["user"]["login"] if item["user"] else "",
        body=item["body"] or "",
        is_open=item["state"] == "open",
        labels=tuple(label["name"] for label in item["labels"]),
        url=item["html_url"],
    )
