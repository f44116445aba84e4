"""How much a model is told of what TypeScript or JavaScript defines, where it is sent as a tool."""

import re

from tree_sitter import Node

from reviewbot.rendering.parsers._common.told_tools import told, told_literal
from reviewbot.rendering.parsers.typescript_source.syntax import Source, named, unwrapped

_MOST_PARTS = 2_000
_DEFINING = {"call_expression", "new_expression", "object", "array"}
_LISTING = {"object", "array"}
_CODE = {"arrow_function", "function_expression", "function", "method_definition"}
_TEXTS = {"string", "template_string"}


def definition(node: Node | None, source: Source) -> str:
    """The length of the texts and keys of an object, or of a call, that describes something.

    The names in it are told with it, but for those of libraries.
    """
    size, names = described(node, source)
    return told_literal(told(size), names - _LIBRARIES)


def described(node: Node | None, source: Source) -> tuple[int, frozenset[str]]:
    """The characters of a definition, and the names that stand in it; none of what is no such.

    Of a list, or a table, of other definitions there are only the names.
    """
    value = None if node is None else unwrapped(node)
    if value is None or value.type not in _DEFINING:
        return 0, frozenset()
    if not _SCHEMA.search(source.text(value)):
        return 0, _listed(value, source)
    characters = 0
    names: set[str] = set()
    waiting = [value]
    for one in waiting:
        if one.type in _TEXTS or one.type in _NAMES:
            characters += len(source.text(one))
        if one.type == "member_expression" and not _is_called(one):
            names.add(source.text(one))
        if one.type in _OF_OTHERS:
            names.add(source.text(one))
        elif one.type not in _CODE and len(waiting) < _MOST_PARTS:
            waiting += one.named_children
    return characters, frozenset(names)


def _listed(value: Node, source: Source) -> frozenset[str]:
    """The names that a list or an object holds: `{ weather, find: search, ...others }`."""
    found: set[str] = set()
    for item in named(value) if value.type in _LISTING else ():
        inner = item.child_by_field_name("value") if item.type == "pair" else item
        inner = next(iter(named(item)), None) if item.type == "spread_element" else inner
        if inner is not None and inner.type in _OF_OTHERS:
            found.add(source.text(inner))
    return frozenset(found)


def _is_called(node: Node) -> bool:
    above = node.parent
    return above is not None and above.child_by_field_name("function") == node


_LIBRARIES = {"z", "zod", "v", "t", "s", "Type", "Schema"}
_SCHEMA = re.compile(
    r"descri|\bproperties\b|\b(?:z|zod|v|t|s|Type|Schema)(?:\s{0,9}\.\s{0,9}[a-zA-Z]\w{0,50}){1,3}\("
)
"""What a schema says: of Zod, Valibot, TypeBox, Effect, or of JSON Schema."""

_NAMES = {"property_identifier", "shorthand_property_identifier"}
_OF_OTHERS = {"identifier", "shorthand_property_identifier"}
