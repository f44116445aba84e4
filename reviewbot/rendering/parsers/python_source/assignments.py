"""Follows what is assigned, added and appended to names."""

import ast

from reviewbot.rendering.parsers.python_source import scopes
from reviewbot.rendering.parsers.python_source.conditions import whole
from reviewbot.rendering.parsers.python_source.findings import Findings
from reviewbot.rendering.parsers.python_source.following import Following
from reviewbot.rendering.parsers.python_source.named_values import ANY_KEY, NamedValues
from reviewbot.rendering.parsers.python_source.scopes import Scope
from reviewbot.rendering.parsers.python_source.values import joined, text_of, value_of

_ADDING = {"append", "extend"}
_MOST_APPENDED = 200
"""Messages of a list that are told one by one: each time the whole list is read."""


class Assignments:
    """Tells `findings` what each name stands for, statement by statement."""

    def __init__(self, findings: Findings, values: NamedValues, following: Following) -> None:
        self._findings = findings
        self._values = values
        self._following = following

    def assign(
        self, target: ast.expr, value: ast.expr, scope: Scope, *, once: bool = False
    ) -> None:
        """`NAME = value`, `ONE, OTHER = …`, `self.name = …` and `NAMES["key"] = …`.

        `once` says that it is no branch: what a module sets again there stands from then on.
        """
        match target:
            case ast.Name(id=name):
                if name in scope.followed:
                    self._following.assign(name, value, scope)
                elif scope.bound[name] == 1:
                    self._named(name, value, scope)
                else:
                    self._hold(name, value, scope)
                    self._findings.set_again((*scope.path, name), target.lineno)
            case ast.Tuple(elts=targets) if isinstance(value, ast.Tuple):
                if len(targets) == len(value.elts):
                    for inner, item in zip(targets, value.elts, strict=True):
                        self.assign(inner, item, scope, once=once)
            case ast.Attribute() | ast.Subscript():
                is_last = once and not scope.path and isinstance(target, ast.Attribute)
                self._put(target, value, scope, is_last=is_last)

    def extend(self, name: str, value: ast.expr | None, node: ast.AugAssign, scope: Scope) -> None:
        """`NAME += value`, in its place in the block; in a branch `value` is not told."""
        if name in scope.followed and self._following.extend(name, node.value, scope):
            return
        before, path = scope.nodes.get(name), (*scope.path, name)
        text = scope.texts.get((name,))
        if value is None or before is None or scope.bound[name] != 1:
            self._hold(name, node.value, scope, added=True)
            self._findings.touch((name,), node.lineno, scope, is_added=True)
            if scope.owner(name) is scope:
                self._findings.set_again(path, node.lineno)
        elif text is None:
            self._findings.forget(path)
            longer = ast.BinOp(left=before, op=ast.Add(), right=value)
            self._named(name, ast.copy_location(longer, before), scope)
        else:
            whole = self._values.tried(value, path, lambda: joined([text, value_of(value, scope)]))
            scope.texts[name,] = whole
            if whole is not None:
                self._findings.extend_text(path, whole)

    def change(self, call: ast.Call, scope: Scope, *, once: bool) -> bool:
        """A method that changes a list; whether it is told, as what is appended by itself is."""
        function = call.func
        steps = scopes.steps_of(function.value) if isinstance(function, ast.Attribute) else ()
        before = scope.nodes.get(steps[0]) if len(steps) == 1 else None
        is_told = once and not scope.followed.intersection(steps[:1])
        is_told = is_told and bool(steps) and scope.stands(steps[0])
        match function, before, call.args:
            case ast.Attribute(attr="append"), ast.List(elts=items), [item] if (
                is_told and len(items) < _MOST_APPENDED
            ):
                self._findings.forget((*scope.path, *steps))
                longer = ast.copy_location(ast.List(elts=[*items, item]), call)
                self._named(steps[0], longer, scope)
                return True
            case _:
                given = [*(before.elts if isinstance(before, ast.List) else ()), *call.args]
                for item in given if len(steps) == 1 else ():
                    self._hold(steps[0], item, scope, added=True)
                is_added = isinstance(function, ast.Attribute) and function.attr in _ADDING
                self._findings.touch(steps, call.lineno, scope, is_added=is_added)
                return False

    def _put(
        self,
        target: ast.Attribute | ast.Subscript,
        value: ast.expr,
        scope: Scope,
        *,
        is_last: bool,
    ) -> None:
        """`PROMPTS["key"] = …` and `self.prompt = …`."""
        steps = scopes.steps_of(target)
        if not steps:
            self._put_somewhere(target, value, scope)
            return
        if isinstance(target, ast.Subscript):
            for length in range(1, len(steps)):
                self._findings.touch(steps[:length], target.lineno, scope)
        owner = scope.owner(steps[0])
        path = (*(owner or scope).path, *steps)
        if is_last and path in self._findings:
            self._findings.forget(path, parts=True)
        if path in self._findings:
            scope.texts.pop(steps, None)
            self._findings.set_again(path, target.lineno)
        elif owner is scope or isinstance(target, ast.Attribute):
            self._values.read(value, path, scope)

    def _put_somewhere(
        self, target: ast.Attribute | ast.Subscript, value: ast.expr, scope: Scope
    ) -> None:
        """`NAMES[key] = …`: what stands under a computed key is read by itself, as `NAMES.*`."""
        holder = scopes.steps_of(target.value)
        if holder and isinstance(target, ast.Subscript):
            path = self._findings.take((*scope.path, *holder, ANY_KEY))
            self._values.read(value, path, scope)

    def _named(self, name: str, value: ast.expr, scope: Scope) -> None:
        path = (*scope.path, name)
        if scope.is_settled((name,)) and scope.is_whole((name,)):
            scope.keep(name, value)
        constant = self._values.tried(value, path, lambda: whole(value, scope))
        if constant is None:
            scope.texts.pop((name,), None)
        else:
            scope.texts[name,] = constant
        self._values.read(value, path, scope)

    def _hold(self, name: str, node: ast.expr, scope: Scope, *, added: bool = False) -> None:
        """A name may stand for a text, or for a list that holds it."""
        path = (*scope.path, name)
        scope.hold(name, self._values.tried(node, path, lambda: text_of(node, scope)), added=added)
