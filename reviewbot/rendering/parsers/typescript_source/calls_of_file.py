"""The calls of a script that may send something to a model, and what callers give to functions."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from tree_sitter import Node

from reviewbot.rendering.parsers._common.requests import RUN_A_MODEL, says_model_of_any
from reviewbot.rendering.parsers.typescript_source.declarations import Declaration
from reviewbot.rendering.parsers.typescript_source.model_names import CALLS, callee_of
from reviewbot.rendering.parsers.typescript_source.objects import entries
from reviewbot.rendering.parsers.typescript_source.syntax import FUNCTIONS, Source, named, unwrapped


class CallsOfFile:
    """The calls of one file; they are looked for when they are asked for."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @cached_property
    def by_name(self) -> Mapping[str, list[Node]]:
        """The calls of the file, by the last names of what they call."""
        found: dict[str, list[Node]] = {}
        waiting = [self._source.root]
        while waiting:
            node = waiting.pop()
            if node.type in CALLS:
                found.setdefault(callee_of(node, self._source), []).append(node)
            waiting += reversed(node.named_children)
        return found

    @cached_property
    def senders(self) -> Mapping[int, Node]:
        """The calls that may send something to a model, by their ids."""
        calls = [call for several in self.by_name.values() for call in several]
        asking = {call.id for call in calls if any(map(says_model_of_any, self._keys(call)))}
        holders = {self._held_by(call) for call in calls if call.id in asking} - {""}
        return {
            call.id: call
            for call in calls
            if arguments(call)
            if callee_of(call, self._source) in RUN_A_MODEL
            or call.id in asking
            or self._last(object_of(call)) in holders
        }

    @cached_property
    def running(self) -> frozenset[int]:
        """The functions of the file that run a model, by their ids."""
        around = (_function_around(call) for call in self.senders.values())
        return frozenset(node.id for node in around if node is not None)

    def _keys(self, call: Node) -> Iterator[str]:
        for item in arguments(call):
            if item.type == "object":
                yield from entries(item, self._source) or {}

    def _held_by(self, call: Node) -> str:
        """The last name of what a call is set to: `llm` of `const llm = new ChatOpenAI({…})`."""
        node = call.parent
        while node is not None and node.type in {"await_expression", "parenthesized_expression"}:
            node = node.parent
        for name in ("name", "left", "property"):
            held = None if node is None else node.child_by_field_name(name)
            if held is not None and node is not None and node.type not in CALLS:
                return self._last(held)
        return ""

    def _last(self, node: Node | None) -> str:
        if node is None:
            return ""
        steps = self._source.steps(node)
        return steps[-1] if steps else self._source.text(node)

    def given_as(self, found: Declaration, name: str) -> Iterator[Node]:
        """What the calls of a function give as one of its parameters."""
        parameter: Node | None = found.node
        is_key = False
        while parameter is not None and parameter.parent is not None:
            if parameter.parent.type == "formal_parameters" or parameter.parent.type in FUNCTIONS:
                break
            parameter = parameter.parent
            is_key = is_key or parameter.type == "object_pattern"
        around = None if parameter is None else parameter.parent
        function = around.parent if around and around.type == "formal_parameters" else around
        if parameter is None or around is None or function is None:
            return
        own = named(around) if around.type == "formal_parameters" else [parameter]
        place = next((at for at, item in enumerate(own) if item.id == parameter.id), None)
        for call in self.by_name.get(self._name_of(function), ()) if place is not None else ():
            given = arguments(call)
            if place is None or place >= len(given):
                continue
            keys = entries(given[place], self._source) if is_key else None
            if keys is None or name in keys:
                yield given[place] if keys is None else keys[name]

    def _name_of(self, function: Node) -> str:
        """What a function is called."""
        own = function.child_by_field_name("name")
        if own is None and function.parent is not None:
            keys = ("name", "key", "property", "left")
            found = (function.parent.child_by_field_name(key) for key in keys)
            own = next((one for one in found if one is not None), None)
        return self._last(own)


def arguments(call: Node) -> list[Node]:
    """What a call is given."""
    given = call.child_by_field_name("arguments")
    return [unwrapped(item) for item in named(given)] if given is not None else []


def object_of(call: Node) -> Node | None:
    """What a method is called on."""
    function = call.child_by_field_name("function")
    return None if function is None else unwrapped(function).child_by_field_name("object")


def _function_around(node: Node) -> Node | None:
    above = node.parent
    while above is not None and above.type not in FUNCTIONS:
        above = above.parent
    return above
