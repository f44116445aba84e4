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

    def attach(self, node: Node) -> None:
        """Take the next item, or the value of the waiting key unless that stands here already."""
        if self.key is None:
            self.items.append(node)
        elif self.key.text in self.entries:
            self.key = None
        else:
            entry = Entry(key=self.key.text, key_line=self.key.line, value=node)
            self.entries[entry.key] = entry
            self.key = None

    def ended(self) -> Node:
        """The list or mapping, now that its end has come."""
        if self.kind == "mapping":
            return MappingNode(line=self.line, entries=tuple(self.entries.values()))
        return ListNode(line=self.line, items=tuple(self.items))


class TreeBuilder:
    """The document as far as it is read, within the limits; `line` is the one being read."""

    def __init__(self, text: str, file: str, repeated: list[Problem] | None = None) -> None:
        self.line = 1
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

    def add(self, scalar: Scalar) -> None:
        """Take a scalar: an item, a key, or the value of the key before it."""
        self._count()
        innermost = self._open[-1]
        if self.within != "mapping":
            innermost.attach(scalar)
            return
        if scalar.text == "<<" and not scalar.quoted:
            raise self.refusal("YAML merge keys are refused", "write the entries out")
        if earlier := innermost.entries.get(scalar.text):
            what = f"the key {shown(scalar.text)} stands in line {earlier.key_line} already"
            refusal = self.refusal(what, "keep one of the two")
            if self._repeated is None:
                raise refusal
            self._repeated += refusal.problems
        innermost.key = scalar

    def open(self, kind: str) -> None:
        """Begin a `list` or a `mapping`."""
        self._count()
        if self.within == "mapping":
            mend = 'quote it if it is meant as text, as in "{{ name }}"'
            raise self.refusal("a list or mapping stands where a key belongs", mend)
        if len(self._open) > MAX_DEPTH_LEVELS:
            what = f"lists and mappings stand more than {MAX_DEPTH_LEVELS} deep in each other"
            raise self.refusal(what, "write it flatter")
        self._open.append(_Open(kind, self.line))

    def close(self) -> None:
        """End the innermost list or mapping."""
        ended = self._open.pop().ended()
        self._open[-1].attach(ended)

    def refusal(self, what: str, mend: str) -> MeasurementError:
        """The error to raise about the line being read."""
        place = Place(file=self._file, line=self.line)
        return MeasurementError([Problem(what=what, mend=mend, place=place)])

    def _count(self) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self.refusal(
                f"there are more than {MAX_NODES:,} keys and values", "split the file"
            )
