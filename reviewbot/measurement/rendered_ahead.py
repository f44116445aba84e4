"""Workflows rendered ahead of the caller who counts, as far as memory allows."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Condition

from msgspec.structs import replace

from reviewbot.measurement.calls import RenderedWorkflow
from reviewbot.measurement.renderer import Renderer
from reviewbot.measurement.unseen_text import find_unseen, may_hide_text
from reviewbot.scope.affected import Affected

_RENDERED_AHEAD = 16
_AHEAD_CHARACTERS = 24_000_000
"""Workflows, and characters of theirs, that may wait to be counted; bounds the memory."""


def render_ahead(
    affected: Iterable[Affected], renderer: Renderer, threads: int
) -> Iterator[RenderedWorkflow]:
    """The rendered calls of each workflow in order, while so many threads render the next ones."""
    waiting: deque[Future[RenderedWorkflow]] = deque()
    shelf = _Shelf()

    def rendered(number: int, item: Affected) -> RenderedWorkflow:
        shelf.wait_for_room(number)
        found = _rendered(renderer, item)
        shelf.put(found.characters)
        return found

    def next_one() -> RenderedWorkflow:
        found = waiting.popleft().result()
        shelf.take(found.characters)
        return found

    with ThreadPoolExecutor(threads, thread_name_prefix="rendering") as pool:
        try:
            for number, item in enumerate(affected):
                waiting.append(pool.submit(rendered, number, item))
                if len(waiting) > _RENDERED_AHEAD:
                    yield next_one()
            while waiting:
                yield next_one()
        finally:
            shelf.close()
            pool.shutdown(wait=False, cancel_futures=True)


def _rendered(renderer: Renderer, affected: Affected) -> RenderedWorkflow:
    rendered = renderer.workflow(affected)
    if rendered.after is None or not may_hide_text(affected):
        return rendered
    return replace(rendered, unseen=find_unseen(affected, rendered.after.samples, renderer))


class _Shelf:
    """What is rendered and waits to be counted: no more than has room, but always the next one."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._characters = 0
        self._taken = 0
        self._is_closed = False

    def wait_for_room(self, number: int) -> None:
        """Wait until there is room, or this is the workflow that is wanted next."""
        with self._changed:
            self._changed.wait_for(
                lambda: (
                    self._characters < _AHEAD_CHARACTERS or number <= self._taken or self._is_closed
                )
            )

    def put(self, characters: int) -> None:
        """A workflow is rendered."""
        with self._changed:
            self._characters += characters

    def take(self, characters: int) -> None:
        """The next workflow in order is taken away."""
        with self._changed:
            self._characters -= characters
            self._taken += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Nothing more will be taken, so nobody waits any longer."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
