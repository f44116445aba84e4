"""Which texts lead to calls of models by names: `llm.invoke(messages)`, a converter, a function.

A call that says which model answers says it of all that it is given: of the names in its arguments,
of what these are made of, and of the functions of the file that give it. What names a model itself
is left alone, and so is what another model has answered.
"""

import ast
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct

from reviewbot.rendering.parsers._common.asked import Asked, over
from reviewbot.rendering.parsers._common.requests import (
    LISTS,
    MODELS,
    RUN_A_MODEL,
    SYSTEM,
    USER,
    says_model_of_any,
)
from reviewbot.rendering.parsers._common.told_requests import lend_call
from reviewbot.rendering.parsers.python_source.blocks import Blocks, Function, children
from reviewbot.rendering.parsers.python_source.called_models import asked, name_of, of_model
from reviewbot.rendering.parsers.python_source.made_objects import Found, function_at, inside
from reviewbot.rendering.parsers.python_source.scopes import Scope, Steps, steps_of

_MOST_NAMES = 200
"""Names behind each other that lead to one call."""

_MOST_CALLS = 500
"""Calls of models in one file."""

_MOST_LOOKS = 30_000
"""Expressions that are looked at in one file for what leads to its calls."""

_CUT = "more calls and names than are followed"

_GIVES_TEXT = re.compile(
    r"prompt|instruct|message|system|input|content|query|question|text|template|task|goal|backstory"
)
_OWN = {("self",), ("cls",)}


class _Sending(Struct, frozen=True):
    """A call that says which model answers, the scope of its names, and what it asks for."""

    call: ast.Call
    scope: Scope
    asked: Asked


