"""`reviewbot history`: the months of commits, each by its own configuration."""

import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal

import pytest

from reviewbot.cli import main
from reviewbot.commands import history as command
from reviewbot.outputs.history.terminal import sparkline
from reviewbot.report.history import History, Recorded
from tests.commands.test_explain import Tags
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, Outcome, configuration, review, tokens
from tests.support.reviewing import workflow as flow


def told(repository: Repository, *arguments: str) -> Outcome:
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        code = main(["history", "--repo", str(repository.path), *arguments])
    return Outcome(code=int(code), out=out.getvalue(), errors=errors.getvalue())


@pytest.fixture
def grown(repository: Repository) -> Repository:
    """A commit without a configuration, then three that grow; the last but one broken."""
    repository.commit({PROMPT: tokens(10)})
    settings = configuration({"w": flow(PROMPT)})
    repository.commit({CONFIGURATION: settings})
    repository.git("tag", "v1")
    repository.commit({PROMPT: tokens(100)})
    repository.git("tag", "v2")
    repository.commit({CONFIGURATION: settings.replace("gpt-4o", "gpt-4o-mni")})
    repository.commit({CONFIGURATION: settings, "<b>.md": "x"})
    return repository


def test_each_commit_has_its_month_or_why_not(grown: Repository) -> None:
    found = json.loads(told(grown, "--format", "json").out)
    months = [item["usd_per_month"] for item in found["commits"]]
    assert [month is None for month in months] == [False, False, False, True, False]
    assert [item["is_assumed"] for item in found["commits"]] == [True] + [False] * 4
    assert "1,000 calls a month" in found["assumption"]
    assert months[2] == months[4]
    # 90 tokens more of 1,000 calls, at $2.50 a million
    assert Decimal(months[2]) - Decimal(months[1]) == Decimal("0.225")
    assert "no price for openai/gpt-4o-mni" in found["commits"][3]["unmeasured"][0]
    grown.git("checkout", "--quiet", "-B", "main", "HEAD")
    grown.branch("work")
    grown.commit({PROMPT: tokens(101)})
    assert review(grown).usd("before") == Decimal(months[4])


def test_the_table_shows_changes_and_a_line_of_bars(grown: Repository) -> None:
    outcome = told(grown, "--last", "4")
    rows = outcome.out.splitlines()
    assert rows[0].split() == ["commit", "day", "a", "month", "change", "subject"]
    assert [
        word for row in rows[2:6] for word in row.split() if word[0] in "$+?" or word == "same"
    ] == ["$1.04", "$1.27", "+$0.22,", "?", "$1.27", "same"]
    assert "▁█ █  from $1.04 to $1.27" in outcome.out
    assert "at the prices of" in outcome.out
    assert max(map(len, rows)) <= 80


def test_prompts_are_found_where_no_commit_has_a_configuration(repository: Repository) -> None:
    repository.commit({PROMPT: tokens(10)})
    repository.commit({PROMPT: tokens(100)})
    outcome = told(repository)
    # gpt-4.1: 90 tokens more of 1,000 calls, at $2 a million
    assert "+$0.18" in outcome.out
    assert "1,000 calls a month with 300 output tokens each" in " ".join(outcome.out.split())
    found = json.loads(told(repository, "--format", "json").out)
    assert "1,000 calls a month" in found["assumption"]
    repository.commit({CONFIGURATION: configuration({"w": flow(PROMPT)})})
    rows = told(repository).out.splitlines()
    assert [row.split()[2] for row in rows[2:5]] == ["≈$2.43", "≈$2.61", "$1.27"]
    assert "+$0.18" in rows[3]
    assert "$" not in rows[4].partition("$1.27")[2]


def test_assumed_months_stand_beside_those_of_configurations(grown: Repository) -> None:
    said = " ".join(told(grown).out.split())
    assert "≈ is a month of the prompts found at a commit without one: 1,000 calls" in said
    assert "▁█ █ from $1.04 to $1.27" in said
    assert "$1.38" not in said


def test_a_commit_that_takes_the_configuration_out_is_not_assumed(repository: Repository) -> None:
    repository.commit({CONFIGURATION: configuration({"w": flow(PROMPT)}), PROMPT: tokens(10)})
    repository.commit({CONFIGURATION: None})
    found = json.loads(told(repository, "--format", "json").out)["commits"]
    assert [item["usd_per_month"] is None for item in found] == [False, True]
    commit = found[1]["commit"][:9]
    (why,) = found[1]["unmeasured"]
    assert why.startswith(f"there was no {CONFIGURATION}; `reviewbot cost --head {commit}`")


def test_tags_are_shown_by_their_names(grown: Repository) -> None:
    found = json.loads(told(grown, "--tags", "--format", "json").out)
    assert [item["name"] for item in found["commits"]] == ["v1", "v2"]


