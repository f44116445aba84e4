"""The outline of a source file: its statements at the left margin, and its texts."""

from msgspec import Struct


class Block(Struct, frozen=True):
    """A statement that begins at the left margin, up to the next one.

    `is_definition` says that it is a function or a class, which does nothing by itself.
    """

    begins: int
    ends: int
    is_definition: bool


class Outline(Struct, frozen=True):
    """The blocks of a text in order, and where the literals begin and end that may be sent."""

    blocks: tuple[Block, ...]
    literals: tuple[tuple[int, int], ...]
