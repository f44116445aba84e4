"""Conditions, loops and `try` around the statements that set names."""

import ast
from collections.abc import Callable, Iterator
from functools import partial

from reviewbot.rendering.parsers._common.texts import Operation, Text
from reviewbot.rendering.parsers.python_source.blocks import all_nodes
from reviewbot.rendering.parsers.python_source.conditions import condition
from reviewbot.rendering.parsers.python_source.following import Following, State, States
from reviewbot.rendering.parsers.python_source.scopes import Scope
from reviewbot.rendering.parsers.python_source.values import joined

_LEAST_HELD = 60
_NOT_ASKED: Text = ""
_MOST_CHOICES = 40
"""Behind more conditions than these names are known only when the program runs."""

Read = Callable[[list[ast.stmt]], None]


class ControlFlow:
    """Reads what stands in compound statements, and what names stand for behind them."""

    def __init__(self, following: Following) -> None:
        self._following = following

    def follow(self, statement: ast.stmt, scope: Scope, read: Read) -> None:
        """Read the blocks in a statement; `read` reads one of them.

        What a condition asks is told only where it may choose between two values of a name.
        """
        match statement:
            case ast.If():
                choices, rest = _chain(statement)
                is_asked = scope.followed.are_set_in(statement)
                asked = [
                    (condition(test, scope) if is_asked else _NOT_ASKED, body)
                    for test, body in choices
                ]
                self._choices(asked, rest, scope, read)
            case ast.For() | ast.AsyncFor():
                head = f"for {ast.unparse(statement.target)} in {ast.unparse(statement.iter)}"
                self._loop(statement, head, scope, read)
            case ast.While(test=test):
                self._loop(statement, f"while {ast.unparse(test)}", scope, read)
            case ast.Try() | ast.TryStar():
                self._try(statement, scope, read)
            case ast.Match():
                self._choices(*_cases(statement), scope, read)

    def _choices(
        self,
        choices: list[tuple[Text, list[ast.stmt]]],
        rest: list[ast.stmt],
        scope: Scope,
        read: Read,
    ) -> None:
        """Behind blocks of which one is read, by the first condition that holds."""
        before = dict(scope.states)
        sides = [
            (asked, self._following.side(partial(read, block), before, scope), _leaves(block))
            for asked, block in choices
        ]
        behind = self._following.side(partial(read, rest), before, scope)
        is_left = _leaves(rest)
        if len(sides) > _MOST_CHOICES:
            self._following.give_up([behind, *(states for _, states, _ in sides)], before, scope)
            return
        for asked, states, is_side_left in reversed(sides):
            self._following.restore(behind, scope)
            self._join(asked, (states, is_side_left), (behind, is_left), before, scope)
            behind, is_left = dict(scope.states), is_side_left and is_left

    def _join(
        self,
        asked: Text,
        one: tuple[States, bool],
        other: tuple[States, bool],
        before: States,
        scope: Scope,
    ) -> None:
        """Behind two sides; one that is left does not come here."""
        for states, is_left in (one, other):
            if is_left:
                self._following.leave(states, before, scope)
        if one[1] or other[1]:
            self._following.restore(other[0] if one[1] else one[0], scope)
        else:
            self._following.choose(asked, (one[0], other[0]), before, scope)

    def _loop(
        self, node: ast.For | ast.AsyncFor | ast.While, head: str, scope: Scope, read: Read
    ) -> None:
        """What a loop adds is a variable; what it sets counts where it runs."""
        carried = _carried(node.body) & scope.followed
        for name in sorted(carried):
            state = scope.states.get(name)
            if state is not None and state.text is not None:
                added = _loop_text(f"{head}: {name}", node, name)
                text = joined([state.text, added])
                self._following.put(
                    name, State(text=text, level=state.level, line=state.line), scope
                )
        outer, scope.absorbed = scope.absorbed, scope.absorbed | carried
        before = dict(scope.states)
        inner = self._following.side(lambda: read(node.body), before, scope)
        scope.absorbed = outer
        said = {"name": head, "path": None, "line": node.lineno}
        first = {
            name: State(text=state.text, level=scope.level, line=state.line)
            if name not in before
            else state
            for name, state in inner.items()
        }
        set_before = {name: before.get(name, first[name]) for name in first}
        self._following.choose(Operation("hole", said), (first, set_before), before, scope)
        read(node.orelse)

    def _try(self, node: ast.Try | ast.TryStar, scope: Scope, read: Read) -> None:
        before = dict(scope.states)
        read(node.body)
        for handler in node.handlers:
            behind = dict(scope.states)
            caught = ast.unparse(handler.type) if handler.type else "Exception"
            side = self._following.side(partial(read, handler.body), before, scope)
            self._following.restore(behind, scope)
            said = {"name": f"except {caught}", "path": None, "line": handler.lineno}
            asked = Operation("hole", said)
            self._join(asked, (side, _leaves(handler.body)), (behind, False), before, scope)
        read(node.orelse)
        read(node.finalbody)


