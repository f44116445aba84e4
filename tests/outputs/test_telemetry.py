"""The log of a review's stages: what it tells, what it never tells, and that nothing hangs on it."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.console import complain
from reviewbot.github.workflow_commands import debug_command
from reviewbot.telemetry import SILENT, Counts, Event, Telemetry, as_json, as_text
from tests.support.acting import Site, pull_request
from tests.support.github_server import Fault, in_turn
from tests.support.places import ROOT
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    Outcome,
    change,
    configuration,
    review,
    tokens,
    workflow,
)

TEMPLATE = "prompts/system.j2"
SAMPLES = "[{name: a, variables: {x: hidden-sample}}, {name: b, variables: {x: y}}]"
RENDERED = configuration({"w": workflow(TEMPLATE, samples=SAMPLES)})
FAILING = configuration({"w": workflow(envelope="{input_tokens: {hard: 20}}")})


def events(outcome: Outcome) -> list[Any]:
    return [json.loads(line) for line in outcome.errors.splitlines()]


def stage(outcome: Outcome, name: str) -> Any:
    (found,) = [item for item in events(outcome) if item.get("stage") == name]
    return found


def ticking() -> tuple[Telemetry, list[Event]]:
    """A telemetry whose clock tells one second more at every look, and what it has told."""
    told: list[Event] = []
    seconds = count()
    return Telemetry(told.append, clock=lambda: float(next(seconds))), told


def test_a_stage_is_told_with_its_seconds_and_counts() -> None:
    telemetry, told = ticking()
    with telemetry.stage("scope") as counts:
        counts.note(affected=3)
        with counts.timed("reading_seconds"):
            pass
        counts.add(files=2)
        counts.add(files=5)
    assert told == [
        {
            "event": "stage",
            "stage": "scope",
            "seconds": 3.0,
            "affected": 3,
            "reading_seconds": 1.0,
            "files": 7,
        }
    ]


def test_seconds_are_told_to_the_millisecond() -> None:
    told: list[Event] = []
    moments = iter([1.0, 1.123456])
    with Telemetry(told.append, clock=lambda: next(moments)).review() as counts:
        counts.note(verdict="pass")
    assert told == [{"event": "review", "seconds": 0.123, "verdict": "pass"}]


def test_an_error_is_named_by_its_class_and_goes_on() -> None:
    telemetry, told = ticking()
    with pytest.raises(ValueError, match="hidden"), telemetry.review():  # noqa: SIM117 - nested
        with telemetry.stage("measure") as counts, counts.timed("rendering_seconds"):
            raise ValueError("hidden")
    assert told == [
        {
            "event": "stage",
            "stage": "measure",
            "seconds": 3.0,
            "error": "ValueError",
            "rendering_seconds": 1.0,
        },
        {"event": "review", "seconds": 5.0, "error": "ValueError"},
    ]


def test_several_threads_may_add() -> None:
    counts = Counts(lambda: 0.0)

    def add(_: int) -> None:
        for _ in range(1_000):
            counts.add(n=1)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(8)))
    assert counts.values() == {"n": 8_000}


def test_silence() -> None:
    SILENT.tell("request", status=200)
    with SILENT.stage("scope") as counts:
        counts.note(affected=1)


def test_lines() -> None:
    event: Event = {"event": "stage", "stage": "scope", "seconds": 0.5, "affected": 3}
    assert as_json(event) == '{"event": "stage", "stage": "scope", "seconds": 0.5, "affected": 3}'
    assert as_text(event) == "reviewbot: scope 0.500 s affected=3"
    assert as_text({"event": "request", "status": 200}) == "reviewbot: request status=200"


def test_the_stages_of_a_review(repository: Repository) -> None:
    outcome = change(
        repository,
        {CONFIGURATION: RENDERED, TEMPLATE: "hidden-prompt {{ x }}"},
        {TEMPLATE: "hidden-prompt again {{ x }}", "more.txt": ""},
        "--log-format=json",
    )
    told = events(outcome)
    assert [item.get("stage", item["event"]) for item in told] == [
        *("revisions", "configuration", "scope", "import", "measure", "attribute", "explain"),
        *("search", "policy", "report", "review"),
    ]
    assert all(isinstance(item.pop("seconds"), float) for item in told)
    revisions, config, scope, _, measure, attribute, explain, _, policy, report, last = told
    assert revisions == {"event": "stage", "stage": "revisions", "changes": 2}
    assert config == {"event": "stage", "stage": "configuration", "workflows": 1}
    assert (scope["affected"], scope["unaffected"], scope["unowned"]) == (1, 0, 0)
    assert (policy["findings"], policy["approvable"]) == (0, 0)
    assert (attribute["parts"], attribute["slices"], attribute["budgets"]) == (1, 6, 0)
    assert (explain["hunks"], explain["ways_back"], explain["variants"]) == (1, 0, 0)
    assert report == {"event": "stage", "stage": "report"}
    assert last == {"event": "review", "verdict": "pass", "exit_code": 0, "workflows": 1}
    texts = {f"hidden-prompt {more}{x}" for more in ("", "again ") for x in ("hidden-sample", "y")}
    # and so is the beginning that never varies, up to its last word boundary
    texts |= {"", "hidden-prompt"}
    assert measure["texts"] == len(texts)
    assert measure["characters"] == sum(map(len, texts))
    assert {key: measure[key] for key in ("workflows", "samples", "renderings", "encodings")} == {
        "workflows": 1,
        "samples": 2,
        "renderings": 4,
        "encodings": 1,
    }
    assert (measure["processes"], measure["restarts"], measure["unmeasured"]) == (1, 0, 0)


def test_the_parts_of_a_measurement_are_within_it(repository: Repository) -> None:
    before = {CONFIGURATION: RENDERED, TEMPLATE: "{{ x }}"}
    outcome = change(repository, before, {TEMPLATE: "a {{ x }}"}, "--log-format=json")
    measure = stage(outcome, "measure")
    parts = [measure[f"{name}_seconds"] for name in ("counting", "pricing")]
    assert all(seconds >= 0 for seconds in parts)
    assert sum(parts) <= measure["seconds"] + 0.005
    assert 0 < measure["rendering_seconds"] <= measure["seconds"]


def test_a_rendering_process_that_is_replaced_is_counted(repository: Repository) -> None:
    before = {CONFIGURATION: RENDERED, TEMPLATE: "{{ x }}"}
    endless = "{% if x == 'y' %}{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}{% endif %}"
    outcome = change(repository, before, {TEMPLATE: endless}, "--log-format=json")
    assert outcome.code == 3
    measure = stage(outcome, "measure")
    assert measure["restarts"] >= 1
    assert measure["unmeasured"] == 1
    assert "error" not in measure


def test_many_workflows_have_two_processes(repository: Repository) -> None:
    flows = {f"w{index}": workflow(TEMPLATE, samples=SAMPLES) for index in range(20)}
    before = {CONFIGURATION: configuration(flows), TEMPLATE: "{{ x }}"}
    outcome = change(repository, before, {TEMPLATE: "a {{ x }}"}, "--log-format=json")
    measure = stage(outcome, "measure")
    assert measure["processes"] == (2 if (os.cpu_count() or 1) > 1 else 1)
    assert measure["restarts"] == 0
    # each workflow's own samples, before and after
    assert (measure["workflows"], measure["samples"], measure["renderings"]) == (20, 40, 80)


def test_the_manual_names_everything_that_is_told(site: Site) -> None:
    event = opened(site)
    site.server.faults = in_turn(Fault.reset(), path="/pulls/1$")
    run = site.act("pull_request", event, environment=DEBUG)
    page = (ROOT / "docs/log.md").read_text("utf-8")
    named = set(re.findall(r"`(\w+)`", page)) | {"event", "stage"}
    told = debug_events(run.log)
    assert {item["event"] for item in told} == {"stage", "request", "review"}
    assert {item["stage"] for item in told if "stage" in item} - named == set()
    assert {key for item in told for key in item} - named == set()


def test_nothing_is_measured_where_no_prompt_changed(repository: Repository) -> None:
    before = {CONFIGURATION: configuration({"w": workflow()}), PROMPT: "a"}
    outcome = change(repository, before, {"program.py": "pass"}, "--log-format=json")
    assert "measure" not in {item.get("stage") for item in events(outcome)}
    assert events(outcome)[-1]["workflows"] == 0


def test_a_log_for_people(repository: Repository) -> None:
    before = {CONFIGURATION: FAILING, PROMPT: tokens(10)}
    outcome = change(repository, before, {PROMPT: tokens(30)}, "--log-format=text")
    lines = outcome.errors.splitlines()
    assert re.fullmatch(r"reviewbot: revisions \d+\.\d{3} s changes=1", lines[0])
    last = r"reviewbot: review \d+\.\d{3} s verdict=fail exit_code=1 workflows=1"
    assert re.fullmatch(last, lines[-1])


@pytest.mark.parametrize("form", ["json", "text"])
def test_no_text_of_the_repository_is_logged(repository: Repository, form: str) -> None:
    hidden = "hidden-workflow", "hidden-prompt", "hidden-sample", "hidden-folder", "hidden-branch"
    template = "hidden-folder/system.j2"
    settings = configuration({"hidden-workflow": workflow(template, samples=SAMPLES)})
    repository.commit({CONFIGURATION: settings, template: "{{ x }}"})
    repository.branch("hidden-branch")
    repository.commit({template: "hidden-prompt {{ x }} {{ hidden-missing }}"})
    outcome = review(repository, "--log-format", form)
    assert outcome.code == 3
    assert outcome.errors
    assert not [word for word in hidden if word in outcome.errors]
    assert "hidden-missing" not in outcome.errors


def test_the_stage_that_failed_names_the_error(repository: Repository) -> None:
    repository.commit({CONFIGURATION: "version: 7", PROMPT: "a"})
    outcome = review(repository, "--log-format=json")
    assert outcome.code == 2
    _, failing, whole, *problems = outcome.errors.splitlines()
    assert problems
    assert all(line.startswith("reviewbot: .github/reviewbot.yml:") for line in problems)
    failed, last = json.loads(failing), json.loads(whole)
    assert (failed["stage"], failed["error"]) == ("configuration", "ConfigurationError")
    assert (last["event"], last["error"]) == ("review", "ConfigurationError")
    outcome = review(repository, "--log-format=json", "--base=nowhere")
    assert outcome.code == 3
    first, *_ = outcome.errors.splitlines()
    assert json.loads(first)["stage"] == "revisions"
    assert json.loads(first)["error"] == "RevisionError"


def command(
    repository: Repository, redirection: str, *arguments: str
) -> subprocess.CompletedProcess[bytes]:
    """A process whose standard error goes where the shell's `redirection` says."""
    script = f'exec "$0" -m reviewbot check --format=json "$@" {redirection}'
    return subprocess.run(
        ["sh", "-c", script, sys.executable, *arguments],
        cwd=repository.path,
        # a buffer keeps what could not be written, and Python writes it again at the end
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
        capture_output=True,
        check=False,
    )


