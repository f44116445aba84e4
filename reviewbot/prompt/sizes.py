"""Values of a sample that are given by their size, `{tokens: 1_200}`, and not by their text."""

import re
from collections.abc import Mapping
from typing import Any


def size_of(value: Mapping[str, Any]) -> int | None:
    """The tokens that a value given by size has, `{tokens: 1_200}`; None of other data.

    Raises:
        ValueError: It is meant as a size, and is none.
    """
    if len(value) != 1:
        return None
    ((key, size),) = value.items()
    if isinstance(size, list | dict) or key.lower() not in {"token", "tokens"}:
        return None
    found = _SIZE.fullmatch(str(size).strip()) if not isinstance(size, bool) else None
    if key != "tokens":
        if found is None:
            return None
        raise ValueError(f"the key of a size is `tokens`, not {key!r}")
    if found is None:
        raise ValueError(f"{str(size)[:40]!r} is not a number of tokens")
    return int(re.sub("[_,]", "", found[1]))


_SIZE = re.compile(r"([0-9]{1,3}(?:[_,][0-9]{3})+|[0-9]{1,15})(?:\.0)?")
"""A whole number as people write it; JSON and YAML may give a decimal of it."""


def sized(value: Any) -> Any:
    """`value` with each `{tokens: N}` in it replaced by a text of N tokens.

    `token` and ` token` are one token in every encoding that is shipped.
    """
    if isinstance(value, dict):
        if (tokens := size_of(value)) is not None:
            return " ".join(["token"] * min(tokens, _SIZED_TOKENS_LIMIT))
        return {key: sized(item) for key, item in value.items()}
    if isinstance(value, list):
        return [sized(item) for item in value]
    return value


_SIZED_TOKENS_LIMIT = 1_000_000
"""More is longer than any rendering may be, and so refused there by name."""
