"""A reason that many workflows have in common is said once, and a place only of whom it concerns."""

import re
from decimal import Decimal

import pytest
from msgspec.structs import replace

from reviewbot.errors import Place
from reviewbot.github.annotations import annotations
from reviewbot.github.workflow_commands import MAX_ANNOTATIONS
from reviewbot.outputs.html import render_html
from reviewbot.outputs.json_report_reading import read_report
from reviewbot.outputs.markdown import render_markdown
from reviewbot.outputs.placed_findings import results
from reviewbot.outputs.terminal import Style, render_terminal
from reviewbot.report import Finding, Report, Rule, Verdict
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, tokens, workflow

LONG = "You answer the questions of people who look for a parcel, in one sentence each. " * 2
NAMES = ("one", "two", "three")
FILES = {f"prompts/{name}.txt": tokens(40) for name in NAMES}


def settings(hard: str) -> str:
    flows = {name: workflow(f"prompts/{name}.txt") for name in NAMES}
    return configuration(flows, defaults=f"{{envelope: {{increase: {{hard: {hard}}}}}}}")


def test_a_limit_that_defaults_raise_is_one_reason(repository: Repository) -> None:
    before = {CONFIGURATION: settings("20%"), **FILES}
    outcome = change(repository, before, {CONFIGURATION: settings("80%")}, form="terminal")
    assert outcome.code == 1
    said = " ".join(outcome.out.split())
    assert said.count("is raised from 20% to 80%") == 2, "the finding, and the verdict"
    assert "`defaults.envelope.increase.hard` is raised from 20% to 80%" in said
    assert "more reasons" not in said


def test_a_limit_that_one_workflow_raises_is_its_own(repository: Repository) -> None:
    before = {CONFIGURATION: settings("20%"), **FILES}
    raised = settings("80%").replace("one.txt", "one.txt, envelope: {increase: {hard: 90%}}")
    outcome = change(repository, before, {CONFIGURATION: raised}, form="markdown")
    assert "workflows.one.envelope.increase.hard" in outcome.out
    assert "workflows.two" not in outcome.out


def test_a_changed_place_names_whom_it_costs(repository: Repository) -> None:
    source = 'ONE = """You are a kind assistant of a shop."""\n'
    source += 'TWO = """Sort the mail into one of three boxes."""\n'
    flows = {name: workflow(f"app.py#{name.upper()}") for name in ("one", "two")}
    before = {CONFIGURATION: configuration(flows), "app.py": source}
    longer = source.replace("of a shop.", "of a shop. Answer in three sentences at most.")
    outcome = change(repository, before, {"app.py": longer}, form="markdown")
    assert "app.py:1: **+" in outcome.out
    assert "in one, two" not in outcome.out


@pytest.fixture
def raised(repository: Repository) -> Report:
    """A default limit is raised for three workflows, of which one costs a little more."""
    before = {CONFIGURATION: settings("20%"), **FILES}
    after = {CONFIGURATION: settings("80%"), "prompts/one.txt": tokens(45)}
    return read_report(change(repository, before, after).out.encode(), file="report.json")


def test_workflows_under_a_raised_default_alone_are_no_rows(raised: Report) -> None:
    shown = render_terminal(raised, Style(columns=80, colour=False))
    for out in (shown, render_markdown(raised), render_html(raised)):
        said = re.sub(r"<style>.*</style>|<[^>]+>|\\\\", "", out, flags=re.DOTALL)
        said = " ".join(said.split())
        assert "is raised from 20% to 80%, for 3 workflows" in said
        assert said.index("for 3 workflows") < said.index("before"), "above the table"
        assert said.index("Nobody can approve") < said.index("before")
        assert said.count("Nobody can approve") == 1
    assert re.search(r"^✋  one ", shown, re.MULTILINE)
    assert re.search(r"^✋  2 workflows under the raised limit .* same$", shown, re.MULTILINE)
    assert not re.search(r"^✗  (two|three) ", shown, re.MULTILINE)


def test_workflows_under_a_default_each_are_told_under_what(repository: Repository) -> None:
    limits = "{envelope: {input_tokens: {hard: 100}, monthly_cost: {hard: $50}}}"
    own = ("input_tokens: {hard: 100}", "monthly_cost: {hard: $50}")
    flows = {
        name: workflow(f"prompts/{name}.txt", envelope=f"{{{limit}}}")
        for name, limit in zip(NAMES, own, strict=False)
    }
    before = {CONFIGURATION: configuration(flows, defaults=limits), **FILES}
    raised = limits.replace("100", "130").replace("$50", "$60")
    after = {CONFIGURATION: configuration(flows, defaults=raised)}
    out = change(repository, before, after, form="terminal").out
    assert re.search(r"^✋  2 workflows under the raised limits .* same$", out, re.MULTILINE)


