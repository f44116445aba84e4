"""YAML and JSON text, which may be hostile, as a tree of nodes that know their lines.

Configuration, samples, chat messages, `.prompt.yml` files and tool definitions are all read here.
Nothing is taken that can grow, run or mean two things: no anchors, aliases, merge keys, tags or
directives, no key twice, no number that is not finite.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

from reviewbot.errors import MeasurementError, Place, Problem

MAX_CHARACTERS = 2**20
MAX_DEPTH_LEVELS = 32
MAX_NODES = 100_000
"""Limits of a document: its text; lists and mappings within each other; values and keys, counted
together."""

MAX_INTEGER_DIGITS = 30
"""Longer whole numbers are refused: Python takes quadratic time for them, and fails at 4,300."""


class Scalar(Struct, frozen=True, kw_only=True):
    """A single value.

    `line` is where its text begins: below the `|` or `>` of a block scalar.
    `text` is a string's content, and of anything else what is written: `1.10` stays `1.10`.
    `quoted` says that it is marked as a string, by quotes or as a block scalar.
    """

    line: int
    value: str | int | float | bool | None
    text: str
    quoted: bool = False


class ListNode(Struct, frozen=True, kw_only=True):
    """A list and the line that it begins in."""

    line: int
    items: tuple["Node", ...]


class Entry(Struct, frozen=True, kw_only=True):
    """A key, as it is written apart from quotes, and its value."""

    key: str
    key_line: int
    value: "Node"


class MappingNode(Struct, frozen=True, kw_only=True):
    """A mapping and the line that it begins in; the keys of its entries differ."""

    line: int
    entries: tuple[Entry, ...]

    def get(self, key: str) -> "Node | None":
        """The value under `key`; None where there is none."""
        return next((entry.value for entry in self.entries if entry.key == key), None)


Node = Scalar | ListNode | MappingNode


def parse_yaml(text: str, *, file: str, repeated: list[Problem] | None = None) -> Node:
    """The one YAML document in `text`; an empty one is a null.

    A key that stands twice is refused; where `repeated` is given, it is reported there instead, and
    the first of the two counts.

    Plain scalars are read by the core schema of YAML 1.2 (section 10.3.2): `no` is a string, `010`
    is ten, `1e5` is a number, `2_000` and `2026-11-01` are strings. Keys are strings whatever they
    look like.

    Raises:
        MeasurementError: It is not YAML, or holds or exceeds what is refused here.

    """
    import yaml

    tree = _Tree(text, file, repeated)
    if refused := _REFUSED_IN_YAML.search(text):
        tree.line = text.count("\n", 0, refused.start()) + 1
        raise tree.refusal(*_why_refused(refused[0]))
    last_line = text.count("\n") + (not text.endswith("\n"))
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _read_events(yaml.parse(text, Loader=loader), tree, last_line)
    except yaml.MarkedYAMLError as error:
        marks = [mark for mark in (error.context_mark, error.problem_mark) if mark is not None]
        tree.line = min(marks[-1].line + 1, last_line)
        begun = marks[0].line + 1
        since = f", {error.context} from line {begun}" if begun < tree.line else ""
        raise tree.refusal(f"this is not YAML: {error.problem}{since}", _YAML_MEND) from None
    except (ValueError, OverflowError) as error:  # a number, or an escape that is no character
        raise tree.refusal(f"this cannot be read: {error}", _YAML_MEND) from None
    return tree.root or Scalar(line=1, value=None, text="")


def parse_json(text: str, *, file: str) -> Node:
    """The JSON document in `text`, with the values that `json.loads` gives.

    Raises:
        MeasurementError: It is not JSON, or holds or exceeds what is refused here.

    """
    from json import JSONDecoder

    tree = _Tree(text, file)
    decoder = JSONDecoder(parse_int=_integer, parse_float=_real, parse_constant=_real)
    position, expected = 0, _JSON_VALUE
    while found := _NO_JSON_SPACE.search(text, position):
        start, mark = found.start(), found[0]
        tree.line += text.count("\n", position, start)
        position = start + 1
        if mark not in expected:
            raise tree.refusal(f"this is not JSON: {mark!r} is not expected here", _JSON_MEND)
        if mark in "[{":
            tree.open("mapping" if mark == "{" else "list")
        elif mark in "]}":
            tree.close()
        elif mark not in ",:":
            try:
                value, position = decoder.raw_decode(text, start)
            except ValueError as error:
                raise tree.refusal(f"this is not JSON: {error}", _JSON_MEND) from None
            content = value if mark == '"' else text[start:position]
            tree.add(Scalar(line=tree.line, value=value, text=content, quoted=mark == '"'))
        expected = _JSON_EXPECTED[mark if mark in "[{,:" else "", tree.within]
    if tree.root is None:
        raise tree.refusal("this is not JSON: it ends too early", _JSON_MEND)
    return tree.root


def plain(node: Node) -> Any:
    """`node` as Python's own data; it calls itself at most MAX_DEPTH_LEVELS deep."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    return {entry.key: plain(entry.value) for entry in node.entries}


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


