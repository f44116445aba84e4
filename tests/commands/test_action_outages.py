"""Reviews while GitHub, or the way to it, does not do what it should: named, no traceback."""

import subprocess
from pathlib import Path

import pytest

from reviewbot.github.comment_stamp import configuration_key
from tests.support.acting import Site, pull_request
from tests.support.github_server import Fault, always, in_turn
from tests.support.pull_requests import push, start

ELSEWHERE = "https://elsewhere.invalid"


def shallow(site: Site, tmp_path: Path, branch: str = "main") -> Path:
    clone = tmp_path / "clone"
    url = f"{site.server.url}/acme/prompts"
    subprocess.run(
        ["git", "clone", "--quiet", "--depth=1", f"--branch={branch}", url, str(clone)],
        check=True,
    )
    return clone


def diverged(site: Site, commits: int = 3) -> str:
    """A branch and main that have each gone on."""
    start(site)
    for index in range(commits):
        site.repository.commit({f"notes/{index}.txt": "text"})
    head = push(site, 30)
    site.repository.git("switch", "--quiet", "main")
    for index in range(commits):
        site.repository.commit({f"more/{index}.txt": "text"})
    return head


STRANGE = {
    "a redirection to another host": Fault.redirect(f"{ELSEWHERE}/repos/acme/prompts/pulls/1"),
    "a redirection to another scheme": Fault.redirect("https://127.0.0.1/repos/acme/prompts"),
    "a temporary redirection": Fault.redirect(f"{ELSEWHERE}/x", 302),
    "a redirection of a method": Fault.redirect(f"{ELSEWHERE}/x", 307),
    "a page for people": Fault.html(),
    "a link to another host": Fault.foreign_link(f"{ELSEWHERE}/comments?page=2"),
}


@pytest.mark.parametrize("path", ["/pulls/1$", "/issues/1/comments$"])
@pytest.mark.parametrize("fault", STRANGE.values(), ids=STRANGE)
def test_a_strange_answer_is_named(site: Site, fault: Fault, path: str) -> None:
    start(site)
    head = push(site, 30)
    site.server.faults = always(fault, path=path)
    run = site.act("pull_request", pull_request(head))
    assert (run.code, run.outputs["verdict"]) == (1, "fail")
    assert "Traceback" not in run.log + run.summary
    assert "failed: " in run.summary
    assert "Error" not in run.summary.partition("could not do all of it")[2]


@pytest.mark.parametrize("url", ["", "ftp://127.0.0.1", "no address", "http://", "http://[::1"])
def test_an_address_that_is_none_is_named(site: Site, url: str) -> None:
    start(site)
    head = push(site, 30)
    run = site.act("pull_request", pull_request(head), environment={"GITHUB_API_URL": url})
    assert (run.code, run.outputs["verdict"]) == (1, "fail")
    assert "failed: " in run.summary


@pytest.mark.parametrize(("path", "commits"), [("/compare/", 70), ("", 3)])
def test_the_merge_base_is_found_without_the_api(
    site: Site, tmp_path: Path, path: str, commits: int
) -> None:
    head = diverged(site, commits)
    clone = shallow(site, tmp_path)
    site.server.faults = always(Fault.status(502), path=path)
    run = site.act("pull_request", pull_request(head), checkout=clone)
    assert (run.code, run.outputs["verdict"]) == (1, "fail"), run.summary
    assert run.report["revisions"]["merge_base"] == site.repository.git("merge-base", "main", head)


@pytest.mark.parametrize("branch", ["main", "work"])
def test_an_empty_token_is_enough_for_a_shallow_checkout(
    site: Site, tmp_path: Path, branch: str
) -> None:
    head = diverged(site)
    clone = shallow(site, tmp_path, branch)
    run = site.act(
        "pull_request",
        pull_request(head),
        checkout=clone,
        environment={"REVIEWBOT_TOKEN": ""},
    )
    assert (run.code, run.outputs["verdict"]) == (1, "fail"), run.summary
    assert run.report["revisions"]["merge_base"] == site.repository.git("merge-base", "main", head)


