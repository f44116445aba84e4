"""YAML and JSON text, which may be hostile, as a tree of nodes that know their lines.

Configuration, samples, chat messages, `.prompt.yml` files and tool definitions are all read here.
Nothing is taken that can grow, run or mean two things: no anchors, aliases, merge keys, tags or
directives, no key twice, no number that is not finite.
"""

import math
import re
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
    """The document as far as it is read, which holds the limits; `line` is the one being read."""

    def __init__(self, text: str, file: str) -> None:
        self.line = 1
        self._file = file
        self._nodes = 0
        self._document = _Open(1, is_mapping=False)
        self._open = [self._document]
        if len(text) > MAX_CHARACTERS:
            self.line = text.count("\n", 0, MAX_CHARACTERS) + 1
            raise self.refusal(f"the text exceeds {MAX_CHARACTERS:,} characters", "split the file")
