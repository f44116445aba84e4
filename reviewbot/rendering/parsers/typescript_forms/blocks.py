"""The blocks of TypeScript and JavaScript: what their statements set, change and send."""

from collections.abc import Iterator

from tree_sitter import Node

from reviewbot.rendering.parsers._common.sent_parts import (
    OBJECTS,
    Block,
    Named,
    Part,
    elsewhere,
)
from reviewbot.rendering.parsers._common.told_tools import told_with_named
from reviewbot.rendering.parsers.typescript_forms.classes import bases_of, classes_said, is_field
from reviewbot.rendering.parsers.typescript_forms.constants import constant
from reviewbot.rendering.parsers.typescript_forms.expressions import Reader
from reviewbot.rendering.parsers.typescript_forms.imports import (
    imported_names,
    required_module,
)
from reviewbot.rendering.parsers.typescript_forms.sending import Sent
from reviewbot.rendering.parsers.typescript_forms.text_methods import (
    FOR_EACH,
    arguments_of,
    called_on,
    in_loop,
)
from reviewbot.rendering.parsers.typescript_forms.told_tools import described
from reviewbot.rendering.parsers.typescript_source.names import callee_of
from reviewbot.rendering.parsers.typescript_source.scopes import CLASSES, parameters
from reviewbot.rendering.parsers.typescript_source.syntax import (
    FUNCTIONS,
    NAMES,
    Source,
    named,
)

_LOOPS = {
    "for_in_statement": "right",
    "for_statement": "condition",
    "while_statement": "condition",
    "do_statement": "condition",
}
_ADDING = {"push", "unshift", "splice"}
_ELSEWHERE = elsewhere()
_Loops = tuple[Node, ...]
_CUT = 40


def _is_thrown(node: Node) -> bool:
    """Whether it makes an error, whose text people read."""
    return node.parent is not None and node.parent.type == "throw_statement"


