"""Hostile YAML and JSON wherever such text enters: a named error at its line, never a crash."""

import gc
import json
import tracemalloc
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reviewbot.configuration.reading import read_configuration
from reviewbot.documents import MappingNode, parse_yaml
from reviewbot.errors import ConfigurationError, MeasurementError, Place, UsageError
from reviewbot.github.comment_stamp import stamp_of
from reviewbot.outputs.json_report_reading import read_report
from reviewbot.policy.baseline import read_baseline
from tests.support.acting import Site, pull_request
from tests.support.github_server import Fault, FaultKind, always
from tests.support.repetitions import part
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, change, configuration, tokens, workflow

Text = str | bytes

YAML = {
    "nesting": ("messages:\n  " + "[" * 100_000, 2, "more than 32 deep"),
    "nested mappings": ("messages:\n  " + "{a: " * 100_000, 2, "more than 32 deep"),
    "an anchor": ("messages:\n  - &a x\n", 2, "anchors, aliases and tags"),
    "an alias of nothing": ("messages:\n  - *a\n", 2, "anchors, aliases and tags"),
    "a billion laughs": (
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(
            f"{n}: &{n} [{', '.join([f'*{p}'] * 9)}]\n"
            for p, n in zip("abcdefg", "bcdefgh", strict=True)
        ),
        1,
        "anchors, aliases and tags",
    ),
    "a merge key": ("messages:\n  - role: user\n    <<: {content: x}\n", 3, "merge keys"),
    "an anchor of another document": ("a: x\n---\nb: *a\n", 2, "a second document begins"),
    "a tag that runs code": (
        "messages: !!python/object/apply:os.system [id]\n",
        1,
        "anchors, aliases and tags",
    ),
    "a tag of a binary": ("messages:\n  - !!binary aGk=\n", 2, "anchors, aliases and tags"),
    "a key twice": ("messages: []\nmessages: []\n", 2, "stands in line 1 already"),
    "a key twice by its escape": ('messages: []\n"m\\u0065ssages": []\n', 2, "in line 1 already"),
    "5,000 digits": ("a: 1\nb: " + "9" * 5_000 + "\n", 2, "more than 30 digits"),
    "5,000 digits in base 16": ("a: 0x" + "f" * 5_000 + "\n", 1, "more than 30 digits"),
    "no finite number": ("a: 1\nb: -.inf\n", 2, "is no finite number"),
    "no number at all": ("a: .nan\n", 1, "is no finite number"),
    "1e999": ("a: 1e999\n", 1, "is no finite number"),
    "a directive": ("%YAML 1.1\n---\na: no\n", 1, "directives are refused"),
    "a mark in the middle": ("a: 1\n\ufeff%TAG ! tag:x,2026:\n", 2, "directives are refused"),
    "a control character": ("a: x\x1b[2J\n", 1, "U+001B is refused"),
}
JSON = {
    "nested lists": ("\n" + "[" * 100_000, 2, "more than 32 deep"),
    "nested mappings": ('{"messages":\n' + '{"a":' * 100_000, 2, "more than 32 deep"),
    "a key twice": ('{"messages": [],\n"messages": []}', 2, "stands in line 1 already"),
    "a key twice by its escape": ('{"a": 1,\n"\\u0061": 2}', 2, "stands in line 1 already"),
    "NaN": ('{"a":\nNaN}', 2, "'NaN' is no finite number"),
    "Infinity": ("[\n\nInfinity]", 3, "'Infinity' is no finite number"),
    "-Infinity": ("[-Infinity]", 1, "'-Infinity' is no finite number"),
    "1e999": ("[\n1e999]", 2, "'1e999' is no finite number"),
    "5,000 digits": ("[\n-" + "1" * 5_000 + "]", 2, "more than 30 digits"),
    "an octal": ("[\n010]", 2, "is not expected here"),
    "a plus": ("[+1]", 1, "is not expected here"),
    "text behind": ("[]\n[]", 2, "is not expected here"),
    "a word behind": ("[]\nx", 2, "is not expected here"),
    "a comma at the end": ("[1,\n]", 1, "a comma stands before `]`"),
    "a comma before a brace": ('{"a": 1, \n\n}', 1, "a comma stands before `}`"),
    "a comma and nothing": ("[,]", 1, "',' is not expected here"),
    "a comment": ("// why\n[]", 1, "a comment stands here"),
    "a comment behind a value": ('{"a": 1, # why\n"b": 2}', 1, "a comment stands here"),
    "single quotes": ("{'a': 1}", 1, "a text stands in single quotes"),
    "a key without quotes": ("{\n name: 1}", 2, "the key `name` stands without quotes"),
    "two byte order marks": ("\ufeff\ufeff[]", 1, "is not expected here"),
    "a bare control character": ('["\n\1"]', 1, "Invalid control character"),
    "UTF-16": ("[]".encode("utf-16"), 1, "UTF-16"),
    "Latin-1": (b'["a",\n"\xe9"]', 2, "byte 0xe9 is not UTF-8"),
    "an overlong slash": (b'["\xc0\xaf"]', 1, "byte 0xc0 is not UTF-8"),
    "nothing": ("\n", 1, "ends too early"),
}
MESSAGES = "messages: [{role: user, content: x}]\n"
PLACES = {
    ".prompt.yml": ("prompts/{}.prompt.yml", MESSAGES, YAML),
    "messages in YAML": ("prompts/{}.chat.yaml", MESSAGES, YAML),
    "messages in JSON": ("prompts/{}.messages.json", '[{"role": "user", "content": "x"}]', JSON),
    "tool definitions": ("prompts/{}.tools.json", "[]", JSON),
    "samples in YAML": ("samples/{}.yaml", "a: b\n", YAML),
    "samples in JSON": ("samples/{}.json", '{"a": "b"}', JSON),
}


