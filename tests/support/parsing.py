"""The readers of YAML and JSON, and what they refuse."""

from collections.abc import Callable

import pytest

from reviewbot.documents import (
    Node,
)
from reviewbot.errors import MeasurementError

Parse = Callable[..., Node]


def refused(parse: Parse, text: str) -> tuple[int, str]:
    """The line and the words of the one problem that `text` is refused with."""
    with pytest.raises(MeasurementError) as raised:
        parse(text, file="a/file")
    (problem,) = raised.value.problems
    assert problem.mend
    assert problem.place is not None
    assert problem.place.file == "a/file"
    assert problem.place.line is not None
    return problem.place.line, problem.what
