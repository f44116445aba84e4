"""Which model a call names, and which cap: by itself, or by the object that stands for a model."""

from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.requests import (
    CAPS,
    MODELS,
    NAMED_FIRST,
    PROVIDERS,
    RUNS,
    SETTINGS,
    sold_by,
)
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.objects import entries
from reviewbot.rendering.parsers.typescript_source.syntax import named, number, unwrapped
from reviewbot.rendering.parsers.typescript_source.values import Reader

LONGEST = 100
_DEEPEST = 8
"""Models that stand in calls and behind methods: `new ChatOpenAI({…}).bindTools([…])`."""
_CALLS = {"call_expression", "new_expression"}

Keys = dict[str, Node]
Named = tuple[str | None, int | None]
"""A model and a cap, each None where it is not told."""


class CalledModels:
    """Finds the models that the calls of one file name."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def opened(self, keys: Keys) -> Keys:
        """The keys of a call with those of the mappings of settings in it."""
        found: Keys = {}
        for key, node in keys.items():
            inner = self._mapping(node) if key in SETTINGS else None
            found |= {key: node} if inner is None else inner
        return found

    def of_keys(self, keys: Keys, scope: Scope, depth: int = 0) -> Named:
        """What keys name, else what the model says that stands among them."""
        given = self.opened(keys)
        cap = next((self._number(given[key], scope) for key in CAPS if key in given), None)
        node = next((given[key] for key in MODELS if key in given), None)
        model = self._model(node, scope) if node is not None else None
        if node is not None and not (model and cap):
            model, cap = _filled((model, cap), self._made(node, scope, depth + 1))
        provider = next((self._short(given[key], scope) for key in PROVIDERS if key in given), None)
        return sold_by(provider, model) if model else None, cap

    def run_by(self, node: Node, scope: Scope) -> Named:
        """What the object says whose method a call is, `model.invoke([…])`; of a pipe its end."""
        given = node.child_by_field_name("arguments")
        if self._callee(node) == "pipe" and given is not None:
            return next((self._made(item, scope, 0) for item in named(given)), (None, None))
        on = self._object_of(node)
        return (None, None) if on is None else self._made(on, scope, 0)

    def _made(self, node: Node, scope: Scope, depth: int) -> Named:
        """What the call says that makes a model, or a method of one."""
        node, scope = self._reader.lookup.resolved(node, scope)
        given = node.child_by_field_name("arguments") if node.type in _CALLS else None
        if given is None or depth >= _DEEPEST:
            return None, None
        items = [unwrapped(item) for item in named(given)]
        is_first = bool(items) and self._callee(node) in NAMED_FIRST
        said: Named = (self._short(items[0], scope) if is_first else None, None)
        last = items[-1] if items else node
        keys = (entries(last, self._reader.source) or {}) if last.type == "object" else {}
        said = _filled(said, self.of_keys(keys, scope, depth + 1))
        if is_first and said[0]:
            sellers = (self._short(keys[key], scope) for key in PROVIDERS if key in keys)
            said = sold_by(next(sellers, None), said[0]), said[1]
        on = self._object_of(node)
        return said if on is None else _filled(said, self._made(on, scope, depth + 1))

    def _callee(self, node: Node) -> str:
        function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        if function is None:
            return ""
        return self._reader.source.text(function.child_by_field_name("property") or function)

    def _object_of(self, node: Node) -> Node | None:
        function = node.child_by_field_name("function")
        on = function.child_by_field_name("object") if function is not None else None
        return on if self._callee(node) in RUNS else None

    def _mapping(self, node: Node) -> Keys | None:
        """The entries of settings that are written out in the call, all of them."""
        node = unwrapped(node)
        found = entries(node, self._reader.source) if node.type == "object" else None
        return found if found is not None and len(found) == len(named(node)) else None

    def _model(self, node: Node, scope: Scope) -> str | None:
        """`"gpt-4o"`, `openai("gpt-4o")` and `openai.chat("gpt-4o")`."""
        node, scope = self._reader.lookup.resolved(node, scope)
        if (text := self._short(node, scope)) is not None:
            return text
        function, given = (node.child_by_field_name(n) for n in ("function", "arguments"))
        if node.type != "call_expression" or function is None or given is None:
            return None
        items = [unwrapped(item) for item in given.named_children]
        name = self._short(items[0], scope) if items else None
        provider = self._reader.source.text(function).partition(".")[0]
        if name is None or not provider.isidentifier() or self._callee(node) in NAMED_FIRST:
            return None
        return name if "/" in name else f"{provider}/{name}"

    def _short(self, node: Node, scope: Scope) -> str | None:
        try:
            found = self._reader.text(node, scope)
        except TemplateError:
            return None
        return found if isinstance(found, str) and len(found) <= LONGEST else None

    def _number(self, node: Node, scope: Scope) -> int | None:
        node, _ = self._reader.lookup.resolved(node, scope)
        found = number(self._reader.source.text(node)) if node.type == "number" else None
        return int(found) if found is not None and found > 0 and found == int(found) else None


def _filled(one: Named, other: Named) -> Named:
    return one[0] or other[0], one[1] or other[1]