class _Tree:
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
            what = f"the key {_shown(scalar.text)} stands in line {earlier.key_line} already"
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


def _why_refused(character: str) -> tuple[str, str]:
    if character.endswith("%"):
        return "YAML directives are refused", "take out the line that begins with `%`"
    code = f"{ord(character):04X}"
    return f"the character U+{code} is refused", f'take it out, or write "\\u{code}" in quotes'


def _read_events(events: Iterable[Any], tree: _Tree, last_line: int) -> None:
    import yaml

    for event in events:
        tree.line = min(event.start_mark.line + 1, last_line)
        match event:
            case yaml.ScalarEvent(anchor=None, tag=None):
                next_line = min(tree.line + 1, last_line)  # YAML ends lines at a bare \r too
                tree.add(_yaml_scalar(event.value, event.style, tree.line, next_line))
            case yaml.SequenceStartEvent(anchor=None, tag=None):
                tree.open("list")
            case yaml.MappingStartEvent(anchor=None, tag=None):
                tree.open("mapping")
            case yaml.CollectionEndEvent():
                tree.close()
            case yaml.NodeEvent():
                what = "YAML anchors, aliases and tags (`&`, `*`, `!`) are refused"
                raise tree.refusal(what, "write the value itself, in quotes if it is text")
            case yaml.DocumentStartEvent() if tree.root is not None:
                raise tree.refusal("a second document begins", "take it out, with its `---`")


def _yaml_scalar(text: str, style: str | None, line: int, next_line: int) -> Scalar:
    if style:
        begins = next_line if style in "|>" and text else line
        return Scalar(line=begins, value=text, text=text, quoted=True)
    found = _PLAIN.fullmatch(text)
    value = _PLAIN_VALUES[str(found.lastgroup)](text) if found else text
    return Scalar(line=line, value=value, text=text)


def _integer(text: str) -> int:
    if len(text.lstrip("+-")) > MAX_INTEGER_DIGITS:
        raise ValueError(f"{_shown(text)} has more than {MAX_INTEGER_DIGITS} digits")
    return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))


def _real(text: str) -> float:
    value = math.inf if text[-1].isalpha() else float(text)
    if math.isinf(value):
        raise ValueError(f"{_shown(text)} is no finite number")
    return value


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…")


_SHOWN_CHARACTERS = 60

_REFUSED_IN_YAML = re.compile(
    # what no YAML may hold (1.2, section 5.1); U+0085, U+2028 and U+2029, which end a line in YAML
    # 1.1 only; and directives, for which libyaml takes quadratic time
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]"
    "|(?:^|(?<=\r))\ufeff?%",
    re.MULTILINE,
)
_YAML_MEND = (
    "correct it; text needs quotes where it begins with one of @ ` % & * ! | > { [, "
    "contains `: ` or ` #`, or looks like a number"
)
_PLAIN = re.compile(
    r"(?P<null>null|Null|NULL|~|)"
    r"|(?P<true>true|True|TRUE)"
    r"|(?P<false>false|False|FALSE)"
    r"|(?P<integer>[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)"
    r"|(?P<real>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
)
_PLAIN_VALUES: Mapping[str, Callable[[str], int | float | bool | None]] = {
    "null": lambda _: None,
    "true": lambda _: True,
    "false": lambda _: False,
    "integer": _integer,
    "real": _real,
}

_NO_JSON_SPACE = re.compile(r"[^ \t\n\r]")
_JSON_VALUE = '"[{-0123456789tfnNI'
_JSON_EXPECTED = {
    # by the mark just read, which is empty at a value's end, and what it leaves the reader within
    ("[", "list"): _JSON_VALUE + "]",
    (",", "list"): _JSON_VALUE,
    ("", "list"): ",]",
    ("{", "mapping"): '"}',
    (",", "mapping"): '"',
    ("", "mapping"): ",}",
    ("", "entry"): ":",
    (":", "entry"): _JSON_VALUE,
    ("", "document"): "",
}
_JSON_MEND = (
    "correct it; JSON takes no comments, no comma before `}` or `]`, no infinite numbers, "
    "and double quotes around keys and text"
)
