"""The repository itself: its description, its commits and its refs."""

from datetime import datetime
from typing import Any

from tests.support.github_server.answers import Call, Page, RefusedError, not_found, stamp
from tests.support.github_server.description import description
from tests.support.github_server.store import Store


class Commits(Store):
    """Answers about the repository, its commits and its refs."""

    def _repos_get(self, call: Call) -> Any:
        return self._repository(call, self.full_name, "full-repository")

    def _known_commit(self, name: str) -> str:
        sha = self._resolve(name)
        if sha is None:
            raise RefusedError(422, f"No commit found for SHA: {name}")
        return sha

    def _commit(self, call: Call, sha: str) -> dict[str, Any]:
        fields = self.git("log", "-1", "--format=%T%x00%P%x00%an%x00%ae%x00%aI%x00%B", sha)
        assert fields is not None, sha
        tree, parents, name, mail, date, message = fields.split("\0")
        api = f"{call.url}/repos/{self.full_name}"
        person = {"name": name, "email": mail, "date": stamp(datetime.fromisoformat(date))}
        sample: dict[str, Any] = description().sample("commit")
        return sample | {
            "sha": sha,
            "url": f"{api}/commits/{sha}",
            "html_url": f"{self.url}/{self.full_name}/commit/{sha}",
            "comments_url": f"{api}/commits/{sha}/comments",
            "commit": sample["commit"]
            | {
                "url": f"{api}/git/commits/{sha}",
                "author": person,
                "committer": person,
                "message": message,
                "tree": {"sha": tree, "url": f"{api}/git/trees/{tree}"},
            },
            "author": None,
            "committer": None,
            "parents": [
                {"sha": parent, "url": f"{api}/commits/{parent}"} for parent in parents.split()
            ],
        }

    def _repos_compare_commits_with_basehead(self, call: Call) -> Any:
        names = call.path["basehead"].split("...")
        shas = [self._resolve(name.rpartition(":")[2]) for name in names]
        if len(names) != 2 or None in shas:
            raise not_found()
        base, head = (sha for sha in shas if sha is not None)
        merge_base = self.git("merge-base", base, head)
        if merge_base is None:
            raise RefusedError(404, f"No common ancestor between {names[0]} and {names[1]}.")
        counts = self.git("rev-list", "--left-right", "--count", f"{base}...{head}") or "0 0"
        behind, ahead = map(int, counts.split())
        status = {
            (False, False): "identical",
            (True, False): "ahead",
            (False, True): "behind",
            (True, True): "diverged",
        }[ahead > 0, behind > 0]
        url = f"{call.url}/repos/{self.full_name}/compare/{call.path['basehead']}"
        html = f"{self.url}/{self.full_name}/compare/{call.path['basehead']}"
        whole = {
            "url": url,
            "html_url": html,
            "permalink_url": html,
            "diff_url": html + ".diff",
            "patch_url": html + ".patch",
            "base_commit": self._commit(call, base),
            "merge_base_commit": self._commit(call, merge_base),
            "status": status,
            "ahead_by": ahead,
            "behind_by": behind,
            "total_commits": ahead,
            "files": [],
        }
        added = (self.git("rev-list", "--reverse", f"{base}..{head}") or "").split()
        return Page(
            added,
            lambda rows: whole | {"commits": [self._commit(call, sha) for sha in rows]},
        )

    def _git_list_matching_refs(self, call: Call) -> Any:
        listed = self.git("for-each-ref", "--format=%(refname) %(objecttype) %(objectname)") or ""
        api = f"{call.url}/repos/{self.full_name}/git"
        sample = description().sample("git-ref")
        wanted = "refs/" + call.path["ref"]
        return [
            sample
            | {
                "ref": name,
                "url": f"{api}/{name}",
                "object": {"type": kind, "sha": sha, "url": f"{api}/{kind}s/{sha}"},
            }
            for name, kind, sha in (line.split() for line in listed.splitlines())
            if name.startswith(wanted)
        ]
