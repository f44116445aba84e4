"""Reads a workflow file as it was meant: misspelt and misplaced keys are told, and put right.

GitHub refuses the whole file for a key that it does not know, so nothing starts.
"""

from collections.abc import Callable, Iterable
from functools import partial

from msgspec.structs import replace

from reviewbot.documents.nodes import Entry, ListNode, MappingNode, Node, Scalar
from reviewbot.repository import action_words as known
from reviewbot.repository.action_nodes import entry_of, is_action, mapping_of, text_of

Slip = tuple[int, str, str]
"""The line, what is wrong there, and the mend."""
_REFUSED = "and GitHub refuses the whole file"


def as_meant(root: MappingNode) -> tuple[MappingNode, tuple[Slip, ...]]:
    """The file with its slips put right, and the slips."""
    reader = _Reader()
    return reader.file(root), tuple(reader.slips)


class _Spelling:
    """Puts right the keys of mappings; `slips` are what it found."""

    def __init__(self) -> None:
        self.slips: list[Slip] = []

    def _spelt(self, node: MappingNode, words: tuple[str, ...], whose: str) -> MappingNode:
        """The mapping with its keys as they were meant."""
        taken = {entry.key for entry in node.entries}
        entries = []
        for entry in node.entries:
            word = known.meant(entry.key, words)
            if word is not None and word not in taken:
                what = f"`{entry.key}` is no key of {whose}, {_REFUSED}"
                self.slips.append((entry.key_line, what, f"did you mean `{word}`?"))
                taken.add(word)
                entries.append(replace(entry, key=word))
            else:
                entries.append(entry)
        return replace(node, entries=tuple(entries))

    def _adopted(self, entry: Entry, strays: Iterable[Entry], beside: str, blanks: int) -> Entry:
        """An entry with keys in it that stand beside it, or beside what it is in."""
        for stray in strays:
            what = f"`{stray.key}` stands beside {beside}, {_REFUSED}"
            mend = f"indent it and its lines by {blanks} blanks more, below `{entry.key}`"
            self.slips.append((stray.key_line, what, mend))
            inner = mapping_of(entry.value)
            entry = replace(entry, value=replace(inner, entries=(*inner.entries, stray)))
        return entry

    def _nested(
        self, node: MappingNode, words: tuple[str, ...], is_own: Callable[[Entry], bool]
    ) -> MappingNode:
        """The mapping, with keys that belong into the entry above put there."""
        entries: list[Entry] = []
        for entry in node.entries:
            if entries and entry.key in words and not is_own(entry):
                beside = f"`{entries[-1].key}`"
                entries[-1] = self._adopted(entries[-1], [entry], beside, 2)
            else:
                entries.append(entry)
        return replace(node, entries=tuple(entries))

    def _permissions(self, node: Node) -> Node:
        if not isinstance(node, MappingNode):
            return node
        node = self._spelt(node, known.PERMISSIONS, "`permissions`")
        return replace(node, entries=tuple(map(self._level, node.entries)))

    def _level(self, entry: Entry) -> Entry:
        word = known.meant(text_of(entry.value).lower(), known.LEVELS)
        if word is None or not isinstance(entry.value, Scalar):
            return entry
        what = f"`{entry.value.text}` is no level of a permission, {_REFUSED}"
        self.slips.append((entry.value.line, what, f"write `{entry.key}: {word}`"))
        return replace(entry, value=replace(entry.value, text=word))

    def _concurrency(self, node: Node) -> Node:
        if not isinstance(node, MappingNode):
            return node
        return self._spelt(node, known.CONCURRENCY, "`concurrency`")


