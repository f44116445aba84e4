"""Attributes of the object that a method belongs to, which are told apart: `self.a`, `self.b`."""

import ast
from collections.abc import Iterable, Iterator
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


def own_method(node: ast.AST) -> tuple[str, str] | None:
    """The object and the name of its own method that is called: `self.a()`."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=key)) if name in OBJECTS:
            return name, key
    return None


def root(name: str) -> str:
    """The object that a name belongs to, or the name itself."""
    return name.partition(".")[0]


def is_log(call: ast.Call) -> bool:
    """Whether a call only writes a line into a log."""
    match call.func:
        case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name), attr=level):
            return level in _LEVELS and name.strip("_").lower() in _LOGS
    return False


class Methods:
    """Which attributes of their object the methods of a file speak of, by the methods' names."""

    def __init__(self, nodes: Iterable[ast.AST]) -> None:
        self._bodies: dict[str, list[ast.AST]] = {}
        for node in nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self._bodies.setdefault(node.name, []).extend(node.body)
        self._known: dict[str, tuple[str, ...] | None] = {}

    def attributes(self, name: str) -> tuple[str, ...] | None:
        """Those that a method and the methods that it calls name; None where it may be any."""
        if name not in self._known:
            self._known[name] = self._read(name)
        return self._known[name]

    def names(self, own: str, method: str) -> list[str]:
        """What a call of a method may read or set: `self.a`, or `self` where that is not known."""
        attributes = self.attributes(method)
        return [own] if attributes is None else [f"{own}.{name}" for name in attributes]

    def _read(self, name: str) -> tuple[str, ...] | None:
        found: set[str] = set()
        methods = [name]
        for method in methods:
            if method not in self._bodies:
                return None
            for kind, said in _said_of_object(self._bodies[method]):
                if kind == "object":
                    return None
                if kind == "attribute":
                    found.add(said)
                elif said not in methods:
                    methods.append(said)
        return tuple(sorted(found))


def _said_of_object(body: list[ast.AST]) -> Iterator[tuple[str, str]]:
    """The attributes and the methods of the object that are named, and where it stands itself."""
    waiting = [*body]
    for node in waiting:
        match node:
            case ast.Name(id=name) if name in OBJECTS or name == "super":
                yield "object", name
            case ast.Call() if is_log(node):
                waiting += filter(own_method, ast.walk(node))
                continue
            case ast.Call(args=given, keywords=keywords) if own := own_method(node):
                yield "method", own[1]
                waiting += [*given, *keywords]
                continue
            case ast.Attribute() if "." in (name := named(node)):
                yield "attribute", name.partition(".")[2]
                continue
        waiting += ast.iter_child_nodes(node)


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
