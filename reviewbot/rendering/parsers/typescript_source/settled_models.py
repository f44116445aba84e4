"""The one model that functions and choices leave, where mocks and tests are left aside."""

from collections.abc import Callable

from tree_sitter import Node

from reviewbot.rendering.parsers._common.asked import Asked, by_default, one_of
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.given_arguments import meant_now, within
from reviewbot.rendering.parsers.typescript_source.model_factories import (
    CHOICES,
    Way,
    usual_way,
    ways_of,
)
from reviewbot.rendering.parsers.typescript_source.setting_values import SettingValues
from reviewbot.rendering.parsers.typescript_source.syntax import line_of
from reviewbot.rendering.parsers.typescript_source.values import Reader


class SettledModels:
    """Tells what is asked for by expressions of all files that stand for a model."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Asked | None] = {}

    def of(
        self, reader: Reader, node: Node, scope: Scope, read: Callable[[Way], Asked], kind: str
    ) -> Asked | None:
        """What `read` tells of the one expression that is meant; None where that is not settled.

        None, too, where the expression speaks for itself. Each is read once for each `kind`.
        """
        key = id(reader), node.id, kind, meant_now()
        if key not in self._known:
            self._known[key] = None  # what needs itself is not settled
            self._known[key] = _settled(reader, node, scope, read)
        return self._known[key]


def _settled(
    reader: Reader, node: Node, scope: Scope, read: Callable[[Way], Asked]
) -> Asked | None:
    ways = ways_of(reader, node, scope)
    own, _ = reader.lookup.made(node, scope)
    if any(way.node.id == own.id and way.reader is reader for way in ways):
        ways = []
    told = [(_read(way, read), way.is_test) for way in ways]
    one = one_of(told, line_of(node)) if told else None
    is_usual = own.type in CHOICES or any(asked.names_model for asked, _ in told)
    if one is not None or not is_usual:
        return one
    usual = usual_way(Way(reader=reader, node=node, scope=scope))
    if usual is None or usual[0].node.id == own.id:
        return None
    way, is_settled = usual
    asked = one_of([(_read(way, read), False)], line_of(node))
    if asked is None or is_settled:
        return asked
    return by_default(asked, SettingValues(reader).told("model", node, scope))


def _read(way: Way, read: Callable[[Way], Asked]) -> Asked:
    with within(way.given):
        return read(way)
