"""What the names of a block mean: a value, an import, or what running code decides."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.syntax import NAMES, Steps

if TYPE_CHECKING:
    from reviewbot.rendering.parsers.typescript_source.values import Reader

_WITH_DEFAULT = {"required_parameter", "optional_parameter"}
_PATTERNS = {"assignment_pattern", "object_assignment_pattern"}


class Declaration:
    """A name of a block: the expression of its value, and the places that set or change it.

    `value` is None where the source does not tell it: a parameter, a name that is taken out of
    something; `part_of` is what it is taken out of, where that is told. `imported` is the module
    and the name there. `changes` are the keys changed behind the name, each with its place.
    `given` is what the followed call gives for a parameter, and who reads it.
    """

    def __init__(
        self,
        kind: str,
        node: Node,
        scope: "Scope",
        *,
        value: Node | None = None,
        imported: tuple[str, str] | None = None,
        part_of: Node | None = None,
    ) -> None:
        self.kind = kind
        self.node = node
        self.scope = scope
        self.value = value
        self.imported = imported
        self.part_of = part_of
        self.writes: list[Node] = []
        self.changes: list[tuple[Steps, Node]] = []
        self.is_again = False
        self.given: tuple[Reader, Node, Scope] | None = None

    @property
    def is_own(self) -> bool:
        """Whether neither another file nor the followed call says what it stands for."""
        return self.imported is None and self.given is None


class Scope:
    """The names of a block; `owner` is the class whose `this` is meant in it."""

    def __init__(
        self, outer: "Scope | None", *, is_function: bool = False, owner: Node | None = None
    ) -> None:
        self.outer = outer
        self.names: dict[str, Declaration] = {}
        self.is_function = is_function
        inherited = outer.owner if outer is not None else None
        self.owner: Node | None = owner if owner is not None else inherited

    def declare(self, name: str, declaration: Declaration) -> None:
        """A name that stands twice in a block stands for nothing certain."""
        before = self.names.get(name)
        self.names[name] = declaration
        declaration.is_again = before is not None

    def resolve(self, name: str) -> Declaration | None:
        """What a name means here; None of one that comes from elsewhere."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None

    def function(self) -> "Scope":
        """The block of the function around, in which `var` declares."""
        scope = self
        while not scope.is_function and scope.outer is not None:
            scope = scope.outer
        return scope


def bound(pattern: Node) -> Iterator[Node]:
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


def default_of(declared: Declaration) -> Node | None:
    """The default of a parameter that nothing sets again."""
    around = declared.node.parent
    if declared.kind != "parameter" or declared.is_again or declared.writes or around is None:
        return None
    if around.type in _WITH_DEFAULT:
        return around.child_by_field_name("value")
    return around.child_by_field_name("right") if around.type in _PATTERNS else None
