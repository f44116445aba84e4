"""What Python source chooses where nothing outside of it says otherwise.

What reads the environment is not there, or has its default; arguments are what the call that is
followed gives, or have their defaults.
"""

import ast
from collections.abc import Callable, Iterable, Iterator

from reviewbot.rendering.parsers.python_source.default_texts import default_text
from reviewbot.rendering.parsers.python_source.made_objects import made
from reviewbot.rendering.parsers.python_source.scopes import Scope, dotted
from reviewbot.rendering.parsers.python_source.setting_values import text_at

_DEEPEST = 12
"""Conditions that stand in each other."""

_CHANGES: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "strip": str.strip,
}
_ASKS: dict[str, Callable[[str, str], bool]] = {
    "startswith": str.startswith,
    "endswith": str.endswith,
}
_NOTHING = (None, "")


class UndecidedError(Exception):
    """The source does not tell what is chosen."""


class UsualChoices:
    """Decides conditions; `is_settled` as long as nothing outside could decide them otherwise.

    All of its methods raise an UndecidedError where the source does not tell.
    """

    def __init__(self) -> None:
        self.is_settled = True

    def returned(self, body: Iterable[ast.stmt], scope: Scope) -> ast.expr | None:
        """What statements return; None where they go on."""
        for statement in body:
            found = None
            match statement:
                case ast.Return(value=ast.expr() as value):
                    return value
                case ast.If(body=inner, orelse=orelse) if _returns(statement):
                    found = self.returned(
                        inner if self._is_gone(statement, scope) else orelse, scope
                    )
                case ast.Match(subject=subject, cases=cases) if _returns(statement):
                    found = self.returned(self._case(subject, cases, scope), scope)
                case ast.Try(body=inner) | ast.With(body=inner) | ast.AsyncWith(body=inner):
                    found = self.returned(inner, scope)
                case ast.Raise():
                    raise UndecidedError
                case _ if _returns(statement):
                    raise UndecidedError
            if found is not None:
                return found
        return None

    def _is_gone(self, statement: ast.If, scope: Scope) -> bool:
        """Whether a condition is met; one that else only refuses the call is."""
        if not any(map(_returns, statement.orelse)) and any(map(_refuses, statement.orelse)):
            return True
        if not any(map(_returns, statement.body)) and any(map(_refuses, statement.body)):
            return False
        return self.holds(statement.test, scope)

    def _case(
        self, subject: ast.expr, cases: Iterable[ast.match_case], scope: Scope
    ) -> list[ast.stmt]:
        """The statements of the case that a subject has."""
        meant = self._value(subject, scope)
        for case in cases:
            match case.pattern, case.guard:
                case ast.MatchValue(value=ast.Constant(value=value)), None if value == meant:
                    return case.body
                case ast.MatchValue(value=ast.Constant()), None:
                    continue
                case ast.MatchAs(pattern=None), None:
                    return case.body
                case _:
                    raise UndecidedError
        return []

    def chosen(self, node: ast.expr, scope: Scope) -> ast.expr | None:
        """What `a if c else b` and `a or b` give; None of other expressions."""
        match node:
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return body if self.holds(test, scope) else orelse
            case ast.BoolOp(op=ast.Or(), values=[*several, last]):
                return next((one for one in several if self.holds(one, scope)), last)
        return None

    def holds(self, node: ast.expr, scope: Scope, depth: int = 0) -> bool:
        """Whether a condition is met."""
        if depth > _DEEPEST:
            raise UndecidedError
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                return not self.holds(inner, scope, depth + 1)
            case ast.BoolOp(op=operator, values=values):
                said = (self.holds(side, scope, depth + 1) for side in values)
                return all(said) if isinstance(operator, ast.And) else any(said)
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return self._compares(left, operator, right, scope)
            case ast.Call(func=ast.Attribute(value=on, attr=name), args=[asked]) if name in _ASKS:
                told = [self._value(side, scope) for side in (on, asked)]
                if isinstance(told[0], str) and isinstance(told[1], str):
                    return _ASKS[name](told[0], told[1])
                raise UndecidedError
        return bool(self._value(node, scope))

    def _compares(self, left: ast.expr, operator: ast.cmpop, right: ast.expr, scope: Scope) -> bool:
        match operator:
            case ast.Eq() | ast.Is():
                return self._value(left, scope) == self._value(right, scope)
            case ast.NotEq() | ast.IsNot():
                return self._value(left, scope) != self._value(right, scope)
            case ast.In() | ast.NotIn() if isinstance(right, ast.Tuple | ast.List | ast.Set):
                several = [self._value(item, scope) for item in right.elts]
                is_among = self._value(left, scope) in several
                return is_among is isinstance(operator, ast.In)
        raise UndecidedError

    def _value(self, node: ast.expr, scope: Scope) -> object:
        """A text or another constant, True of what is made; None of what only others give."""
        match node:
            case ast.Call(func=ast.Attribute(value=on, attr=name), args=[]) if name in _CHANGES:
                inner = self._value(on, scope)
                return _CHANGES[name](inner) if isinstance(inner, str) else inner
        if (chosen := self.chosen(node, scope)) is not None:
            return self._value(chosen, scope)
        found, where = made(node, scope)
        if found is not node and isinstance(found, ast.Call | ast.IfExp | ast.BoolOp):
            return self._value(found, where)
        return self._own(node, found, scope)

    def _own(self, node: ast.expr, found: ast.expr, scope: Scope) -> object:
        """What an expression stands for by itself, behind which there is a `found` one."""
        if isinstance(found, ast.Constant) and found.value is not ...:
            return found.value
        if (text := text_at(node, scope)) is not None:
            return text
        self.is_settled = False
        if (text := default_text(node, scope)) is not None:
            return text
        is_made = (
            isinstance(found, ast.Call) and dotted(found.func).rpartition(".")[2][:1].isupper()
        )
        if is_made or any(map(_is_nothing, (found, *_defaults(found, scope)))):
            return is_made or None
        raise UndecidedError


def _returns(node: ast.stmt) -> bool:
    """Whether a statement may return something."""
    return any(isinstance(item, ast.Return) for item in _own(node))


def _refuses(node: ast.stmt) -> bool:
    return any(isinstance(item, ast.Raise) for item in _own(node))


def _own(node: ast.stmt) -> Iterator[ast.AST]:
    """What stands in a statement, but for functions in it."""
    waiting: list[ast.AST] = [node]
    while waiting:
        item = waiting.pop()
        yield item
        if not isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting += ast.iter_child_nodes(item)


def _defaults(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    """The default of an argument that no followed call gives."""
    owner = scope.owner(node.id) if isinstance(node, ast.Name) else None
    if isinstance(node, ast.Name) and owner is not None and owner.is_function:
        said = owner.sayings(node.id)
        yield from (one.node for one in said if len(said) == 1 if isinstance(one.node, ast.expr))


def _is_nothing(node: ast.expr) -> bool:
    """Whether an expression is empty where the environment is: `os.getenv("KEY")`, `None`."""
    match node:
        case ast.Constant(value=value):
            return value in _NOTHING
        case ast.Call(func=function, args=[_, *rest], keywords=[]):
            steps = dotted(function).split(".")
            is_read = steps[-1] == "getenv" or steps[-2:] == ["environ", "get"]
            return is_read and all(map(_is_nothing, rest))
    return False
