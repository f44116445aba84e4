"""Several texts are parsed at a time, by a process for each core."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Generic, Self, TypeVar

from reviewbot.rendering.parsing import LimitedParser

_AHEAD = 3
"""Items of one parser, so that its process has the next text when it is done with one."""

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
        self,
        work: Callable[[LimitedParser, _Item], _Done],
        items: Iterable[_Item],
        begin: Callable[[LimitedParser, _Item], object] = lambda *_: None,
    ) -> Iterator[_Done]:
        """The results of `work` for each item in order, several of them at work at a time.

        `begin` is called for some items ahead, so that a parser may expect their texts.
        """
        jobs = _Jobs(work, items, begin)
        with ThreadPoolExecutor(len(self._parsers), thread_name_prefix="parsing") as pool:
            for parser in self._parsers:
                pool.submit(jobs.serve, parser)
            for result in jobs.results:
                yield result.result()


class _Jobs(Generic[_Item, _Done]):
    """Items that wait for a parser, and what becomes of each."""

    def __init__(
        self,
        work: Callable[[LimitedParser, _Item], _Done],
        items: Iterable[_Item],
        begin: Callable[[LimitedParser, _Item], object],
    ) -> None:
        self._work = work
        self._begin = begin
        given = [*items]
        self.results: list[Future[_Done]] = [Future() for _ in given]
        self._waiting = deque(zip(given, self.results, strict=True))

    def serve(self, parser: LimitedParser) -> None:
        """Do items with a parser, in a thread, until none waits."""
        own: deque[tuple[_Item, Future[_Done]]] = deque()
        while self._waiting or own:
            while self._waiting and len(own) < _AHEAD:
                own += self._claimed(parser)
            if own:
                item, result = own.popleft()
                try:
                    result.set_result(self._work(parser, item))
                except BaseException as error:  # noqa: BLE001 - it is raised where it is asked for
                    result.set_exception(error)

    def _claimed(self, parser: LimitedParser) -> Iterator[tuple[_Item, Future[_Done]]]:
        """The next item, if another thread has not just taken it and it can be begun with."""
        with suppress(IndexError):
            item, result = self._waiting.popleft()
            try:
                self._begin(parser, item)
            except BaseException as error:  # noqa: BLE001 - likewise
                result.set_exception(error)
            else:
                yield item, result
