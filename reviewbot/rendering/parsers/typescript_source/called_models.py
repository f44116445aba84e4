"""What a call asks for, itself or by what stands for its model: the model, the cap, settings."""

from collections.abc import Iterator

from msgspec.structs import replace
from tree_sitter import Node

from reviewbot.rendering.parsers._common.asked import Asked, Item, over, sold_with
from reviewbot.rendering.parsers._common.requests import (
    CAPS,
    GIVEN_FIRST,
    INPUT_FIRST,
    LISTS,
    MODELS,
    NAMED_FIRST,
    PROVIDERS,
    READ_ELSEWHERE,
    RUNS,
    SETTINGS,
    SYSTEM,
    is_setting,
    sold_by,
)
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.message_settings import message_settings
from reviewbot.rendering.parsers.typescript_source.model_factories import Way
from reviewbot.rendering.parsers.typescript_source.model_names import (
    CALLS,
    ModelNames,
    callee_of,
)
from reviewbot.rendering.parsers.typescript_source.sellers import reseller_behind
from reviewbot.rendering.parsers.typescript_source.setting_keys import Keys, SettingKeys
from reviewbot.rendering.parsers.typescript_source.setting_values import SettingValues
from reviewbot.rendering.parsers.typescript_source.settled_models import SettledModels
from reviewbot.rendering.parsers.typescript_source.syntax import (
    named,
    unwrapped,
)
from reviewbot.rendering.parsers.typescript_source.values import Reader

_DEEPEST = 8
"""Models that stand in calls and behind methods: `new ChatOpenAI({…}).bindTools([…])`."""


