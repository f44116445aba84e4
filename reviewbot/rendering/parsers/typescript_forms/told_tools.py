"""How much a model is told of what TypeScript or JavaScript defines, where it is sent as a tool."""

from tree_sitter import Node

from reviewbot.rendering.parsers._common.told_tools import told
from reviewbot.rendering.parsers.typescript_source.syntax import Source, unwrapped

_MOST_PARTS = 2_000
_DEFINING = {"call_expression", "new_expression", "object"}
_CODE = {"arrow_function", "function_expression", "function", "method_definition"}
_TEXTS = {"string", "template_string"}


def definition(node: Node | None, source: Source) -> str:
    """The length of the texts and keys of an object, or of a call, that describes something."""
    value = None if node is None else unwrapped(node)
    if value is None or value.type not in _DEFINING or "descri" not in source.text(value):
        return ""
    characters = 0
    waiting = [value]
    for one in waiting:
        if one.type in _TEXTS or (one.type in _NAMES):
            characters += len(source.text(one))
        elif one.type not in _CODE and len(waiting) < _MOST_PARTS:
            waiting += one.named_children
    return told(characters)


_NAMES = {"property_identifier", "shorthand_property_identifier"}
