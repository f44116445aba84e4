"""The variables that a problem names as undefined."""

import ast
import re

from reviewbot.errors import Problem

_TOLD = re.compile(r" (?:is|are) undefined\b")
_NAME = re.compile(r"(?<!\S)(?:'(?:[^'\\\n]|\\.){1,200}'|\"(?:[^\"\\\n]|\\.){1,200}\")")
"""A quote inside of a word stands in the path of an included file."""


def undefined_names(problem: Problem) -> list[str]:
    """The names, each once, as the templates write them; none where it is another problem.

    Names of source code are expressions: `user.name` or `len(rows)`.
    """
    told = _TOLD.search(problem.what)
    found = _NAME.finditer(problem.what, 0, told.start()) if told else ()
    return list(dict.fromkeys(name for item in found if (name := _read(item[0]))))


def _read(quoted: str) -> str:
    """The name between the quotes; empty where a path holds what only looks like one."""
    try:
        return str(ast.literal_eval(quoted))
    except (SyntaxError, ValueError):
        return ""
