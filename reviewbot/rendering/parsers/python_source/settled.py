"""Where Python source changes lists and dictionaries after they were made."""

import ast
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator

from reviewbot.rendering.parsers.python_source.blocks import straight
from reviewbot.rendering.parsers.python_source.scopes import Steps, steps_of

METHODS = frozenset(
    ("append", "extend", "insert", "pop", "remove", "clear", "reverse", "sort", "update")
) | {"setdefault", "popitem"}


class Changes:
    """The lines in which what stands under each name is changed, in a whole file."""

    def __init__(self, nodes: Iterable[ast.AST]) -> None:
        self._lines: dict[Steps, list[int]] = {}
        self._inside: dict[Steps, list[int]] = {}
        for node in nodes:
            for steps, line in _changed_by(node) if type(node) in _CHANGING else ():
                self._lines.setdefault(steps, []).append(line)
                for length in range(1, min(len(steps), _DEEPEST)):
                    self._inside.setdefault(steps[:length], []).append(line)
        for lines in (*self._lines.values(), *self._inside.values()):
            lines.sort()

    def within(self, steps: Steps, first: int, last: int) -> int:
        """How often it is changed in some lines of the file."""
        return _between(self._lines.get(steps, []), first, last)

    def inside(self, steps: Steps, first: int, last: int) -> int:
        """How often an entry of it is changed there."""
        return _between(self._inside.get(steps, []), first, last)


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
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="append")) as call):
                found.update(steps for steps, _ in _changed_by(call))
    return found


_CHANGING = {ast.Call, ast.Attribute, ast.Subscript}


def _changed_by(node: ast.AST) -> Iterator[tuple[Steps, int]]:
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in METHODS:
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
