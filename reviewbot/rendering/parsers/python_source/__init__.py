"""The prompts in Python source, found by its syntax tree; no code is run.

They are texts and lists of messages that stand under a name: module constants, class attributes
(`Class.NAME`), local names of a function (`function.name`), what a function returns (`function`),
entries of dictionaries and lists (`NAME.key`, `NAME.0`), and named arguments of a call
(`agent.instructions`).
"""

import ast
import re
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers.python_source import scopes
from reviewbot.rendering.parsers.python_source.changes import changes
from reviewbot.rendering.parsers.python_source.findings import Findings
from reviewbot.rendering.parsers.python_source.messages import messages_of
from reviewbot.rendering.parsers.python_source.scopes import Scope, Steps
from reviewbot.rendering.parsers.python_source.settled import METHODS, Changes, told_in
from reviewbot.rendering.parsers.python_source.values import joined, known, text_of, value_of

_DEEPEST = 8
"""Classes, functions and entries within each other."""

_VERSION = "{}.{}".format(*sys.version_info)
_ENCODING = re.compile(r"[ \t\f]*#[^\n]{0,200}?coding[:=][ \t]*([-\w.]{1,50})")
_LONE_RETURN = re.compile(r"\r(?!\n)")
_CONTINUED = re.compile(r"[a-zA-Z]{0,2}(\"\"\"|''')\\$")


def parse(text: str) -> dict[str, Any]:
    """Each prompt by its selector: its `messages`, and the `line` that it begins in.

    One that the source does not tell has no messages; `problem` and `mend` say why, where that is
    not just that code computes it.
    `is_formatted` says that `.format` is called on its name.
    """
    try:
        return _parsed(text)
    except RecursionError:
        what = "expressions or blocks of this Python source are nested too deep"
        raise TemplateError(what, "write them flatter", line=1) from None


def _parsed(text: str) -> dict[str, Any]:
    _refuse_encoding(text)
    if alone := _LONE_RETURN.search(text):
        what = "a carriage return stands by itself, which Python takes for the end of a line"
        line = text.count("\n", 0, alone.start()) + 1
        raise TemplateError(what, "end lines as usual", line=line)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as error:
        what = f"this is not Python: {error.msg}"
        mend = f"correct it; it is read by Python {_VERSION}"
        raise TemplateError(what, mend, line=error.lineno or 1) from None
    except ValueError as error:
        raise TemplateError(f"this is not Python: {error}", "correct it", line=1) from None
    return {"prompts": _Finder(tree, text).found()}