class CalledModels:
    """Finds what the calls of one file ask for."""

    def __init__(self, reader: Reader, settled: SettledModels | None = None) -> None:
        self._reader = reader
        self._source = reader.source
        self._settled = SettledModels() if settled is None else settled
        self._values = SettingValues(reader)
        self._names = ModelNames(reader, self._values)
        self.keys = SettingKeys(reader.source, reader.lookup)

    def asked(self, node: Node, scope: Scope, depth: int = 0, *, is_model: bool = False) -> Asked:
        """What a call asks for: its own settings, then those of the model it is given or runs."""
        given = node.child_by_field_name("arguments")
        callee = callee_of(node, self._source)
        items = [unwrapped(item) for item in named(given)] if given is not None else []
        found = Asked(request=tuple(self._given(items, scope, callee)))
        for item in items[1:] if callee in INPUT_FIRST else items:
            if (
                inner := self.keys.mapping(item, scope, is_whole=item.type != "object")
            ) is not None:
                keyed = self.of_keys(inner, callee, depth, is_model=is_model)
                found = over(found, keyed)
        if items and callee in NAMED_FIRST and (name := self._values.short(items[0], scope)):
            seller = self._seller(items, scope)
            found = over(found, Asked(model=sold_by(seller, name)))
        found = self.sold(found, node, scope)
        for item in _chained(callee, items) if depth < _DEEPEST else ():
            part = self.of_model(item, scope, depth + 1)
            found = over(found, part) if part.names_model or callee == "pipe" else found
        on = self._object_of(node)
        if on is not None and depth < _DEEPEST:
            found = over(found, self.of_model(on, scope, depth + 1))
        return found

    def sold(self, asked: Asked, node: Node | None, scope: Scope) -> Asked:
        """What keys ask for, the model with who sells it by the call that they are given to."""
        if node is None or not (asked.model or asked.default_model):
            return asked
        seller = reseller_behind(self._reader, node, scope)
        return sold_with(seller, asked)

    def of_keys(self, keys: Keys, callee: str, depth: int = 0, *, is_model: bool = False) -> Asked:
        """What keys ask for, and the model that stands among them."""
        given = self.keys.opened(keys)
        cap = next(((key, *given[key]) for key in CAPS if key in given), None)
        most = None if cap is None else self._values.number(*cap[1:])
        request = [*self._settings(keys, given, callee, is_model=is_model)]
        if cap is not None and most is None:
            request.append(self._values.told(*cap))
        found = Asked(max_tokens=most, request=tuple(request))
        node = next((given[key] for key in MODELS if key in given), None)
        if node is None:
            return found
        sellers = (self._values.short(*given[key]) for key in PROVIDERS if key in given)
        seller = next(sellers, None)

        def read(way: Way) -> Asked:
            return self._for(way).named(way.node, way.scope, seller, depth)

        settled = self._settled.of(self._reader, *node, read, f"{seller}")
        return over(found, self.named(*node, seller, depth) if settled is None else settled)

    def named(self, node: Node, scope: Scope, seller: str | None, depth: int) -> Asked:
        """What is asked for by what is given as a model, or as its name."""
        model = self._names.of(node, scope)
        found = Asked() if model is None else Asked(model=sold_by(seller, model))
        inner = self.of_model(node, scope, depth + 1) if depth < _DEEPEST else Asked()
        inner = over(inner, self.of_client(*self._reader.lookup.resolved(node, scope)))
        if model is None and inner.model is None:
            if not inner.names_model:
                inner = over(Asked(request=(self._values.told("model", node, scope),)), inner)
            usual = self._names.of(node, scope, is_default=True)
            default = None if usual is None else sold_by(seller, usual)
            inner = replace(inner, default_model=default or inner.default_model)
        return over(found, inner)

    def of_model(self, node: Node, scope: Scope, depth: int = 0) -> Asked:
        """What is asked for by what stands for a model."""

        def read(way: Way) -> Asked:
            return self._for(way).of_model(way.node, way.scope, depth + 1)

        is_deeper = depth < _DEEPEST
        settled = self._settled.of(self._reader, node, scope, read, "made") if is_deeper else None
        if settled is not None:
            return settled
        found, where = self._reader.lookup.made(node, scope)
        is_call = found.type in CALLS and is_deeper
        asked = self.asked(found, where, depth + 1, is_model=True) if is_call else Asked()
        is_several = not is_call and self._values.known.names_model(unwrapped(node), scope)
        told = Asked(request=(self._values.told("model", node, scope),)) if is_several else Asked()
        return over(asked, told)

    def _for(self, way: Way) -> "CalledModels":
        """Who tells what calls ask for in the file of an expression."""
        return self if way.reader is self._reader else CalledModels(way.reader, self._settled)

    def of_client(self, node: Node, scope: Scope) -> Asked:
        """What the client is made with whose method a call is: `new OpenAI({ baseURL: … })`."""
        found = Asked()
        on = node.child_by_field_name("function")
        for _ in range(_DEEPEST):
            if on is None:
                break
            on, scope = self._reader.lookup.resolved(on, scope)
            given = on.child_by_field_name("arguments")
            for item in named(given) if given is not None else ():
                if unwrapped(item).type == "object":
                    keys = self.keys.of(unwrapped(item), scope)
                    told = (self._values.told(key, *value) for key, value in keys.items())
                    more = tuple(item | {"is_of_client": True} for item in told)
                    found = over(found, Asked(request=more))
            on = on.child_by_field_name("function") or on.child_by_field_name("object")
        return found

    def _given(self, items: list[Node], scope: Scope, callee: str) -> Iterator[Item]:
        """Settings that a method is given by position."""
        if callee in GIVEN_FIRST and items:
            yield self._values.told(GIVEN_FIRST[callee], items[0], scope)
        for item in items[1:2] if callee in INPUT_FIRST else ():
            if item.type != "object" and self.keys.mapping(item, scope) is None:
                yield self._values.told("...", item, scope)

    def _settings(self, keys: Keys, given: Keys, callee: str, *, is_model: bool) -> Iterator[Item]:
        """The keys that are read nowhere else; settings that the source does not tell, too."""
        is_asking = is_model or callee in RUNS or any(key in given for key in (*MODELS, *SYSTEM))
        for key, (node, scope) in given.items():
            is_hidden = key in SETTINGS or key.startswith("...")
            is_inside = key not in keys and key not in READ_ELSEWHERE
            is_own = not is_hidden and is_setting(key, callee, given, is_model=is_model)
            if is_own or (is_asking and (is_hidden or is_inside)):
                yield self._values.told(key, node, scope)
            if key in LISTS:
                listed, where = self._reader.lookup.resolved(node, scope)
                for name, value in message_settings(listed, self._source):
                    yield self._values.told(name, value, where)

    def _seller(self, items: list[Node], scope: Scope) -> str | None:
        keys = self.keys.of(items[-1], scope) if items[-1].type == "object" else {}
        return next((self._values.short(*keys[key]) for key in PROVIDERS if key in keys), None)

    def _object_of(self, node: Node) -> Node | None:
        function = node.child_by_field_name("function")
        on = function.child_by_field_name("object") if function is not None else None
        return on if callee_of(node, self._source) in RUNS else None


def _chained(callee: str, items: list[Node]) -> list[Node]:
    """What a chain is made of besides what it is called on, its end first."""
    if callee == "pipe":
        return items[:1]
    is_sequence = callee == "from" and len(items) == 1 and items[0].type == "array"
    return named(items[0])[::-1] if is_sequence else []
