"""What lets a check pass without a review is told, and needs approval where a change adds it."""

import pytest

from reviewbot.repository.action_conditions import goes_on
from reviewbot.repository.action_jobs import Asked
from tests.repository.test_action_faults import (
    ACTION,
    ASKED,
    CHECKOUT,
    FILE,
    GOVERNED,
    RIGHT,
    USES,
    told,
)
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, review

JOB = "    runs-on: ubuntu-24.04\n"
SCRIPT = f"{CHECKOUT}          fetch-depth: 0\n      - run: "
FOUND = Asked(
    branch="main",
    has_approvers=True,
    label=None,
    exists=lambda path: path in {".", "sub", ".github/reviewbot.yml"},
    configuration=".github/reviewbot.yml",
)
CHANGES = """\
  changes:
    if: github.actor != 'dependabot[bot]'
    runs-on: ubuntu-22.04
    steps:
      - run: echo
"""


def script(text: str, more: str = "") -> str:
    return RIGHT.replace(f"{CHECKOUT}      - id: costs\n{ACTION}", f"{SCRIPT}{text}\n{more}")


def of_job(condition: str) -> str:
    return RIGHT.replace(JOB, f"    if: {condition}\n{JOB}")


def of_step(condition: str) -> str:
    return RIGHT.replace(ACTION, f"{ACTION}        if: {condition}\n")


PASSING = {
    "a job that is off": (of_job("false"), 15, "keeps the review from running", "take `if` out"),
    "a step that is off": (of_step("${{ false }}"), 25, "the job passes without it", "take `if` out"),
    "pushes alone": (of_job("github.event_name == 'push'"), 15, "keeps the review", "take `if` out"),
    "the first commit alone": (of_job("github.event.action == 'opened'"), 15, "keeps the review",
     "take `if` out"),
    "a failure alone": (of_step("failure()"), 25, "keeps the review", "take `if` out"),
    "a label": (of_job("contains(github.event.pull_request.labels.*.name, 'prompts')"), 15,
     "may skip the review, and GitHub counts a required check that is skipped as passed",
     "take `if` out"),
    "no drafts": (of_job("${{ !github.event.pull_request.draft }}"), 15, "skips drafts",
     "write `types: [opened, synchronize, reopened, edited, labeled, unlabeled, ready_for_review]`"),
    "another job that is skipped": (
     RIGHT.replace("jobs:\n", f"jobs:\n{CHANGES}").replace(JOB, f"    needs: changes\n{JOB}"), 20,
     "the `if` of `changes` may skip it, and this job with it", "add `if: ${{ !cancelled() }}`"),
    "going on": (RIGHT.replace(JOB, f"    continue-on-error: true\n{JOB}"), 15,
     "lets the job pass", "take `continue-on-error` out"),
    "or true": (script("reviewbot check || true"), 24, "`|| true` lets the step pass", "take `|| tr"),
    "or a word": (script("reviewbot check --base origin/main || echo failed"), 24,
     "`|| echo` lets the step pass", "take `|| echo` out"),
    "a pipe": (script("reviewbot check | tee review.txt"), 24, "is lost behind `| tee`",
     "add `shell: bash`"),
}  # fmt: skip


@pytest.mark.parametrize("name", PASSING)
def test_what_passes_unreviewed_is_told(name: str) -> None:
    text, line, what, mend = PASSING[name]
    ((at, said, mended),) = told(text)
    assert (at, what in said, mend in mended) == (line, True, True), (at, said, mended)


@pytest.mark.parametrize("name", PASSING)
def test_a_change_that_adds_it_needs_approval(repository: Repository, name: str) -> None:
    outcome = change(repository, {**GOVERNED, FILE: RIGHT}, {FILE: PASSING[name][0]})
    (finding,) = [
        it
        for it in outcome.report["findings"]
        if it["rule"] == "set_up" and PASSING[name][2] in it["text"]
    ]
    assert (outcome.code, finding["verdict"]) == (1, "needs-approval")
    assert outcome.report["configuration_evidence"]


