"""Names of prompts in source code, as the configuration selects them."""

from collections.abc import Iterable


def selector(path: Iterable[str]) -> str:
    """The path of names as the configuration writes it: names with a dot stand in quotes."""
    return ".".join(f'"{name}"' if "." in name or not name else name for name in path)
