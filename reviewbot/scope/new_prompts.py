"""Prompts in changed source files that are new or have grown, and that no workflow covers."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.allowance import USED_UP
from reviewbot.errors import MeasurementError, Place
from reviewbot.prompt import ALONE, Discovered, PromptText, Surroundings
from reviewbot.prompt_formats._common.call_site import CallMessages
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.scope.affected import FoundPrompts, Resent
from reviewbot.scope.changed_source import ChangedSource
from reviewbot.scope.not_covered import NewPrompt, Unsearched
from reviewbot.scope.searched_files import MOST_PARSED, MOST_PARSED_IN_ALL, relevance
from reviewbot.scope.sent_otherwise.grown_messages import messages_beside, tokens_added
from reviewbot.scope.sent_otherwise.lost_calls import lost_calls, sends_another
from reviewbot.scope.sent_prompts import SentPrompts
from reviewbot.scope.short_calls import models_by_line, short_calls
from reviewbot.scope.unread_prompts import Bounds, unread_prompts

_MOST_DATA = 200_000
"""Characters of one file; more of YAML take longer to read than a review may."""

_ENCODING = "o200k_base"
"""Prompts that no workflow covers have no model that is known; most now in use count like this."""

Sent = tuple[SentPrompts, SentPrompts]
"""What workflows sent before, and what those of the head send, which is covered."""


class NewPromptSearch:
    """Finds the prompts in changed source files that are new or longer than before.

    `sent` is what workflows send beside them. A call may send so much more than a workflow counts
    as the `bounds` say.
    """

    def __init__(self, parser: LimitedParser, sent: Sent, bounds: Bounds) -> None:
        self._parser = parser
        self._sent = sent
        self._bounds = bounds
        self._sources: list[ChangedSource] = []
        self._following: deque[ChangedSource] = deque()
        self._not_looked_at: list[Unsearched] = []

    def begin(self, sources: Iterable[ChangedSource]) -> None:
        """Give the files to the parser that it takes at once, and do not wait for it."""
        for source in sources:
            if self._parser.allowance.is_used_up:
                self._not_looked_at.append(Unsearched(what=source.path, why=USED_UP[0]))
            else:
                self._sources.append(source)
        self._sources.sort(key=lambda source: relevance(source.path, len(source.after)))
        self._following.extend(self._sources)
        self._expect_following()

    def found(self, unsearched: Iterable[Unsearched] = ()) -> FoundPrompts:
        """The prompts by path and line; what is `unsearched` already is told with what else is."""
        not_searched = (*unsearched, *self._not_looked_at)
        if not self._sources:
            return FoundPrompts(unsearched=not_searched)
        search = _Search(self._parser, *self._sent, self._bounds)
        found: list[NewPrompt] = []
        for source in self._sources:
            self._expect_following()
            found += search.found(source)
        ordered = sorted(found, key=lambda item: (item.path, item.line, item.selector))
        return FoundPrompts(
            new=tuple(ordered),
            unsearched=(*not_searched, *search.refused),
            uncovered=search.uncovered,
            uncovered_calls=tuple(search.uncovered_calls),
            changed_calls=tuple(search.changed_calls),
            covered_calls=tuple(search.covered_calls),
            calls=search.calls,
            resent=tuple(search.resent),
        )

    def _expect_following(self) -> None:
        while self._following and _expects(self._following[0], self._parser):
            self._following.popleft()


def _expects(source: ChangedSource, parser: LimitedParser) -> bool:
    """Begin to parse a file that will be looked at; False where it must be asked for again."""
    if source.is_data:
        return True
    if len(source.after) > MOST_PARSED or source.path.lower().endswith(".ipynb"):
        return True
    chosen, file = _file(source.path, source.after, ALONE)
    name, file = prompt_formats.parsed_by(chosen, file)
    return parser.expects(name, file.text, file.path)


class _Search:
    """Finds the prompts of one file after another."""

    def __init__(
        self, parser: LimitedParser, was: SentPrompts, now: SentPrompts, bounds: Bounds
    ) -> None:
        self._allowance = parser.allowance
        self._surroundings = Surroundings(load=lambda *_: None, parse=parser.parse)
        self._was = was
        self._now = now
        from reviewbot.tokens import Counter  # while the parser's process gets ready

        self._counter = Counter(allowance=self._allowance)
        self.refused: list[Unsearched] = []
        self.uncovered = 0
        self.uncovered_calls: list[Place] = []
        self.changed_calls: list[Place] = []
        self.covered_calls: list[Place] = []
        self.calls = 0
        self.resent: list[Resent] = []
        self._bounds = bounds
        self._left = MOST_PARSED_IN_ALL

    def found(self, source: ChangedSource) -> Iterator[NewPrompt]:
        """What is new or has grown in a file."""
        path, after = source.path, source.after
        most = _MOST_DATA if source.is_data else MOST_PARSED
        if len(after) > min(most, self._left):
            size = f"{len(after):,} characters would have to be parsed, or all have too many"
            self.refused.append(Unsearched(what=path, why=size))
            return
        self._left -= len(after)
        discovered, why = self._discovered(path, after)
        misses: tuple[tuple[str, str], ...] = ()
        if not source.is_data:
            misses = prompt_formats.near_misses(*self._file(path, after))
            why = next((why for name, why in misses if not name), None)
        if why is not None:
            self.refused.append(Unsearched(what=path, why=why))
        short: list[NewPrompt] = []
        if not source.is_data:
            short = [*self._count_calls(source, discovered)]
            read = partial(_messages, self._surroundings, source.path)
            added = partial(tokens_added, self._tokens, self._bounds.unseen_tokens)
            self.resent += messages_beside(source, read, (self._was, self._now), added)
            self.refused += unread_prompts(source, discovered, misses, self._now, self._bounds)
        yield from short
        uncovered = [item for item in discovered if not self._is_covered(path, item)]
        # a call in code sends a name's text
        prompts = uncovered if source.is_data else [*{it.text: it for it in uncovered}.values()]
        self.uncovered += len(prompts)
        earlier: tuple[Discovered, ...] = ()
        if any(_may_stand_in(source.before, item) for item in prompts):
            earlier, _ = self._discovered(path, source.before)
        texts = {item.text for item in earlier}
        standing = {item.text for item in discovered}
        by_name = {item.selector: item.text for item in earlier if item.text not in standing}
        for item in prompts:
            if item.text in texts:
                continue
            was = by_name.get(item.selector)
            tokens, tokens_before = self._tokens(item.text), self._tokens(was)
            if tokens is None:
                long = f"{item.selector or 'a text'} is too long to be counted"
                self.refused.append(Unsearched(what=path, why=long))
                continue
            if tokens_before is not None and tokens <= tokens_before:
                continue
            yield NewPrompt(
                path=path,
                selector=item.selector or "",
                line=item.line,
                last_line=item.line + item.text.count("\n"),
                tokens=tokens,
                tokens_before=tokens_before,
                model=item.model or item.default_model,
            )

    def _is_covered(self, path: str, item: Discovered) -> bool:
        """Whether workflows send a prompt, by its name, its text, or the names of all its parts."""
        if self._now.have(path, item.selector or "", item.text):
            return True
        return bool(item.parts) and all(self._now.have(path, part, "") for part in item.parts)

    def _discovered(self, path: str, text: str) -> tuple[tuple[Discovered, ...], str | None]:
        """What a text holds, and why one of settings cannot be read, or not in whole."""
        if prompt_formats.of_source(path) is None:
            from reviewbot.scope.changed_settings import prompts_of_settings

            file = PromptText(path=path, text=text, surroundings=self._surroundings)
            return prompts_of_settings(file)
        return prompt_formats.discover(*self._file(path, text)), None

    def _file(self, path: str, text: str) -> tuple[prompt_formats.Format, PromptText]:
        return _file(path, text, self._surroundings)

    def _count_calls(
        self, source: ChangedSource, discovered: Sequence[Discovered]
    ) -> Iterator[NewPrompt]:
        """Count the calls of models, and note those that send no prompt of a workflow.

        It gives those that the change brings, with texts too short to be found as prompts.
        """
        path = source.path
        calls = prompt_formats.call_sites(*self._file(path, source.after))
        covered = [call for call in calls if self._now.cover(path, call)]
        others = [call for call in calls if call not in covered]
        self.calls += len(calls)
        places = [Place(file=path, line=call.line) for call in others]
        self.uncovered_calls += places
        changed = [call for call in others if source.concerns(call.line, "")]
        earlier = prompt_formats.call_sites(*self._file(path, source.before)) if changed else ()
        short = [*short_calls(path, changed, earlier, discovered, self._tokens)]
        yield from self._with_models(source, short)
        told = {item.line for item in short}
        places = [Place(file=path, line=call.line) for call in changed if call.line not in told]
        self.changed_calls += places
        covered = [call for call in calls if call not in others]
        self.covered_calls += [Place(file=path, line=call.line) for call in covered]
        if not others or not source.before:
            return
        earlier = prompt_formats.call_sites(*self._file(path, source.before))
        sent = [call for call in earlier if self._was.cover(path, call)]
        names = {call.name for call in earlier if call not in sent}
        come = [call for call in others if call.name not in names or call.parts or call.whole]
        is_other = partial(sends_another, self._tokens, self._bounds.unseen_tokens)
        for call in lost_calls(sent, come, covered, is_other):
            selector = call.whole[0] if call.whole else next((name for name, _ in call.parts), "")
            resent = Resent(path=path, line=call.line, content=source.after, selector=selector)
            self.resent.append(resent)

    def _with_models(
        self, source: ChangedSource, short: Sequence[NewPrompt]
    ) -> Iterator[NewPrompt]:
        file = self._file(source.path, source.after)
        models = models_by_line(prompt_formats.model_calls(*file) if short else ())
        yield from (replace(item, model=models.get(item.line)) for item in short)

    def _tokens(self, text: str | None) -> int | None:
        if text is None:
            return None
        try:
            return self._counter.count(text, _ENCODING)
        except MeasurementError:
            return None


def _messages(surroundings: Surroundings, path: str, text: str) -> tuple[CallMessages, ...]:
    return prompt_formats.sent_messages(*_file(path, text, surroundings))


def _file(
    path: str, text: str, surroundings: Surroundings
) -> tuple[prompt_formats.Format, PromptText]:
    """A text with the format that reads it."""
    chosen = prompt_formats.by_name(prompt_formats.of_source(path) or "")
    return chosen, PromptText(path=path, text=text, surroundings=surroundings)


def _may_stand_in(source: str, item: Discovered) -> bool:
    """Whether a file may hold a prompt: its name is there, or all words of its text are."""
    name = (item.selector or "").rpartition(".")[2].partition("@")[0]
    return name in source or all(word in source for word in _WORD.findall(item.text))


_WORD = re.compile(r"[^\W\d_]{4,}")
