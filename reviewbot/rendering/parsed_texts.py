"""What a parser gave of a text, and the imported files that it was given for that."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompt import LoadedFile
from reviewbot.rendering.jobs import Load

_Told = tuple[str, str] | tuple[Problem, ...] | None


class ParsedText(Struct, frozen=True, kw_only=True):
    """What a text says, or the error; `slow_seconds` are those beyond its free ones.

    `loads` are the files that it imports by the names, and the importing paths, that were asked
    for: path and digest, or why one cannot be read.
    """

    data: Any
    loads: Mapping[tuple[str, str], _Told]
    slow_seconds: float = 0.0

    def holds(self, load: Load) -> bool:
        """Whether the same names mean the same files once more."""
        return all(_told(load, *asked)[0] == told for asked, told in self.loads.items())


class Loads:
    """Gives imported files, and remembers which."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self.found: dict[tuple[str, str], _Told] = {}

    def give(self, name: str, parent: str) -> LoadedFile | None:
        """The file that a name means.

        Raises:
            MeasurementError: It cannot be read.
        """
        told, given = _told(self._load, name, parent)
        self.found[name, parent] = told
        if isinstance(given, MeasurementError):
            raise given
        return given


def packed(parsed: ParsedText) -> bytes | None:
    """As JSON of Python's own, which holds any number and any string; None where that is too much.

    An error is not kept, nor what became of a file that cannot be read.
    """
    import json

    loads = []
    for (name, parent), told in parsed.loads.items():
        if told is not None and isinstance(told[0], Problem):
            return None
        loads.append([name, parent, told])
    return json.dumps([parsed.slow_seconds, parsed.data, loads]).encode("ascii")


def unpacked(data: bytes | None) -> ParsedText | None:
    """What was packed; None where it was not by us."""
    import json

    try:
        match json.loads(data or b"null"):
            case [float() as slow_seconds, found, [*loads]]:
                given = {(name, parent): told and tuple(told) for name, parent, told in loads}
                return ParsedText(data=found, loads=given, slow_seconds=slow_seconds)
    except (ValueError, TypeError, RecursionError):
        pass
    return None


def _told(load: Load, name: str, parent: str) -> tuple[_Told, LoadedFile | MeasurementError | None]:
    """What is remembered of a file, and the file; texts are not held for long."""
    try:
        found = load(name, parent)
    except MeasurementError as error:
        return tuple(error.problems), error
    if found is None:
        return None, None
    from hashlib import blake2b

    said = blake2b(found.text.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()
    return (found.path, said), found
