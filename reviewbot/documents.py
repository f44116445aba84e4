"""YAML and JSON that may be hostile, read into nodes that know their lines.

The loaders of the libraries crash, hang or explode on such text (nesting, merge keys, aliases), or
lose its lines; only PyYAML's event parser and the standard library's JSON scanner are used. YAML
scalars resolve by the core schema of YAML 1.2 (section 10.3.2): `no` is a word, `010` is ten.
"""

import json
import re
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NoReturn

import yaml

from reviewbot.errors import MeasurementError, Place, Problem

TEXT_CHARACTERS_LIMIT = 1024 * 1024
NODES_LIMIT = 100_000
DEPTH_LIMIT = 32
INTEGER_DIGITS_LIMIT = 30

Value = str | int | float | bool | None

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Scalar:
    """A single value; `text` is how it is written, without quotes.

    `line` is where `text` begins: below the `|` or `>` of a block.
    """

    __slots__ = ("line", "text", "value")

    def __init__(self, line: int, value: Value, text: str) -> None:
        self.line = line
        self.value = value
        self.text = text


class ListNode:
    """A list."""

    __slots__ = ("items", "line")

    def __init__(self, line: int) -> None:
        self.line = line
        self.items: list[Node] = []


class Entry:
    """A key of a mapping, the line it stands on, and its value."""

    __slots__ = ("key", "key_line", "value")

    def __init__(self, key: str, key_line: int, value: "Node") -> None:
        self.key = key
        self.key_line = key_line
        self.value = value


class MappingNode:
    """A mapping; its keys are the texts that stand there, each once."""

    __slots__ = ("by_key", "line")

    def __init__(self, line: int) -> None:
        self.line = line
        self.by_key: dict[str, Entry] = {}

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries in order."""
        return tuple(self.by_key.values())

    def get(self, key: str) -> "Node | None":
        """The value under `key`; None where there is none."""
        entry = self.by_key.get(key)
        return None if entry is None else entry.value


Node = Scalar | ListNode | MappingNode


def parse_yaml(text: str, *, file: str) -> Node:
    """The one document in `text`; an empty text is a null.

    Raises:
        MeasurementError: It is no YAML, over a limit, or uses what is refused: anchors, aliases,
            tags, merge keys, duplicate keys, keys that are no scalars, several documents.
    """
    builder = _Builder(text, file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        builder.refuse(line, f"this is not YAML: {error.problem}", "correct the syntax")
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, max(error.position, 0)) + 1
        builder.refuse(line, "a character is not allowed in YAML", "take out control characters")
    return builder.result()


def parse_json(text: str, *, file: str) -> Node:
    """The JSON value in `text`.

    Raises:
        MeasurementError: It is no JSON (NaN is none), over a limit, or has a key twice.
    """
    builder = _Builder(text, file)
    try:
        json.loads(text, parse_int=len, parse_float=len, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        builder.refuse(error.lineno, f"this is not JSON: {error.msg}", "correct the syntax")
    except (ValueError, RecursionError) as error:
        builder.refuse(1, f"this is not JSON that can be read: {error}", "correct or flatten it")
    for line, token, value in _json_tokens(text):
        match token:
            case "{":
                builder.open(MappingNode(line))
            case "[":
                builder.open(ListNode(line))
            case "}" | "]":
                builder.close()
            case _:
                builder.add(value if isinstance(value, Scalar) else builder.number(line, token))
    return builder.result()


def plain(node: Node) -> Any:
    """The node as lists, dictionaries and scalars; no deeper than `DEPTH_LIMIT`."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    return {key: plain(entry.value) for key, entry in node.by_key.items()}


