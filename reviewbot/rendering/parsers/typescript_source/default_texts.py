"""The text that an expression has where nothing outside of the source sets another one."""

from collections.abc import Iterator

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.declarations import Scope, default_of
from reviewbot.rendering.parsers.typescript_source.objects import entries
from reviewbot.rendering.parsers.typescript_source.scopes import CLASSES
from reviewbot.rendering.parsers.typescript_source.setting_values import SettingValues
from reviewbot.rendering.parsers.typescript_source.syntax import NAMES, named, unwrapped
from reviewbot.rendering.parsers.typescript_source.values import Reader

_MOST = 100
"""Names, members and operators that are looked behind for one text."""

_DEEPEST = 12
"""Names and imports that stand for each other one behind the other."""

_OR = {"??", "||"}

_Found = tuple[Reader, Node, Scope]
"""An expression, the scope of its names, and who reads its file."""


def default_text(reader: Reader, node: Node, scope: Scope) -> str | None:
    """The one text, short as a name, that an expression has by its defaults; None without one.

    Defaults are those of parameters, of members of classes, and what stands behind `??` and `||`.
    """
    seen: set[tuple[int, int]] = set()
    waiting = [(reader, node, scope)]
    while waiting and len(seen) < _MOST:
        reader, node, scope = waiting.pop()
        node = unwrapped(node)
        if (id(reader), node.id) in seen:
            continue
        seen.add((id(reader), node.id))
        if text := SettingValues(reader).short(node, scope):
            return text
        waiting += reversed([*_behind(reader, node, scope)])
    return None


def _behind(reader: Reader, node: Node, scope: Scope) -> Iterator[_Found]:
    """What an expression stands for by default; of several the first that has a text counts."""
    source = reader.source
    if node.type == "binary_expression":
        operator = node.child_by_field_name("operator")
        if operator is not None and source.text(operator) in _OR:
            yield from ((reader, side, scope) for side in named(node))
    elif node.type == "ternary_expression":
        yield from ((reader, side, scope) for side in _sides(reader, node))
    elif node.type in NAMES:
        found, where = reader.lookup.made(node, scope)
        if found is not node:
            yield reader, found, where
        elif (told := reader.imported(node, scope)) is not None:
            yield told
        elif (declared := scope.resolve(source.text(node))) is not None:
            value = default_of(declared)
            if value is not None and declared.scope.outer is not None:
                yield reader, value, declared.scope.outer
    elif node.type in {"member_expression", "subscript_expression"}:
        yield from _member(reader, node, scope)


def _sides(reader: Reader, node: Node) -> list[Node]:
    """Both sides of `given ? given : DEFAULT`, where one is only asked whether it is there."""
    asked, *sides = (
        node.child_by_field_name(name) for name in ("condition", "consequence", "alternative")
    )
    told = [side for side in sides if side is not None]
    if asked is None:
        return []
    words = reader.source.text(asked)
    return told if sum(reader.source.text(side) in words for side in told) == 1 else []


def _member(reader: Reader, node: Node, scope: Scope) -> Iterator[_Found]:
    """What stands under a name of an object, of a class, or of what a class makes."""
    steps = reader.source.steps(node)
    found = reader.lookup.entry(steps, scope) if steps else None
    if found is not None:
        yield reader, *found
        return
    on, key = (node.child_by_field_name(name) for name in ("object", "property"))
    if on is None or key is None:
        return
    name = reader.source.text(key)
    for where, held, around in _held(reader, unwrapped(on), scope):
        value = (entries(held, where.source) or {}).get(name)
        if value is not None:
            yield where, value, around


def _held(reader: Reader, node: Node, scope: Scope) -> Iterator[_Found]:
    """The object or the class behind an expression, of this file or of an imported one."""
    for _ in range(_DEEPEST):
        node, scope = reader.lookup.made(node, scope)
        if node.type == "new_expression":
            made_of = node.child_by_field_name("constructor")
            if made_of is None:
                return
            node = made_of
            continue
        told = reader.imported(node, scope)
        if told is not None:
            reader, node, scope = told
            continue
        declared = scope.resolve(reader.source.text(node)) if node.type in NAMES else None
        if declared is not None and declared.node.type in CLASSES and not declared.is_again:
            node, scope = declared.node, declared.scope
        yield reader, node, scope
        return
