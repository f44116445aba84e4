"""What an expression of Python source says, as far as its syntax tree tells; no code is run.

A value is JSON data. A text is a string, or a list that begins with the name of an operation:
`["join", text, …]` one after the other, `["value", 3]` another constant, `["hole", {…}]` an
expression that a sample must give, `["field", value, conversion, specification, line]`,
`["strip", text, "lstrip", characters]`, `["replace", text, old, new]`, `["dedent", text]`,
`["cleandoc", text]`, `["format", text, [positional …], {name: …}, others]`, where `others` is not
empty if the sample's variables are given too, and `["percent", text, arguments]`.
`reviewbot.rendering.engines.python_text` puts the sample's values in.
"""

import ast
import re
from collections.abc import Iterator, Mapping

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.texts import (
    MOST_CHARACTERS,
    Operation,
    Text,
    bounded,
    endless,
    relocated,
)
from reviewbot.rendering.parsers.python_source.blocks import all_nodes
from reviewbot.rendering.parsers.python_source.scopes import Scope, Steps, dotted, steps_of

_CONVERSIONS: Mapping[int, str] = {ord("r"): "r", ord("s"): "s", ord("a"): "a"}
_STRIPS = {"strip", "lstrip", "rstrip"}
_METHODS = {"format", "join", "replace", *_STRIPS}
_CLEANERS = {
    **dict.fromkeys(("dedent", "textwrap.dedent"), "dedent"),
    **dict.fromkeys(("cleandoc", "inspect.cleandoc"), "cleandoc"),
}
_WRAPPER = re.compile(r"(?:Prompt|Text|\Astr)\Z")
"""What these names are called with, `TextPrompt(prompt)`, is the same text."""

_MOST_REPEATED = 10_000
_LEAST_HELD = 60
_LARGEST = 10**18


def text_of(node: ast.expr, scope: Scope) -> Text | None:
    """The text that an expression gives; None where it is evidently none."""
    found = known(node, scope)
    return None if isinstance(found, list) and found[0] == "value" else found


def known(node: ast.expr, scope: Scope) -> Text | None:
    """The text or other constant that an expression gives; None where the source does not tell."""
    found: Text | None = None
    match node:
        case ast.Constant(value=str() as value):
            found = value
        case ast.Constant(value=int() | float() | None as number) if abs(number or 0) <= _LARGEST:
            found = Operation("value", number)
        case ast.JoinedStr(values=values):
            found = joined([_piece(value, scope) for value in values])
        case ast.BinOp():
            found = _operation(node, scope)
        case ast.Name() | ast.Attribute() | ast.Subscript():
            found = scope.text(steps_of(node))
        case ast.Call():
            found = _call(node, scope)
    return found


def joined(parts: list[Text]) -> Text:
    """Texts one after the other; those that are known are one string."""
    flat: list[Text] = []
    for part in parts:
        for piece in part[1:] if isinstance(part, list) and part[0] == "join" else [part]:
            text = str(piece[1]) if isinstance(piece, list) and piece[0] == "value" else piece
            if isinstance(text, str) and flat and isinstance(flat[-1], str):
                flat[-1] = bounded(flat[-1], text)
            elif text != "":
                flat.append(text)
    if not flat:
        return ""
    is_text = isinstance(flat[0], str) or flat[0][0] != "hole"
    return flat[0] if len(flat) == 1 and is_text else Operation("join", *flat)


def hole(node: ast.expr, scope: Scope) -> Text:
    """An expression whose value the sample gives, under its own source text.

    What a function `gives` stands for its call where the sample does not say more, and a long text
    that an expression `holds` where there are no samples.
    """
    from reviewbot.rendering.parsers.python_source import given_texts

    said = {"name": dotted(node) or ast.unparse(node), "path": _path(node), "line": node.lineno}
    if (given := given_texts.text_given_by(node, scope)) is not None:
        return Operation("hole", {**said, "gives": given})
    held = "".join(_texts_in(node, scope))
    said |= {"holds": held} if len(held) >= _LEAST_HELD else {}
    passed = given_texts.text_passed_on(node, scope)
    return Operation("hole", said | ({} if passed is None else {"gives": passed}))


def _texts_in(node: ast.expr, scope: Scope) -> Iterator[str]:
    for item in all_nodes(node):
        match item:
            case ast.Constant(value=str() as text):
                yield text
            case ast.Name() | ast.Attribute() | ast.Subscript():
                steps = steps_of(item)
                found = _text_or_none(steps, scope)
                owner = scope.owner(steps[0]) if len(steps) == 1 and found is None else None
                if isinstance(found, str):
                    yield found
                elif owner is not None:
                    yield owner.parts.get(steps[0], "")


def _text_or_none(steps: Steps, scope: Scope) -> Text | None:
    try:
        return scope.text(steps)
    except TemplateError:
        return None


def value_of(node: ast.expr, scope: Scope) -> Text:
    """What an expression gives, or a hole."""
    found = known(node, scope)
    return hole(node, scope) if found is None else found


def _piece(node: ast.expr, scope: Scope) -> Text:
    if not isinstance(node, ast.FormattedValue):
        return value_of(node, scope)
    conversion = _CONVERSIONS.get(node.conversion)
    specification = text_of(node.format_spec, scope) if node.format_spec else ""
    value = value_of(node.value, scope)
    if conversion is None and specification == "":
        return value
    return Operation("field", value, conversion, specification, node.value.lineno)


