"""The name of the model that an expression says by itself: `"gpt-4o"`, `openai("gpt-4o")`."""

from functools import partial

from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.requests import NAMED_FIRST
from reviewbot.rendering.parsers._common.sellers import is_reseller, sold_at
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.default_texts import default_text
from reviewbot.rendering.parsers.typescript_source.sellers import seller_behind
from reviewbot.rendering.parsers.typescript_source.setting_values import SettingValues
from reviewbot.rendering.parsers.typescript_source.syntax import FUNCTIONS, Source, unwrapped
from reviewbot.rendering.parsers.typescript_source.values import Reader

CALLS = {"call_expression", "new_expression"}
MAKES_OWN = "customProvider"
"""What makes a provider that has models under names of its own."""


def callee_of(node: Node, source: Source) -> str:
    """The last name of what is called; empty where that is none."""
    function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
    if function is None:
        return ""
    return source.text(function.child_by_field_name("property") or function)


class ModelNames:
    """Reads the names of models in one file."""

    def __init__(self, reader: Reader, values: SettingValues) -> None:
        self._reader = reader
        self._source = reader.source
        self._values = values

    def of(self, node: Node, scope: Scope, *, is_default: bool = False) -> str | None:
        """`"gpt-4o"`, `openai("gpt-4o")` and `openai.chat("gpt-4o")`, or such a default."""
        node, scope = self._reader.lookup.made(node, scope)
        read = partial(default_text, self._reader) if is_default else self._short
        if (text := read(node, scope)) is not None:
            return text
        function, given = (node.child_by_field_name(n) for n in ("function", "arguments"))
        if node.type != "call_expression" or function is None or given is None:
            return None
        items = [unwrapped(item) for item in given.named_children]
        name = read(items[0], scope) if items else None
        provider = self._source.text(function).partition(".")[0]
        if (
            name is None
            or not provider.isidentifier()
            or callee_of(node, self._source) in NAMED_FIRST
        ):
            return None
        if self._is_own(provider, scope):
            return None
        seller = seller_behind(self._reader, function, scope)
        if seller is not None and ("/" not in name or is_reseller(seller)):
            return sold_at(seller, name)
        return name if "/" in name else f"{provider}/{name}"

    def _short(self, node: Node, scope: Scope) -> str | None:
        """A short text, which may be what a function is given."""
        node, scope = self._reader.lookup.made(node, scope)
        given = self._reader.lookup.given(node, scope)
        return (
            self._values.short(node, scope)
            if given is None
            else SettingValues(given[0]).short(*given[1:])
        )

    def _is_own(self, name: str, scope: Scope) -> bool:
        """Whether a name is no provider of a package, but a function of the file, or has models."""
        found = scope.resolve(name)
        value, source = (None if found is None else found.value), self._source
        if found is not None and found.imported is not None:
            try:
                told = self._reader.imports.node(found)
            except TemplateError:
                return False
            value, source = (None, source) if told is None else (told[1], told[0].source)
        if value is None:
            return False
        value = unwrapped(value)
        return value.type in FUNCTIONS or callee_of(value, source) == MAKES_OWN
