"""Instructions of an agent that only hand on another file."""

import re


def imported_alone(text: str) -> str:
    """The file whose import, such as `@AGENTS.md`, is the whole of a text; else nothing."""
    found = _ONLY_IMPORT.fullmatch(text.strip())
    return found[1] if found else ""


_ONLY_IMPORT = re.compile(r"@(\S{1,1000})")