class Blocks:
    """The blocks of a file, and what they send."""

    def __init__(self, source: Source) -> None:
        self.all: list[Block] = []
        self._source = source
        self._module = Block((), None)
        self.all.append(self._module)
        self._inner: dict[int, Block] = {}
        self._reader = Reader(source, self._inner)
        self.sent = Sent(source, self._reader, self._inner)
        self._described: dict[str, tuple[int, frozenset[str]]] = {}
        met: list[tuple[Node, Block, _Loops]] = []
        waiting: list[tuple[Node, Block, _Loops]] = [(source.root, self._module, ())]
        while waiting:
            node, block, loops = waiting.pop()
            met.append((node, block, loops))
            inner, around = self._entered(node, block), _around(node, loops, source)
            waiting += [(child, inner, around) for child in reversed(node.named_children)]
        for node, block, loops in met:  # where a name belongs is known by now
            self._look_at(node, block, loops)
        own = {name: size for name, (size, _) in self._described.items()}
        names = {name: named for name, (_, named) in self._described.items()}
        self._module.definitions |= told_with_named(own, names)

    def _entered(self, node: Node, block: Block) -> Block:
        """The block that a node begins, else that around it; the names that it sets are noted."""
        name = node.child_by_field_name("name")
        if node.type in FUNCTIONS or node.type in CLASSES:
            is_class = node.type in CLASSES
            own = name if name is not None else _name_above(node)
            path = block.path if own is None else (*block.path, self._source.text(own))
            inner = Block(path, block, () if is_class else _given(node, self._source))
            inner.is_class = is_class
            inner.bases = bases_of(node, self._source) if is_class else ()
            self._inner[node.id] = inner
            self.all.append(inner)
            return inner
        if node.type == "variable_declarator" and name is not None and name.type in NAMES:
            said = self._source.text(name)
            if module := required_module(node.child_by_field_name("value"), self._source):
                block.modules[said] = module
            else:
                block.set.setdefault(said, [])
        return block

    def _look_at(self, node: Node, block: Block, loops: _Loops) -> None:
        value = node.child_by_field_name("value")
        match node.type:
            case "return_statement" | "yield_expression":
                self._give(next(iter(named(node)), None), block)
            case "arrow_function":
                body = node.child_by_field_name("body")
                if body is not None and body.type != "statement_block":
                    self._give(body, self._inner[node.id])
            case "call_expression" | "new_expression" if not _is_thrown(node):
                self.sent.call(node, block, loops)
                self._push(node, block, loops)
            case "pair":
                self.sent.pair(node, value, block)
            case "jsx_attribute":
                self.sent.attribute(node, block)
            case "import_specifier" | "pair_pattern":
                _alias(node, value, block, self._source)
            case "import_statement" | "export_statement":
                block.modules |= imported_names(node, self._source)
            case "jsx_expression" | "jsx_opening_element" | "jsx_self_closing_element":
                self.sent.element(node, block)
            case _:
                self._change(node, value, block, loops)

    def _change(self, node: Node, value: Node | None, block: Block, loops: _Loops) -> None:
        """What a statement sets, or adds to."""
        left, right = (node.child_by_field_name(name) for name in ("left", "right"))
        match node.type:
            case "variable_declarator" | "public_field_definition" | "field_definition":
                self._set(node.child_by_field_name("name"), value, block, loops)
            case "assignment_expression":
                self.sent.alter(left, node, block)
                self._set(left, right, block, loops)
            case "augmented_assignment_expression":
                self.sent.alter(left, node, block)
                self._add(left, self._reader.part(right, block), block, loops)
            case "required_parameter" | "optional_parameter" | "assignment_pattern":
                name = node.child_by_field_name("pattern") or left
                self._set(name, value or right, block, ())
                _keep_property(node, name, block, self._source)
            case "enum_declaration" if name := node.child_by_field_name("name"):
                values = (self._reader.part(item, block) for item in _members(node))
                block.set[self._source.text(name)] += [part for part in values if part is not None]
        _say_classes(node, block, self._source)

    def _set(self, target: Node | None, value: Node | None, block: Block, loops: _Loops) -> None:
        name, owner = _place(target, block, self._source)
        part = self._reader.part(value, block)
        self._keep(target, value, block)
        if not name or value is None or (part is None and name not in owner.set):
            return
        if value.type in FUNCTIONS or name in owner.modules:
            return
        said = self._source.text(target) if target is not None else name
        is_longer = said in self._source.text(value)
        if part is not None:
            longer = _looped(self._reader, part, loops, block) if is_longer else part
            owner.set[name].append(longer)
            if block is self._module or block.is_class or name.startswith("self."):
                self.sent.leave(part, value, (*block.path, name))

    def _keep(self, target: Node | None, value: Node | None, block: Block) -> None:
        """Keep a constant of a name, and what a request is asked for by an attribute."""
        name, owner = _place(target, block, self._source)
        if name and (said := constant(value, self._source)):
            owner.constants[name].append(said)
        if owner is self._module and any(size := described(value, self._source)):
            self._described[name] = size
        if target is None or value is None or target.type != "member_expression":
            return
        key = target.child_by_field_name("property")
        holder, around = _place(target.child_by_field_name("object"), block, self._source)
        asked = None if key is None else self._reader.ask(self._source.text(key), value, block)
        if holder and asked is not None and not block.imports(holder):
            around.added[holder].append(asked)

    def _add(self, target: Node | None, part: Part, block: Block, loops: _Loops) -> None:
        name, owner = _place(target, block, self._source)
        if name and part is not None and not block.imports(name):
            owner.added[name].append(_looped(self._reader, part, loops, block))

    def _give(self, value: Node | None, block: Block) -> None:
        part = self._reader.part(value, block)
        if said := constant(value, self._source):
            block.constants[""].append(said)
        if part is not None and value is not None:
            block.returned.append(part)
            self.sent.leave(part, value, block.path)

    def _push(self, node: Node, block: Block, loops: _Loops) -> None:
        on = called_on(node)
        if callee_of(node, self._source) in _ADDING and on is not None:
            self._add(on, self._reader.all(arguments_of(node), block), block, loops)