def _chain(node: ast.If) -> tuple[list[tuple[ast.expr, list[ast.stmt]]], list[ast.stmt]]:
    """The conditions of `if` and `elif` with their blocks, and the block of `else`."""
    found = [(node.test, node.body)]
    rest = node.orelse
    while len(rest) == 1 and isinstance(rest[0], ast.If):
        found.append((rest[0].test, rest[0].body))
        rest = rest[0].orelse
    return found, rest


def _cases(node: ast.Match) -> tuple[list[tuple[Text, list[ast.stmt]]], list[ast.stmt]]:
    """The cases of a `match` as conditions with their blocks, and the block of `case _`."""
    subject = ast.unparse(node.subject)
    found: list[tuple[Text, list[ast.stmt]]] = []
    for case in node.cases:
        is_rest = isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None
        if is_rest and case.guard is None:
            return found, case.body
        said = {"name": f"{subject} case {ast.unparse(case.pattern)}", "path": None}
        found.append((Operation("hole", {**said, "line": node.lineno}), case.body))
    return found, []


def _leaves(block: list[ast.stmt]) -> bool:
    """Whether what follows a block is not reached through it."""
    match block[-1:]:
        case [ast.Return() | ast.Raise() | ast.Continue() | ast.Break()]:
            return True
        case [ast.If(body=body, orelse=orelse)]:
            return _leaves(body) and _leaves(orelse)
        case _:
            return False


def _carried(body: list[ast.stmt], begun: frozenset[str] = frozenset()) -> set[str]:
    """The names that each turn of a loop adds to, but for those that it has `begun` anew."""
    found: set[str] = set()
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if not _reads(value, name):
                begun |= {name}
            case ast.AugAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                found |= {name} - begun
        for inner in _blocks_in(statement):
            found |= _carried(inner, begun)
    return found


def _blocks_in(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of a compound statement."""
    for part in (statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        for name in ("body", "orelse", "finalbody"):
            if inner := getattr(part, name, None):
                yield inner


def _reads(value: ast.expr, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in all_nodes(value))


def _loop_text(title: str, node: ast.stmt, name: str) -> Text:
    """What a loop adds to a text; what it spells out counts once where no sample says more."""
    said: dict[str, object] = {"name": title, "path": None, "line": node.lineno}
    held = "".join(
        item.value
        for added in _added(node, name)
        for item in all_nodes(added)
        if isinstance(item, ast.Constant) and isinstance(item.value, str)
    )
    if len(held) >= _LEAST_HELD:
        said["holds"] = held
    return Operation("hole", said)


def _added(node: ast.stmt, name: str) -> Iterator[ast.expr]:
    for inner in all_nodes(node):
        match inner:
            case (
                ast.AugAssign(target=ast.Name(id=own), value=value)
                | ast.Assign(targets=[ast.Name(id=own)], value=value)
            ) if own == name:
                yield value
