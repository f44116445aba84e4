"""Other ways to names of Python source: second names, all of a module, source that is run."""

import ast
from collections.abc import Iterable, Mapping
from typing import Final

from reviewbot.rendering.parsers.python_source import scopes
from reviewbot.rendering.parsers.python_source.scopes import Steps

NAMESPACES: Final = {"globals", "locals", "vars"}
"""Functions that give all names of a module or a block."""


def other_names(nodes: Iterable[ast.AST]) -> Mapping[str, Steps]:
    """What names stand for besides: `b = A.x`, or nothing at all for `b = globals()`."""
    found: dict[str, Steps] = {}
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                steps = scopes.steps_of(value)
                if steps and steps[0] != name:
                    found[name] = steps
                elif _is_namespace(value):
                    found[name] = ()
    return found


def runs_source(node: ast.Call, *, in_module: bool) -> bool:
    """Whether a call runs a text as source that may set names of the module."""
    if scopes.dotted(node.func) != "exec":
        return False
    return in_module or any(map(_is_namespace, node.args))


def _is_namespace(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and scopes.dotted(node.func) in NAMESPACES
