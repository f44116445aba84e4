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
            case ast.Assign(targets=[target], value=value):
                found |= _paired(target, value)
    return found


def _paired(target: ast.expr, value: ast.expr) -> Mapping[str, Steps]:
    match target, value:
        case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
            pairs = [_paired(*pair) for pair in zip(targets, values, strict=True)]
            return {name: steps for pair in pairs for name, steps in pair.items()}
        case ast.Name(id=name), _:
            steps = scopes.steps_of(value)
            if (steps and steps[0] != name) or _is_namespace(value):
                return {name: steps}
    return {}


def updated_keys(node: ast.Call) -> list[str | None]:
    """The keys that a call of `update` sets; None for those that are computed."""
    names = [keyword.arg for keyword in node.keywords]
    for argument in node.args:
        keys = argument.keys if isinstance(argument, ast.Dict) else [None]
        names += [str(key.value) if isinstance(key, ast.Constant) else None for key in keys]
    return names


def runs_source(node: ast.Call, *, in_module: bool) -> bool:
    """Whether a call runs a text as source that may set names of the module."""
    if scopes.dotted(node.func) != "exec":
        return False
    return in_module or any(map(_is_namespace, node.args))


def _is_namespace(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and scopes.dotted(node.func) in NAMESPACES