def _operation(node: ast.BinOp, scope: Scope) -> Text | None:
    match node:
        case ast.BinOp(op=ast.Add()):
            return _sum(node, scope)
        case ast.BinOp(op=ast.Mod(), left=left, right=right):
            text = text_of(left, scope)
            return None if text is None else _percent(text, right, scope)
        case (
            ast.BinOp(op=ast.Mult(), left=repeated, right=ast.Constant(value=int() as times))
            | ast.BinOp(op=ast.Mult(), left=ast.Constant(value=int() as times), right=repeated)
        ):
            text = text_of(repeated, scope)
            if not isinstance(text, str) or len(text) * times > _MOST_REPEATED:
                return None
            return text * times
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
    return joined([hole(part, scope) if text is None else text for part, text in parts])


def _call(node: ast.Call, scope: Scope) -> Text | None:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=bytes() as data), attr="decode")):
            return _decoded(data, node)
        case ast.Call(func=ast.Name(id=name), args=[ast.Name() as given], keywords=[]):
            return text_of(given, scope) if _WRAPPER.search(name) else None
    cleaner = _CLEANERS.get(dotted(node.func))
    if cleaner is not None and len(node.args) == 1:
        inner = text_of(node.args[0], scope)
        if isinstance(inner, str):
            import inspect
            import textwrap

            return textwrap.dedent(inner) if cleaner == "dedent" else inspect.cleandoc(inner)
        return None if inner is None else Operation(cleaner, inner)
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in _METHODS:
        return None
    inner = text_of(node.func.value, scope)
    return None if inner is None else _method(node.func.attr, inner, node, scope)


def _decoded(data: bytes, node: ast.Call) -> str | None:
    """What bytes say in UTF-8; None where the call may mean another encoding."""
    match node.args:
        case [] | [ast.Constant(value="utf-8" | "UTF-8" | "utf8" | "ascii")] if not node.keywords:
            pass
        case _:
            return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _method(name: str, inner: Text, node: ast.Call, scope: Scope) -> Text | None:
    if name == "format":
        return _formatted(inner, node, scope)
    found: Text | None = None
    match node.args if not node.keywords else None:
        case [listed] if name == "join":
            found = _listed(inner, listed, scope)
        case [first, second] if name == "replace":
            found = _replaced(inner, value_of(first, scope), value_of(second, scope))
        case [] if name in _STRIPS:
            found = _stripped(inner, name, None)
        case [ast.Constant(value=str() | None as characters)] if name in _STRIPS:
            found = _stripped(inner, name, characters)
    return found


def _stripped(inner: Text, name: str, characters: str | None) -> Text:
    if not isinstance(inner, str):
        return Operation("strip", inner, name, characters)
    stripped: str = getattr(inner, name)(characters)
    return stripped


def _replaced(inner: Text, old: Text, new: Text) -> Text:
    if not (isinstance(inner, str) and isinstance(old, str) and isinstance(new, str)):
        return Operation("replace", inner, old, new)
    if len(inner) + inner.count(old) * len(new) > MOST_CHARACTERS:
        raise endless()
    return inner.replace(old, new)


def _listed(separator: Text, node: ast.expr, scope: Scope) -> Text | None:
    """What `separator.join([…])` gives of a list that is written out."""
    line, here = node.lineno, scope
    if isinstance(node, ast.Name):
        node, scope = scope.expression(node.id) or (node, scope)
    if not isinstance(node, ast.List | ast.Tuple):
        return None
    if any(isinstance(item, ast.Starred) for item in node.elts):
        return None
    parts: list[Text] = []
    for item in node.elts:
        parts += [separator, value_of(item, scope)]
    text = joined(parts[1:])
    return text if scope.module() is here.module() else relocated(text, line)


def _formatted(inner: Text, node: ast.Call, scope: Scope) -> Text | None:
    if any(isinstance(item, ast.Starred) for item in node.args):
        return None
    named = {item.arg: value_of(item.value, scope) for item in node.keywords if item.arg}
    positional = [value_of(item, scope) for item in node.args]
    others = "given" if len(named) < len(node.keywords) else ""
    return Operation("format", inner, positional, named, others)


def _percent(text: Text, node: ast.expr, scope: Scope) -> Text | None:
    match node:
        case ast.Tuple(elts=items):
            if any(isinstance(item, ast.Starred) for item in items):
                return None
            return Operation("percent", text, {"positional": [value_of(i, scope) for i in items]})
        case ast.Dict(keys=keys, values=values):
            names = [key.value for key in keys if isinstance(key, ast.Constant)]
            if len(names) < len(keys) or not all(isinstance(name, str) for name in names):
                return None
            given = {n: value_of(v, scope) for n, v in zip(names, values, strict=True)}
            return Operation("percent", text, {"named": given})
        case _:
            value = value_of(node, scope)
            return Operation("percent", text, {"alone": value})


def _path(node: ast.expr) -> list[str | int] | None:
    """The steps from a variable to what a dotted or subscripted expression means in a sample."""
    steps: list[str | int] = []
    while True:
        step: str | int
        match node:
            case ast.Name(id=name):
                return [name, *reversed(steps)]
            case ast.Attribute(value=value, attr=attribute):
                step = attribute
            case ast.Subscript(value=value, slice=ast.Constant(value=str() | int() as key)):
                step = key
            case ast.Subscript(
                value=value,
                slice=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as position)),
            ):
                step = -position
            case _:
                return None
        node = value
        steps.append(step)
