"""Issues that are no pull requests, and the labels of the repository."""

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
from tests.support.github_server.state import IssueState
from tests.support.github_server.store import Store


class Issues(Store):
    """Makes issues, and answers about them."""

    def issue(self, author: str, title: str, body: str, labels: list[str]) -> IssueState:
        """An issue that somebody opens."""
        with self.lock:
            at = self.now()
            number = max([0, *self.pulls, *(item.number for item in self.issues)]) + 1
            made = IssueState(
                self._new_id(), number, author, title, body, at, at, labels=list(labels)
            )
            self.issues.append(made)
            self.labels |= set(labels)
            return made

    def _issue(self, call: Call, item: IssueState) -> dict[str, Any]:
        api = f"{call.url}/repos/{self.full_name}"
        sample: dict[str, Any] = description().sample("issue")
        return sample | {
            "id": item.id,
            "number": item.number,
            "title": item.title,
            "body": item.body,
            "state": item.state,
            "state_reason": item.state_reason,
            "user": self._user(item.author),
            "labels": [self._label_of(call, name) for name in item.labels],
            "created_at": stamp(item.created_at),
            "updated_at": stamp(item.updated_at),
            "url": f"{api}/issues/{item.number}",
            "html_url": f"{self.url}/{self.full_name}/issues/{item.number}",
        }

    def _label_of(self, call: Call, name: str) -> dict[str, Any]:
        sample: dict[str, Any] = description().sample("label")
        return sample | {
            "name": name,
            "url": f"{call.url}/repos/{self.full_name}/labels/{name}",
        }

    def _checked(self, call: Call) -> None:
        if len(call.body.get("body") or "") > COMMENT_LIMIT:
            raise RefusedError(422, "Validation Failed", {"field": "body", "code": "invalid"})

    def _issues_list_for_repo(self, call: Call) -> Any:
        asked = call.query
        rows = [
            item
            for item in self.issues
            if asked.get("creator") in {None, item.author}
            and asked.get("state", "open") in {"all", item.state}
            and set(filter(None, asked.get("labels", "").split(","))) <= set(item.labels)
        ]
        rows.sort(key=lambda item: item.number, reverse=asked.get("direction", "desc") == "desc")
        return Page([self._issue(call, item) for item in rows])

    def _issues_create(self, call: Call) -> Any:
        self._checked(call)
        body = call.body
        made = self.issue(
            self.token_login, body["title"], body.get("body") or "", body.get("labels", [])
        )
        return self._issue(call, made)

    def _issues_update(self, call: Call) -> Any:
        self._checked(call)
        for item in self.issues:
            if item.number == call.path["issue_number"]:
                for key in ("title", "body", "state", "state_reason", "labels"):
                    if key in call.body:
                        setattr(item, key, call.body[key])
                item.updated_at = self.now()
                return self._issue(call, item)
        raise not_found()

    def _issues_create_label(self, call: Call) -> Any:
        name = call.body["name"]
        if name.lower() in {item.lower() for item in self.labels}:
            error = {"resource": "Label", "code": "already_exists", "field": "name"}
            raise RefusedError(422, "Validation Failed", error)
        self.labels.add(name)
        return self._label_of(call, name)