def test_the_rows_of_such_workflows_fold(raised: Report) -> None:
    for out in (render_markdown(raised), render_html(raised)):
        table, folded = out.split("2 workflows, same cost, under the raised limit</summary>")
        assert {"one"} == {"one", "two", "three"} & set(re.findall(r"\w+", table))
        assert {"two", "three"} <= set(re.findall(r"\w+", folded))


def test_other_programs_are_told_a_raised_default_once(raised: Report) -> None:
    (result,) = results(raised)
    assert "is raised from 20% to 80%" in result.text
    assert result.text.endswith(", for 3 workflows")
    marks = annotations(raised, lambda _: None)
    assert [item.file for item in marks] == [CONFIGURATION, "prompts/one.txt"]


def test_no_warning_that_workflows_share_takes_the_place_of_a_failure(raised: Report) -> None:
    warnings = tuple(
        Finding(
            rule=Rule.TAGS_AS_TEXT,
            verdict=Verdict.WARN,
            text="a tag stands in a text",
            place=Place(file="shared.txt", line=line),
        )
        for line in range(1, MAX_ANNOTATIONS + 10)
    )
    workflows = tuple(
        replace(
            item,
            verdict=Verdict.FAIL if item.name == "one" else Verdict.WARN,
            findings=(*warnings, *item.findings),
        )
        for item in raised.workflows
    )
    report = replace(raised, workflows=workflows, verdict=Verdict.FAIL)
    marks = annotations(report, lambda _: None)
    assert len(marks) == MAX_ANNOTATIONS
    assert (marks[0].title, marks[0].file) == ("reviewbot: one", "prompts/one.txt")
    shown = render_terminal(report, Style(columns=80, colour=False))
    assert shown.index("is raised from") < shown.index("a tag stands")


def test_an_unseen_text_that_workflows_share_is_one_reason(repository: Repository) -> None:
    flows = {
        name: workflow(f"prompts/{name}.j2", samples="[{name: s, variables: {a: ''}}]")
        for name in NAMES
    }
    prompts = {f"prompts/{name}.j2": f"{name} {{% include 'shared.j2' %}}" for name in NAMES}
    before = {CONFIGURATION: configuration(flows), **prompts, "prompts/shared.j2": "Be kind.\n"}
    hidden = "Be kind.\n{% if a %}" + tokens(80) + "{% endif %}\n"
    out = change(repository, before, {"prompts/shared.j2": hidden}, form="terminal").out
    said = " ".join(out.split())
    assert said.count("that no sample shows") == 2, "the finding, and the verdict"
    mend = "; add a sample that does: with `a: true`, and `weight: 0.001` so that the mean stays (one that lowers it needs approval)"
    assert f"{mend}, for 3 workflows" in said
    assert "✋ one, three, two $" in said, "what they are, and not that they share something"
    assert "more reasons" not in said


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"app.py": f"ANSWER_PROMPT = '{LONG}'\n"}, "1 new prompt is in no workflow"),
        (
            {"app.py": f"ANSWER_PROMPT = '{LONG}'\nSORT_PROMPT = '{LONG} Sort it.'\n"},
            "2 new prompts are in no workflow",
        ),
        ({"prompts/new.md": LONG}, "1 new or longer prompt is in no workflow"),
        ({"app.py": "print(1)\n"}, "the change concerns no workflow"),
    ],
)
def test_a_pass_says_which_new_prompts_it_did_not_see(
    repository: Repository, files: dict[str, str], said: str
) -> None:
    before = {CONFIGURATION: settings("20%"), **FILES}
    outcome = change(repository, before, files, form="terminal")
    assert (outcome.code, outcome.out.splitlines()[-1]) == (0, f"reviewbot: pass: {said}.")


def test_a_pass_of_a_workflow_says_so_too(repository: Repository) -> None:
    before = {CONFIGURATION: settings("20%"), **FILES}
    after = {"prompts/one.txt": tokens(41), "prompts/new.md": LONG}
    said = " ".join(change(repository, before, after, form="terminal").out.split())
    assert "pass: no limit is broken; 1 new or longer prompt is in no workflow; $" in said


def test_a_text_that_lists_begin_otherwise_than_the_first_sentence_is_told_whole(
    raised: Report,
) -> None:
    found = Finding(
        rule=Rule.HIGH_COST,
        verdict=Verdict.WARN,
        text="its cost before is not known; approve it",
        limit=Decimal(10),
        actual=Decimal(20),
        excess=Decimal(10),
    )
    report = replace(raised, verdict=Verdict.WARN, workflows=(), findings=(found,))
    for out in (render_markdown(report), render_html(report)):
        said = out.replace("\\", "")
        assert "as above" not in said
        assert "high cost, $20.00 a month: its cost before is not known; approve it" in said
