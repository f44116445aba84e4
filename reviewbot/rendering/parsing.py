"""Texts whose parsers cannot be bounded here are parsed in a process with limits."""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Self, TypeVar

from msgspec import Struct

from reviewbot.allowance import Allowance
from reviewbot.cache import NO_CACHE, Cache
from reviewbot.errors import MeasurementError

if TYPE_CHECKING:
    from reviewbot.rendering.process import RenderingProcess

_KIND = "parsed"
_WALL_SECONDS = 2.0
_MEMORY_BYTES = 384 * 1024 * 1024
_SLOW_SECONDS = 8.0
"""For one text, and for all slow texts of a review; templates have a time of their own."""


Known = dict[tuple[str, str, str], Any]
"""What was read: by parser, path and text, data or the error."""


class _Kept(Struct, frozen=True, kw_only=True):
    """What a text says, and the seconds of the processor that it took beyond its free ones."""

    data: Any
    slow_seconds: float


class LimitedParser:
    """Parses in a process of its own, which is started when it is needed; a context manager.

    Equal texts are parsed once, also by parsers that share what is `known`. `slow_seconds` are for
    all slow texts together, `allowance` for all that the review does; the `cache` is for it, too.
    """

    def __init__(
        self,
        slow_seconds: float = _SLOW_SECONDS,
        allowance: Allowance | None = None,
        known: "Known | None" = None,
        cache: Cache = NO_CACHE,
    ) -> None:
        self.allowance = allowance or Allowance()
        self.cache = cache
        self._slow_seconds = slow_seconds
        self._process: RenderingProcess | None = None
        self.known: Known = {} if known is None else known

    def another(self) -> "LimitedParser":
        """A parser with a process of its own, which shares all else; for another thread."""
        return LimitedParser(self._slow_seconds, self.allowance, self.known, self.cache)

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

    def parse(self, parser: str, text: str, path: str) -> Any:
        """What the parser of that name in `reviewbot.rendering.parsers` gives, as JSON data.

        Raises:
            MeasurementError: The text of the file at `path` is wrong, or exceeds the limits.
        """
        key = (parser, path, text)
        if key not in self.known:
            self.known[key] = self._parsed(parser, text, path)
        known = self.known[key]
        if isinstance(known, MeasurementError):
            raise known
        return known

    def _parsed(self, parser: str, text: str, path: str) -> Any:
        """The data, or why there is none; kept data draw as much time as they took."""
        key = tuple(item.encode("utf-8", "surrogatepass") for item in (_KIND, parser, path, text))
        process = self._started()
        kept = None if process.is_used_up else _unpacked(self.cache.get(*key))
        if kept is not None:
            process.spending.draw(kept.slow_seconds)
            return kept.data
        before = process.spending.computed_slowly
        try:
            data = process.parse(parser, text, path=path)
        except MeasurementError as error:
            return error
        if self.cache.is_kept:
            slow_seconds = process.spending.computed_slowly - before
            self.cache.put(_packed(_Kept(data=data, slow_seconds=slow_seconds)), *key)
        return data

    def _started(self) -> "RenderingProcess":
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
        return self._process


_Item = TypeVar("_Item")
_Done = TypeVar("_Done")


class SeveralParsers:
    """A parser for each core, up to two; a context manager that ends the processes of the others.

    Each serves one thread.
    """

    def __init__(self, first: LimitedParser) -> None:
        count = min(2, os.cpu_count() or 1)
        self._parsers = (first, *(first.another() for _ in range(1, count)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for parser in self._parsers[1:]:
            parser.rest()

    def map(
        self, work: Callable[[LimitedParser, _Item], _Done], items: Iterable[_Item]
    ) -> Iterator[_Done]:
        """The results of `work` for each item in order, several of them at work at a time."""
        from concurrent.futures import ThreadPoolExecutor
        from queue import SimpleQueue

        free: SimpleQueue[LimitedParser] = SimpleQueue()
        for parser in self._parsers:
            free.put(parser)

        def done(item: _Item) -> _Done:
            parser = free.get()
            try:
                return work(parser, item)
            finally:
                free.put(parser)

        with ThreadPoolExecutor(len(self._parsers), thread_name_prefix="parsing") as pool:
            yield from pool.map(done, items)


def _packed(kept: _Kept) -> bytes:
    """As JSON of Python's own, which holds any number and any string."""
    import json

    return json.dumps([kept.slow_seconds, kept.data]).encode("ascii")


def _unpacked(data: bytes | None) -> _Kept | None:
    """What was packed; None where it was not by us."""
    import json

    try:
        match json.loads(data or b"null"):
            case [float() as slow_seconds, found]:
                return _Kept(data=found, slow_seconds=slow_seconds)
    except (ValueError, RecursionError):
        pass
    return None
