"""What a function of source code gives where a sample says nothing of its call."""

from collections.abc import Callable, Mapping
from typing import Any

from reviewbot.prompt import UndefinedVariableError
from reviewbot.rendering.engines import Undefined


def given_text(asked: Mapping[str, Any], value: Callable[[Any], Any], undefined: Undefined) -> Any:
    """The `value` of what a function gives; None where it needs what the sample lacks, or of none.

    Raises:
        UndefinedVariableError: A name stands for the call, so that the sample is to give just that;
            or the text is what the function is given, whose own variables the sample is to give.
    """
    try:
        return value(asked["gives"]) if "gives" in asked else None
    except UndefinedVariableError:
        if undefined == "error" and (asked["path"] or "holds" in asked):
            raise
        return None
