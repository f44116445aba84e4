"""temporary."""

from dataclasses import dataclass
from typing import Any

import yaml

from reviewbot.errors import MeasurementError, Place, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    line: int
    value: Any
    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListNode:
    line: int
    items: tuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    key: str
    key_line: int
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingNode:
    line: int
    entries: tuple

    def get(self, key):
        return next((e.value for e in self.entries if e.key == key), None)


Node = Scalar | ListNode | MappingNode


def parse_yaml(text, *, file):
    try:
        n = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as e:
        raise MeasurementError([Problem(what=str(e), mend="x", place=Place(file=file))])

    def conv(n):
        line = n.start_mark.line + 1
        if isinstance(n, yaml.ScalarNode):
            v = yaml.safe_load(n.value) if n.style is None else n.value
            if not isinstance(v, (str, int, float, bool, type(None))):
                v = n.value
            return Scalar(line=line, value=v, text=n.value, quoted=n.style is not None)
        if isinstance(n, yaml.SequenceNode):
            return ListNode(line=line, items=tuple(map(conv, n.value)))
        return MappingNode(
            line=line,
            entries=tuple(
                Entry(key=k.value, key_line=k.start_mark.line + 1, value=conv(v))
                for k, v in n.value
            ),
        )

    return conv(n) if n else Scalar(line=1, value=None, text="")


parse_json = parse_yaml


def plain(n):
    if isinstance(n, Scalar):
        return n.value
    if isinstance(n, ListNode):
        return [plain(x) for x in n.items]
    return {e.key: plain(e.value) for e in n.entries}
