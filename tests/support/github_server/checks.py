"""Check runs of a commit."""

from collections.abc import Mapping
from typing import Any

from tests.support.github_server.answers import Call, Page, RefusedError, not_found, stamp
from tests.support.github_server.commits import Commits
from tests.support.github_server.description import description
from tests.support.github_server.state import CheckRunState

_TEXT_BYTES = 65_535


class Checks(Commits):
    """Answers about check runs."""

    def _check_run(self, call: Call, run: CheckRunState) -> dict[str, Any]:
        url = f"{call.url}/repos/{self.full_name}/check-runs/{run.id}"
        sample: dict[str, Any] = description().sample("check-run")
        return sample | {
            "id": run.id,
            "name": run.name,
            "head_sha": run.head_sha,
            "status": run.status,
            "conclusion": run.conclusion,
            "details_url": run.details_url,
            "external_id": run.external_id,
            "started_at": run.started_at,
            "completed_at": run.completed_at,
            "url": url,
            "html_url": f"{self.url}/{self.full_name}/runs/{run.id}",
            "check_suite": {"id": 5},
            "app": self._app(self.token_login),
            "output": {
                "title": run.title,
                "summary": run.summary,
                "text": run.text,
                "annotations_count": len(run.annotations),
                "annotations_url": f"{url}/annotations",
            },
        }

    def _checks_list_for_ref(self, call: Call) -> Any:
        sha = self._known_commit(call.path["ref"])
        runs = [
            run
            for run in self.check_runs
            if run.head_sha == sha
            and call.query.get("check_name") in {None, run.name}
            and call.query.get("status") in {None, run.status}
        ]
        if call.query.get("filter", "latest") == "latest":
            runs = list({run.name: run for run in runs}.values())
        return Page(
            [self._check_run(call, run) for run in reversed(runs)],
            lambda rows: {"total_count": len(runs), "check_runs": rows},
        )

    def _checks_create(self, call: Call) -> Any:
        sha = self._known_commit(call.body["head_sha"])
        run = CheckRunState(self._new_id(), call.body["name"], sha, started_at=stamp(self.now()))
        self._update_run(run, call.body)
        self.check_runs.append(run)
        return self._check_run(call, run)

    def _checks_update(self, call: Call) -> Any:
        for run in self.check_runs:
            if run.id == call.path["check_run_id"]:
                self._update_run(run, call.body)
                return self._check_run(call, run)
        raise not_found()

    def _update_run(self, run: CheckRunState, body: Mapping[str, Any]) -> None:
        conclusion = body.get("conclusion")
        if body.get("status") == "completed" and conclusion is None and run.conclusion is None:
            raise RefusedError(
                422, 'Invalid request.\n\n"conclusion" wasn\'t supplied for a completed run.'
            )
        for key in ("name", "status", "conclusion", "details_url", "external_id", "started_at"):
            if key in body:
                setattr(run, key, body[key])
        if conclusion is not None:
            run.status = "completed"
            run.completed_at = body.get("completed_at", stamp(self.now()))
        output = body.get("output", {})
        for key in ("summary", "text"):
            if len(output.get(key, "").encode()) > _TEXT_BYTES:
                raise RefusedError(
                    422, f"Invalid request.\n\nOnly {_TEXT_BYTES} bytes are allowed."
                )
        for key in ("title", "summary", "text"):
            if key in output:
                setattr(run, key, output[key])
        run.annotations += output.get("annotations", [])
