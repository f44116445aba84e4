"""How much a model is told of a function or class of Python source that it gets the schema of."""

import ast
from collections.abc import Iterable
from itertools import islice

from reviewbot.rendering.parsers._common.told_tools import (
    characters_told,
    told,
    told_literal,
    told_with_named,
)

Defining = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def table(node: ast.expr) -> str:
    """The length of the texts of a table, or a list of such, that describes something."""
    if not isinstance(node, ast.Dict | ast.List):
        return ""
    texts = [
        item.value
        for item in islice(ast.walk(node), _MOST_PARTS)
        if isinstance(item, ast.Constant) and isinstance(item.value, str)
    ]
    return told(sum(map(len, texts))) if _DESCRIBING & {*texts} else ""


def literal(node: ast.expr) -> str:
    """The length of a table where it is used, with the names in it, and those behind their dots."""
    inside = [*islice(ast.walk(node), _MOST_PARTS)]
    names = {item.id for item in inside if isinstance(item, ast.Name)}
    names |= {item.attr for item in inside if isinstance(item, ast.Attribute)}
    return told_literal(table(node), names)


_DESCRIBING = {"description", "properties", "json_schema", "parameters"}
_MOST_PARTS = 20_000


def definition(node: Defining) -> str:
    """The length of what describes it: its texts, its arguments or its fields with their types."""
    if isinstance(node, ast.ClassDef):
        parts: list[ast.AST] = [
            item for item in node.body if isinstance(item, ast.Assign | ast.AnnAssign)
        ]
    else:
        parts = [node.args]
    words = (_said(item) for part in parts for item in ast.walk(part))
    return told(sum(map(len, words)) + len(ast.get_docstring(node) or ""))


def _said(node: ast.AST) -> str:
    """What a part of a definition says itself: a text, a name."""
    match node:
        case ast.Constant(value=str(text)) | ast.arg(arg=text):
            return text
        case ast.Name(id=text):
            return text
    return ""


def definitions(nodes: Iterable[Defining]) -> dict[str, str]:
    """How much is told of each definition by its name, with those that its types name."""
    known = {node.name: node for node in nodes}
    own = {name: characters_told(definition(node)) or 0 for name, node in known.items()}
    return told_with_named(own, {name: _types(node) for name, node in known.items()})


def _types(node: Defining) -> set[str]:
    """The names in the types of a definition, and of what a class is made of."""
    parts: list[ast.AST | None] = []
    if isinstance(node, ast.ClassDef):
        parts += node.bases
        parts += (item.annotation for item in node.body if isinstance(item, ast.AnnAssign))
    else:
        given = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        parts += (item.annotation for item in given)
    inside = [item for part in parts if part is not None for item in ast.walk(part)]
    return {word for item in inside for word in _said(item).replace("[", " ").split()}
