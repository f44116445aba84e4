"""The outline of a source file: its statements, and its texts."""

from collections.abc import Iterable, Sequence

from msgspec import Struct


class Block(Struct, frozen=True):
    """A statement at the left margin or a member of a class there, up to the next one.

    `head` is where the statement at the margin begins.
    """

    begins: int
    ends: int
    head: int


def blocks_at(starts: Sequence[tuple[int, bool]], end: int) -> tuple[Block, ...]:
    """The blocks of a text of that length; of each start, whether it stands at the margin."""
    found: list[Block] = []
    head = 0
    ends = [*(begins for begins, _ in starts), end]
    for (begins, is_at_margin), ends_at in zip([(0, True), *starts], ends, strict=True):
        head = begins if is_at_margin else head
        found.append(Block(begins, ends_at, head))
    return tuple(found)


class Outline(Struct, frozen=True):
    """The blocks of a text in order, and where the literals begin and end that may be sent.

    `code` is the text with blanks for its `comments`, and for literals that name nothing; its
    `keywords` are no names.
    """

    blocks: tuple[Block, ...]
    literals: tuple[tuple[int, int], ...]
    code: str
    keywords: frozenset[str]
    comments: tuple[tuple[int, int], ...] = ()


_LONGEST_NAME = 60


def is_said(literal: str) -> bool:
    """Whether a literal is words or a long text, and so no key or name of anything."""
    return len(literal) > _LONGEST_NAME or " " in literal or "\n" in literal


def without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with blanks in the spans, which lie one behind the other."""
    pieces: list[str] = []
    position = 0
    for begins, ends in spans:
        pieces += text[position:begins], " " * (ends - begins)
        position = ends
    return "".join((*pieces, text[position:]))
