"""What the expressions of Python source send."""

import ast

from reviewbot.rendering.parsers._common.sent_parts import (
    KEYS,
    Block,
    Called,
    Part,
    Slot,
    is_role,
    only_looks,
    sends,
)
from reviewbot.rendering.parsers.python_forms.expressions import callee_of, part_of


class Sent:
    """The calls and slots of a module."""

    def __init__(self) -> None:
        self.calls: list[Called] = []
        self.slots: list[Slot] = []

    def leave(self, part: Part, node: ast.expr) -> None:
        """Something leaves its block."""
        self.slots.append(Slot(part, node.lineno, is_sent=False))

    def look_at(self, node: ast.expr, block: Block) -> None:
        """Keep what the calls, the mappings and the pairs of an expression send."""
        waiting: list[ast.AST] = [node]
        while waiting:
            inner = waiting.pop()
            match inner:
                case ast.Call() if not only_looks(callee_of(inner)):
                    self._call(inner, block)
                case ast.BinOp(op=ast.BitOr()):
                    self._whole(inner, part_of(inner, block), block)
                case ast.Dict(keys=keys, values=values):
                    for key, value in zip(keys, values, strict=True):
                        if isinstance(key, ast.Constant) and key.value in KEYS:
                            self._send(value, block, is_sent=True)
                case ast.Tuple(elts=[ast.Constant(value=said), value]) if is_role(said):
                    self._send(value, block, is_sent=True)
            waiting += ast.iter_child_nodes(inner)

    def _call(self, node: ast.Call, block: Block) -> None:
        name = callee_of(node)
        found = part_of(node, block)
        if isinstance(found, Called):
            self.calls.append(found)
        self._whole(node, found, block)
        for item in node.args:
            self._send(item, block, is_sent=sends(name, None))
        for keyword in node.keywords:
            self._send(keyword.value, block, is_sent=sends(name, keyword.arg or ""))

    def _whole(self, node: ast.expr, part: Part, block: Block) -> None:
        """A call, or a chain, with what it asks for."""
        if part is not None:
            whole = Slot(part, node.lineno, is_sent=True, is_call=True, within=block.path)
            self.slots.append(whole)

    def _send(self, node: ast.expr, block: Block, *, is_sent: bool) -> None:
        part = part_of(node, block)
        if part is not None:
            self.slots.append(Slot(part, node.lineno, is_sent=is_sent, within=block.path))
