"""The outline of a source file: its statements, and its texts."""

from collections.abc import Sequence

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
    """The blocks of a text in order, and where the literals begin and end that may be sent."""

    blocks: tuple[Block, ...]
    literals: tuple[tuple[int, int], ...]