def test_an_approval_is_bound_to_the_file(repository: Repository) -> None:
    outcome = change(repository, {**GOVERNED, FILE: RIGHT}, {FILE: of_job("false")})
    repository.commit({"README.md": "x"})
    again = review(repository)
    repository.commit({FILE: of_job("false").replace("contents: read", "contents: write")})
    evidence = [it.report["configuration_evidence"] for it in (outcome, again, review(repository))]
    assert evidence[0] == evidence[1] != evidence[2]


def test_what_was_there_before_and_the_first_configuration_only_warn(
    repository: Repository,
) -> None:
    text = of_job("false")
    outcome = change(repository, {**GOVERNED, FILE: text}, {FILE: f"{text}# x\n"})
    assert [it["verdict"] for it in outcome.report["findings"]] == ["warn"]


def test_a_new_workflow_only_warns(repository: Repository) -> None:
    outcome = change(repository, GOVERNED, {FILE: of_job("false")})
    assert [it["verdict"] for it in outcome.report["findings"]] == ["warn"]


@pytest.mark.parametrize(
    "text",
    [
        of_job("always()"),
        of_job("${{ !cancelled() }}"),
        of_job("github.repository == 'acme/app'"),
        of_job("github.event_name == 'pull_request' || github.event_name == 'merge_group'"),
        of_job("github.event_name != 'push' && success()"),
        of_job("github.event.action != 'closed'"),
        of_job("github.base_ref == 'main'"),
        of_job("'!github.event.pull_request.draft'").replace("edited", "edited, ready_for_review"),
        RIGHT.replace("jobs:\n", f"jobs:\n{CHANGES}"),
        RIGHT.replace("jobs:\n", f"jobs:\n{CHANGES}").replace(
            JOB, f"    needs: changes\n    if: ${{{{ !cancelled() }}}}\n{JOB}"
        ),
        RIGHT.replace("jobs:\n", f"jobs:\n{CHANGES.replace('if', '# if')}").replace(
            JOB, f"    needs: [changes]\n{JOB}"
        ),
        script("reviewbot check"),
        script("reviewbot check --write sarif=x.sarif"),
        script("reviewbot check | tee x", "        shell: bash\n"),
        script("reviewbot check || exit 1"),
    ],
)
def test_what_reviews_every_change_is_not_told(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "line", "what", "mend"),
    [
        (RIGHT.replace(JOB, ""), 14, "has no `runs-on`", "add `runs-on: ubuntu-24.04`"),
        (RIGHT.replace(JOB, f"    needs: [biuld]\n{JOB}").replace("jobs:\n", "jobs:\n  build: {}\n"),
         16, "no job `biuld`", "did you mean `build`?"),
        (RIGHT.replace(JOB, f"    uses: ./.github/workflows/own.yml\n{JOB}"), 15,
         "has no `steps`", "take `uses` out"),
        (RIGHT.replace(JOB, "    strategy: {matrix: {os: [ubuntu-24.04, macos-15]}}\n"
         "    runs-on: ${{ matrix.os }}\n"), 15, "several checks, such as `review (…)`",
         "take `strategy` out, and write `runs-on: ubuntu-24.04`"),
        (RIGHT.replace("\non:\n", "\n").replace("  pull_request", "x-p").replace("    branches", "  b")
         .replace("    types", "  t"), 1, "no `on` says what starts", "add the `on`"),
        (RIGHT.replace(ACTION, f"{ACTION}        with:\n          working-directory: nope\n"), 26,
         "no folder `nope`", "take `working-directory` out"),
        (RIGHT.replace(ACTION, f"{ACTION}        with:\n          config: nope.yml\n"), 26,
         "no such file", "write `config: .github/reviewbot.yml`"),
        (RIGHT.replace(CHECKOUT, f"{USES}        with: {{path: src}}\n"), 23,
         "the checkout is in `src`", "add `with: {working-directory: src}` to this step"),
        (RIGHT.replace(CHECKOUT, f"{USES}        with: {{path: src}}\n").replace(
         ACTION, f"{ACTION}        with: {{working-directory: scr}}\n"), 24,
         "no folder `scr`", "write `working-directory: src`"),
        (script("reviewbot check", "        working-directory: nope\n"), 25, "no folder `nope`",
         "take `working-directory` out"),
        (script("reviewbot check").replace("jobs:", "defaults:\n  run:\n    working-directory: x\njobs:"),
         15, "no folder `x`", "take `working-directory` out"),
        (script("reviewbot check").replace("fetch-depth: 0", "fetch-depth: 1"), 23,
         "the checkout has one commit", "write `fetch-depth: 0`"),
    ],
)  # fmt: skip
def test_what_keeps_it_from_running_is_told(text: str, line: int, what: str, mend: str) -> None:
    ((at, said, mended), *more) = told(text, FOUND)
    assert (at, what in said, mend in mended, more) == (line, True, True, []), (at, said, mended)