def test_the_latest_merge_base_is_found_behind_a_long_branch(site: Site, tmp_path: Path) -> None:
    """The nearest commit in common is not the latest: main was merged long ago, on a side way."""
    start(site)
    git = site.repository.git
    fork = git("rev-parse", "main")
    git("switch", "--quiet", "main")
    middle = site.repository.commit({"middle.txt": "text"})
    git("switch", "--quiet", "-c", "side", "main")
    for index in range(60):
        site.repository.commit({f"side/{index}.txt": "text"})
    git("switch", "--quiet", "work")
    push(site, 12)
    git("merge", "--quiet", "--no-edit", "side")
    head = push(site, 30)
    git("switch", "--quiet", "-c", "other", fork)
    site.repository.commit({"other.txt": "text"})
    git("switch", "--quiet", "main")
    git("merge", "--quiet", "--no-edit", "other")
    clone = shallow(site, tmp_path)
    site.server.faults = always(Fault.status(502), path="/compare/")
    run = site.act("pull_request", pull_request(head), checkout=clone)
    assert git("merge-base", "main", head) == middle
    assert run.report["revisions"]["merge_base"] == middle


def test_commits_without_common_history_are_named(site: Site, tmp_path: Path) -> None:
    start(site)
    site.repository.git("checkout", "--quiet", "--orphan", "new")
    head = push(site, 30)
    clone = shallow(site, tmp_path)
    site.server.faults = always(Fault.status(502), path="/compare/")
    run = site.act("pull_request", pull_request(head), checkout=clone)
    assert run.code == 3
    assert "have no common history" in run.summary


FAILING = {
    "502": Fault.status(502),
    "503": Fault.status(503),
    "a reset": Fault.reset(),
    "truncated": Fault(kind=Fault.reset().kind),
    "a page for people": Fault.html(500),
}


@pytest.mark.parametrize("fault", FAILING.values(), ids=FAILING)
def test_a_fetch_is_tried_again(site: Site, tmp_path: Path, fault: Fault) -> None:
    head = diverged(site)
    clone = shallow(site, tmp_path)
    site.server.git_faults = in_turn(fault, fault)
    run = site.act("pull_request", pull_request(head), checkout=clone)
    assert (run.code, run.outputs["verdict"]) == (1, "fail"), run.summary


def test_a_fetch_that_is_refused_is_not_tried_again(site: Site, tmp_path: Path) -> None:
    diverged(site)
    clone = shallow(site, tmp_path)
    before = len(site.server.git_requests)
    run = site.act("pull_request", pull_request("0123456789" * 4), checkout=clone)
    assert run.code == 3
    assert "not our ref" in run.summary
    assert len(site.server.git_requests) - before <= 4


def test_hints_of_git_are_not_the_reason(site: Site, tmp_path: Path) -> None:
    diverged(site)
    clone = shallow(site, tmp_path)
    site.server.git_faults = always(Fault.status(404))
    run = site.act("pull_request", pull_request("0123456789" * 4), checkout=clone)
    assert run.code == 3
    assert "hint" not in run.summary
    assert "not found" in run.summary


@pytest.mark.parametrize("other", ["./a.yml", "a.yml", ".//a.yml", "././a.yml"])
def test_one_configuration_has_one_comment(site: Site, other: str) -> None:
    start(site)
    text = (site.repository.path / ".github/reviewbot.yml").read_text()
    site.repository.git("switch", "--quiet", "main")
    site.repository.commit({"a.yml": text})
    site.repository.git("switch", "--quiet", "work")
    site.repository.git("merge", "--quiet", "main")
    head = push(site, 30)
    for run_id, config in ((1, "a.yml"), (2, other)):
        assert site.act("pull_request", pull_request(head), run_id=run_id, config=config).code == 1
    (comment,) = site.server.comments
    assert "reviewbot: fail" in comment.body
    assert "/a.yml)" in comment.body


def test_a_comment_of_another_spelling_goes(site: Site) -> None:
    start(site)
    head = push(site, 30)
    site.act("pull_request", pull_request(head))
    (comment,) = site.server.comments
    own = configuration_key(".github/reviewbot.yml")
    for spelling in ("./.github/reviewbot.yml", ".github//reviewbot.yml"):
        body = comment.body.replace(own, configuration_key(spelling))
        site.server.comment(comment.author, body)
    assert len(site.server.comments) == 3
    site.act("pull_request", pull_request(push(site, 31)), run_id=2)
    assert [item.id for item in site.server.comments] == [comment.id]
