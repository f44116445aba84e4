"""Objects, arrays, enums and classes as mappings of their keys; what functions return."""

from collections.abc import Iterator

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.scopes import CLASSES
from reviewbot.rendering.parsers.typescript_source.syntax import FUNCTIONS, Source, named

_BODIES = {"enum_declaration", *CLASSES}


def entries(node: Node, source: Source) -> dict[str, Node] | None:
    """The values of an object, an array, an enum or a class by their keys; None of others.

    A key behind a spread or a computed key may be another's; the keys before it are not told.
    """
    if node.type == "object":
        return _of_object(node, source)
    if node.type == "array":
        return dict(_of_array(node))
    if node.type in _BODIES:
        return dict(_of_body(node, source))
    return None


def _of_object(node: Node, source: Source) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for item in named(node):
        key, value = (item.child_by_field_name(name) for name in ("key", "value"))
        if item.type == "shorthand_property_identifier":
            found[source.text(item)] = item
        elif item.type == "spread_element" or (key and key.type == "computed_property_name"):
            found.clear()
        elif key is not None and value is not None:
            found[key_of(key, source)] = value
    return found


def _of_array(node: Node) -> Iterator[tuple[str, Node]]:
    for position, item in enumerate(named(node)):
        if item.type == "spread_element":
            return
        yield str(position), item


def _of_body(node: Node, source: Source) -> Iterator[tuple[str, Node]]:
    body = node.child_by_field_name("body")
    for item in named(body) if body is not None else ():
        key = item.child_by_field_name("name") or item.child_by_field_name("property")
        value = item.child_by_field_name("value")
        if key is not None and value is not None:
            yield source.text(key), value


def key_of(key: Node, source: Source) -> str:
    """The name of a property."""
    return source.string(key) if key.type == "string" else source.text(key)


def returns(body: Node) -> list[Node]:
    """The `return` statements of a function's own block, in order."""
    found: list[Node] = []
    waiting = list(reversed(named(body)))
    while waiting:
        node = waiting.pop()
        if node.type == "return_statement":
            found.append(node)
        elif node.type not in FUNCTIONS and node.type not in CLASSES:
            waiting += reversed(node.named_children)
    return found
