"""Which expression a name stands for, and a path of keys behind a name."""

from typing import TYPE_CHECKING

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.objects import entries
from reviewbot.rendering.parsers.typescript_source.scopes import Scopes
from reviewbot.rendering.parsers.typescript_source.syntax import NAMES, Source, Steps, unwrapped

if TYPE_CHECKING:
    from reviewbot.rendering.parsers.typescript_source.values import Reader

KNOWN_KINDS = {"const", "let", "var"}
"""The kinds of declarations whose value the source may tell."""
_LONGEST_CHAIN = 20


class Lookup:
    """Looks names up in one file."""

    def __init__(self, source: Source, scopes: Scopes) -> None:
        self._source = source
        self._scopes = scopes

    def resolved(self, node: Node, scope: Scope) -> tuple[Node, Scope]:
        """The expression that a name stands for, and where its own names are looked up.

        A name behind which code changes something stands for itself.
        """
        for _ in range(_LONGEST_CHAIN):
            node = unwrapped(node)
            found = scope.resolve(self._source.text(node)) if node.type in NAMES else None
            if found is None or found.value is None or found.is_again or found.writes:
                break
            if found.kind not in KNOWN_KINDS or found.changes:
                break
            node, scope = found.value, found.scope
        return node, scope

    def given(self, node: Node, scope: Scope) -> "tuple[Reader, Node, Scope] | None":
        """What the followed call gives for a parameter, and who reads it."""
        node = unwrapped(node)
        found = scope.resolve(self._source.text(node)) if node.type in NAMES else None
        return None if found is None else found.given

    def made(self, node: Node, scope: Scope) -> tuple[Node, Scope]:
        """The expression that a name or a member `this.name` stands for."""
        for _ in range(_LONGEST_CHAIN):
            node, scope = self.resolved(node, scope)
            steps = self._source.steps(node)
            is_member = steps[:1] == ("this",) and len(steps) == len(("this", "name"))
            told = self._member(steps, scope) if is_member else None
            if told is None:
                break
            node, scope = told
        return node, scope

    def _member(self, steps: Steps, scope: Scope) -> tuple[Node, Scope] | None:
        """What a member of a class is set to, by its field or in one place."""
        places = self._scopes.set_on_this(scope.owner, steps[1]) if scope.owner is not None else []
        if not places:
            return self.entry(steps, scope)
        own = entries(scope.owner, self._source) if scope.owner is not None else None
        value = places[0].child_by_field_name("right")
        is_one = len(places) == 1 and places[0].type == "assignment_expression"
        is_set = is_one and steps[1] not in (own or {})
        return (value, self._scopes.at(places[0])) if is_set and value is not None else None

    def entry(self, steps: Steps, scope: Scope) -> tuple[Node, Scope] | None:
        """The expression at a path of names; None where the source does not tell it."""
        if steps[0] == "this":
            return self._field(steps, scope)
        found = scope.resolve(steps[0])
        if found is None or found.is_again or found.writes or found.value is None:
            return None
        is_changed = any(
            changed[: len(steps) - 1] == steps[1 : len(changed) + 1] for changed, _ in found.changes
        )
        if is_changed:
            return None
        return self.below(found.value, steps[1:], found.scope)

    def _field(self, steps: Steps, scope: Scope) -> tuple[Node, Scope] | None:
        owner = scope.owner
        if owner is None or len(steps) == 1 or self._scopes.set_on_this(owner, steps[1]):
            return None
        return self.below(owner, steps[1:], self._scopes.of(owner, scope))

    def below(self, node: Node, steps: Steps, scope: Scope) -> tuple[Node, Scope] | None:
        """The expression behind keys of another; None where the source does not tell it."""
        for step in steps:
            node, scope = self.resolved(node, scope)
            items = entries(node, self._source)
            if items is None or step not in items:
                return None
            node = items[step]
        return node, scope
