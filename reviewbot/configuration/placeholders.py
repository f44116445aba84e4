"""Variables, expressions and marks that stand in place of a value, and that nobody fills in."""

import re


def expression(text: str) -> tuple[str, str] | None:
    """That a text is an expression, or a variable, of GitHub Actions or a shell."""
    if _EXPRESSION.search(text) is None:
        return None
    return "expressions are not filled in", "write what it stands for"


_EXPRESSION = re.compile(r"\$\{[^}]{0,200}\}|\$\([\w.]{1,100}\)|\{\{[^}]{0,200}\}\}")
_PLACEHOLDER = re.compile(
    r"(?:\$[a-z_]\w{0,99}|%[a-z_]\w{0,99}%|#\{[^}]{0,99}\}|@\w{1,99}@|__\w{1,99}__|<[^<>]{0,99}>"
    r"|(?:process\.)?env\.\w{1,99}|todo|tbd|fixme|n/a|\?{1,9}|\.{3}|…|x{2,9})(?:/[a-z]{1,9})?",
    re.IGNORECASE,
)


def placeholder(text: str) -> str | None:
    """Why a text is no value, but stands for one that is still to be filled in; None for others."""
    if found := expression(text):
        return found[0]
    return "nothing fills it in" if _PLACEHOLDER.fullmatch(text) else None
