"""Functions that send a prompt of a workflow, which altered files call more often than before."""

from collections.abc import Callable, Iterator, Sequence

from reviewbot.prompt_formats._common.sent_form import Functions, SentCall, SentForms
from reviewbot.prompts.module_words import module_of
from reviewbot.scope.affected import Asked, Resent
from reviewbot.scope.sent_otherwise.imported_names import imports
from reviewbot.scope.sent_otherwise.linked_files import Altered, Linked
from reviewbot.scope.sent_otherwise.multiplied_calls import numbers_of, told_loops

Read = Callable[[str, str, Sequence[str], Functions], SentForms]


class CalledSenders:
    """Compares the calls of all altered files, so that one that only moves is no other."""

    def __init__(self) -> None:
        self._sent: dict[tuple[str, str], str] = {}
        self._was: dict[tuple[str, str], list[SentCall]] = {}
        self._now: dict[tuple[str, str], list[tuple[str, SentCall]]] = {}

    def add(self, item: Altered, linked: Linked, links: SentForms, read: Read) -> None:
        """Take the calls that an altered file has of the functions of a linked one."""
        module = module_of(linked.path)
        local = [name for name in links.senders if imports(item.after, module, name)]
        if not local:
            return
        sent = next((".".join(call.steps) for call in links.calls), "")
        self._sent |= {(linked.path, name): sent or name for name in local}
        asked = [{"name": name} for name in local]
        for call in read(item.old, item.before, (), asked).calls:
            self._was.setdefault((linked.path, call.by), []).append(call)
        for call in read(item.path, item.after, (), asked).calls:
            self._now.setdefault((linked.path, call.by), []).append((item.path, call))

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
