"""The one model that functions and choices leave, where mocks and tests are left aside."""

from collections.abc import Callable

from tree_sitter import Node

from reviewbot.rendering.parsers._common.asked import Asked, one_of
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.model_factories import Way, ways_of
from reviewbot.rendering.parsers.typescript_source.syntax import line_of
from reviewbot.rendering.parsers.typescript_source.values import Reader


class SettledModels:
    """Tells what is asked for by expressions of all files that stand for a model."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int, str], Asked | None] = {}

    def of(
        self, reader: Reader, node: Node, scope: Scope, read: Callable[[Way], Asked], kind: str
    ) -> Asked | None:
        """What `read` tells of the one expression that is meant; None where that is not settled.

        None, too, where the expression speaks for itself. Each is read once for each `kind`.
        """
        key = id(reader), node.id, kind
        if key not in self._known:
            self._known[key] = None  # what needs itself is not settled
            self._known[key] = _settled(reader, node, scope, read)
        return self._known[key]


def _settled(
    reader: Reader, node: Node, scope: Scope, read: Callable[[Way], Asked]
) -> Asked | None:
    ways = ways_of(reader, node, scope)
    own, _ = reader.lookup.made(node, scope)
    if not ways or any(way.node.id == own.id for way in ways):
        return None
    return one_of([(read(way), way.is_test) for way in ways], line_of(node))
