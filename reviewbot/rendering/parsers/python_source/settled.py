"""Where Python source changes lists and dictionaries after they were made."""

import ast
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reviewbot.rendering.parsers.python_source.blocks import straight
from reviewbot.rendering.parsers.python_source.changing_calls import (
    CHANGING_FIRST,
    METHODS,
    OWNERS,
)
from reviewbot.rendering.parsers.python_source.other_names import pairs
from reviewbot.rendering.parsers.python_source.scopes import Steps, dotted, steps_of

_MOST_OTHERS = 100_000
"""Lines that are changed under other names: in real files there are a few."""


class Changes:
    """The lines in which what stands under each name is changed, in a whole file."""

    def __init__(self, nodes: Sequence[ast.AST]) -> None:
        self._lines: dict[Steps, list[int]] = {}
        self._inside: dict[Steps, list[int]] = {}
        added: dict[Steps, list[int]] = {}
        for node in nodes:
            for steps, line in _changed_by(node) if type(node) in _CHANGING else ():
                self._lines.setdefault(steps, []).append(line)
                for length in range(1, min(len(steps), _DEEPEST)):
                    self._inside.setdefault(steps[:length], []).append(line)
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                added.setdefault((node.target.id,), []).append(node.lineno)
        self._is_lost = not self._under_other_names(nodes, added)
        for lines in (*self._lines.values(), *self._inside.values()):
            lines.sort()

    def _under_other_names(
        self, nodes: Sequence[ast.AST], added: Mapping[Steps, list[int]]
    ) -> bool:
        """Count what is changed under a second name for the first one; whether all could be."""
        left = _MOST_OTHERS
        for name, first in reversed(dict.fromkeys(pairs(nodes))):
            more = [*self._lines.get(name, ()), *added.get(name, ())]
            inside = self._inside.get(name, ())
            left -= len(more) + len(inside)
            if left < 0:
                return False
            if more and first:
                self._lines.setdefault(first, []).extend(more)
            if inside and first:
                self._inside.setdefault(first, []).extend(inside)
        return True

    def within(self, steps: Steps, first: int, last: int) -> int:
        """How often it is changed in some lines of the file."""
        return -1 if self._is_lost else _between(self._lines.get(steps, []), first, last)

    def inside(self, steps: Steps, first: int, last: int) -> int:
        """How often an entry of it is changed there."""
        return 1 if self._is_lost else _between(self._inside.get(steps, []), first, last)


_DEEPEST = 8


def _between(lines: list[int], first: int, last: int) -> int:
    return bisect_right(lines, last) - bisect_left(lines, first)


def told_in(body: Iterable[ast.stmt]) -> Counter[Steps]:
    """The changes of a block that are read in their place: `append`, and entries with a key."""
    found: Counter[Steps] = Counter()
    for statement in straight(body):
        match statement:
            case ast.Assign(targets=targets):
                for target in targets:
                    found.update(steps for steps, _ in _changed_by(target) if len(steps) > 1)
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="append", value=value))):
                found.update(filter(None, [steps_of(value)]))
    return found


_CHANGING = {ast.Call, ast.Attribute, ast.Subscript}


def _changed_by(node: ast.AST) -> Iterator[tuple[Steps, int]]:
    match node:
        case ast.Attribute(value=value, attr=attr, ctx=ast.Load()) if attr in METHODS:
            steps = steps_of(value.value if isinstance(value, ast.NamedExpr) else value)
        case ast.Call(func=ast.Attribute(value=owner, attr=attr), args=[value, *_]) if (
            attr in CHANGING_FIRST and dotted(owner) in OWNERS
        ):
            steps = steps_of(value)
        case ast.Attribute(ctx=ast.Store() | ast.Del()):
            steps = steps_of(node)
        case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
            steps = steps_of(node)
            if not steps or not isinstance(node.slice, ast.Constant):
                steps = steps_of(value)
        case _:
            return
    if steps:
        yield steps, node.lineno