class _Finder:
    def __init__(self, tree: ast.Module, text: str) -> None:
        self._tree = tree
        self._blocks = scopes.Blocks()
        self._nodes = scopes.all_nodes(tree)
        self._changes = Changes(self._nodes)
        self._lines = re.split(r"\r?\n", text)
        self._modules = scopes.imported(self._nodes)
        self._findings = Findings()
        self._functions: deque[tuple[scopes.Function, Steps, Scope]] = deque()

    def found(self) -> dict[str, Any]:
        """The prompts of the module by their selectors."""
        bound = scopes.bound_in(self._tree.body, self._blocks.own(self._tree.body))
        bound.update(scopes.set_by_functions(self._nodes, self._blocks))
        scope = Scope((), bound)
        scope.in_order = scopes.set_in_order(self._tree.body, bound)
        self._settle(scope, self._tree.body, 1, len(self._lines) + 1)
        self._block(self._tree.body, scope, scope)
        while self._functions:
            self._function(*self._functions.popleft())
        self._findings.refuse(changes(self._tree, bound, self._blocks))
        return self._findings.by_selector(scopes.formatted(self._nodes, self._blocks))

    def _block(
        self, body: Iterable[ast.stmt], scope: Scope, around: Scope, *, once: bool = True
    ) -> None:
        """Find the prompts of a module, a class or a function; `once` says it is no branch.

        `around` is the scope of functions in it, which do not see the names of a class.
        """
        for statement in body:
            match statement:
                case ast.ClassDef():
                    self._class(statement, scope, around)
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    self._functions.append((statement, (*scope.path, name), around))
                case ast.With(body=inner) | ast.AsyncWith(body=inner):
                    self._block(inner, scope, around, once=once)
                case _:
                    self._statement(statement, scope, once=once)
                    for inner in _branches(statement):
                        self._block(inner, scope, around, once=False)

    def _settle(self, scope: Scope, body: Iterable[ast.stmt], first: int, last: int | None) -> None:
        told, end = told_in(body), first if last is None else last
        scope.is_whole = lambda steps: not self._changes.inside(steps, first, end)
        scope.is_settled = lambda steps: self._changes.within(steps, first, end) == told[steps]

    def _statement(self, statement: ast.stmt, scope: Scope, *, once: bool) -> None:
        match statement:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._assigned(target, value, scope)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assigned(target, value, scope)
            case ast.AugAssign(target=ast.Name(id=name), value=value):
                is_sum = isinstance(statement.op, ast.Add) and once
                self._extended(name, value if is_sum else None, statement, scope)
            case ast.AugAssign(target=target):
                self._findings.touch(scopes.steps_of(target), statement.lineno, scope)
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=attr)) as call):
                if attr in METHODS:
                    self._changing(call, scope, once=once)
            case ast.Return(value=ast.expr() as value) if statement is scope.only_return:
                self._value(value, scope.path, scope)

    def _class(self, node: ast.ClassDef, scope: Scope, around: Scope) -> None:
        path = (*scope.path, node.name)
        if len(path) > _DEEPEST:
            return
        inner = Scope(path, scopes.bound_in(node.body, self._blocks.own(node.body)), around)
        inner.in_order = scopes.set_in_order(node.body, inner.bound)
        self._settle(inner, node.body, node.lineno, node.end_lineno)
        self._block(node.body, inner, around)
        for base in node.bases:
            steps = scopes.steps_of(base)
            owner = scope.owner(steps[0]) if len(steps) == 1 else None
            if owner is not None and steps[0] in owner.classes:
                self._findings.inherit(inner, owner.classes[steps[0]])
        if scope.bound[node.name] == 1:
            scope.classes[node.name] = inner
            scope.texts |= {(node.name, *steps): text for steps, text in inner.texts.items()}

    def _function(self, node: scopes.Function, path: Steps, outer: Scope) -> None:
        if len(path) > _DEEPEST:
            return
        own = self._blocks.own(node.body)
        scope = Scope(path, scopes.bound_in_function(node, own), outer)
        returned = [item for item in own if isinstance(item, ast.Return) and item.value is not None]
        self._settle(scope, node.body, node.lineno, node.end_lineno)
        scope.only_return = returned[0] if len(returned) == 1 else None
        self._block(node.body, scope, scope)
        values = [item.value for item in returned if item.value is not None]
        if len(values) > 1 and any(text_of(value, scope) is not None for value in values):
            lines = ", ".join(str(line) for line in sorted(item.lineno for item in returned))
            mend = "name the text of each `return`, `prompt = …`, and read that: `function.prompt`"
            self._findings.unclear(path, node.lineno, f"returns in several lines, {lines}", mend)

    def _assigned(self, target: ast.expr, value: ast.expr, scope: Scope) -> None:
        match target:
            case ast.Name(id=name):
                if scope.bound[name] == 1 or name in scope.in_order:
                    self._named(name, value, scope)
                if scope.bound[name] != 1:
                    self._hold(name, value, scope)
                    self._findings.set_again((*scope.path, name), target.lineno)
            case ast.Tuple(elts=targets) if isinstance(value, ast.Tuple):
                if len(targets) == len(value.elts):
                    for inner, item in zip(targets, value.elts, strict=True):
                        self._assigned(inner, item, scope)
            case ast.Attribute() | ast.Subscript():
                self._put(target, value, scope)

    def _put(self, target: ast.Attribute | ast.Subscript, value: ast.expr, scope: Scope) -> None:
        """`PROMPTS["key"] = …` and `self.prompt = …`."""
        steps = scopes.steps_of(target)
        if not steps:
            return
        if isinstance(target, ast.Subscript):
            for length in range(1, len(steps)):
                self._findings.touch(steps[:length], target.lineno, scope)
        owner = scope.owner(steps[0])
        path = (*(owner or scope).path, *steps)
        if path in self._findings:
            scope.texts.pop(steps, None)
            self._findings.set_again(path, target.lineno)
        elif owner is scope or isinstance(target, ast.Attribute):
            self._value(value, path, scope)

    def _named(self, name: str, value: ast.expr, scope: Scope) -> None:
        path = (*scope.path, name)
        if scope.is_settled((name,)) and scope.is_whole((name,)):
            scope.nodes[name] = value
        constant = self._tried(value, path, lambda: known(value, scope))
        if constant is None:
            scope.texts.pop((name,), None)
        else:
            scope.texts[name,] = constant
        self._value(value, path, scope)

    def _extended(
        self, name: str, value: ast.expr | None, node: ast.AugAssign, scope: Scope
    ) -> None:
        """`NAME += value`, in its place in the block; in a branch `value` is not told."""
        before, path = scope.nodes.get(name), (*scope.path, name)
        text = scope.texts.get((name,))
        if value is None or before is None or scope.bound[name] != 1:
            self._hold(name, node.value, scope, added=True)
            self._findings.touch((name,), node.lineno, scope)
            if scope.owner(name) is scope:
                self._findings.set_again(path, node.lineno)
        elif text is None:
            self._findings.forget(path)
            longer = ast.BinOp(left=before, op=ast.Add(), right=value)
            self._named(name, ast.copy_location(longer, before), scope)
        else:
            whole = self._tried(value, path, lambda: joined([text, value_of(value, scope)]))
            scope.texts[name,] = whole
            if whole is not None:
                self._findings.extend_text(path, whole)

    def _changing(self, call: ast.Call, scope: Scope, *, once: bool) -> None:
        """A method that changes a list; what is appended outside of branches is told."""
        function = call.func
        steps = scopes.steps_of(function.value) if isinstance(function, ast.Attribute) else ()
        before = scope.nodes.get(steps[0]) if len(steps) == 1 else None
        match function, before, call.args:
            case ast.Attribute(attr="append"), ast.List(elts=items), [item] if once:
                self._findings.forget((*scope.path, *steps))
                longer = ast.copy_location(ast.List(elts=[*items, item]), call)
                self._named(steps[0], longer, scope)
            case _:
                given = [*(before.elts if isinstance(before, ast.List) else ()), *call.args]
                for item in given if len(steps) == 1 else ():
                    self._hold(steps[0], item, scope, added=True)
                self._findings.touch(steps, call.lineno, scope)

    def _hold(self, name: str, node: ast.expr, scope: Scope, *, added: bool = False) -> None:
        """A name may stand for a text, or for a list that holds it."""
        path = (*scope.path, name)
        scope.hold(name, self._tried(node, path, lambda: text_of(node, scope)), added=added)

    def _tried(self, node: ast.expr, path: Steps, read: Callable[[], Any]) -> Any:
        """What `read` gives; None, and a problem under the name, where it raises."""
        try:
            return read()
        except TemplateError as error:
            line = max(error.line or 1, node.lineno)
            self._findings.unclear(path, line, error.what, error.mend)
            return None

    def _value(self, node: ast.expr, path: Steps, scope: Scope) -> None:
        if len(path) > _DEEPEST or self._findings.is_full:
            return
        text = self._tried(node, path, lambda: text_of(node, scope))
        if text is not None:
            said = {"role": None, "text": text, "language": None, "line": self._begins(node)}
            scope.texts[path[len(scope.path) :]] = text
            self._findings.add(path, node.lineno, [said], scope)
            return
        messages = self._tried(node, path, lambda: messages_of(node, scope, self._modules))
        if messages is not None:
            self._findings.add(path, node.lineno, messages, scope)
            return
        for key, value in _entries(node):
            self._value(value, (*path, key), scope)
        self._findings.add_unknown(path, node.lineno)

    def _begins(self, node: ast.expr) -> int:
        """The line in which a text begins; one that begins with a backslash begins in the next."""
        first = _first_literal(node)
        line = self._lines[first.lineno - 1] if first.lineno <= len(self._lines) else ""
        start = line.encode()[first.col_offset :].decode(errors="replace")
        return first.lineno + bool(_CONTINUED.match(start))


