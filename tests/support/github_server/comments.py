"""Comments in the conversation of a pull request."""

from datetime import UTC, datetime
from typing import Any

from tests.support.github_server.answers import (
    COMMENT_LIMIT,
    Call,
    Page,
    RefusedError,
    kind_of_account,
    not_found,
    stamp,
)
from tests.support.github_server.description import description
from tests.support.github_server.pulls import Pulls
from tests.support.github_server.state import CommentState


class Comments(Pulls):
    """Makes comments, and answers about them."""

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
            kind = author_type or kind_of_account(author)
            made = CommentState(self._new_id(), number, author, kind, body, at, at)
            self.comments.append(made)
            return made

    def _comment(self, call: Call, comment: CommentState) -> dict[str, Any]:
        api = f"{call.url}/repos/{self.full_name}"
        page = f"{self.url}/{self.full_name}/pull/{comment.number}"
        sample: dict[str, Any] = description().sample("issue-comment")
        bot = comment.author_type == "Bot"
        return sample | {
            "id": comment.id,
            "body": comment.body,
            "user": self._user(comment.author, comment.author_type),
            "author_association": "NONE",
            "performed_via_github_app": self._app(comment.author) if bot else None,
            "created_at": stamp(comment.created_at),
            "updated_at": stamp(comment.updated_at),
            "url": f"{api}/issues/comments/{comment.id}",
            "html_url": f"{page}#issuecomment-{comment.id}",
            "issue_url": f"{api}/issues/{comment.number}",
        }

    def _checked_comment(self, call: Call) -> str:
        body: str = call.body["body"]
        message = None
        if len(body) > COMMENT_LIMIT:
            message = f"Body is too long (maximum is {COMMENT_LIMIT} characters)"
        elif not body.strip():
            message = "Body can't be blank"
        if message is not None:
            raise RefusedError(
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

    def _found_comment(self, call: Call) -> CommentState:
        for comment in self.comments:
            if comment.id == call.path["comment_id"]:
                return comment
        raise not_found()

    def _issues_list_comments(self, call: Call) -> Any:
        pull = self._found_pull(call.path["issue_number"])
        since = call.query.get("since")
        after = datetime.fromisoformat(since) if since else datetime.min.replace(tzinfo=UTC)
        rows = [row for row in self.comments if row.number == pull.number]
        return Page([self._comment(call, row) for row in rows if row.updated_at >= after])

    def _issues_create_comment(self, call: Call) -> Any:
        pull = self._found_pull(call.path["issue_number"])
        made = self.comment(self.token_login, self._checked_comment(call), number=pull.number)
        return self._comment(call, made)

    def _issues_get_comment(self, call: Call) -> Any:
        return self._comment(call, self._found_comment(call))

    def _issues_update_comment(self, call: Call) -> Any:
        comment = self._found_comment(call)
        comment.body = self._checked_comment(call)
        comment.updated_at = self.now()
        return self._comment(call, comment)

    def _issues_delete_comment(self, call: Call) -> None:
        self.comments.remove(self._found_comment(call))
