"""Stand-ins for the filters, tests and functions that a project adds to its template engine.

They are named in the configuration (`templates`), since code of a pull request is never run.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

SAME = "same"
"""The stand-in that gives back what it is given."""


def stand_in(given: Any, built_in: Mapping[str, Callable[..., Any]]) -> Callable[..., Any]:
    """The function that stands in: `same`, a built-in by its name, or one that gives a value.

    Raises:
        KeyError: There is no built-in of that name.
    """
    if isinstance(given, Mapping):
        value = json.dumps(given["value"])
        return lambda *_, **__: json.loads(value)
    if given == SAME:
        return lambda *arguments, **_: arguments[0] if arguments else ""
    return built_in[given]
