"""Edits of YAML text in place: comments, order and everything that is not edited stay as they are.

The text must have been read as a configuration or a sample before: no anchors, no aliases.
ruamel.yaml keeps comments, but writes the whole document anew, with its own indents and breaks.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from types import MappingProxyType

import yaml

_COLUMN = 2
"""Where the keys of a first level stand."""

Path = tuple[str | int, ...]
"""Keys and positions from the root."""


class TextEdits:
    """Collects edits of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        assert root is not None
        self._root = root
        self._edits: list[tuple[int, int, str]] = []

    def set(self, path: Path, key: str, value: str) -> None:
        """Give `key` of the mapping at `path` a value, which is YAML; behind all others if new."""
        mapping = self._at(path)
        assert isinstance(mapping, yaml.MappingNode)
        for name, node in mapping.value:
            if name.value == key:
                self._replace(node.start_mark.index, node.end_mark.index, value)
                return
        if not mapping.value:
            self._replace(mapping.start_mark.index, mapping.end_mark.index, f"{{{key}: {value}}}")
            return
        last = mapping.value[-1][1]
        if mapping.flow_style:
            self._insert(last.end_mark.index, f", {key}: {value}")
        else:
            indent = " " * mapping.value[0][0].start_mark.column
            self._insert(self._line_end(_end(last)), f"\n{indent}{key}: {value}")

    def line(self, path: Path) -> tuple[int, int, int]:
        """Where the value at `path` begins and ends in the text, and where its last line does."""
        node = self._at(path)
        return node.start_mark.index, _end(node), self._line_end(_end(node))

    def append(self, path: Path, value: str) -> None:
        """Put an item, which is YAML in one line, behind those of the list at `path`."""
        items = self._at(path)
        assert isinstance(items, yaml.SequenceNode)
        last = items.value[-1]
        if items.flow_style:
            self._insert(last.end_mark.index, f", {value}")
            return
        dash = self._text.rindex("-", 0, last.start_mark.index)
        indent = " " * (dash - self._text.rfind("\n", 0, dash) - 1)
        self._insert(self._line_end(_end(last)), f"\n{indent}- {value}")

    def keep(self, path: Path, keys: Container[str]) -> None:
        """Leave only the entries of these keys in the mapping at `path`, without its comments."""
        mapping = self._at(path)
        assert isinstance(mapping, yaml.MappingNode)
        kept = [
            self._text[name.start_mark.index : _end(value)]
            for name, value in mapping.value
            if name.value in keys
        ]
        if mapping.flow_style or not kept:
            text = f"{{{', '.join(kept)}}}"
        else:
            indent = " " * mapping.value[0][0].start_mark.column
            text = f"\n{indent}".join(kept)
        self._replace(mapping.start_mark.index, _end(mapping), text)

    def rename(
        self, path: Path, old: str, new: str, beside: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """Write the YAML `new` for each text `old` at `path` or below.

        In a mapping that has it, the keys that are there of those `beside` get their values.
        """
        for node, text in _renamed(self._at(path), old, new, beside):
            self._replace(node.start_mark.index, node.end_mark.index, text)

    def rename_key(self, path: Path, old: str, new: str) -> None:
        """Write the YAML `new` for the key `old` of the mapping at `path`, if it is there."""
        mapping = self._at(path)
        assert isinstance(mapping, yaml.MappingNode)
        for name, _ in mapping.value:
            if name.value == old:
                self._replace(name.start_mark.index, name.end_mark.index, new)

    def is_in_lines(self, path: Path) -> bool:
        """Whether what stands at `path` is a mapping with a line for each of its keys."""
        node = self._at(path)
        return isinstance(node, yaml.MappingNode) and not node.flow_style

    def add_lines(self, path: Path, lines: Iterable[str]) -> None:
        """Put lines behind the last entry of the mapping at `path`.

        They are written as if the mapping's keys stood two columns in, and are moved to where they
        stand. An empty mapping is replaced.

        Raises:
            LookupError: The mapping has entries in braces.
        """
        mapping = self._at(path)
        if not isinstance(mapping, yaml.MappingNode) or (mapping.flow_style and mapping.value):
            raise LookupError(path)
        end = "\r\n" if "\r\n" in self._text else "\n"
        column = mapping.value[0][0].start_mark.column if mapping.value else _COLUMN
        moved = (f"{' ' * column}{line[_COLUMN:]}" if line.strip() else "" for line in lines)
        text = "".join(f"{end}{line}" for line in moved)
        if not mapping.value:
            self._replace(mapping.start_mark.index, mapping.end_mark.index, text)
            return
        at = self._line_end(_end(mapping.value[-1][1]))
        self._insert(at - self._text[:at].endswith("\r"), text)

    def has(self, path: Path) -> bool:
        """Whether there is something at `path`."""
        try:
            self._at(path)
        except LookupError:
            return False
        return True

    def text(self) -> str:
        """The text with all edits."""
        text = self._text
        for start, end, new in sorted(self._edits, key=lambda edit: edit[:2], reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def _at(self, path: Path) -> yaml.Node:
        return _node_at(self._root, path)

    def _replace(self, start: int, end: int, new: str) -> None:
        if self._text[start:end] != new:
            self._edits.append((start, end, new))

    def _insert(self, at: int, new: str) -> None:
        """Insert, behind what was inserted there before."""
        for number, (start, end, text) in enumerate(self._edits):
            if start == end == at:
                self._edits[number] = (start, end, text + new)
                return
        self._edits.append((at, at, new))

    def _line_end(self, index: int) -> int:
        found = re.compile(r"$", re.MULTILINE).search(self._text, index)
        return len(self._text) if found is None else found.start()


def _node_at(node: yaml.Node, path: Path) -> yaml.Node:
    for step in path:
        if isinstance(node, yaml.MappingNode) and isinstance(step, str):
            found = [value for name, value in node.value if name.value == step]
            if not found:
                raise KeyError(step)
            node = found[0]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
        else:
            raise KeyError(step)
    return node


def _renamed(
    root: yaml.Node, old: str, new: str, beside: Mapping[str, str]
) -> Iterator[tuple[yaml.Node, str]]:
    """The texts `old` below a node, and what is `beside` them, with what they become."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.ScalarNode) and node.value == old:
            yield node, new
        elif isinstance(node, yaml.MappingNode):
            waiting += [value for _, value in node.value]
            is_meant = any(value.value == old for _, value in node.value)
            for key, value in node.value if is_meant else ():
                if key.value in beside:
                    yield value, beside[key.value]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value


def _end(node: yaml.Node) -> int:
    """Where a node's own text ends; a block's mark stands behind what comes next."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    index: int = node.end_mark.index
    return index
