"""The outline of Python source, by a reader of its tokens.

Comments, docstrings, errors and logs hold no text for a model, but for calls of one in them.
"""

import re
from collections.abc import Iterator, Sequence

from reviewbot.prompt_formats._common.python_tokens import DEPTH, TOKEN
from reviewbot.rendering.parsers._common.requests import RUN_A_MODEL
from reviewbot.scope.changed_source.outline import Block, Outline

_TO_PEOPLE = re.compile(
    r"[ \t]*(?:raise\b|assert\b"
    r"|(?:[\w.]{1,60}\.)?(?:print|debug|info|warning|warn|error|exception|critical|log)\()"
)
"""Statements that the parser of Python source reads nothing of."""

_CALLED = re.compile(r"(\w{1,40})\(")
_DEFINITION = re.compile(r"(?:async[ \t]+)?def\b|class\b")
_NO_STATEMENT = {"", " ", "\t", "\f", "\r", "\n", "#"}
"""What a line begins with that is blank, indented or a comment."""


class _UnclearError(Exception):
    """A text or a bracket is never closed."""


def outline(text: str) -> Outline | None:
    """The definitions and texts of a module; None where its tokens cannot be told."""
    blocks: list[Block] = []
    literals: list[tuple[int, int]] = []
    begins, is_definition, is_decorated = 0, False, False
    try:
        for first, last, tokens in _logical_lines(f"{text}\n"):
            if tokens and not _is_unsent(text, first, last, tokens):
                literals += [token.span() for token in tokens if token[0][0] in "\"'"]
            if text[first : first + 1] in _NO_STATEMENT:
                continue
            if not is_decorated:
                blocks.append(Block(begins, first, is_definition))
                begins = first
            is_decorated = text.startswith("@", first)
            is_definition = _DEFINITION.match(text, first) is not None
    except _UnclearError:
        return None
    return Outline((*blocks, Block(begins, len(text), is_definition)), tuple(literals))


def _is_unsent(text: str, begins: int, ends: int, tokens: Sequence[re.Match[str]]) -> bool:
    """Whether a statement is for people, or a text that nothing is done with, as a docstring."""
    if any(token[0] == ";" for token in tokens):
        return False
    if _TO_PEOPLE.match(text, begins, ends):
        return RUN_A_MODEL.isdisjoint(_CALLED.findall(text, begins, ends))
    first = next((token for token in tokens if not token[0].startswith("#")), None)
    return (
        first is not None
        and text[begins : first.start()].strip() in _PLAIN
        and not text[first.end() : ends].partition("#")[0].strip()
    )


_PLAIN = {"", "r", "R", "u", "U"}
"""What may stand before a text that is a statement by itself; others put values into it."""


def _logical_lines(text: str) -> Iterator[tuple[int, int, list[re.Match[str]]]]:
    """Where each begins and ends, and its texts, comments and semicolons.

    Raises:
        _UnclearError: The text is no Python source.
    """
    depth, begins = 0, 0
    tokens: list[re.Match[str]] = []
    for token in TOKEN.finditer(text):
        sign = token[0]
        if sign in DEPTH:
            depth += DEPTH[sign]
        elif sign in {'"', "'"}:
            raise _UnclearError
        elif sign != "\n":
            tokens.append(token)
        elif depth == 0 and not text.endswith("\\", 0, token.start()):
            yield begins, token.start(), tokens
            begins, tokens = token.end(), []
    if depth or begins < len(text):
        raise _UnclearError
