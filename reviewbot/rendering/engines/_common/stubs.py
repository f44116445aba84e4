"""Stubs for the filters, tests and functions that a project adds to its template engine.

They are named in the configuration (`templates`), since code of a pull request is never run.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from reviewbot.prompt import TemplateError

SAME = "same"
"""The stub that gives back what it is given."""


def stub(given: Any, built_in: Mapping[str, Callable[..., Any]]) -> Callable[..., Any]:
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


def stubs(
    given: Mapping[str, Any], built_in: Mapping[str, Callable[..., Any]]
) -> dict[str, Callable[..., Any]]:
    """All stubs by their names.

    Raises:
        TemplateError: One is to be a built-in that there is not.
    """
    found = {}
    for name, wanted in given.items():
        try:
            found[name] = stub(wanted, built_in)
        except KeyError as error:
            there = ", ".join(["same", *sorted(built_in)])
            what = f"the stand-in of {name!r} is {wanted!r}, which the engine does not have"
            raise TemplateError(what, f"name one of {there}, or give a `value`") from error
    return found