def workflow_with(path: str) -> str:
    """The settings of a workflow that is made of the document at `path`."""
    if path.endswith("tools.json"):
        return workflow("prompts/b.j2", tools=path)
    if path.startswith("samples/"):
        return workflow("prompts/a.j2", samples=path)
    return workflow(path)


def reviewed(repository: Repository, before: Mapping[str, str], after: Mapping[str, Text]) -> Any:
    """The report on a change of documents, each with a workflow of its own, and of a prompt."""
    names = {path: f"hostile-{number}" for number, path in enumerate(after)}
    flows = {"w": workflow()} | {name: workflow_with(path) for path, name in names.items()}
    prompts = {PROMPT: tokens(10), "prompts/a.j2": "{{ a }}", "prompts/b.j2": "x"}
    outcome = change(
        repository,
        {CONFIGURATION: configuration(flows), **prompts, **before},
        {PROMPT: tokens(30), **after},
    )
    assert outcome.workflow("w")["verdict"] == "pass"
    return {path: outcome.workflow(name) for path, name in names.items()}


@pytest.mark.parametrize(("place", "honest", "attacks"), PLACES.values(), ids=PLACES)
def test_hostile_documents_leave_their_workflows_unmeasured_and_no_other(
    repository: Repository, place: str, honest: str, attacks: Mapping[str, tuple[Text, int, str]]
) -> None:
    paths = {name: place.format(f"x{number}") for number, name in enumerate(attacks)}
    found = reviewed(
        repository,
        dict.fromkeys(paths.values(), honest),
        {path: attacks[name][0] for name, path in paths.items()},
    )
    for name, path in paths.items():
        _, line, what = attacks[name]
        (problem,) = found[path]["problems"]
        assert problem["place"] == {"file": path, "line": line, "key": None}, name
        assert what in problem["what"], name
        assert problem["mend"], name
        assert found[path]["verdict"] == "unmeasured", name


