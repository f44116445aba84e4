"""Which names the blocks of a source file declare, and where it sets or changes them."""

from collections.abc import Iterator

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.declarations import Declaration, Scope, Steps
from reviewbot.rendering.parsers.typescript_source.syntax import (
    FUNCTIONS,
    Source,
    named,
    unwrapped,
)

_BLOCKS = {
    *("statement_block", "for_statement", "for_in_statement", "catch_clause", "switch_body"),
    "class_static_block",
}
CLASSES = frozenset(("class_declaration", "abstract_class_declaration", "class"))
_CHANGING = {
    *("push", "unshift", "pop", "shift", "splice", "sort", "reverse", "fill", "copyWithin"),
    *("set", "delete", "clear", "add"),
}
NAMES = {
    *("identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"),
}
"""Kinds of nodes that are a name by itself."""


class Scopes:
    """The blocks of a file, by the ids of their nodes."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._known: dict[int, Scope] = {}
        self._targets: list[tuple[Node, Node, Scope]] = []
        self._own_fields: dict[int, dict[str, list[Node]]] = {}
        self.module = Scope(None, is_function=True)
        waiting = [(source.root, self.module)]
        while waiting:
            node, scope = waiting.pop()
            inner = self._entered(node, scope)
            waiting.extend((child, inner) for child in node.named_children)
        for target, place, scope in sorted(self._targets, key=lambda item: item[1].start_byte):
            self._set(target, place, scope)

    def of(self, node: Node, outer: Scope) -> Scope:
        """The scope of a block, a function or a class; else that around it."""
        return self._known.get(node.id, outer)

    def set_on_this(self, owner: Node, name: str) -> list[Node]:
        """The places in a class that set `this.name`."""
        return self._own_fields.get(owner.id, {}).get(name, [])

    def _entered(self, node: Node, scope: Scope) -> Scope:
        kind = node.type
        if kind in FUNCTIONS:
            return self._function(node, scope)
        if kind in CLASSES:
            if kind != "class":
                self._definition(node, "class", scope)
            return self._kept(node, Scope(scope, owner=node))
        if kind in _BLOCKS:
            return self._block(node, scope)
        if kind in {"lexical_declaration", "variable_declaration"}:
            self._variables(node, scope)
        elif kind == "import_statement":
            self._imports(node, scope)
        elif kind == "enum_declaration":
            self._definition(node, "enum", scope)
        else:
            self._changes(node, scope)
        return scope

    def _definition(self, node: Node, kind: str, scope: Scope) -> None:
        name = node.child_by_field_name("name")
        if name is not None:
            self._declare(name, scope, Declaration(kind, node, scope, value=node))

    def _block(self, node: Node, scope: Scope) -> Scope:
        inner = self._known.get(node.id) or self._kept(node, Scope(scope))
        if node.type == "for_in_statement":
            self._loop(node, inner)
        parameter = node.child_by_field_name("parameter")
        if parameter is not None:
            self._pattern(parameter, "parameter", inner, None)
        return inner

    def _kept(self, node: Node, scope: Scope) -> Scope:
        self._known[node.id] = scope
        return scope

    def _declare(self, name: Node, scope: Scope, declaration: Declaration) -> None:
        scope.declare(self._source.text(name), declaration)

    def _function(self, node: Node, scope: Scope) -> Scope:
        if node.type.endswith("function_declaration"):
            self._definition(node, "function", scope)
        inner = self._kept(node, Scope(scope, is_function=True))
        body = node.child_by_field_name("body")
        if body is not None and body.type == "statement_block":
            self._known[body.id] = inner
        for parameter in parameters(node):
            pattern = parameter.child_by_field_name("pattern") or parameter
            self._pattern(pattern, "parameter", inner, None)
        return inner

    def _loop(self, node: Node, inner: Scope) -> None:
        left = node.child_by_field_name("left")
        if left is None:
            return
        if node.child_by_field_name("kind") is not None:
            self._pattern(left, "parameter", inner, None)
        else:
            self._targets.append((left, node, inner))

    def _variables(self, node: Node, scope: Scope) -> None:
        kind = node.children[0].type
        where = scope.function() if kind == "var" else scope
        for item in node.named_children:
            name = item.child_by_field_name("name")
            if item.type == "variable_declarator" and name is not None:
                value = item.child_by_field_name("value")
                self._pattern(name, kind, where, value, place=item)

    def _pattern(
        self, node: Node, kind: str, scope: Scope, value: Node | None, place: Node | None = None
    ) -> None:
        if node.type in NAMES:
            self._declare(node, scope, Declaration(kind, place or node, scope, value=value))
            return
        for item in _bound(node):
            self._declare(item, scope, Declaration(kind, place or item, scope))

    def _imports(self, node: Node, scope: Scope) -> None:
        module = node.child_by_field_name("source")
        path = self._source.text(module)[1:-1] if module is not None else ""
        for clause in node.named_children:
            for item in clause.named_children if clause.type == "import_clause" else ():
                specifiers = named(item) if item.type == "named_imports" else [item]
                for one in specifiers:
                    name = one.child_by_field_name("name") or one
                    own = one.child_by_field_name("alias") or name
                    imported = self._source.text(name) if one is not name else "default"
                    if item.type == "namespace_import":
                        own, imported = named(item)[0], "*"
                    found = Declaration("import", node, scope, imported=(path, imported))
                    self._declare(own, scope, found)

    def _changes(self, node: Node, scope: Scope) -> None:
        match node.type:
            case "assignment_expression" | "augmented_assignment_expression":
                target = node.child_by_field_name("left")
            case "update_expression":
                target = node.child_by_field_name("argument")
            case "unary_expression" if node.children[0].type == "delete":
                target = node.child_by_field_name("argument")
            case "call_expression":
                target = self._changed_by_call(node)
            case _:
                return
        if target is not None:
            self._targets.append((unwrapped(target), node, scope))

    def _changed_by_call(self, node: Node) -> Node | None:
        function = node.child_by_field_name("function")
        given = node.child_by_field_name("arguments")
        if function is None or function.type != "member_expression" or given is None:
            return None
        if self._source.text(function) in {"Object.assign", "Object.defineProperty"}:
            return next(iter(named(given)), None)
        name = function.child_by_field_name("property")
        if name is None or self._source.text(name) not in _CHANGING:
            return None
        return function.child_by_field_name("object")

    def _set(self, target: Node, place: Node, scope: Scope) -> None:
        is_call = place.type == "call_expression"
        if target.type in {"object_pattern", "array_pattern"}:
            for item in _bound(target):
                self._set(item, place, scope)
            return
        steps = self.steps(target)
        if not steps:
            steps = self._beginning(target)
        if steps[:1] == ("this",) and len(steps) > 1 and scope.owner is not None:
            fields = self._own_fields.setdefault(scope.owner.id, {})
            fields.setdefault(steps[1], []).append(place)
        found = scope.resolve(steps[0]) if steps else None
        if found is None:
            return
        if len(steps) == 1 and not is_call and target.type in NAMES:
            found.writes.append(place)
        else:
            found.changes.append((steps[1:], place))

    def _beginning(self, node: Node) -> Steps:
        """The name at the beginning of an expression whose keys are computed."""
        while node.type in {"member_expression", "subscript_expression"}:
            inner = node.child_by_field_name("object")
            if inner is None:
                return ()
            node = unwrapped(inner)
            if steps := self.steps(node):
                return steps
        return ()

    def steps(self, node: Node) -> Steps:
        """The name and the keys that are read; empty where it is no such expression."""
        keys: list[str] = []
        while True:
            node = unwrapped(node)
            if node.type in NAMES or node.type == "this":
                return (self._source.text(node), *reversed(keys))
            inner = node.child_by_field_name("object")
            key = node.child_by_field_name("property") or node.child_by_field_name("index")
            if inner is None or key is None:
                return ()
            if node.type == "member_expression":
                keys.append(self._source.text(key))
            elif key.type == "string":
                keys.append(self._source.string(key))
            elif key.type == "number":
                keys.append(self._source.text(key))
            else:
                return ()
            node = inner


def parameters(node: Node) -> list[Node]:
    """The parameters of a function."""
    several = node.child_by_field_name("parameters")
    if several is not None:
        return named(several)
    one = node.child_by_field_name("parameter")
    return [one] if one is not None else []


def _bound(pattern: Node) -> Iterator[Node]:
    """The names that a pattern binds."""
    waiting = [pattern]
    while waiting:
        node = waiting.pop()
        if node.type in NAMES:
            yield node
        elif node.type == "pair_pattern":
            waiting += [child for child in [node.child_by_field_name("value")] if child]
        elif node.type in {"assignment_pattern", "object_assignment_pattern"}:
            waiting += [child for child in [node.child_by_field_name("left")] if child]
        elif node.type.endswith("_pattern"):
            waiting += node.named_children
        elif node.type in {"required_parameter", "optional_parameter"}:
            waiting += [child for child in [node.child_by_field_name("pattern")] if child]
