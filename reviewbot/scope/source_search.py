"""The search of changed source files, which are parsed while the workflows are measured."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
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
    from reviewbot.scope.new_prompts import NewPromptSearch

_MOST_BESIDE = 600_000
"""Characters that are parsed beside the workflows: what more of them take would need more memory
than there is beside the processes that render."""

_SEVERAL = 5
"""Changed files of which, most likely, one has to be parsed."""

_PARSERS = {"python": "python-source", "typescript": "typescript_source.typescript"}
"""What gets ready for the files of a format, before it is known which of them are parsed."""


class SourceSearch:
    """Looks for prompts that no workflow covers; a context manager.

    Of several files the process that parses starts at once. It is given its texts once it is known
    what workflows send, while the processes that render get ready, and reads them while these
    render. Where the review ends early, the search does.
    """

    def __init__(self, parser: LimitedParser) -> None:
        self._parser = parser
        self._beside = parser.another()
        self._unsearched: list[Unsearched] = []
        self._sources: tuple[ChangedSource, ...] = ()
        self._search: NewPromptSearch | None = None
        self._found: FoundPrompts | None = None
        self._is_beside = True
        self._unseen_tokens = 0
        self._gone: Callable[[], Iterable[str]] = tuple

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._beside.rest()

    def begin(self, comparison: Comparison, configurations: Configurations) -> None:
        """Read the files, and get ready for them."""
        changed = [change.after for change in comparison.changes if change.after is not None]
        if not any(prompt_formats.of_source(path) or may_be_named(path) for path in changed):
            return
        from reviewbot.scope.searched_files import changed_sources, deleted_texts

        self._gone = partial(deleted_texts, comparison)
        self._sources = tuple(changed_sources(comparison, configurations, self._unsearched))
        self._unseen_tokens = configurations.governing.coverage.unseen_tokens
        self._is_beside = sum(len(source.after) for source in self._sources) <= _MOST_BESIDE
        formats = [prompt_formats.of_source(source.path) for source in self._sources]
        code = [name for name in formats if name is not None]
        if self._is_beside and len(code) >= _SEVERAL:
            self._beside.start(_PARSERS[max(_PARSERS, key=code.count)])

    def go_on(self, configurations: Configurations, scope: Scope) -> None:
        """Begin with the files that bring words; `scope` tells what workflows send."""
        allowance = self._parser.allowance
        chosen = [it for it in self._sources if it.brings_words or allowance.is_used_up]
        if not chosen:  # so nothing has to be loaded
            return
        from reviewbot.scope.new_prompts import NewPromptSearch
        from reviewbot.scope.sent_prompts import SentPrompts
        from reviewbot.scope.unread_prompts import Bounds

        stay = [item.after for item in scope.unaffected]
        before = configurations.before.workflows.values()
        every = (*scope.affected, *scope.unaffected)
        after = [item.settings for item in every if item.state is not State.REMOVED]
        was = SentPrompts(before, [*stay, *(it.before for it in scope.affected)])
        both = {*configurations.governing.coverage.ignore} & {*configurations.after.coverage.ignore}
        ignored = sorted(filter(None, map(prompt_of, both)))
        now = SentPrompts(after, [*stay, *(it.after for it in scope.affected)], ignored)
        parser = self._beside if self._is_beside else self._parser
        self._search = NewPromptSearch(parser, (was, now), Bounds(self._unseen_tokens, self._texts))
        self._search.begin(chosen)
        if not self._is_beside:
            self._found = self._search.found(self._unsearched)
            self._parser.rest()

    def _texts(self) -> Iterator[tuple[str, str]]:
        """The texts of the files before and after; those of deleted ones are empty after."""
        yield from ((source.before, source.after) for source in self._sources)
        yield from ((text, "") for text in self._gone())

    @property
    def sources(self) -> tuple[ChangedSource, ...]:
        """The files that are searched."""
        return self._sources

    def found(self) -> FoundPrompts:
        """What was found, once all files are searched."""
        if self._found is None and self._search is not None:
            self._found = self._search.found(self._unsearched)
        return self._found or FoundPrompts(unsearched=tuple(self._unsearched))
