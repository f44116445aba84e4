"""YAML and JSON text, which may be hostile, as a tree of nodes that know their lines.

Configuration, samples, chat messages, `.prompt.yml` files and tool definitions are all read here.
Nothing is taken that can grow, run or mean two things: no anchors, aliases, merge keys, tags or
directives, no key twice, no number that is not finite.
"""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.records import Record

MAX_CHARACTERS = 2**20
MAX_DEPTH_LEVELS = 32
MAX_NODES = 100_000
"""Limits of a document: its text; lists and mappings within each other; values and keys, counted
together."""

MAX_INTEGER_DIGITS = 30
"""Longer whole numbers are refused: Python takes quadratic time for them, and fails at 4,300."""


class Scalar(Record):
    """A single value.

    `line` is where its text begins: below the `|` or `>` of a block scalar.
    `text` is a string's content, and of anything else what is written: `1.10` stays `1.10`.
    `quoted` says that it is marked as a string, by quotes or as a block scalar.
    """

    line: int
    value: str | int | float | bool | None
    text: str
    quoted: bool = False


class ListNode(Record):
    """A list and the line that it begins in."""

    line: int
    items: tuple["Node", ...]


class Entry(Record):
    """A key, as it is written apart from quotes, and its value."""

    key: str
    key_line: int
    value: "Node"


class MappingNode(Record):
    """A mapping and the line that it begins in; the keys of its entries differ."""

    line: int
    entries: tuple[Entry, ...]

    def get(self, key: str) -> "Node | None":
        """The value under `key`; None where there is none."""
        return next((entry.value for entry in self.entries if entry.key == key), None)


Node = Scalar | ListNode | MappingNode


def parse_yaml(text: str, *, file: str) -> Node:
    """The one YAML document in `text`; an empty one is a null.

    Plain scalars are read by the core schema of YAML 1.2 (section 10.3.2): `no` is a string, `010`
    is ten, `1e5` is a number, `2_000` and `2026-11-01` are strings. Keys are strings whatever they
    look like.

    Raises:
        MeasurementError: It is not YAML, or holds or exceeds what is refused here.

    """
    import yaml

    tree = _Tree(text, file)
    if refused := _REFUSED_IN_YAML.search(text):
        tree.line = text.count("\n", 0, refused.end() - 1) + 1
        if refused[0].endswith("%"):
            raise tree.refusal("YAML directives are refused", "take out the line with `%`")
        code = f"{ord(refused[0]):04X}"
        raise tree.refusal(
            f"the character U+{code} is refused", f'take it out, or quote it: "\\u{code}"'
        )
    last_line = text.count("\n") + (not text.endswith("\n"))
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            tree.line = min(event.start_mark.line + 1, last_line)
            match event:
                case yaml.NodeEvent(anchor=str(name)):
                    raise tree.refusal(
                        f"the anchor or alias {_shown(name)} is refused",
                        "write the value out, or quote it if it is meant as text",
                    )
                case yaml.ScalarEvent(tag=None):
                    tree.add(_yaml_scalar(event.value, event.style, tree.line))
                case yaml.CollectionStartEvent(tag=None):
                    tree.open(mapping=isinstance(event, yaml.MappingStartEvent))
                case yaml.NodeEvent():
                    raise tree.refusal(
                        f"the tag {_shown(event.tag)} is refused",
                        "take it out, or quote it if it is meant as text",
                    )
                case yaml.CollectionEndEvent():
                    tree.close()
                case yaml.DocumentStartEvent() if not tree.is_empty:
                    raise tree.refusal(
                        "a second document begins", "keep one and take out its `---`"
                    )
    except yaml.MarkedYAMLError as error:
        assert error.problem_mark is not None
        tree.line = min(error.problem_mark.line + 1, last_line)
        begun = error.context_mark and f" {error.context} from line {error.context_mark.line + 1}"
        what = f"this cannot be read as YAML: {error.problem}{begun or ''}"
        raise tree.refusal(what, _YAML_MEND) from None
    except (ValueError, OverflowError) as error:
        raise tree.refusal(f"this cannot be read as YAML: {error}", _YAML_MEND) from None
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
            what = f"this cannot be read as JSON: {mark!r} is not expected here"
            raise tree.refusal(what, _JSON_MEND)
        if mark in "[{":
            tree.open(mapping=mark == "{")
        elif mark in "]}":
            tree.close()
        elif mark not in ",:":
            try:
                value, position = decoder.raw_decode(text, start)
            except ValueError as error:
                what = f"this cannot be read as JSON: {error}"
                raise tree.refusal(what, _JSON_MEND) from None
            content = value if mark == '"' else text[start:position]
            tree.add(Scalar(line=tree.line, value=value, text=content, quoted=mark == '"'))
        expected = _JSON_EXPECTED[mark if mark in "[{,:" else "", tree.within]
    if expected:
        raise tree.refusal("this cannot be read as JSON: it ends too early", _JSON_MEND)
    return tree.root


