"""A workflow file that runs the review wrongly is told, with its line and the mend."""

import re

import pytest

from reviewbot.discovery.github_workflow import Wanted, workflow_text
from reviewbot.repository.action_faults import faults
from reviewbot.repository.action_jobs import Asked
from tests.commands.test_init_github import run as run_init
from tests.support.places import ROOT
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    change,
    configuration,
    review,
    tokens,
    workflow,
)

FILE = ".github/workflows/costs.yml"
ASKED = Asked(branch="main", has_approvers=True, label=None)
RIGHT = workflow_text("main", Wanted(has_approvers=True))
USES = "      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0\n"
CHECKOUT = f"{USES}        with:\n          persist-credentials: false\n"
ACTION = f"        uses: acme/reviewbot@{'0' * 40}\n"
PERMISSIONS = "    permissions:\n      contents: read\n      pull-requests: write\n"


def told(text: str, asked: Asked = ASKED) -> list[tuple[int | None, str, str]]:
    return [
        (it.place.line if it.place else None, it.what, it.mend)
        for it in faults(text, file=FILE, asked=asked)
    ]


def pages() -> list[str]:
    blocks = [workflow_text("main", Wanted(has_approvers=it)) for it in (True, False)]
    for page in ("github", "other-ci", "usage", "reports"):
        text = (ROOT / f"docs/{page}.md").read_text("utf-8")
        blocks += re.findall(r"^```yaml\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    blocks += [file.read_text("utf-8") for file in (ROOT / ".github/workflows").glob("*.yml")]
    return [block for block in blocks if "jobs:" in block and "reviewbot" in block]


@pytest.mark.parametrize("text", pages())
def test_nothing_is_told_of_what_init_and_the_manual_show(text: str) -> None:
    is_reviewed_for_approvers = "pull_request_review" in text
    asked = Asked(branch="main", has_approvers=is_reviewed_for_approvers, label=None)
    assert told(text, asked) == []
    assert len(pages()) > 6


@pytest.mark.parametrize(
    ("old", "new", "line", "what", "mend"),
    [
        ("pull_request:", "pull_request_target:", 3, "a token that may write", "`pull_request`"),
        ("    types:", "    paths: [prompts/**]\n    types:", 5, "`paths` skips", "take `paths` out"),
        ("[main]", "[master]", 4, "`branches` leaves out main", "`branches: [main]`"),
        ("[main]", "['**', '!main']", 4, "`branches` leaves out main", "`branches: [main]`"),
        ("branches:", "branches-ignore:", 4, "`branches-ignore` names main", "`branches: [main]`"),
        ("opened, synchronize, ", "opened, ", 5, "leaves out `synchronize`", "unlabeled, sync"),
        ("  pull_request_review: # so that an approval is seen\n    types: [submitted, dismissed]\n",
         "", 3, "an approving review starts no run", "`pull_request_review: {types: [submitted"),
        ("[submitted, ", "[", 7, "leaves out `submitted`", "`types: [submitted, dismissed]`"),
        ("      pull-requests: write\n", "", 16, "lacks `pull-requests: write` (the comment)",
         "`permissions: {contents: read, pull-requests: write}`"),
        (PERMISSIONS, "", 9, "lacks `contents: read` (the checkout), `pull-requests: write`",
         "`permissions: {contents: read, pull-requests: write}`"),
        (ACTION, f"{ACTION}        with: {{check-run: true}}\n", 16,
         "lacks `checks: write` (`check-run: true`)", "pull-requests: write, checks: write}`"),
        (CHECKOUT, "", 21, "no step of the job review above this one checks", "actions/checkout"),
        (CHECKOUT, f"{USES}        with:\n          sparse-checkout: prompts\n", 22,
         "`sparse-checkout` leaves files out", "take `sparse-checkout` out"),
        (ACTION, f"{ACTION}        continue-on-error: true\n", 25,
         "lets the job pass where the review fails", "take `continue-on-error` out"),
        (ACTION, "        uses: acme/reviewbot\n", 24, "`uses: acme/reviewbot` names no version",
         "`uses: acme/reviewbot@`"),
        (ACTION, "        run: reviewbot check\n", 24, "the checkout has one commit",
         "`with: {fetch-depth: 0}`"),
    ],
)  # fmt: skip
def test_a_fault_is_told_at_its_line(old: str, new: str, line: int, what: str, mend: str) -> None:
    assert old in RIGHT
    ((at, said, mended),) = told(RIGHT.replace(old, new))
    assert (at, what in said, mend in mended) == (line, True, True), (at, said, mended)


def test_without_permissions_the_token_is_that_of_a_new_repository() -> None:
    text = RIGHT.replace("permissions: {}\n", "").replace(PERMISSIONS, "")
    ((line, what, mend),) = told(text)
    assert (line, "has no `permissions`" in what) == (13, True)
    assert mend == "add `permissions: {contents: read, pull-requests: write}`"
    assert told(text.replace(ACTION, "        run: git fetch; reviewbot check\n")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[main]", "['ma*']"),
        ("[main]", "['**']"),
        ("[main]", "['mai?n']"),
        ("[main]", "['**', '!ma[hi]n']"),
        ("branches: [main]", "branches-ignore: ['ma[hi]n']"),
        (PERMISSIONS, "    permissions: write-all\n"),
        (ACTION, f"{ACTION}        with: {{comment: 'off'}}\n"),
        (CHECKOUT, "      - run: git clone https://example.org/it .\n"),
        (ACTION, "        uses: acme/other@v1\n"),
        (ACTION, f"{ACTION}        continue-on-error: false\n"),
        ("jobs:", "jobs: {}\nothers:"),
    ],
)
def test_what_is_another_way_to_be_right_is_not_told(old: str, new: str) -> None:
    assert old in RIGHT
    assert told(RIGHT.replace(old, new)) == []


