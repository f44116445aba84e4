"""Calls whose text is told: methods of texts, `join`, tags of template literals, own functions."""

from typing import TYPE_CHECKING

from tree_sitter import Node

from reviewbot.rendering.parsers._common.texts import Operation, Text
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.lists import Lists
from reviewbot.rendering.parsers.typescript_source.objects import returns
from reviewbot.rendering.parsers.typescript_source.operations import joined
from reviewbot.rendering.parsers.typescript_source.packages import package_of
from reviewbot.rendering.parsers.typescript_source.scopes import parameters
from reviewbot.rendering.parsers.typescript_source.syntax import FUNCTIONS, named, unwrapped

if TYPE_CHECKING:
    from reviewbot.rendering.parsers.typescript_source.values import Reader

_TRIMS = {
    **dict.fromkeys(("trimStart", "trimLeft"), "trimStart"),
    **dict.fromkeys(("trimEnd", "trimRight"), "trimEnd"),
    "trim": "trim",
}
_METHODS = {*_TRIMS, "replace", "replaceAll", "concat", "toString"}


class MadeTexts:
    """Reads the calls of one file."""

    def __init__(self, reader: "Reader") -> None:
        self._reader = reader
        self._source = reader.source
        self._lists = Lists(reader)

    def of(self, node: Node, scope: Scope) -> Text | None:
        """The text that a call gives; None where the source does not tell."""
        function, given = (node.child_by_field_name(n) for n in ("function", "arguments"))
        if function is None or given is None:
            return None
        if given.type == "template_string":
            return self._tagged(function, given, scope)
        arguments = named(given)
        if any(item.type == "spread_element" for item in arguments):
            return None
        function = unwrapped(function)
        if function.type == "identifier":
            return self._function(function, arguments, scope)
        on, name = (function.child_by_field_name(n) for n in ("object", "property"))
        if function.type != "member_expression" or on is None or name is None:
            return None
        return self._on(on, self._source.text(name), arguments, scope)

    def _on(self, on: Node, method: str, arguments: list[Node], scope: Scope) -> Text | None:
        if method == "join":
            return self._lists.joined(on, arguments, scope)
        inner = self._reader.text(on, scope) if method in _METHODS else None
        return None if inner is None else self._method(method, inner, arguments, scope)

    def _method(self, method: str, inner: Text, arguments: list[Node], scope: Scope) -> Text | None:
        if method in _TRIMS:
            return Operation("trim", inner, _TRIMS[method]) if not arguments else None
        if method == "toString":
            return inner if not arguments else None
        given = [self._reader.value_or_hole(item, scope) for item in arguments]
        if method == "concat":
            return joined([inner, *given])
        is_plain = all(item.type not in {"regex", *FUNCTIONS} for item in arguments)
        if len(given) != 2 or not is_plain:  # noqa: PLR2004 - what is replaced, and by what
            return None
        return Operation("replace", inner, *given, method)

    def _tagged(self, tag: Node, literal: Node, scope: Scope) -> Text | None:
        name = self._source.text(tag)
        if name == "String.raw":
            return joined(self._reader.template(literal, scope, is_raw=True))
        if package_of(tag, scope, self._source) == "dedent":
            return Operation("dedent", *self._reader.template(literal, scope, is_raw=True))
        return None

    def _function(self, called: Node, arguments: list[Node], scope: Scope) -> Text | None:
        name = self._source.text(called)
        found = scope.resolve(name)
        if name == "String" and found is None and len(arguments) == 1:
            return joined([self._reader.value_or_hole(arguments[0], scope)])
        if len(arguments) == 1 and package_of(called, scope, self._source) == "dedent":
            inner = self._reader.text(arguments[0], scope)
            return Operation("dedented", inner) if inner is not None else None
        if found is None or arguments or found.value is None or found.writes or found.is_again:
            return None
        function = unwrapped(found.value)
        if function.type not in FUNCTIONS or parameters(function):
            return None
        returned = self._returned(function, found.scope)
        if returned is None:
            return None
        node, where = returned
        return self._reader.guarded(function.id, lambda: self._reader.text(node, where))

    def _returned(self, function: Node, scope: Scope) -> tuple[Node, Scope] | None:
        """What a function returns, where that is one expression at the end of its block."""
        body = function.child_by_field_name("body")
        if body is None or any(child.type in {"async", "*"} for child in function.children):
            return None
        inner = self._reader.scopes.of(function, scope)
        if body.type != "statement_block":
            return body, inner
        statements = named(body)
        found = returns(body)
        if len(found) != 1 or not statements or statements[-1].id != found[0].id:
            return None
        values = named(found[0])
        return (values[0], inner) if values else None
