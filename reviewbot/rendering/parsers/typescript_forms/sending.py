"""What the expressions of TypeScript and JavaScript send."""

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace
from tree_sitter import Node

from reviewbot.rendering.parsers._common.sent_parts import (
    CHANGING,
    KEYS,
    Altering,
    Block,
    Called,
    Part,
    Slot,
    Steps,
    Together,
    is_asked,
    only_looks,
    sends,
)
from reviewbot.rendering.parsers.typescript_forms.expressions import Reader
from reviewbot.rendering.parsers.typescript_forms.text_methods import (
    FOR_EACH,
    arguments_of,
    called_on,
)
from reviewbot.rendering.parsers.typescript_source.names import callee_of
from reviewbot.rendering.parsers.typescript_source.objects import key_of
from reviewbot.rendering.parsers.typescript_source.syntax import Source, line_of, named

_TEXTS = re.compile("system|user|assistant|prompt|message|instruction", re.IGNORECASE)


class Sent:
    """The calls and slots of a file; `inner` are the blocks of its functions by their nodes."""

    def __init__(self, source: Source, reader: Reader, inner: Mapping[int, Block]) -> None:
        self.calls: list[Called] = []
        self.slots: list[Slot] = []
        self.alterings: list[Altering] = []
        self._source = source
        self._reader = reader
        self._inner = inner

    def leave(self, part: Part, node: Node, within: Steps) -> None:
        """Something leaves its block, by a name of its own or by being given."""
        self.slots.append(Slot(part, line_of(node), is_sent=False, within=within))

    def alter(self, target: Node | None, node: Node, block: Block) -> None:
        """Something is set, or changed by a call; what belongs to another file is kept."""
        steps = () if target is None else self._source.steps(target)
        is_other = len(steps) > 1 or node.type == "call_expression"
        if steps and is_other and block.imports(steps[0]):
            said, key = self._source.name(node), ""
            value = node.child_by_field_name("right")
            if value is not None and is_asked(steps[-1], ""):
                steps, key = steps[:-1], steps[-1]
                said = self._source.name(value)
            self.alterings.append(Altering(steps, said, line_of(node), key))

    def call(self, node: Node, block: Block, loops: Sequence[Node]) -> None:
        """What a call is given; a function that runs for each item gets these."""
        name = callee_of(node, self._source)
        if only_looks(name):
            return
        if name in CHANGING:
            of = called_on(node)
            first = next(iter(arguments_of(node)), None)
            is_function = of is None or self._source.text(of) in {"Object", "Reflect"}
            self.alter(first if is_function else of, node, block)
        found = self._reader.part(node, block)
        if isinstance(found, Called):
            self.calls.append(found)
        if found is not None:
            whole = Slot(found, line_of(node), is_sent=True, is_call=True, within=block.path)
            self.slots.append(replace(whole, loops=tuple(map(self._source.name, loops))))
        on = called_on(node)
        for item in arguments_of(node):
            if name in FOR_EACH and on is not None and item.id in self._inner:
                inner = self._inner[item.id]
                for argument in inner.given[:1]:
                    inner.set[argument].append(self._reader.part(on, block))
            self.send(item, block, is_sent=sends(name, None))

    def attribute(self, node: Node, block: Block) -> None:
        """An attribute of JSX."""
        key, value = _key_and_value(node)
        if value is not None:
            self.send(value, block, is_sent=self._source.text(key) in KEYS)

    def element(self, node: Node, block: Block) -> None:
        """An element of JSX, with what its attributes send and ask for, or what stands in one."""
        if node.type == "jsx_expression":
            above = node.parent
            if above is not None and above.type == "jsx_element":
                head = self._source.text(above.named_children[0])
                self.send(node, block, is_sent=_TEXTS.search(head) is not None)
            return
        parts: list[Part] = []
        read = self._reader
        for item in named(node):
            if item.type == "jsx_attribute":
                key, value = _key_and_value(item)
                if value is not None:
                    is_code = value.type == "jsx_expression"
                    value = next(iter(named(value)), value) if is_code else value
                    said = self._source.text(key)
                    parts += (read.part(value, block), read.ask(said, value, block))
            elif item.type == "jsx_expression":
                parts.append(read.part(item, block))
        whole = Slot(
            Together(tuple(parts)), line_of(node), is_sent=True, is_call=True, within=block.path
        )
        self.slots.append(whole)

    def pair(self, node: Node, value: Node | None, block: Block) -> None:
        """An entry of an object."""
        key = node.child_by_field_name("key")
        if key is not None and value is not None and key.type != "computed_property_name":
            self.send(value, block, is_sent=key_of(key, self._source) in KEYS)

    def send(self, node: Node, block: Block, *, is_sent: bool) -> None:
        """An argument or an entry; `is_sent` says that its name shows it to be sent."""
        part = self._reader.part(node, block)
        if part is not None:
            self.slots.append(Slot(part, line_of(node), is_sent=is_sent, within=block.path))


def _key_and_value(attribute: Node) -> tuple[Node, Node | None]:
    """An attribute of JSX; one that stands by itself, `disabled`, has no value."""
    key, *value = named(attribute)
    return key, value[-1] if value else None