class _Candidates:
    """The calls of a file that may send something to a model, by how they are written."""

    def __init__(self, nodes: list[ast.AST], blocks: Blocks) -> None:
        self._nodes = nodes
        self._blocks = blocks

    @cached_property
    def _holders(self) -> set[str]:
        """The names of what is made with a model: `llm` of `self.llm = ChatOpenAI(model=…)`."""
        return {
            steps[-1]
            for node in self._nodes
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
            if any(item.arg in MODELS for item in node.value.keywords)
            for steps in map(steps_of, node.targets)
            if steps
        }

    @cached_property
    def senders(self) -> set[int]:
        """The functions of the file that run a model, by their ids."""
        return {
            id(node)
            for node in self._nodes
            if isinstance(node, Function)
            if any(
                isinstance(inner, ast.Call) and id(inner) in self.calls
                for inner in self._blocks.own(node.body)
            )
        }

    @cached_property
    def calls(self) -> Mapping[int, ast.Call]:
        """The calls that may send something to a model, by their ids."""
        calls = (node for node in self._nodes if isinstance(node, ast.Call))
        return {id(node): node for node in calls if self._may_send(node)}

    @cached_property
    def lines(self) -> list[int]:
        """The lines of calls that are looked at, sorted."""
        if not self.calls:
            return []
        calls = (node for node in self._nodes if isinstance(node, ast.Call))
        return sorted(
            node.lineno for node in calls if id(node) in self.calls or name_of(node) in self.names
        )

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the functions that run a model."""
        functions = (node for node in self._nodes if isinstance(node, Function))
        return frozenset(node.name for node in functions if id(node) in self.senders)

    def _may_send(self, node: ast.Call) -> bool:
        if not node.args and not node.keywords:
            return False
        if name_of(node) in RUN_A_MODEL or any(
            says_model_of_any(item.arg or "") for item in node.keywords
        ):
            return True
        on = node.func.value if isinstance(node.func, ast.Attribute) else None
        steps = steps_of(on) if on is not None else ()
        return bool(steps) and steps[-1] in self._holders


class Sends:
    """What the calls of one file send by names; `nodes` are all of the file.

    Of what may stand behind more of them than are followed nobody knows the model.
    """

    def __init__(self, nodes: list[ast.AST], blocks: Blocks) -> None:
        self._blocks = blocks
        self._candidates = _Candidates(nodes, blocks)
        self._found: list[_Sending] = []
        self._is_cut = False
        self._looks = 0
        self._given: dict[str, list[tuple[ast.Call, Scope]]] = {}

    def look_at(self, statement: ast.stmt, scope: Scope) -> None:
        """Keep the calls in a statement, by itself, that say which model answers."""
        place = bisect_left(self._candidates.lines, statement.lineno)
        last = statement.end_lineno or statement.lineno
        if place >= len(self._candidates.lines) or self._candidates.lines[place] > last:
            return
        waiting: list[ast.AST] = [statement]
        while waiting:
            for node in children(waiting.pop()):
                if isinstance(node, ast.Call):
                    self._look_at(node, scope)
                if not isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
                    waiting.append(node)

    def lend(self, found: Mapping[Steps, dict[str, Any]], plain: Callable[[Steps], Steps]) -> None:
        """Tell the texts that name no model what the calls ask for that they lead to."""
        if not self._found:
            return
        nameless = [
            (plain(path), item)
            for path, item in found.items()
            if "messages" in item and not _names_a_model(item)
        ]
        for sending in self._found if nameless else ():
            said = sending.asked.said()
            for path in sorted({*self._behind(sending)}):
                for own, item in nameless:
                    if own[: len(path)] == path:
                        lend_call(item, said, sending.call.lineno)
        for _, item in nameless if self._is_cut else ():
            if not item.get("is_lent"):
                told = {"key": MODELS[0], "line": item["line"], "said": _CUT}
                lend_call(item, {"request": [told]}, item["line"])

    def _look_at(self, call: ast.Call, scope: Scope) -> None:
        if id(call) in self._candidates.calls and len(self._found) >= _MOST_CALLS:
            self._is_cut = True
        elif id(call) in self._candidates.calls:
            said = asked(call, scope)
            if not said.names_model and isinstance(call.func, ast.Attribute):
                said = over(said, of_model(call.func.value, scope))
            is_told = any("value" in it and says_model_of_any(it["key"]) for it in said.request)
            if said.model is not None or said.default_model is not None or is_told:
                self._found.append(_Sending(call, scope, said))
        if (name := name_of(call)) in self._candidates.names:
            self._given.setdefault(name, []).append((call, scope))

    def _behind(self, sending: _Sending) -> Iterator[Steps]:
        """The paths of what leads to a call."""
        waiting: list[Found] = [(node, sending.scope) for node in _given_to(sending.call)]
        seen: set[Steps] = set()
        while waiting and not self._is_used_up():
            node, scope = waiting.pop()
            for name in self._names_in(node):
                path, further = self._step(name, scope)
                if len(seen) >= _MOST_NAMES:
                    self._is_cut = self._is_cut or (bool(path) and path not in seen)
                elif path and path not in seen:
                    seen.add(path)
                    yield path
                    waiting += further()

    def _is_used_up(self) -> bool:
        self._looks += 1
        self._is_cut = self._is_cut or self._looks > _MOST_LOOKS
        return self._looks > _MOST_LOOKS

    def _step(self, name: ast.expr, scope: Scope) -> tuple[Steps, Callable[[], Iterator[Found]]]:
        """The path of a name, empty where it leads nowhere, and what stands behind it."""
        function = function_at(name, scope)
        if function is not None:
            node, path, outer = function
            is_sender = id(node) in self._candidates.senders
            return () if is_sender else path, lambda: self._returned(node, path, outer)
        steps = steps_of(name)
        is_own = len(steps) > 1 and steps[:1] in _OWN
        owner = scope.own_class() if is_own else scope.owner(steps[0])
        if owner is None:
            return (), lambda: iter(())
        if is_own:
            values = owner.members(steps[1])
            return (*owner.path, *steps[1:]), lambda: (
                (value, where) for _, value, where in values if isinstance(value, ast.expr)
            )
        return (*owner.path, *steps), lambda: self._said(steps[0], owner)

    def _returned(self, function: Function, path: Steps, outer: Scope) -> Iterator[Found]:
        scope = inside(function, path, outer)
        for node in self._blocks.own(function.body):
            if isinstance(node, ast.Return) and node.value is not None:
                yield node.value, scope

    def _said(self, name: str, owner: Scope) -> Iterator[Found]:
        """What sets or changes a name, or what callers give as an argument of that name."""
        if owner.is_function and name in owner.given:
            place = [item for item in owner.given if (item,) not in _OWN].index(name)
            for call, scope in self._given.get(owner.path[-1], ()):
                named = [item.value for item in call.keywords if item.arg == name]
                yield from ((value, scope) for value in (*named, *call.args[place : place + 1]))
        for said in owner.sayings(name):
            yield from ((value, owner) for value in _values(said.node))

    def _names_in(self, node: ast.expr) -> Iterator[ast.expr]:
        """The names in an expression, but for those that are given to a model in it."""
        waiting: list[ast.AST] = [node]
        while waiting:
            item = waiting.pop()
            if isinstance(item, ast.Call):
                if id(item) in self._candidates.calls or name_of(item) in self._candidates.names:
                    continue
                waiting += (*item.args, *(one.value for one in item.keywords))
                waiting.append(item.func)
                if isinstance(item.func, ast.Attribute):
                    waiting.append(item.func.value)
            elif isinstance(item, ast.expr) and steps_of(item) not in {(), *_OWN}:
                yield item
            else:
                waiting += children(item)


def _given_to(call: ast.Call) -> Iterator[ast.expr]:
    """The arguments of a call that may be what is sent."""
    yield from call.args
    for item in call.keywords:
        key = (item.arg or "").lower()
        is_named = item.arg in {*SYSTEM, *USER, *LISTS} or _GIVES_TEXT.search(key)
        if is_named and not says_model_of_any(key):
            yield item.value


def _values(node: ast.AST) -> Iterator[ast.expr]:
    """What a statement sets a name to, or changes it with."""
    match node:
        case ast.Assign(value=value) | ast.AugAssign(value=value) | ast.NamedExpr(value=value):
            yield value
        case ast.AnnAssign(value=ast.expr() as value):
            yield value
        case ast.For(iter=value) | ast.AsyncFor(iter=value):
            yield value
        case ast.Expr(value=ast.Call(args=given, keywords=named)):
            yield from given
            yield from (item.value for item in named)


def _names_a_model(item: Mapping[str, Any]) -> bool:
    """Whether a text's own call says which model answers, or that code decides it."""
    call = item.get("call", {})
    return not call.keys().isdisjoint({"model", "default_model"}) or any(
        one["key"] in MODELS for one in call.get("request", ())
    )