def test_strangers_files_beside_a_token_that_writes_are_told_also_without_the_action() -> None:
    text = RIGHT.replace("pull_request:", "pull_request_target:")
    head = f"{CHECKOUT}          ref: ${{{{ github.event.pull_request.head.sha }}}}\n"
    text = text.replace(CHECKOUT, head).replace(ACTION, "        run: reviewbot check\n")
    said = [what for _, what, _ in told(text)]
    assert any("line 23 checks out files of whoever opens one" in what for what in said)


def test_a_label_asks_for_its_events() -> None:
    text = RIGHT.replace(", labeled, unlabeled", "")
    asked = Asked(branch=None, has_approvers=True, label="ok")
    ((line, what, mend),) = told(text, asked)
    assert (line, "the label ok starts no run" in what) == (5, True)
    assert mend.endswith("[opened, synchronize, reopened, edited, labeled, unlabeled]`")


SETTINGS = configuration({"w": workflow()})
WRONG = RIGHT.replace("    types: [opened", "    paths: [prompts/**]\n    types: [opened")


def test_check_warns_where_the_workflow_or_the_configuration_changed(
    repository: Repository,
) -> None:
    before = {CONFIGURATION: SETTINGS, PROMPT: tokens(10)}
    outcome = change(repository, before, {FILE: WRONG})
    (finding,) = outcome.report["findings"]
    assert (outcome.code, finding["rule"], finding["verdict"]) == (0, "set_up", "warn")
    assert (finding["place"]["file"], finding["place"]["line"]) == (FILE, 5)
    comment = review(repository, form="markdown").out
    assert comment.count("skips pull requests of other files") == 1
    assert "⚠️ .github/workflows/costs.yml:5: as above; take" in comment
    page = review(repository, form="html").out
    assert page.count("skips pull requests of other files") == 1
    assert ".github/workflows/costs.yml:5: as above; take" in page
    for files, count in (({PROMPT: tokens(11)}, 0), ({CONFIGURATION: f"{SETTINGS}# x\n"}, 1)):
        repository.git("branch", "--force", "main")
        repository.commit(files)
        assert len(review(repository).report["findings"]) == count


