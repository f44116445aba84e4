"""The search of changed source files, which goes on while the workflows are measured."""

import sys
from collections.abc import Iterator
from threading import Thread
from typing import Self

from reviewbot import prompt_formats
from reviewbot.prompts.ignored import prompt_of
from reviewbot.prompts.settings_texts import may_be_named
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.revisions import Comparison
from reviewbot.scope.affected import FoundPrompts, Scope, State
from reviewbot.scope.changed_source import ChangedSource
from reviewbot.scope.governing import Configurations
from reviewbot.scope.not_covered import Unsearched

_MOST_BESIDE = 600_000
"""Characters that are searched in a thread: what more of them take to parse would need more memory
than there is beside the processes that render."""

_SWITCH_SECONDS = 0.000_5
"""After which the other thread goes on; by Python's own 5 ms each waits ten times as long for the
other whenever it has read from a process."""


class SourceSearch:
    """Looks for prompts that no workflow covers; a context manager.

    The files are read at once. They are searched in a thread, with a parser of its own; many at
    once too. Where the review ends early, the search does.
    """

    def __init__(
        self,
        comparison: Comparison,
        configurations: Configurations,
        parser: LimitedParser,
        scope: Scope,
    ) -> None:
        self._configurations = configurations
        self._parser = parser
        self._scope = scope
        self._unsearched: list[Unsearched] = []
        self._sources: tuple[ChangedSource, ...] = ()
        self._found = FoundPrompts()
        self._error: BaseException | None = None
        self._is_over = False
        self._thread: Thread | None = None
        self._switch_seconds = 0.0
        changed = [change.after for change in comparison.changes if change.after is not None]
        if any(prompt_formats.of_source(path) or may_be_named(path) for path in changed):
            self._begin(comparison)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over = True
        if self._thread is not None:
            self._thread.join()
            sys.setswitchinterval(self._switch_seconds)

    def found(self) -> FoundPrompts:
        """What was found, once all files are searched; whatever went wrong there is raised."""
        if self._thread is not None:
            self._thread.join()
        if self._error is not None:
            raise self._error
        return self._found

    def _begin(self, comparison: Comparison) -> None:
        from reviewbot.scope.searched_files import changed_sources

        sources = changed_sources(comparison, self._configurations, self._unsearched)
        self._sources = tuple(sources)
        if sum(len(source.after) for source in self._sources) > _MOST_BESIDE:
            self._search(self._parser)
            self._parser.rest()
            return
        self._switch_seconds = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_SECONDS)
        self._thread = Thread(target=self._search_beside, name="search", daemon=True)
        self._thread.start()

    def _search_beside(self) -> None:
        try:
            with self._parser.another() as parser:
                self._search(parser)
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
            self._error = error

    def _search(self, parser: LimitedParser) -> None:
        from reviewbot.scope.new_prompts import find_new_prompts
        from reviewbot.scope.sent_prompts import SentPrompts

        scope, configurations = self._scope, self._configurations
        stay = [item.after for item in scope.unaffected]
        before = configurations.before.workflows.values()
        every = (*scope.affected, *scope.unaffected)
        after = [item.settings for item in every if item.state is not State.REMOVED]
        was = SentPrompts(before, [*stay, *(it.before for it in scope.affected)])
        both = {*configurations.governing.coverage.ignore} & {*configurations.after.coverage.ignore}
        ignored = sorted(filter(None, map(prompt_of, both)))
        now = SentPrompts(after, [*stay, *(it.after for it in scope.affected)], ignored)
        self._found = find_new_prompts(
            self._left(),
            self._unsearched,
            parser,
            was=was,
            now=now,
            unseen_tokens=configurations.governing.coverage.unseen_tokens,
        )

    def _left(self) -> Iterator[ChangedSource]:
        """The files one after the other, until all is over.

        Those that grow come first: most likely they have to be parsed, for which a process starts.
        """
        for source in sorted(self._sources, key=lambda it: len(it.before) - len(it.after)):
            if self._is_over:
                return
            yield source
