"""Walks through a source file and keeps each text and list of messages under its name."""

from collections import deque
from typing import Any

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.declarations import Declaration, Scope
from reviewbot.rendering.parsers.typescript_source.expressions import READ_BY_ITSELF, Expressions
from reviewbot.rendering.parsers.typescript_source.inner_calls import inner_calls
from reviewbot.rendering.parsers.typescript_source.modules import Module
from reviewbot.rendering.parsers.typescript_source.names import Names, exported
from reviewbot.rendering.parsers.typescript_source.objects import returns
from reviewbot.rendering.parsers.typescript_source.scopes import CLASSES, parameters
from reviewbot.rendering.parsers.typescript_source.sends import Sends
from reviewbot.rendering.parsers.typescript_source.syntax import (
    FUNCTIONS,
    NESTING,
    Steps,
    line_of,
    named,
    unwrapped,
)

_HEADS = {
    *("await_expression", "call_expression", "member_expression", "parenthesized_expression"),
    *("binary_expression", "unary_expression", "subscript_expression", "throw_statement"),
}
"""What stands in a block, or before it, and is no statement that is read by itself."""


class Finder:
    """Finds the prompts of one file."""

    def __init__(self, module: Module) -> None:
        self._source = module.source
        self._scopes = module.scopes
        self._names = Names(module.source)
        self._expressions = Expressions(module.reader, self._names, self._define)
        self._sends = Sends(module.reader, self._names)
        self._functions: deque[tuple[Node, Steps, Scope]] = deque()

    def found(self) -> dict[str, Any]:
        """The prompts by their selectors, and the names that come from other files."""
        self._statements(named(self._source.root), (), self._scopes.module, {})
        while self._functions:
            self._function(*self._functions.popleft())
        prompts = self._sends.lend(self._names.by_selector())
        return {"prompts": prompts, "exports": exported(self._source)}

    def _statements(
        self, statements: list[Node], path: Steps, scope: Scope, returned: dict[int, Steps]
    ) -> None:
        """Find the prompts of a block; `returned` are the paths of its `return` statements."""
        waiting = [(statement, scope) for statement in reversed(statements)]
        while waiting:
            node, around = waiting.pop()
            if node.type in NESTING:
                inner = self._scopes.of(node, around)
                waiting += [(child, inner) for child in reversed(node.named_children)]
            else:
                self._statement(node, path, around, returned)

    def _statement(self, node: Node, path: Steps, scope: Scope, returned: dict[int, Steps]) -> None:
        match node.type:
            case "lexical_declaration" | "variable_declaration":
                for item in named(node):
                    self._declarator(item, path, scope)
            case "export_statement":
                self._exported(node, path, scope, returned)
            case "expression_statement":
                for item in map(unwrapped, named(node)):
                    is_read = item.type in READ_BY_ITSELF
                    (self._expressions.unnamed if is_read else self._within)(item, path, scope)
            case "return_statement":
                for item in named(node):
                    self._expressions.keep(
                        item, self._names.take(returned.get(node.id, path)), scope
                    )
            case kind if kind in _HEADS:
                self._within(node, path, scope)
            case _:
                self._definition(node, path, scope)

    def _within(self, node: Node, path: Steps, scope: Scope) -> None:
        for name, made in inner_calls(node, self._source):
            self._expressions.keep(made, self._names.take((*path, name)), scope)

    def _definition(self, node: Node, path: Steps, scope: Scope) -> None:
        if node.type == "enum_declaration":
            self._expressions.entries(node, self._name_of(node, path), scope)
        elif node.type in FUNCTIONS or node.type in CLASSES:
            self._define(node, self._name_of(node, path), scope)

    def _define(self, node: Node, path: Steps, scope: Scope) -> None:
        """Functions wait until the names around them are known; classes are read at once."""
        if node.type in CLASSES:
            self._class(node, path, scope)
        else:
            self._functions.append((node, path, scope))

    def _name_of(self, node: Node, path: Steps) -> Steps:
        name = node.child_by_field_name("name")
        own = self._source.text(name) if name is not None else "default"
        return self._names.take((*path, own))

    def _exported(self, node: Node, path: Steps, scope: Scope, returned: dict[int, Steps]) -> None:
        declaration = node.child_by_field_name("declaration")
        value = node.child_by_field_name("value")
        if declaration is not None:
            self._statement(declaration, path, scope, returned)
        elif value is not None:
            self._expressions.keep(value, self._names.take((*path, "default")), scope)

    def _declarator(self, node: Node, path: Steps, scope: Scope) -> None:
        name, value = (node.child_by_field_name(n) for n in ("name", "value"))
        if name is None:
            return
        if name.type != "identifier":
            if value is not None:
                self._expressions.unnamed(unwrapped(value), path, scope)
            return
        found = self._names.take((*path, self._source.text(name)))
        declaration = scope.resolve(self._source.text(name))
        if declaration is None or declaration.node.id != node.id:
            return
        self._names.declared(node, found)
        if declaration.writes:
            self._expressions.built(node, found, declaration)
            if found in self._names:
                if value is not None and not self._names.is_told(found):
                    self._expressions.unnamed(unwrapped(value), found, scope)
                return
        if value is None:
            self._names.add_unknown(found, node)
        else:
            self._expressions.keep(value, found, scope)
        if declaration.changes:
            _change(found, declaration, self._expressions, self._names)

    def _function(self, node: Node, path: Steps, outer: Scope) -> None:
        scope = self._scopes.of(node, outer)
        self._sends.define(node, path)
        for parameter in parameters(node):
            name = parameter.child_by_field_name("pattern") or parameter.child_by_field_name("left")
            value = parameter.child_by_field_name("value") or parameter.child_by_field_name("right")
            if name is not None and value is not None and name.type == "identifier":
                place = self._names.take((*path, self._source.text(name)))
                self._expressions.keep(value, place, outer)
        body = node.child_by_field_name("body")
        if body is None:
            return
        if body.type != "statement_block":
            self._expressions.keep(body, path, scope)
            return
        found = [item for item in returns(body) if named(item)]
        alone = len(found) == 1
        paths = {item.id: path if alone else (*path, "return") for item in found}
        if alone:
            self._names.free(path)
        self._statements(named(body), path, scope, paths)

    def _class(self, node: Node, path: Steps, outer: Scope) -> None:
        scope = self._scopes.of(node, outer)
        body = node.child_by_field_name("body")
        for item in named(body) if body is not None else ():
            key = item.child_by_field_name("name") or item.child_by_field_name("property")
            if key is None:
                if item.type == "class_static_block":
                    self._statements(named(item), path, scope, {})
                continue
            place = self._names.take((*path, self._source.text(key)))
            value = item.child_by_field_name("value")
            if item.type == "method_definition":
                self._define(item, place, scope)
            elif value is not None:
                for one in self._scopes.set_on_this(node, self._source.text(key))[:1]:
                    line = line_of(one)
                    self._names.unclear(place, item, f"is changed by code in line {line}")
                self._expressions.keep(value, place, scope)


def _change(path: Steps, declaration: Declaration, expressions: Expressions, names: Names) -> None:
    """Of a list that is changed its items are told by themselves, not the whole."""
    value = unwrapped(declaration.value) if declaration.value is not None else None
    if value is not None and value.type == "array" and names.is_told(path):
        expressions.entries(value, path, declaration.scope)
    for keys, place in declaration.changes:
        names.changed(path, place, keys)
