"""What Python source has IPython do: `get_ipython().run_line_magic("time", "ask()")`."""

import ast
import warnings
from collections.abc import Iterable, Iterator

from reviewbot.rendering.parsers._common.magics import sets_nothing, without_magics
from reviewbot.rendering.parsers.python_source import scopes
from reviewbot.rendering.parsers.python_source.scopes import Steps

_FUNCTION = "get_ipython"
_CLASS = "InteractiveShell"
_NAMED = {_FUNCTION, _CLASS}
_MOST_NAMES = 10
"""Names that stand for each other, one behind the other."""

_LONGEST_CHAIN = 20
"""Attributes, keys and calls behind each other; real code has a few, and each is looked at anew."""

_HARMLESS = {
    *("system", "system_piped", "system_raw", "getoutput", "config", "__class__", "events"),
    *("register_magics", "register_magic_function", "find_magic", "find_line_magic"),
    *("find_cell_magic", "enable_matplotlib", "enable_gui", "set_next_input", "set_custom_exc"),
    *("showtraceback", "execution_count", "display_formatter", "history_manager"),
}
"""What a shell is asked for that sets no name of the notebook."""

_LOOKING = {"type", "isinstance", "hasattr", "print", "str", "repr", "bool", "id"}
"""Functions that only look at a shell."""


class Shell:
    """What stands for the running IPython in a file: `get_ipython()`, and names set to it.

    `is_used` says that the file speaks of it at all.
    """

    def __init__(self, nodes: Iterable[ast.AST]) -> None:
        nodes = [*nodes]
        self._functions = {_FUNCTION}
        self._names: set[Steps] = set()
        self.is_used = any(map(_mentions, nodes))
        if self.is_used:
            self._read(nodes)

    def run_by(self, node: ast.AST) -> list[ast.AST] | None:
        """The nodes of the Python that an expression has IPython run; None where it may be any."""
        if not self.is_used or not isinstance(node, ast.Call | ast.Attribute):
            return []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            method = node.func
            if self._is_shell(method.value) and method.attr not in _HARMLESS:
                return None if self._is_given(node) else _run(method.attr, node)
        inner: ast.expr = node
        for _ in range(_LONGEST_CHAIN):
            if not isinstance(inner, ast.Attribute | ast.Subscript | ast.Call):
                return []
            if isinstance(inner, ast.Call):
                if self._is_given(inner):
                    return None
                inner = inner.func
                continue
            if isinstance(inner, ast.Attribute) and self._is_shell(inner.value):
                return [] if inner.attr in _HARMLESS else None
            inner = inner.value
        return None

    def _is_given(self, node: ast.Call) -> bool:
        """Whether a call is given the shell, and may do anything with it."""
        given = (*node.args, *(item.value for item in node.keywords))
        return scopes.dotted(node.func) not in _LOOKING and any(map(self._is_shell, given))

    def _read(self, nodes: list[ast.AST]) -> None:
        """Learn the names."""
        for node in nodes:
            if isinstance(node, ast.ImportFrom):
                found = (item.asname for item in node.names if item.name == _FUNCTION)
                self._functions.update(name for name in found if name)
        pairs = [pair for node in nodes for pair in _set_by(node)]
        for _ in range(_MOST_NAMES):
            before = len(self._names) + len(self._functions)
            for target, value in pairs:
                steps = scopes.steps_of(target)
                if steps and self._is_shell(value):
                    self._names.add(steps)
                elif steps and scopes.dotted(value).rpartition(".")[2] in self._functions:
                    self._functions.add(steps[-1])
            if len(self._names) + len(self._functions) == before:
                break

    def _is_shell(self, node: ast.expr) -> bool:
        match node:
            case ast.Call(func=func):
                name = scopes.dotted(func)
                is_instance = name.endswith(f"{_CLASS}.instance")
                return is_instance or name.rpartition(".")[2] in self._functions
            case ast.NamedExpr(value=value):
                return self._is_shell(value)
            case ast.BoolOp(values=values):
                return any(map(self._is_shell, values))
            case ast.IfExp(body=one, orelse=other):
                return self._is_shell(one) or self._is_shell(other)
            case _:
                return scopes.steps_of(node) in self._names


def _mentions(node: ast.AST) -> bool:
    kind = type(node)
    if kind is ast.Name:
        name = node.id  # type: ignore[attr-defined]
    elif kind is ast.Attribute:
        name = node.attr  # type: ignore[attr-defined]
    elif kind is ast.alias:
        name = node.name  # type: ignore[attr-defined]
    else:
        return False
    return name in _NAMED


def _set_by(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                match target, value:
                    case ast.Tuple(elts=names), ast.Tuple(elts=values):
                        yield from zip(names, values, strict=False)
                    case _:
                        yield target, value
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield target, value
        case ast.NamedExpr(target=target, value=value):
            yield target, value


def _run(method: str, node: ast.Call) -> list[ast.AST] | None:
    """The nodes of what a magic does that a method is called for."""
    given = [item.value if isinstance(item, ast.Constant) else None for item in node.args]
    match method, [] if node.keywords else given:
        case "run_line_magic", [str(name), str(rest)] if name.isidentifier():
            text = f"%{name} {rest}"
        case "run_line_magic", [str(name), _] if sets_nothing(name):
            return []
        case "run_cell_magic", [str(name), str(rest), str(cell)] if name.isidentifier():
            text = f"%%{name} {rest}\n{cell}"
        case "magic", [str(line)]:
            text = f"%{line.lstrip('%')}"
        case _:
            return None
    code = "\n".join(line for _, line in without_magics([*enumerate(text.split("\n"), 1)]))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return [inner for item in body if not isinstance(item, ast.Pass) for inner in ast.walk(item)]
