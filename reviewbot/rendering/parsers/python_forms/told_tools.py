"""How much a model is told of a function or class of Python source that is sent as a tool."""

import ast
from itertools import islice

from reviewbot.rendering.parsers._common.told_tools import told


def table(node: ast.expr) -> str:
    """The length of the texts of a table, or a list of such, that describes something."""
    if not isinstance(node, ast.Dict | ast.List):
        return ""
    texts = [
        item.value
        for item in islice(ast.walk(node), _MOST_PARTS)
        if isinstance(item, ast.Constant) and isinstance(item.value, str)
    ]
    return told(sum(map(len, texts))) if "description" in texts else ""


_MOST_PARTS = 20_000


def definition(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """The length of the texts that describe it, its arguments or its fields."""
    if isinstance(node, ast.ClassDef):
        parts: list[ast.AST] = [
            item for item in node.body if isinstance(item, ast.Assign | ast.AnnAssign)
        ]
    else:
        parts = [node.args]
    texts = (
        item.value
        for part in parts
        for item in ast.walk(part)
        if isinstance(item, ast.Constant) and isinstance(item.value, str)
    )
    return told(sum(map(len, texts)) + len(ast.get_docstring(node) or ""))