def _branches(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        yield getattr(statement, field, [])
    for inner in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield inner.body


def _entries(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value
        case ast.List(elts=items) | ast.Tuple(elts=items):
            for position, item in enumerate(items):
                yield str(position), item
        case ast.Call(keywords=keywords):
            for keyword in keywords:
                if keyword.arg:
                    yield keyword.arg, keyword.value
        case ast.Await(value=value):
            yield from _entries(value)


def _first_literal(node: ast.expr) -> ast.expr:
    while True:
        match node:
            case ast.BinOp(left=inner) | ast.Attribute(value=inner):
                node = inner
            case ast.Call(func=ast.Attribute(value=ast.Name()), args=[inner, *_]):
                node = inner
            case ast.Call(func=ast.Name(), args=[inner, *_]):
                node = inner
            case ast.Call(func=inner):
                node = inner
            case _:
                return node


def _refuse_encoding(text: str) -> None:
    """Refuse source that says it is not UTF-8, where that matters."""
    for number, line in enumerate(text.split("\n", 2)[:2], 1):
        said = _ENCODING.match(line)
        is_other = said and said[1].lower().replace("_", "-") not in {"utf-8", "utf8", "utf-8-sig"}
        if is_other and not text.isascii():
            what = f"the source says that its encoding is {said[1]}" if said else ""
            raise TemplateError(what, "save it as UTF-8", line=number)
