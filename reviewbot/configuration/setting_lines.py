"""The line of a setting in a configuration file."""

from reviewbot.configuration.kinds import shown_key
from reviewbot.documents import Entry, ListNode, MappingNode, Node, Scalar, parse_yaml
from reviewbot.errors import Place

Key = tuple[str | int, ...]
"""A path into the file: keys, positions in a list from 0, and names of a list's items."""

_FILLED = {"envelope", "traffic", "templates"}
"""What a workflow takes from `defaults` where it says nothing itself."""


def key_text(key: Key) -> str:
    """`key` as messages write it, `workflows.triage.traffic[0].calls`."""
    return "".join(
        f"[{part}]" if isinstance(part, int) else f".{shown_key(part)}" for part in key
    ).removeprefix(".")


def told_lines(first: int, last: int) -> str:
    """Lines as messages name them."""
    return f"line {first}" if first == last else f"lines {first}\u2013{last}"


class Locator:
    """Finds the lines of settings in a configuration that is known to be correct.

    The text is parsed when the first line is asked for: most reviews ask for none.
    """

    def __init__(self, text: str, *, file: str) -> None:
        self._text = text
        self._file = file
        self._root: Node | None = None
        self._entries: dict[int, dict[str, Entry]] = {}

    def place(self, key: Key) -> Place:
        """The line of `key`, or of the nearest setting around it that is left.

        A workflow's limit or traffic that stands under `defaults` only is found there.
        """
        line, left = self._walk(key)
        if left and key[0] == "workflows" and key[2:] and key[2] in _FILLED:
            default_line, default_left = self._walk(("defaults", *key[2:]))
            line = line if default_left else default_line
        return Place(file=self._file, line=line, key=key_text(key))

    def block(self, key: Key) -> tuple[int, int] | None:
        """The first and the last line of the entry at `key`.

        None where it is not there, or may share its lines with other entries.
        """
        import yaml

        node = yaml.compose(self._text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        first: int | None = None
        for part in key:
            if not isinstance(node, yaml.MappingNode) or node.flow_style:
                return None
            entries = [pair for pair in node.value if pair[0].value == part]
            if not entries:
                return None
            name, node = entries[0]
            first = name.start_mark.line + 1
        while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            node = last[1] if isinstance(last, tuple) else last
        if first is None or node is None:
            return None
        end = node.end_mark
        lines = self._text.split("\n")[: end.line + (end.column > 0)]
        while not lines[-1].strip():
            lines.pop()
        return first, len(lines)

    def _walk(self, key: Key) -> tuple[int, int]:
        """The line reached on the way to `key`, and how many parts of it were not found."""
        if self._root is None:
            self._root = parse_yaml(self._text, file=self._file)
        line, node = self._root.line, self._root
        for done, part in enumerate(key):
            found = self._entry(node, part) or _item(node, part)
            if found is None:
                return line, len(key) - done
            line, node = found
        return line, 0

    def _entry(self, node: Node, part: str | int) -> tuple[int, Node] | None:
        """The entry of a mapping; there may be thousands, and each may be asked for."""
        if not isinstance(node, MappingNode) or not isinstance(part, str):
            return None
        if id(node) not in self._entries:
            self._entries[id(node)] = {entry.key: entry for entry in node.entries}
        entry = self._entries[id(node)].get(part)
        return None if entry is None else (entry.key_line, entry.value)


def _item(node: Node, part: str | int) -> tuple[int, Node] | None:
    items = node.items if isinstance(node, ListNode) else (node,)
    for index, item in enumerate(items):
        if part == index or _name(item) == part:
            return item.line, item
    return None


def _name(node: Node) -> str | None:
    """What an item of a list is called: a text itself, else its `name` or its `path`."""
    if isinstance(node, MappingNode):
        node = node.get("name") or node.get("path") or node
    return node.text if isinstance(node, Scalar) else None