@pytest.mark.parametrize(("text", "line", "what"), YAML.values(), ids=YAML)
def test_a_hostile_configuration_is_an_error_at_its_line(text: str, line: int, what: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_configuration(text, file="reviewbot.yml")
    problem = caught.value.problems[-1]
    assert problem.place == Place(file="reviewbot.yml", line=line)
    assert what in problem.what


TEXTS = {name: case for name, case in JSON.items() if isinstance(case[0], str)}


@pytest.mark.parametrize(("text", "line", "what"), TEXTS.values(), ids=TEXTS)
def test_a_hostile_baseline_is_an_error_at_its_line(text: str, line: int, what: str) -> None:
    with pytest.raises(MeasurementError) as caught:
        read_baseline(text, file="baseline.json")
    (problem,) = caught.value.problems
    assert problem.place == Place(file="baseline.json", line=line)
    assert what in problem.what


def test_what_only_looks_hostile_in_json_is_read(repository: Repository) -> None:
    text = '\ufeff{"a": "\\ud83d \\u0000 \\u202e", "b": -0, "c": -0.0, "d": 1e5, "e": ""}'
    path = "samples/s.json"
    found = reviewed(repository, {path: '{"a": "b"}'}, {path: text})[path]
    assert (found["verdict"], found["problems"]) == ("pass", [])


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 1_000_000,
        b'{"schema_version": 1, "verdict": ' + b'{"a":' * 1_000_000,
        b'{"schema_version": 1, "pull_request": ' + b"9" * 1_000_000 + b"}",
        b'{"schema_version": 1, "pull_request": 1e999}',
        b'{"schema_version": 1, "pull_request": -Infinity}',
        b'{"schema_version": 1}{}',
        b'{"schema_version": 1} x',
        b'\xef\xbb\xbf{"schema_version": 1}',
        '{"schema_version": 1}'.encode("utf-16"),
        b'{"schema_version": 1, "verdict": "\xff"}',
        b'{"schema_version": 1, "verdict": "\\ud800"}',
        b'{"schema_version": -0}',
        b'{"schema_version": 1.0}',
        b'{"schema_version": true}',
    ],
)
def test_a_hostile_artifact_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError) as caught:
        read_report(data, file="report.json")
    (problem,) = caught.value.problems
    assert problem.place is not None
    assert problem.place.file == "report.json"
    assert "upload" in problem.mend


@pytest.mark.parametrize("text", ["\r>\n >", "\r\r\ra: |\n  x", "a: 1\r\rb: >\n  x\n"])
def test_a_bare_carriage_return_leads_to_no_line_that_is_not_there(text: str) -> None:
    waiting = [parse_yaml(text, file="f")]
    while waiting:
        node = waiting.pop()
        assert 1 <= node.line <= text.count("\n") + 1
        if isinstance(node, MappingNode):
            waiting += [entry.value for entry in node.entries]


def test_an_artifact_takes_no_multiple_of_its_size_in_memory() -> None:
    data = b'{"schema_version": 1, "workflows": [' + b'{"":0},' * 4_000_000 + b"0]}"
    tracemalloc.start()
    try:
        with pytest.raises(UsageError, match="more than 500,000 lists and mappings"):
            read_report(data, file="report.json")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < len(data)


# What GitHub sends, and what answers in its name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[" * 1_000_000,
        '{"a":' * 1_000_000,
        '{"number": ' + "9" * 5_000 + "}",
        "{} {}",
        "[]",
        '{"a": 1,}',
        "null",
    ],
)
def test_an_event_that_is_no_document_is_refused(site: Site, tmp_path: Path, text: str) -> None:
    place = tmp_path / "hostile.json"
    place.write_text(text)
    run = site.act("pull_request", {}, environment={"GITHUB_EVENT_PATH": str(place)})
    assert run.code == 2
    assert "names no event that can be read" in run.log


def opened(site: Site) -> dict[str, Any]:
    site.repository.commit({CONFIGURATION: configuration({"w": workflow()}), PROMPT: tokens(10)})
    site.repository.branch("work")
    head = site.repository.commit({PROMPT: tokens(30)})
    site.server.pull(1, head=head, head_ref="work", author="author")
    return pull_request(head)


@pytest.mark.parametrize("ref", ["ma\ud800in", "\udc80"])
def test_a_branch_that_git_cannot_have_is_refused(site: Site, ref: str) -> None:
    payload = opened(site)
    payload["pull_request"]["base"]["ref"] = ref
    run = site.act("pull_request", payload, token="")
    assert run.code == 2
    assert "its `ref` is no git reference" in run.log


def test_a_baseline_that_git_cannot_have_is_refused(site: Site) -> None:
    head = opened(site)["pull_request"]["head"]["sha"]
    run = site.act("push", {"before": head, "after": head}, baseline="v\udc80")
    assert run.code == 2
    assert "`baseline` is not a revision" in run.log


def test_numbers_of_an_event_that_python_alone_takes(site: Site) -> None:
    payload = opened(site)
    payload["pull_request"] |= {"id": float("nan"), "additions": float("inf"), "changed_files": -0}
    assert site.act("pull_request", payload).code == 0


