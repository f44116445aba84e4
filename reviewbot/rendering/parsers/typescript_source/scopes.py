"""Which names the blocks of a source file declare."""

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.changes import Changes, unfollowed
from reviewbot.rendering.parsers.typescript_source.declarations import Declaration, Scope, bound
from reviewbot.rendering.parsers.typescript_source.syntax import (
    FUNCTIONS,
    NAMES,
    Source,
    named,
)

_BLOCKS = {
    *("statement_block", "for_statement", "for_in_statement", "catch_clause", "switch_body"),
    "class_static_block",
}
CLASSES = frozenset(("class_declaration", "abstract_class_declaration", "class"))


class Scopes:
    """The blocks of a file, by the ids of their nodes."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._known: dict[int, Scope] = {}
        self._changes = Changes(source)
        self.module = Scope(None, is_function=True)
        waiting = [(source.root, self.module)]
        while waiting:
            node, scope = waiting.pop()
            inner = self._entered(node, scope)
            waiting.extend((child, inner) for child in node.named_children)
        self._changes.settle()
        if self._changes.lost is not None:
            self._make_unclear(self._changes.lost)

    def _make_unclear(self, place: Node) -> None:
        """Anything may be changed there, since nobody knows what is."""
        for scope in (self.module, *self._known.values()):
            for declaration in scope.names.values():
                declaration.changes.append(((), unfollowed(place)))

    def of(self, node: Node, outer: Scope) -> Scope:
        """The scope of a block, a function or a class; else that around it."""
        return self._known.get(node.id, outer)

    def at(self, node: Node) -> Scope:
        """The scope of a place."""
        above: Node | None = node
        while above is not None and above.id not in self._known:
            above = above.parent
        return self.module if above is None else self._known[above.id]

    def set_on_this(self, owner: Node, name: str) -> list[Node]:
        """The places in a class that set `this.name`."""
        return self._changes.on_this(owner, name)

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
            self._changes.look_at(node, scope)
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
            self._pattern(pattern, "parameter", inner, None, part_of=_called_on(node))
        return inner

    def _loop(self, node: Node, inner: Scope) -> None:
        left = node.child_by_field_name("left")
        if left is None:
            return
        if node.child_by_field_name("kind") is not None:
            right = node.child_by_field_name("right")
            self._pattern(left, "parameter", inner, None, part_of=right)
        else:
            self._changes.loop(node, left, inner)

    def _variables(self, node: Node, scope: Scope) -> None:
        kind = node.children[0].type
        where = scope.function() if kind == "var" else scope
        for item in node.named_children:
            name = item.child_by_field_name("name")
            if item.type == "variable_declarator" and name is not None:
                value = item.child_by_field_name("value")
                self._pattern(name, kind, where, value, place=item)

    def _pattern(
        self,
        node: Node,
        kind: str,
        scope: Scope,
        value: Node | None,
        *,
        place: Node | None = None,
        part_of: Node | None = None,
    ) -> None:
        if node.type in NAMES:
            found = Declaration(kind, place or node, scope, value=value, part_of=part_of)
            self._declare(node, scope, found)
            return
        for item in bound(node):
            part = part_of if value is None else value
            self._declare(item, scope, Declaration(kind, place or item, scope, part_of=part))

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


def parameters(node: Node) -> list[Node]:
    """The parameters of a function."""
    several = node.child_by_field_name("parameters")
    if several is not None:
        return named(several)
    one = node.child_by_field_name("parameter")
    return [one] if one is not None else []


def _called_on(function: Node) -> Node | None:
    """What the method is called on that is given a function: `list` of `list.forEach(…)`."""
    above = function.parent.parent if function.parent is not None else None
    if above is None or above.type != "call_expression":
        return None
    called = above.child_by_field_name("function")
    return called.child_by_field_name("object") if called is not None else None
