"""The keys of objects that define tools, with those that are spread into them."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.objects import key_of
from reviewbot.rendering.parsers.typescript_source.syntax import named, unwrapped
from reviewbot.rendering.parsers.typescript_tools.schemas import Schemas
from reviewbot.rendering.parsers.typescript_tools.values import DEEPEST


class Part(NamedTuple):
    """An expression, where its names are looked up, and who reads it."""

    node: Node
    scope: Scope
    schemas: Schemas


OPEN = "..."
"""Stands for keys that only the running program knows."""

Keys = Mapping[str, Part]


def keys_of(part: Part, depth: int = 0) -> dict[str, Part] | None:
    """The keys of an object that is written out here or in another file; None of others."""
    node, scope = part.schemas.resolved(part.node, part.scope)
    part = Part(node, scope, part.schemas)
    if node.type != "object" and (told := part.schemas.elsewhere(node, scope)) is not None:
        part = Part(told[1], told[2], told[0])
    if part.node.type != "object" or depth > DEEPEST:
        return None
    found: dict[str, Part] = {}
    for key, inner in _items(part):
        if key is not None:
            found[key] = inner
            continue
        spread = keys_of(inner, depth + 1)
        found |= {OPEN: inner} if spread is None else spread
    return found


def _items(part: Part) -> Iterator[tuple[str | None, Part]]:
    """The entries of an object in order; what is spread, or has a computed key, has none."""
    source = part.schemas.source
    for item in named(part.node):
        key = item.child_by_field_name("key") or item.child_by_field_name("name")
        value = item.child_by_field_name("value")
        if item.type == "spread_element":
            yield None, part._replace(node=unwrapped(named(item)[0]))
        elif item.type == "shorthand_property_identifier":
            yield source.text(item), part._replace(node=item)
        elif key is None or key.type == "computed_property_name":
            yield None, part._replace(node=item)
        else:
            yield key_of(key, source), part._replace(node=item if value is None else value)
