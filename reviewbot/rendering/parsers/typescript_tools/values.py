"""Values that TypeScript and JavaScript write out: texts, numbers, lists and objects of them."""

from typing import Any

from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.files import alone
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.modules import Modules
from reviewbot.rendering.parsers.typescript_source.objects import entries
from reviewbot.rendering.parsers.typescript_source.syntax import Source, line_of, named, unwrapped

_MEND = "write it out, or keep the definition in a file of tool definitions"
DEEPEST = 40
"""Values, names and schemas within each other."""


class Values:
    """Reads the values of one file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        module = Modules(alone()).first(source)
        self.scopes = module.scopes
        self._reader = module.reader

    def resolved(self, node: Node, scope: Scope) -> tuple[Node, Scope]:
        """The expression that a name stands for."""
        for _ in range(DEEPEST):
            node = unwrapped(node)
            found = scope.resolve(self.source.text(node)) if node.type == "identifier" else None
            if found is None or found.value is None or found.writes:
                break
            node, scope = found.value, found.scope
        return node, scope

    def value(self, node: Node, scope: Scope, depth: int = 0) -> Any:
        """A value that is written out.

        Raises:
            TemplateError: Only the running program knows it.
        """
        node, scope = self.resolved(node, scope)
        if depth > DEEPEST:
            raise self.unknown(node)
        if node.type == "object":
            return self._object(node, scope, depth)
        if node.type == "array":
            return [self.value(item, scope, depth + 1) for item in named(node)]
        plain = {"true": True, "false": False, "null": None}
        if node.type in plain:
            return plain[node.type]
        text = self._reader.value(node, scope)
        if isinstance(text, str):
            return text
        if isinstance(text, list) and text[:1] == ["value"]:
            number = text[1]
            is_whole = isinstance(number, float) and number.is_integer()
            return int(number) if is_whole else number
        return self.other(node, scope, depth)

    def other(self, node: Node, scope: Scope, depth: int) -> Any:
        """What is no value of these kinds; a subclass may read more."""
        del scope, depth
        raise self.unknown(node)

    def _object(self, node: Node, scope: Scope, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for item in named(node):
            if item.type == "spread_element":
                inner = self.value(named(item)[0], scope, depth + 1)
                if not isinstance(inner, dict):
                    raise self.unknown(item)
                found |= inner
        for key, value in (entries(node, self.source) or {}).items():
            found[key] = self.value(value, scope, depth + 1)
        return found

    def unknown(self, node: Node) -> TemplateError:
        """The error about what only the running program can tell."""
        what = f"holds what is known only when the program runs, `{self.source.shown(node)}`"
        return TemplateError(what, _MEND, line=line_of(node))
