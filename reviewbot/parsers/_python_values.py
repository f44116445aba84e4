"""What an expression of Python source says, as far as its syntax tree tells; no code is run.

A value is JSON data. A text is a string, or a list that begins with the name of an operation:
`["join", text, …]` one after the other, `["hole", {…}]` an expression that a sample must give,
`["strip", text, "lstrip", characters]`, `["replace", text, old, new]`, `["dedent", text]`,
`["cleandoc", text]`, `["format", text, [positional …], {name: …}]`, `["percent", text, arguments]`.
`reviewbot.engines.python_text` puts the sample's values in.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

from reviewbot.prompts import TemplateError

Text = Any
Scope = Callable[[str], Text | None]
"""Gives the text that a name stands for; None where the source does not tell."""

_CONVERSIONS: Mapping[int, str] = {ord("r"): "r", ord("s"): "s", ord("a"): "a"}
_STRIPS = {"strip", "lstrip", "rstrip"}
_CLEANERS = {
    **dict.fromkeys(("dedent", "textwrap.dedent"), "dedent"),
    **dict.fromkeys(("cleandoc", "inspect.cleandoc"), "cleandoc"),
}
_MOST_REPEATED = 10_000
_MOST_CHARACTERS = 4_000_000


def text_of(node: ast.expr, scope: Scope) -> Text | None:
    """The text that an expression gives; None where it is evidently none."""
    match node:
        case ast.Constant(value=str() as value):
            return value
        case ast.JoinedStr(values=values):
            return joined([_piece(value, scope) for value in values])
        case ast.BinOp():
            return _operation(node, scope)
        case ast.Name(id=name):
            return scope(name)
        case ast.Call():
            return _call(node, scope)
        case _:
            return None


def joined(parts: list[Text]) -> Text:
    """Texts one after the other; those that are known are one string."""
    flat: list[Text] = []
    for part in parts:
        for piece in part[1:] if isinstance(part, list) and part[0] == "join" else [part]:
            if isinstance(piece, str) and flat and isinstance(flat[-1], str):
                if len(flat[-1]) + len(piece) > _MOST_CHARACTERS:
                    raise TemplateError("a text grows beyond all bounds", "write it out", line=1)
                flat[-1] += piece
            elif piece != "":
                flat.append(piece)
    if not flat:
        return ""
    return flat[0] if len(flat) == 1 else ["join", *flat]


def hole(node: ast.expr, conversion: str | None = None, specification: Text = "") -> Text:
    """An expression whose value the sample gives, under its own source text."""
    said = {"name": ast.unparse(node), "path": _path(node), "line": node.lineno}
    if conversion:
        said["conversion"] = conversion
    if specification:
        said["specification"] = specification
    return ["hole", said]


def value_of(node: ast.expr, scope: Scope) -> Text:
    """The text of an expression, as `str` gives it, or a hole."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float | None):
        return str(node.value)
    found = text_of(node, scope)
    return hole(node) if found is None else found


def dotted(node: ast.expr) -> str:
    """The dotted name that is called or read; empty where it is no such name."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attribute):
            inner = dotted(value)
            return f"{inner}.{attribute}" if inner else ""
        case _:
            return ""


def _piece(node: ast.expr, scope: Scope) -> Text:
    if not isinstance(node, ast.FormattedValue):
        return value_of(node, scope)
    conversion = _CONVERSIONS.get(node.conversion)
    specification = text_of(node.format_spec, scope) if node.format_spec else ""
    if conversion is None and specification == "":
        return value_of(node.value, scope)
    return hole(node.value, conversion, specification)


def _operation(node: ast.BinOp, scope: Scope) -> Text | None:
    if isinstance(node.op, ast.Add):
        return _sum(node, scope)
    left = text_of(node.left, scope)
    if not isinstance(left, str):
        return None
    if isinstance(node.op, ast.Mod):
        return ["percent", left, _percent_arguments(node.right, scope)]
    match node.right:
        case ast.Constant(value=int() as times) if isinstance(node.op, ast.Mult):
            return left * times if len(left) * times <= _MOST_REPEATED else None
        case _:
            return None


def _sum(node: ast.expr, scope: Scope) -> Text | None:
    parts = []
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            waiting += [node.right, node.left]
        else:
            parts.append((node, text_of(node, scope)))
    if all(text is None for _, text in parts):
        return None
    return joined([hole(part) if text is None else text for part, text in parts])


def _call(node: ast.Call, scope: Scope) -> Text | None:
    cleaner = _CLEANERS.get(dotted(node.func))
    if cleaner is not None and len(node.args) == 1:
        inner = text_of(node.args[0], scope)
        if isinstance(inner, str):
            return textwrap.dedent(inner) if cleaner == "dedent" else inspect.cleandoc(inner)
        return None if inner is None else [cleaner, inner]
    if not isinstance(node.func, ast.Attribute):
        return None
    inner = text_of(node.func.value, scope)
    return None if inner is None else _method(node.func.attr, inner, node, scope)


def _method(name: str, inner: Text, node: ast.Call, scope: Scope) -> Text | None:
    if name == "format":
        return _formatted(inner, node, scope)
    if name == "join":
        return _listed(inner, node, scope)
    literals = [
        item.value
        for item in node.args
        if isinstance(item, ast.Constant) and isinstance(item.value, str)
    ]
    if node.keywords or len(literals) < len(node.args):
        return None
    match literals:
        case [old, new] if name == "replace":
            is_known = isinstance(inner, str)
            return inner.replace(old, new) if is_known else ["replace", inner, old, new]
        case [] | [_] if name in _STRIPS:
            characters = literals[0] if literals else None
            is_known = isinstance(inner, str)
            return (
                getattr(inner, name)(characters) if is_known else ["strip", inner, name, characters]
            )
        case _:
            return None


def _listed(separator: Text, node: ast.Call, scope: Scope) -> Text | None:
    """What `separator.join([…])` gives of a list that is written out."""
    match node.args:
        case [ast.List(elts=items) | ast.Tuple(elts=items)]:
            parts: list[Text] = []
            for item in items:
                parts += [separator, value_of(item, scope)]
            return joined(parts[1:])
        case _:
            return None


def _formatted(inner: Text, node: ast.Call, scope: Scope) -> Text | None:
    if any(isinstance(item, ast.Starred) for item in node.args):
        return None
    named = {item.arg: value_of(item.value, scope) for item in node.keywords if item.arg}
    return ["format", inner, [value_of(item, scope) for item in node.args], named]


def _percent_arguments(node: ast.expr, scope: Scope) -> Any:
    match node:
        case ast.Tuple(elts=items):
            return {"positional": [value_of(item, scope) for item in items]}
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            return {
                "named": {
                    key.value: value_of(value, scope)
                    for key, value in pairs
                    if isinstance(key, ast.Constant) and isinstance(key.value, str)
                }
            }
        case _:
            return {"positional": [value_of(node, scope)]}


def _path(node: ast.expr) -> list[str | int] | None:
    """The steps from a variable to what a dotted or subscripted expression means in a sample."""
    match node:
        case ast.Name(id=name):
            return [name]
        case ast.Attribute(value=value, attr=attribute):
            inner = _path(value)
            return None if inner is None else [*inner, attribute]
        case ast.Subscript(value=value, slice=ast.Constant(value=str() | int() as key)):
            inner = _path(value)
            return None if inner is None else [*inner, key]
        case ast.Subscript(
            value=value,
            slice=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as key)),
        ):
            inner = _path(value)
            return None if inner is None else [*inner, -key]
        case _:
            return None
