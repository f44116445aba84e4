"""Names that Python looks up by their text: `globals()["SYSTEM"]`, `vars(prompts)["SYSTEM"]`."""

import ast

from reviewbot.rendering.parsers._common.sent_parts import Steps
from reviewbot.rendering.parsers.python_source.scopes import steps_of

_OF_THE_MODULE = {"globals", "locals", "vars"}
_IMPORTING = {"import_module", "__import__"}


def is_computed(key: ast.expr) -> bool:
    """Whether code puts together, or looks up, the key of an entry: no number and no slice."""
    return isinstance(key, ast.JoinedStr | ast.BinOp | ast.Call | ast.IfExp | ast.Subscript)


def looked_up(node: ast.expr) -> Steps:
    """The name and the keys that are read; empty where it is no such expression."""
    keys: list[str] = []
    while True:
        match node:
            case ast.Name(id=name):
                return (name, *reversed(keys))
            case ast.Subscript(
                value=ast.Attribute(value=ast.Name(id="sys"), attr="modules"),
                slice=ast.Constant(value=str(module)),
            ):
                return (module.rpartition(".")[2], *reversed(keys))
            case ast.Call(
                func=ast.Attribute(attr=name) | ast.Name(id=name),
                args=[ast.Constant(value=str(module)), *_],
            ) if name in _IMPORTING:
                return (module.rpartition(".")[2], *reversed(keys))
            case ast.Call(func=ast.Name(id=name), args=[]) if name in _OF_THE_MODULE:
                return tuple(reversed(keys))
            case ast.Call(func=ast.Name(id="vars"), args=[inner]):
                node = inner
            case ast.Attribute(value=inner, attr="__dict__"):
                node = inner
            case ast.Attribute(value=inner, attr=key):
                keys.append(key)
                node = inner
            case ast.Subscript(value=inner, slice=ast.Constant(value=str(key))):
                keys.append(key)
                node = inner
            case _:
                return ()


def attribute(node: ast.Call) -> Steps:
    """What `getattr(prompts, "SYSTEM")` reads; empty where that is no name."""
    match node.args:
        case [of, ast.Constant(value=str(name)), *_] if name.isidentifier():
            return (*steps_of(of), name)
    return ()
