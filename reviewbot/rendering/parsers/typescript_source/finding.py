"""Walks through a source file and keeps each text and list of messages under its name."""

from collections import deque
from collections.abc import Iterator
from typing import Any

from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers.typescript_source.calls import NO_CALL, Call, Calls
from reviewbot.rendering.parsers.typescript_source.declarations import Scope, Steps
from reviewbot.rendering.parsers.typescript_source.messages import Messages
from reviewbot.rendering.parsers.typescript_source.names import Names, callee_of, exported
from reviewbot.rendering.parsers.typescript_source.objects import key_of, returns
from reviewbot.rendering.parsers.typescript_source.scopes import CLASSES, Scopes, parameters
from reviewbot.rendering.parsers.typescript_source.syntax import (
    FUNCTIONS,
    NESTING,
    Source,
    line_of,
    named,
    unwrapped,
)
from reviewbot.rendering.parsers.typescript_source.values import Reader

_CALLS = {"call_expression", "new_expression"}
_SIDES = ("left", "right", "consequence", "alternative")


class Finder:
    """Finds the prompts of one file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._scopes = Scopes(source)
        self._reader = Reader(source, self._scopes)
        self._messages = Messages(self._reader)
        self._calls = Calls(self._reader, self._messages)
        self._names = Names(source)
        self._functions: deque[tuple[Node, Steps, Scope]] = deque()

    def found(self) -> dict[str, Any]:
        """The prompts by their selectors, and the names that come from other files."""
        self._statements(named(self._source.root), (), self._scopes.module, {})
        while self._functions:
            self._function(*self._functions.popleft())
        return {
            "prompts": self._names.by_selector(),
            "exports": exported(self._source),
        }

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
                for item in named(node):
                    self._expression(unwrapped(item), path, scope)
            case "return_statement":
                for item in named(node):
                    self._value(item, self._names.take(returned.get(node.id, path)), scope)
            case _:
                self._definition(node, path, scope)

    def _definition(self, node: Node, path: Steps, scope: Scope) -> None:
        if node.type == "enum_declaration":
            self._entries(node, self._name_of(node, path), scope, NO_CALL, "")
        elif node.type in FUNCTIONS:
            self._functions.append((node, self._name_of(node, path), scope))
        elif node.type in CLASSES:
            self._class(node, self._name_of(node, path), scope)

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
            self._value(value, self._names.take((*path, "default")), scope)

    def _declarator(self, node: Node, path: Steps, scope: Scope) -> None:
        name, value = (node.child_by_field_name(n) for n in ("name", "value"))
        if name is None:
            return
        if name.type != "identifier":
            if value is not None:
                self._expression(unwrapped(value), path, scope)
            return
        found = self._names.take((*path, self._source.text(name)))
        declaration = scope.resolve(self._source.text(name))
        if declaration is None or declaration.node.id != node.id:
            return
        self._names.declared(node, found)
        if declaration.writes:
            text = self._tried(found, node, lambda: self._reader.declared(declaration))
            if text is not None:
                self._names.add_text(found, node, text)
            if found in self._names:
                return
        if value is None:
            self._names.add_unknown(found, node)
        else:
            self._value(value, found, scope)
        for keys, place in declaration.changes:
            self._names.changed((*found, *keys), line_of(place))

    def _expression(self, node: Node, path: Steps, scope: Scope) -> None:
        """An expression that no name is given to, but perhaps by itself."""
        if node.type == "assignment_expression":
            self._assigned(node, path, scope)
        elif node.type in _CALLS:
            name = callee_of(node, self._source)
            self._value(node, self._names.take((*path, name)) if name else path, scope)
        elif node.type in {"ternary_expression", "binary_expression", "arrow_function"}:
            self._value(node, path, scope)

    def _assigned(self, node: Node, path: Steps, scope: Scope) -> None:
        left, right = (node.child_by_field_name(n) for n in ("left", "right"))
        if left is None or right is None:
            return
        steps = self._scopes.steps(left)
        if steps[:2] == ("module", "exports"):
            steps = steps[1:]
        if not steps:
            self._expression(unwrapped(right), path, scope)
            return
        found = scope.resolve(steps[0])
        own = self._names.path_of(found.node) if found is not None else None
        if len(steps) == 1 and own is not None and self._names.is_told(own):
            return
        place = (*own, *steps[1:]) if own is not None else (*path, *steps)
        if (taken := self._names.take(place)) != place:
            self._names.changed(place, line_of(node))
        self._value(right, taken, scope)

    def _function(self, node: Node, path: Steps, outer: Scope) -> None:
        scope = self._scopes.of(node, outer)
        for parameter in parameters(node):
            name = parameter.child_by_field_name("pattern") or parameter.child_by_field_name("left")
            value = parameter.child_by_field_name("value") or parameter.child_by_field_name("right")
            if name is not None and value is not None and name.type == "identifier":
                place = self._names.take((*path, self._source.text(name)))
                self._value(value, place, outer)
        body = node.child_by_field_name("body")
        if body is None:
            return
        if body.type != "statement_block":
            self._value(body, path, scope)
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
                self._functions.append((item, place, scope))
            elif value is not None:
                for line in self._changed(node, self._source.text(key)):
                    self._names.unclear(place, item, f"is changed by code in line {line}")
                self._value(value, place, scope)

    def _changed(self, owner: Node, name: str) -> Iterator[int]:
        return (line_of(item) for item in self._scopes.set_on_this(owner, name)[:1])

    def _value(
        self, node: Node, path: Steps, scope: Scope, call: Call = NO_CALL, callee: str = ""
    ) -> None:
        """Keep what an expression says under a path."""
        node = unwrapped(node)
        if not self._names.takes(path):
            return
        if node.type in FUNCTIONS:
            self._functions.append((node, path, scope))
            return
        if node.type in CLASSES:
            self._class(node, path, scope)
            return
        text = self._tried(path, node, lambda: self._reader.text(node, scope))
        if text is not None:
            self._names.add_text(path, node, text, call=call, callee=callee)
            self._used(node, path, scope, call, callee)
            return
        messages = self._tried(path, node, lambda: self._messages.of(node, scope))
        if messages is not None:
            self._names.add(path, node, messages, call=call, callee=callee)
            self._used(node, path, scope, call, callee)
            return
        self._parts(node, path, scope, call, callee)
        self._names.add_unknown(path, node)

    def _used(self, node: Node, path: Steps, scope: Scope, call: Call, callee: str) -> None:
        if node.type not in {"identifier", "shorthand_property_identifier"}:
            return
        found = scope.resolve(self._source.text(node))
        if found is not None:
            self._names.use(path, found.node, call, callee)

    def _parts(self, node: Node, path: Steps, scope: Scope, call: Call, callee: str) -> None:
        if node.type in _CALLS:
            self._call(node, path, scope)
        elif node.type in {"object", "array"}:
            self._entries(node, path, scope, call, callee)
        elif node.type in {"ternary_expression", "binary_expression"}:
            for field in _SIDES:
                side = node.child_by_field_name(field)
                if side is not None and unwrapped(side).type not in {"identifier", "string"}:
                    self._value(side, self._names.take((*path, field)), scope, call, callee)

    def _call(self, node: Node, path: Steps, scope: Scope) -> None:
        function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        given = node.child_by_field_name("arguments")
        if function is None or given is None or given.type == "template_string":
            return
        inner = unwrapped(function)
        on = inner.child_by_field_name("object")
        if inner.type in FUNCTIONS:
            self._functions.append((inner, path, scope))
        elif on is not None and unwrapped(on).type in _CALLS:
            self._value(on, path, scope)
        callee = callee_of(node, self._source)
        for position, item in enumerate(named(given)):
            argument = unwrapped(item)
            if argument.type == "object":
                self._entries(argument, path, scope, NO_CALL, callee)
            elif argument.type in FUNCTIONS:
                self._functions.append((argument, path, scope))
            elif argument.type not in {"identifier", "number", "spread_element"}:
                place = self._names.take((*path, str(position)))
                self._value(argument, place, scope, NO_CALL, callee)
            elif argument.type == "identifier":
                self._used(argument, (), scope, NO_CALL, callee)

    def _entries(self, node: Node, path: Steps, scope: Scope, call: Call, callee: str) -> None:
        """The values of an object, an array or an enum, each under its key."""
        values, methods = self._names.entries(node)
        keys = {key: item for key, item, _ in values}
        if "model" in keys:
            call = self._calls.of(keys, scope)
            messages = self._tried(path, node, lambda: self._calls.messages(keys, scope))
            if messages is not None:
                self._names.add(path, node, messages, call=call, callee=callee)
        for key, item, behind in values:
            place = self._names.take((*path, key))
            self._value(item, place, scope, call, callee)
            if behind is not None:
                line = line_of(behind)
                what = f"may be another, by what is put behind it in line {line}"
                self._names.unclear(place, item, what, only_told=True)
        for item in methods:
            name = item.child_by_field_name("name")
            if name is not None:
                place = self._names.take((*path, key_of(name, self._source)))
                self._functions.append((item, place, scope))

    def _tried(self, path: Steps, node: Node, read: Any) -> Any:
        """What `read` gives; None, and a problem under the name, where it raises."""
        try:
            return read()
        except TemplateError as error:
            self._names.refuse(path, error, node)
            return None
