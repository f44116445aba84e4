"""Slips of the pen in a workflow file are told at their line; the mend that is named works."""

import re

import pytest
import yaml

from reviewbot.errors import UsageError
from reviewbot.github.inputs import read_inputs
from reviewbot.repository.action_words import INPUTS
from tests.repository.test_action_faults import (
    ACTION,
    CHECKOUT,
    FILE,
    GOVERNED,
    PERMISSIONS,
    RIGHT,
    told,
)
from tests.support.places import ROOT
from tests.support.repository import Repository
from tests.support.reviewing import change, review

GONE = "no workflow of GitHub Actions reviews pull requests any more"
ROWS = [
    ("    runs-on:", "\truns-on:", 15, "a tab indents this line", "use blanks"),
    ("name: prompt costs", "name: [prompt costs", 1, "bracket that begins", "close it"),
    ("  pull_request:", "  pull_requests:", 3, "no event `pull_requests`", "`pull_request`"),
    ("  pull_request:", "  pull-request:", 3, "no event `pull-request`", "`pull_request`"),
    ("on:\n  pull", "On:\n  pull", 2, "`On` is no key of a workflow file", "`on`?"),
    ("branches:", "branch:", 4, "`branch` is no key of `pull_request`", "`branches`?"),
    ("jobs:", "job:", 13, "`job` is no key of a workflow file", "`jobs`?"),
    ("runs-on:", "run-on:", 15, "`run-on` is no key of a job", "`runs-on`?"),
    ("runs-on:", "runs_on:", 15, "`runs_on` is no key of a job", "`runs-on`?"),
    ("ubuntu-24.04", "ubuntu-24.4", 15, "no runner `ubuntu-24.4`", "`ubuntu-24.04`?"),
    ("    steps:", "    step:", 19, "`step` is no key of a job", "`steps`?"),
    ("      pull-requests:", "      pull_requests:", 18, "no key of `permissions`",
     "`pull-requests`?"),
    ("      contents:", "      content:", 17, "no key of `permissions`", "`contents`?"),
    ("pull-requests: write", "pull-requests: wirte", 18, "`wirte` is no level",
     "write `pull-requests: write`"),
    ("    permissions:\n", "    permission:\n", 16, "no key of a job", "`permissions`?"),
    ("synchronize", "synchronise", 5, "`pull_request` has no type `synchronise`",
     "write `types: [opened, synchronize, reopened, edited, labeled, unlabeled]`"),
    ("[opened, ", "[open, ", 5, "no type `open`", "[opened, synchronize, reopened"),
    ("[submitted,", "[approved,", 7, "`pull_request_review` has no type `approved`",
     "write `types: [submitted, dismissed]`"),
    ("        uses: acme", "        use: acme", 24, "`use` is no key of a step", "`uses`?"),
    ("      - uses: actions", "      - use: actions", 20, "no key of a step", "`uses`?"),
    ("        with:\n", "        wiht:\n", 21, "`wiht` is no key of a step", "`with`?"),
    ("persist-credentials", "persist_credentials", 22, "actions/checkout has no input",
     "`persist-credentials`?"),
    ("cancel-in-progress", "cancel-in-progres", 12, "no key of `concurrency`", "-progress`?"),
    ("    steps:", "  steps:", 19, "`steps` stands beside `review`", "2 blanks more, below `rev"),
    ("    steps:", "steps:", 19, "`steps` stands beside `jobs`", "4 blanks more, below `review`"),
    ("    branches:", "  branches:", 4, "stands beside `pull_request`", "indent it by 4 blanks"),
    ("      - id: costs\n        uses", "    - id: costs\n      uses", 23, "by 4 blanks, the list",
     "indent it and its lines by 2 blanks more"),
    ("      - id: costs", "        id: costs", 24, "'uses' stands in line 20 already", "begin each"),
    ("  pull_request:\n", "  - pull_request\n", 3, "is an item of a list",
     "write `pull_request:` instead of `- pull_request`"),
    (ACTION, f"{ACTION}        fail-on: warn\n", 25, "stands beside `uses`",
     "write `with: {fail-on: warn}` instead"),
    (ACTION, f"{ACTION}        working-directory: .\n", 25, "stands beside `uses`",
     "write `with: {working-directory: .}` instead"),
    (ACTION, f"{ACTION}        with:\n          confg: x.yml\n", 26, "no input `confg`", "`config`?"),
    (ACTION, f"{ACTION}        with:\n          fail_on: warn\n", 26, "no input `fail_on`",
     "`fail-on`?"),
    (ACTION, f"{ACTION}        with:\n          colour: red\n", 26, "no input `colour`",
     "take it out; there are config, token,"),
    (ACTION, f"{ACTION}        with:\n          fail-on: fial\n", 26, "`fail-on` is 'fial'",
     "did you mean `fail`?"),
    (ACTION, f"{ACTION}        with:\n          python: 3.12\n", 26, "'3.12', and no program",
     "write `python: python3.12`"),
    (ACTION, f"{ACTION}        with: {{token: '${{{{ secrets.GITHUB_TOKN }}}}'}}\n", 25,
     "the secret GITHUB_TOKN is most likely not there", "take `token` out"),
    ("acme/reviewbot@", "https://github.com/acme/reviewbot@", 24, "no action as GitHub names",
     f"write `uses: acme/reviewbot@{'0' * 40}`"),
    ("acme/reviewbot@", "acme/reviewbot:", 24, "no action as GitHub names", "acme/reviewbot@0"),
    ("acme/reviewbot@", "reviewbot@", 24, "no action as GitHub names", "`uses: OWNER/reviewbot@0"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "what", "mend"), ROWS, ids=[it[1] for it in ROWS])
