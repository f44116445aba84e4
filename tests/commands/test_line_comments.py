"""Check runs and comments on lines, as GitHub takes them."""

from typing import Any

import pytest

from tests.support.acting import Run, Site, pull_request
from tests.support.pull_requests import HARD, push, start
from tests.support.reviewing import CONFIGURATION, PROMPT, configuration, tokens, workflow

OURS = "github-actions[bot]"


def act(site: Site, head: str, **inputs: Any) -> Run:
    return site.act(
        "pull_request",
        pull_request(head),
        run_id=len(site.runs) + 1,
        line_comments="true",
        **inputs,
    )


def places(site: Site) -> list[tuple[str, int | None, int | None]]:
    return [(item.path, item.start_line, item.line) for item in site.server.line_comments]


def lines(*counts: int) -> str:
    return "".join(f"{tokens(count)}\n" for count in counts)


def test_comments_span_their_lines(site: Site) -> None:
    start(site)
    push(site, 10)
    head = site.repository.commit({PROMPT: lines(10, 20, 30, 40)})
    site.server.pulls[1].head_sha = head
    act(site, head)
    assert places(site) == [(PROMPT, 1, 4)]


def test_comments_are_replaced(site: Site) -> None:
    start(site)
    act(site, push(site, 30))
    (first,) = site.server.line_comments
    for count in (31, 32, 33):
        act(site, push(site, count))
    (last,) = site.server.line_comments
    assert last.id != first.id
    assert last.body != first.body


def test_a_comment_that_still_holds_stays(site: Site) -> None:
    start(site)
    head = push(site, 30)
    for _ in range(3):
        act(site, head)
    assert len(site.server.line_comments) == 1
    assert len(site.server.reviews) == 1


def test_comments_go_when_nothing_is_found_any_more(site: Site) -> None:
    start(site)
    act(site, push(site, 30))
    assert places(site)
    act(site, push(site, 9))
    assert places(site) == []


def test_a_comment_that_was_answered_stays(site: Site) -> None:
    start(site)
    act(site, push(site, 30))
    (first,) = site.server.line_comments
    answer = {"path": PROMPT, "line": 1, "body": "Why?"}
    site.server.line_comment(1, "bob", answer, in_reply_to=first.id)
    act(site, push(site, 31))
    assert {item.id for item in site.server.line_comments} > {first.id}
    assert len(site.server.line_comments) == 3, "and what still is to be said is said"


def test_comments_of_others_stay(site: Site) -> None:
    start(site)
    act(site, push(site, 30))
    (first,) = site.server.line_comments
    for author, body in (("mallory", first.body), (OURS, "of another tool")):
        site.server.line_comment(1, author, {"path": PROMPT, "line": 1, "body": body})
    act(site, push(site, 31))
    assert len(site.server.line_comments) == 3


def test_two_configurations_keep_their_comments(site: Site) -> None:
    start(site)
    text = (site.repository.path / CONFIGURATION).read_text()
    head = push(site, 30, **{"a.yml": text})
    act(site, head)
    act(site, head, config="a.yml")
    assert len(site.server.line_comments) == 2


@pytest.mark.parametrize("count", [1, 2])
def test_a_line_outside_of_the_diff_does_not_lose_the_others(site: Site, count: int) -> None:
    """A raised limit is marked where it stands; the check on its line may be far from the diff."""
    flows = {"w": workflow(envelope=HARD), "v": workflow("prompts/v.txt", envelope=HARD)}
    site.repository.commit(
        {
            CONFIGURATION: configuration(flows),
            PROMPT: tokens(10),
            "prompts/v.txt": tokens(10),
        }
    )
    site.repository.branch("work")
    head = push(site, 30, **{"prompts/v.txt": tokens(30)})
    site.server.hidden_from_diff = {PROMPT, *(["prompts/v.txt"] if count > 1 else [])}
    run = act(site, head)
    assert [path for path, *_ in places(site)] == ["prompts/v.txt"][: 2 - count]
    assert run.code == 1
    assert run.summary.count("did not take a comment on this line") == count
    assert f"{PROMPT}" in run.summary


def test_the_summary_of_a_check_run_is_limited_in_bytes(site: Site) -> None:
    names = [f"w{index}" for index in range(300)]
    flows = {name: workflow(f"prompts/{name}-äöü→日本語日本語.txt") for name in names}
    site.repository.commit({CONFIGURATION: configuration(flows), PROMPT: "text"})
    site.repository.branch("work")
    files = {f"prompts/{name}-äöü→日本語日本語.txt": tokens(5) for name in names}
    head = push(site, 30, **files)
    run = act(site, head, check_run="true")
    (check,) = site.server.check_runs
    assert check.summary is not None
    assert 50_000 < len(check.summary.encode()) <= 65_535
    assert "could not do all of it" not in run.summary


def test_each_configuration_has_a_check_of_its_own(site: Site) -> None:
    start(site)
    text = (site.repository.path / CONFIGURATION).read_text()
    head = push(site, 30, **{"a.yml": text})
    act(site, head, check_run="true")
    act(site, head, check_run="true", config="./a.yml")
    names = [item.name for item in site.server.check_runs]
    assert names == ["reviewbot report", "reviewbot report (a.yml)"]
