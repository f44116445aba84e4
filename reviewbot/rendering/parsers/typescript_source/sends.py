"""Which texts lead to calls of models by names: `ask(PROMPT)`, `llm.invoke(messages)`.

A call that says which model answers says it of all that it is given: of the names in its arguments,
of what these are made of, and of what callers give to the function around it. What names a model
itself is left alone, and so is what another model has answered.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct
from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.asked import Asked, over
from reviewbot.rendering.parsers._common.requests import (
    LISTS,
    MODELS,
    SYSTEM,
    USER,
    says_model_of_any,
)
from reviewbot.rendering.parsers._common.told_requests import lend_call
from reviewbot.rendering.parsers.typescript_source.called_models import CalledModels
from reviewbot.rendering.parsers.typescript_source.calls_of_file import (
    CallsOfFile,
    arguments,
    object_of,
)
from reviewbot.rendering.parsers.typescript_source.declarations import Declaration, Scope
from reviewbot.rendering.parsers.typescript_source.model_names import CALLS
from reviewbot.rendering.parsers.typescript_source.names import Names
from reviewbot.rendering.parsers.typescript_source.objects import entries, returns
from reviewbot.rendering.parsers.typescript_source.syntax import (
    FUNCTIONS,
    NAMES,
    Steps,
    line_of,
    named,
    unwrapped,
)
from reviewbot.rendering.parsers.typescript_source.values import Reader

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
_MEMBERS = {"member_expression", "subscript_expression"}


class _Sending(Struct, frozen=True):
    """A call that says which model answers, and what it asks for."""

    call: Node
    asked: Asked


class _Leads:
    """Follows what leads to the calls of one file."""

    def __init__(self, reader: Reader, names: Names, calls: CallsOfFile) -> None:
        self._reader = reader
        self._source = reader.source
        self._names = names
        self._calls = calls
        self._looks = 0
        self.functions: dict[int, Steps] = {}
        self.is_cut = False

    def behind(self, call: Node) -> Iterator[Steps]:
        """The paths of what leads to a call."""
        waiting = [*self._given_to(call)]
        seen: set[Steps] = set()
        seen_nodes: set[int] = set()
        while waiting and not self._is_used_up():
            node = waiting.pop()
            if node.id in seen_nodes:
                continue
            seen_nodes.add(node.id)
            for name in self._names_in(node):
                if len(seen) >= _MOST_NAMES:
                    self.is_cut = True
                    return
                path, further = self._step(name)
                if path:
                    seen.add(path)
                    yield path
                waiting += further

    def _is_used_up(self) -> bool:
        self._looks += 1
        self.is_cut = self.is_cut or self._looks > _MOST_LOOKS
        return self._looks > _MOST_LOOKS

    def _given_to(self, call: Node) -> Iterator[Node]:
        """The arguments of a call that may be what is sent."""
        for item in arguments(call):
            if item.type != "object":
                yield item
                continue
            for key, value in (entries(item, self._source) or {}).items():
                is_named = key in {*SYSTEM, *USER, *LISTS} or _GIVES_TEXT.search(key.lower())
                if is_named and not says_model_of_any(key):
                    yield value

    def _names_in(self, node: Node) -> Iterator[Node]:
        """The names in an expression, but for those that are given to a model in it."""
        waiting = [unwrapped(node)]
        while waiting:
            item = waiting.pop()
            if item.type in CALLS:
                called = item.child_by_field_name("function")
                if item.id in self._calls.senders or self._runs_a_model(called, item):
                    continue
                waiting += arguments(item)
                if called is not None:
                    yield called
                    on = called.child_by_field_name("object")
                    waiting += [] if on is None else [on]
            elif item.type in NAMES or (item.type in _MEMBERS and self._source.steps(item)):
                yield item
            elif item.type not in FUNCTIONS:
                key = item.child_by_field_name("key") if item.type == "pair" else None
                waiting += [one for one in item.named_children if key is None or one.id != key.id]

    def _runs_a_model(self, called: Node | None, call: Node) -> bool:
        function = None if called is None else self._function(called, self._reader.scopes.at(call))
        return function is not None and function.id in self._calls.running

    def _function(self, called: Node, scope: Scope) -> Node | None:
        """The function of this file that a name stands for."""
        try:
            found = self._reader.functions.called(unwrapped(called), scope)
        except TemplateError:
            return None
        is_here = found is not None and found[0] is self._reader and found[1].type in FUNCTIONS
        return found[1] if found is not None and is_here else None

    def _step(self, name: Node) -> tuple[Steps, list[Node]]:
        """The path of a name, empty where it leads nowhere, and what stands behind it."""
        scope = self._reader.scopes.at(name)
        steps = self._source.steps(name)
        if not steps:
            return (), []
        function = self._function(name, scope)
        if function is not None:
            is_running = function.id in self._calls.running
            return () if is_running else self.functions.get(function.id, ()), _given_by(function)
        if steps[0] == "this":
            return (), self._of_member(steps, scope)
        found = scope.resolve(steps[0])
        if found is None or found.imported is not None:
            return (), []
        path = self._names.path_of(found.node)
        own = () if path is None else (*path, *steps[1:])
        return own, [*self._said(found, steps[0])]

    def _of_member(self, steps: Steps, scope: Scope) -> list[Node]:
        if scope.owner is None or len(steps) == 1:
            return []
        places = self._reader.scopes.set_on_this(scope.owner, steps[1])
        own = (entries(scope.owner, self._source) or {}).get(steps[1])
        values = (place.child_by_field_name("right") for place in places)
        return [value for value in (own, *values) if value is not None]

    def _said(self, found: Declaration, name: str) -> Iterator[Node]:
        """What sets or changes a name, or what callers give as an argument of that name."""
        if found.kind == "parameter":
            yield from self._calls.given_as(found, name)
        for value in (found.value, found.part_of):
            if value is not None and value.type not in FUNCTIONS:
                yield value
        for place in (*found.writes, *(place for _, place in found.changes)):
            right = place.child_by_field_name("right") or place.child_by_field_name("value")
            yield from [right] if right is not None else arguments(place)


class Sends:
    """What the calls of one file send by names."""

    def __init__(self, reader: Reader, names: Names) -> None:
        self._reader = reader
        self._names = names
        self._calls = CallsOfFile(reader.source)
        self._leads = _Leads(reader, names, self._calls)

    def define(self, node: Node, path: Steps) -> None:
        """The path of what a function gives."""
        self._leads.functions[node.id] = path

    def lend(self, told: dict[str, Any]) -> dict[str, Any]:
        """Tell the texts that name no model, all of `told`, what the calls ask that they lead to.

        They are given back.
        """
        nameless = [
            (path, item)
            for path, item in self._names.items()
            if "messages" in item and not _names_a_model(item)
        ]
        for sending in self._found if nameless else ():
            said, line = sending.asked.said(), line_of(sending.call)
            for path in sorted({*self._leads.behind(sending.call)}):
                for own, item in nameless:
                    if own[: len(path)] == path:
                        lend_call(item, said, line)
        for _, item in nameless if self._leads.is_cut else ():
            if not item.get("is_lent"):
                cut = {"key": MODELS[0], "line": item["line"], "said": _CUT}
                lend_call(item, {"request": [cut]}, item["line"])
        return told

    @cached_property
    def _found(self) -> list[_Sending]:
        models = CalledModels(self._reader)
        found: list[_Sending] = []
        for call in self._calls.senders.values():
            if len(found) >= _MOST_CALLS:
                self._leads.is_cut = True
                break
            scope = self._reader.scopes.at(call)
            try:
                asked = models.asked(call, scope)
                on = object_of(call)
                if not asked.names_model and on is not None:
                    asked = over(asked, models.of_model(on, scope))
            except TemplateError:
                continue
            if asked.model is not None or asked.default_model is not None:
                found.append(_Sending(call, asked))
        return found


def _given_by(function: Node) -> list[Node]:
    """What a function gives."""
    body = function.child_by_field_name("body")
    if body is None:
        return []
    if body.type != "statement_block":
        return [body]
    return [item for one in returns(body) for item in named(one)]


def _names_a_model(item: Mapping[str, Any]) -> bool:
    """Whether a text's own call says which model answers, or that code decides it."""
    call = item.get("call", {})
    return not call.keys().isdisjoint({"model", "default_model"}) or any(
        one["key"] in MODELS for one in call.get("request", ())
    )
