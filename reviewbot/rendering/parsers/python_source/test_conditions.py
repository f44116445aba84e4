"""Conditions of Python that hold in tests only: `os.environ["APP_ENV"] == "test"`."""

import ast

from reviewbot.rendering.parsers._common.test_conditions import compares_to_test, says_test
from reviewbot.rendering.parsers.python_source.scopes import Scope, steps_of


def holds_in_tests(node: ast.expr, scope: Scope, *, is_on: bool) -> bool:
    """Whether a condition is met, or with `is_on` False not met, in tests only.

    What a function is given may be anything, whatever it is called.
    """
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return holds_in_tests(inner, scope, is_on=not is_on)
        case ast.BoolOp(op=operator, values=values):
            sides = [holds_in_tests(side, scope, is_on=is_on) for side in values]
            return any(sides) if isinstance(operator, ast.And) is is_on else all(sides)
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq() as operator], comparators=[right]):
            return isinstance(operator, ast.Eq) is is_on and _compares(left, right)
    return is_on and says_test(_name(node)) and not _is_given(node, scope)


def _is_given(node: ast.expr, scope: Scope) -> bool:
    """Whether it is an argument of the function around it."""
    owner = scope.owner(node.id) if isinstance(node, ast.Name) else None
    is_local = owner is not None and owner.is_function
    return is_local and isinstance(node, ast.Name) and node.id not in scope.nodes


def _compares(*sides: ast.expr) -> bool:
    texts = [side.value for side in sides if isinstance(side, ast.Constant)]
    names = [name for side in sides if (name := _name(side))]
    is_text = len(texts) == len(names) == 1 and isinstance(texts[0], str)
    return is_text and compares_to_test(names[0], str(texts[0]))


def _name(node: ast.expr) -> str:
    """The last name or key of an expression, or what it reads from the environment."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=[]) if name:
            return name
        case ast.Call(
            func=ast.Attribute(attr="get" | "getenv") | ast.Name(id="getenv" | "bool"),
            args=[ast.Constant(value=str() as key), *_],
        ):
            return key
    steps = steps_of(node)
    return steps[-1] if steps else ""
