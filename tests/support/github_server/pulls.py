"""Pull requests, with their labels."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tests.support.github_server.answers import Call, Page, not_found, stamp
from tests.support.github_server.commits import Commits
from tests.support.github_server.description import description
from tests.support.github_server.state import IssueEventState, PullState


class Pulls(Commits):
    """Makes pull requests and labels, and answers about them."""

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

    def _pull(self, call: Call, pull: PullState, schema: str) -> dict[str, Any]:
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
        sample: dict[str, Any] = description().sample(schema)
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
                "created_at": stamp(pull.created_at),
                "updated_at": stamp(pull.updated_at),
                "closed_at": None if pull.state == "open" else stamp(pull.updated_at),
                "merged_at": stamp(pull.updated_at) if pull.merged else None,
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

    def _event(self, call: Call, event: IssueEventState) -> dict[str, Any]:
        sample: dict[str, Any] = description().sample("labeled-issue-event")
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
                "created_at": stamp(event.created_at),
            }
        )

    def _found_pull(self, number: int) -> PullState:
        if number not in self.pulls:
            raise not_found()
        return self.pulls[number]

    def _pulls_get(self, call: Call) -> Any:
        return self._pull(call, self._found_pull(call.path["pull_number"]), "pull-request")

    def _pulls_list(self, call: Call) -> Any:
        state = call.query.get("state", "open")
        owner, colon, branch = call.query.get("head", "").partition(":")
        base = call.query.get("base")
        descending = call.query.get("direction", "desc") == "desc"
        return Page(
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

    def _repos_list_pull_requests_associated_with_commit(self, call: Call) -> Any:
        sha = self._known_commit(call.path["commit_sha"])

        def contains(tip: str) -> bool:
            return self.git("merge-base", "--is-ancestor", sha, tip) is not None

        return Page(
            [
                self._pull(call, pull, "pull-request-simple")
                for pull in self.pulls.values()
                if sha in {pull.head_sha, pull.merge_commit}
                or (contains(pull.head_sha) and not contains(pull.base_sha))
            ]
        )

    def _issues_list_events(self, call: Call) -> Any:
        pull = self._found_pull(call.path["issue_number"])
        rows = [row for row in self.issue_events if row.number == pull.number]
        return Page([self._event(call, row) for row in rows])
