"""The placeholders of GitHub Models prompts.

They are `{{name}}`, without spaces, replaced literally and without logic, as `gh models` does
(github/gh-models, pkg/prompt/prompt.go).
"""

import re
from collections.abc import Mapping
from typing import Any

from reviewbot.prompt import (
    NO_REFERENCES,
    CompiledTemplate,
    Constant,
    References,
    UndefinedVariableError,
)
from reviewbot.rendering.engines import Load, Undefined

NAME = "github-models"

_PLACEHOLDER = re.compile(r"\{\{([^{}\n]{1,200})\}\}")
_NAME = re.compile(r"[\w.-]{1,50}")
"""Where there are no samples, what is named otherwise stays the text that `gh models` leaves."""


def references(text: str, options: Mapping[str, Any]) -> References:
    """The language includes nothing."""
    del text, options
    return NO_REFERENCES


def compile_template(
    text: str, *, name: str, load: Load, undefined: Undefined, options: Mapping[str, Any]
) -> CompiledTemplate:
    """What puts variables into `text`; called in the rendering process only."""
    del load, options

    def render(variables: Mapping[str, Any]) -> str:
        def value(found: re.Match[str]) -> str:
            if found[1] in variables:
                return _as_go_prints(variables[found[1]])
            if undefined != "error":
                return "" if _NAME.fullmatch(found[1]) else found[0]
            raise UndefinedVariableError(found[1], text.count("\n", 0, found.start()) + 1)

        return _PLACEHOLDER.sub(value, text)

    first = _PLACEHOLDER.search(text)
    if first is None:
        return CompiledTemplate(render=render, constant=Constant(characters=len(text)))
    line = text.count("\n", 0, first.start()) + 1
    constant = Constant(characters=first.start(), path=name, line=line)
    return CompiledTemplate(render=render, constant=constant)


def _as_go_prints(value: Any) -> str:
    """A value as Go's `%v` prints it, which is what `gh models` puts in for what is no string."""
    match value:
        case None:
            return "<nil>"
        case bool():
            return "true" if value else "false"
        case list():
            return "[" + " ".join(map(_as_go_prints, value)) + "]"
        case dict():
            entries = (f"{key}:{_as_go_prints(value[key])}" for key in sorted(value))
            return "map[" + " ".join(entries) + "]"
        case float():
            return re.sub(r"\.0$", "", repr(value))
        case _:
            return str(value)
