"""What reading how texts are sent takes: it grows as the file does, not as its square."""

import json
import sys
from types import FrameType
from typing import Any

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
