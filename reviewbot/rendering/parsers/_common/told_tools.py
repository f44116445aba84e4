"""How much a model is told of a tool that source code defines and another file sends."""

import re
from typing import Final

_TOLD: Final = re.compile(r"a definition of ([0-9]{1,9}) characters\Z")


def told(characters: int) -> str:
    """What stands for a definition of that many characters; empty of none."""
    return f"a definition of {characters} characters" if characters else ""


def characters_told(said: str) -> int | None:
    """The characters of a definition; None where something else is said."""
    found = _TOLD.match(said)
    return None if found is None else int(found[1])