def test_a_slip_is_told_once_at_its_line(
    old: str, new: str, line: int, what: str, mend: str
) -> None:
    assert old in RIGHT
    ((at, said, mended),) = told(RIGHT.replace(old, new))
    assert (at, what in said, mend in mended) == (line, True, True), (at, said, mended)


@pytest.mark.parametrize("row", ROWS, ids=[it[1] for it in ROWS])
def test_what_is_typed_as_the_mend_says_is_right(row: tuple[str, str, int, str, str]) -> None:
    lines = RIGHT.replace(*row[:2]).splitlines()
    ((line, what, mend),) = told("\n".join(lines))
    wrong = re.search(r"`([^`]+)`", what)
    assert line
    old = lines[line - 1]
    if (meant := re.fullmatch(r"did you mean `(.+)`\?", mend)) and wrong:
        typed = old.replace(what.split("'")[1] if "'" in what else wrong[1], meant[1])
        typed = (
            typed.replace(re.findall(r"`([^`]+)`", what)[-1], meant[1]) if typed == old else typed
        )
        lines[line - 1] = typed
    elif swapped := re.fullmatch(r"write `(.+)` instead of `(.+)`", mend):
        lines[line - 1] = old.replace(swapped[2], swapped[1])
    elif written := re.match(r"write `(.+?)`", mend):
        indentation = re.match(r" *(?:- )?", old)
        assert indentation
        lines[line - 1] = f"{indentation[0]}{written[1]}"
    elif more := re.match(r"indent it (?:and its lines )?by (\d+) blanks more", mend):
        own = len(old) - len(old.lstrip())
        moved = True
        for number in range(line - 1, len(lines)):
            column = len(lines[number]) - len(lines[number].lstrip())
            moved = moved and (number == line - 1 or column > own)
            lines[number] = " " * int(more[1]) * moved + lines[number]
    else:
        return
    after = told("\n".join(lines))
    assert [it for it in after if it[0] == line] == [], (lines[line - 1], after)


def test_a_slip_is_told_in_place_of_what_it_leads_to(repository: Repository) -> None:
    before = {**GOVERNED, FILE: RIGHT}
    outcome = change(
        repository, before, {FILE: RIGHT.replace("  pull_request:", "  pull-request:")}
    )
    (found,) = [it for it in outcome.report["findings"] if it["rule"] == "set_up"]
    assert (found["verdict"], found["place"]["line"]) == ("warn", 3)
    assert GONE not in found["text"]
    assert f"warn: {FILE}:3: GitHub has no event" in " ".join(
        review(repository, form="terminal").out.split()
    )
    repository.commit({FILE: RIGHT})
    assert review(repository).report["findings"] == []


def test_a_file_that_is_no_yaml_is_named_in_the_headline(repository: Repository) -> None:
    broken = RIGHT.replace("name: prompt costs", "name: [prompt costs")
    change(repository, {**GOVERNED, FILE: RIGHT}, {FILE: broken})
    said = " ".join(review(repository, form="terminal").out.split())
    assert f"reviewbot: warn: {FILE}:1: the bracket that begins in this line" in said


def test_what_the_manual_names_and_expressions_are_no_slips() -> None:
    given = "{config: a.yml, Fail-On: warn, dry-run: True, comment: '${{ vars.COMMENT }}'}"
    text = RIGHT.replace(ACTION, f"{ACTION}        with: {given}\n")
    assert [it for it in told(text) if "input" in it[1]] == []
    other = RIGHT.replace(ACTION, f"{ACTION}        with: {{colour: red}}\n")
    assert told(other.replace("acme/reviewbot", "acme/other")) == []
    assert told(RIGHT.replace("  pull_request:", "  push:\n  watch:\n  pull_request:")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    runs-on:", "    hologram: yes\n    runs-on:"),
        ("ubuntu-24.04", "ubuntu-24.04-8-cores"),
        ("ubuntu-24.04", "[self-hosted, linux]"),
        ("      contents: read\n", "      contents: read\n      code-quality: read\n"),
        ("edited", "edited, stacked"),
        (ACTION, f"{ACTION}        background: true\n"),
        ("jobs:\n", "jobs:\n  steps:\n    runs-on: x\n    steps: [{run: make}]\n"),
        (PERMISSIONS, f"{PERMISSIONS}    cancel-timeout-minutes: 5\n"),
        (CHECKOUT, CHECKOUT.replace("persist-credentials: false", "fetch-depth: 0")),
    ],
)
def test_newer_words_and_names_of_ones_own_are_no_slips(old: str, new: str) -> None:
    assert old in RIGHT
    assert told(RIGHT.replace(old, new)) == []


def test_an_input_that_is_known_is_one_of_the_action_with_its_values() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    assert [*action["inputs"]] == sorted(INPUTS, key=[*action["inputs"]].index)
    for name, values in INPUTS.items():
        variable = f"REVIEWBOT_{name.upper().replace('-', '_')}"
        for value in values or ("any",):
            read_inputs({variable: value})
        if values:
            with pytest.raises(UsageError):
                read_inputs({variable: "any"})
