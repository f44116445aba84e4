"""Which names a file hands out, and where it takes them from."""

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.syntax import Source, named

_NAMED = {
    *("function_declaration", "generator_function_declaration", "enum_declaration"),
    *("class_declaration", "abstract_class_declaration"),
}


class Exports:
    """The exports of one file.

    `own` are its names by what they are called outside, `taken` those of other files, each with
    module and name there, `stars` the modules all of whose names it hands out. `default` is the
    expression behind `export default`. A name that is imported and handed out is an own one.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self.own: dict[str, str] = {}
        self.taken: dict[str, tuple[str, str]] = {}
        self.stars: list[str] = []
        self.default: Node | None = None
        for node in named(source.root):
            if node.type == "export_statement":
                self._statement(node)

    def _statement(self, node: Node) -> None:
        module = node.child_by_field_name("source")
        declaration = node.child_by_field_name("declaration")
        value = node.child_by_field_name("value")
        if module is not None:
            self._taken(node, self._source.text(module)[1:-1])
        elif declaration is not None:
            self._declared(declaration, is_default="default" in {c.type for c in node.children})
        elif value is not None:
            self.own["default"] = "default"
            self.default = value
        for clause in named(node) if module is None else ():
            for name, own in self._clause(clause):
                self.own[own] = name

    def _taken(self, node: Node, module: str) -> None:
        clauses = named(node)[:-1]
        if not clauses:
            self.stars.append(module)
        for clause in clauses:
            if clause.type == "namespace_export":
                self.taken[self._source.text(named(clause)[0])] = (module, "*")
            for name, own in self._clause(clause):
                self.taken[own] = (module, name)

    def _clause(self, clause: Node) -> list[tuple[str, str]]:
        found = []
        for one in named(clause) if clause.type == "export_clause" else ():
            name = one.child_by_field_name("name")
            own = one.child_by_field_name("alias") or name
            if name is not None and own is not None:
                found.append((self._source.text(name), self._source.text(own)))
        return found

    def _declared(self, node: Node, *, is_default: bool) -> None:
        items = [node] if node.type in _NAMED else named(node)
        for item in items:
            name = item.child_by_field_name("name")
            if name is not None and name.type != "object_pattern":
                own = self._source.text(name)
                self.own["default" if is_default else own] = own
