"""Settings that single messages of a TypeScript call carry: `providerOptions`, lifetimes."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.objects import key_of
from reviewbot.rendering.parsers.typescript_source.syntax import Source

_KEYS = {
    *("providerOptions", "providerMetadata", "experimental_providerMetadata"),
    *("cache_control", "cacheControl"),
}
_HOLDING = {"array", "object", "pair"}
_MOST_PARTS = 500
_WORD = re.compile(r"[A-Za-z_]+")
_OF_PLAIN_CACHING = {
    *("anthropic", "bedrock", "openrouter", "cacheControl", "cache_control", "cachePoint", "type"),
    *("ephemeral", "default"),
}
"""Words of a mark for the shortest lifetime of the cache, which figures hold."""


def message_settings(node: Node, source: Source) -> Iterator[tuple[str, Node]]:
    """The keys and values in a list of messages that say more than where a cache ends."""
    waiting = [node]
    for one in waiting:
        if len(waiting) > _MOST_PARTS:
            return
        key, value = (one.child_by_field_name(name) for name in ("key", "value"))
        name = key_of(key, source) if one.type == "pair" and key is not None else ""
        if name in _KEYS and value is not None:
            if not _OF_PLAIN_CACHING.issuperset(_WORD.findall(source.text(value))):
                yield name, value
        elif one.type in _HOLDING:
            waiting += one.named_children
