"""What the names of Python source stand for, by its syntax tree; nothing is run."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

STEP = re.compile(r'"([^"]*)"|([^.]+)')
_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(kw_only=True)
class Scope:
    """What the names of a module, a class or a function stand for at last, by their paths."""

    outer: "Scope | None" = None
    values: dict[str, ast.expr] = field(default_factory=dict)
    history: dict[str, list[ast.expr]] = field(default_factory=dict)
    in_branches: set[str] = field(default_factory=set)
    inner: dict[str, "Scope"] = field(default_factory=dict)
    bases: list[str] = field(default_factory=list)
    returned: list[ast.expr] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    is_class: bool = False

    def find(self, name: str, line: int | None = None) -> "tuple[ast.expr, Scope] | None":
        """What a name means in a line of this scope: its value, and the scope it stands in.

        What is set in several ways, some of them in branches, only running would tell.
        """
        scope: Scope | None = self
        while scope is not None:
            if name in scope.unknown:
                return None
            if name in scope.values and (scope is self or not scope.is_class):
                return scope.told(name, line if scope is self else None)
            scope = scope.outer
        return None

    def told(self, name: str, line: int | None) -> "tuple[ast.expr, Scope] | None":
        """The value of a name of this scope, where it is certain."""
        known = self.history[name]
        if len({ast.dump(value) for value in known}) == 1:
            return known[0], self
        if name in self.in_branches:
            return None
        before = [value for value in known if line is None or value.lineno < line]
        return (before[-1], self) if before else None

    def put(self, name: str, value: ast.expr, *, in_branch: bool) -> None:
        """A name is set to a value."""
        self.values[name] = value
        self.history.setdefault(name, []).append(value)
        if in_branch:
            self.in_branches.add(name)


def collect(  # noqa: C901, PLR0912 - a case for each kind of statement
    body: Iterable[ast.stmt], scope: Scope, *, in_branch: bool = False
) -> None:
    """Put what the statements bind into the scope."""
    for statement in body:
        match statement:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    _assign(target, value, scope, in_branch=in_branch)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                _assign(target, value, scope, in_branch=in_branch)
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value):
                before = scope.values.get(name)
                if before is not None:
                    longer = ast.copy_location(ast.BinOp(before, ast.Add(), value), value)
                    scope.put(name, longer, in_branch=in_branch)
            case ast.Expr(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[item]
                )
            ):
                listed = scope.values.get(name)
                if isinstance(listed, ast.List):
                    all_of = ast.List(elts=[*listed.elts, item], ctx=ast.Load())
                    scope.put(name, ast.copy_location(all_of, item), in_branch=in_branch)
            case ast.ClassDef(name=name, body=inner, bases=bases):
                made = Scope(outer=scope, bases=[ast.unparse(b) for b in bases], is_class=True)
                scope.inner[name] = made
                collect(inner, made)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                scope.inner[name] = _function(statement, scope)
            case _:
                if isinstance(statement, ast.For | ast.AsyncFor):
                    scope.unknown |= {
                        item.id for item in ast.walk(statement.target) if isinstance(item, ast.Name)
                    }
                is_with = isinstance(statement, ast.With | ast.AsyncWith)
                for child in _blocks(statement):
                    collect(child, scope, in_branch=in_branch or not is_with)


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, outer: Scope) -> Scope:
    arguments = [item for item in ast.walk(node.args) if isinstance(item, ast.arg)]
    scope = Scope(outer=outer, unknown={item.arg for item in arguments})
    collect(node.body, scope)
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        item = waiting.pop()
        if isinstance(item, ast.Return) and item.value is not None:
            scope.returned.append(item.value)
        if not isinstance(item, _FUNCTION | ast.ClassDef | ast.Lambda):
            waiting += ast.iter_child_nodes(item)
    return scope


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        yield getattr(statement, name, [])
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body


def _assign(target: ast.expr, value: ast.expr, scope: Scope, *, in_branch: bool) -> None:
    match target, value:
        case (ast.Tuple(elts=targets), ast.Tuple(elts=values)) if len(targets) == len(values):
            for one, other in zip(targets, values, strict=True):
                _assign(one, other, scope, in_branch=in_branch)
        case (ast.Tuple(elts=targets), _):
            scope.unknown |= {item.id for item in targets if isinstance(item, ast.Name)}
        case (ast.Name() | ast.Attribute() | ast.Subscript(), _):
            scope.put(dotted(target), value, in_branch=in_branch)


def dotted(node: ast.expr) -> str:
    """`TABLE["key"]` and `TABLE.key` are the same name."""
    match node:
        case ast.Attribute(value=value, attr=key):
            return f"{dotted(value)}.{key}"
        case ast.Subscript(value=value, slice=ast.Constant(value=str() | int() as key)):
            return f"{dotted(value)}.{key}"
        case _:
            return ast.unparse(node)


def at(steps: list[str], scope: Scope) -> tuple[ast.expr, Scope] | None:
    """What stands under the path: the longest name counts, then the entries behind it."""
    for length in range(len(steps), 0, -1):
        name, rest = ".".join(steps[:length]), steps[length:]
        if name in scope.values:
            return _entry(scope.values[name], rest, scope)
    inner = scope.inner.get(steps[0])
    if inner is None:
        inherited = (scope.outer.inner.get(base) for base in scope.bases if scope.outer)
        found = (at(steps, base) for base in inherited if base is not None)
        return next((item for item in found if item is not None), None)
    within = at(steps[1:], inner) if steps[1:] else None
    is_list = within is not None and isinstance(within[0], ast.List)
    if (within is None or is_list) and len(inner.returned) == 1:
        return _entry(inner.returned[0], steps[1:], inner) or within
    return within


def _entry(node: ast.expr, steps: list[str], scope: Scope) -> tuple[ast.expr, Scope] | None:
    for step in steps:
        found: Mapping[str, ast.expr] = {}
        if isinstance(node, ast.Await):
            node = node.value
        match node:
            case ast.Dict(keys=keys, values=values):
                pairs = zip(keys, values, strict=True)
                found = {str(k.value): v for k, v in pairs if isinstance(k, ast.Constant)}
            case ast.List(elts=items) | ast.Tuple(elts=items):
                found = {str(number): item for number, item in enumerate(items)}
            case ast.Call(keywords=keywords):
                found = {keyword.arg: keyword.value for keyword in keywords if keyword.arg}
        if step not in found:
            return None
        node = found[step]
    return node, scope
