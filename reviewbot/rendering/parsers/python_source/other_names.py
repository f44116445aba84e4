"""Other ways to names of Python source: second names, all of a module, source that is run."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from reviewbot.rendering.parsers.python_source import scopes
from reviewbot.rendering.parsers.python_source.scopes import Steps

NAMESPACES: Final = {"globals", "locals", "vars"}
"""Functions that give all names of a module or a block."""


class OtherName(Struct, frozen=True):
    """What a name stands for besides, from a line on: nothing at all for `b = globals()`."""

    of: Steps
    line: int


def other_names(nodes: Iterable[ast.AST]) -> Mapping[Steps, OtherName]:
    """The names that stand for what has a name already: `b = A.x`."""
    found = dict(pair for node in nodes if type(node) in _SETTING for pair in _set_by(node))
    firsts: dict[Steps, OtherName] = {}
    for name in found:
        if name not in firsts:
            _put_firsts(name, found, firsts)
    return firsts


def pairs(nodes: Iterable[ast.AST]) -> Iterator[tuple[Steps, Steps]]:
    """Each of those names in a whole file with what it stands for, in the order of the nodes."""
    return (
        (name, other.of)
        for node in nodes
        if type(node) in _SETTING
        for name, other in _set_by(node)
    )


_SETTING = {ast.Assign, ast.AnnAssign, ast.NamedExpr}


def _set_by(node: ast.AST) -> Iterator[tuple[Steps, OtherName]]:
    match node:
        case ast.Assign(targets=[first, *others], value=value):
            yield from _paired(first, value)
            for other in others:
                yield from _paired(other, first)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _paired(target, value)
        case ast.NamedExpr(target=target, value=value):
            yield from _paired(target, value)


def _put_firsts(
    name: Steps, found: Mapping[Steps, OtherName], firsts: dict[Steps, OtherName]
) -> None:
    """Put the first names of a name, and of all behind it, into `firsts`; a circle has none."""
    chain = [name]
    known = {name}
    while (following := found[chain[-1]].of) in found and following not in firsts:
        if following in known:
            break
        chain.append(following)
        known.add(following)
    last = found[chain[-1]]
    first = firsts[last.of].of if last.of in firsts and firsts[last.of].of else last.of
    for one in reversed(chain):
        firsts[one] = OtherName(first, found[one].line)


def _paired(target: ast.expr, value: ast.expr) -> Iterator[tuple[Steps, OtherName]]:
    match target, value:
        case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
            for one, other in zip(targets, values, strict=True):
                yield from _paired(one, other)
        case ((ast.Name() | ast.Attribute()), _):
            name, steps = scopes.steps_of(target), scopes.steps_of(value)
            is_other = bool(steps) and steps[: len(name)] != name
            if name and (is_other or _is_namespace(value)):
                yield name, OtherName(steps, target.lineno)


def updated_keys(node: ast.Call) -> list[str | None]:
    """The keys that a call of `update` sets; None for those that are computed."""
    names = [keyword.arg for keyword in node.keywords]
    for argument in node.args:
        keys = argument.keys if isinstance(argument, ast.Dict) else [None]
        names += [str(key.value) if isinstance(key, ast.Constant) else None for key in keys]
    return names


def runs_source(node: ast.Call, *, in_module: bool, texts: Iterable[str] = ()) -> bool:
    """Whether a call runs a text as source that may set names of the module.

    What it sets goes to the last of the namespaces that it is given; what it declares to be global,
    as any of the `texts` of the file may, goes to the first.
    """
    if scopes.dotted(node.func) != "exec":
        return False
    given = [*node.args, *(item.value for item in node.keywords)]
    if in_module or any(map(_is_namespace, given[-1:])):
        return True
    return any(map(_is_namespace, given)) and any("global" in text for text in texts)


def _is_namespace(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and scopes.dotted(node.func) in NAMESPACES