class _Reader(_Spelling):
    """Puts right a whole file."""

    def file(self, root: MappingNode) -> MappingNode:
        """A whole file."""
        root = self._spelt(root, known.TOP, "a workflow file")
        of_jobs = [key for key in known.JOB if key not in known.TOP]
        strays = [entry for entry in root.entries if entry.key in of_jobs]
        entries = [entry for entry in root.entries if entry not in strays]
        jobs = mapping_of(root.get("jobs"))
        if jobs.entries:
            last = self._adopted(jobs.entries[-1], strays, "`jobs`", 4)
            jobs = replace(jobs, entries=(*jobs.entries[:-1], last))
        read: dict[str, Callable[[Node], Node]] = {
            "on": self._events,
            "permissions": self._permissions,
            "concurrency": self._concurrency,
            "jobs": lambda _: self._jobs(jobs),
        }
        return _mapped(replace(root, entries=tuple(entries)), read)

    def _events(self, node: Node) -> Node:
        if not isinstance(node, MappingNode):
            items = node.items if isinstance(node, ListNode) else (node,)
            found = tuple(self._event_word(it) if isinstance(it, Scalar) else it for it in items)
            return replace(node, items=found) if isinstance(node, ListNode) else found[0]
        node = self._nested(node, known.SETTINGS, lambda _: False)
        entries = []
        for entry in node.entries:
            name = self._event(entry.key, entry.key_line)
            value = entry.value
            if isinstance(value, MappingNode):
                value = self._spelt(value, known.SETTINGS, f"`{name}`")
                value = _mapped(value, {"types": partial(self._types, event=name)})
            entries.append(replace(entry, key=name, value=value))
        return replace(node, entries=tuple(entries))

    def _event_word(self, word: Scalar) -> Scalar:
        return replace(word, text=self._event(word.text, word.line))

    def _event(self, name: str, line: int) -> str:
        word = None if name in known.EVENTS else known.meant(name, known.OWN_EVENTS)
        if word is not None:
            what = f"GitHub has no event `{name}`, and a workflow with one never starts"
            self.slips.append((line, what, f"did you mean `{word}`?"))
        return word or name

    def _types(self, node: Node, event: str) -> Node:
        """The types of an event, with all of them in the mend."""
        words = known.TYPES.get(event, ())
        items = node.items if isinstance(node, ListNode) else (node,)
        found = [item for item in items if isinstance(item, Scalar)]
        meant = [known.meant(item.text, words) for item in found]
        texts = [word or item.text for word, item in zip(meant, found, strict=True)]
        for word, item in zip(meant, found, strict=True):
            if word is not None:
                what = f"`{event}` has no type `{item.text}`, so it starts no run"
                mend = f"write `types: [{', '.join(dict.fromkeys(texts))}]`"
                self.slips.append((item.line, what, mend))
        read = tuple(replace(it, text=text) for it, text in zip(found, texts, strict=True))
        return ListNode(line=node.line, items=read)

    def _jobs(self, node: MappingNode) -> MappingNode:
        node = self._nested(node, known.JOB, lambda entry: _is_job(entry.value))
        jobs = [
            replace(entry, value=self._job(entry.value))
            if isinstance(entry.value, MappingNode)
            else entry
            for entry in node.entries
        ]
        return replace(node, entries=tuple(jobs))

    def _job(self, node: MappingNode) -> MappingNode:
        node = self._spelt(node, known.JOB, "a job")
        read: dict[str, Callable[[Node], Node]] = {
            "permissions": self._permissions,
            "concurrency": self._concurrency,
            "strategy": self._strategy,
            "steps": self._steps,
        }
        return _mapped(node, read)

    def _strategy(self, node: Node) -> Node:
        if not isinstance(node, MappingNode):
            return node
        return self._spelt(node, known.STRATEGY, "`strategy`")

    def _steps(self, node: Node) -> Node:
        if not isinstance(node, ListNode):
            return node
        steps = (self._step(it) if isinstance(it, MappingNode) else it for it in node.items)
        return replace(node, items=tuple(steps))

    def _step(self, node: MappingNode) -> MappingNode:
        node = self._spelt(node, known.STEP, "a step")
        uses = text_of(node.get("uses"))
        if is_action(uses):
            return self._with_inputs(node)
        if uses.partition("@")[0] == "actions/checkout":
            return _mapped(node, {"with": self._checkout})
        return node

    def _with_inputs(self, node: MappingNode) -> MappingNode:
        """The step of the action, with inputs that stand beside `uses` put below `with`."""
        own = [key for key in known.INPUTS if key not in known.STEP]
        strays = [it for it in node.entries if it.key in (*own, "working-directory")]
        if not strays:
            return node
        for entry in strays:
            what = f"`{entry.key}` is an input of the action, and stands beside `uses`, {_REFUSED}"
            value = entry.value.text if isinstance(entry.value, Scalar) else "…"
            mend = f"write `with: {{{entry.key}: {value}}}` instead"
            if node.get("with") is not None:
                mend = "write it below `with:`, indented by 2 blanks more"
            self.slips.append((entry.key_line, what, mend))
        below = mapping_of(node.get("with"))
        given = replace(below, entries=(*below.entries, *strays))
        others = [it for it in node.entries if it not in strays and it.key != "with"]
        line = strays[0].key_line
        return replace(node, entries=(*others, Entry(key="with", key_line=line, value=given)))

    def _checkout(self, node: Node) -> Node:
        if not isinstance(node, MappingNode):
            return node
        entries = []
        for entry in node.entries:
            word = known.meant(entry.key, known.CHECKOUT)
            if word is not None and entry_of(node, word) is None:
                what = f"actions/checkout has no input `{entry.key}`, so it is ignored"
                self.slips.append((entry.key_line, what, f"did you mean `{word}`?"))
                entries.append(replace(entry, key=word))
            else:
                entries.append(entry)
        return replace(node, entries=tuple(entries))


def _mapped(node: MappingNode, read: dict[str, Callable[[Node], Node]]) -> MappingNode:
    """The mapping with the values of some keys read anew."""
    entries = (
        replace(entry, value=read[entry.key](entry.value)) if entry.key in read else entry
        for entry in node.entries
    )
    return replace(node, entries=tuple(entries))


def _is_job(node: Node) -> bool:
    """Whether what stands beside jobs is one itself, whatever its name."""
    if not isinstance(node, MappingNode):
        return False
    return any(known.meant(it.key, known.JOB) or it.key in known.JOB for it in node.entries)
