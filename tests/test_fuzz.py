"""Mutated documents, for every parser that reads what others wrote: read, or a named problem."""

import pytest
from fuzzing import Target, targets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import mutate

from reviewbot import engines, formats


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


def test_every_format_and_engine_is_fuzzed() -> None:
    wanted = {f"format:{name}" for name in formats.names()}
    wanted |= {f"engine:{name}" for name in engines.names()}
    assert wanted <= set(targets())
