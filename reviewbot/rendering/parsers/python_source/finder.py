"""Walks through the modules, classes and functions of Python source, and finds prompts in them."""

import ast
from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from reviewbot.rendering.parsers.python_source import blocks, calls, scopes
from reviewbot.rendering.parsers.python_source.assignments import Assignments
from reviewbot.rendering.parsers.python_source.called_models import name_of
from reviewbot.rendering.parsers.python_source.changing_calls import METHODS
from reviewbot.rendering.parsers.python_source.control_flow import ControlFlow
from reviewbot.rendering.parsers.python_source.findings import Findings
from reviewbot.rendering.parsers.python_source.following import Following
from reviewbot.rendering.parsers.python_source.formatted_names import formatted
from reviewbot.rendering.parsers.python_source.inner_calls import (
    inner_calls,
    set_within,
)
from reviewbot.rendering.parsers.python_source.known_names import Sayings
from reviewbot.rendering.parsers.python_source.made_objects import Members
from reviewbot.rendering.parsers.python_source.named_values import DEEPEST, NamedValues
from reviewbot.rendering.parsers.python_source.parsed import Parsed
from reviewbot.rendering.parsers.python_source.runs import (
    decorated_prompts,
    signature_text,
)
from reviewbot.rendering.parsers.python_source.scopes import Scope, Steps
from reviewbot.rendering.parsers.python_source.settled import told_in
from reviewbot.rendering.parsers.python_source.values import text_of

if TYPE_CHECKING:
    from reviewbot.rendering.parsers.python_source.modules import Modules


class Finder:
    """Finds the prompts of the file at `path`; what it imports stands in `modules`."""

    def __init__(self, source: Parsed, path: str, modules: "Modules") -> None:
        self._source = source
        self._path = path
        self._modules = modules
        self._blocks = source.blocks
        self._findings = Findings(source.nodes, source.blocks)
        self._values = NamedValues(self._findings, source)
        self._following = Following(self._findings, self._values)
        self._assignments = Assignments(self._findings, self._values, self._following)
        self._control_flow = ControlFlow(self._following)
        self._functions: deque[tuple[blocks.Function, Steps, Scope]] = deque()
        self._asks = source.asks
        self._runs = source.may_run
        self._sets_within = ":=" in source.text

    def found(self) -> dict[str, Any]:
        """The prompts of the module by their selectors."""
        self._module(self._source.tree.body)
        while self._functions:
            self._function(*self._functions.popleft())
        self._findings.refuse(lambda: self._source.later_changes)
        return self._findings.by_selector(formatted(self._source.nodes, self._blocks))

    def settled(self, statements: list[ast.stmt]) -> Scope:
        """The scope of the module behind some of its statements, without what is unclear."""
        scope = self._module(statements)
        self._findings.refuse(lambda: self._source.later_changes)
        scope.take_back(self._findings.unclear_paths())
        scope.refused = self._findings.refused
        return scope

    def _module(self, statements: list[ast.stmt]) -> Scope:
        body = self._source.tree.body
        scope = Scope((), self._source.bound)
        scope.blocks = self._blocks
        scope.imports = self._modules.imported(self._blocks.own(body), self._path)
        scope.followed = self._source.followed
        _settle(scope, body, (1, self._source.last_line), self._source)
        scope.sayings = Sayings(self._blocks, body, elsewhere=self._source.set_globally).of
        self._block(statements, scope, scope)
        self._following.keep_all(scope)
        return scope

    def _block(
        self, body: Iterable[ast.stmt], scope: Scope, around: Scope, *, once: bool = True
    ) -> None:
        """Find the prompts of a module, a class or a function; `once` says it is no branch.

        `around` is the scope of functions in it, which do not see the names of a class.
        """
        for statement in body:
            if self._runs:
                self._findings.asking.look_at(statement, scope)
            for item in set_within(statement) if self._sets_within else ():
                self._assignments.assign(item.target, item.value, scope)
            for call in inner_calls(statement) if self._asks else ():
                path = self._findings.take((*scope.path, name_of(call)))
                self._values.read(call, path, scope)
            match statement:
                case ast.ClassDef():
                    self._class(statement, scope, around)
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    self._functions.append((statement, (*scope.path, name), around))
                case ast.With(body=inner) | ast.AsyncWith(body=inner):
                    self._block(inner, scope, around, once=once)
                case _:
                    self._statement(statement, scope, once=once)
                    read = partial(self._block, scope=scope, around=around, once=False)
                    self._control_flow.follow(statement, scope, read)

    def _statement(self, statement: ast.stmt, scope: Scope, *, once: bool) -> None:
        match statement:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._assignments.assign(target, value, scope, once=once)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assignments.assign(target, value, scope, once=once)
            case ast.AugAssign(target=ast.Name(id=name), value=value):
                is_sum = isinstance(statement.op, ast.Add) and once
                self._assignments.extend(name, value if is_sum else None, statement, scope)
            case ast.AugAssign(target=target):
                self._findings.touch(scopes.steps_of(target), statement.lineno, scope)
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=attr)) as call) if attr in METHODS:
                if not self._assignments.change(call, scope, once=once):
                    self._called(call, scope)
            case ast.Expr(value=ast.Call() | ast.Await() | ast.Yield() as value):
                self._called(value, scope)
            case ast.Return(value=ast.expr() as value) if scope.path:
                is_only = statement is scope.only_return and not _hides(value, scope)
                several = () if is_only else self._findings.take((*scope.path, "return"))
                self._values.read(value, several or scope.path, scope)

    def _called(self, node: ast.expr, scope: Scope) -> None:
        """A call whose result has no name: what it is given stands under its own."""
        for call in calls.with_name(node, shown_by=_NO_MODELS):
            path = self._findings.take((*scope.path, name_of(call)))
            self._values.read(call, path, scope)

    def _class(self, node: ast.ClassDef, scope: Scope, around: Scope) -> None:
        path = (*scope.path, node.name)
        if len(path) > DEEPEST:
            return
        if (said := signature_text(node)) is not None:
            self._values.read(said, (*path, "instructions"), scope)
        inner = Scope(path, self._blocks.bound(node), around)
        inner.followed = blocks.followed(node.body, self._blocks.own(node.body), inner.bound)
        inner.members = Members(node, inner, around, self._blocks).of
        _settle(inner, node.body, (node.lineno, node.end_lineno), self._source, bases=node.bases)
        self._block(node.body, inner, around)
        self._following.keep_all(inner)
        for base in node.bases:
            steps = scopes.steps_of(base)
            owner = scope.owner(steps[0]) if len(steps) == 1 else None
            if owner is not None and steps[0] in owner.classes:
                self._findings.inherit(inner, owner.classes[steps[0]])
        if scope.bound[node.name] == 1:
            scope.classes[node.name] = inner
            scope.texts |= {(node.name, *steps): text for steps, text in inner.texts.items()}

    def _function(self, node: blocks.Function, path: Steps, outer: Scope) -> None:
        if len(path) > DEEPEST:
            return
        own = self._blocks.own(node.body)
        scope = Scope(path, self._blocks.bound(node), outer)
        scope.is_function = True
        scope.annotations = blocks.annotations_of(node.args)
        scope.imports = self._modules.imported(own, self._path)
        arguments = blocks.arguments(node)
        scope.followed = blocks.followed(node.body, own, scope.bound, arguments)
        scope.given = arguments
        self._following.begin(arguments, node.lineno, scope)
        returned = [item for item in own if isinstance(item, ast.Return) and item.value is not None]
        lines = node.lineno, node.end_lineno
        _settle(scope, node.body, lines, self._source, blocks.defaults_of(node.args))
        scope.only_return = returned[0] if len(returned) == 1 else None
        for value, name in _beside_body(node):
            self._values.read(value, (*path, name), outer)
        self._block(node.body, scope, scope)
        self._following.keep_all(scope)
        values = [item.value for item in returned if item.value is not None]
        if len(values) > 1 and any(map(partial(self._is_text, path, scope), values)):
            numbers = ", ".join(str(line) for line in sorted(item.lineno for item in returned))
            mend = "name the text of each `return`, `prompt = …`, and read that: `function.prompt`"
            self._findings.unclear(path, node.lineno, f"returns in several lines, {numbers}", mend)

    def _is_text(self, path: Steps, scope: Scope, value: ast.expr) -> bool:
        return self._values.tried(value, path, lambda: text_of(value, scope)) is not None


