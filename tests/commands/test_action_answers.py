"""Answers of GitHub's that are no answers: of another shape, without end, or leading in circles."""

import itertools

import pytest

from tests.support.acting import Site, pull_request
from tests.support.github_server import Fault, FaultKind, always
from tests.support.pull_requests import push, start
from tests.support.repetitions import part


def said(body: bytes, **headers: str) -> Fault:
    """An answer with status 200."""
    return Fault(FaultKind.STATUS, 200, body, headers)


ANSWERS = {
    "null": said(b"null"),
    "a number": said(b"5"),
    "a text": said(b'"text"'),
    "a truth": said(b"true"),
    "an empty object": said(b"{}"),
    "an empty list": said(b"[]"),
    "a list of nothing": said(b"[null, 1, [], {}]"),
    "no body": said(b""),
    "no content": Fault(FaultKind.STATUS, 204, b"", {}),
    "half of a document": said(b'{"number": 1, '),
    "a document of great depth": said(b"[" * 100_000),
    "a number without end": said(b"[" + b"9" * 100_000 + b"]"),
    "no text at all": said(b"\xff\xfe\x00\x00"),
    "a redirection to itself": Fault(FaultKind.STATUS, 301, b"", {"Location": "/repos/acme/prompts/pulls/1"}),
    "a redirection to nowhere": Fault(FaultKind.STATUS, 302, b"", {}),
    "a redirection to a file": Fault(FaultKind.STATUS, 302, b"", {"Location": "file:///etc/passwd"}),
    "gone": Fault.status(410, "gone"),
    "unavailable for legal reasons": Fault.status(451, "blocked"),
    "a status that is none": Fault.status(299, "strange"),
}  # fmt: skip


PATHS = ("/pulls/1$", "/issues/1/comments$", "/pulls/1/comments$")


@pytest.mark.parametrize(("name", "path"), part([*itertools.product(ANSWERS, PATHS)]))
def test_what_is_no_answer_changes_no_verdict(site: Site, name: str, path: str) -> None:
    """A list that never shows what was written makes no second comment either."""
    start(site)
    head = push(site, 30)
    site.server.faults = always(ANSWERS[name], path=path)
    run = site.act("pull_request", pull_request(head), line_comments="true")
    assert (run.code, run.outputs["verdict"]) == (1, "fail")
    assert "Traceback" not in run.log + run.summary
    assert "failed: " in run.summary or "empty" in name or "nothing" in name
    assert len(site.server.comments) <= 1


LINKS = {
    "to itself": '<{url}/repos/acme/prompts/issues/1/comments?page=1>; rel="next"',
    "to another path": '<{url}/user/repos>; rel="next"',
    "to a file": '<file:///etc/passwd>; rel="next"',
    "to nothing": '<>; rel="next"',
    "that is none": "next",
    "of many": '<{url}/x>; rel="next", ' * 500,
}  # fmt: skip


@pytest.mark.parametrize("name", LINKS)
def test_a_link_that_leads_nowhere_ends(site: Site, name: str) -> None:
    start(site)
    head = push(site, 30)
    link = LINKS[name].format(url=site.server.url)
    site.server.faults = always(said(b"[]", Link=link), path="/issues/1/comments$", method="GET")
    run = site.act("pull_request", pull_request(head))
    assert (run.code, run.outputs["verdict"]) == (1, "fail")
    assert "Traceback" not in run.log + run.summary
    assert len(site.server.comments) <= 1
