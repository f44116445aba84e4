"""What a function of Python source is given by the call that is followed into it."""

import ast

from reviewbot.rendering.parsers.python_source.blocks import Function, defaults_of
from reviewbot.rendering.parsers.python_source.scopes import Expression, Scope

_UNKNOWN = ast.Constant(value=..., lineno=1, col_offset=0)
"""What an argument stands for that is given by `*several` or `**settings`."""


def given_by(
    call: ast.Call, function: Function, outer: Scope, caller: Scope
) -> dict[str, Expression]:
    """The arguments of a function by name; those that the call leaves out have their defaults."""
    names = [item.arg for item in (*function.args.posonlyargs, *function.args.args)]
    if _is_of_object(call, function):
        names = names[1:]
    defaults = {item.arg: (value, outer) for item, value in defaults_of(function.args)}
    is_open = any(isinstance(item, ast.Starred) for item in call.args)
    if is_open or any(item.arg is None for item in call.keywords):
        every = (*names, *(item.arg for item in function.args.kwonlyargs))
        found: dict[str, Expression] = dict.fromkeys(every, (_UNKNOWN, outer))
    else:
        found = {
            **defaults,
            **{name: (item, caller) for name, item in zip(names, call.args, strict=False)},
        }
    named = {item.arg: (item.value, caller) for item in call.keywords if item.arg is not None}
    return found | named


def _is_of_object(call: ast.Call, function: Function) -> bool:
    """Whether the first argument is the object that the method is called on."""
    is_static = any(
        isinstance(item, ast.Name) and item.id == "staticmethod" for item in function.decorator_list
    )
    return isinstance(call.func, ast.Attribute) and not is_static and _named_first(function)


def _named_first(function: Function) -> bool:
    first = [*function.args.posonlyargs, *function.args.args][:1]
    return bool(first) and first[0].arg in {"self", "cls"}


def meant_by(scope: Scope) -> frozenset[tuple[str, int]]:
    """What the arguments of the functions around a place stand for, as far as a call tells it."""
    found: set[tuple[str, int]] = set()
    around: Scope | None = scope
    while around is not None:
        found.update((name, id(value)) for name, (value, _) in around.called_with.items())
        around = around.outer
    return frozenset(found)