_KEEPING = {"accessibility_modifier", "override_modifier", "readonly"}


def _keep_property(node: Node, name: Node | None, block: Block, source: Source) -> None:
    """An argument that is an attribute too: `constructor(private text: string)`."""
    around = block.own_class()
    is_kept = any(item.type in _KEEPING for item in node.children)
    if name is not None and around is not None and is_kept:
        said = source.text(name)
        around.set[f"self.{said}"].append(Named((said,), block))


def _say_classes(node: Node, block: Block, source: Source) -> None:
    """Keep the words of the type that something is said to have."""
    words = classes_said(node, source)
    target = node.child_by_field_name("pattern") or node.child_by_field_name("name")
    name, owner = _place(target, block, source) if words else ("", block)
    if name:
        owner.classes[name] += words
        around = block.own_class()
        if around is not None and is_field(node):
            around.classes[f"self.{name}"] += words


def _alias(node: Node, value: Node | None, block: Block, source: Source) -> None:
    """`SYSTEM as S` and `{ SYSTEM: S } = …`."""
    own = node.child_by_field_name("alias") or value
    other = node.child_by_field_name("name") or node.child_by_field_name("key")
    if own is not None and other is not None and own.type in NAMES:
        block.set[source.text(own)].append(Named((source.text(other),), _ELSEWHERE))


def _members(node: Node) -> Iterator[Node]:
    """The values of an enum."""
    body = node.child_by_field_name("body")
    for item in named(body) if body is not None else ():
        value = item.child_by_field_name("value")
        if value is not None:
            yield value


def _place(target: Node | None, block: Block, source: Source) -> tuple[str, Block]:
    """The name that is set, and the block that it belongs to."""
    if target is None:
        return "", block
    if target.type in {"property_identifier", "private_property_identifier"}:
        return f"self.{source.text(target)}", block.own_class() or block
    steps = source.steps(target)
    if not steps or (len(steps) > 1 and block.imports(steps[0])):
        return "", block
    if steps[0] in OBJECTS and len(steps) > 1:
        return f"self.{steps[1]}", block.own_class() or block
    return steps[0], block.owner(steps[0]) or block


def _given(function: Node, source: Source) -> Iterator[str]:
    """The names of a function's arguments; those in a mapping stand behind the others."""
    inside: list[str] = []
    for item in parameters(function):
        pattern = item.child_by_field_name("pattern") or item
        pattern = pattern.child_by_field_name("left") or pattern
        yield source.text(pattern) if pattern.type in NAMES else ""
        if pattern.type == "object_pattern":
            inside += (source.text(one) for one in named(pattern) if one.type in NAMES)
    yield from inside


def _around(node: Node, loops: _Loops, source: Source) -> _Loops:
    """The loops around what stands in a node, by what they run over."""
    over = node.child_by_field_name(_LOOPS[node.type]) if node.type in _LOOPS else None
    if node.type == "arguments" and node.parent is not None:
        function = node.parent.child_by_field_name("function")
        is_each = callee_of(node.parent, source) in FOR_EACH
        over = function.child_by_field_name("object") if function and is_each else None
    return loops if over is None else (*loops, over)


def _looped(reader: Reader, part: Part, loops: _Loops, block: Block) -> Part:
    for over in loops:
        part = in_loop(part, reader.source.name(over)[:_CUT], reader.part(over, block))
    return part


def _name_above(node: Node) -> Node | None:
    """The name of what a function without one of its own is put under."""
    above = node.parent
    if above is None or above.type not in {
        "variable_declarator",
        "pair",
        "public_field_definition",
    }:
        return None
    return above.child_by_field_name("name") or above.child_by_field_name("key")
