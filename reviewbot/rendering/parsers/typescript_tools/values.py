"""Values that TypeScript and JavaScript write out: texts, numbers, lists and objects of them."""

from typing import Any, Self

from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.texts import Text
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.objects import key_of
from reviewbot.rendering.parsers.typescript_source.syntax import NAMES, line_of, named, unwrapped
from reviewbot.rendering.parsers.typescript_source.values import Reader

_MEND = "write it out, or keep the definition in a file of tool definitions"
DEEPEST = 40
"""Values, names and schemas within each other."""
_MOST = 20_000
"""Values and schemas of one file, with those that it imports."""


class Values:
    """Reads the values of one file, and those that it imports."""

    def __init__(self, reader: Reader, steps: list[int] | None = None) -> None:
        self._steps = [0] if steps is None else steps
        self.source = reader.source
        self.scopes = reader.scopes
        self._reader = reader

    def elsewhere(self, node: Node, scope: Scope) -> tuple[Self, Node, Scope] | None:
        """The expression of another file that a name stands for, and who reads it there.

        Raises:
            TemplateError: That file cannot be read.
        """
        node, scope = self.resolved(node, scope)
        told = self._reader.imported(node, scope)
        return None if told is None else (type(self)(told[0], self._steps), *told[1:])

    def resolved(self, node: Node, scope: Scope) -> tuple[Node, Scope]:
        """The expression that a name stands for; itself where code changes what is behind it."""
        for _ in range(DEEPEST):
            node = unwrapped(node)
            found = scope.resolve(self.source.text(node)) if node.type in NAMES else None
            if found is None or found.value is None or found.writes:
                break
            if found.changes or found.is_again:
                break
            node, scope = found.value, found.scope
        return node, scope

    def value(self, node: Node, scope: Scope, depth: int = 0) -> Any:
        """A value that is written out.

        Raises:
            TemplateError: Only the running program knows it, or it is too large.
        """
        node, scope = self.resolved(node, scope)
        self.step(node, depth)
        if node.type == "object":
            return self._object(node, scope, depth)
        if node.type == "array":
            return [self.value(item, scope, depth + 1) for item in named(node)]
        is_told, said = _plain(self._reader.value(node, scope))
        if is_told:
            return said
        if (told := self.elsewhere(node, scope)) is not None:
            there, inner, where = told
            return there.value(inner, where, depth + 1)
        return self.other(node, scope, depth)

    def step(self, node: Node, depth: int) -> None:
        """One more value, at a depth.

        Raises:
            TemplateError: It is one too many.
        """
        self._steps[0] += 1
        if depth > DEEPEST or self._steps[0] > _MOST:
            what = f"holds itself, or too many others, `{self.source.shown(node)}`"
            raise TemplateError(what, _MEND, line=line_of(node))

    def other(self, node: Node, scope: Scope, depth: int) -> Any:
        """What is no value of these kinds; a subclass may read more."""
        del scope, depth
        raise self.unknown(node)

    def _object(self, node: Node, scope: Scope, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, item in self.items(node, scope, depth):
            inner = self.value(item, scope, depth + 1)
            if key is not None:
                found[key] = inner
            elif isinstance(inner, dict):
                found |= inner
            else:
                raise self.unknown(item)
        return found

    def items(self, node: Node, scope: Scope, depth: int) -> list[tuple[str | None, Node]]:
        """The values of an object with their keys, in order; what is spread has none."""
        found: list[tuple[str | None, Node]] = []
        for item in named(node):
            key, value = (item.child_by_field_name(name) for name in ("key", "value"))
            if item.type == "spread_element":
                found.append((None, named(item)[0]))
            elif item.type == "shorthand_property_identifier":
                found.append((self.source.text(item), item))
            elif key is not None and value is not None:
                found.append((self._key(key, scope, depth), value))
            else:
                raise self.unknown(item)
        return found

    def _key(self, node: Node, scope: Scope, depth: int) -> str:
        """A key, also one that a constant names: `{ [QUERY]: … }`."""
        if node.type != "computed_property_name":
            return key_of(node, self.source)
        key = self.value(named(node)[0], scope, depth + 1)
        if not isinstance(key, str):
            raise self.unknown(node)
        return key

    def unknown(self, node: Node) -> TemplateError:
        """The error about what only the running program can tell."""
        what = f"holds what is known only when the program runs, `{self.source.shown(node)}`"
        return TemplateError(what, _MEND, line=line_of(node))


def _plain(said: Text | None) -> tuple[bool, Any]:
    """Whether the source tells a value, and which: a text, a number, a truth value or null."""
    if isinstance(said, list) and said[:1] == ["value"]:
        number = said[1]
        return True, int(number) if isinstance(number, float) and number.is_integer() else number
    text = _longest(said)
    return text is not None, text


def _longest(said: Text | None) -> str | None:
    """A text, of two that a condition chooses between the longer; None where code computes it."""
    match said:
        case str():
            return said
        case ["if", _, one, other]:
            sides = [_longest(one), _longest(other)]
            texts = [side for side in sides if side is not None]
            return max(texts, key=len) if len(texts) == len(sides) else None
        case ["join", *parts]:
            pieces = [_printed(part) for part in parts]
            texts = [piece for piece in pieces if piece is not None]
            return "".join(texts) if len(texts) == len(pieces) else None
        case _:
            return None


def _printed(said: Text) -> str | None:
    """What a part of a template literal is printed as, as far as it is known."""
    match said:
        case ["value", bool()]:
            return None
        case ["value", int() | float() as number]:
            return str(int(number)) if number == int(number) else str(number)
        case _:
            return _longest(said)
