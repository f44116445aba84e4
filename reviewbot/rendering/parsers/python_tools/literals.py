"""Values that Python source writes out: texts, numbers, lists and dictionaries of them."""

import ast
import inspect
import textwrap
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers.python_source.scopes import steps_of
from reviewbot.rendering.parsers.python_tools.names import Names

_MEND = "write it out, or keep it in a file of tool definitions"
_LONGEST_CHAIN = 50
_MOST_CHARACTERS = 1_000_000


class Literals:
    """Reads values; `names` are those of the file and of what it imports."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def value(self, node: ast.expr, depth: int = 0) -> Any:  # noqa: C901 - a case a kind
        """The value of an expression.

        Raises:
            TemplateError: Only the running program knows it.
        """
        if depth > _LONGEST_CHAIN:
            raise unknown(node)
        found: Any
        match node:
            case ast.Constant(value=str() | int() | float() | None as found):
                pass
            case ast.List(elts=items) | ast.Tuple(elts=items):
                found = [self.value(item, depth + 1) for item in items]
            case ast.Dict(keys=keys, values=values):
                found = {}
                for key, value in zip(keys, values, strict=True):
                    inner = self.value(value, depth + 1)
                    found |= inner if key is None else {self._key(key, depth): inner}
            case ast.Name(id=name) if name in self._names.constants:
                held = self._names.constants[name]
                self._names.refuse_changed((name,), held)
                found = self.value(held, depth + 1)
            case ast.Name() | ast.Attribute():
                if (found := self._names.text(steps_of(node))) is None:
                    raise unknown(node)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                found = -number
            case ast.Call(func=ast.Name(id="dict"), args=[], keywords=given):
                found = {item.arg or "": self.value(item.value, depth + 1) for item in given}
            case _:
                found = self._text(node, depth)
        return found

    def _key(self, node: ast.expr, depth: int) -> str:
        key = self.value(node, depth + 1)
        if not isinstance(key, str):
            raise unknown(node)
        return key

    def _text(self, node: ast.expr, depth: int) -> Any:
        match node:
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                found = self.value(left, depth + 1), self.value(right, depth + 1)
                if type(found[0]) is type(found[1]) and isinstance(found[0], str | list):
                    return _bounded(found[0] + found[1], node)
            case ast.JoinedStr(values=values):
                parts = [
                    self.value(
                        part.value if isinstance(part, ast.FormattedValue) else part, depth + 1
                    )
                    for part in values
                ]
                if all(isinstance(part, str | int) for part in parts):
                    return _bounded("".join(map(str, parts)), node)
            case ast.Call(func=ast.Attribute(attr="strip", value=inner), args=[]):
                if isinstance(text := self.value(inner, depth + 1), str):
                    return text.strip()
            case ast.Call(
                func=ast.Name(id="dedent" | "cleandoc" as name)
                | ast.Attribute(attr="dedent" | "cleandoc" as name),
                args=[inner],
            ):
                if isinstance(text := self.value(inner, depth + 1), str):
                    return textwrap.dedent(text) if name == "dedent" else inspect.cleandoc(text)
            case _:
                pass
        raise unknown(node)


def _bounded(value: Any, node: ast.expr) -> Any:
    if len(value) > _MOST_CHARACTERS:
        raise unknown(node)
    return value


def unknown(node: ast.expr) -> TemplateError:
    """The error about what only the running program can tell."""
    what = f"holds what is known only when the program runs, `{ast.unparse(node)[:60]}`"
    return TemplateError(what, _MEND, line=node.lineno)
