"""The classes that TypeScript names: what one is made of, and what something is said to be."""

import re

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.syntax import Source

_CLASS = re.compile(r"\b[A-Z][\w$]{0,100}")
_LONGEST = 500


def bases_of(node: Node, source: Source) -> tuple[str, ...]:
    """The words behind `extends` and `implements`."""
    heads = (child for child in node.children if child.type == "class_heritage")
    return tuple(word for head in heads for word in _CLASS.findall(source.text(head)[:_LONGEST]))


def classes_said(node: Node, source: Source) -> list[str]:
    """The words of the type of a parameter, a field or a variable."""
    said = node.child_by_field_name("type")
    if said is None or said.type != "type_annotation":
        return []
    return _CLASS.findall(source.text(said)[:_LONGEST])


def is_field(parameter: Node) -> bool:
    """Whether a parameter of a constructor is a field too: `private repo: Repo`."""
    return any(
        child.type in {"accessibility_modifier", "readonly", "override_modifier"}
        for child in parameter.children
    )
