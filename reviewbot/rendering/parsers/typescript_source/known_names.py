"""What a file says of the names in an expression that only the running program computes."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from reviewbot.rendering.parsers._common.digests import digest_of
from reviewbot.rendering.parsers.typescript_source.declarations import Declaration, Scope
from reviewbot.rendering.parsers.typescript_source.scopes import Scopes
from reviewbot.rendering.parsers.typescript_source.syntax import FUNCTIONS, NAMES, Source, named

_MOST_NAMES = 50
"""Names behind each other: more than a value is made of by hand, and few enough to be quick.

Behind more of them the whole file counts.
"""

_DEFAULTS = {"required_parameter", "optional_parameter", "assignment_pattern"}


_Named = list[tuple[str, Declaration, bool]]
"""Names, what each means, and whether it is called."""

_Members = list[tuple[str, list[Node]]]
"""Members `this.name`, and the places that set or define them."""


class KnownNames:
    """Tells by digests whether what the names of one file stand for is another.

    Of a function that is not called what it does does not count.
    """

    def __init__(self, source: Source, scopes: Scopes) -> None:
        self._source = source
        self._scopes = scopes
        self._digests: dict[tuple[int, bool], str] = {}
        self._names_in: dict[tuple[int, bool], _Named] = {}
        self._members_in: dict[int, _Members] = {}

    def of(self, node: Node, scope: Scope) -> dict[str, list[str]]:
        """The statements that set or change each name of an expression, and those behind them."""
        found: dict[str, list[str]] = {}
        waiting = [*self._named(node, scope, is_called=False)]
        waiting += self._behind_members(node, scope, found)
        for name, declared, is_called in waiting:
            if name in found:
                continue
            if len(found) >= _MOST_NAMES:
                found["*"] = [digest_of(self._source.text(self._source.root))]
                break
            found[name] = [self._digest(item, is_called=is_called) for item in _places(declared)]
            if declared.imported is not None:
                found[name] = [*declared.imported, *found[name][1:]]
            if (value := declared.value or declared.part_of) is not None:
                waiting += self._named(value, declared.scope, is_called=is_called)
                waiting += self._behind_members(value, declared.scope, found)
        return found

    def _behind_members(self, node: Node, scope: Scope, found: dict[str, list[str]]) -> _Named:
        """Put the members `this.name` in an expression, and those behind them, into `found`.

        It gives the names in what sets or defines them.
        """
        named_there: _Named = []
        waiting = [] if node.type in FUNCTIONS else [(node, scope)]
        for inner, around in waiting:
            for name, places in self._members(inner, around):
                if f"this.{name}" in found or len(found) >= _MOST_NAMES:
                    continue
                found[f"this.{name}"] = [self._digest(item, is_called=True) for item in places]
                for place in places:
                    there = self._scopes.at(place)
                    named_there += self._named(place, there, is_called=True)
                    waiting.append((place, there))
        return named_there

    def names_model(self, node: Node, scope: Scope) -> bool:
        """Whether a statement that sets or changes what a name stands for names a model."""
        declared = scope.resolve(self._source.text(node)) if node.type in NAMES else None
        own = [] if declared is None else _places(declared)
        places = [*own, *(place for _, found in self._members(node, scope) for place in found)]
        return any(_MODEL.search(self._source.text(place)) for place in places[:_MOST_NAMES])

    def _members(self, node: Node, scope: Scope) -> _Members:
        """The places that set or define the members `this.name` in an expression."""
        if node.id in self._members_in:
            return self._members_in[node.id]
        found: dict[str, list[Node]] = {}
        owner = scope.owner
        is_called = node.type in FUNCTIONS
        for item in _shown_in(node, is_called=is_called) if owner is not None else ():
            on, key = (item.child_by_field_name(name) for name in ("object", "property"))
            if on is not None and key is not None and on.type == "this" and owner is not None:
                name = self._source.text(key)
                if name in found:
                    continue
                found[name] = [
                    *members_of(owner, name, self._source),
                    *self._scopes.set_on_this(owner, name),
                ]
        self._members_in[node.id] = sorted(found.items(), key=lambda item: item[0])
        return self._members_in[node.id]

    def _named(self, node: Node, scope: Scope, *, is_called: bool) -> _Named:
        """The names in an expression, each once."""
        if (node.id, is_called) in self._names_in:
            return self._names_in[node.id, is_called]
        found: dict[str, tuple[Declaration, bool]] = {}
        for item in _shown_in(node, is_called=is_called):
            name = self._source.text(item) if item.type in NAMES else ""
            declared = scope.resolve(name) if name else None
            if declared is not None:
                calls = found[name][1] if name in found else False
                found[name] = declared, calls or is_callee(item)
        names = [(name, *found[name]) for name in sorted(found)]
        self._names_in[node.id, is_called] = names
        return names

    def _digest(self, node: Node, *, is_called: bool) -> str:
        key = node.id, is_called
        if key not in self._digests:
            leaves = (item for item in _shown_in(node, is_called=is_called) if not item.children)
            self._digests[key] = digest_of(" ".join(map(self._source.text, leaves)))
        return self._digests[key]


_MODEL = re.compile(r"\b[mM]odel|Model\b")


def members_of(owner: Node, name: str, source: Source) -> list[Node]:
    """The fields, methods and parameters of the constructor that define a member of a class."""
    found: list[Node] = []
    body = owner.child_by_field_name("body")
    for item in named(body) if body is not None else ():
        key = item.child_by_field_name("name") or item.child_by_field_name("property")
        own = source.text(key) if key is not None else ""
        found += [item] if own == name else []
        given = item.child_by_field_name("parameters") if own == "constructor" else None
        for parameter in named(given) if given is not None else ():
            pattern = parameter.child_by_field_name("pattern")
            is_member = any(child.type in _MODIFIERS for child in parameter.children)
            if is_member and pattern is not None and source.text(pattern) == name:
                found.append(parameter)
    return found


_MODIFIERS = {"accessibility_modifier", "readonly"}


def _shown_in(node: Node, *, is_called: bool) -> Iterator[Node]:
    """The nodes in another, in order, but for the bodies of functions that are not called."""
    waiting = [node]
    while waiting:
        item = waiting.pop()
        yield item
        is_cut = not is_called and item.type in FUNCTIONS
        body = item.child_by_field_name("body") if is_cut else None
        waiting += [child for child in reversed(item.children) if child != body]


def is_callee(node: Node) -> bool:
    """Whether a name is what a call calls."""
    above = node.parent
    function = above.child_by_field_name("function") if above is not None else None
    return function is not None and function.id == node.id


def _places(found: Declaration) -> list[Node]:
    """The nodes that declare a name, set it and change it."""
    own = found.node
    above = own.parent
    while above is not None and (above.type in _DEFAULTS or above.type.endswith("_pattern")):
        own, above = above, above.parent
    return [own, *found.writes, *(place for _, place in found.changes)]
