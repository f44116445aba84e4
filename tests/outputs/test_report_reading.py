"""A report from somebody who is not trusted is read to the letter or refused."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reviewbot.errors import UsageError
from reviewbot.outputs.json_report import render_json, report_schema
from reviewbot.outputs.json_report_reading import MAX_BYTES, read_report
from tests.outputs.test_reports import STATES
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, change, configuration, tokens, workflow


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A report with limits, causes, problems, unowned files and an approval that is needed."""
    repository = Repository.create(tmp_path_factory.mktemp("reading") / "repository")
    flows = {
        "w": workflow(envelope="{monthly_cost: {hard: $1.09}, approvable: true}"),
        "broken": workflow("prompts/b.j2", samples="[{name: s, variables: {a: x}}]"),
    }
    more = {"approval": "{approvers: [octocat], label: ok}"}
    before = {
        CONFIGURATION: configuration(flows, **more),
        PROMPT: tokens(10),
        "prompts/b.j2": "{{ a }}",
    }
    cheaper = flows | {"w": workflow(traffic="[{calls: 5/month, output_tokens: 1}]")}
    after = {
        CONFIGURATION: configuration(cheaper, **more),
        PROMPT: tokens(30),
        "prompts/b.j2": "{{ b }}",
        "prompts/loose.md": "x",
    }
    return change(repository, before, after).out


def test_what_is_written_can_be_read(text: str) -> None:
    assert render_json(read_report(text.encode(), file="report.json")) == text


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    match value:
        case dict():
            for key, item in value.items():
                yield from paths(item, (*path, key))
        case list():
            for index, item in enumerate(value[:2]):
                yield from paths(item, (*path, index))


def changed(data: Any, path: tuple[Any, ...], value: object) -> Any:
    """A copy with another value at a path; what lies beside the path is shared."""
    if not path:
        return value
    made = copy.copy(data)
    made[path[0]] = changed(data[path[0]], path[1:], value)
    return made


def test_a_wrong_type_anywhere_is_refused_with_its_key(text: str) -> None:
    data = json.loads(text)
    tried = 0
    for path in list(paths(data))[1:]:
        for wrong in (1.5, {"x": 1}, [[1]], "\udc80" * 32_769):
            made = json.dumps(changed(data, path, wrong))
            with pytest.raises(UsageError) as caught:
                read_report(made.encode(), file="report.json")
            key = str(path[0])
            assert key in str(caught.value) or "no JSON" in str(caught.value)
            tried += 1
    assert tried > 400


def test_a_field_too_many_or_too_few_is_refused(text: str) -> None:
    data = json.loads(text)
    for path in paths(data):
        target = data
        for key in path:
            target = target[key]
        if not isinstance(target, dict):
            continue
        for key in [*target, "extra"]:
            inner = {name: item for name, item in target.items() if name != key}
            made = changed(data, path, inner | ({} if key in target else {key: 1}))
            with pytest.raises(UsageError):
                read_report(json.dumps(made).encode(), file="report.json")


def test_the_schema_refuses_what_the_reader_refuses(text: str) -> None:
    validator = Draft202012Validator(report_schema())
    data = json.loads(text)
    tried = 0
    for path in paths(data):
        target = data
        for key in path:
            target = target[key]
        if not isinstance(target, dict):
            continue
        for key in [*target, "extra"]:
            inner = {name: item for name, item in target.items() if name != key}
            made = changed(data, path, inner | ({} if key in target else {key: 1}))
            assert not validator.is_valid(made), (path, key)
            tried += 1
    data["totals"]["after_usd_per_month"] = "NaN"
    assert not validator.is_valid(data)
    assert tried > 100
    assert all("description" in kind for kind in report_schema()["$defs"].values())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"schema_version": NaN}',
        b"1" * 9_999,
    ],
)
def test_what_is_no_report_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError):
        read_report(data, file="report.json")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("schema_version", 2),
        ("schema_version", True),
        ("pull_request", True),
        ("pull_request", 10**30),
        ("prices_as_of", "2026-13-01"),
        ("prices_as_of", "20261101"),
        ("verdict", "great"),
        ("approved", 1),
    ],
)
def test_impossible_values_are_refused(text: str, field: str, value: object) -> None:
    made = json.dumps(json.loads(text) | {field: value})
    with pytest.raises(UsageError):
        read_report(made.encode(), file="report.json")


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e999999", "1" * 50, "-", "", "1,000"])
def test_impossible_amounts_are_refused(text: str, amount: str) -> None:
    data = json.loads(text)
    data["totals"]["after_usd_per_month"] = amount
    with pytest.raises(UsageError, match="after_usd_per_month"):
        read_report(json.dumps(data).encode(), file="report.json")


