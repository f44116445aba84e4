"""What changes something under one name, and so changes it under other names of Python source."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from reviewbot.rendering.parsers.python_source.changing_calls import Change
from reviewbot.rendering.parsers.python_source.other_names import OtherName
from reviewbot.rendering.parsers.python_source.scopes import Steps

_MOST_BEHIND = 20_000
"""Changes under other names that one block is taken to make; with more, all is unclear."""


class SecondNames:
    """The names of a block that stand for what has a name already."""

    def __init__(self, others: Mapping[Steps, OtherName]) -> None:
        self._others = others
        self._by_first: dict[Steps, list[Steps]] = {}
        for name, other in others.items():
            if other.of:
                self._by_first.setdefault(other.of, []).append(name)
        self._left = _MOST_BEHIND

    def behind(self, changes: Iterable[Change]) -> Iterator[Change]:
        """What changes what a name stands for changes it under its first name and the others."""
        for change in changes if self._others else ():
            for count in range(1, len(change.path) + 1):
                yield from self._from(change, change.path[:count])
            if self._left < 0:
                yield Change(path=(), line=change.line)
                return

    def _from(self, change: Change, name: Steps) -> Iterator[Change]:
        keys = change.path[len(name) :]
        other = self._others.get(name)
        if other is not None and (keys or change.in_place):
            path = (*other.of, *keys) if other.of else ()
            yield replace(change, path=path, own=change.own or bool(keys), followed=False)
        for second in self._by_first.get(name, ()):
            self._left -= 1
            if self._left < 0:
                return
            if change.line > self._others[second].line:
                path = (*second, *keys)
                yield replace(change, path=path, followed=False) if change.in_place else change
