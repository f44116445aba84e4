"""The blocks of Python source: what their statements set, change and send."""

import ast
import re
from collections.abc import Iterable, Iterator

from reviewbot.rendering.parsers._common.digests import digest_of
from reviewbot.rendering.parsers._common.sent_parts import (
    OBJECTS,
    Block,
    Named,
    Part,
    Together,
    elsewhere,
    is_asked,
)
from reviewbot.rendering.parsers.python_forms.constants import constant, shown
from reviewbot.rendering.parsers.python_forms.expressions import (
    ask,
    in_loop,
    part_of,
)
from reviewbot.rendering.parsers.python_forms.sending import Sent
from reviewbot.rendering.parsers.python_forms.told_tools import definitions, table
from reviewbot.rendering.parsers.python_forms.walked_statements import (
    Function,
    Loops,
    expressions,
    named_by,
    names_set,
    statements,
)
from reviewbot.rendering.parsers.python_source.scopes import dotted, steps_of

_ADDING = {"append", "extend", "insert", "appendleft", "add"}
_CHANGING_NOTHING = {
    *("property", "cached_property", "staticmethod", "classmethod", "cache", "lru_cache", "wraps"),
    *("override", "abstractmethod", "contextmanager", "asynccontextmanager", "setter", "final"),
    *("observe", "traceable", "trace", "traced", "deprecated", "overload", "typechecked"),
}
_ELSEWHERE = elsewhere()


class Blocks:
    """The blocks of a module, and what they send."""

    def __init__(self, tree: ast.Module) -> None:
        self.all: list[Block] = []
        self.sent = Sent()
        self._module = Block((), None)
        self.all.append(self._module)
        self._functions = {node.name: node for node in tree.body if isinstance(node, Function)}
        waiting: list[tuple[Iterable[ast.stmt], Block]] = [(tree.body, self._module)]
        self._met: list[tuple[ast.stmt, Block, Loops]] = []
        for body, block in waiting:
            for node, loops in statements(body):
                self._met.append((node, block, loops))
                if isinstance(node, ast.ClassDef | Function):
                    waiting.append((node.body, self._inner(node, block)))
        for node, block, loops in self._met:  # where a name belongs is known by now
            self._statement(node, block, loops)
        own = [node for node, block, _ in self._met if block is self._module]
        defining = (node for node in own if isinstance(node, ast.ClassDef | Function))
        self._module.definitions |= definitions(defining)
        self.sent.finish()

    def _inner(self, node: ast.ClassDef | Function, block: Block) -> Block:
        given, rest = _arguments(node)
        inner = Block((*block.path, node.name), block, given)
        inner.rest = rest
        inner.is_class = isinstance(node, ast.ClassDef)
        if isinstance(node, ast.ClassDef):
            inner.bases = tuple(steps[-1] for base in node.bases if (steps := steps_of(base)))
        inner.through = [*self._decorators(node)]
        self.all.append(inner)
        self.sent.lend(node, block)
        if isinstance(node, Function):
            others = [item for item in ast.walk(node) if isinstance(item, ast.Global)]
            inner.elsewhere = {name for item in others for name in item.names}
            _defaults(node, inner)
            for item in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
                inner.classes[item.arg] += _classes_in(item.annotation)
        for name in names_set(node.body):
            if name not in inner.elsewhere:
                inner.set[name]
        return inner

    def _decorators(self, node: ast.ClassDef | Function) -> Iterator[str]:
        """The decorators that may change what it gives; of one of the file with what it does."""
        for item in node.decorator_list if isinstance(node, Function) else ():
            name = dotted(item.func if isinstance(item, ast.Call) else item).rpartition(".")[2]
            if name in _CHANGING_NOTHING:
                continue
            own = self._functions.get(name)
            yield shown(item) + (f" ({digest_of(shown(own))})" if own is not None else "")

    def _statement(self, node: ast.stmt, block: Block, loops: Loops) -> None:
        for inner in expressions(node):
            self._look_at(inner, block, loops)
        match node:
            case ast.Assign() | ast.For() | ast.AsyncFor() | ast.With() | ast.AsyncWith():
                around = loops if isinstance(node, ast.Assign) else ()
                for target, value in named_by(node):
                    self._set(target, value, block, around)
            case ast.AnnAssign():
                self._annotate(node, block, loops)
            case ast.AugAssign():
                self._alter(node, block, loops)
            case ast.Return(value=ast.expr() as value):
                self._give(value, block)
            case ast.Expr(value=value):
                self._run(value, block, loops)
            case ast.ImportFrom() | ast.Import():
                _import(node, block)

    def _annotate(self, node: ast.AnnAssign, block: Block, loops: Loops) -> None:
        """A name that is said to have a type, and may be set."""
        name, owner = _place(node.target, block)
        if name:
            owner.classes[name] += _classes_in(node.annotation)
        if node.value is not None:
            self._set(node.target, node.value, block, loops)

    def _look_at(self, node: ast.expr, block: Block, loops: Loops) -> None:
        self.sent.look_at(node, block, loops)
        for item in ast.walk(node):
            if isinstance(item, ast.NamedExpr):
                self._set(item.target, item.value, block, ())

    def _alter(self, node: ast.AugAssign, block: Block, loops: Loops) -> None:
        self.sent.alter(node.target, node, block)
        if isinstance(node.op, ast.Add):
            self._add(node.target, part_of(node.value, block), block, loops)
        else:
            longer = ast.BinOp(left=node.target, op=node.op, right=node.value)
            self._set(node.target, ast.copy_location(longer, node), block, loops)

    def _run(self, value: ast.expr, block: Block, loops: Loops) -> None:
        """An expression whose value has no name: what is yielded, and lists that are added to."""
        match value:
            case ast.Yield(value=ast.expr() as given) | ast.YieldFrom(value=given):
                self._give(given, block)
            case ast.Call(func=ast.Attribute(value=holder, attr=name), args=given) if (
                name in _ADDING
            ):
                parts = tuple(part_of(item, block) for item in given)
                self._add(holder, Together(parts), block, loops)

    def _set(self, target: ast.expr, value: ast.expr, block: Block, loops: Loops) -> None:
        self.sent.alter(target, value, block)
        match target, value:
            case (ast.Tuple(elts=targets), ast.Tuple(elts=values)) if len(targets) == len(values):
                for one, other in zip(targets, values, strict=True):
                    self._set(one, other, block, loops)
                return
        name, owner = _place(target, block)
        part = part_of(value, block)
        if not name:
            return
        if isinstance(target, ast.Attribute) and is_asked(target.attr, ""):
            holder, around = _place(target.value, block)
            if not block.imports(holder):
                around.added[holder].append(ask(target.attr, value, block))
        known = owner.set[name]
        if owner is self._module and (said := table(value)):
            owner.definitions[name] = said
        if said := constant(value):
            owner.constants[name].append(said)
        if part is None:
            return
        own = steps_of(target)
        inner = (item for item in ast.walk(value) if isinstance(item, ast.Name | ast.Attribute))
        is_longer = any(steps_of(item) == own for item in inner)
        known.append(_looped(part, loops, block) if is_longer else part)
        if block is self._module or block.is_class or name.startswith("self."):
            self.sent.leave(part, value, (*block.path, name))

    def _add(self, target: ast.expr, part: Part, block: Block, loops: Loops) -> None:
        name, owner = _place(target, block)
        if name and part is not None and not block.imports(name):
            owner.added[name].append(_looped(part, loops, block))

    def _give(self, value: ast.expr, block: Block) -> None:
        part = part_of(value, block)
        if said := constant(value):
            block.constants[""].append(said)
        if part is not None:
            block.returned.append(part)
            self.sent.leave(part, value, block.path)