class _Builder:
    """Puts nodes together, without recursion and within the limits."""

    def __init__(self, text: str, file: str) -> None:
        self._file = file
        self._root: Node | None = None
        self._open: list[ListNode | MappingNode] = []
        self._key: Scalar | None = None
        self._nodes = 0
        self._documents = 0
        if len(text) > TEXT_CHARACTERS_LIMIT:
            limit = f"{TEXT_CHARACTERS_LIMIT:,} characters"
            self.refuse(1, f"the text has more than {limit}", "split the file")
        surrogate = re.search("[\ud800-\udfff]", text)
        if surrogate:
            line = text.count("\n", 0, surrogate.start()) + 1
            self.refuse(line, "a character is half of a pair", "save the file as UTF-8")

    def take(self, event: Any) -> None:
        """Add what a YAML event stands for."""
        line = event.start_mark.line + 1
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_extras(event, line)
            plainly_written = not event.style
            if plainly_written and event.value == "<<" and self._expects_key():
                self.refuse(line, "merge keys (`<<`) are not supported", "write the keys out")
            first = line + 1 if event.style in {"|", ">"} else line
            self.add(
                self.number(line, event.value)
                if plainly_written
                else Scalar(first, event.value, event.value)
            )
        elif isinstance(event, yaml.MappingStartEvent):
            self._refuse_extras(event, line)
            self.open(MappingNode(line))
        elif isinstance(event, yaml.SequenceStartEvent):
            self._refuse_extras(event, line)
            self.open(ListNode(line))
        elif isinstance(event, yaml.CollectionEndEvent):
            self.close()
        elif isinstance(event, yaml.AliasEvent):
            self.refuse(line, f"aliases (`*{event.anchor}`) are not supported", "write it out")
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self.refuse(line, "the file holds several documents", "keep one for each file")

    def open(self, node: ListNode | MappingNode) -> None:
        """Begin a list or a mapping."""
        if self._expects_key():
            self.refuse(node.line, "a key is a list or a mapping", "use a word as the key")
        self._attach(node)
        self._open.append(node)
        if len(self._open) > DEPTH_LIMIT:
            self.refuse(node.line, f"nested deeper than {DEPTH_LIMIT} levels", "flatten it")

    def close(self) -> None:
        """End the innermost list or mapping."""
        self._open.pop()

    def add(self, scalar: Scalar) -> None:
        """Add a key or a value."""
        if not self._expects_key():
            self._attach(scalar)
            return
        mapping = self._open[-1]
        if isinstance(mapping, MappingNode) and scalar.text in mapping.by_key:
            first = mapping.by_key[scalar.text].key_line
            is_amount = re.fullmatch(r"[0-9]{3}(\.[0-9]+)?", scalar.text)
            mend = 'quote amounts such as "$1,200"' if is_amount else "keep one of them"
            shown = repr(scalar.text[:60])
            self.refuse(scalar.line, f"the key {shown} stands here twice (line {first})", mend)
        self._key = scalar

    def number(self, line: int, text: str) -> Scalar:
        """The scalar that an unquoted text is by the core schema."""
        if text in _WORDS:
            return Scalar(line, _WORDS[text], text)
        if not _NUMERIC.match(text):
            return Scalar(line, text, text)
        if _INTEGER.fullmatch(text):
            if len(text) > INTEGER_DIGITS_LIMIT:
                limit = f"{INTEGER_DIGITS_LIMIT} digits"
                self.refuse(line, f"a number has more than {limit}", "quote it if it is a text")
            return Scalar(line, int(text, 0) if text[:2] in {"0x", "0o"} else int(text), text)
        if _FLOAT.fullmatch(text):
            value = float(text)
            if value in {float("inf"), float("-inf")}:
                self.refuse(line, "a number is too large", "quote it if it is a text")
            return Scalar(line, value, text)
        return Scalar(line, text, text)

    def result(self) -> Node:
        """The document; a null where the text was empty."""
        return Scalar(1, None, "") if self._root is None else self._root

    def refuse(self, line: int, what: str, mend: str) -> NoReturn:
        """Stop with a problem."""
        raise MeasurementError(
            [Problem(what=what, mend=mend, place=Place(file=self._file, line=line))]
        )

    def _expects_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1], MappingNode) and self._key is None

    def _attach(self, node: Node) -> None:
        self._nodes += 1
        if self._nodes > NODES_LIMIT:
            self.refuse(node.line, f"more than {NODES_LIMIT:,} values", "split the file")
        if not self._open:
            self._root = node
            return
        parent = self._open[-1]
        if isinstance(parent, ListNode):
            parent.items.append(node)
        elif self._key is not None:
            parent.by_key[self._key.text] = Entry(self._key.text, self._key.line, node)
            self._key = None

    def _refuse_extras(self, event: Any, line: int) -> None:
        if event.anchor is not None:
            self.refuse(line, f"anchors (`&{event.anchor}`) are not supported", "write it out")
        if event.tag is not None:
            self.refuse(line, f"tags (`{event.tag[:60]}`) are not supported", "take it out")


def _json_tokens(text: str) -> Iterator[tuple[int, str, Scalar | None]]:
    """The tokens of a text that is known to be JSON, each with its line; commas are left out."""
    position, counted, line = 0, 0, 1
    while found := _JSON_TOKEN.match(text, position):
        line += text.count("\n", counted, found.start(1))
        counted = found.start(1)
        position = found.end()
        token = found[1]
        if token == '"':  # noqa: S105 - a quote, no password
            value, position = scanstring(text, position)
            yield line, token, Scalar(line, value, value)
        elif token not in {",", ":"}:
            yield line, token, None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_JSON_TOKEN = re.compile(r'[ \t\n\r]*([\[\]{},:"]|[^\s\[\]{},:"]+)')
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMERIC = re.compile(r"[-+.0-9]")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
