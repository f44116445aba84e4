"""Files that include each other, named where a template does not come to an end."""

import json
import re

from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.prompts.sources import LocatedMessage
from reviewbot.rendering import engines

_ENDLESS = re.compile(
    r"the template calls or includes itself too deep|rendering takes more|"
    r"the rendering has more than "
)
"""How a problem begins that an include without end may be behind."""

_MOST_FILES = 1_000


def cycle_behind(problem: Problem, message: LocatedMessage, reader: SourceReader) -> Problem | None:
    """The problem that includes of a message lead in a circle; None where they do not.

    A circle alone is no mistake: conditions may end it.
    """
    if not _ENDLESS.match(problem.what):
        return None
    try:
        return _Search(message, reader).cycle()
    except MeasurementError:
        return None


class _Search:
    """Follows the includes of a message, depth first."""

    def __init__(self, message: LocatedMessage, reader: SourceReader) -> None:
        self._engine = engines.by_name(message.template.engine or "")
        self._options = json.loads(message.options) if message.options else {}
        self._reader = reader
        self._start = message.path
        self._seen: set[str] = set()

    def cycle(self) -> Problem | None:
        way = [self._start]
        waiting = [self._includes(self._start)]
        while way and len(self._seen) < _MOST_FILES:
            if not waiting[-1]:
                waiting.pop()
                way.pop()
                continue
            line, path = waiting[-1].pop(0)
            if path in way:
                return _told(Place(file=way[-1], line=line), way[way.index(path) :])
            if path not in self._seen:
                way.append(path)
                waiting.append(self._includes(path))
        return None

    def _includes(self, path: str) -> list[tuple[int | None, str]]:
        """The line and the path of each file that a file includes, in the order of the lines."""
        self._seen.add(path)
        text = self._reader.text(path)
        found: dict[str, int | None] = {}
        parts = [*enumerate(text.split("\n"), 1), (None, text)]
        for line, part in parts:
            for name in sorted(self._engine.references(part, self._options).names):
                target = self._reader.texts.resolve(name, path)
                if target is not None:
                    found.setdefault(target, line)
        return [(line, target) for target, line in found.items()]


def _told(place: Place, cycle: list[str]) -> Problem:
    """The problem that the last file of a cycle includes the first."""
    first, *between = cycle
    if not between:
        what = "the file includes itself"
        return Problem(what=what, mend="take that line out", place=place)
    through = f" by way of {', '.join(between[:-1])}" if between[:-1] else ""
    return Problem(
        what=f"the file includes {first}, which includes it again{through}",
        mend=f"take one of the {len(cycle)} lines out",
        place=place,
    )
