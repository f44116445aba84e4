"""`init` leads to the workflow that reviews pull requests, and writes it also by itself later."""

import io
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import pytest
import yaml

from reviewbot.cli import main
from reviewbot.discovery.github_workflow import PATH
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, review

PROMPT = {"prompts/a.md": "Sort the mail."}


def run(repository: Repository, *arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        code = main(["init", "--repo", str(repository.path), *arguments])
    return int(code), out.getvalue()


@pytest.mark.parametrize(
    ("file", "named"),
    [(None, 1), ("jobs: {test: {}}", 1), ("uses: acme/reviewbot@v1", 0)],
)
def test_the_workflow_is_named_where_none_runs_reviewbot(
    repository: Repository, file: str | None, named: int
) -> None:
    repository.commit({**PROMPT, **({".github/workflows/ci.yml": file} if file else {})})
    code, said = run(repository)
    said = " ".join(said.split())
    assert (code, said.count("`reviewbot init --github` for GitHub")) == (0, named)
    assert ("open a pull request" in said) == (not named)


def test_the_workflow_is_written_beside_a_configuration_that_is_there(
    repository: Repository,
) -> None:
    repository.commit({**PROMPT, CONFIGURATION: "# mine"})
    code, said = run(repository, "--github")
    assert (code, (repository.path / CONFIGURATION).read_text()) == (0, "# mine")
    text = (repository.path / PATH).read_text("utf-8")
    assert "# CHANGE: a commit of reviewbot, acme stands for whoever publishes" in text
    assert f"kept: {CONFIGURATION}" in said
    assert "open a pull request" in said
    code, said = run(repository, "--github", "--calls", "9/day")
    assert (code, "is there already" in said) == (2, True)
    code, said = run(repository)
    assert (code, "is there already" in said) == (2, True)


def test_the_last_line_names_what_is_to_be_put_where(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({**PROMPT, "prompts/b.j2": "Sort {{ mail }} for {{ team }}."})
    code, said = run(repository, "--github")
    said = " ".join(said.split())
    lines = (repository.path / PATH).read_text("utf-8").splitlines()
    (line,) = [number for number, text in enumerate(lines, 1) if "@" + "0" * 40 in text]
    last = f"next: in {PATH}:{line} put a commit of reviewbot in place of the zeros ("
    assert (code, last in said) == (0, True)
    assert f"look at the lines marked CHANGE in {CONFIGURATION}" in said
    text = (repository.path / CONFIGURATION).read_text("utf-8")
    assert "CHANGE" not in text.partition("\nworkflows:")[2]
    _, said = run(repository, "--github")
    assert last in " ".join(said.split())
    monkeypatch.chdir(repository.path)
    code, said = run(repository, "--output", "own.yml")
    assert (code, "marked CHANGE in own.yml" in " ".join(said.split())) == (0, True)
    for arguments, mend in (
        (["--update", "--output", "b.yml"], "b.yml: there is no such file; write a first one"),
        (["--update", "--config", "c.yml"], "c.yml: there is no such file; write a first one"),
        (["--output", "prompts"], "prompts is a folder; name a file: `--output prompts/reviewbot"),
    ):
        code, said = run(repository, *arguments)
        assert (code, mend in said) == (2, True)


def triggers(repository: Repository) -> Any:
    return yaml.load((repository.path / PATH).read_text("utf-8"), yaml.BaseLoader)["on"]


@pytest.mark.parametrize("later", [False, True])
def test_an_approval_runs_the_workflow_again(repository: Repository, *, later: bool) -> None:
    repository.commit(PROMPT)
    if later:
        run(repository, "--approver", "alice")
        run(repository, "--github")
    else:
        run(repository, "--approver", "alice", "--github")
    on = triggers(repository)
    assert {"labeled", "unlabeled"} <= set(on["pull_request"]["types"])
    assert on["pull_request_review"] == {"types": ["submitted", "dismissed"]}


def test_without_approvers_no_review_runs_the_workflow(repository: Repository) -> None:
    repository.commit(PROMPT)
    run(repository, "--github")
    assert triggers(repository).keys() == {"pull_request"}


def test_a_team_is_said_to_need_a_token(repository: Repository) -> None:
    repository.commit(PROMPT)
    _, said = run(repository, "--approver", "@acme/finops", "--github")
    assert "@acme/finops: the job's own token cannot read who is in a team" in " ".join(
        said.split()
    )
    _, said = run(repository, "--approver", "kim", "--force")
    assert "in a team" not in " ".join(said.split())


def test_the_action_can_be_named(repository: Repository) -> None:
    repository.commit(PROMPT)
    action = f"ours/reviewbot@{'ab' * 20}"
    code, said = run(repository, "--github", "--action", action)
    text = (repository.path / PATH).read_text("utf-8")
    assert (code, f"uses: {action}\n" in text, "zeros" in said) == (0, True, False)
    for arguments in (
        ("--github", "--force", "--action", "ours/reviewbot@v1"),
        ("--action", action),
    ):
        code, said = run(repository, *arguments)
        assert (code, "--action" in said) == (2, True)


def test_the_action_takes_the_place_of_the_zeros_that_are_there(repository: Repository) -> None:
    repository.commit(PROMPT)
    run(repository, "--github")
    place = repository.path / PATH
    place.write_text(f"# ours\n{place.read_text('utf-8')}", "utf-8")
    repository.commit({})
    assert review(repository).report["notes"] == []
    (note,) = (
        note for note in review(repository, "--base", "HEAD~1").report["notes"] if PATH in note
    )
    assert note == f"{PATH}:23: replace the zeros by a commit"
    assert len(f"Note: {note}.") < 80
    repository.commit({"prompts/other.md": "Sort the parcels."})
    later = review(repository, "--base", "HEAD~1").report["notes"]
    assert not any(PATH in note for note in later)
    before = place.read_text("utf-8").splitlines()
    action = f"ours/reviewbot@{'ab' * 20}"
    for number, arguments in enumerate(((), ("--update",))):
        code, said = run(repository, "--github", "--action", action, *arguments)
        assert (code, "zeros (" in said) == (0, False)
        assert (f"{PATH}:23: {action} is in place of the zeros" in " ".join(said.split())) == (
            not number
        )
    after = place.read_text("utf-8").splitlines()
    assert [new for new, old in zip(after, before, strict=True) if new != old] == [
        f"        uses: {action}"
    ]
    repository.commit({})
    assert "zeros" not in "".join(review(repository, "--base", "HEAD~2").report["notes"])


def test_lines_fit(repository: Repository) -> None:
    deep = "app/some/rather/deep/folder/of/services/answers/of_customers.py"
    source = 'class AnswersOfCustomers:\n    def answer_them(self):\n        answer_prompt = "You answer questions, and are brief and kind."\n'
    repository.commit({**PROMPT, deep: source})
    _, said = run(repository, "--github")
    assert "of_customers.py\n    #AnswersOfCustomers" in said
    assert max(map(len, said.replace(str(repository.path), "").splitlines())) <= 80