@pytest.fixture
def failing(repository: Repository) -> Repository:
    repository.commit({CONFIGURATION: FAILING, PROMPT: tokens(10)})
    repository.branch("work")
    repository.commit({PROMPT: tokens(30)})
    return repository


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize("redirection", ["", "2>&-", "2>/dev/full"])
def test_the_log_changes_neither_report_nor_exit_code(
    failing: Repository, redirection: str, form: str
) -> None:
    silent = command(failing, "")
    assert (silent.returncode, silent.stderr) == (1, b"")
    done = command(failing, redirection, "--log-format", form)
    assert (done.returncode, done.stdout) == (1, silent.stdout)
    assert bool(done.stderr) == (not redirection)


@pytest.mark.parametrize("more", [[], ["--log-format=json"]])
@pytest.mark.parametrize("redirection", ["", "2>&-", "2>/dev/full"])
def test_errors_keep_their_exit_codes(
    failing: Repository, redirection: str, more: list[str]
) -> None:
    assert command(failing, redirection, "--base=nowhere", *more).returncode == 3
    done = command(failing, redirection, "--config=nowhere.yml", *more)
    assert (done.returncode, b"there is no configuration" in done.stdout) == (2, True)


def test_a_reader_of_the_log_that_has_gone_changes_nothing(failing: Repository) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "reviewbot", "check", "--format=json", "--log-format=json"],
            cwd=failing.path,
            stdout=subprocess.PIPE,
            stderr=pipe,
            check=False,
        )
    assert (done.returncode, done.stdout) == (1, command(failing, "").stdout)


