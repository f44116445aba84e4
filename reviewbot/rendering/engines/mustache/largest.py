"""The largest reading of a Mustache template that no sample gives values for.

Every section is shown, once where nothing is given for it. Of a section and the inverted one of the
same name the longer is shown. Runs in the rendering process only.
"""

from typing import Any

from pystache.context import KeyNotFoundError  # type: ignore[import-untyped]
from pystache.parser import _InvertedNode, _SectionNode  # type: ignore[import-untyped]


class Shown:
    """A section, shown as its values say, or once where they would hide it."""

    def __init__(self, node: Any) -> None:
        self.key = node.key
        self.parsed = _body(node)
        self._node = node

    def render(self, engine: Any, stack: Any) -> str:
        """The section's text."""
        try:
            value = stack.get(self.key)
        except KeyNotFoundError:
            value = None
        is_filled = isinstance(self._node, _SectionNode) and value and value is not True
        return str((self._node if is_filled else self.parsed).render(engine, stack))


def largest_reading(tree: Any) -> Any:
    """`tree`, changed in place."""
    nodes = tree._parse_tree  # noqa: SLF001 - pystache offers no other way in
    sections: dict[str, int] = {}
    inverted: dict[str, int] = {}
    for node in nodes:
        if isinstance(node, _SectionNode | _InvertedNode):
            sizes = sections if isinstance(node, _SectionNode) else inverted
            size = _characters(largest_reading(_body(node)))
            sizes[str(node.key)] = sizes.get(str(node.key), 0) + size

    def shown(node: Any) -> list[Any]:
        if not isinstance(node, _SectionNode | _InvertedNode):
            return [node]
        key = str(node.key)
        is_section = sections.get(key, -1) >= inverted.get(key, -1)
        return [Shown(node)] if is_section == isinstance(node, _SectionNode) else []

    nodes[:] = [one for node in nodes for one in shown(node)]
    return tree


def _body(node: Any) -> Any:
    return node.parsed_section if isinstance(node, _InvertedNode) else node.parsed


def _characters(tree: Any) -> int:
    """The text of a tree that is sent whatever its variables; a tag counts as one character."""
    total = 0
    for node in tree._parse_tree:  # noqa: SLF001 - likewise
        inner = node.parsed if isinstance(node, Shown) else node
        if isinstance(inner, str):
            total += len(inner)
        else:
            total += _characters(inner) if hasattr(inner, "_parse_tree") else 1
    return total
