"""Prompts in changed source files that the source does not tell, and what is new in their texts."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from reviewbot.prompt import Discovered
from reviewbot.scope.affected import CHARACTERS_OF_A_TOKEN
from reviewbot.scope.changed_source import ChangedSource
from reviewbot.scope.changed_source.edited_lines import EditedLines
from reviewbot.scope.not_covered import Unsearched
from reviewbot.scope.sent_prompts import SentPrompts
from reviewbot.scope.word_runs import runs_of, words_of

_LINE = re.compile(r"line (\d{1,9}): ")


def _size(runs: Counter[tuple[str, ...]]) -> int:
    """The characters of the words that begin runs, with a blank each."""
    return sum(count * (len(run[0]) + 1) for run, count in runs.items())


class Bounds(NamedTuple):
    """How much more an unread prompt may say: `unseen_tokens`, and what moved within the change.

    `texts` gives the source files that the change touches, each before it and after it.
    """

    unseen_tokens: int
    texts: Callable[[], Iterable[tuple[str, str]]]

    @property
    def most(self) -> int:
        """The characters that no figure has to hold."""
        return self.unseen_tokens * CHARACTERS_OF_A_TOKEN

    def new_share(self, said: Iterable[str]) -> float:
        """How much of some texts no file had before, from 0 to 1; copies are new."""
        runs = Counter(run for text in said for run in runs_of(words_of(text)))
        if not runs:
            return 1.0
        gained = Counter[tuple[str, ...]]()
        for before, after in self.texts():
            gained.update(run for run in runs_of(words_of(after)) if run in runs)
            gained.subtract(run for run in runs_of(words_of(before)) if run in runs)
        return _size(runs & gained) / _size(runs)


def unread_prompts(
    source: ChangedSource,
    discovered: Sequence[Discovered],
    misses: Iterable[tuple[str, str]],
    now: SentPrompts,
    bounds: "Bounds",
) -> Iterator[Unsearched]:
    """What the change touches under the name of a prompt, and the source does not tell.

    Where its texts have grown by more than `bounds` allow, it has the characters and their line;
    texts that belong to several such prompts are told with the first of them.
    """
    found = {item.selector or "" for item in discovered}
    told: set[int] = set()
    for selector, why in misses:
        line = _LINE.match(why)
        is_told = any(name.startswith(f"{selector}.") for name in found)
        if line is None or is_told or now.have(source.path, selector, ""):
            continue
        name = selector.rpartition(".")[2].partition("@")[0]
        if not source.concerns(int(line[1]), name):
            continue
        more, first = _grown(source, selector.partition("@")[0].split("."), bounds)
        if first in told:
            continue
        is_long = more > bounds.most
        told |= {first} if is_long else set()
        yield Unsearched(
            what=f"{source.path}#{selector}",
            why=why,
            is_prompt=True,
            path=source.path,
            line=first if is_long else 0,
            more=more if is_long else 0,
        )


def _grown(source: ChangedSource, steps: Sequence[str], bounds: "Bounds") -> tuple[int, int]:
    """The characters that the texts of a name have more than before, and the first new line.

    What moved there within the change, under a name that is new in its file, does not count.
    """
    now = _texts(source.path, source.after, steps)
    was = _texts(source.path, source.before, steps)
    more = sum(len(said) for said, *_ in now) - sum(len(said) for said, *_ in was)
    if more > bounds.most and not was:
        more = round(more * bounds.new_share([said for said, *_ in now]))
    if more <= 0:
        return 0, 0
    edited = (number + 1 for number in EditedLines(source.path, source.before, source.after).new)
    return more, next((it for it in edited if any(a <= it <= b for _, a, b in now)), 1)


def _texts(path: str, text: str, steps: Sequence[str]) -> list[tuple[str, int, int]]:
    """What is said in a function, or in what sets a name in it, with its first and last line."""
    from reviewbot.prompts.models_in_code.statements import Source  # few changes need it

    source = Source(path, text)
    *around, name = steps
    scopes = [step for step in around if step not in _OWNERS]
    statements = [
        it
        for it in source.statements
        if [*it.within[: len(steps)]] == [*steps] or ([*it.within] == scopes and name in it.sets)
    ]
    return [
        (one.said, source.line(one.begins), source.line(one.ends))
        for it in statements
        for one in it.literals
    ]


_OWNERS = {"self", "this", "cls"}
