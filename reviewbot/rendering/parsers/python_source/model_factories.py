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
from reviewbot.rendering.parsers._common.asked import Asked, by_default, one_of
from reviewbot.rendering.parsers.python_source.blocks import Function
from reviewbot.rendering.parsers.python_source.given_arguments import meant_by
from reviewbot.rendering.parsers.python_source.made_objects import called, function_at, made
from reviewbot.rendering.parsers.python_source.scopes import Scope, Steps, steps_of
from reviewbot.rendering.parsers.python_source.setting_values import told as setting
from reviewbot.rendering.parsers.python_source.test_conditions import holds_in_tests
from reviewbot.rendering.parsers.python_source.usual_choices import UndecidedError, UsualChoices

_MOST = 60
"""Names, choices and functions that are looked behind for one model."""

_MOST_WAYS = 12
"""Expressions that one model may be."""

_MOST_READ = 500
"""Expressions that are read in one file for what functions give."""

_Known = dict[tuple[object, ...], tuple[ast.expr, Asked | None]]
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
    key = id(node), kind, meant_by(scope)
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
    speaks_itself = any(way.node is own for way in ways)
    if speaks_itself and not isinstance(own, ast.BoolOp):
        return None
    module = scope.module()
    module.models_read += len(ways)
    if module.models_read > _MOST_READ:
        return None
    told = [(read(way.node, way.scope), way.is_test) for way in ways if way.node is not own]
    one = None if speaks_itself else one_of(told, node.lineno)
    is_choice = any(isinstance(way.node, ast.BoolOp) for way in ways)
    if one is not None or not (is_choice or any(asked.names_model for asked, _ in told)):
        return one
    usual = usual_way(Way(node=node, scope=scope))
    if usual is None or usual[0].node is own:
        return None
    way, is_settled = usual
    asked = one_of([(read(way.node, way.scope), False)], node.lineno)
    return (
        asked if asked is None or is_settled else by_default(asked, setting("model", node, scope))
    )


def usual_way(way: Way) -> tuple[Way, bool] | None:
    """What is meant where nothing outside says otherwise, and whether nothing could.

    None where the source does not tell.
    """
    choices = UsualChoices()
    try:
        for _ in range(_MOST):
            further = _usual_step(way, choices)
            if further is None:
                return way, choices.is_settled
            way = further
    except (TemplateError, UndecidedError):
        pass
    return None


def _usual_step(way: Way, choices: UsualChoices) -> Way | None:
    node, scope = made(way.node, way.scope)
    if node is not way.node:
        return replace(way, node=node, scope=scope)
    chosen = choices.chosen(node, scope)
    found = _function(node.func, scope) if isinstance(node, ast.Call) else None
    if isinstance(node, ast.Call) and found is not None:
        scope = called(node, found, scope)
        chosen = choices.returned(found[0].body, scope)
        if chosen is None:
            raise UndecidedError
    return None if chosen is None else replace(way, node=chosen, scope=scope)


class _TooManyError(Exception):
    """More stands behind an expression than is looked at."""


def _followed(first: Way) -> Iterator[Way]:
    seen: set[tuple[object, ...]] = set()
    found = 0
    waiting = [first]
    while waiting:
        way = waiting.pop()
        key = id(way.node), way.is_test, meant_by(way.scope)
        if key in seen:
            continue
        seen.add(key)
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
        case ast.Call():
            return _returned(way, node)
    return None


def _returned(way: Way, call: ast.Call) -> list[Way] | None:
    """What the function returns that is called; None where it is none of the project."""
    found = _function(call.func, way.scope)
    if found is None:
        return None
    function, _, _ = found
    scope = called(call, found, way.scope)
    returned = [
        Way(node=value, scope=scope, is_test=way.is_test or is_test)
        for value, is_test in _returns(function.body, scope, is_test=False)
    ]
    return returned or None


def _function(node: ast.expr, scope: Scope) -> tuple[Function, Steps, Scope] | None:
    """The function that is called, of this file or of an imported one."""
    found = function_at(node, scope)
    if found is None and (steps := steps_of(node)):
        owner = scope.owner(steps[0]) or scope.module()
        told = owner.imports.function(steps)
        found = None if told is None else function_at(*told)
    return found


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
