"""Reviews of a pull request, and the teams of those who review."""

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
from tests.support.github_server.state import ReviewState

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
        state = _REVIEW_STATES[event]
        commit = call.body.get("commit_id")
        made = self.review(pull.number, self.token_login, state, commit, body=body)
        return self._review(call, made)

    def _teams_get_membership_for_user_in_org(self, call: Call) -> Any:
        org, team, user = (call.path[key] for key in ("org", "team_slug", "username"))
        if user.lower() not in {login.lower() for login in self.teams.get(f"{org}/{team}", ())}:
            raise not_found()
        url = f"{call.url}/orgs/{org}/teams/{team}/memberships/{user}"
        return {"url": url, "role": "member", "state": "active"}
