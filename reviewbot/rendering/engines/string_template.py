"""The language of Python's `string.Template`: `$name`, `${name}`, `$$`."""

import re
from collections.abc import Mapping
from typing import Any

from reviewbot.prompt import (
    NO_REFERENCES,
    CompiledTemplate,
    Constant,
    References,
    TemplateError,
    UndefinedVariableError,
)
from reviewbot.rendering.engines import Load, Undefined

NAME = "string-template"


def references(text: str, options: Mapping[str, Any]) -> References:
    """The language includes nothing."""
    del text, options
    return NO_REFERENCES


def compile_template(
    text: str, *, name: str, load: Load, undefined: Undefined, options: Mapping[str, Any]
) -> CompiledTemplate:
    """What fills `text` as `Template(text).substitute` does; called in the rendering process only.

    The pattern is the library's own.
    """
    from string import Template

    del load, options
    pattern = Template.pattern
    constant = _constant(text, pattern, name)

    def value(found: re.Match[str], variables: Mapping[str, Any]) -> str:
        if found["escaped"] is not None:
            return "$"
        variable = found["named"] or found["braced"]
        if variable in variables:
            return str(variables[variable])
        if undefined != "error":
            return ""
        raise UndefinedVariableError(variable, _line(text, found.start()))

    return CompiledTemplate(
        render=lambda variables: pattern.sub(lambda found: value(found, variables), text),
        constant=constant,
    )


def _constant(text: str, pattern: "re.Pattern[str]", path: str) -> Constant:
    """The text before the first placeholder, in which `$$` is one character.

    Raises:
        TemplateError: A `$` begins no placeholder.
    """
    before: int | None = None
    first = escaped = 0
    for found in pattern.finditer(text):
        if found["invalid"] is not None:
            what = "a `$` begins no placeholder"
            line = _line(text, found.start())
            raise TemplateError(what, "write it twice if it is text: `$$`", line=line)
        if found["escaped"] is not None:
            escaped += before is None
        elif before is None:
            before, first = found.start() - escaped, found.start()
    if before is None:
        return Constant(characters=len(text) - escaped)
    return Constant(characters=before, path=path, line=_line(text, first))


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
