"""Functions that send a prompt of a workflow, which altered files call more often than before."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from reviewbot.prompt_formats._common.sent_form import Functions, SentCall, SentForms
from reviewbot.prompts.module_words import module_of
from reviewbot.scope.affected import Asked, Resent
from reviewbot.scope.sent_otherwise.altered_files import Altered, Linked
from reviewbot.scope.sent_otherwise.definitions import Definitions
from reviewbot.scope.sent_otherwise.imported_names import imports
from reviewbot.scope.sent_otherwise.multiplied_calls import counts, numbers_of, told_loops

Read = Callable[[str, str, Sequence[str], Functions], SentForms]


class CalledSenders:
    """Compares the calls of all altered files, so that one that only moves is no other."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._sent: dict[tuple[str, str], str] = {}
        self._was: dict[tuple[str, str], list[SentCall]] = {}
        self._now: dict[tuple[str, str], list[tuple[str, SentCall]]] = {}

    def add(self, item: Altered, linked: Linked, links: SentForms, read: Read) -> None:
        """Take the calls that an altered file has of the functions of a linked one."""
        asked = [*self._asked(f"{item.after}\n{item.before}", module_of(linked.path), links)]
        if not asked:
            return
        gone, come = self._renamed(linked, links, read)
        sent = next((".".join(call.steps) for call in links.calls), "")
        self._sent |= {(linked.path, come.get(one["name"], one["name"])): sent for one in asked}
        earlier = [{"name": name, "classes": (), "is_sole": False} for name in gone]
        for call in (
            read(item.old, item.before, (), (*asked, *earlier)).calls if item.before else ()
        ):
            key = linked.path, gone.get(call.by, call.by)
            self._was.setdefault(key, []).append(call)
        for call in read(item.path, item.after, (), asked).calls if item.after else ():
            key = linked.path, come.get(call.by, call.by)
            self._now.setdefault(key, []).append((item.path, call))

    def _renamed(
        self, linked: Linked, links: SentForms, read: Read
    ) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """The functions that sent something and are gone, and those that stand in their place.

        Each is told by the first of those that send the same, which their calls are counted by: a
        call of one that is gone was one of a single function, whichever has its place.
        """
        if not linked.before:
            return {}, {}
        was = _sending(read(linked.path, linked.before, linked.names, ()))
        now = _sending(links)
        gone = {name: texts for name, texts in was.items() if name not in now}
        come = {name: texts for name, texts in now.items() if name not in was}
        if len(gone) == len(come) == 1:
            (new,) = come
            return dict.fromkeys(gone, new), {new: new}
        firsts = {texts: name for name, texts in sorted(come.items(), reverse=True)}
        return (
            {name: firsts[texts] for name, texts in gone.items() if texts in firsts},
            {name: firsts[texts] for name, texts in come.items() if texts in gone.values()},
        )

    def _asked(self, text: str, module: str, links: SentForms) -> Iterator[Mapping[str, Any]]:
        """Those of the functions that send something, and that a file may call."""
        for sender in links.senders:
            of, _, name = sender.rpartition(".")
            if not of:
                if imports(text, module, name):
                    yield {"name": name, "classes": (), "is_sole": False}
            elif f".{name}" in text:
                classes = sorted(self._definitions.related([of]))
                is_sole = self._definitions.is_defined_once(name)
                yield {"name": name, "classes": classes, "is_sole": is_sole}

    def told(self) -> Iterator[Resent]:
        """The first call that multiplies, of each function."""
        for key, calls in sorted(self._now.items()):
            was = self._was.get(key, [])
            looped = [*_newly_looped(was, calls)]
            more = f"called here too{counts(len(calls), len(was), 'the changed files')}"
            for path, call in looped[:1] or (calls[-1:] if len(calls) > len(was) else ()):
                how = f"called in {told_loops(call.loops)}" if looped else more
                form = f"by `{call.by}` of `{key[0]}`, which is {how}"
                name = self._sent[key] or call.by
                yield Resent(path=path, line=call.line, name=name, form=form, kind=Asked.CALLS)


def _sending(forms: SentForms) -> dict[str, frozenset[tuple[str, ...]]]:
    """The functions of a file that send something, each with the names of the texts."""
    texts: dict[str, set[tuple[str, ...]]] = {}
    for call in forms.calls:
        if call.within:
            texts.setdefault(call.within[-1], set()).add(call.steps)
    names = (one.rpartition(".")[2] for one in forms.senders)
    return {name: frozenset(texts.get(name, ())) for name in names}


def _newly_looped(
    was: Iterable[SentCall], calls: Iterable[tuple[str, SentCall]]
) -> Iterator[tuple[str, SentCall]]:
    """The calls in loops that none of the earlier calls stood in; each of these is one of them."""
    left = Counter(numbers_of(call.loops) for call in was)
    for path, call in calls:
        loops = numbers_of(call.loops)
        if loops and not left[loops]:
            yield path, call
        left[loops] -= 1 if left[loops] else 0
