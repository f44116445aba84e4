"""The constants in Python source, and the texts that are made of such."""

import ast
from itertools import islice

from reviewbot.rendering.parsers._common.digests import digest_of
from reviewbot.rendering.parsers._common.lengths import has_width
from reviewbot.rendering.parsers._common.sent_parts import Block, Constant, Part


def constant(node: ast.expr) -> str:
    """A constant, or what is computed or made of such, as source code writes it; else empty.

    Of long texts, and of what has many parts, there is none.
    """
    if isinstance(node, ast.Constant):
        is_long = isinstance(node.value, str) and len(node.value) > _LONGEST
        return "" if is_long or not _is_of_constants(node) else shown(node)
    if not isinstance(node, _COMPUTING):
        return ""
    inside = [*islice(ast.walk(node), _MOST_PARTS)]
    if len(inside) == _MOST_PARTS or not all(map(_is_of_constants, inside)):
        return ""
    said = shown(node)
    return said if len(said) <= _LONGEST else f"{said[:_SHORT]}… ({digest_of(said)})"


_COMPUTING = (ast.BinOp, ast.UnaryOp, ast.Dict, ast.List, ast.Tuple, ast.Set)
_PARTS = (*_COMPUTING, ast.operator, ast.unaryop, ast.expr_context)
_LONGEST = 100
_SHORT = 20
_MOST_PARTS = 200


def _is_of_constants(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str | int | float)
    return isinstance(node, _PARTS)


def plain(node: ast.Constant, _: Block) -> Part:
    """A text or a number as it stands."""
    if not isinstance(node.value, str | int | float) or isinstance(node.value, bool):
        return None
    said = constant(node) or _long(str(node.value))
    return Constant(said, length_of(node))


def _long(text: str) -> str:
    """A long text by its beginning; one that pads what fills it, or is blank, says so."""
    pads = ", which pads" if has_width(text) or not text.strip() else ""
    return f"'{text[:_SHORT]}…' ({digest_of(text)}{pads})"


def length_of(node: ast.expr) -> int:
    """The characters of the text that constants make; a product is taken for one of a number."""
    match node:
        case ast.Constant(value=str(text)):
            return len(text)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            sizes = sorted((length_of(left), length_of(right)))
            times = [one.value for one in (left, right) if isinstance(one, ast.Constant)]
            numbers = [one for one in times if isinstance(one, int)]
            return sizes[-1] * min(max([1, *numbers]), _MOST_TIMES)
        case ast.BinOp(left=left, right=right):
            return length_of(left) + length_of(right)
    return 0


_MOST_TIMES = 1_000_000


def shown(node: ast.AST) -> str:
    """An expression as source code writes it."""
    try:
        return ast.unparse(node)
    except ValueError:
        return "something"
