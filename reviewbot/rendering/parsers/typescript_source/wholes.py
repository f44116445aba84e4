"""What an expression of TypeScript gives, or holds, of what has a name already."""

from collections.abc import Iterator

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.syntax import Source, Steps, named, unwrapped

Place = tuple[str | None, ...]
"""The keys at which something stands; None stands for every key."""

_GIVING_ONE = {"at", "find", "findLast", "pop", "shift", "get"}
_GIVING_SOME = {
    *("slice", "filter", "concat", "flat", "reverse", "toReversed", "sort", "toSorted", "splice"),
    *("toSpliced", "with", "values"),
}
"""All methods of lists and maps that give their parts as they are; `map` gives what it makes."""
_FUNCTIONS_GIVING_SOME = {"Array.from", "Object.values", "Object.assign"}


def wholes(node: Node, source: Source) -> Iterator[tuple[Steps, Place]]:
    """What has a name and stands in what an expression gives, each with its place there.

    The place is empty where the expression may give the very thing, or a part of it.
    """
    node = unwrapped(node)
    if steps := source.steps(node):
        yield steps, ()
    elif node.type in _CHOOSING and not _is_sum(node, source):
        for field in _CHOOSING[node.type]:
            if (side := node.child_by_field_name(field)) is not None:
                yield from wholes(side, source)
    elif node.type in {"member_expression", "subscript_expression"}:
        if (inner := node.child_by_field_name("object")) is not None:
            yield from ((whole, place[1:]) for whole, place in wholes(inner, source))
    elif node.type == "call_expression":
        yield from _called(node, source)
    elif node.type in {"array", "object"}:
        yield from _written(node, source)


_CHOOSING = {
    "binary_expression": ("left", "right"),
    "ternary_expression": ("consequence", "alternative"),
    "assignment_expression": ("right",),
}


def _is_sum(node: Node, source: Source) -> bool:
    """Whether it calculates a value of its own; long texts are deep sums."""
    sign = node.child_by_field_name("operator")
    return sign is not None and source.text(sign) not in {"??", "||", "&&"}


def fits(keys: Place, place: Place) -> bool:
    """Whether what stands behind the keys may stand in what has this place."""
    pairs = zip(keys, place, strict=False)
    return len(keys) >= len(place) and all(None in pair or len({*pair}) == 1 for pair in pairs)


def taken_apart(node: Node, source: Source) -> tuple[Node, Place]:
    """The expression at the beginning of another, and the keys behind it."""
    keys: list[str | None] = []
    while node.type in {"member_expression", "subscript_expression"}:
        inner = node.child_by_field_name("object")
        name, index = node.child_by_field_name("property"), node.child_by_field_name("index")
        if inner is None:
            break
        if known := source.steps(node):
            keys.append(known[-1])
        else:
            is_number = index is not None and index.type == "number"
            told = name if name is not None or not is_number else index
            keys.append(None if told is None else source.text(told))
        node = unwrapped(inner)
    return node, tuple(reversed(keys))


def _written(node: Node, source: Source) -> Iterator[tuple[Steps, Place]]:
    """Those in a list or an object that is written out."""
    is_shifted = node.type == "object"
    for position, item in enumerate(named(node)):
        value: Node | None = item
        key: str | None = None if is_shifted else str(position)
        if item.type == "spread_element":
            is_shifted = True
            yield from _some(named(item)[0], source)
            continue
        if item.type == "pair":
            name, value = item.child_by_field_name("key"), item.child_by_field_name("value")
            key = _key(name, source)
        elif item.type == "shorthand_property_identifier":
            key = source.text(item)
        if value is not None:
            yield from ((whole, (key, *place)) for whole, place in wholes(value, source))


def _key(name: Node | None, source: Source) -> str | None:
    if name is None or name.type == "computed_property_name":
        return None
    return source.string(name) if name.type == "string" else source.text(name)


def _called(node: Node, source: Source) -> Iterator[tuple[Steps, Place]]:
    function, given = (node.child_by_field_name(name) for name in ("function", "arguments"))
    on = function.child_by_field_name("object") if function is not None else None
    name = function.child_by_field_name("property") if function is not None else None
    if function is None or on is None or name is None:
        return
    method, items = source.text(name), named(given) if given is not None else []
    called = source.text(function)
    if called in _FUNCTIONS_GIVING_SOME:
        for item in items:
            yield from _some(item, source)
    elif method == "entries":
        entered = items[0] if called == "Object.entries" and items else on
        for whole, place in wholes(entered, source):
            yield whole, (None, "1", *place[1:])
    elif method in _GIVING_ONE:
        yield from ((whole, place[1:]) for whole, place in wholes(on, source))
    elif method in _GIVING_SOME or (method == "map" and _gives_its_own(items, source)):
        for item in (on, *(items if method == "concat" else ())):
            yield from _some(item, source)


def _gives_its_own(given: list[Node], source: Source) -> bool:
    """Whether a function gives what it is given: `(m) => m`."""
    body = given[0].child_by_field_name("body") if given else None
    return body is not None and any(not place for _, place in wholes(body, source))


def _some(node: Node, source: Source) -> Iterator[tuple[Steps, Place]]:
    return ((whole, (None, *place[1:])) for whole, place in wholes(node, source))