@pytest.mark.parametrize(
    "text",
    [
        RIGHT.replace(ACTION, f"{ACTION}        with: {{working-directory: sub}}\n"),
        RIGHT.replace(ACTION, f"{ACTION}        with: {{config: ./.github/reviewbot.yml}}\n"),
        RIGHT.replace(ACTION, f"{ACTION}        with: {{config: '${{{{ vars.X }}}}'}}\n"),
        RIGHT.replace(CHECKOUT, f"{CHECKOUT}{USES}        with: {{path: other}}\n"),
        RIGHT.replace(CHECKOUT, f"{USES}        with: {{path: src}}\n").replace(
            ACTION, f"{ACTION}        with: {{working-directory: src}}\n"
        ),
        RIGHT.replace("jobs:", "defaults:\n  run:\n    working-directory: nope\njobs:"),
        RIGHT.replace(JOB, f"{JOB}    strategy: {{matrix: {{c: [a, b]}}}}\n").replace(
            ACTION, f"{ACTION}        with: {{config: '${{{{ matrix.c }}}}'}}\n"
        ),
        script("mkdir nope\n      - run: reviewbot check", "        working-directory: nope\n"),
    ],
)
def test_what_is_there_is_not_told(text: str) -> None:
    assert told(text, FOUND) == []


def test_files_are_looked_for_in_the_change_itself(repository: Repository) -> None:
    text = RIGHT.replace(ACTION, f"{ACTION}        with: {{config: sub/r.yml}}\n")
    outcome = change(repository, {**GOVERNED, FILE: RIGHT}, {FILE: text})
    (finding,) = outcome.report["findings"]
    assert "`config` names sub/r.yml, and there is no such file" in finding["text"]
    repository.commit({"sub/r.yml": "version: 1\n"})
    (finding,) = review(repository).report["findings"]
    assert "sub/r.yml judges instead of .github/reviewbot.yml" in finding["text"]


@pytest.mark.parametrize(
    "condition", ["(", "a b", "'", "!" * 3000, "(" * 999 + ")" * 999, "1 == 1", "a[0]", "x('", "~"]
)
def test_a_condition_that_is_not_understood_may_skip(condition: str) -> None:
    assert goes_on(condition) is None


def test_the_base_is_known_or_not() -> None:
    condition = "github.base_ref == 'main'"
    assert [goes_on(condition, branch=it) for it in ("main", "dev", None)] == [True, False, None]
    assert told(of_job(condition), ASKED) == []


def given(text: str) -> str:
    return RIGHT.replace(ACTION, f"{ACTION}        with: {{{text}}}\n")


