"""The search of changed source files, which goes on while the workflows are measured."""

import sys
from collections.abc import Iterator
from itertools import chain
from threading import Event, Thread
from typing import TYPE_CHECKING, Self

from reviewbot import prompt_formats
from reviewbot.prompts.data_files import may_be_named
from reviewbot.prompts.ignored import prompt_of
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.revisions import Comparison
from reviewbot.scope.affected import FoundPrompts, Scope, State
from reviewbot.scope.changed_source import ChangedSource
from reviewbot.scope.governing import Configurations
from reviewbot.scope.not_covered import Unsearched

if TYPE_CHECKING:
    from reviewbot.scope.new_prompts import Sent

_MOST_BESIDE = 600_000
"""Characters that are searched in a thread: what more of them take to parse would need more memory
than there is beside the processes that render."""

_SWITCH_SECONDS = 0.000_5
"""After which the other thread goes on; by Python's own 5 ms each waits ten times as long for the
other whenever it has read from a process."""


class SourceSearch:
    """Looks for prompts that no workflow covers; a context manager.

    The files are read at once. They are searched in a thread, with a parser of its own; many at
    once too. If the first of them has to be parsed, its process starts at once. The others are
    looked at once it is known what workflows send: from then on the review mostly waits, and until
    then each of the two threads would make the other wait. Where the review ends early, the search
    does.
    """

    def __init__(self, parser: LimitedParser) -> None:
        self._parser = parser
        self._unsearched: list[Unsearched] = []
        self._sources: tuple[ChangedSource, ...] = ()
        self._found = FoundPrompts()
        self._error: BaseException | None = None
        self._is_over = False
        self._is_beside = True
        self._sent: Sent | None = None
        self._knows_sent = Event()
        self._unseen_tokens = 0
        self._thread: Thread | None = None
        self._switch_seconds = sys.getswitchinterval()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over = True
        self._join()

    def begin(self, comparison: Comparison, configurations: Configurations) -> None:
        """Read the files and begin with them."""
        changed = [change.after for change in comparison.changes if change.after is not None]
        if not any(prompt_formats.of_source(path) or may_be_named(path) for path in changed):
            return
        from reviewbot.scope.searched_files import changed_sources

        self._sources = tuple(changed_sources(comparison, configurations, self._unsearched))
        self._unseen_tokens = configurations.governing.coverage.unseen_tokens
        self._is_beside = sum(len(source.after) for source in self._sources) <= _MOST_BESIDE
        if self._is_beside:
            sys.setswitchinterval(_SWITCH_SECONDS)
            self._thread = Thread(target=self._search_beside, name="search", daemon=True)
            self._thread.start()

    def go_on(self, configurations: Configurations, scope: Scope) -> None:
        """Tell what workflows send, and search what has to be searched by itself."""
        if not self._sources:
            return
        from reviewbot.scope.sent_prompts import SentPrompts

        stay = [item.after for item in scope.unaffected]
        before = configurations.before.workflows.values()
        every = (*scope.affected, *scope.unaffected)
        after = [item.settings for item in every if item.state is not State.REMOVED]
        was = SentPrompts(before, [*stay, *(it.before for it in scope.affected)])
        both = {*configurations.governing.coverage.ignore} & {*configurations.after.coverage.ignore}
        ignored = sorted(filter(None, map(prompt_of, both)))
        now = SentPrompts(after, [*stay, *(it.after for it in scope.affected)], ignored)
        self._sent = was, now
        self._knows_sent.set()
        if not self._is_beside:
            self._search(self._parser)
            self._parser.rest()

    @property
    def sources(self) -> tuple[ChangedSource, ...]:
        """The files that are searched."""
        return self._sources

    def found(self) -> FoundPrompts:
        """What was found, once all files are searched; whatever went wrong there is raised."""
        self._join()
        if self._error is not None:
            raise self._error
        return self._found

    def _join(self) -> None:
        self._knows_sent.set()
        if self._thread is not None:
            self._thread.join()
            sys.setswitchinterval(self._switch_seconds)

    def _search_beside(self) -> None:
        try:
            with self._parser.another() as parser:
                self._search(parser)
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
            self._error = error

    def _search(self, parser: LimitedParser) -> None:
        left = self._left()
        first = next((it for it in left if it.brings_words or parser.allowance.is_used_up), None)
        if first is None:  # so nothing has to be loaded
            self._found = FoundPrompts(unsearched=tuple(self._unsearched))
            return
        if not (first.is_data or parser.allowance.is_used_up):
            parser.start()  # it gets ready while the search is loaded
        from reviewbot.scope.new_prompts import find_new_prompts

        self._found = find_new_prompts(
            chain([first], left),
            self._unsearched,
            parser,
            sent=self._wait,
            unseen_tokens=self._unseen_tokens,
        )

    def _wait(self) -> "Sent | None":
        self._knows_sent.wait()
        return None if self._is_over else self._sent

    def _left(self) -> Iterator[ChangedSource]:
        """The files one after the other, until all is over.

        Those that grow come first: most likely they have to be parsed, for which a process starts.
        """
        for source in sorted(self._sources, key=lambda it: len(it.before) - len(it.after)):
            if self._is_over:
                return
            yield source
            self._knows_sent.wait()
