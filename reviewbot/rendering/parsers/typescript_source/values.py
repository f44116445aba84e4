"""What an expression says, as far as the syntax tree tells; no code is run.

A value is a string or an operation that `reviewbot.rendering.engines.typescript_text` carries out:
`["join", text, …]`, `["plus", value, …]`, `["value", 3]`, `["undefined"]`, `["hole", {…}]`,
`["largest", text, …]`,
`["if", condition, value, value]`, `["or" | "and" | "nullish", value, value]`, `["not", value]`,
`["trim", text, "trimEnd"]`, `["replace", text, old, new, "replaceAll"]`, `["dedented", text]`,
`["dedent", text, …]` with texts and values in turns, and `["list", separator, items, filtered]`,
whose items are values, `["spread", value]`, and `["items", condition, items, items]`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.texts import Operation, Text, bounded, strings_in
from reviewbot.rendering.parsers.typescript_source.building import Builder
from reviewbot.rendering.parsers.typescript_source.combined_texts import CombinedTexts
from reviewbot.rendering.parsers.typescript_source.declarations import Declaration, Scope
from reviewbot.rendering.parsers.typescript_source.given_texts import GivenTexts
from reviewbot.rendering.parsers.typescript_source.lookup import KNOWN_KINDS, Lookup
from reviewbot.rendering.parsers.typescript_source.made_texts import MadeTexts
from reviewbot.rendering.parsers.typescript_source.operations import (
    FALSE,
    TRUE,
    is_text,
    joined,
)
from reviewbot.rendering.parsers.typescript_source.scopes import Scopes
from reviewbot.rendering.parsers.typescript_source.syntax import (
    Source,
    Steps,
    line_of,
    number,
    unwrapped,
)

if TYPE_CHECKING:
    from reviewbot.rendering.parsers.typescript_source.modules import Imports

_LEAST_HELD = 60
_MOST_STEPS = 500_000


class Reader:
    """Reads the expressions of one file."""

    def __init__(self, source: Source, scopes: Scopes, imports: "Imports") -> None:
        self.source = source
        self.imports = imports
        self.scopes = scopes
        self.lookup = Lookup(source, scopes)
        self._made = MadeTexts(self)
        self._combined = CombinedTexts(self)
        self._builder = Builder(self)
        self.functions = GivenTexts(self)
        self._known: dict[int, Text | None] = {}
        self._busy: set[int | tuple[int, int]] = set()
        self._steps_left = _MOST_STEPS
        self._readers: Mapping[str, Callable[[Node, Scope], Text | None]] = {
            "string": lambda node, _: source.string(node),
            "template_string": lambda node, scope: joined(self.template(node, scope)),
            "number": lambda node, _: _number(source.text(node)),
            "true": lambda *_: TRUE,
            "false": lambda *_: FALSE,
            "null": lambda *_: Operation("value", None),
            "undefined": lambda *_: Operation("undefined"),
            "binary_expression": self._combined.binary,
            "ternary_expression": self._combined.ternary,
            "call_expression": self._made.of,
            **dict.fromkeys(
                ("identifier", "shorthand_property_identifier", "member_expression"), self._named
            ),
            "subscript_expression": self._named,
            "unary_expression": lambda node, _: _signed(node, source),
        }

    def text(self, node: Node, scope: Scope) -> Text | None:
        """The text that an expression gives; None where it is evidently none, or not told."""
        found = self.value(node, scope)
        return found if is_text(found) else None

    def value_or_hole(self, node: Node, scope: Scope) -> Text:
        """What an expression gives, or a hole."""
        found = self.value(node, scope)
        return self.hole(node, scope) if found is None else found

    def value(self, node: Node, scope: Scope) -> Text | None:
        """The text or other constant that an expression gives; None where it is not told."""
        node = unwrapped(node)
        read = self._readers.get(node.type)
        return None if read is None else read(node, scope)

    def imported(
        self, node: Node, scope: Scope, *, has_keys: bool = False
    ) -> "tuple[Reader, Node, Scope] | None":
        """What a name, or one that has keys, stands for elsewhere, and who reads it."""
        first, *keys = self.source.steps(unwrapped(node)) or ("",)
        found = None if keys and not has_keys else scope.resolve(first)
        return None if found is None or found.is_own else self.imports.node(found, (*keys,))

    def hole(self, node: Node, scope: Scope, *, is_asked: bool = False) -> Text:
        """An expression whose value the sample gives, under its own source text.

        What a function `gives` stands for its call where the sample does not say more, unless it
        `is_asked` for a condition. A long text that an expression `holds` stands for it where there
        are no samples.
        """
        node = unwrapped(node)
        path = self.source.steps(node)
        said = {"name": self.source.name(node), "path": list(path) or None, "line": line_of(node)}
        said |= {} if is_asked else self.functions.told(node, scope)
        held = "" if path or "gives" in said else self._held(node, scope)
        return Operation("hole", said | ({"holds": held} if len(held) >= _LEAST_HELD else {}))

    def condition(self, node: Node, scope: Scope) -> Text:
        """What decides between two values."""
        node = unwrapped(node)
        inner = node.child_by_field_name("argument")
        if node.type == "unary_expression" and node.children[0].type == "!" and inner is not None:
            return Operation("not", self.condition(inner, scope))
        found = self.value(node, scope)
        return self.hole(node, scope, is_asked=True) if found is None else found

    def declared(self, found: Declaration, *, at: Node | None = None) -> Text | None:
        """The value of a name, as it is at a place; None where the source does not tell."""
        if found.imported is not None:
            return self.imports.text(found, ())
        if found.is_again or found.kind not in KNOWN_KINDS:
            return None
        key = found.node.id
        if found.writes:
            place = key, at.start_byte if at is not None else -1
            return self.guarded(place, lambda: self._builder.built(found, at))
        if (value := found.value) is None:
            return None
        if key not in self._known:
            self._known[key] = self.guarded(key, lambda: self.value(value, found.scope))
        return self._known[key]

    def guarded(self, key: int | tuple[int, int], read: Callable[[], Text | None]) -> Text | None:
        """What `read` gives; None where it needs itself."""
        if key in self._busy:
            return None
        self._busy.add(key)
        try:
            return read()
        finally:
            self._busy.discard(key)

    def template(self, node: Node, scope: Scope, *, is_raw: bool = False) -> list[Text]:
        """The texts of a template literal and what stands between them, in turns."""
        return [
            piece if isinstance(piece, str) else self.value_or_hole(piece, scope)
            for piece in self.source.pieces(node, is_raw=is_raw)
        ]

    def _named(self, node: Node, scope: Scope) -> Text | None:
        steps = self.source.steps(node)
        return self.at(steps, scope, node=node) if steps else None

    def at(self, steps: Steps, scope: Scope, *, node: Node | None = None) -> Text | None:
        """The value at a path of names; `node` is the place, if what it is further down matters."""
        found = scope.resolve(steps[0])
        if len(steps) == 1:
            if steps[0] == "undefined":
                return Operation("undefined")
            return None if found is None else self.declared(found, at=node)
        if found is not None and found.imported is not None:
            return self.imports.text(found, steps[1:])
        if (told := self.lookup.entry(steps, scope)) is None:
            return None
        inner, where = told
        return self.guarded(inner.id, lambda: self.value(inner, where))

    def _held(self, node: Node, scope: Scope) -> str:
        held = ""
        waiting = [node]
        while waiting:
            self._steps_left -= 1
            if self._steps_left < 0:
                raise TemplateError("has too many expressions to be read", "split it", line=1)
            item = waiting.pop()
            if item.type in {"string", "template_string", "identifier"}:
                held = bounded(held, "".join(self._strings_in(item, scope)))
            else:
                waiting += reversed(item.named_children)
        return held

    def _strings_in(self, node: Node, scope: Scope) -> Iterable[str]:
        try:
            return strings_in(self.value(node, self.scopes.of(node, scope)))
        except TemplateError:
            return ()


def _number(text: str) -> Text | None:
    told = number(text)
    return None if told is None else Operation("value", told)


def _signed(node: Node, source: Source) -> Text | None:
    inner = node.child_by_field_name("argument")
    told = number(source.text(inner)) if inner is not None and inner.type == "number" else None
    is_negative = node.children[0].type == "-"
    return Operation("value", -told) if told is not None and is_negative else None