def test_the_page_has_a_curve_and_no_script(grown: Repository) -> None:
    page = told(grown, "--format", "html").out
    tags = Tags()
    tags.feed(page)
    assert {"svg", "polyline", "table"} <= tags.tags
    assert not tags.tags & {"script", "img", "link", "b"}
    assert page.count("<circle") == 3


def test_what_cannot_be_shown_is_said(repository: Repository) -> None:
    repository.commit({"program.py": "pass\n"})
    outcome = told(repository)
    assert outcome.code == 2
    assert "none of these commits can be measured; the last one: no prompt was" in outcome.errors
    assert "`reviewbot init`" in outcome.errors
    assert "there is no tag; leave out `--tags`" in told(repository, "--tags").errors
    assert told(repository, "--head", "nowhere").code == 3
    for wrong in ("0", "101", "x", f"{1:09}99999", "9" * 5_000):
        with pytest.raises(SystemExit, match="2"):
            told(repository, "--last", wrong)


def test_the_time_is_bounded(grown: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_SECONDS", -1.0)
    outcome = told(grown)
    assert outcome.code == 2
    assert "120 s are used up; ask for fewer" in outcome.errors


def test_a_month_that_is_known_in_part_says_so(repository: Repository) -> None:
    both = {"w": flow(PROMPT), "x": flow(PROMPT, model="openai/gpt-4o-mni")}
    repository.commit({CONFIGURATION: configuration(both), PROMPT: tokens(10)})
    assert "$1.04 + ?" in told(repository).out


def test_bars_of_nothing_are_the_lowest() -> None:
    def at(usd: str | None) -> Recorded:
        return Recorded(
            commit="1",
            name="1",
            day="",
            subject="",
            workflows=(),
            unmeasured=(),
            usd_per_month=None if usd is None else Decimal(usd),
        )

    from datetime import date

    history = History(
        prices_as_of=date(2026, 11, 1), catalogue_version=None, commits=(at("0"), at(None), at("0"))
    )
    assert sparkline(history) == "▁ ▁"


def test_hostile_subjects_steer_no_terminal(repository: Repository) -> None:
    repository.commit({CONFIGURATION: configuration({"w": flow(PROMPT)}), PROMPT: tokens(10)})
    repository.commit({"x": "y"}, "\x1b[2J <script> \u202e x")
    for form in ("terminal", "html"):
        said = told(repository, "--format", form).out
        assert "\\x1b[2J" in said
        assert not re.search("[\x00-\x08\x0b-\x1f\u202e]|<script", said.replace("<script> ", ""))
    assert "&lt;script&gt;" in said


def test_bars_go_from_the_least_to_the_most(grown: Repository) -> None:
    assert "▁█ █" in told(grown, "--last", "4").out
    said = told(grown, "--last", "2").out
    assert not set("▁▂▃▄▅▆▇█") & set(said)


def test_the_history_of_one_workflow(repository: Repository) -> None:
    one, both = {"w": flow(PROMPT)}, {"w": flow(PROMPT), "other": flow("b.txt")}
    repository.commit({CONFIGURATION: configuration(one), PROMPT: tokens(10)})
    repository.commit({CONFIGURATION: configuration(both), "b.txt": tokens(500)})
    repository.commit({"b.txt": tokens(1000)})
    found = told(repository, "other")
    assert "A month of other" in " ".join(found.out.split())
    assert "no other" in found.out
    assert "+$1.25" in found.out
    months = [
        item["usd_per_month"]
        for item in json.loads(told(repository, "w", "--format", "json").out)["commits"]
    ]
    assert len(set(months)) == 1
    assert "did you mean `other`?" in told(repository, "othr").errors


def test_a_workflow_that_no_commit_measures_is_told_with_its_reason(repository: Repository) -> None:
    broken = flow("b.j2", samples="[{name: s, variables: {a: b}}]")
    flows = configuration({"w": flow(PROMPT), "b": broken})
    repository.commit({CONFIGURATION: flows, PROMPT: tokens(10), "b.j2": "{{ unknown }}"})
    outcome = told(repository, "b")
    assert outcome.code == 0
    assert "'unknown' is undefined" in outcome.out
    assert "no b" not in outcome.out
    assert "name one of `w`" in told(repository, "nothing").errors


def test_a_reason_of_several_commits_is_told_once_and_names_no_file_that_is_not_there(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    prompt = "model: acme/unknown-1\nmessages: [{role: system, content: Sort the mail.}]\n"
    first = repository.commit({"a.prompt.yml": prompt, "prompts/b.md": "Sort the parcels."})
    for count in range(2):
        repository.commit({"README.md": f"{count}"})
    out = told(repository).out
    assert out.count("acme/unknown-1") == 1
    assert f"{first[:7]} and 2 more: a: a.prompt.yml: there is no model" in out
    assert CONFIGURATION not in out
