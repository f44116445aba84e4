"""All nodes of Python source with a place are read, whatever else stands in the lists of some."""

import ast

import pytest

from reviewbot.rendering.parsers.python_source.blocks import all_nodes

_WITHOUT_PLACE = ast.expr_context | ast.operator | ast.unaryop | ast.boolop | ast.cmpop
SOURCES = [
    "both = {**ONE, 'a': [TWO, *more], **{}}",
    "def f(a, *, b, c=D, d): global g, h; nonlocal_ = lambda *, e, f=G: e",
    "def f():\n    a = 1\n    def g():\n        nonlocal a\n        return a",
    "match a:\n    case {'k': [b, *_], **rest} | K(x, y=None) if b: pass\n    case _: del a.b",
    "with a as b, c: x: int = [d async for d in e if f < g <= h]",
    "import a.b as c\nfrom . import *\nlog = f'{a!r:>{width}}' + b'' * -1",
    "@d(e)\nclass C(B, metaclass=M):\n    try: ...\n    except* (E, F) as g: raise\n    finally: ...",
]


@pytest.mark.parametrize("source", SOURCES)
def test_all_nodes_are_those_of_the_tree(source: str) -> None:
    tree = ast.parse(source)
    told = [node for node in ast.walk(tree) if not isinstance(node, _WITHOUT_PLACE)]
    assert all_nodes(tree) == told
