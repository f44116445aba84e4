"""Who sells the models that an expression asks for that stands for a client or a provider."""

from collections.abc import Iterator

from msgspec import Struct
from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.sellers import (
    BASE_URLS,
    reseller_of,
    seller_at,
    seller_of,
    seller_of_package,
)
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.default_texts import default_text
from reviewbot.rendering.parsers.typescript_source.objects import entries
from reviewbot.rendering.parsers.typescript_source.packages import package_of
from reviewbot.rendering.parsers.typescript_source.syntax import named, unwrapped
from reviewbot.rendering.parsers.typescript_source.values import Reader

_MOST = 20
"""Names, choices and calls that are looked behind for one client."""

_MADE = {"call_expression", "new_expression"}
_SIDES = {"ternary_expression": ("consequence", "alternative"), "binary_expression": ("left",)}
_OF_CLIENTS = {"configuration", "clientOptions", "config", "options"}
"""Keys that hold what a library hands on to its client."""


class _Place(Struct, frozen=True, kw_only=True):
    reader: Reader
    node: Node
    scope: Scope


def seller_behind(reader: Reader, node: Node, scope: Scope) -> str | None:
    """Who sells what a provider of the AI SDK is called for, the model's maker too."""
    return _first(_Place(reader=reader, node=node, scope=scope), is_provider=True)


def reseller_behind(reader: Reader, node: Node, scope: Scope) -> str | None:
    """Who sells other makers' models through the client that a call is one of, or makes."""
    return _first(_Place(reader=reader, node=node, scope=scope), is_provider=False)


def _first(place: _Place, *, is_provider: bool) -> str | None:
    waiting = [place]
    for _ in range(_MOST):
        if not waiting:
            break
        place = waiting.pop()
        try:
            if (found := _said(place, is_provider=is_provider)) is not None:
                return found
            waiting += reversed([*_behind(place)])
        except TemplateError:
            continue
    return None


def _said(place: _Place, *, is_provider: bool) -> str | None:
    """What one expression says itself."""
    node, source = place.node, place.reader.source
    if node.type not in _MADE:
        package = package_of(node, place.scope, source) if is_provider else ""
        return seller_of_package(package) if package else None
    called = node.child_by_field_name("function") or node.child_by_field_name("constructor")
    name = "" if called is None else source.text(called).rpartition(".")[2]
    keys = _keys(place)
    url = next((keys[key] for key in BASE_URLS if key in keys), None)
    text = None if url is None else default_text(url.reader, url.node, url.scope)
    if text is not None and (seller := seller_at(text)) is not None:
        return seller
    if not is_provider:
        return reseller_of(name)
    own = keys.get("name") if name == "createOpenAICompatible" else None
    return seller_of(name) or (default_text(own.reader, own.node, own.scope) if own else None)


def _keys(place: _Place) -> dict[str, _Place]:
    """The keys of the objects that a call is given, those of its client's settings too."""
    found: dict[str, _Place] = {}
    given = place.node.child_by_field_name("arguments")
    waiting = named(given) if given is not None else []
    for item in waiting:
        inner, scope = place.reader.lookup.resolved(unwrapped(item), place.scope)
        for key, value in (entries(inner, place.reader.source) or {}).items():
            found.setdefault(key, _Place(reader=place.reader, node=value, scope=scope))
            if key in _OF_CLIENTS and unwrapped(value).type == "object":
                waiting.append(value)
    return found


def _behind(place: _Place) -> Iterator[_Place]:
    """What stands one step behind an expression."""
    reader = place.reader
    node, scope = reader.lookup.made(place.node, place.scope)
    if node.id != place.node.id:
        yield _Place(reader=reader, node=node, scope=scope)
    elif (told := reader.imported(node, scope)) is not None:
        yield _Place(reader=told[0], node=told[1], scope=told[2])
    elif node.type in _SIDES:
        sides = (node.child_by_field_name(name) for name in _SIDES[node.type])
        yield from (_Place(reader=reader, node=one, scope=scope) for one in sides if one)
    elif node.type in _MADE:
        called = node.child_by_field_name("function")
        given = node.child_by_field_name("arguments")
        for one in (called, *(named(given)[:1] if given is not None else ())):
            if one is not None:
                yield _Place(reader=reader, node=unwrapped(one), scope=scope)
    elif (on := node.child_by_field_name("object")) is not None:
        yield _Place(reader=reader, node=unwrapped(on), scope=scope)
