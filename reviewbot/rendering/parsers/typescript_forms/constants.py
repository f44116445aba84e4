"""The constants of TypeScript and JavaScript, and what replaces or joins the parts of a text."""

from tree_sitter import Node

from reviewbot.rendering.parsers._common.digests import digest_of
from reviewbot.rendering.parsers._common.sent_parts import Constant, Part
from reviewbot.rendering.parsers.typescript_source.names import callee_of
from reviewbot.rendering.parsers.typescript_source.syntax import Source, named, unwrapped

_LEAST_REPLACED = 3
"""Characters of a placeholder; what is shorter may stand in a text many times."""

_LONGEST = 100
_SHORT = 20
_MOST_PARTS = 200
_PLAIN = {"string", "number"}
_OF_CONSTANTS = {
    *_PLAIN,
    *("array", "object", "pair", "property_identifier", "binary_expression", "unary_expression"),
    *("parenthesized_expression", "as_expression", "predefined_type", "type_identifier"),
}


def constant(node: Node | None, source: Source) -> str:
    """A constant, or what is made of such, as source code writes it; else empty.

    Of long texts, and of what has many parts, there is none.
    """
    node = None if node is None else unwrapped(node)
    if node is None or not _is_constant(node):
        return ""
    said = source.name(node)
    if len(said) <= _LONGEST:
        return said
    return "" if node.type == "string" else f"{said[:_SHORT]}… ({digest_of(said)})"


def _is_constant(node: Node) -> bool:
    waiting = [node]
    for one in waiting:
        if len(waiting) > _MOST_PARTS or one.type not in _OF_CONSTANTS:
            return False
        waiting += [] if one.type in _PLAIN else one.named_children
    return True


def plain(node: Node, source: Source) -> Part:
    """A text or a number as it stands."""
    said = source.text(node)
    length = len(said) if node.type == "string" else 0
    is_long = len(said) > _LONGEST
    return Constant(f"{said[:_SHORT]}… ({digest_of(said)})" if is_long else said, length)


def is_cut_up(node: Node, source: Source) -> bool:
    """Whether what is joined are the words or the letters of a text."""
    node = unwrapped(node)
    if node.type == "array":
        inner = named(node)
        return len(inner) == 1 and inner[0].type == "spread_element"
    return node.type == "call_expression" and callee_of(node, source) in {"split", "match"}


def is_place(node: Node, source: Source) -> bool:
    """Whether what is replaced is a placeholder, and nothing that may stand in a text often."""
    if node.type == "string":
        return len(source.string(node)) >= _LEAST_REPLACED
    letters = sum(sign.isalpha() for sign in source.text(node))
    return node.type != "regex" or letters > _LEAST_REPLACED
