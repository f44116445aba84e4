"""Where a source file sets a name or changes what stands under it, after it was declared."""

from collections.abc import Iterator
from itertools import takewhile

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.declarations import Declaration, Scope, bound
from reviewbot.rendering.parsers.typescript_source.syntax import (
    NAMES,
    Source,
    Steps,
    named,
    unwrapped,
)
from reviewbot.rendering.parsers.typescript_source.wholes import Place, fits, taken_apart, wholes

_CHANGING = {
    *("push", "unshift", "pop", "shift", "splice", "sort", "reverse", "fill", "copyWithin"),
    *("set", "delete", "clear", "add"),
}


_HANDED_ON = {"push", "unshift", "splice"}
"""Methods that are no names of anything else where they are not called."""

_OF_OBJECTS = {
    *("Object.assign", "Object.defineProperty", "Object.defineProperties"),
    *("Object.setPrototypeOf", "Reflect.set", "Reflect.defineProperty", "Reflect.deleteProperty"),
}
"""Functions that change their first argument."""

_MOST_NAMES = 100
"""Names that are followed from one change; behind more of them, all of the file is unclear."""


class Changes:
    """Collects the changes of one file and writes them down at the declarations they concern."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._targets: list[tuple[Node, Node, Scope]] = []
        self._own_fields: dict[int, dict[str, list[Node]]] = {}
        self.lost: Node | None = None
        """A change that was not followed to its end."""

    def on_this(self, owner: Node, name: str) -> list[Node]:
        """The places in a class that set `this.name`."""
        return self._own_fields.get(owner.id, {}).get(name, [])

    def loop(self, node: Node, left: Node, scope: Scope) -> None:
        """A loop that sets a name which is declared before it."""
        self._targets.append((left, node, scope))

    def settle(self) -> None:
        """Write each change down, in the order of the source, once every name is declared."""
        for target, place, scope in sorted(self._targets, key=lambda item: item[1].start_byte):
            self._set(target, place, scope)

    def look_at(self, node: Node, scope: Scope) -> None:
        """Keep what an expression changes, if it does."""
        match node.type:
            case "assignment_expression" | "augmented_assignment_expression":
                target = node.child_by_field_name("left")
            case "update_expression":
                target = node.child_by_field_name("argument")
            case "unary_expression" if node.children[0].type == "delete":
                target = node.child_by_field_name("argument")
            case "call_expression":
                target = self._changed_by_call(node)
            case "member_expression":
                target = self._method(node)
            case _:
                return
        if target is not None:
            self._targets.append((unwrapped(target), node, scope))

    def _changed_by_call(self, node: Node) -> Node | None:
        function = node.child_by_field_name("function")
        given = node.child_by_field_name("arguments")
        if function is None or function.type != "member_expression" or given is None:
            return None
        if self._source.text(function) in _OF_OBJECTS:
            return next(iter(named(given)), None)
        name = function.child_by_field_name("property")
        on = function.child_by_field_name("object")
        if on is not None and name is not None and self._source.text(name) in {"call", "apply"}:
            method = on.child_by_field_name("property")
            is_change = method is not None and self._source.text(method) in _CHANGING
            return next(iter(named(given)), None) if is_change else None
        return on if name is not None and self._source.text(name) in _CHANGING else None

    def _method(self, node: Node) -> Node | None:
        """What a method changes that is handed on by itself: `list.push.bind(list)`."""
        above, name = node.parent, node.child_by_field_name("property")
        if above is None or above.child_by_field_name("function") == node or name is None:
            return None
        is_change = self._source.text(name) in _HANDED_ON
        return node.child_by_field_name("object") if is_change else None

    def _set(self, target: Node, place: Node, scope: Scope) -> None:
        is_call = place.type in {"call_expression", "member_expression"}
        if target.type in {"object_pattern", "array_pattern"}:
            for item in (*bound(target), *_members_in(target)):
                self._set(item, place, scope)
            return
        base, keys = taken_apart(target, self._source)
        behind = keys if is_call else keys[:-1]
        steps = self._source.steps(target)
        if not steps and (first := self._source.steps(base)):
            steps = (*first, *(key for key in takewhile(bool, keys) if key))
        if not steps:
            self._in_wholes(base, behind, place, scope)
            return
        if steps[:1] == ("this",) and len(steps) > 1 and scope.owner is not None:
            fields = self._own_fields.setdefault(scope.owner.id, {})
            fields.setdefault(steps[1], []).append(place)
        found = scope.resolve(steps[0])
        if found is None:
            return
        if keys or is_call:
            self._under_first_names(found, steps[1:], place)
            self._under_wholes(found, (*self._source.steps(base)[1:], *behind), place)
        if len(steps) == 1 and not is_call and target.type in NAMES:
            found.writes.append(place)
        else:
            found.changes.append((steps[1:], place))

    def _under_first_names(self, found: Declaration, keys: Steps, place: Node) -> None:
        """What changes something behind a name changes it behind the name that this stands for."""
        for _ in range(_MOST_NAMES):
            is_part = found.value is None
            whole = found.part_of if is_part else found.value
            node = None if whole is None else unwrapped(whole)
            steps = self._source.steps(node) if node is not None else ()
            first = found.scope.resolve(steps[0]) if steps else None
            if first is None or first is found:
                return
            keys = steps[1:] if is_part else (*steps[1:], *keys)
            first.changes.append((keys, place))
            found = first
        self.lost = place

    def _under_wholes(self, found: Declaration, keys: Place, place: Node) -> None:
        """What changes something in what a name stands for changes what has another name there."""
        waiting = [(found, keys)]
        for name, behind in waiting:
            value = name.value or name.part_of
            is_part = name.value is None
            for whole, held in wholes(value, self._source) if value is not None else ():
                inner = held
                if is_part:
                    inner = held[1:] if _is_whole_part(name) else ()
                first = name.scope.resolve(whole[0])
                if first is None or first is name or not fits(behind, inner):
                    continue
                if value is not None and not self._source.steps(unwrapped(value)):
                    first.changes.append((whole[1:], unfollowed(place)))
                following = (first, (*whole[1:], *behind[len(inner) :]))
                if following not in waiting:
                    waiting.append(following)
            if len(waiting) > _MOST_NAMES:
                self.lost = place
                return

    def _in_wholes(self, base: Node, keys: Place, place: Node, scope: Scope) -> None:
        """What changes something in what an expression gives."""
        for whole, held in wholes(base, self._source):
            first = scope.resolve(whole[0])
            if first is not None and fits(keys, held):
                first.changes.append((whole[1:], unfollowed(place)))
                self._under_first_names(first, whole[1:], unfollowed(place))
                self._under_wholes(first, (*whole[1:], *keys[len(held) :]), place)


def _is_whole_part(name: Declaration) -> bool:
    """Whether a name stands for each part as it is, and is not taken out of it by a pattern."""
    above = name.node.parent
    return name.node.type in NAMES and above is not None and not above.type.endswith("_pattern")


def unfollowed(place: Node) -> Node:
    """The place of a change that is not followed, be it a call of `push`."""
    function = place.child_by_field_name("function")
    return place if function is None else function


def _members_in(pattern: Node) -> Iterator[Node]:
    """The members that a pattern sets: `a.b` of `[a.b] = …`."""
    waiting = [pattern]
    while waiting:
        node = waiting.pop()
        if node.type in {"member_expression", "subscript_expression"}:
            yield node
        elif node.type.endswith("_pattern"):
            waiting += node.named_children
