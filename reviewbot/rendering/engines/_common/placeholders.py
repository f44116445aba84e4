"""Languages that put values in the place of names, and have nothing else."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from reviewbot.prompt import CompiledTemplate, Constant, UndefinedVariableError
from reviewbot.rendering.engines import Undefined


def compiled(
    text: str,
    pattern: re.Pattern[str],
    variable: Callable[[re.Match[str]], str],
    *,
    path: str,
    undefined: Undefined,
) -> CompiledTemplate:
    """What replaces all that `pattern` finds by the variable that `variable` names for it."""

    def render(variables: Mapping[str, Any]) -> str:
        def value(found: re.Match[str]) -> str:
            name = variable(found)
            if name in variables:
                given = variables[name]
                return given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
            if undefined != "error":
                return ""
            raise UndefinedVariableError(name, text.count("\n", 0, found.start()) + 1)

        return pattern.sub(value, text)

    first = pattern.search(text)
    if first is None:
        return CompiledTemplate(render=render, constant=Constant(characters=len(text)))
    line = text.count("\n", 0, first.start()) + 1
    constant = Constant(characters=first.start(), path=path, line=line)
    return CompiledTemplate(render=render, constant=constant)
