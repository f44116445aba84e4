"""What functions give whose calls stand in a text, in this file or in another one."""

from typing import TYPE_CHECKING

from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.texts import Operation, Text, relocated, strings_in
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.known_names import members_of
from reviewbot.rendering.parsers.typescript_source.objects import returns
from reviewbot.rendering.parsers.typescript_source.operations import is_text
from reviewbot.rendering.parsers.typescript_source.syntax import (
    FUNCTIONS,
    line_of,
    named,
    unwrapped,
)

if TYPE_CHECKING:
    from reviewbot.rendering.parsers.typescript_source.values import Reader

_MOST_RETURNS = 50
_DEEPEST = 6
"""Functions that call each other, each in the text of the one before."""


class GivenTexts:
    """Reads the functions that one file calls; no function is run."""

    def __init__(self, reader: "Reader") -> None:
        self._reader = reader
        self._depth = 0

    def by(self, node: Node, scope: Scope) -> Text | None:
        """The text that a call gives, whatever it is given; None where it holds no words.

        Of several `return`s any may be the one, so that the largest counts.
        """
        function = node.child_by_field_name("function")
        if node.type != "call_expression" or function is None:
            return None
        try:
            found = self._function(unwrapped(function), scope)
            if found is None:
                return None
            reader, called, where = found
            given = reader.functions.returned(called, where)
        except TemplateError:
            return None
        if given is None or not any(map(str.strip, strings_in(given))):
            return None
        return given if reader is self._reader else relocated(given, line_of(node))

    def _function(self, called: Node, scope: Scope) -> "tuple[Reader, Node, Scope] | None":
        """The function that is called, who reads it, and the scope around it."""
        reader = self._reader
        steps = reader.source.steps(called)
        if not steps:
            return None
        if steps[0] == "this" and scope.owner is not None:
            own = members_of(scope.owner, steps[-1], reader.source) if len(steps) == _OWN else []
            inner = reader.scopes.of(scope.owner, scope)
            return (reader, own[0], inner) if len(own) == 1 and own[0].type in FUNCTIONS else None
        found = scope.resolve(steps[0])
        if found is not None and found.imported is not None:
            return reader.imports.node(found, steps[1:])
        if (told := reader.lookup.entry(steps, scope)) is None:
            return None
        node, where = reader.lookup.resolved(*told)
        return (reader, node, where) if node.type in FUNCTIONS else None

    def returned(self, function: Node, scope: Scope) -> Text | None:
        """What a function of this file returns."""
        if function.type not in FUNCTIONS or self._depth >= _DEEPEST:
            return None
        self._depth += 1
        try:
            return self._reader.guarded(function.id, lambda: self._largest(function, scope))
        finally:
            self._depth -= 1

    def _largest(self, function: Node, scope: Scope) -> Text | None:
        body = function.child_by_field_name("body")
        if body is None or any(child.type == "*" for child in function.children):
            return None
        if body.type != "statement_block":
            found = self._reader.value(body, self._reader.scopes.of(function, scope))
            return found if is_text(found) else None
        values = [item for one in returns(body)[:_MOST_RETURNS] for item in named(one)]
        texts = [self._reader.value(item, self._reader.scopes.at(item)) for item in values]
        told = [text for text in texts if is_text(text)]
        return told[0] if len(told) == 1 else Operation("largest", *told) if told else None


_OWN = 2
"""Steps of a method of the object itself: `this.rules`."""
