"""Reviews of a pull request, and the teams of those who review."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.support.github_server.answers import (
    COMMENT_LIMIT,
    Call,
    Page,
    RefusedError,
    not_found,
    stamp,
)
from tests.support.github_server.description import description
from tests.support.github_server.pulls import Pulls
from tests.support.github_server.state import LineCommentState, PullState, ReviewState

_REVIEW_STATES = {
    "APPROVE": "APPROVED",
    "REQUEST_CHANGES": "CHANGES_REQUESTED",
    "COMMENT": "COMMENTED",
    None: "PENDING",
}


class Reviews(Pulls):
    """Makes reviews, and answers about them and about teams."""

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

    def _review(self, call: Call, review: ReviewState) -> dict[str, Any]:
        api = f"{call.url}/repos/{self.full_name}/pulls/{review.number}"
        page = f"{self.url}/{self.full_name}/pull/{review.number}#pullrequestreview-{review.id}"
        pending = review.state == "PENDING"
        sample: dict[str, Any] = description().sample("pull-request-review")
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
            | ({} if pending else {"submitted_at": stamp(review.submitted_at)})
        )

    def _pulls_list_reviews(self, call: Call) -> Any:
        pull = self._found_pull(call.path["pull_number"])
        return Page([self._review(call, row) for row in self.reviews if row.number == pull.number])

    def _pulls_create_review(self, call: Call) -> Any:
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
        elif len(body) > COMMENT_LIMIT:
            problem = f"Body is too long (maximum is {COMMENT_LIMIT} characters)"
        if problem is not None:
            raise RefusedError(422, "Unprocessable Entity", problem)
        lines = call.body.get("comments", [])
        outside = [item for item in lines if not self._is_in_diff(pull, item)]
        if outside:
            raise RefusedError(422, "Unprocessable Entity", *["Line could not be resolved"])
        state = _REVIEW_STATES[event]
        commit = call.body.get("commit_id")
        made = self.review(pull.number, self.token_login, state, commit, body=body)
        for item in lines:
            self.line_comment(pull.number, self.token_login, item, review=made.id)
        return self._review(call, made)

    def line_comment(
        self,
        number: int,
        author: str,
        item: Mapping[str, Any],
        *,
        review: int = 1,
        in_reply_to: int | None = None,
    ) -> LineCommentState:
        """A comment on a line, as the body of a review holds it."""
        made = LineCommentState(
            id=self._new_id(),
            number=number,
            review=review,
            author=author,
            commit=self.pulls[number].head_sha,
            path=item["path"],
            line=item.get("line"),
            start_line=item.get("start_line"),
            body=item["body"],
            created_at=self.now(),
            in_reply_to=in_reply_to,
        )
        self.line_comments.append(made)
        return made

    def _is_in_diff(self, pull: PullState, item: Mapping[str, Any]) -> bool:
        """Whether lines lie in one hunk of the diff, three lines around what changed counted."""
        if item["path"] in self.hidden_from_diff:
            return False
        names = f"{self._resolve(pull.base_ref)}...{pull.head_sha}"
        diff = self.git("diff", "--no-color", "-U3", names, "--", item["path"]) or ""
        last = item["line"]
        first = item.get("start_line", last)
        for found in re.finditer(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", diff, re.MULTILINE):
            start = int(found[1])
            end = start + int(found[2] or 1)
            if start <= first <= last < end:
                return True
        return False

    def _line_comment(self, call: Call, item: LineCommentState) -> dict[str, Any]:
        api = f"{call.url}/repos/{self.full_name}/pulls"
        page = f"{self.url}/{self.full_name}/pull/{item.number}#discussion_r{item.id}"
        sample: dict[str, Any] = description().sample("pull-request-review-comment")
        links = {"self": f"{api}/comments/{item.id}", "html": page, "pull_request": api}
        answer = {} if item.in_reply_to is None else {"in_reply_to_id": item.in_reply_to}
        return (
            sample
            | {
                "id": item.id,
                "pull_request_review_id": item.review,
                "user": self._user(item.author),
                "body": item.body,
                "path": item.path,
                "start_line": item.start_line,
                "commit_id": item.commit,
                "original_commit_id": item.commit,
                "created_at": stamp(item.created_at),
                "updated_at": stamp(item.created_at),
                "url": links["self"],
                "html_url": page,
                "pull_request_url": f"{api}/{item.number}",
                "_links": {key: {"href": link} for key, link in links.items()},
            }
            | ({} if item.line is None else {"line": item.line})
            | answer
        )

    def _pulls_list_review_comments(self, call: Call) -> Any:
        pull = self._found_pull(call.path["pull_number"])
        rows = [item for item in self.line_comments if item.number == pull.number]
        return Page([self._line_comment(call, item) for item in rows])

    def _pulls_delete_review_comment(self, call: Call) -> None:
        number = call.path["comment_id"]
        if all(item.id != number for item in self.line_comments):
            raise not_found()
        self.line_comments = [item for item in self.line_comments if item.id != number]

    def _teams_get_membership_for_user_in_org(self, call: Call) -> Any:
        org, team, user = (call.path[key] for key in ("org", "team_slug", "username"))
        if user.lower() not in {login.lower() for login in self.teams.get(f"{org}/{team}", ())}:
            raise not_found()
        url = f"{call.url}/orgs/{org}/teams/{team}/memberships/{user}"
        return {"url": url, "role": "member", "state": "active"}
