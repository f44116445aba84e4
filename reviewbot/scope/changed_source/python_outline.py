"""The outline of Python source, by a reader of its tokens.

Comments, docstrings, errors and logs hold no text for a model, but for calls of one in them.
"""

import re
from collections.abc import Iterator, Sequence
from keyword import kwlist

from reviewbot.rendering.parsers._common.python_tokens import DEPTH, TOKEN
from reviewbot.rendering.parsers._common.requests import RUN_A_MODEL
from reviewbot.scope.changed_source.outline import Outline, blocks_at, is_said, without

_TO_PEOPLE = re.compile(
    r"[ \t]*(?:raise\b|assert\b"
    r"|(?:[\w.]{1,60}\.)?(?:print|debug|info|warning|warn|error|exception|critical|log)\()"
)
"""Statements that the parser of Python source reads nothing of."""

_KEYWORDS = frozenset({*kwlist, "self", "cls", "__init__"})
"""Words that no text comes from: what `__init__` returns is none."""

_CALLED = re.compile(r"(\w{1,40})\s{0,3}\(")
_CONTINUED = re.compile(r"(?:else|elif|except|finally)\b")
_INDENTATION = re.compile(r"[ \t\f]*(?![ \t\f\r\n#]|\Z)")
"""What stands before a statement; of blank lines and comments nothing."""

_BLANKS = {" ", "\t", "\f"}


class _UnclearError(Exception):
    """A text or a bracket is never closed."""


def outline(text: str) -> Outline | None:
    """The statements and texts of a module; None where its tokens cannot be told."""
    starts: list[tuple[int, bool]] = []
    literals: list[tuple[int, int]] = []
    unread: list[tuple[int, int]] = []
    comments: list[tuple[int, int]] = []
    margins = _Margins(text)
    try:
        for first, last, tokens in _logical_lines(f"{text}\n"):
            if tokens and _is_unsent(text, first, last, tokens):
                unread.append((first, last))
            elif tokens:
                literals += [token.span() for token in tokens if token[0][0] in "\"'"]
                unread += [token.span() for token in tokens if _names_nothing(text, token)]
            if tokens:
                comments += [token.span() for token in tokens if token[0][0] == "#"]
            if margins.begins_block(first):
                starts.append((first, text[first : first + 1] not in _BLANKS))
    except _UnclearError:
        return None
    code = without(text, unread)
    blocks = blocks_at(starts, len(text))
    return Outline(blocks, tuple(literals), code, _KEYWORDS, tuple(comments))


def _names_nothing(text: str, token: re.Match[str]) -> bool:
    """Whether a token is a comment, or a text into which no name puts anything."""
    said = token[0]
    if said[0] == "#":
        return True
    return said[0] in "\"'" and is_said(said) and not _is_formatted(text, token.start())


def _is_formatted(text: str, begins: int) -> bool:
    """Whether the prefix of the literal that begins there says that names put values into it."""
    prefix = text[max(0, begins - 2) : begins].lower()
    return prefix.endswith("f") or prefix == "fr"


class _Margins:
    """Tells which statements stand at the left margin, or are members of a class there."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._of_members: str | None = None
        self._is_in_class = False
        self._is_decorated = False

    def begins_block(self, first: int) -> bool:
        """Whether the statement that begins there is one of its own; each is asked about once."""
        if not self._is_decorated and self._is_inside(first):
            return False
        indentation = _INDENTATION.match(self._text, first)
        if indentation is None:
            return False
        margin, begins = indentation[0], indentation.end()
        was_decorated, self._is_decorated = self._is_decorated, self._text.startswith("@", begins)
        if _CONTINUED.match(self._text, begins):
            return False
        if not margin:
            self._is_in_class = self._text.startswith("class", begins)
            self._of_members = None
        elif not self._is_in_class:
            return False
        elif self._of_members is None:
            self._of_members = margin
        return margin in {"", self._of_members} and not was_decorated

    def _is_inside(self, first: int) -> bool:
        """Whether the line that begins there is indented deeper than any block."""
        text, members = self._text, self._of_members
        if text[first : first + 1] not in _BLANKS:
            return False
        if not self._is_in_class:
            return True
        if members is None or not text.startswith(members, first):
            return False
        behind = first + len(members)
        return text[behind : behind + 1] in _BLANKS


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
        if sign == "\n":
            ends = token.start()
            if depth == 0 and not text.endswith("\\", 0, ends):
                yield begins, ends, tokens
                begins, tokens = ends + 1, []
        elif sign in DEPTH:
            depth += DEPTH[sign]
        elif sign in {'"', "'"}:
            raise _UnclearError
        else:
            tokens.append(token)
    if depth or begins < len(text):
        raise _UnclearError