def plain(node: Node) -> Any:
    """`node` as dicts, lists, strings, numbers, flags and None; recursion ends at the depth limit."""
    match node:
        case Scalar():
            return node.value
        case ListNode():
            return [plain(item) for item in node.items]
        case MappingNode():
            return {entry.key: plain(entry.value) for entry in node.entries}


class _Open:
    """A list or mapping that has not ended; in a mapping, `key` waits for its value."""

    __slots__ = ("entries", "is_mapping", "items", "key", "line")

    def __init__(self, line: int, *, is_mapping: bool) -> None:
        self.line = line
        self.is_mapping = is_mapping
        self.items: list[Node] = []
        self.entries: dict[str, Entry] = {}
        self.key: Scalar | None = None


class _Tree:
    """The document as far as it is read, which keeps the limits; `line` is the one being read."""

    def __init__(self, text: str, file: str) -> None:
        self.line = 1
        self._file = file
        self._nodes = 0
        self._open = [_Open(1, is_mapping=False)]
        if len(text) > MAX_CHARACTERS:
            self.line = text.count("\n", 0, MAX_CHARACTERS) + 1
            raise self.refusal(f"the text exceeds {MAX_CHARACTERS:,} characters", "split the file")

    @property
    def root(self) -> Node | None:
        """The document, once it has ended."""
        return next(iter(self._open[0].items), None)

    @property
    def within(self) -> str:
        """What is being read: the document, a list, a mapping, or an entry whose key is known."""
        innermost = self._open[-1]
        if innermost.key is not None:
            return "entry"
        if len(self._open) == 1:
            return "document"
        return "mapping" if innermost.is_mapping else "list"

    def add(self, scalar: Scalar) -> None:
        """Take a scalar: an item, a key, or the value of the key before it."""
        self._count()
        innermost = self._open[-1]
        if innermost.is_mapping and innermost.key is None:
            self._refuse_key(scalar, innermost.entries.get(scalar.text))
            innermost.key = scalar
        else:
            self._attach(scalar)

    def open(self, *, mapping: bool) -> None:
        """Begin a list or a mapping."""
        self._count()
        innermost = self._open[-1]
        if innermost.is_mapping and innermost.key is None:
            raise self.refusal(
                "a list or mapping stands where a key belongs",
                'quote it if it is meant as text, like "{{ name }}"',
            )
        if len(self._open) > MAX_DEPTH_LEVELS:
            raise self.refusal(
                f"lists and mappings are nested more than {MAX_DEPTH_LEVELS} deep",
                "write it flatter",
            )
        self._open.append(_Open(self.line, is_mapping=mapping))

    def close(self) -> None:
        """End the innermost list or mapping."""
        ended = self._open.pop()
        if ended.is_mapping:
            self._attach(MappingNode(line=ended.line, entries=tuple(ended.entries.values())))
        else:
            self._attach(ListNode(line=ended.line, items=tuple(ended.items)))

    def refusal(self, what: str, mend: str) -> MeasurementError:
        """The error to raise for something in the current line."""
        place = Place(file=self._file, line=self.line)
        return MeasurementError([Problem(what=what, mend=mend, place=place)])

    def _count(self) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self.refusal(
                f"there are more than {MAX_NODES:,} values and keys", "split the file"
            )

    def _refuse_key(self, key: Scalar, earlier: Entry | None) -> None:
        if key.text == "<<" and not key.quoted:
            raise self.refusal("the merge key `<<` is refused", "write the entries out")
        if earlier is not None:
            raise self.refusal(
                f"the key {_shown(key.text)} stands in line {earlier.key_line} already",
                "keep one of the two",
            )

    def _attach(self, node: Node) -> None:
        innermost = self._open[-1]
        if innermost.key is None:
            innermost.items.append(node)
        else:
            key, innermost.key = innermost.key, None
            innermost.entries[key.text] = Entry(key=key.text, key_line=key.line, value=node)


def _yaml_scalar(text: str, style: str | None, line: int) -> Scalar:
    if style:
        begins = line + 1 if style in "|>" and text else line
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
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|(?:^|\r)\ufeff?%",
    re.MULTILINE,
)
_YAML_MEND = (
    "correct it; text that begins with one of @ ` % & * ! | > { [, that contains `: ` or ` #`, "
    "or that looks like a number, needs quotes"
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
    # what may come after a mark within a part of the document; the empty mark is a value's end
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
    "correct it; JSON has no comments, no comma before `}` or `]`, no number that is not finite, "
    "and has its keys and texts in double quotes"
)