GOVERNED = {CONFIGURATION: SETTINGS, PROMPT: tokens(10)}
OTHER = ".github/workflows/other.yml"
ON_PUSH = RIGHT.replace("pull_request:", "push:").replace("pull_request_review:", "schedule:")
CALLED = re.sub(r"(?s)\non:\n.*?\n\n", "\non: workflow_call\n\n", RIGHT)


@pytest.mark.parametrize(
    ("after", "is_told"),
    [
        ({FILE: None}, True),
        ({FILE: ON_PUSH}, True),
        ({FILE: "on: [push, [pull_request"}, True),
        ({FILE: RIGHT.replace("acme/reviewbot", "acme/other")}, True),
        ({FILE: RIGHT.replace(ACTION, f"{ACTION}        with: {{drift: true}}\n")}, True),
        ({FILE: None, OTHER: RIGHT}, False),
        ({FILE: None, OTHER: CALLED}, False),
        ({FILE: f"{RIGHT}# later\n"}, False),
    ],
)
def test_the_last_workflow_that_reviewed_pull_requests_is_missed(
    repository: Repository, after: dict[str, str | None], *, is_told: bool
) -> None:
    outcome = change(repository, {**GOVERNED, FILE: RIGHT}, after)
    told = [it for it in outcome.report["findings"] if "pull requests any more" in it["text"]]
    assert [(it["rule"], it["verdict"]) for it in told] == [("set_up", "needs-approval")] * is_told
    assert all("the event `pull_request`" in it["text"] for it in told)


def test_a_file_that_never_reviewed_pull_requests_is_not_missed(repository: Repository) -> None:
    outcome = change(repository, {**GOVERNED, FILE: ON_PUSH}, {FILE: None})
    assert outcome.report["findings"] == []


@pytest.mark.parametrize("branches", ["[main]", "['release/**']"])
@pytest.mark.parametrize("base", ["release/1", "upstream/main"])
def test_a_base_may_be_named_with_its_remote(
    repository: Repository, base: str, branches: str
) -> None:
    repository.commit(GOVERNED)
    repository.git("branch", base)
    repository.commit({FILE: RIGHT.replace("[main]", branches)})
    told = [it["text"] for it in review(repository, "--base", base).report["findings"]]
    is_taken_in = base.startswith("release") == branches.startswith("['release")
    assert any(f"`branches` leaves out {base}" in it for it in told) is not is_taken_in


def test_init_knows_the_default_branch_of_any_remote(repository: Repository) -> None:
    repository.commit({"prompts/a.md": "Sort the mail.", FILE: RIGHT.replace("[main]", "[dev]")})
    repository.git("branch", "--move", "topic")
    repository.git("remote", "add", "upstream", "https://example.org/it.git")
    repository.git("update-ref", "refs/remotes/upstream/dev", "HEAD")
    repository.git("symbolic-ref", "refs/remotes/upstream/HEAD", "refs/remotes/upstream/dev")
    code, said = run_init(repository)
    assert (code, "wrong:" in said) == (0, False)


def test_too_many_workflow_files_are_told(repository: Repository) -> None:
    many = {f".github/workflows/{number:03}.yml": RIGHT for number in range(52)}
    outcome = change(repository, GOVERNED, many)
    (finding,) = outcome.report["findings"]
    assert finding["text"].startswith("2 workflow files of GitHub Actions were not looked at")


def test_a_file_beyond_those_that_are_read_is_looked_at_where_it_changed(
    repository: Repository,
) -> None:
    others = {f".github/workflows/a{number:03}.yml": "on: push" for number in range(501)}
    outcome = change(repository, {**GOVERNED, **others}, {FILE: WRONG})
    first, second = outcome.report["findings"]
    assert first["place"]["file"] == FILE
    assert "2 workflow files" in second["text"]


def test_init_tells_it_whatever_it_is_asked(repository: Repository) -> None:
    repository.commit({"prompts/a.md": "Sort the mail.", FILE: WRONG})
    for arguments in ((), ("--update",), ("--github",)):
        code, said = run_init(repository, *arguments)
        assert (code, f"wrong: {FILE}:5: `paths` skips" in " ".join(said.split())) == (0, True)
