"""What the expressions of Python source send."""

import ast
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from reviewbot.rendering.parsers._common.sent_parts import (
    CHANGING,
    KEYS,
    TOOL,
    Altering,
    Ask,
    Block,
    Called,
    Named,
    Part,
    Slot,
    Steps,
    Together,
    is_asked,
    is_role,
    only_looks,
    sends,
)
from reviewbot.rendering.parsers._common.told_tools import characters_told, told_of_several
from reviewbot.rendering.parsers.python_forms.constants import shown
from reviewbot.rendering.parsers.python_forms.expressions import callee_of, part_of
from reviewbot.rendering.parsers.python_forms.told_tools import definition
from reviewbot.rendering.parsers.python_source.scopes import steps_of


class Sent:
    """The calls and slots of a module."""

    def __init__(self) -> None:
        self.calls: list[Called] = []
        self.slots: list[Slot] = []
        self.alterings: list[Altering] = []
        self.lent: dict[Steps, list[tuple[int, int, Block]]] = {}

    def finish(self) -> None:
        """Keep what objects are lent by decorators as if they were called with it."""
        for steps, several in self.lent.items():
            block = several[0][2]
            said = told_of_several([size for size, _, _ in several])
            whole = Together((Named(steps, block), Ask(TOOL, said)))
            self.slots.append(Slot(whole, several[-1][1], is_sent=True, is_call=True))

    def leave(self, part: Part, node: ast.expr, within: Steps) -> None:
        """Something leaves its block, by a name of its own or by being given."""
        self.slots.append(Slot(part, node.lineno, is_sent=False, within=within))

    def alter(self, target: ast.expr, to: ast.AST, block: Block) -> None:
        """A statement sets something; what belongs to another file is kept."""
        steps = steps_of(target.value if isinstance(target, ast.Subscript) else target)
        last = target.slice if isinstance(target, ast.Subscript) else None
        if isinstance(last, ast.Constant) and isinstance(last.value, str):
            steps = (*steps, last.value)
        if len(steps) > 1 and (block.imports(steps[0]) or steps[0] == "sys"):
            said = shown(to) if isinstance(to, ast.stmt) else f"{shown(target)} = {shown(to)}"
            key = steps[-1] if is_asked(steps[-1], "") else ""
            value = to.value if isinstance(to, ast.AugAssign) else to
            own = (steps[:-1], shown(value)) if key else (steps, said)
            self.alterings.append(Altering(*own, target.lineno, key))

    def _change(self, node: ast.Call, block: Block) -> None:
        """A call changes what another file holds: `MESSAGES.append(…)`, `setattr(…)`."""
        name = callee_of(node)
        on = node.func.value if isinstance(node.func, ast.Attribute) else None
        if name == "setattr" and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
            steps = (*steps_of(node.args[0]), str(node.args[1].value))
        else:
            steps = steps_of(on) if on is not None else ()
        if steps and block.imports(steps[0]):
            self.alterings.append(Altering(steps, shown(node), node.lineno))

    def lend(self, node: ast.stmt, block: Block) -> None:
        """A function that a decorator gives to an object as a tool: `@agent.tool`."""
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return
        for item in node.decorator_list:
            on = item.func if isinstance(item, ast.Call) else item
            if isinstance(on, ast.Attribute) and "tool" in on.attr and steps_of(on.value):
                size = characters_told(definition(node)) or 0
                self.lent.setdefault(steps_of(on.value), []).append((size, node.lineno, block))

    def look_at(self, node: ast.expr, block: Block, loops: Sequence[ast.expr]) -> None:
        """Keep what the calls, the mappings and the pairs of an expression in `loops` send."""
        waiting: list[tuple[ast.AST, Sequence[ast.expr]]] = [(node, loops)]
        while waiting:
            inner, around = waiting.pop()
            match inner:
                case ast.Call() if not only_looks(callee_of(inner)):
                    self._call(inner, block, around)
                case ast.BinOp(op=ast.BitOr()):
                    self._whole(inner, part_of(inner, block), block)
                case ast.Dict(keys=keys, values=values):
                    for key, value in zip(keys, values, strict=True):
                        if isinstance(key, ast.Constant) and key.value in KEYS:
                            self._send(value, block, is_sent=True)
                case ast.Tuple(elts=[ast.Constant(value=said), value]) if is_role(said):
                    self._send(value, block, is_sent=True)
            waiting += _inside(inner, around)

    def _call(self, node: ast.Call, block: Block, loops: Sequence[ast.expr]) -> None:
        name = callee_of(node)
        if name in CHANGING:
            self._change(node, block)
        found = part_of(node, block)
        if isinstance(found, Called):
            self.calls.append(found)
        self._whole(node, found, block, loops)
        for item in node.args:
            self._send(item, block, is_sent=sends(name, None))
        for keyword in node.keywords:
            self._send(keyword.value, block, is_sent=sends(name, keyword.arg or ""))

    def _whole(
        self, node: ast.expr, part: Part, block: Block, loops: Sequence[ast.expr] = ()
    ) -> None:
        """A call, or a chain, with what it asks for."""
        if part is not None:
            whole = Slot(part, node.lineno, is_sent=True, is_call=True, within=block.path)
            self.slots.append(replace(whole, loops=tuple(map(shown, loops))))

    def _send(self, node: ast.expr, block: Block, *, is_sent: bool) -> None:
        part = part_of(node, block)
        if part is not None:
            self.slots.append(Slot(part, node.lineno, is_sent=is_sent, within=block.path))


def _inside(
    node: ast.AST, loops: Sequence[ast.expr]
) -> Iterator[tuple[ast.AST, Sequence[ast.expr]]]:
    """The parts of an expression, each with the loops that it stands in."""
    inner = loops
    match node:
        case (
            ast.ListComp(generators=several)
            | ast.SetComp(generators=several)
            | ast.GeneratorExp(generators=several)
            | ast.DictComp(generators=several)
        ):
            inner = (*loops, *(one.iter for one in several))
        case ast.Call(func=ast.Name(id="map"), args=[_, over, *_]):
            inner = (*loops, over)
    yield from ((item, inner) for item in ast.iter_child_nodes(node))
