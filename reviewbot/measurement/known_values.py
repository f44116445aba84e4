"""The largest value that any sample gives for a variable, for values that none shows."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from reviewbot.prompt import Sample
from reviewbot.prompt.sizes import sized
from reviewbot.prompts.marked_runs import Run

_PLAIN_VALUE = re.compile(r"\{\{\{?[-~&]?\s{0,9}\$?([A-Za-z_][\w.]{0,99})\s{0,9}[-~]?\}\}\}?")


class KnownValues:
    """Measures values by those of some samples."""

    def __init__(self, samples: Iterable[Sample]) -> None:
        self._samples = tuple(samples)

    def measured(self, run: Run) -> Run:
        """The run; one that prints a plain variable with the text of the largest known value."""
        found = _PLAIN_VALUE.fullmatch(run.text) if run.is_open else None
        if found is None:
            return run
        texts = [
            text
            for sample in self._samples
            if (text := _text_at(sample.variables, found[1].split("."))) is not None
        ]
        return replace(run, text=max(texts, key=len), is_open=False) if texts else run


def _text_at(value: Any, path: Sequence[str]) -> str | None:
    """The text of what a path leads to; None where nothing is there."""
    for name in path:
        if not isinstance(value, dict) or name not in value:
            return None
        value = value[name]
    value = sized(value)
    return value if isinstance(value, str) else json.dumps(value, default=str)
