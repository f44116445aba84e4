"""Numbers as YAML and JSON write them, within bounds."""

import math

MAX_INTEGER_DIGITS = 30
"""Longer whole numbers are refused: Python takes quadratic time for them, and fails at 4,300."""


def whole_number(text: str) -> int:
    """`text` as a whole number.

    Raises:
        ValueError: It has more than `MAX_INTEGER_DIGITS` digits.
    """
    if len(text.lstrip("+-")) > MAX_INTEGER_DIGITS:
        raise ValueError(f"{shown(text)} has more than {MAX_INTEGER_DIGITS} digits")
    return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))


def finite_number(text: str) -> float:
    """`text` as a number.

    Raises:
        ValueError: It is infinite or none.
    """
    value = math.inf if text[-1].isalpha() else float(text)
    if math.isinf(value):
        raise ValueError(f"{shown(text)} is no finite number")
    return value


def shown(text: str) -> str:
    """`text` in quotes, cut where it is long."""
    return repr(text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…")


_SHOWN_CHARACTERS = 60