def test_a_stream_that_is_closed_within_the_process_changes_nothing() -> None:
    closed = io.StringIO()
    closed.close()
    complain("told to nobody", closed)
    complain("told to nobody", None)


DEBUG = {"RUNNER_DEBUG": "1"}


def debug_events(log: str) -> list[Any]:
    """What the runner reads back from the log."""
    lines = [line for line in log.splitlines() if line.startswith("::debug::")]
    return [json.loads(line.removeprefix("::debug::").replace("%25", "%")) for line in lines]


def requests_of(log: str) -> list[Any]:
    return [item for item in debug_events(log) if item["event"] == "request"]


def opened(site: Site) -> dict[str, Any]:
    """The event of a pull request whose prompt is over its limit."""
    site.repository.commit({CONFIGURATION: FAILING, PROMPT: "hidden-prompt"})
    site.repository.branch("work")
    head = site.repository.commit({PROMPT: "hidden-prompt" * 20})
    site.server.pull(1, head=head, head_ref="work", author="author")
    return pull_request(head)


def test_the_action_in_debug_mode(site: Site) -> None:
    run = site.act("pull_request", opened(site), environment=DEBUG)
    assert run.code == 1
    stages = [item["stage"] for item in debug_events(run.log) if item["event"] == "stage"]
    assert stages == [
        *("fetch", "revisions", "configuration", "scope", "import", "measure", "attribute"),
        *("explain", "search", "policy", "report", "write"),
    ]
    last = debug_events(run.log)[-1]
    assert last.pop("seconds") > 0
    assert last == {"event": "review", "verdict": "fail", "exit_code": 1, "workflows": 1}


