"""Models and caps that very many calls name otherwise take no long time, and are said to be many."""

from collections.abc import Callable

import pytest

from tests.support.processor_time import processor_seconds
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

PROMPT = "prompts/summary.md"
FIRST = 'text = read("prompts/summary.md")\n'


def functions(number: int, given: str) -> str:
    """Functions that each send something."""
    each = (f"def f{i}(q):\n    return create(messages=q, {given})\n" for i in range(number))
    return "".join((FIRST, *each))


def chained(number: int, given: str) -> str:
    """Functions that call each other, and all send a prompt."""
    each = (
        f"def f{i}(q):\n    return create(messages=text, {given}, k{i}=f{i + 1})\n"
        for i in range(number)
    )
    return "".join((FIRST, *each))


def nested(number: int, given: str) -> str:
    """Functions in each other."""
    each = (f"class a{{f{i}(){{const x={{{given}}};" for i in range(number))
    return "".join(each)


Make = Callable[[int, str], str]
HOSTILE: dict[str, tuple[Make, str, str, str]] = {
    "new caps": (functions, "a.py", "k=1", "k=1, max_tokens=5"),
    "functions that call each other": (chained, "a.py", "model='gpt-4o'", "model='gpt-4.1'"),
    "functions in each other": (nested, "a.ts", "max_tokens: 5", "max_tokens: 9"),
}
TOLD = "models and caps in {}: of a change 200 other names are told"


@pytest.mark.parametrize("name", HOSTILE)
def test_very_many_other_names_take_no_long_time_and_are_told(
    repository: Repository, name: str
) -> None:
    make, path, before, after = HOSTILE[name]
    files = {
        CONFIGURATION: configuration({"w": workflow(PROMPT, model="gpt-4o")}),
        PROMPT: "Sum it up.",
        path: make(2_000, before),
    }
    began = processor_seconds()
    outcome = change(repository, files, {path: make(2_000, after)})
    assert processor_seconds() - began < 15
    assert TOLD.format(path) in outcome.out
