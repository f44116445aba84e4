"""Comments of pull requests."""

from typing import Any

from msgspec import Struct

from reviewbot.github.api.client import Client
from reviewbot.github.api.failures import GitHubError, NoAnswerError

_NOT_FOUND = 404


class Comment(Struct, frozen=True, kw_only=True):
    """A comment of a pull request; `author` is a login."""

    number: int
    author: str
    body: str
    url: str


class Comments:
    """The comments of one repository's pull requests."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def of_pull(self, number: int) -> tuple[Comment, ...]:
        """The comments of a pull request, the oldest first: GitHub's numbers only grow."""
        return self._client.read(
            "reading the comments",
            lambda: tuple(
                sorted(
                    map(_comment, self._client.repository.get_issue(number).get_comments()),
                    key=lambda item: item.number,
                )
            ),
        )

    def create(self, number: int, body: str) -> Comment:
        """Write a new comment on a pull request."""
        return self._client.write(
            "writing the comment",
            lambda: _comment(self._client.repository.get_issue(number).create_comment(body)),
        )

    def edit(self, comment: int, body: str) -> None:
        """Replace a comment's text."""
        self._client.write(
            "updating the comment",
            lambda: self._client.send("PATCH", f"/issues/comments/{comment}", {"body": body}),
        )

    def delete(self, comment: int) -> None:
        """Delete a comment; one that is gone already is no fault."""
        try:
            self._client.write(
                "deleting a duplicate of the comment",
                lambda: self._client.send("DELETE", f"/issues/comments/{comment}", None),
            )
        except GitHubError as error:
            if error.status != _NOT_FOUND:
                raise


def _comment(item: Any) -> Comment:
    if not isinstance(item.id, int) or not isinstance(item.body, str):
        raise NoAnswerError
    return Comment(
        number=item.id,
        author=item.user.login if item.user else "",
        body=item.body,
        url=item.html_url,
    )
