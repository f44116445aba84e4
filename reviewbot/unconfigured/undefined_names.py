"""The variables that a problem names as undefined."""

import ast
import re

from reviewbot.errors import Problem

_TOLD = re.compile(r" (?:is|are) undefined\b")
_NAME = re.compile(r"'(?:[^'\\\n]|\\.){1,200}'|\"(?:[^\"\\\n]|\\.){1,200}\"")


def undefined_names(problem: Problem) -> list[str]:
    """The names, each once, as the templates write them; none where it is another problem.

    Names of source code are expressions: `user.name` or `len(rows)`.
    """
    told = _TOLD.search(problem.what)
    found = _NAME.finditer(problem.what, 0, told.start()) if told else ()
    return list(dict.fromkeys(ast.literal_eval(item[0]) for item in found))
