"""Builds the tree of a document while it is parsed, within its limits."""

from reviewbot.documents.nodes import (
    MAX_CHARACTERS,
    MAX_DEPTH_LEVELS,
    MAX_NODES,
    Entry,
    ListNode,
    MappingNode,
    Node,
    Scalar,
)
from reviewbot.documents.number_text import shown
from reviewbot.errors import MeasurementError, Place, Problem


class _Open:
    """A list, a mapping or the document, which has not ended; `key` waits for its value."""

    def __init__(self, kind: str, line: int) -> None:
        self.kind = kind
        self.line = line
        self.items: list[Node] = []
        self.entries: dict[str, Entry] = {}
        self.key: Scalar | None = None
        self.anchor: str | None = None
        self.is_merging = False
        self._merged: list[Node] = []

    def attach(self, node: Node) -> None:
        """Take the next item, or the value of the waiting key unless that stands here already."""
        if self.key is None:
            self.items.append(node)
        elif self.is_merging:
            self.key, self.is_merging = None, False
            self._merged.append(node)
        elif self.key.text in self.entries:
            self.key = None
        else:
            entry = Entry(key=self.key.text, key_line=self.key.line, value=node)
            self.entries[entry.key] = entry
            self.key = None

    def ended(self) -> Node:
        """The list or mapping, now that its end has come."""
        if self.kind == "mapping":
            for node in self._merged:
                for mapping in mappings_of(node) or ():
                    for entry in mapping.entries:
                        self.entries.setdefault(entry.key, entry)
            return MappingNode(line=self.line, entries=tuple(self.entries.values()))
        return ListNode(line=self.line, items=tuple(self.items))


def mappings_of(node: Node) -> tuple[MappingNode, ...] | None:
    """The mappings that a merge key may be given: one, or a list of some; None where it may not."""
    several = node.items if isinstance(node, ListNode) else (node,)
    found = tuple(item for item in several if isinstance(item, MappingNode))
    return found if len(found) == len(several) else None


class TreeBuilder:
    """The document as far as it is read, within the limits; `line` is the one being read.

    Where it `shares`, anchors, aliases and merge keys are taken. What an alias repeats counts as if
    it were written again.
    """

    def __init__(
        self,
        text: str,
        file: str,
        repeated: list[Problem] | None = None,
        *,
        shares: bool = False,
    ) -> None:
        self.line = 1
        self.shares = shares
        self._anchored: dict[str, Node] = {}
        self._repeated_characters = 0
        self._file = file
        self._repeated = repeated
        self._nodes = 0
        self._open = [_Open("document", 1)]
        if len(text) > MAX_CHARACTERS:
            self.line = text.count("\n", 0, MAX_CHARACTERS) + 1
            raise self.refusal(f"the text exceeds {MAX_CHARACTERS:,} characters", "split the file")

    @property
    def root(self) -> Node | None:
        """The document, once it has ended."""
        return next(iter(self._open[0].items), None)

    @property
    def within(self) -> str:
        """What is being read: `document`, `list`, `mapping`, or `entry` once its key is known."""
        innermost = self._open[-1]
        return innermost.kind if innermost.key is None else "entry"

    def add(self, scalar: Scalar, anchor: str | None = None) -> None:
        """Take a scalar: an item, a key, or the value of the key before it."""
        self._count()
        if anchor is not None:
            self._anchored[anchor] = scalar
        innermost = self._open[-1]
        if self.within != "mapping":
            self._attach(scalar)
            return
        if scalar.text == "<<" and not scalar.quoted:
            if not self.shares:
                raise self.refusal("YAML merge keys are refused", "write the entries out")
            innermost.is_merging = True
            innermost.key = scalar
            return
        if earlier := innermost.entries.get(scalar.text):
            what = f"the key {shown(scalar.text)} stands in line {earlier.key_line} already"
            refusal = self.refusal(what, "keep one of the two")
            if self._repeated is None:
                raise refusal
            self._repeated += refusal.problems
        innermost.key = scalar

    def repeat(self, anchor: str) -> None:
        """Take the value that stands at an anchor once more."""
        node = self._anchored.get(anchor)
        if node is None or self.within == "mapping":
            what = f"no value that can stand here has the anchor {shown(anchor)}"
            if line := next((it.line for it in self._open if it.anchor == anchor), None):
                what = f"the value at the anchor {shown(anchor)} of line {line} holds itself"
            raise self.refusal(what, "write the value itself")
        waiting = [(node, len(self._open))]
        while waiting:
            one, levels = waiting.pop()
            self._count()
            if isinstance(one, Scalar):
                self._repeated_characters += len(one.text)
                continue
            inner = one.items if isinstance(one, ListNode) else (it.value for it in one.entries)
            waiting += [(item, levels + 1) for item in inner]
            if levels > MAX_DEPTH_LEVELS:
                raise self._too_deep()
        if self._repeated_characters > MAX_CHARACTERS:
            what = f"aliases repeat more than {MAX_CHARACTERS:,} characters"
            raise self.refusal(what, "write fewer of them")
        self._attach(node)

    def open(self, kind: str, anchor: str | None = None) -> None:
        """Begin a `list` or a `mapping`."""
        self._count()
        if self.within == "mapping":
            mend = 'write the value itself, or quote it if it is meant as text: "{{ name }}"'
            raise self.refusal("a list or mapping stands where a key belongs", mend)
        if len(self._open) > MAX_DEPTH_LEVELS:
            raise self._too_deep()
        self._open.append(_Open(kind, self.line))
        self._open[-1].anchor = anchor

    def close(self) -> None:
        """End the innermost list or mapping."""
        innermost = self._open.pop()
        ended = innermost.ended()
        if innermost.anchor is not None:
            self._anchored[innermost.anchor] = ended
        self._attach(ended)

    def refusal(self, what: str, mend: str) -> MeasurementError:
        """The error to raise about the line being read."""
        place = Place(file=self._file, line=self.line)
        return MeasurementError([Problem(what=what, mend=mend, place=place)])

    def _attach(self, node: Node) -> None:
        innermost = self._open[-1]
        if innermost.is_merging and mappings_of(node) is None:
            raise self.refusal("a merge key is given no mapping", "write the entries out")
        innermost.attach(node)

    def _too_deep(self) -> MeasurementError:
        what = f"lists and mappings stand more than {MAX_DEPTH_LEVELS} deep in each other"
        return self.refusal(what, "write it flatter")

    def _count(self) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self.refusal(
                f"there are more than {MAX_NODES:,} keys and values", "split the file"
            )
