"""The outline of Python source, by a reader of its tokens.

Comments, docstrings, errors and logs hold no text for a model, but for calls of one in them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from keyword import kwlist

from reviewbot.rendering.parsers._common.python_tokens import DEPTH
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
_BEGINNING = re.compile(r"^([ \t\f]*+)[^ \t\f\r\n#]", re.MULTILINE)
"""What a statement begins with; blank lines and comments are none."""

_TOKEN = re.compile(
    r"[()\[\]{};#\"'](?:(?<=[(\[{])[^()\[\]{};#\"']*+[)\]}]|(?<=#)[^\n]*+"
    r'|(?<=")""(?:[^"\\]++|\\.|"(?!""))*"""|(?<=")(?:[^"\\\n]++|\\.)*"'
    r"|(?<=')''(?:[^'\\]++|\\.|'(?!''))*'''|(?<=')(?:[^'\\\n]++|\\.)*'"
    r"|)",
    re.DOTALL,
)
"""Brackets, comments, semicolons and texts; a pair of brackets with none of them in it is one. A
quote by itself is a text that does not end."""

_Span = tuple[int, int]


class _UnclearError(Exception):
    """A text or a bracket is never closed."""


def outline(text: str) -> Outline | None:
    """The statements and texts of a module; None where its tokens cannot be told."""
    literals: list[_Span] = []
    unread: list[_Span] = []
    comments: list[_Span] = []
    try:
        tokens, lines = _read(text)
    except _UnclearError:
        return None
    for first, last, spans in _statements(tokens, lines):
        if _is_unsent(text, first, last, spans):
            unread.append((first, last))
        else:
            literals += [span for span in spans if text[span[0]] in "\"'"]
            unread += [span for span in spans if _names_nothing(text, *span)]
        comments += [span for span in spans if text[span[0]] == "#"]
    blocks = blocks_at([*_starts(lines)], len(text))
    return Outline(blocks, tuple(literals), without(text, unread), _KEYWORDS, tuple(comments))


def _read(text: str) -> tuple[list[_Span], str]:
    """The texts, comments and semicolons, and the source with each statement in one line.

    Raises:
        _UnclearError: The text is no Python source.
    """
    tokens: list[_Span] = []
    wrapped: list[_Span] = []
    depth = opened = 0
    for found in _TOKEN.finditer(text):
        span = begins, ends = found.span()
        sign = text[begins]
        if sign in DEPTH:
            if ends == begins + 1:
                opened = opened if depth else begins
                depth += DEPTH[sign]
                span = opened, ends
        elif ends == begins + 1 and sign in "\"'":
            raise _UnclearError
        else:
            tokens.append(span)
        if not depth:
            wrapped.append(span)
    if depth or text.endswith("\\"):
        raise _UnclearError
    return tokens, _unwrapped(text, wrapped).replace("\\\n", "\\ ")


def _unwrapped(text: str, spans: Iterable[_Span]) -> str:
    """The text with blanks for the line ends in the spans, which lie one behind the other."""
    pieces: list[str] = []
    position = 0
    for begins, ends in spans:
        if "\n" in (said := text[begins:ends]):
            pieces += text[position:begins], said.replace("\n", " ")
            position = ends
    return "".join((*pieces, text[position:]))


def _statements(tokens: Iterable[_Span], lines: str) -> Iterator[tuple[int, int, list[_Span]]]:
    """Where each line with tokens begins and ends, and these."""
    first, last = 0, -1
    own: list[_Span] = []
    for span in tokens:
        if span[0] > last:
            if own:
                yield first, last, own
            own = []
            first = lines.rfind("\n", 0, span[0]) + 1
            last = lines.find("\n", span[1])
            last = len(lines) if last < 0 else last
        own.append(span)
    if own:
        yield first, last, own


def _names_nothing(text: str, begins: int, ends: int) -> bool:
    """Whether a token is a comment, or a text into which no name puts anything."""
    if text[begins] == "#":
        return True
    is_text = text[begins] in "\"'" and is_said(text[begins:ends])
    return is_text and not _is_formatted(text, begins)


def _is_formatted(text: str, begins: int) -> bool:
    """Whether the prefix of the literal that begins there says that names put values into it."""
    prefix = text[max(0, begins - 2) : begins].lower()
    return prefix.endswith("f") or prefix == "fr"


def _starts(lines: str) -> Iterator[tuple[int, bool]]:
    """Where each statement at the left margin begins, and each member of a class there.

    Decorators begin what they decorate. Of each, whether it stands at the margin.
    """
    of_members: str | None = None
    is_in_class = is_decorated = False
    for found in _BEGINNING.finditer(lines):
        margin = found[1]
        if margin and not is_decorated:
            if not is_in_class:
                continue
            if of_members and len(margin) > len(of_members) and margin.startswith(of_members):
                continue
        begins = found.end() - 1
        was_decorated, is_decorated = is_decorated, lines.startswith("@", begins)
        if _CONTINUED.match(lines, begins):
            continue
        if not margin:
            is_in_class = lines.startswith("class", begins)
            of_members = None
        elif not is_in_class:
            continue
        elif of_members is None:
            of_members = margin
        if margin in {"", of_members} and not was_decorated:
            yield found.start(), not margin


def _is_unsent(text: str, begins: int, ends: int, spans: Sequence[_Span]) -> bool:
    """Whether a statement is for people, or a text that nothing is done with, as a docstring."""
    if any(text[at] == ";" for at, _ in spans):
        return False
    if _TO_PEOPLE.match(text, begins, ends):
        return RUN_A_MODEL.isdisjoint(_CALLED.findall(text, begins, ends))
    first = next((span for span in spans if text[span[0]] != "#"), None)
    return (
        first is not None
        and text[begins : first[0]].strip() in _PLAIN
        and not text[first[1] : ends].partition("#")[0].strip()
    )


_PLAIN = {"", "r", "R", "u", "U"}
"""What may stand before a text that is a statement by itself; others put values into it."""
