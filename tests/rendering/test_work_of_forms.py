"""What reading how texts are sent takes: it grows as the file does, not as its square."""

import json
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from reviewbot.rendering.parsers.python_forms import parse


def sharing_settings(functions: int) -> str:
    """A file whose functions all read one long list of settings."""
    return (
        "from app import prompts\n"
        + "".join(f"SIZES.append(size_of({number + 500}))\n" for number in range(functions))
        + "".join(
            f"def answer_{number}(query):\n    return send(prompts.system.format(query, SIZES))\n"
            for number in range(functions)
        )
    )


def calls_to_read(source: str) -> int:
    """How many functions are called until a file is read."""
    calls = 0

    def count(_: FrameType, event: str, __: Any) -> None:
        nonlocal calls
        calls += event == "call"

    text = json.dumps({"source": source, "names": ["system"]})
    sys.setprofile(count)
    try:
        assert parse(text)
    finally:
        sys.setprofile(None)
    return calls


def test_twice_as_many_functions_take_twice_as_much() -> None:
    fewer, more = (calls_to_read(sharing_settings(number)) for number in (60, 120))
    assert more < 2.5 * fewer


def listed(names: int) -> str:
    """A file with a method of what is one of many in lists, which stand in each other."""
    lists = [f"a{at} = [{', '.join([f'a{at + 1}'] * names)}]\n" for at in range(4)]
    return "".join(("system = 'x'\n", *lists, "a4 = Helper()\n", "a0.go(system)\n"))


def many_receivers(number: int) -> str:
    """A file that calls a method of one of many objects many times."""
    objects = "".join(f"b{at} = Helper{at}()\n" for at in range(number))
    names = ", ".join(f"b{at}" for at in range(number))
    return f"system = 'x'\n{objects}a = [{names}]\n" + "a.go(system)\n" * number


@pytest.mark.parametrize("make", [listed, many_receivers])
def test_what_a_method_is_of_takes_no_square(make: Callable[[int], str]) -> None:
    fewer, more = (calls_to_read(make(number)) for number in (40, 80))
    assert more < 2.5 * fewer


def test_what_is_not_looked_at_is_told() -> None:
    client = "client = OpenAI(max_retries=2)\n"
    call = "    client.create(messages=[q])\n"
    few, many = (
        parse(json.dumps({"source": source, "names": ["ask.text"]}))
        for source in (
            client * times + "def ask(q):\n    text = 'x'\n" + call * times for times in (6, 600)
        )
    )
    assert not any("more ways" in item.get("form", "") for item in few)
    assert any("more ways than are followed" in item.get("form", "") for item in many)
