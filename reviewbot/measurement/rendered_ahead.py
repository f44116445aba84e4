"""Workflows rendered ahead of the caller who counts, as far as memory allows."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from threading import Condition

from msgspec.structs import replace

from reviewbot.measurement.calls import RenderedWorkflow, Texts
from reviewbot.measurement.renderer import Renderer
from reviewbot.measurement.unseen_text import find_unseen, may_hide_text
from reviewbot.scope.affected import Affected

_TOGETHER = 32
_TOGETHER_CHARACTERS = 500_000
"""Workflows, and characters of theirs, that a process is asked for at a time: it need not wait for
the next question, nor a thread for each answer."""

_AHEAD_CHARACTERS = 24_000_000
"""Characters of workflows that may wait to be counted; bounds the memory."""


def render_ahead(
    affected: Iterable[Affected], renderer: Renderer, threads: int
) -> Iterator[RenderedWorkflow]:
    """The rendered calls of each workflow in order, while so many threads render the next ones."""
    waiting: deque[_Batch] = deque()
    shelf = _Shelf()
    with ThreadPoolExecutor(threads, thread_name_prefix="rendering") as pool:
        try:
            number = 0
            for workflows in _batches(affected):
                waiting.append(_Batch(number, workflows, shelf))
                waiting[-1].begin(pool, renderer)
                number += len(workflows)
                if len(waiting) > threads:
                    yield from waiting.popleft().taken()
            while waiting:
                yield from waiting.popleft().taken()
        finally:
            shelf.close()
            pool.shutdown(wait=False, cancel_futures=True)


def _batches(affected: Iterable[Affected]) -> Iterator[list[Affected]]:
    """Workflows that are rendered together, none of which is large."""
    found: list[Affected] = []
    characters = 0
    for item in affected:
        own = _characters(item)
        if found and (len(found) == _TOGETHER or characters + own > _TOGETHER_CHARACTERS):
            yield found
            found, characters = [], 0
        found.append(item)
        characters += own
    if found:
        yield found


def _characters(affected: Affected) -> int:
    """About as many as the texts of a workflow will have, if its templates repeat little."""
    sides = (affected.before, affected.after)
    texts = sum(len(it.template.text) for side in sides if side for it in side.source.messages)
    return texts * max(1, len(affected.governing.samples), len(affected.proposed.samples))


class _Batch:
    """Workflows that one thread renders, and another one takes in order; the first is `number`."""

    def __init__(self, number: int, workflows: Sequence[Affected], shelf: "_Shelf") -> None:
        self._number = number
        self._workflows = workflows
        self._shelf = shelf
        self._done: SimpleQueue[RenderedWorkflow | None] = SimpleQueue()
        self._rendering: Future[None] = Future()

    def begin(self, pool: ThreadPoolExecutor, renderer: Renderer) -> None:
        """Let one of the pool's threads render them."""
        self._rendering = pool.submit(self._render, renderer)

    def taken(self) -> Iterator[RenderedWorkflow]:
        """Each of them, as soon as it is rendered."""
        for _ in self._workflows:
            found = self._done.get()
            if found is None:
                self._rendering.result()  # raises what ended it
                return
            self._shelf.take(found.characters)
            yield found

    def _render(self, renderer: Renderer) -> None:
        try:
            texts = renderer.ahead(self._workflows)
            for number, item in enumerate(self._workflows):
                self._shelf.wait_for_room(self._number + number)
                found = _rendered(renderer, item, texts[number])
                self._shelf.put(found.characters)
                self._done.put(found)
        finally:
            self._done.put(None)


def _rendered(renderer: Renderer, affected: Affected, texts: Texts | None) -> RenderedWorkflow:
    rendered = renderer.workflow(affected, texts)
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
