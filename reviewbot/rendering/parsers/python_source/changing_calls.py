"""Calls of Python source that change what they are called on, or what they are given."""

import ast
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from reviewbot.rendering.parsers.python_source import scopes
from reviewbot.rendering.parsers.python_source.other_names import NAMESPACES, updated_keys
from reviewbot.rendering.parsers.python_source.scopes import Steps
from reviewbot.rendering.parsers.python_source.wholes import wholes

ADDING: Final = frozenset({"append", "extend"})
CHANGING: Final = frozenset(
    {
        *("update", "pop", "popitem", "clear", "insert", "remove", "reverse", "sort"),
        *("setdefault", "__setitem__", "__delitem__", "__ior__", "__iadd__", "__imul__"),
    }
)
METHODS: Final = ADDING | CHANGING
"""All methods that change a list or a mapping; those that are `ADDING` leave what is in it."""

CHANGING_FIRST: Final = METHODS | {"setitem", "delitem", "iadd", "__setattr__", "__delattr__"}
OWNERS: Final = frozenset({"operator", "dict", "list", "object", "type"})
"""Functions of these change their first argument."""

_OF_MODULES = {"modules", "f_globals"}
"""Attributes of Python's own that give a module, or all that it holds, by other ways."""


class Change(Struct, frozen=True, kw_only=True):
    """A statement in `line` that changes what stands at `path`.

    What it sets itself, in the lines from `first` to `last`, is known. `own` says that what stands
    at `path` changes, `below` that what stands under it does, `above` that what holds it does, but
    for the `blocks` around it. `here` says that it is in the block that the name belongs to, and no
    definition: then what stands at `path` or under it may be set again further down. `is_name` says
    that it is `name = …`. `in_place` says that a list or a mapping at `path` stays the same object
    and holds something else; what is `followed` is read where it stands. `by` is what makes it
    where that is no statement of Python.
    """

    path: Steps
    line: int
    own: bool = True
    below: bool = True
    above: bool = True
    first: int = 0
    last: int = 0
    blocks: int = 0
    here: bool = False
    is_name: bool = False
    in_place: bool = False
    followed: bool = False
    deeper: int = 0
    by: str = ""

    @property
    def said(self) -> str:
        """What is said of the name that it changes."""
        if not self.by:
            return f"is changed by code in line {self.line}"
        magic, _, about = self.by.partition(",")
        return f"may be set by {magic} in line {self.line}{about and ','}{about}"

    def spares(self, line: int) -> bool:
        """Whether what is set in that line, at the path or below it, is still true."""
        return self.first <= line and (line <= self.last or (self.here and self.last > 0))


class LaterChanges:
    """`every` change of a file, in no order.

    They stand `at` their paths; `inside` are the lines in which something in a path is changed.
    """

    def __init__(self, changes: Iterable[Change]) -> None:
        self.at: dict[Steps, list[Change]] = {}
        self.inside: dict[Steps, int] = {}
        self.every = tuple(changes)
        for change in self.every:
            self.at.setdefault(change.path, []).append(change)
            for length in range(change.blocks + 1, len(change.path) if change.above else 0):
                self.inside.setdefault(change.path[:length], change.line)


def somewhere(node: ast.expr, line: int) -> Iterator[Change]:
    """A change of something in what an expression gives."""
    if isinstance(node, ast.NamedExpr | ast.IfExp | ast.BoolOp):
        for choice in _choices(node):
            yield from somewhere(choice, line)
        return
    deeper = 0
    while isinstance(node, ast.Subscript | ast.Attribute) and not scopes.steps_of(node):
        if isinstance(node, ast.Attribute) and node.attr in _OF_MODULES:
            yield Change(path=(), line=line)
            return
        node = node.value
        deeper += 1
    if isinstance(node, ast.Attribute) and node.attr in _OF_MODULES:
        yield Change(path=(), line=line)
    elif steps := scopes.steps_of(node):
        yield Change(path=steps, line=line, own=False, in_place=True, deeper=deeper)
    elif isinstance(node, ast.Call) and last_name(node) in NAMESPACES:
        yield Change(path=(), line=line)
    else:
        held = (whole for whole, place in wholes(node) if len(place) <= deeper)
        yield from (Change(path=whole, line=line, own=False, in_place=True) for whole in held)


def _choices(node: ast.NamedExpr | ast.IfExp | ast.BoolOp) -> list[ast.expr]:
    match node:
        case ast.IfExp(body=one, orelse=other):
            return [one, other]
        case ast.BoolOp(values=values):
            return values
        case _:
            return [node.value]


def called(node: ast.Call) -> Iterator[Change]:
    """What a call changes in place."""
    match node:
        case ast.Call(
            func=ast.Name(id="setattr"), args=[holder, ast.Constant(value=str(name)), _]
        ) if steps := scopes.steps_of(holder):
            yield Change(path=(*steps, name), line=node.lineno)
        case ast.Call(func=ast.Name(id="setattr"), args=[holder, *_]):
            yield from somewhere(holder, node.lineno)
        case ast.Call(func=ast.Attribute(value=owner, attr=attr), args=[holder, *_]) if (
            attr in CHANGING_FIRST and scopes.dotted(owner) in OWNERS
        ):
            yield from somewhere(holder, node.lineno)
        case ast.Call(func=ast.Attribute(value=holder, attr="update")):
            steps, names = scopes.steps_of(holder), updated_keys(node)
            if not steps or None in names:
                yield from somewhere(holder, node.lineno)
            else:
                for name in filter(None, names):
                    yield Change(path=(*steps, name), line=node.lineno)
        case ast.Call(func=ast.Attribute() as method):
            yield from by_method(method)


def changes_nothing(node: ast.AST) -> bool:
    """Whether a node is a call or an attribute that neither changes nor runs anything."""
    if type(node) is ast.Attribute:
        return node.attr not in METHODS
    if type(node) is not ast.Call:
        return False
    function = node.func
    if type(function) is ast.Name:
        return function.id not in {"setattr", "exec"}
    return type(function) is not ast.Attribute or function.attr not in CHANGING_FIRST


def by_method(node: ast.Attribute) -> Iterator[Change]:
    """What a method changes, by itself: `add = messages.append`."""
    if not isinstance(node.ctx, ast.Load):
        return
    if node.attr in CHANGING:
        yield from somewhere(node.value, node.lineno)
    elif node.attr in ADDING:
        steps = scopes.steps_of(node.value)
        if steps:
            yield Change(path=steps, line=node.lineno, own=False, below=False, in_place=True)
        else:
            yield from somewhere(node.value, node.lineno)


def is_followed(node: ast.Call) -> bool:
    """Whether a call, as a statement by itself, is followed where it stands."""
    function = node.func
    if not isinstance(function, ast.Attribute) or function.attr not in METHODS:
        return False
    return bool(scopes.steps_of(function.value)) and scopes.dotted(function.value) not in OWNERS


def last_name(node: ast.expr) -> str:
    """The last name of what is called or read."""
    node = node.func if isinstance(node, ast.Call) else node
    return scopes.dotted(node).rpartition(".")[2]
