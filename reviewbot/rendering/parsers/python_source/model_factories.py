"""What functions and choices give that stand for a model: `model=title_model()`.

They are followed through imported files to the calls and texts that name a model. No function is
run: each of its `return`s counts.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.asked import Asked, one_of
from reviewbot.rendering.parsers.python_source.made_objects import function_at, inside, made
from reviewbot.rendering.parsers.python_source.scopes import Scope, steps_of
from reviewbot.rendering.parsers.python_source.test_conditions import holds_in_tests

_MOST = 60
"""Names, choices and functions that are looked behind for one model."""

_MOST_WAYS = 12
"""Expressions that one model may be."""

_MOST_READ = 500
"""Expressions that are read in one file for what functions give."""

_Known = dict[tuple[int, str], tuple[ast.expr, Asked | None]]
_KNOWN: ContextVar[_Known | None] = ContextVar("what is settled", default=None)
"""By the id of an expression, which is held with what it settles as long as one is read."""


class Way(Struct, frozen=True, kw_only=True):
    """An expression that may stand for a model, and the scope of its names.

    `is_test` says that it does so in tests only.
    """

    node: ast.expr
    scope: Scope
    is_test: bool = False


def settled(
    node: ast.expr, scope: Scope, read: Callable[[ast.expr, Scope], Asked], kind: str
) -> Asked | None:
    """What `read` tells of the one expression that is meant; None where that is not settled.

    None, too, where the expression speaks for itself. Each is read once for each `kind`.
    """
    known = _KNOWN.get()
    if known is None:
        token = _KNOWN.set({})
        try:
            return settled(node, scope, read, kind)
        finally:
            _KNOWN.reset(token)
    key = id(node), kind
    if key not in known:
        known[key] = node, None  # what needs itself is not settled
        known[key] = node, _settled(node, scope, read)
    return known[key][1]


def _settled(
    node: ast.expr, scope: Scope, read: Callable[[ast.expr, Scope], Asked]
) -> Asked | None:
    try:
        ways = [*_followed(Way(node=node, scope=scope))]
    except (TemplateError, _TooManyError):
        return None
    own, _ = made(node, scope)
    if any(way.node is own for way in ways):
        return None
    module = scope.module()
    module.models_read += len(ways)
    if module.models_read > _MOST_READ:
        return None
    return one_of([(read(way.node, way.scope), way.is_test) for way in ways], node.lineno)


class _TooManyError(Exception):
    """More stands behind an expression than is looked at."""


def _followed(first: Way) -> Iterator[Way]:
    seen: set[tuple[int, bool]] = set()
    found = 0
    waiting = [first]
    while waiting:
        way = waiting.pop()
        if (id(way.node), way.is_test) in seen:
            continue
        seen.add((id(way.node), way.is_test))
        further = _further(way)
        if further is not None:
            waiting += reversed(further)
        elif not (isinstance(way.node, ast.Constant) and way.node.value is None):
            found += 1
            yield way
        if len(seen) > _MOST or found > _MOST_WAYS:
            raise _TooManyError


def _further(way: Way) -> list[Way] | None:
    """What stands one step behind an expression; None of what names a model by itself."""
    node, scope = made(way.node, way.scope)
    if node is not way.node:
        return [replace(way, node=node, scope=scope)]
    match node:
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return [
                replace(way, node=side, scope=scope, is_test=way.is_test or is_test)
                for side, on in ((body, True), (orelse, False))
                for is_test in [holds_in_tests(test, scope, is_on=on)]
            ]
        case ast.Call(func=function):
            return _returned(way, function)
    return None


def _returned(way: Way, called: ast.expr) -> list[Way] | None:
    """What the function returns that is called; None where it is none of the project."""
    found = function_at(called, way.scope)
    if found is None and (steps := steps_of(called)):
        owner = way.scope.owner(steps[0]) or way.scope.module()
        told = owner.imports.function(steps)
        found = None if told is None else function_at(*told)
    if found is None:
        return None
    function, path, outer = found
    scope = inside(function, path, outer)
    returned = [
        Way(node=value, scope=scope, is_test=way.is_test or is_test)
        for value, is_test in _returns(function.body, scope, is_test=False)
    ]
    return returned or None


def _returns(
    body: Iterable[ast.stmt], scope: Scope, *, is_test: bool
) -> Iterator[tuple[ast.expr, bool]]:
    """What statements return, and whether they are reached in tests only."""
    for statement in body:
        match statement:
            case ast.Return(value=ast.expr() as value):
                yield value, is_test
            case ast.If(test=test, body=inner, orelse=orelse):
                for side, on in ((inner, True), (orelse, False)):
                    is_of_test = is_test or holds_in_tests(test, scope, is_on=on)
                    yield from _returns(side, scope, is_test=is_of_test)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                continue
            case _:
                for inner in _bodies(statement):
                    yield from _returns(inner, scope, is_test=is_test)


def _bodies(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks in a statement that are run with it."""
    for key in ("body", "orelse", "finalbody"):
        yield getattr(node, key, [])
    for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield part.body
