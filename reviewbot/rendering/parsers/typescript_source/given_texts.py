"""What functions give whose calls stand in a text, in this file or in another one."""

from typing import TYPE_CHECKING

from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.requests import SYSTEM, USER
from reviewbot.rendering.parsers._common.sent_parts import only_looks
from reviewbot.rendering.parsers._common.texts import (
    Operation,
    Text,
    TooMuchTextError,
    is_small,
    relocated,
    strings_in,
    too_much_given,
)
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.known_names import members_of
from reviewbot.rendering.parsers.typescript_source.objects import entries, returns
from reviewbot.rendering.parsers.typescript_source.operations import is_text
from reviewbot.rendering.parsers.typescript_source.syntax import (
    FUNCTIONS,
    NAMES,
    line_of,
    named,
    unwrapped,
)

if TYPE_CHECKING:
    from reviewbot.rendering.parsers.typescript_source.values import Reader

_SENT = (*SYSTEM, *USER, "text", "template", "content")
_LEAST_PASSED_ON = 60
"""Characters of a text; what is shorter is a name or a separator."""

_MOST_RETURNS = 50
_DEEPEST = 20
"""Functions that call each other, each in the text of the one before."""

_TOO_MUCH = Operation("too much")
"""What is kept of a function that gives more than is held."""


class GivenTexts:
    """Reads the functions that one file calls; no function is run."""

    def __init__(self, reader: "Reader") -> None:
        self._reader = reader
        self._depth = 0
        self._known: dict[int, Text | None] = {}

    def told(self, node: Node, scope: Scope) -> dict[str, Text]:
        """What a call `gives`, or, as nobody knows what comes of it, the text that it is given.

        A name stands for the call that it is set to, once, if a function here gives its text.
        """
        if node.type in NAMES:
            given = self._by_name(node, scope)
            return {} if given is None else {"gives": given}
        made = node.child_by_field_name("object") if node.type == "member_expression" else None
        if made is not None and unwrapped(made).type == "call_expression":
            return self._kept(self._passed_on(unwrapped(made), scope))
        if node.type != "call_expression":
            return {}
        if (given := self._by(node, scope)) is not None:
            return {"gives": given}
        return self._kept(self._passed_on(node, scope))

    def _by_name(self, node: Node, scope: Scope) -> Text | None:
        found = scope.resolve(self._reader.source.text(node))
        if found is None or found.value is None or found.writes or found.changes or found.is_again:
            return None
        made = unwrapped(found.value)
        if made.type == "await_expression":
            made = unwrapped(made.named_children[0])
        return self._by(made, found.scope) if made.type == "call_expression" else None

    @staticmethod
    def _kept(passed: Text | None) -> dict[str, Text]:
        return {} if passed is None else {"gives": passed, "holds": "".join(strings_in(passed))}

    def _by(self, node: Node, scope: Scope) -> Text | None:
        """The text that a call gives, whatever it is given; None where it holds no words.

        Of several `return`s any may be the one, so that the largest counts.
        """
        function = node.child_by_field_name("function")
        if function is None:
            return None
        try:
            found = self.called(unwrapped(function), scope)
            if found is None:
                return None
            reader, called, where = found
            given = reader.functions.returned(called, where)
        except TooMuchTextError:
            raise
        except TemplateError:
            return None
        if given is None or not any(map(str.strip, strings_in(given))):
            return None
        return given if reader is self._reader else relocated(given, line_of(node))

    def _passed_on(self, node: Node, scope: Scope) -> Text | None:
        """The text that is given to a function of which nobody knows what it makes of it."""
        called, given = (node.child_by_field_name(name) for name in ("function", "arguments"))
        if called is None or given is None or given.type == "template_string":
            return None
        name = self._reader.source.text(called.child_by_field_name("property") or called)
        items = named(given)
        if only_looks(name) or not items:
            return None
        first = unwrapped(items[0])
        keys = entries(first, self._reader.source) if first.type == "object" else None
        value = first if keys is None else next((keys[key] for key in _SENT if key in keys), None)
        try:
            found = None if value is None else self._reader.text(value, scope)
        except TemplateError:
            return None
        return found if sum(map(len, strings_in(found))) >= _LEAST_PASSED_ON else None

    def called(self, called: Node, scope: Scope) -> "tuple[Reader, Node, Scope] | None":
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
        if function.id not in self._known:
            self._depth += 1
            try:
                found = self._reader.guarded(function.id, lambda: self._largest(function, scope))
                is_held = is_small(found)
            except TooMuchTextError:
                found, is_held = None, False
            except TemplateError:
                found, is_held = None, True
            finally:
                self._depth -= 1
            self._known[function.id] = found if is_held else _TOO_MUCH
        found = self._known[function.id]
        if found is _TOO_MUCH:
            raise too_much_given()
        return found

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
        if not told:
            return self._spelt_out(body)
        return told[0] if len(told) == 1 else Operation("largest", *told)

    def _spelt_out(self, body: Node) -> Text | None:
        """The long texts in a function that puts them together in a way that is not followed."""
        found: list[Text] = []
        waiting = [body]
        while waiting and len(found) < _MOST_RETURNS:
            node = waiting.pop()
            if node.type in {"string", "template_string"}:
                text = self._reader.value(node, self._reader.scopes.at(node))
                is_long = sum(map(len, strings_in(text))) >= _LEAST_PASSED_ON
                found += [text] if is_long else []
            elif node.type != "throw_statement" and not self._looks(node):
                waiting += reversed(node.named_children)
        return Operation("join", *found) if found else None

    def _looks(self, node: Node) -> bool:
        called = node.child_by_field_name("function") if node.type == "call_expression" else None
        last = called and (called.child_by_field_name("property") or called)
        return last is not None and only_looks(self._reader.source.text(last))


_OWN = 2
"""Steps of a method of the object itself: `this.rules`."""
