"""Computed expressions with what their names stand for, so that other names make no other one."""

import json
from collections.abc import Iterator

from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.digests import digest_of
from reviewbot.rendering.parsers.typescript_source.declarations import Declaration, Scope
from reviewbot.rendering.parsers.typescript_source.known_names import KnownNames, is_callee
from reviewbot.rendering.parsers.typescript_source.lookup import KNOWN_KINDS
from reviewbot.rendering.parsers.typescript_source.syntax import (
    FUNCTIONS,
    NAMES,
    unwrapped,
)
from reviewbot.rendering.parsers.typescript_source.values import Reader

_DEEPEST = 8
_MOST_WORDS = 5_000
_TYPES = {"type_annotation", "type_arguments", "type_parameters"}
_PUNCTUATION = {",", ";", "await"}
"""What may stand or not without making another value of an argument."""


class _Following:
    """How far names are followed into other files, and who tells their expressions."""

    def __init__(self) -> None:
        self.words = 0
        self.is_on = False
        self._others: dict[int, MeantExpressions] = {}

    def of(self, reader: Reader, asking: "MeantExpressions") -> "MeantExpressions":
        """Who tells the expressions that another file's reader reads."""
        self._others.setdefault(id(asking.reader), asking)
        if id(reader) not in self._others:
            known = KnownNames(reader.source, reader.scopes)
            self._others[id(reader)] = MeantExpressions(reader, known, self)
        return self._others[id(reader)]


class MeantExpressions:
    """Tells the expressions of one file apart."""

    def __init__(
        self, reader: Reader, known: KnownNames, following: "_Following | None" = None
    ) -> None:
        self.reader = reader
        self._source = reader.source
        self._known = known
        self._put_in: set[str] = set()
        self._following = following or _Following()

    def digest(self, node: Node, scope: Scope, *, follows: bool = False) -> str | None:
        """A digest of an expression and of its names' meaning; None where the file says nothing.

        A constant stands for its value, an argument for its position or its key. Where it `follows`
        names of other files, they stand for what these say.
        """
        self._put_in = set()
        self._following.words, self._following.is_on = 0, follows
        words = [*self.words(unwrapped(node), scope, 0)]
        found = self._known.of(node, scope)
        if not found:
            return None
        if len(words) > _MOST_WORDS:
            return digest_of(f"{self._source.text(node)} where {json.dumps(found, sort_keys=True)}")
        known = {name: said for name, said in found.items() if name not in self._put_in}
        return digest_of(f"{' '.join(words)} where {json.dumps(known, sort_keys=True)}")

    def words(self, node: Node, scope: Scope, depth: int) -> Iterator[str]:
        """The words of an expression, with those of what its names stand for."""
        waiting = [node]
        while waiting and self._following.words <= _MOST_WORDS:
            item = waiting.pop()
            if depth < _DEEPEST and (there := self._imported(item, scope)) is not None:
                yield from self._elsewhere(*there, depth + 1)
            elif item.children:
                body = item.child_by_field_name("body") if item.type in FUNCTIONS else None
                inner = [it for it in item.children if it.type not in _TYPES and it != body]
                waiting += reversed(inner)
            elif item.type in NAMES:
                yield from self._name(item, scope, depth)
            elif item.type not in _PUNCTUATION:
                self._following.words += 1
                yield self._source.text(item)

    def _imported(self, node: Node, scope: Scope) -> tuple[Reader, Node] | None:
        """What a name of another file stands for, or what stands behind keys of it."""
        is_name = self._following.is_on and (node.type in NAMES or node.type == "member_expression")
        try:
            found = self.reader.imported(node, scope, has_keys=True) if is_name else None
        except TemplateError:
            return None
        if found is None or (found[1].type in FUNCTIONS and not is_callee(node)):
            return None
        self._put_in.add(self._source.steps(node)[0])
        return found[0], found[1]

    def _elsewhere(self, reader: Reader, node: Node, depth: int) -> Iterator[str]:
        """The words of an expression of another file; of a function those of its body."""
        inner = node.child_by_field_name("body") if node.type in FUNCTIONS else node
        inner = unwrapped(inner or node)
        yield from self._following.of(reader, self).words(inner, reader.scopes.at(inner), depth)

    def _name(self, node: Node, scope: Scope, depth: int) -> Iterator[str]:
        name = self._source.text(node)
        self._following.words += 1
        if node.type == "shorthand_property_identifier":
            yield f"{name} :"
        found = scope.resolve(name)
        value = None if found is None else _value(found)
        if found is not None and value is not None and depth < _DEEPEST:
            self._put_in.add(name)
            yield from self.words(value, found.scope, depth + 1)
        elif found is not None and (place := self._given(found)) is not None:
            self._put_in.add(name)
            yield place
        else:
            yield name

    def _given(self, found: Declaration) -> str | None:
        """The key or the position of an argument without a default."""
        node = found.node
        is_given = found.kind == "parameter" and found.part_of is None and not found.writes
        if not is_given or found.changes or found.is_again:
            return None
        key: str | None = None
        while node.parent is not None and node.parent.type != "formal_parameters":
            if "=" in {child.type for child in node.children} or node.type in FUNCTIONS:
                return None
            if node.type == "shorthand_property_identifier_pattern":
                key = self._source.text(node)
            elif node.type == "pair_pattern":
                key = self._source.text(node.named_children[0])
            node = node.parent
        if node.parent is None or "=" in {child.type for child in node.children}:
            return None
        return f"argument {node.parent.named_children.index(node) if key is None else key}"


def _value(found: Declaration) -> Node | None:
    """The value of a constant that nothing changes."""
    is_set_once = found.kind in KNOWN_KINDS and not found.writes and not found.changes
    if found.value is None or not is_set_once or found.is_again:
        return None
    value = unwrapped(found.value)
    return None if value.type in FUNCTIONS else value
