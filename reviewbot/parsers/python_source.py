"""The prompts in Python source, found by its syntax tree; no code is run.

They are texts and lists of messages that stand under a name: module constants, class attributes
(`Class.NAME`), local names of a function (`function.name`), what a function returns (`function`),
and entries of dictionaries and lists (`NAME.key`, `NAME.0`).
"""

import ast
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from reviewbot.parsers._python_messages import messages_of
from reviewbot.parsers._python_values import Scope, Text, dotted, text_of
from reviewbot.prompts import TemplateError

_MOST_NAMES = 5_000
_DEEPEST = 8
"""Classes, functions and entries within each other."""


def parse(text: str) -> dict[str, Any]:
    """Each prompt by its selector: its `messages`, and the `line` that it begins in.

    One that the source does not tell has `problem` in their place: what is wrong. `formatted` are
    the names on which `.format` is called.
    """
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        what = f"this is not Python: {error.msg}"
        raise TemplateError(what, "correct it; Python 3.11 reads it", line=error.lineno) from None
    except ValueError as error:
        raise TemplateError(f"this is not Python: {error}", "correct it", line=1) from None
    finder = _Finder(_imported(tree))
    finder.block(tree.body, (), finder.scope({}), of_class=False)
    return {"prompts": finder.found, "formatted": sorted(_formatted(tree))}


class _Finder:
    def __init__(self, modules: Mapping[str, str]) -> None:
        self.found: dict[str, Any] = {}
        self._modules = modules

    @staticmethod
    def scope(names: Mapping[str, Text | None], outer: Scope | None = None) -> Scope:
        """What names stand for in a block, else in the one around it."""

        def look_up(name: str) -> Text | None:
            if name in names:
                return names[name]
            return outer(name) if outer is not None else None

        return look_up

    def block(
        self, body: Iterable[ast.stmt], path: tuple[str, ...], outer: Scope, *, of_class: bool
    ) -> None:
        """Find the prompts in a module, a function or a class, whose names its methods lack."""
        if len(path) > _DEEPEST:
            return
        names: dict[str, Text | None] = {}
        scope = self.scope(names, outer)
        around = outer if of_class else scope
        for statement in body:
            match statement:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        self._assigned(target, value, path, scope, names)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    self._assigned(target, value, path, scope, names)
                case ast.AugAssign(target=ast.Name(id=name)):
                    names[name] = None
                    self._unclear(path, name, statement)
                case ast.ClassDef(name=name):
                    self.block(statement.body, (*path, name), around, of_class=True)
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    self._function(statement, (*path, name), around)
                case ast.If() | ast.Try() | ast.With() | ast.For() | ast.While() | ast.Match():
                    self._branch(statement, path, names)

    def _assigned(
        self,
        target: ast.expr,
        value: ast.expr,
        path: tuple[str, ...],
        scope: Scope,
        names: dict[str, Text | None],
    ) -> None:
        match target:
            case ast.Name(id=name):
                text = text_of(value, scope)
                if name in names and names[name] != text:
                    names[name] = None
                    self._unclear(path, name, target)
                    return
                names[name] = text
                self._value(value, (*path, name), scope)
            case ast.Subscript(value=container, slice=ast.Constant(value=str() as key)):
                if name := dotted(container):
                    self._value(value, (*path, *name.split("."), key), scope)

    def _value(self, node: ast.expr, path: tuple[str, ...], scope: Scope) -> None:
        if len(path) > _DEEPEST or len(self.found) >= _MOST_NAMES:
            return
        text = text_of(node, scope)
        if text is not None:
            said = {"role": None, "text": text, "language": None, "line": node.lineno}
            self._add(path, node, [said])
            return
        messages = messages_of(node, scope, self._modules)
        if messages is not None:
            self._add(path, node, messages)
            return
        match node:
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        self._value(value, (*path, key.value), scope)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                for position, item in enumerate(items):
                    self._value(item, (*path, str(position)), scope)

    def _function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, path: tuple[str, ...], outer: Scope
    ) -> None:
        arguments = node.args
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        own: dict[str, Text | None] = {argument.arg: None for argument in every}
        scope = self.scope(own, outer)
        self.block(node.body, path, scope, of_class=False)
        stored = Counter(_stored(node))
        names: dict[str, Text | None] = dict.fromkeys(stored)
        inner = self.scope(names, scope)
        for statement in node.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if stored[name] == 1:
                    names[name] = text_of(value, inner)
        returned = [item.value for item in _returns(node) if item.value is not None]
        if len(returned) == 1:
            self._value(returned[0], path, inner)
        elif any(text_of(value, inner) is not None for value in returned):
            self._unclear(path[:-1], path[-1], node, f"returns in {len(returned)} places")

    def _branch(
        self, statement: ast.stmt, path: tuple[str, ...], names: dict[str, Text | None]
    ) -> None:
        """What is assigned in a branch is known only when the program runs."""
        for name in _stored(statement):
            names[name] = None
            self._unclear(path, name, statement)

    def _add(self, path: tuple[str, ...], node: ast.expr, messages: list[Any]) -> None:
        self.found[selector(path)] = {"line": node.lineno, "messages": messages}

    def _unclear(
        self, path: tuple[str, ...], name: str, node: ast.stmt | ast.expr, why: str = ""
    ) -> None:
        if len(self.found) < _MOST_NAMES:
            what = why or "is set in several places or under a condition"
            self.found[selector((*path, name))] = {"line": node.lineno, "problem": what}


def selector(path: Iterable[str]) -> str:
    """The path of names as the configuration writes it: names with a dot stand in quotes."""
    return ".".join(f'"{name}"' if "." in name or not name else name for name in path)


def _stored(node: ast.AST) -> list[str]:
    return [
        item.id
        for item in ast.walk(node)
        if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)
    ]


def _returns(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.Return]:
    """The return statements of a function, without those of functions in it."""
    found: list[ast.Return] = []
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        item = waiting.pop()
        if isinstance(item, ast.Return):
            found.append(item)
        elif not isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(item)
    return found


def _imported(tree: ast.Module) -> dict[str, str]:
    """Where the names that a module imports come from: `{"Template": "string.Template"}`."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for item in node.names:
                found[item.asname or item.name] = f"{node.module or ''}.{item.name}"
        elif isinstance(node, ast.Import):
            for item in node.names:
                if item.asname:
                    found[item.asname] = item.name
    return found


def _formatted(tree: ast.Module) -> set[str]:
    """The last names on which `.format` is called."""
    return {
        dotted(node.func.value).rpartition(".")[2]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"format", "format_map"}
        and dotted(node.func.value)
    }
