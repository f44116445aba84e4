"""Prompts of workflows that changed code sends in more calls than before, or in a loop."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from reviewbot import prompt_formats
from reviewbot.prompt_formats._common.sent_form import SentCall, SentForms
from reviewbot.repository.revisions import Comparison
from reviewbot.scope.affected import Asked, Resent
from reviewbot.scope.sent_otherwise.selected_names import Names, is_selected, last_name, words_of

_NUMBER = re.compile(r"\d")
_BEHIND = re.compile(r" \(([0-9]{1,9}(?:; [0-9]{1,9}){0,60})\)")
_LONGEST = 60


class MultipliedCalls:
    """Compares the calls of all changed files, so that one that only moves is no other.

    `names` are those that workflows had before the change.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._was: dict[str, list[SentCall]] = {}
        self._now: dict[str, list[tuple[str, SentCall]]] = {}

    def add(self, path: str, was: SentForms, now: SentForms) -> None:
        """Take what a file sent, and what it sends."""
        for call in was.calls:
            if is_selected(call, path, self._names):
                self._was.setdefault(last_name(call.steps), []).append(call)
        for call in now.calls:
            if is_selected(call, path, self._names):
                self._now.setdefault(last_name(call.steps), []).append((path, call))

    def told(self, comparison: Comparison) -> Iterator[Resent]:
        """The first call that multiplies, of each name.

        Of names in source files that the comparison deletes nobody knows.
        """
        gone = _words_of_deleted(comparison) if self._now else frozenset()
        for name, several in sorted(self._now.items()):
            yield from self._called_more(name, several)
            calls = [it for it in several if not it[1].by]
            was = [call for call in self._was.get(name, []) if not call.by]
            loops = [call.loops for call in was]
            looped = [it for it in calls if it[1].loops and are_more(it[1].loops, loops)]
            if looped:
                path, call = looped[0]
                yield _resent(path, call, f"in {told_loops(call.loops)}")
            elif len(calls) > len(was) and name not in gone:
                path, call = calls[-1]
                count = f"{len(calls):,} call{'s' if len(calls) > 1 else ''}"
                yield _resent(path, call, f"by {count} of the changed files, {len(was):,} before")

    def _called_more(self, name: str, calls: Sequence[tuple[str, SentCall]]) -> Iterator[Resent]:
        """The calls of functions that send it, where a loop is new, or one has more of them.

        A function that is new stands for the calls that it holds.
        """
        earlier = self._was.get(name, [])
        loops = [*(call.loops for call in earlier), ()]
        looped = [it for it in calls if it[1].by and are_more(it[1].loops, loops)]
        if looped:
            path, call = looped[0]
            yield _resent(
                path, call, f"by `{call.by}`, which is called in {told_loops(call.loops)}"
            )
            return
        was = Counter(call.by for call in earlier if call.by)
        held = Counter(".".join(call.within) for call in earlier if not call.by)
        for by, count in Counter(it[1].by for it in calls if it[1].by).items():
            is_old = by in was or by in held
            before = was[by] if is_old else max(1, sum(held.values()))
            if count > before and (is_old or count > 1):
                path, call = [it for it in calls if it[1].by == by][-1]
                times = f"called here too{counts(count, before, 'its file')}"
                yield _resent(path, call, f"by `{by}`, which is {times}")
                return


def _words_of_deleted(comparison: Comparison) -> frozenset[str]:
    deleted = [
        item.before
        for item in comparison.changes
        if item.before and item.after is None and prompt_formats.of_source(item.before)
    ]
    read = comparison.before_tree.read(sorted(deleted)).values()
    return frozenset().union(*(words_of(data) for data in read if isinstance(data, bytes)))


def _resent(path: str, call: SentCall, form: str) -> Resent:
    name = ".".join(call.steps)
    return Resent(path=path, line=call.line, name=name, form=form, kind=Asked.CALLS)


def numbers_of(loops: Sequence[str]) -> tuple[str, ...]:
    """What is known of loops: how often they run, where a number says that."""
    return tuple(one if _NUMBER.search(one) else "" for one in loops)


def are_more(loops: Sequence[str], earlier: Iterable[Sequence[str]]) -> bool:
    """Whether loops may run more often than all of those that stood around such a call."""
    own = numbers_of(loops)
    return not any(own == one or _are_no_more(own, one) for one in map(numbers_of, earlier))


def _are_no_more(now: Sequence[str], was: Sequence[str]) -> bool:
    """Whether only the numbers behind the names of loops are others, and none of them is larger.

    Where the smallest of several is gone, a loop that was short at times is long each time.
    """
    if [_BEHIND.sub("", one) for one in now] != [_BEHIND.sub("", one) for one in was]:
        return False
    numbers = [_BEHIND.findall(" ".join(side)) for side in (now, was)]
    if len(numbers[0]) != len(numbers[1]):
        return False
    return all(
        len(new := one.split("; ")) <= len(old := other.split("; "))
        and all(int(a) <= int(b) for a, b in zip(new, old[-len(new) :], strict=True))
        and min(map(int, new)) <= min(map(int, old))
        for one, other in zip(*numbers, strict=True)
    )


def counts(now: int, was: int, where: str) -> str:
    """How many calls there are, where there were some before."""
    calls = f"call{'s' if now > 1 else ''}"
    return f" ({now:,} {calls} in {where}, {was:,} before)" if was else ""


def told_loops(loops: Sequence[str]) -> str:
    """Loops in words."""
    inner = loops[-1]
    told = f"a loop over `{inner}`" if inner and len(inner) <= _LONGEST else "a loop"
    return told if len(loops) == 1 else f"{len(loops)} loops, one in the other; the inner is {told}"
