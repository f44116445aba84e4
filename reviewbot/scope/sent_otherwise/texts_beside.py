"""Prompts of workflows that code sends with more beside them, or something else in their place."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from reviewbot.prompt_formats._common.sent_form import SentText
from reviewbot.scope.affected import Resent
from reviewbot.scope.sent_otherwise.selected_names import may_be

MOST_BESIDE = 200
"""Characters that a function, or the description of a tool, may put beside a prompt."""

CHARACTERS_OF_A_TOKEN = 4
"""About, of prose and of code; what is beside a prompt is not counted by any model's tokens."""


class Beside:
    """Compares what a file sends with what it sent.

    `most_characters` more may be sent beside a prompt. `modules` are the files of prompts.
    `earlier_names` gives those that the prompt of a name had before the change, if others.
    """

    def __init__(
        self,
        modules: Iterable[str],
        most_characters: int,
        earlier_names: Callable[[tuple[str, ...]], Iterable[tuple[str, ...]]],
    ) -> None:
        self._earlier_names = earlier_names
        self._modules = {part for path in modules for part in path.split("/") if part}
        self._modules |= {part.partition(".")[0] for part in self._modules}
        self._most = most_characters

    def found(
        self,
        path: str,
        was: Sequence[SentText],
        now: Sequence[SentText],
        was_others: Sequence[SentText],
        others: Sequence[SentText],
    ) -> Iterator[Resent]:
        """What is sent otherwise: `others` are texts that no workflow has.

        A prompt that has a new name is compared with what was sent under its earlier one, where
        nothing is sent by that any more.
        """
        standing = {item.steps for item in now}
        for steps in dict.fromkeys(item.steps for item in now):
            uses = [item for item in now if item.steps == steps]
            earlier = [item for item in was if item.steps == steps]
            if not earlier:
                names = [*self._earlier_names(steps)]
                gone = (item for item in was if item.steps not in standing)
                earlier = [
                    it for it in gone if any(may_be(it.steps, n, is_run=False) for n in names)
                ]
            name = ".".join(steps)
            for form, more in self._forms(earlier, uses):
                yield Resent(path=path, line=uses[0].line, name=name, form=form, more=more)
        if _count(was) > _count(now):
            yield from self._lost(path, was_others, others)

    def _forms(self, was: Sequence[SentText], now: Sequence[SentText]) -> Iterator[tuple[str, int]]:
        names = _names(now) - _names(was)
        for name in sorted(names):
            yield f"with `{name}` beside it, or in its place", 0
        more = _characters(now) - _characters(was)
        if more > self._most:
            yield f"with {more:,} more characters beside it", more
        modules = {item.module for item in was}
        for module in sorted({item.module for item in now} - modules if modules - {""} else ()):
            if module and self._leads_elsewhere(module):
                yield f"from `{module}`, which is another one's", 0

    def _leads_elsewhere(self, module: str) -> bool:
        last = module.rstrip("/.").rpartition("/" if "/" in module else ".")[2]
        return bool(last) and last.partition(".")[0] not in self._modules

    def _lost(
        self, path: str, was: Sequence[SentText], now: Sequence[SentText]
    ) -> Iterator[Resent]:
        """A call that sent a prompt, where something else is sent now that was not."""
        known = _names(was)
        longest = _characters(was)
        for item in now:
            if item.beside - known or item.characters - longest > self._most:
                yield Resent(path=path, line=item.line)
                return


def _count(texts: Iterable[SentText]) -> int:
    return sum(not item.is_call for item in texts)


def _names(texts: Iterable[SentText]) -> frozenset[str]:
    return frozenset().union(*(item.beside for item in texts))


def _characters(texts: Iterable[SentText]) -> int:
    return max((item.characters for item in texts), default=0)
