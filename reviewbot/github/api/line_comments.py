"""Comments on the changed lines of pull requests."""

from typing import Any

from msgspec import Struct

from reviewbot.github.api.client import PAGE, Client
from reviewbot.github.api.failures import GitHubError, NoAnswerError

_NOT_FOUND = 404


class LineComment(Struct, frozen=True, kw_only=True):
    """A comment on a line; `answers` is the comment that it replies to.

    `line` is None where the line has changed since. `first_line` is None on a single line.
    """

    number: int
    author: str
    body: str
    path: str
    first_line: int | None
    line: int | None
    answers: int | None


class LineComments:
    """The comments on lines of one repository's pull requests."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def of_pull(self, number: int) -> tuple[LineComment, ...]:
        """The comments on lines of a pull request.

        PyGithub's objects would ask for each comment again that is no answer, or has no line left.
        """

        def get() -> tuple[LineComment, ...]:
            found: list[LineComment] = []
            page, is_last = 1, False
            while not is_last:
                path = f"/pulls/{number}/comments?per_page={PAGE}&page={page}"
                headers, data = self._client.get(path)
                found += map(_line_comment, data)
                is_last = 'rel="next"' not in str(headers.get("link", "")) or not data
                page += 1
            return tuple(found)

        return self._client.read("reading the comments on lines", get)

    def create(self, number: int, commit: str, comments: list[dict[str, Any]]) -> None:
        """Write comments on lines of `commit`, from the bodies that GitHub documents, as a review.

        Without a text of its own the review goes with its last comment.
        """
        data = {"commit_id": commit, "event": "COMMENT", "comments": comments}
        self._client.write(
            "writing the comments on lines",
            lambda: self._client.send("POST", f"/pulls/{number}/reviews", data),
        )

    def delete(self, comment: int) -> None:
        """Delete a comment; one that is gone already is no fault."""
        try:
            self._client.write(
                "deleting an old comment on a line",
                lambda: self._client.send("DELETE", f"/pulls/comments/{comment}", None),
            )
        except GitHubError as error:
            if error.status != _NOT_FOUND:
                raise


def _line_comment(item: dict[str, Any]) -> LineComment:
    if not isinstance(item["id"], int) or not isinstance(item["body"], str):
        raise NoAnswerError
    return LineComment(
        number=item["id"],
        author=item["user"]["login"] if item["user"] else "",
        body=item["body"],
        path=item["path"],
        first_line=item.get("start_line"),
        line=item.get("line"),
        answers=item.get("in_reply_to_id"),
    )