def test_each_request_is_told(site: Site) -> None:
    run = site.act("pull_request", opened(site), environment=DEBUG)
    told = requests_of(run.log)
    asked = [(item.method, item.path.partition("?")[0]) for item in site.server.requests]
    assert [(item["method"], item["path"]) for item in told] == asked
    assert {item["attempt"] for item in told} == {1}
    assert {item["status"] for item in told} == {200, 201}
    assert all(item["seconds"] > 0 for item in told)
    assert "?" not in "".join(item["path"] for item in told)


def test_a_request_that_is_repeated_is_told_each_time(site: Site) -> None:
    event = opened(site)
    site.server.faults = in_turn(Fault.status(502), Fault.reset(), path="/pulls/1$")
    run = site.act("pull_request", event, environment=DEBUG)
    first, second, third, *_ = requests_of(run.log)
    assert (first["attempt"], first["status"]) == (1, 502)
    assert (second["attempt"], second["error"]) == (2, "ConnectionError")
    assert (third["attempt"], third["status"]) == (3, 200)


def test_a_request_without_an_answer_is_told(site: Site) -> None:
    event = opened(site)
    site.server.faults = in_turn(Fault.drip(60), path="/pulls/1$")
    run = site.act("pull_request", event, environment=DEBUG)
    first, second, *_ = requests_of(run.log)
    assert first["attempt"] == 1
    assert "status" not in first
    assert (second["attempt"], second["status"]) == (2, 200)


def test_debug_mode_tells_no_secret_and_no_prompt(site: Site) -> None:
    run = site.act("pull_request", opened(site), environment=DEBUG, token="ghs_hidden")
    told = json.dumps(debug_events(run.log))
    assert "request" in told
    assert not re.search("hidden|authorization|bearer", told, re.IGNORECASE)


def test_without_debug_mode_the_log_is_the_same_but_for_it(site: Site) -> None:
    event = opened(site)
    quiet = site.act("pull_request", event, environment={"RUNNER_DEBUG": ""}, dry_run="true")
    loud = site.act("pull_request", event, environment=DEBUG, dry_run="true")
    assert "::debug::" not in quiet.log

    def steady(log: str) -> list[str]:
        lines = [line for line in log.splitlines() if not line.startswith("::debug::")]
        return [re.sub("[0-9a-f]{32}", "token", line) for line in lines]

    assert steady(loud.log) == steady(quiet.log)
    assert (loud.code, loud.report) == (quiet.code, quiet.report)
    assert loud.summary == quiet.summary


def test_an_error_in_the_action_is_told(site: Site) -> None:
    event = opened(site)
    run = site.act("pull_request", event, environment=DEBUG, config="nowhere.yml")
    assert run.code == 2
    told = debug_events(run.log)
    (failed,) = [item for item in told if item["event"] == "stage" and "error" in item]
    assert (failed["stage"], failed["error"]) == ("configuration", "ConfigurationError")
    assert (told[-1]["error"], told[-1]["exit_code"]) == ("ConfigurationError", 2)


def test_approvals_review_again_within_their_stage(site: Site) -> None:
    approval: Mapping[str, str] = {"approval": "{approvers: [octocat]}"}
    envelope = "{input_tokens: {hard: 20}, approvable: true}"
    settings = configuration({"w": workflow(envelope=envelope)}, **approval)
    site.repository.commit({CONFIGURATION: settings, PROMPT: tokens(10)})
    site.repository.branch("work")
    head = site.repository.commit({PROMPT: tokens(30)})
    site.server.pull(1, head=head, head_ref="work", author="author")
    site.server.review(1, "octocat", "APPROVED", head)
    run = site.act("pull_request", pull_request(head), environment=DEBUG)
    assert run.code == 0
    stages = [item for item in debug_events(run.log) if item["event"] == "stage"]
    names = [item["stage"] for item in stages]
    assert names.count("measure") == names[: names.index("approvals")].count("measure")
    assert stages[names.index("approvals")]["approvals"] == 1


@given(st.text())
def test_no_text_makes_a_second_command(text: str) -> None:
    line = debug_command(text)
    line.encode("utf-8")
    assert re.fullmatch(r"::debug::[^\r\n]*\n", line)
