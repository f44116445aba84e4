"""Attributes of the object that a method belongs to, which are told apart: `self.a`, `self.b`."""

import ast
from collections.abc import Iterable
from typing import Final

OBJECTS: Final = frozenset({"self", "cls"})
"""The names by which methods call the object that they belong to."""

_LOGS: Final = frozenset({"log", "logger", "logging"})
_LEVELS: Final = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical"})


def named(node: ast.AST) -> str:
    """The name that an expression is, `a` or `self.a`; empty where it is none."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id=name), attr=key) if name in OBJECTS:
            return name if key.startswith("__") else f"{name}.{key}"
    return ""


def root(name: str) -> str:
    """The object that a name belongs to, or the name itself."""
    return name.partition(".")[0]


def is_log(call: ast.Call) -> bool:
    """Whether a call only writes a line into a log."""
    match call.func:
        case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name), attr=level):
            return level in _LEVELS and name.strip("_").lower() in _LOGS
    return False


def plain_attributes(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """The attributes that are set in a file, and that nothing in it computes when they are read."""
    found: set[str] = set()
    computed: set[str] = set()
    for node in nodes:
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=key, ctx=ast.Store()):
                found |= {key} if name in OBJECTS else set()
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                computed.add(name)
            case ast.ClassDef(body=body):
                computed.update(*(_made_in(item) for item in body))
    return frozenset(found - computed)


def _made_in(statement: ast.stmt) -> list[str]:
    """The names of a class that may stand for what is computed (`model = Chosen()`)."""
    match statement:
        case ast.Assign(targets=targets, value=value) if not isinstance(value, ast.Constant):
            return [item.id for item in targets if isinstance(item, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.Call()):
            return [name]
    return []
