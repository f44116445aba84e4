"""Reads what is put under a name: a text, messages, or entries that have names of their own."""

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.requests import RUNS, SETTINGS
from reviewbot.rendering.parsers.python_source import calls
from reviewbot.rendering.parsers.python_source.conditions import text_of_whole
from reviewbot.rendering.parsers.python_source.findings import Findings
from reviewbot.rendering.parsers.python_source.loaded_data import written_out
from reviewbot.rendering.parsers.python_source.messages import messages_of, pairs_of
from reviewbot.rendering.parsers.python_source.parsed import Parsed
from reviewbot.rendering.parsers.python_source.requests import sent_by
from reviewbot.rendering.parsers.python_source.scopes import (
    RefusedImportError,
    Scope,
    Steps,
    steps_of,
)

DEEPEST = 8
"""Classes, functions and entries within each other."""

ANY_KEY = "*"
"""Stands for a key that only the running program knows."""

_CONTINUED = re.compile(r"[a-zA-Z]{0,2}(\"\"\"|''')\\$")


class NamedValues:
    """Puts what stands under the names of a file into `findings`."""

    def __init__(self, findings: Findings, source: Parsed) -> None:
        self._findings = findings
        self._source = source

    def tried(self, node: ast.expr, path: Steps, read: Callable[[], Any]) -> Any:
        """What `read` gives; None, and a problem under the name, where it raises."""
        try:
            return read()
        except TemplateError as error:
            line = max(error.line or 1, node.lineno)
            self._findings.unclear(path, line, error.what, error.mend)
            if isinstance(error, RefusedImportError):
                self._findings.refused[path] = error
            return None

    def read(
        self, node: ast.expr, path: Steps, scope: Scope, call: calls.Call = calls.NO_CALL
    ) -> None:
        """Read the value of the name at `path`, and of its entries; `call` is what gets it."""
        if len(path) > DEEPEST or self._findings.is_full:
            return
        node = written_out(node)
        if isinstance(node, ast.Lambda) and calls.call_in(node.body) is not None:
            node = node.body
        text = self.tried(node, path, lambda: text_of_whole(node, scope))
        if text is not None:
            said = {"role": None, "text": text, "language": None, "line": self._begins(node)}
            scope.texts[path[len(scope.path) :]] = text
            self._findings.add(path, node.lineno, [said], scope, call)
            self._findings.use(path, steps_of(node), scope, call)
            return
        messages = self.tried(node, path, lambda: self._messages(node, scope, call))
        if messages is not None:
            self._findings.add(path, node.lineno, messages, scope, call)
            self._findings.use(path, steps_of(node), scope, call)
            return
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            self._chain(node, path, scope)
        node = calls.behind_result(node)
        made = calls.call_in(node)
        if made is not None:
            call = self._sent(made, path, scope, call)
            if isinstance(earlier := calls.behind_result(made.func), ast.Call):
                self.read(earlier, path, scope)
        elif isinstance(node, ast.Dict) and not (
            path[-1] in SETTINGS and call is not calls.NO_CALL
        ):
            call = calls.of_request(node, scope, call)
        for key, value in _entries(node):
            inner = (*path, key)
            self.read(value, self._findings.take(inner) if key == ANY_KEY else inner, scope, call)
        self._findings.add_unknown(path, node.lineno)

    def _messages(self, node: ast.expr, scope: Scope, call: calls.Call) -> Any:
        found = messages_of(node, scope, self._source.libraries)
        is_run = found is None and call.callee in RUNS
        return pairs_of(node, scope, self._source.libraries) if is_run else found

    def _sent(self, made: ast.Call, path: Steps, scope: Scope, around: calls.Call) -> calls.Call:
        """What a call says, and all that it sends as one prompt; settings belong to `around`."""
        if path[-1] in SETTINGS and around is not calls.NO_CALL:
            return around
        call = calls.about(made, scope)
        messages = self.tried(made, path, lambda: sent_by(made, scope, self._source.libraries))
        if messages is not None:
            self._findings.add(path, made.lineno, messages, scope, call)
        return call

    def _chain(self, node: ast.BinOp, path: Steps, scope: Scope) -> None:
        """`prompt | model | parser`: what stands in the chain is given to its model."""
        call = calls.settings_within(node, scope)
        waiting: list[ast.expr] = [node]
        while waiting:
            match waiting.pop():
                case ast.BinOp(op=ast.BitOr(), left=left, right=right):
                    waiting += [right, left]
                case ast.Name() | ast.Attribute() as part:
                    self._findings.add_unknown(path, node.lineno)
                    self._findings.use(path, steps_of(part), scope, call)
                case ast.Call() as part if path not in self._findings:
                    self.read(part, path, scope, call)

    def _begins(self, node: ast.expr) -> int:
        """The line in which a text begins; one that begins with a backslash begins in the next."""
        first = _first_literal(node)
        lines = self._source.lines
        line = lines[first.lineno - 1] if first.lineno <= len(lines) else ""
        start = line.encode()[first.col_offset :].decode(errors="replace")
        return first.lineno + bool(_CONTINUED.match(start))


def _entries(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value
                elif key is not None:
                    yield ANY_KEY, value
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.BoolOp(values=items):
            for position, item in enumerate(items):
                yield str(position), item
        case ast.Call():
            yield from _arguments(node)
        case ast.Lambda(body=value):
            yield "return", value
        case ast.Await(value=value):
            yield from _entries(value)


def _arguments(node: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """What a call is given, by name or by position; names that stand for it elsewhere are not."""
    for position, argument in enumerate(node.args):
        inner = argument.body if isinstance(argument, ast.Lambda) else argument
        given = calls.behind_result(inner)
        if isinstance(given, _WRITTEN) and not _is_short(given):
            yield str(position), argument
    for keyword in node.keywords:
        if keyword.arg:
            yield keyword.arg, keyword.value


_WRITTEN = (ast.Constant, ast.JoinedStr, ast.BinOp, ast.Call, ast.List, ast.Dict)
_SHORT = 40


def _is_short(node: ast.expr) -> bool:
    """Whether a positional argument is too short to be more than a name."""
    if not isinstance(node, ast.Constant):
        return False
    return not isinstance(node.value, str) or len(node.value) < _SHORT


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
