"""What GitHub's own example payloads ask for (npm @octokit/webhooks-examples), and hostile ones."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reviewbot.errors import UsageError
from reviewbot.github.events import Compare, Decision, Label, Nothing, Publish, decide
from tests.support.places import DATA

EXAMPLES = DATA / "github_events"
REPOSITORY = "Codertocat/Hello-World"
HEAD = "ec26c3e57ca3a959ca5aad62de7213c562f8c821"
SHA = "1" * 40


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))


def decided(
    name: str, payload: Any, *, baseline: str = "", repository: str = REPOSITORY
) -> Decision:
    return decide(name, payload, repository=repository, commit=SHA, baseline=baseline)


@pytest.mark.parametrize(
    "name",
    [
        "pull_request.opened",
        "pull_request.synchronize",
        "pull_request.reopened",
        "pull_request.ready_for_review",
        "pull_request.labeled",
        "pull_request.unlabeled",
        "pull_request_review.submitted",
        "pull_request_review.dismissed",
    ],
)
def test_pull_requests(name: str) -> None:
    found = decided(name.partition(".")[0], example(name))
    assert isinstance(found, Compare)
    assert (found.base, found.head) == ("refs/heads/master", HEAD)
    assert found.pull_request is not None
    assert (found.pull_request.number, found.pull_request.author) == (2, "Codertocat")
    assert found.pull_request.head_repository == REPOSITORY
    label = Label(name="bug", by="Codertocat", commit=HEAD, at="2019-05-15T15:20:35Z")
    assert found.label == (label if name == "pull_request.labeled" else None)


def test_a_fork_that_was_deleted() -> None:
    payload = example("pull_request.opened")
    payload["pull_request"]["head"]["repo"] = None
    found = decided("pull_request", payload)
    assert isinstance(found, Compare)
    assert found.pull_request is not None
    assert found.pull_request.head_repository is None


def test_a_closed_pull_request_has_nothing_to_review() -> None:
    assert isinstance(decided("pull_request", example("pull_request.closed")), Nothing)


def test_a_merge_group_is_compared_with_its_branch() -> None:
    payload = example("merge_group.checks_requested")
    found = decided("merge_group", payload)
    assert isinstance(found, Compare)
    assert found.base == payload["merge_group"]["base_ref"]
    assert found.head == payload["merge_group"]["head_sha"]
    assert found.queue == payload["merge_group"]["head_ref"]
    assert found.pull_request is None


def test_pushes() -> None:
    created = decided("push", example("push.created"))
    assert isinstance(created, Compare)
    assert created.base == "refs/heads/master", "a new branch is compared with the default one"
    assert created.branch == "master"
    assert isinstance(decided("push", example("push.deleted")), Nothing)
    pushed = decided("push", {"before": "2" * 40, "after": "3" * 40})
    assert pushed == Compare(repository=REPOSITORY, base="2" * 40, head="3" * 40)
    for ref, branch in (("refs/heads/a/b", "a/b"), ("refs/tags/a", None), (7, None)):
        found = decided("push", {"before": "2" * 40, "after": "3" * 40, "ref": ref})
        assert found == replace(pushed, branch=branch)
    against = decided("push", {"before": "2" * 40, "after": "3" * 40}, baseline="v1")
    assert against == Compare(repository=REPOSITORY, base="v1", head="3" * 40)


def test_started_by_hand_or_by_the_clock() -> None:
    by_hand = example("workflow_dispatch")
    for name, payload in (("workflow_dispatch", by_hand), ("schedule", {"schedule": "0 6 * * 1"})):
        found = decided(name, payload, baseline="v1.2")
        branch = "master" if name == "workflow_dispatch" else None
        assert found == Compare(repository=REPOSITORY, base="v1.2", head=SHA, branch=branch)
        with pytest.raises(UsageError, match="set the input `baseline`"):
            decided(name, payload)
    found = decided("workflow_dispatch", by_hand | {"ref": "refs/heads/work"})
    base = "refs/heads/master"
    assert found == Compare(repository=REPOSITORY, base=base, head=SHA, branch="master")


def test_a_finished_run() -> None:
    payload = example("workflow_run.completed")
    assert isinstance(decided("workflow_run", payload), Nothing), "it was not a pull request's"
    payload["workflow_run"]["event"] = "pull_request"
    found = decided("workflow_run", payload)
    assert found == Publish(
        repository=REPOSITORY,
        head="3484a3fb816e0859fd6e1cea078d76385ff50625",
        head_branch="master",
        head_repository="octo-org/octo-repo",
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("issues", "'issues' has nothing to review"),
        ("", "'' has nothing to review"),
        ("pull_request_target", "docs/github.md, section Forks"),
    ],
)
def test_events_that_are_refused(name: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        decided(name, example("pull_request.opened"))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("head", "sha"), "HEAD"),
        (("head", "sha"), "--upload-pack=touch pwned"),
        (("head", "sha"), HEAD + "\n"),
        (("head", "sha"), None),
        (("base", "ref"), "-x"),
        (("base", "ref"), "a..b"),
        (("base", "ref"), "a:b"),
        (("base", "ref"), "a\nb"),
        (("base", "ref"), "a b"),
        (("base", "ref"), ""),
        (("user", "login"), ""),
        (("number",), True),
        (("number",), "1"),
    ],
)
def test_payloads_that_are_refused(place: tuple[str, ...], value: object) -> None:
    payload = example("pull_request.opened")
    target = payload["pull_request"]
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = value
    with pytest.raises(UsageError, match="payload cannot be read"):
        decided("pull_request", payload)


@pytest.mark.parametrize("text", ["-x", "a:b", "+a", "a b", "a\n", "../x", "a^{commit}", "a*"])
def test_baselines_that_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="`baseline` is not a revision"):
        decided("schedule", {}, baseline=text)


@pytest.mark.parametrize("name", ["acme", "a/b/c", "a/b\n", "../..;x", ""])
def test_repositories_that_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match="GITHUB_REPOSITORY"):
        decided("push", {}, repository=name)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "pull_request",
                    "head",
                    "base",
                    "sha",
                    "ref",
                    "repo",
                    "merge_group",
                    "head_sha",
                    "workflow_run",
                    "event",
                    "before",
                    "after",
                    "action",
                    "user",
                    "login",
                    "number",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
EVENTS = ["pull_request", "pull_request_review", "merge_group", "push", "workflow_dispatch"]


@given(
    st.sampled_from([*EVENTS, "schedule", "workflow_run"]), st.dictionaries(st.text(), JSON), JSON
)
def test_any_payload_is_decided_or_refused(name: str, payload: dict[str, Any], more: Any) -> None:
    try:
        found = decided(name, payload | {name: more})
    except UsageError:
        return
    assert isinstance(found, Compare | Publish | Nothing)


def test_a_pull_request_of_a_fork() -> None:
    payload = example("pull_request.opened")
    payload["pull_request"]["head"]["repo"]["full_name"] = "mallory/Hello-World"
    found = decided("pull_request", payload)
    assert isinstance(found, Compare)
    assert found.repository == "Codertocat/Hello-World"
    assert found.pull_request is not None
    assert found.pull_request.head_repository == "mallory/Hello-World"


@pytest.mark.parametrize(
    "name", ["pull_request.opened", "pull_request_review.submitted", "merge_group.checks_requested"]
)
def test_a_baseline_changes_nothing_where_the_event_has_a_base(name: str) -> None:
    event, payload = name.partition(".")[0], example(name)
    assert decided(event, payload, baseline="v1") == decided(event, payload)


@pytest.mark.parametrize("commit", ["", "HEAD", "1" * 39, "1" * 40 + "\n", "--all", "G" * 40])
@pytest.mark.parametrize("name", ["workflow_dispatch", "schedule"])
def test_started_on_what_is_no_commit(name: str, commit: str) -> None:
    with pytest.raises(UsageError, match="GITHUB_SHA is not a commit"):
        decide(name, {}, repository=REPOSITORY, commit=commit, baseline="v1")


def decided_with(name: str, path: tuple[str, ...], value: object) -> Decision:
    payload = example(name)
    if name == "workflow_run.completed":
        payload["workflow_run"]["event"] = "pull_request"
    target = payload
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return decided(name.partition(".")[0], payload)


BRANCHES = [
    ("pull_request.opened", ("pull_request", "base", "ref")),
    ("merge_group.checks_requested", ("merge_group", "base_ref")),
    ("merge_group.checks_requested", ("merge_group", "head_ref")),
    ("push.created", ("repository", "default_branch")),
    ("workflow_run.completed", ("workflow_run", "head_branch")),
]
COMMITS = [
    ("pull_request.opened", ("pull_request", "head", "sha")),
    ("merge_group.checks_requested", ("merge_group", "head_sha")),
    ("push.created", ("after",)),
    ("push.created", ("before",)),
    ("workflow_run.completed", ("workflow_run", "head_sha")),
]


@pytest.mark.parametrize("value", ["-x", "a..b", "a:b", "a\nb", "a\n", "+a", "a b", "a@{1}", None])
@pytest.mark.parametrize(("name", "path"), BRANCHES)
def test_a_hostile_branch_is_refused_in_every_event(
    name: str, path: tuple[str, ...], value: str | None
) -> None:
    with pytest.raises(UsageError, match=f"its `{path[-1]}` is no (git reference|text)"):
        decided_with(name, path, value)


@pytest.mark.parametrize("value", ["HEAD", "-x", "1" * 39, "1" * 41, "1" * 40 + "\n", "A" * 40, 1])
@pytest.mark.parametrize(("name", "path"), COMMITS)
def test_a_commit_is_forty_digits_in_every_event(
    name: str, path: tuple[str, ...], value: object
) -> None:
    with pytest.raises(UsageError, match=f"its `{path[-1]}` is no (commit|text)"):
        decided_with(name, path, value)


@given(st.sampled_from([*BRANCHES, *COMMITS]), JSON)
def test_an_example_with_anything_in_a_place_is_decided_or_refused(
    at: tuple[str, tuple[str, ...]], value: Any
) -> None:
    try:
        found = decided_with(*at, value)
    except UsageError:
        return
    assert isinstance(found, Compare | Publish)
