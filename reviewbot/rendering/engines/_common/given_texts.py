"""What a function of source code gives where a sample says nothing of its call."""

from collections.abc import Callable
from typing import Any

from reviewbot.prompt import UndefinedVariableError


def given_text(gives: Any, value: Callable[[Any], Any], *, is_strict: bool = False) -> Any:
    """The `value` of what a function gives; None where it needs what the sample lacks.

    Raises:
        UndefinedVariableError: It does, and `is_strict`: the sample is to give just that.
    """
    try:
        return value(gives)
    except UndefinedVariableError:
        if is_strict:
            raise
        return None
