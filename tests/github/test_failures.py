"""What GitHub refuses is told with the permission, or the time, that mends it."""

import re

import pytest
from github import GithubException

from reviewbot.github.api.failures import failure


@pytest.mark.parametrize(
    ("what", "status", "mend"),
    [
        ("writing the comment", 403, "add `pull-requests: write` under the job's `permissions`"),
        ("updating the comment", 403, "add `pull-requests: write` under"),
        ("writing the comments on lines", 403, "add `pull-requests: write` under"),
        ("creating the check run", 403, "add `checks: write` under the job's `permissions`"),
        ("reading the comments", 403, "add `pull-requests: read` under"),
        ("reading the reviews", 404, "add `pull-requests: read` under the job's `permissions`; a"),
        ("reading pull request 7", 404, "a token of another repository finds nothing either"),
        ("reading the issues", 403, "add `issues: write` under"),
        ("reading the issues", 410, "turn issues on in the repository's settings"),
        ("updating the issue", 403, "add `issues: write` under"),
        ("creating a label", 403, "add `issues: write` under"),
        ("asking for the merge base", 403, "add `contents: read` under"),
        ("asking whether ann is in acme/finops", 403, "the token of an App"),
        ("asking GitHub", 403, "the permissions that docs/github.md lists"),
        ("reading the reviews", 401, "check the input `token`"),
    ],
)
def test_the_mend_names_the_permission(what: str, status: int, mend: str) -> None:
    error = failure(what, GithubException(status, {"message": "Not for you"}, {}))
    (problem,) = error.problems
    assert problem.what == f"{what} failed: {status} Not for you"
    assert mend in problem.mend


@pytest.mark.parametrize(
    ("headers", "mend"),
    [
        ({"retry-after": "90"}, r"wait until \d\d:\d\d UTC, and run the job again"),
        (
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "9999999999"},
            r"wait until \d\d:\d\d UTC, and run the job again",
        ),
        (
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1e300"},
            "wait until .* UTC, and run",
        ),
        ({}, "wait a minute, and run the job again"),
    ],
)
def test_a_limit_is_told_with_its_end(headers: dict[str, str], mend: str) -> None:
    refusal = GithubException(403, {"message": "API rate limit exceeded"}, headers)
    (problem,) = failure("writing the comment", refusal).problems
    assert re.match(mend, problem.mend)


@pytest.mark.parametrize(
    ("said", "mend"),
    [
        (
            "Resource protected by organization SAML",
            "authorize the token for the organization's single sign-on",
        ),
        (
            "Repository was archived so is read-only.",
            "unarchive the repository, or turn the job off",
        ),
    ],
)
def test_some_refusals_are_of_no_permission(said: str, mend: str) -> None:
    (problem,) = failure("writing it", GithubException(403, {"message": said}, {})).problems
    assert problem.mend == mend
