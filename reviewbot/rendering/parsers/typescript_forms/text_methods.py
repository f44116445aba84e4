"""What methods of texts and lists give in TypeScript and JavaScript."""

from typing import Protocol

from tree_sitter import Node

from reviewbot.rendering.parsers._common.bounds import CUTTING, bound_of
from reviewbot.rendering.parsers._common.sent_parts import Block, Grown, Part, Together
from reviewbot.rendering.parsers.typescript_forms.constants import (
    constant,
    is_cut_up,
    is_place,
)
from reviewbot.rendering.parsers.typescript_source.names import callee_of
from reviewbot.rendering.parsers.typescript_source.syntax import Source, named, unwrapped

_GIVING_THE_TEXT = {
    *("trim", "trimStart", "trimEnd", "toString", "valueOf", "slice", "substring", "normalize"),
    *("substr", "subarray"),
    *("toLowerCase", "toUpperCase", "split", "filter", "find", "reverse", "sort", "flat", "at"),
    *("stripIndent", "values", "entries", "join"),
}
"""Methods that give no more than what they are called on."""

FOR_EACH = {"map", "flatMap", "reduce", "reduceRight", "forEach", "from"}
"""Methods whose function runs once for each item."""

_GIVING_BOTH = {"concat", "get", "pop", "shift", "format", "invoke", "formatMessages", "partial"}
_LONGER = {"repeat", "padStart", "padEnd", "fill"}


class PartReader(Protocol):
    """Reads expressions of one file."""

    source: Source

    def part(self, node: Node | None, block: Block) -> Part:
        """What of an expression has a name, and how it is used there."""
        ...


def of_text(reader: PartReader, node: Node, block: Block, receiver: Part, given: Together) -> Part:
    """What a method of texts and lists gives; None where it is no such method."""
    source, on = reader.source, called_on(node) or node
    name, arguments = callee_of(node, source), arguments_of(node)
    said = ", ".join(source.text(item)[:40] for item in arguments)
    both = Together((receiver, given))
    found: Part = None
    if name == "join" and is_cut_up(on, source):
        found = Grown(f"joined by {said}", receiver, given)
    elif name in _GIVING_THE_TEXT:
        between = Together(given.parts) if name == "join" and any(given.parts) else None
        taken = _taken(reader, name, on, block, arguments) if name in CUTTING else None
        found = Together((receiver, between and Grown("between others", between), taken))
    elif name == "fill":
        found = Grown(f"{name}({source.name(on)[:40]})", both, receiver)
    elif name in _LONGER:
        found = Grown(f"{name}({said})", both, given)
    elif name in FOR_EACH:
        of = on if name != "from" else arguments[0] if arguments else on
        over = source.name(of)[:40]
        found = Together((receiver, in_loop(given, over, reader.part(of, block))))
    elif name in {"replace", "replaceAll"} and arguments:
        found = both if is_place(arguments[0], source) else Grown(f"{name}({said})", both, given)
    elif name in _GIVING_BOTH:
        found = both
    return found


def _taken(reader: PartReader, name: str, on: Node, block: Block, arguments: list[Node]) -> Part:
    """How much of a text, or a list, is taken: `slice(0, 9)`."""
    several = [(constant(item, reader.source), reader.part(item, block)) for item in arguments]
    return bound_of(name, ".".join(reader.source.steps(on)), several)


def in_loop(part: Part, over: str, by: Part) -> Part:
    """What is made once for each item of something."""
    return None if part is None else Grown(f"for each of {over}", part, by)


def called_on(node: Node) -> Node | None:
    """The object whose method a call is."""
    function = node.child_by_field_name("function")
    return function and unwrapped(function).child_by_field_name("object")


def arguments_of(node: Node) -> list[Node]:
    """What a call is given; a template that is tagged is one argument."""
    given = node.child_by_field_name("arguments")
    if given is None:
        return []
    return [given] if given.type == "template_string" else named(given)
