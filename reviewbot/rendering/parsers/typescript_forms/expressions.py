"""What expressions of TypeScript and JavaScript are made of, in the terms of `sent_forms`."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from tree_sitter import Node

from reviewbot.rendering.parsers._common.bounds import (
    FILES,
    PLACE,
    Attached,
    Bound,
    says_how_much,
    tells_itself,
)
from reviewbot.rendering.parsers._common.requests import SCHEMA_FIRST, SCHEMAS
from reviewbot.rendering.parsers._common.sent_parts import (
    CACHES,
    COMPUTED,
    Ask,
    Block,
    Called,
    Constant,
    Either,
    Grown,
    Made,
    Member,
    Named,
    Part,
    Together,
    is_asked,
    makes,
    only_looks,
)
from reviewbot.rendering.parsers._common.ways import stays_long
from reviewbot.rendering.parsers.typescript_forms.constants import (
    constant,
    plain,
)
from reviewbot.rendering.parsers.typescript_forms.text_methods import arguments_of, of_text
from reviewbot.rendering.parsers.typescript_forms.told_tools import definition
from reviewbot.rendering.parsers.typescript_source.names import callee_of
from reviewbot.rendering.parsers.typescript_source.objects import key_of, returns
from reviewbot.rendering.parsers.typescript_source.syntax import (
    FUNCTIONS,
    NAMES,
    Source,
    named,
    unwrapped,
)

_GIVING_WHAT_IS_GIVEN = {
    *("dedent", "outdent", "stripIndents", "structuredClone", "t", "String", "cleandoc"),
}

_READING = {("JSON", "parse"), ("YAML", "parse"), ("yaml", "parse"), ("toml", "parse")}
"""Functions that read data, and are called like those of models."""

_COMPUTING = {"template_string", "binary_expression", "call_expression", "ternary_expression"}
"""Keys of entries that code puts together."""


class Reader:
    """Reads the expressions of one file; `inner` are the blocks of its functions by their nodes."""

    def __init__(self, source: Source, inner: Mapping[int, Block]) -> None:
        self.source = source
        self._inner = inner
        self._readers: Mapping[str, Callable[[Node, Block], Part]] = {
            **dict.fromkeys((*NAMES, "member_expression", "subscript_expression"), self._name),
            "this": self._name,
            "binary_expression": self._operation,
            "template_string": self._template,
            **dict.fromkeys(("call_expression", "new_expression"), self._call),
            "ternary_expression": self._either,
            **dict.fromkeys(("array", "spread_element", "pair"), self._all),
            "object": self._object,
            "template_substitution": self._all,
            "sequence_expression": lambda node, block: self.part(named(node)[-1], block),
            "assignment_expression": self._right,
            "augmented_assignment_expression": self._left,
            **dict.fromkeys(("jsx_expression", "jsx_fragment", "jsx_element"), self._all),
            **dict.fromkeys(("string", "number"), lambda node, _: plain(node, source)),
            **dict.fromkeys(FUNCTIONS, self._function),
        }

    def part(self, node: Node | None, block: Block) -> Part:
        """What of an expression has a name, and how it is used there."""
        if node is None:
            return None
        node = unwrapped(node)
        read = self._readers.get(node.type)
        return None if read is None else read(node, block)

    def all(self, nodes: list[Node], block: Block) -> Together:
        """All of several expressions."""
        return Together(tuple(self.part(item, block) for item in nodes))

    def named_in(self, node: Node, block: Block) -> dict[str, Part]:
        """The entries of an object, by their keys."""
        found: dict[str, Part] = {}
        for item in named(node) if node.type == "object" else ():
            key, value = (item.child_by_field_name(name) for name in ("key", "value"))
            if item.type == "shorthand_property_identifier":
                found[self.source.text(item)] = self.part(item, block)
            elif key is not None and value is not None:
                found[key_of(key, self.source)] = self.part(value, block)
        return found

    def _name(self, node: Node, block: Block) -> Part:
        if steps := self.source.steps(node):
            return Named(steps, block)
        held = self.part(node.child_by_field_name("object"), block)
        attribute = node.child_by_field_name("property")
        if attribute is not None and isinstance(held, Made | Member):
            return Member((held,), self.source.text(attribute))
        return _entry_of(held, node.child_by_field_name("index"), self.source)

    def _all(self, node: Node, block: Block) -> Part:
        if node.type == "pair":
            return self.part(node.child_by_field_name("value"), block)
        return self.all(named(node), block)

    def _object(self, node: Node, block: Block) -> Part:
        parts = [self.part(item, block) for item in named(node)]
        for item in named(node):
            key, value = (item.child_by_field_name(name) for name in ("key", "value"))
            if item.type == "shorthand_property_identifier":
                key = value = item
            if key is not None and value is not None:
                name = key_of(key, self.source)
                parts.append(self.ask(name, value, block))
                parts.append(_counted(name, value, self.part(value, block), self.source))
        return Together(tuple(parts))

    def ask(self, key: str, value: Node, block: Block) -> Part:
        """What a request is asked for under a key; None where it says nothing of one."""
        if not is_asked(key, "") or value.type in {"null", "undefined"}:
            return None
        said = self.source.name(value)
        if key in CACHES and not stays_long(said):
            return None
        if key in SCHEMAS:
            said = definition(value, self.source) or said
        return Ask(key, said, self.part(value, block))

    def _either(self, node: Node, block: Block) -> Part:
        return Either(self.all(named(node)[1:], block).parts)

    def _right(self, node: Node, block: Block) -> Part:
        return self.part(node.child_by_field_name("right"), block)

    def _left(self, node: Node, block: Block) -> Part:
        return self.part(node.child_by_field_name("left"), block)

    def _template(self, node: Node, block: Block) -> Part:
        inside = self.all([item for item in named(node) if item.named_children], block)
        texts = sum(len(self.source.text(item)) for item in named(node) if not item.named_children)
        return Together((*inside.parts, Constant("`…`", texts)))

    def _function(self, node: Node, block: Block) -> Part:
        """What a function gives that has no name of its own."""
        inner, body = self._inner.get(node.id, block), node.child_by_field_name("body")
        if body is None or body.type != "statement_block":
            return self.part(body, inner)
        given = [item for found in returns(body) for item in named(found)]
        return Either(self.all(given, inner).parts)

    def _operation(self, node: Node, block: Block) -> Part:
        """All that is added up, without recursion: texts of hundreds of lines are."""
        found: list[Part] = []
        is_sum = True
        while node.type == "binary_expression" and is_sum:
            left, right = (node.child_by_field_name(name) for name in ("left", "right"))
            is_sum = any(child.type == "+" for child in node.children)
            if left is None or right is None:
                return None
            if not is_sum:
                arms = self.all([left, right], block)
                return Together((Either(arms.parts), *reversed(found)))
            found.append(self.part(right, block))
            node = unwrapped(left)
        return Together((self.part(node, block), *reversed(found)))

    def _call(self, node: Node, block: Block) -> Part:
        name = callee_of(node, self.source)
        if only_looks(name):
            return None
        function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        on = function and unwrapped(function).child_by_field_name("object")
        given = arguments_of(node)
        everything = self.all(given, block)
        receiver = self.part(on if on is not None or name else function, block)
        if on is not None and on.type != "this":
            found = of_text(self, node, block, receiver, everything)
            if found is not None:
                return found
        steps = () if function is None else self.source.steps(function)
        is_made = any(map(makes, steps))
        if given and name in SCHEMA_FIRST:
            asked = self.ask(SCHEMA_FIRST[name], given[0], block)
            everything = Together((*everything.parts, asked))
        entries = {key: part for item in given for key, part in self.named_in(item, block).items()}
        is_spread = any(item.type == "spread_element" for item in given)
        if is_made:
            return Made(everything.parts, name, entries, receiver, block, is_spread)
        if name in _GIVING_WHAT_IS_GIVEN or steps in _READING:
            return everything
        constants = _constants_of(given, self.source)
        given_so = everything.parts, entries, receiver, constants, block, is_spread
        return Called(name, *given_so, is_object=True)


def _counted(key: str, value: Node, part: Part, source: Source) -> Part:
    """What an entry of an object says of how much is sent: `limit: 9`, or `type: "file"`."""
    if key == "type" and value.type == "string" and source.string(value) in FILES:
        return Attached()
    if not says_how_much(key) or tells_itself(part):
        return None
    return Bound(f"{key}: {PLACE}", "", constant(value, source), part)


def _entry_of(held: Part, key: Node | None, source: Source) -> Part:
    """An entry of something, by a key that code may compute."""
    if key is not None and key.type in _COMPUTING and isinstance(held, Named):
        return Grown(f"{COMPUTED}{source.name(key)}", held)
    return held


def _constants_of(given: Sequence[Node], source: Source) -> dict[str | int, str]:
    """The constants among the arguments of a call, and among the entries of its objects."""
    found: dict[str | int, str] = {
        position: said for position, item in enumerate(given) if (said := constant(item, source))
    }
    return found | {key: said for item in given for key, said in _constants_in(item, source)}


def _constants_in(node: Node, source: Source) -> Iterator[tuple[str, str]]:
    """The constants among the entries of an object."""
    for item in named(node) if node.type == "object" else ():
        key, value = (item.child_by_field_name(name) for name in ("key", "value"))
        if key is not None and (said := constant(value, source)):
            yield key_of(key, source), said
