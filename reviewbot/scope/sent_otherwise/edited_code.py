"""Whether an edit of source code changes more than its comments."""

import re

from reviewbot import prompt_formats
from reviewbot.scope.changed_source.edited_lines import EditedLines

_PYTHON_CODE = re.compile(r"^[ \t]*(?!#[^{}$%\"'\n]{0,500}$)\S", re.MULTILINE)
_SCRIPT_CODE = re.compile(r"^[ \t]*(?!//[^{}$*\"'`\n]{0,500}$)\S", re.MULTILINE)
"""More than a comment. A line with one of these signs may stand in a text, or end one."""


def may_send_otherwise(path: str, before: str, after: str) -> bool:
    """Whether a line is new, altered or gone that is more than a comment."""
    edited = EditedLines(path, before, after)
    is_script = prompt_formats.of_source(path) == "typescript"
    code = _SCRIPT_CODE if is_script else _PYTHON_CODE
    return code.search(f"{edited.said_anew}\n{edited.said_before}") is not None