def _place(target: ast.expr, block: Block) -> tuple[str, Block]:
    """The name that is set, and the block that it belongs to."""
    steps = steps_of(target)
    if isinstance(target, ast.Subscript) and not steps:
        steps = steps_of(target.value)
    if not steps or (not isinstance(target, ast.Name) and block.imports(steps[0])):
        return "", block
    if steps[0] in OBJECTS and len(steps) > 1:
        return f"self.{steps[1]}", block.own_class() or block
    return steps[0], block.module() if steps[0] in block.elsewhere else block.owner(
        steps[0]
    ) or block


def _arguments(node: ast.ClassDef | Function) -> tuple[list[str], tuple[str, str]]:
    """The arguments of a function, those of what has no place or no name of its own at last."""
    if isinstance(node, ast.ClassDef):
        return [], ("", "")
    items = node.args
    given = [item.arg for item in (*items.posonlyargs, *items.args, *items.kwonlyargs)]
    several, named = ("" if item is None else item.arg for item in (items.vararg, items.kwarg))
    return [*given, *filter(None, (several, named))], (several, named)


def _import(node: ast.ImportFrom | ast.Import, block: Block) -> None:
    module = (node.module or ".") if isinstance(node, ast.ImportFrom) else ""
    for item in node.names:
        block.modules[item.asname or item.name.partition(".")[0]] = module or item.name
        if item.asname and isinstance(node, ast.ImportFrom):
            block.set[item.asname].append(Named((item.name,), _ELSEWHERE))


def _defaults(node: Function, inner: Block) -> None:
    items = node.args
    plain = [*items.posonlyargs, *items.args]
    pairs = [
        *zip(plain[len(plain) - len(items.defaults) :], items.defaults, strict=True),
        *zip(items.kwonlyargs, items.kw_defaults, strict=True),
    ]
    for argument, default in pairs:
        if default is not None:
            inner.set[argument.arg].append(part_of(default, inner.outer or inner))
            if said := constant(default):
                inner.constants[argument.arg].append(said)


def _classes_in(annotation: ast.expr | None) -> list[str]:
    """The words of a type that may be classes; of one that is written as a text too."""
    return [] if annotation is None else _CLASS.findall(shown(annotation))


_CLASS = re.compile(r"\b[A-Z]\w{0,100}\b")


def _looped(part: Part, loops: Loops, block: Block) -> Part:
    for over in loops:
        part = in_loop(part, over, block)
    return part