OTHER = ".github/other.yml judges instead of .github/reviewbot.yml"
LOOSENED = {
    "never fails": (RIGHT, given("fail-on: never"), 25, "`fail-on: never` lets pass what `fail-on: fail`",
     "take `fail-on` out"),
    "fails later": (given("fail-on: warn"), RIGHT, 24, "`fail-on: fail` lets pass what `fail-on: warn`",
     "write `fail-on: warn`"),
    "fails as somebody says": (RIGHT, given("fail-on: '${{ vars.FAIL }}'"), 25, "lets pass what",
     "take `fail-on` out"),
    "another configuration": (RIGHT, given("config: .github/other.yml"), 25, OTHER,
     "take `config` out"),
    "of another one": (given("config: a.yml"), given("config: ./.github/other.yml"), 25,
     "judges instead of a.yml, with limits and approvers of its own", "write `config: a.yml`"),
    "of a script": (script("reviewbot check --base origin/main"),
     script("reviewbot check --base origin/main --config .github/other.yml"), 24, OTHER,
     "take `config` out"),
    "of a script's environment": (script("reviewbot action"),
     script("reviewbot action", "        env: {REVIEWBOT_FAIL_ON: never}\n"), 25,
     "`fail-on: never` lets pass", "take `fail-on` out"),
    "a renamed job": (RIGHT, given("fail-on: never").replace("  review:", "  costs:"), 25,
     "`fail-on: never` lets pass", "take `fail-on` out"),
}  # fmt: skip


@pytest.mark.parametrize("name", LOOSENED)
def test_a_setting_that_lets_more_pass_needs_approval(repository: Repository, name: str) -> None:
    before, after, line, what, mend = LOOSENED[name]
    approved = f"{GOVERNED[CONFIGURATION]}approval: {{approvers: [octocat]}}\n"
    files = dict.fromkeys((CONFIGURATION, "a.yml", ".github/other.yml"), approved)
    outcome = change(repository, {**GOVERNED, **files, FILE: before}, {FILE: after})
    (finding,) = [it for it in outcome.report["findings"] if what in it["text"]]
    assert mend in finding["text"]
    assert (outcome.code, finding["verdict"]) == (1, "needs-approval")
    assert (finding["place"]["file"], finding["place"]["line"]) == (FILE, line)
    assert outcome.report["configuration_evidence"]


def test_so_does_one_of_a_workflow_file_that_moves(repository: Repository) -> None:
    moved = {FILE: None, FILE.replace("costs", "prompts"): given("fail-on: never")}
    outcome = change(repository, {**GOVERNED, FILE: RIGHT}, moved)
    assert "`fail-on: never` lets pass" in outcome.out
    assert outcome.code == 1


def test_so_does_the_other_configuration_where_it_is_new(repository: Repository) -> None:
    approved = f"{GOVERNED[CONFIGURATION]}approval: {{approvers: [octocat]}}\n"
    change(
        repository,
        {**GOVERNED, CONFIGURATION: approved, FILE: RIGHT},
        {FILE: given("config: .github/other.yml"), ".github/other.yml": GOVERNED[CONFIGURATION]},
    )
    outcome = review(repository, "--config", ".github/other.yml")
    assert (outcome.code, OTHER in outcome.out) == (1, True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (given("fail-on: never"), RIGHT),
        (RIGHT, given("fail-on: warn")),
        (RIGHT, given("fail-on: fail, config: ./.github/reviewbot.yml")),
        (given("fail-on: never"), given("fail-on: never, comment: 'off'")),
        (RIGHT, RIGHT + given("fail-on: never").partition("jobs:\n")[2].replace("review:", "try:")),
    ],
    ids=["stricter", "stricter than usual", "as usual", "as before", "another job beside"],
)
def test_one_that_lets_no_more_pass_does_not(
    repository: Repository, before: str, after: str
) -> None:
    outcome = change(repository, {**GOVERNED, FILE: before}, {FILE: after})
    assert not [it for it in outcome.report["findings"] if "needs" in it["verdict"]]