def test_too_many_bytes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="more than"):
        read_report(b" " * (MAX_BYTES + 1), file=str(tmp_path))


@given(st.recursive(st.none() | st.booleans() | st.text() | st.floats(), st.lists, max_leaves=8))
def test_any_json_is_read_or_refused(value: Any) -> None:
    for data in (value, {"schema_version": 1, "verdict": value}):
        with pytest.raises(UsageError):
            read_report(json.dumps(data).encode(), file="report.json")


@pytest.mark.parametrize("state", STATES)
def test_every_state_of_a_review_is_read_back_to_the_byte(
    state: str, repository: Repository
) -> None:
    written = change(repository, *STATES[state]).out
    report = read_report(written.encode(), file="report.json")
    assert render_json(report) == written
    assert read_report(render_json(report).encode(), file="report.json") == report


def leaves(data: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
    for path in paths(data):
        target = data
        for key in path:
            target = target[key]
        if path and not isinstance(target, dict | list):
            yield path, target


def named(path: tuple[Any, ...]) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)[1:]


def wrong_values(value: Any) -> list[Any]:
    match value:
        case bool():
            return [0, 1, "true", []]
        case int():
            return [True, "1", 10**19, -(10**19), []]
        case str():
            return [0, True, [value], {"text": value}]
        case _:
            return [[], {"text": ""}]


def test_a_leaf_of_a_wrong_type_is_refused_by_its_full_key(text: str) -> None:
    data = json.loads(text)
    tried = set()
    for path, value in leaves(data):
        if path == ("schema_version",) or (value is None and path[-1] in {"before", "proposed"}):
            continue
        for wrong in wrong_values(value):
            with pytest.raises(UsageError) as caught:
                read_report(json.dumps(changed(data, path, wrong)).encode(), file="report.json")
            (problem,) = caught.value.problems
            assert problem.place is not None
            key = str(problem.place.key)
            assert key == named(path) or (value is None and key.startswith(named(path)))
            tried.add(named(path))
    assert {"revisions.head", "workflows[1].after.samples[0].input_tokens"} <= tried


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e400", "8.0", "1" * 5_000])
def test_numbers_that_no_report_has(text: str, number: str) -> None:
    made = text.replace('"pull_request": null', f'"pull_request": {number}')
    assert made != text
    with pytest.raises(UsageError, match="is no JSON of a report"):
        read_report(made.encode(), file="report.json")


def test_of_a_key_given_twice_the_last_counts_and_is_read_as_strictly(text: str) -> None:
    doubled = text.replace('"pull_request": null', '"pull_request": 7, "pull_request": 8')
    assert read_report(doubled.encode(), file="report.json").pull_request == 8
    wrong = text.replace('"pull_request": null', '"pull_request": 7, "pull_request": true')
    with pytest.raises(UsageError, match="pull_request"):
        read_report(wrong.encode(), file="report.json")


def test_too_many_items_are_refused(text: str) -> None:
    made = json.loads(text) | {"unaffected_workflows": ["x"] * 100_001}
    with pytest.raises(UsageError, match="unaffected_workflows"):
        read_report(json.dumps(made).encode(), file="report.json")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(data=st.data(), value=JSON)
def test_a_report_with_any_json_in_a_place_is_read_or_refused(
    text: str, data: st.DataObject, value: Any
) -> None:
    whole = json.loads(text)
    path = data.draw(st.sampled_from(list(paths(whole))[1:]))
    try:
        report = read_report(json.dumps(changed(whole, path, value)).encode(), file="report.json")
    except UsageError:
        return
    again = read_report(render_json(report).encode(), file="report.json")
    assert render_json(again) == render_json(report)
