"""Which half of a Handlebars block is read where no sample gives values: the longer one."""

from reviewbot.rendering.engines.handlebars.tree import (
    Block,
    Comment,
    Content,
    Mustache,
    Partial,
    Program,
)

LOOPS = frozenset({"each", "with"})
"""Blocks that are filled with what they are given, not with the context around them."""


def reads_inverse(block: Block) -> bool:
    """Whether what stands behind `{{else}}` is longer."""
    return characters(block.inverse) > characters(block.program)


def characters(program: Program | None) -> int:
    """The text that is sent whatever the variables; a tag counts as one character."""
    total = 0
    for node in program.body if program else ():
        match node:
            case Content():
                total += len(node.value)
            case Block(is_decorator=False):
                total += max(characters(node.program), characters(node.inverse))
            case Partial():
                total += 1 + characters(node.program)
            case Mustache():
                total += 1
            case Comment() | Block():
                pass
    return total
