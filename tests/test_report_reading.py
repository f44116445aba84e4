"""A report from somebody who is not trusted is read to the letter or refused."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from repository import Repository
from reviewing import CONFIGURATION, PROMPT, change, configuration, tokens, workflow

from reviewbot.errors import UsageError
from reviewbot.reports.json_report import render_json
from reviewbot.reports.reading import MAX_BYTES, read_report


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
    made = copy.deepcopy(data)
    target = made
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return made


def test_a_wrong_type_anywhere_is_refused_with_its_key(text: str) -> None:
    data = json.loads(text)
    tried = 0
    for path in list(paths(data))[1:]:
        for wrong in (1.5, {"x": 1}, [[1]], "\udc80" * 10_001):
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
            made = copy.deepcopy(data)
            inner = made
            for step in path:
                inner = inner[step]
            inner.pop(key) if key in inner else inner.update({key: 1})
            with pytest.raises(UsageError):
                read_report(json.dumps(made).encode(), file="report.json")


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