def _reads_environment(base: ast.expr) -> bool:
    """Whether classes of a base are settings, `BaseSettings` of pydantic or one's own of that."""
    return scopes.dotted(base).endswith("Settings")


def _hides(value: ast.expr, scope: Scope) -> bool:
    """Whether an entry of a dictionary has the name of a variable, and another value."""
    return isinstance(value, ast.Dict) and any(
        isinstance(key, ast.Constant)
        and key.value in scope.bound
        and not (isinstance(item, ast.Name) and item.id == key.value)
        for key, item in zip(value.keys, value.values, strict=True)
    )


def _beside_body(node: blocks.Function) -> Iterator[tuple[ast.expr, str]]:
    """The texts that stand for arguments that a call does not give, and those of decorators."""
    yield from decorated_prompts(node)
    for argument, default in blocks.defaults_of(node.args):
        if isinstance(default, ast.Constant | ast.JoinedStr | ast.BinOp | ast.Call):
            yield default, argument.arg


def _settle(
    scope: Scope,
    body: list[ast.stmt],
    lines: tuple[int, int | None],
    source: Parsed,
    defaults: Iterable[tuple[ast.arg, ast.expr]] = (),
    *,
    bases: Iterable[ast.expr] = (),
) -> None:
    """Tell a scope what is changed in its lines, where names are set, and if it is of settings."""
    scope.of_settings = any(map(_reads_environment, bases))
    first, last = lines[0], lines[0] if lines[1] is None else lines[1]
    told = told_in(body)
    scope.sayings = Sayings(source.blocks, body, defaults).of
    scope.is_whole = lambda steps: not source.changes.inside(steps, first, last)
    scope.is_settled = lambda steps: source.changes.within(steps, first, last) == told[steps]


_NO_MODELS = {
    *("print", "debug", "info", "warning", "warn", "error", "exception", "critical", "log"),
    *("execute", "write", "field", "Field", "super", "echo"),
}
"""Calls that no model gets anything from."""
