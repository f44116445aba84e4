"""Lines of Python source that hold no text for a model: comments, docstrings, errors, logs.

The search of changed files leaves them out, so that most changes of programs need no parser. A
reader of tokens is enough for it; where it is unsure, a line counts as one that is sent.
"""

import re
from collections.abc import Iterator, Sequence

from reviewbot.prompt_formats.python.source_tokens import DEPTH, TOKEN

_TO_PEOPLE = re.compile(
    r"[ \t]*(?:raise\b|assert\b"
    r"|(?:[\w.]{1,60}\.)?(?:print|debug|info|warning|warn|error|exception|critical|log)\()"
)
"""Statements that the parser of Python source reads nothing of."""


def unsent_lines(text: str) -> frozenset[int]:
    """The numbers, from 1, of the lines none of which a model is sent.

    Reading ends where the source is broken; what stands behind counts as sent.
    """
    found: set[int] = set()
    number, counted = 1, 0
    for first, last in _unsent(text):
        number += text.count("\n", counted, first)
        counted = first
        found.update(range(number, number + text.count("\n", first, last) + 1))
    return frozenset(found)


def _unsent(text: str) -> Iterator[tuple[int, int]]:
    """Where the comments and statements begin and end that fill their lines and are not sent."""
    for begins, ends, tokens in _logical_lines(text):
        is_alone = all(token[0] != ";" for token in tokens)
        if is_alone and (
            _TO_PEOPLE.match(text, begins, ends) or _is_text_alone(text, begins, ends, tokens)
        ):
            yield begins, ends
            continue
        for token in tokens:
            line = max(begins, text.rfind("\n", 0, token.start()) + 1)
            if token[0].startswith("#") and not text[line : token.start()].strip():
                yield line, token.end()


def _is_text_alone(text: str, begins: int, ends: int, tokens: Sequence[re.Match[str]]) -> bool:
    """Whether a statement is a text that nothing is done with, as a docstring."""
    first = next((token for token in tokens if not token[0].startswith("#")), None)
    return (
        first is not None
        and text[begins : first.start()].strip() in _PLAIN
        and not text[first.end() : ends].partition("#")[0].strip()
    )


def _logical_lines(text: str) -> Iterator[tuple[int, int, list[re.Match[str]]]]:
    """Where each begins and ends, its texts, comments and semicolons; up to what cannot be read."""
    depth, begins = 0, 0
    tokens: list[re.Match[str]] = []
    for token in TOKEN.finditer(text):
        sign = token[0]
        if sign in DEPTH:
            depth += DEPTH[sign]
        elif sign in {'"', "'"}:
            return
        elif sign != "\n":
            tokens.append(token)
        elif depth == 0 and not text.endswith("\\", 0, token.start()):
            yield begins, token.start(), tokens
            begins, tokens = token.end(), []


_PLAIN = {"", "r", "R", "u", "U"}
"""What may stand before a text that is a statement by itself; others put values into it."""
