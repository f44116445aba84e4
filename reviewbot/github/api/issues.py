"""Issues, and the labels that keep two runs from opening one each."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct

from reviewbot.github.api.client import PAGE, Client
from reviewbot.github.api.failures import GitHubError, NoAnswerError

_EXISTS = 422
_MOST_PAGES = 20
"""Of 100 issues each: about as many as can be read in the time that all requests have."""


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

    def by_author(
        self, author: str, label: str, is_wanted: Callable[[Issue], bool]
    ) -> tuple[Issue, ...]:
        """The wanted issues, open and closed, that an account opened, the oldest first.

        Those with the label are asked for first. People take labels away: the others are looked
        through from the newest on, until one is wanted. What is not wanted is not kept.

        Raises:
            GitHubError: None was among the newest 2,000, or GitHub did not answer.

        """
        found: dict[int, Issue] = {}
        for asked in ({"labels": label}, {}):
            for page in range(1, _MOST_PAGES + 1):
                issues, is_last = self._page({"creator": author, **asked}, page)
                found |= {item.number: item for item in issues if is_wanted(item)}
                if is_last or (found and not asked):
                    break
            else:
                raise _too_many(author)
        return tuple(item for _, item in sorted(found.items()))

    def _page(self, asked: Mapping[str, str], page: int) -> tuple[list[Issue], bool]:
        """The issues of one page, the newest first, and whether it is the last.

        PyGithub's own list wants the account as an object, which takes one more request.
        """
        order = {"state": "all", "sort": "created", "direction": "desc"}
        query = urlencode({**asked, **order, "per_page": PAGE, "page": page})

        def get() -> tuple[list[Issue], bool]:
            headers, data = self._client.get(f"/issues?{query}")
            issues = [_issue(item) for item in data if "pull_request" not in item]
            return issues, 'rel="next"' not in str(headers.get("link", "")) or not data

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


def _too_many(author: str) -> GitHubError:
    return GitHubError(
        "looking for the issue",
        f"{author} has opened more than {_MOST_PAGES} pages of issues",
        status=None,
        mend="use the token of another account, and name it: `--issue-author LOGIN`",
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
