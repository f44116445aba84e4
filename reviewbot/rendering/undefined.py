"""Finds every variable that a template uses and a sample lacks, not only the first."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from reviewbot.prompt import CompiledTemplate, UndefinedVariableError

_MOST = 50
_SECONDS = 0.05
"""Of the processor, for which the others are looked for; a slow template names the first only."""


class Missing(dict[Any, Any]):
    """Stands for a variable that a sample lacks: empty, and whatever is asked of it is so too."""

    def __missing__(self, key: Any) -> "Missing":
        return Missing()

    def get(self, key: Any, default: Any = None) -> Any:
        """What is asked for, as if it were there."""
        del default
        return self[key]

    def __call__(self, *_: Any, **__: Any) -> "Missing":
        """What a missing function gives."""
        return Missing()

    def __contains__(self, key: object) -> bool:
        return True

    def __str__(self) -> str:
        return ""

    def __format__(self, specification: str) -> str:
        return ""


def all_undefined(
    template: CompiledTemplate, variables: Mapping[str, Any], first: UndefinedVariableError
) -> tuple[UndefinedVariableError, ...]:
    """The errors of all undefined variables, in the order in which rendering comes upon them.

    `first` is the one that ended the rendering. After it the template is rendered again and again,
    each time with one more variable that stands for a missing one.
    """
    found = [first]
    filled = {**variables, _root(first): Missing()}
    ends = time.process_time() + _SECONDS
    while len(found) < _MOST and time.process_time() < ends:
        try:
            template.render(filled)
        except UndefinedVariableError as error:
            if error.name in {item.name for item in found}:
                break
            found.append(error)
            if _root(error) in filled:
                break
            filled[_root(error)] = Missing()
        except Exception:  # noqa: BLE001 - told once the missing ones are given
            break
        else:
            break
    return tuple(found)


def _root(error: UndefinedVariableError) -> str:
    return error.name.partition(".")[0]


def told(errors: Sequence[UndefinedVariableError]) -> tuple[str, str]:
    """What is wrong, with the line of each variable that is not the first one's; and the mend."""
    if len(errors) == 1:
        return errors[0].what, errors[0].mend
    *names, last = [_named(error, errors[0]) for error in errors]
    what = f"{', '.join(names)} and {last} are undefined"
    return what, "add the variables to the samples, or correct their names"


def _named(error: UndefinedVariableError, first: UndefinedVariableError) -> str:
    if error.path != first.path:
        return f"{error.name!r} ({error.path}:{error.line})"
    is_beside = error is first or error.line in {None, first.line}
    return f"{error.name!r}" if is_beside else f"{error.name!r} (line {error.line})"
