"""Values of settings, as far as the source tells them."""

import json
from typing import Any

from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.asked import Item
from reviewbot.rendering.parsers._common.requests import MODELS, MOST_CHARACTERS, SCHEMAS
from reviewbot.rendering.parsers._common.texts import Operation
from reviewbot.rendering.parsers._common.told_requests import said
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.known_names import KnownNames
from reviewbot.rendering.parsers.typescript_source.meant_expressions import MeantExpressions
from reviewbot.rendering.parsers.typescript_source.objects import entries
from reviewbot.rendering.parsers.typescript_source.syntax import line_of, named, number, unwrapped
from reviewbot.rendering.parsers.typescript_source.values import Reader

LONGEST = 100


def follows(key: str) -> bool:
    """Whether what other files say of a setting is a part of it.

    What they define as tools and schemas is compared by its length, and models by their names.
    """
    return key not in {*_TOOLS, *SCHEMAS, *MODELS}


_TOOLS = ("tools", "functions", "toolsets")


class SettingValues:
    """Reads the settings of one file."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._source = reader.source
        self.known = KnownNames(reader.source, reader.scopes)
        self._meant = MeantExpressions(reader, self.known)

    def told(self, key: str, node: Node, scope: Scope) -> Item:
        """A setting, with its value where the source tells it; what is spread is `**`."""
        found: Item = {"key": "**" if key.startswith("...") else key, "line": line_of(node)}
        try:
            value = self.literal(node, scope, follows=follows(key))
            if len(json.dumps(value, allow_nan=False)) <= MOST_CHARACTERS:
                found["value"] = value
        except (ValueError, TemplateError):
            pass
        if "value" not in found:
            text = self._source.text(node)
            words = key if key == f"...{text}" else text
            found |= said(words, self._meant.digest(node, scope, follows=follows(key)))
        return found

    def literal(self, node: Node, scope: Scope, *, follows: bool) -> Any:
        """The value of an expression; a ValueError where the source does not tell it."""
        node, scope = self._reader.lookup.resolved(unwrapped(node), scope)
        if follows and (there := self._reader.imported(node, scope, has_keys=True)) is not None:
            reader, node, scope = there
            return SettingValues(reader).literal(node, scope, follows=follows)
        if node.type == "object":
            found = entries(node, self._source) or {}
            if len(found) != len(named(node)):
                raise ValueError("a part is computed")
            return {key: self.literal(item, scope, follows=follows) for key, item in found.items()}
        if node.type == "array":
            return [self.literal(item, scope, follows=follows) for item in named(node)]
        value = self._reader.value(node, scope)
        if isinstance(value, str):
            return value
        if isinstance(value, Operation) and value[0] == "value":
            told = value[1]
            return int(told) if isinstance(told, float) and told.is_integer() else told
        raise ValueError("the value is computed")

    def short(self, node: Node, scope: Scope) -> str | None:
        """The text of an expression, if it may be a name."""
        try:
            found = self._reader.text(node, scope)
        except TemplateError:
            return None
        return found if isinstance(found, str) and len(found) <= LONGEST else None

    def number(self, node: Node, scope: Scope) -> int | None:
        """The number of an expression, if it may be a cap."""
        node, _ = self._reader.lookup.resolved(node, scope)
        found = number(self._source.text(node)) if node.type == "number" else None
        return int(found) if found is not None and found > 0 and found == int(found) else None
