"""Functions that send a prompt of a workflow, which altered files call more often than before."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from reviewbot.prompt_formats._common.sent_form import Functions, SentCall, SentForms
from reviewbot.prompts.module_words import module_of
from reviewbot.scope.affected import Asked, Resent
from reviewbot.scope.sent_otherwise.definitions import Definitions
from reviewbot.scope.sent_otherwise.imported_names import imports
from reviewbot.scope.sent_otherwise.linked_files import Altered, Linked
from reviewbot.scope.sent_otherwise.multiplied_calls import numbers_of, told_loops

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
        renamed = self._renamed(linked, links, read)
        sent = next((".".join(call.steps) for call in links.calls), "")
        self._sent |= {(linked.path, one["name"]): sent or one["name"] for one in asked}
        earlier = [{"name": name, "classes": (), "is_sole": False} for name in renamed]
        for call in (
            read(item.old, item.before, (), (*asked, *earlier)).calls if item.before else ()
        ):
            for name in renamed.get(call.by, (call.by,)):
                self._was.setdefault((linked.path, name), []).append(call)
        for call in read(item.path, item.after, (), asked).calls if item.after else ():
            self._now.setdefault((linked.path, call.by), []).append((item.path, call))

    def _renamed(self, linked: Linked, links: SentForms, read: Read) -> Mapping[str, Sequence[str]]:
        """The functions that sent something, and are gone, with those that stand in their place."""
        if not linked.before:
            return {}
        was = {
            one.rpartition(".")[2]
            for one in read(linked.path, linked.before, linked.names, ()).senders
        }
        now = {one.rpartition(".")[2] for one in links.senders}
        new = sorted(now - was)
        return dict.fromkeys(sorted(was - now), new) if new else {}

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
            loops = {numbers_of(call.loops) for call in was} | {()}
            looped = [it for it in calls if numbers_of(it[1].loops) not in loops]
            more = f"called {len(calls):,} times in the changed files, it was {len(was):,}"
            for path, call in looped[:1] or (calls[-1:] if len(calls) > len(was) else ()):
                how = f"called in {told_loops(call.loops)}" if looped else more
                form = f"by `{call.by}` of `{key[0]}`, which is {how}"
                name = self._sent[key]
                yield Resent(path=path, line=call.line, name=name, form=form, kind=Asked.CALLS)
