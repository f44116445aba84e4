"""The marks that git leaves in a file where a merge conflict is not resolved."""

import re

_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})(?: |\r?$)", re.MULTILINE)
_MARKS = ("<", "=", ">")

CONFLICT = (
    "a merge conflict is not resolved",
    "keep one side, and take out the lines that begin with <<<<<<<, ======= and >>>>>>>",
)


def conflict_line(text: str) -> int | None:
    """The line of the first of git's three marks of a conflict; None where not all stand there."""
    found = list(_CONFLICT.finditer(text))
    kinds = "".join(item[0][0] for item in found)
    if not all(mark in kinds for mark in _MARKS):
        return None
    return text.count("\n", 0, found[0].start()) + 1
