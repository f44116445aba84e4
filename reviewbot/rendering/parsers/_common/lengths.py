"""Which constants may say how long a function makes the text that it is given with them."""

import re
from typing import Final

SHAPING: Final = {
    *("sub", "subn", "translate", "expandtabs", "fill", "wrap", "indent", "shorten", "tile"),
}
"""Functions of the languages themselves that make a text longer by whatever they are given."""

_NUMBER = re.compile(r"[-+(]{0,9}\.?[0-9]")
_WIDTH = re.compile(
    r"\{[^{}:]{0,50}:[^{}]{0,50}[\d{]|%[-+ #0]{0,9}[1-9*][\d.*]{0,20}s"
    r"|\A.?[<>=^]\d|\A0?\d{1,20}s?\Z"
)

_LONG_TEXT = re.compile(r"'.{0,200}…' \([0-9a-f]{1,64}\)\Z", re.DOTALL)
"""A text that is shown by its beginning, and that says of no width."""


def may_lengthen(said: str) -> bool:
    """Whether a constant, as source code writes it, may: a number, a width, blanks, a product."""
    if _NUMBER.match(said):
        return True
    if _LONG_TEXT.match(said):
        return False
    mark = said[:1]
    if mark not in {'"', "'", "`"}:
        return False
    inner = said[1:-1]
    is_computed = not said.endswith(mark) or mark in inner.replace(f"\\{mark}", "")
    return is_computed or not inner.strip() or has_width(inner)


def has_width(text: str) -> bool:
    """Whether a text says how wide something is made: `{:>99}`, `%99s`, `>99`."""
    return _WIDTH.search(text) is not None
