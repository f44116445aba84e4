"""Texts whose parsers cannot be bounded here are parsed in a process with limits."""

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Self

from reviewbot.allowance import Allowance
from reviewbot.errors import MeasurementError
from reviewbot.local_cache import NO_CACHE, Cache
from reviewbot.rendering.jobs import Load, load_nothing, parsing_job
from reviewbot.rendering.parsed_texts import Loads, ParsedText, packed, unpacked

if TYPE_CHECKING:
    from reviewbot.rendering.parsing_process import ParsingProcess

_KIND = "parsed"
_PARSING_SECONDS = 3.0
"""Of the processor: a bundle of 540 kB takes two."""

_BUSY = 10
"""How many times longer than its processor time the process may take: other programs run too."""

_MEMORY_BYTES = 384 * 1024 * 1024
_SLOW_SECONDS = 12.0
"""For one text, and for all slow texts of a review; templates have a time of their own."""


_MOST_KEPT = 4
"""Results of one text: the files that it imports differ between revisions."""

_Key = tuple[str, str, str]
Known = dict[_Key, list[ParsedText]]
"""What was read, by parser, path and text."""


class LimitedParser:
    """Parses in a process of its own, which is started when it is needed; a context manager.

    Equal texts that import equal files are parsed once, also by parsers that share what is
    `known`. `slow_seconds` are for all slow texts together, `allowance` for all that the review
    does, `parsing_seconds` of the processor for one text; the `cache` is for it, too.
    """

    def __init__(
        self,
        slow_seconds: float = _SLOW_SECONDS,
        allowance: Allowance | None = None,
        known: "Known | None" = None,
        cache: Cache = NO_CACHE,
        *,
        parsing_seconds: float = _PARSING_SECONDS,
    ) -> None:
        self.allowance = allowance or Allowance()
        self.cache = cache
        self._slow_seconds = slow_seconds
        self._parsing_seconds = parsing_seconds
        self._process: ParsingProcess | None = None
        self.known: Known = {} if known is None else known
        self._expected: OrderedDict[_Key, Loads] = OrderedDict()

    def another(self) -> "LimitedParser":
        """A parser with a process of its own, which shares all else; for another thread."""
        return LimitedParser(
            self._slow_seconds,
            self.allowance,
            self.known,
            self.cache,
            parsing_seconds=self._parsing_seconds,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.rest()

    @property
    def is_used_up(self) -> bool:
        """Whether the time for slow texts is over, so that no further text is parsed."""
        return self._process is not None and self._process.is_used_up

    def start(self, parser: str = "") -> None:
        """Start the process, and do not wait until it is ready; not where a cache may know all.

        It gets that parser ready.
        """
        if not self.cache.is_kept:
            self._started(parser).start()

    def rest(self) -> None:
        """End the process until the next text: it holds memory while others render.

        The time that is left stays as it is.
        """
        self._expected.clear()
        if self._process is not None:
            self._process.__exit__()

    def expects(self, parser: str, text: str, path: str) -> bool:
        """Begin with a text that will be parsed as one that imports nothing.

        The process reads it meanwhile. False where so many wait that it must be asked for again;
        where a cache may know all nothing is begun.
        """
        key = parser, path, text
        process = self._started(parser)
        if self.cache.is_kept or key in self.known or key in self._expected or process.is_used_up:
            return True
        if not process.has_room:
            return False
        self._expected[key] = loads = Loads(load_nothing)
        process.post(parsing_job(parser, text, path, loads.give, is_alone=True))
        return True

    def parse(self, parser: str, text: str, path: str, load: Load = load_nothing) -> Any:
        """What the parser of that name in `reviewbot.rendering.parsers` gives, as JSON data.

        `load` gives the files that the text imports, where the parser follows imports.

        Raises:
            MeasurementError: The text of the file at `path` is wrong, or exceeds the limits.
        """
        if (parser, path, text) in self._expected:
            self._take_expected(until=(parser, path, text))
        known = self.known.setdefault((parser, path, text), [])
        parsed = next((item for item in tuple(known) if item.holds(load)), None)
        if parsed is None:
            self._take_expected()  # the process answers in the order of what it is given
            parsed = self._parsed(parser, text, path, load)
            self._keep((parser, path, text), parsed)
        if isinstance(parsed.data, MeasurementError):
            raise parsed.data
        return parsed.data

    def _take_expected(self, until: _Key | None = None) -> None:
        """Take what was begun with, up to one text, or all."""
        while self._expected:
            first, loads = self._expected.popitem(last=False)
            self._keep(first, _taken(self._started(first[0]), loads))
            if first == until:
                return

    def _keep(self, key: _Key, parsed: ParsedText) -> None:
        known = self.known.setdefault(key, [])
        known.append(parsed)
        del known[:-_MOST_KEPT]

    def _parsed(self, parser: str, text: str, path: str, load: Load) -> ParsedText:
        """The data, or why there is none; kept data draw as much time as they took."""
        key = tuple(item.encode("utf-8", "surrogatepass") for item in (_KIND, parser, path, text))
        process = self._started(parser)
        kept = None if process.is_used_up else unpacked(self.cache.get(*key))
        if kept is not None and kept.holds(load):
            process.spending.draw(kept.slow_seconds)
            return kept
        loads = Loads(load)
        is_alone = load is load_nothing
        process.post(parsing_job(parser, text, path, loads.give, is_alone=is_alone))
        parsed = _taken(process, loads)
        if isinstance(parsed.data, MeasurementError):
            return parsed
        if self.cache.is_kept and (told := packed(parsed)) is not None:
            self.cache.put(told, *key)
        return parsed

    def _started(self, parser: str) -> "ParsingProcess":
        if self._process is None:
            from reviewbot.rendering.parsing_process import ParsingProcess
            from reviewbot.rendering.resource_limits import Limits

            self._process = ParsingProcess(
                Limits(
                    step_seconds=self._parsing_seconds,
                    wall_seconds=_BUSY * self._parsing_seconds,
                    slow_seconds=self._slow_seconds,
                    memory_bytes=_MEMORY_BYTES,
                    only_parses=True,
                    parser=parser,
                ),
                self.allowance,
            )
        return self._process


def _taken(process: "ParsingProcess", loads: Loads) -> ParsedText:
    """What the process gives of the text that was posted first, or why there is nothing."""
    before = process.spending.computed_slowly
    try:
        data = process.taken()
    except MeasurementError as error:
        return ParsedText(data=error, loads=loads.found)
    slow_seconds = process.spending.computed_slowly - before
    return ParsedText(data=data, loads=loads.found, slow_seconds=slow_seconds)
