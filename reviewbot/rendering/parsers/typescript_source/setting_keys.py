"""The keys of objects that calls are given, with those that are spread into them."""

from tree_sitter import Node

from reviewbot.rendering.parsers._common.requests import SETTINGS
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.lookup import Lookup
from reviewbot.rendering.parsers.typescript_source.objects import key_of
from reviewbot.rendering.parsers.typescript_source.syntax import Source, named, unwrapped

Keys = dict[str, tuple[Node, Scope]]
"""What objects hold by key, each with the scope of its names; what is spread by its own words."""


class SettingKeys:
    """Reads the objects of one file."""

    def __init__(self, source: Source, lookup: Lookup) -> None:
        self._source = source
        self._lookup = lookup

    def of(self, node: Node, scope: Scope) -> Keys:
        """The keys of an object; those of objects spread into it count as its own."""
        found: Keys = {}
        for item in named(node):
            key, value = (item.child_by_field_name(name) for name in ("key", "value"))
            if item.type == "shorthand_property_identifier":
                found[self._source.text(item)] = item, scope
            elif item.type == "spread_element" and item.named_children:
                spread = unwrapped(item.named_children[0])
                inner = self.mapping(spread, scope)
                found |= (
                    {f"...{self._source.text(spread)}": (spread, scope)} if inner is None else inner
                )
            elif key is not None and value is not None:
                is_computed = key.type == "computed_property_name"
                name = f"...{self._source.text(key)}" if is_computed else key_of(key, self._source)
                found[name] = (item if is_computed else value), scope
        return found

    def opened(self, keys: Keys) -> Keys:
        """The keys of a call with those of the mappings of settings in it."""
        found: Keys = {}
        for key, (node, scope) in keys.items():
            inner = self.mapping(node, scope) if key in SETTINGS else None
            found |= {key: (node, scope)} if inner is None else inner
        return found

    def mapping(self, node: Node, scope: Scope, *, is_whole: bool = True) -> Keys | None:
        """The keys of an object that is written out, if need be the `is_whole` one; else None."""
        node, scope = self._lookup.resolved(unwrapped(node), scope)
        if node.type != "object":
            return None
        found = self.of(node, scope)
        is_open = any(key.startswith("...") for key in found)
        return None if is_whole and (is_open or len(found) < len(named(node))) else found
