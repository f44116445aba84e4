"""Texts whose parsers cannot be bounded here are parsed in a process with limits."""

from collections.abc import Mapping
from hashlib import sha256 as digest
from typing import TYPE_CHECKING, Any, Self

from reviewbot.allowance import Allowance
from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompt import LoadedFile
from reviewbot.rendering.jobs import Load, load_nothing

if TYPE_CHECKING:
    from reviewbot.rendering.process import RenderingProcess

_WALL_SECONDS = 2.0
_MEMORY_BYTES = 384 * 1024 * 1024
_MOST_KEPT = 4
"""Results of one text that are kept: its imports differ between revisions."""
_ANY = "utf-8", "surrogatepass"
_SLOW_SECONDS = 8.0
"""For one text, and for all slow texts of a review; templates have a time of their own."""


class LimitedParser:
    """Parses in a process of its own, which is started when it is needed; a context manager.

    Equal texts that import equal files are parsed once. `slow_seconds` are for all slow texts
    together, `allowance` for all that the review does.
    """

    def __init__(
        self, slow_seconds: float = _SLOW_SECONDS, allowance: Allowance | None = None
    ) -> None:
        self.allowance = allowance or Allowance()
        self._slow_seconds = slow_seconds
        self._process: RenderingProcess | None = None
        self._known: dict[tuple[str, str, str], list[_Result]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.rest()

    @property
    def is_used_up(self) -> bool:
        """Whether the time for slow texts is over, so that no further text is parsed."""
        return self._process is not None and self._process.is_used_up

    def rest(self) -> None:
        """End the process until the next text: it holds memory while others render.

        The time that is left stays as it is.
        """
        if self._process is not None:
            self._process.__exit__()

    def parse(self, parser: str, text: str, path: str, load: Load = load_nothing) -> Any:
        """What the parser of that name in `reviewbot.rendering.parsers` gives, as JSON data.

        `load` gives the files that the text imports, where the parser follows imports.

        Raises:
            MeasurementError: The text of the file at `path` is wrong, or exceeds the limits.
        """
        known = self._known.setdefault((parser, path, text), [])
        result = next((item for item in known if item.holds(load)), None)
        if result is None:
            result = self._parsed(parser, text, path, load)
            known.append(result)
            del known[:-_MOST_KEPT]
        if isinstance(result.data, MeasurementError):
            raise result.data
        return result.data

    def _parsed(self, parser: str, text: str, path: str, load: Load) -> "_Result":
        if self._process is None:
            from reviewbot.rendering.process import RenderingProcess
            from reviewbot.rendering.resource_limits import Limits

            self._process = RenderingProcess(
                Limits(
                    wall_seconds=_WALL_SECONDS,
                    slow_seconds=self._slow_seconds,
                    memory_bytes=_MEMORY_BYTES,
                ),
                self.allowance,
            )
        loads: dict[tuple[str, str], _Loaded] = {}

        def loading(name: str, parent: str) -> LoadedFile | None:
            loads[name, parent] = _loaded(load, name, parent)
            return load(name, parent)

        try:
            data = self._process.parse(parser, text, path=path, load=loading)
        except MeasurementError as error:
            data = error
        return _Result(data, loads)


_Loaded = tuple[str, bytes] | tuple[Problem, ...] | None


class _Result:
    """What a parser gave, an error too, and the files that it was given for names."""

    def __init__(self, data: Any, loads: Mapping[tuple[str, str], _Loaded]) -> None:
        self.data = data
        self._loads = loads

    def holds(self, load: Load) -> bool:
        """Whether the same names mean the same files once more."""
        return all(_loaded(load, *asked) == given for asked, given in self._loads.items())


def _loaded(load: Load, name: str, parent: str) -> _Loaded:
    """Path and digest of a file, or why it cannot be read; texts are not held for long."""
    try:
        found = load(name, parent)
    except MeasurementError as error:
        return tuple(error.problems)
    return None if found is None else (found.path, digest(found.text.encode(*_ANY)).digest())
