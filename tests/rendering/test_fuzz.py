"""Mutated documents, for every parser that reads what others wrote: read, or a named problem."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewbot import prompt_formats
from reviewbot.rendering import engines
from reviewbot.report import Verdict
from tests.support.fuzzing import Target, check_report, reports, targets
from tests.support.mutations import mutate


@st.composite
def mutants(draw: st.DrawFn, target: Target) -> str:
    """An honest text with some changes."""

    def pick(below: int) -> int:
        return draw(st.integers(0, below - 1))

    text = draw(st.sampled_from(target.seeds))
    for _ in range(draw(st.integers(0, 5))):
        text = mutate(text, pick, target.seeds)
    return text


@pytest.mark.parametrize("name", targets())
def test_honest_texts_are_taken(name: str) -> None:
    target = targets()[name]
    for seed in target.seeds:
        target.check(seed)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
@pytest.mark.parametrize("name", targets())
def test_any_mutant_is_read_or_refused_by_name(name: str, data: st.DataObject) -> None:
    target = targets()[name]
    target.check(data.draw(mutants(target) | st.text(max_size=60)))


def leaves(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all values that hold no others, a few of each list."""
    match data:
        case dict():
            for key, item in data.items():
                yield from leaves(item, (*path, key))
        case list():
            for index, item in enumerate(data[:3]):
                yield from leaves(item, (*path, index))
        case _:
            yield path


def others(value: Any) -> st.SearchStrategy[Any]:
    """Values of the same type: what a report can hold by its schema."""
    match value:
        case bool() | None:
            return st.booleans() | st.none()
        case int():
            return st.integers(-(10**18), 10**18)
        case _ if re.fullmatch(r"-?[0-9.]+", value):
            amounts = st.decimals(allow_nan=False, allow_infinity=False, places=9)
            return amounts.map(lambda amount: f"{amount:f}") | st.sampled_from(["0", "9" * 40])
        case _:
            verdicts = st.sampled_from([str(verdict) for verdict in Verdict])
            return verdicts | st.text() | st.sampled_from(["\ud800", "<!-- x", "@acme", "a\nb"])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_report_of_any_values_is_shown_or_refused(data: st.DataObject) -> None:
    report = json.loads(data.draw(st.sampled_from(reports())))
    paths = list(leaves(report))
    for path in data.draw(st.lists(st.sampled_from(paths), min_size=1, max_size=8)):
        target = report
        for key in path[:-1]:
            target = target[key]
        target[path[-1]] = data.draw(others(target[path[-1]]))
    check_report(json.dumps(report))


def test_every_format_and_engine_is_fuzzed() -> None:
    wanted = {f"format:{name}" for name in prompt_formats.names()}
    wanted |= {f"engine:{name}" for name in engines.names()}
    assert wanted <= set(targets())