@pytest.mark.parametrize(
    "answer",
    part(
        [
            b"[" * 100_000,
            b'{"number": ' + b"9" * 5_000 + b"}",
            b'{"number": NaN, "number": 1}',
            b"{}{}",
            b"\xff\xfe{\x00}\x00",
            b"null",
            b"[]",
            b'"\\ud800"',
            b"",
        ]
    ),
)
def test_an_answer_that_is_no_document_changes_no_verdict(site: Site, answer: bytes) -> None:
    payload = opened(site)
    kind = {"Content-Type": "application/json"}
    page = Fault(FaultKind.HTML, 200, answer, kind)
    site.server.faults = always(page, method="GET", path=r"/pulls/1$")
    gc.collect()
    gc.disable()  # what is finalized at the limit of recursion fails, whoever's it is
    try:
        run = site.act("pull_request", payload)
    finally:
        gc.enable()
    assert run.code == 0
    assert "reading pull request 1 failed" in run.summary


def changed_answer(site: Site, path: str, edit: Any) -> None:
    """Have the server's answer to `path` changed by `edit` before it is sent."""
    answer = site.server.answer

    def hostile(request: Any) -> Any:
        found = answer(request)
        if request.method == "GET" and path in request.path:
            data = json.loads(found.body)
            edit(data)
            found.body = json.dumps(data).encode()
        return found

    site.server.answer = hostile  # type: ignore[method-assign] # a GitHub that answers otherwise


@pytest.mark.parametrize("ref", ["ma\ud800in", "main:refs/heads/x", "-main", "a..b", ""])
def test_an_answer_with_a_branch_that_git_cannot_have_is_not_believed(site: Site, ref: str) -> None:
    payload = opened(site)
    changed_answer(site, "/pulls/1", lambda data: data["base"].update(ref=ref))
    run = site.act("pull_request", payload)
    assert run.code == 0
    assert "reading pull request 1 failed" in run.summary


@pytest.mark.parametrize("commit", ["--all", "HEAD", "\ud800", "0" * 39, "refs/heads/main"])
def test_an_approval_of_what_is_no_commit_does_not_count(site: Site, commit: str) -> None:
    envelope = "{monthly_cost: {hard: $1.09}, approvable: true}"
    settings = configuration({"w": workflow(envelope=envelope)}, approval="{approvers: [octocat]}")
    site.repository.commit({CONFIGURATION: settings, PROMPT: tokens(10)})
    site.repository.branch("work")
    head = site.repository.commit({PROMPT: tokens(30)})
    site.server.pull(1, head=head, head_ref="work", author="author")
    site.server.review(1, "octocat", "APPROVED", head)
    assert site.act("pull_request", pull_request(head), run_id=1).code == 0
    site.server.comments.clear()
    changed_answer(site, "/reviews", lambda data: data[0].update(commit_id=commit))
    run = site.act("pull_request", pull_request(head), run_id=2)
    assert (run.code, run.outputs["verdict"]) == (1, "needs-approval")


def test_a_merge_base_that_is_no_commit_is_looked_for_by_git_instead(
    site: Site, tmp_path: Path
) -> None:
    payload = opened(site)
    site.repository.git("switch", "--quiet", "main")
    shallow = tmp_path / "shallow"
    origin = f"file://{site.repository.path}"
    site.repository.git("clone", "--quiet", "--depth=1", origin, str(shallow))
    evil = "--output=/tmp/x"
    changed_answer(site, "/compare/", lambda data: data["merge_base_commit"].update(sha=evil))
    run = site.act("pull_request", payload, checkout=shallow)
    assert run.code == 0
    assert run.report["revisions"]["merge_base"] == site.repository.git("rev-parse", "main")
    assert evil not in run.log


@pytest.mark.parametrize(
    ("run", "attempt", "event"),
    [("9" * 5_000, "1", "1"), ("1", "9" * 5_000, "1"), ("1", "1", "9" * 5_000)],
)
def test_a_marker_of_endless_numbers_is_none_of_ours(run: str, attempt: str, event: str) -> None:
    commit = "0" * 40
    body = (
        f"<!-- reviewbot 0123456789ab head={commit} at= run={run}.{attempt} "
        f"label={event}@{commit} approvals={event}:0123456789abcdef -->\n"
    )
    assert stamp_of(body) is None
