"""The text of a name in Python source, by Python's own parser and its own `str`; nothing is run."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

_METHODS = {
    *("strip", "lstrip", "rstrip", "replace", "join", "removeprefix", "removesuffix"),
    *("format", "lower", "upper"),
}
_FUNCTIONS = {"dedent": textwrap.dedent, "cleandoc": inspect.cleandoc}
_ROLES = {
    "human": "user",
    "user": "user",
    "HumanMessage": "user",
    "HumanMessagePromptTemplate": "user",
    "system": "system",
    "SystemMessage": "system",
    "SystemMessagePromptTemplate": "system",
    "ai": "assistant",
    "assistant": "assistant",
    "AIMessage": "assistant",
    "AIMessagePromptTemplate": "assistant",
}
_CONVERSIONS: Mapping[int, Callable[[Any], Any]] = {
    -1: lambda value: value,
    97: ascii,
    114: repr,
    115: str,
}
"""By the numbers that `ast.FormattedValue` has for them."""


class NotLiteralError(Exception):
    """Something that only running the program would tell."""


def evaluate(source: str, name: str, variables: Mapping[str, Any]) -> str | list[tuple[str, str]]:
    """The text at `name` (`NAME`, `Class.attribute`, `TABLE["key"]`, `function`).

    A list of messages gives pairs of role and text. Placeholders of f-strings are looked up among
    the module's constants first, then among `variables`, by their source text.
    """
    tree = ast.parse(source)
    return _Module(tree, variables).text(_find(tree, name))


def _find(tree: ast.Module, name: str) -> ast.expr:
    wanted = _normal(name)
    found = _named(tree.body, "").get(wanted)
    if found is None:
        raise NotLiteralError(f"nothing is called {name}")
    return found


def _normal(name: str) -> str:
    """`TABLE["key"]` and `TABLE.key` are the same name."""
    return name.replace('["', ".").replace("['", ".").replace('"]', "").replace("']", "")


def _named(body: list[ast.stmt], prefix: str) -> dict[str, ast.expr]:
    """The values by their names; the last assignment counts, as at run time."""
    found: dict[str, ast.expr] = {}
    for statement in body:
        match statement:
            case ast.Assign(targets=[target], value=value):
                found[prefix + _normal(ast.unparse(target))] = value
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                found[prefix + _normal(ast.unparse(target))] = value
            case ast.ClassDef(name=name, body=inner):
                found |= _named(inner, f"{prefix}{name}.")
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                returned = [n.value for n in ast.walk(statement) if isinstance(n, ast.Return)]
                if len(returned) == 1 and returned[0] is not None:
                    found[prefix + name] = returned[0]
    return found


class _Module:
    def __init__(self, tree: ast.Module, variables: Mapping[str, Any]) -> None:
        self._constants = _named(tree.body, "")
        self._variables = variables

    def text(self, node: ast.expr) -> str | list[tuple[str, str]]:
        if isinstance(node, ast.List | ast.Tuple):
            return [message for item in node.elts for message in self._messages(item)]
        if isinstance(node, ast.Call) and _called(node) not in _METHODS | _FUNCTIONS.keys():
            return self._call(node)
        return self._string(node)

    def _string(self, node: ast.expr) -> str:
        try:
            value = ast.literal_eval(node)
        except ValueError:
            value = self._computed(node)
        if not isinstance(value, str):
            raise NotLiteralError(f"line {node.lineno} is no text")
        return value

    def _computed(self, node: ast.expr) -> Any:
        match node:
            case ast.JoinedStr(values=parts):
                return "".join(map(self._part, parts))
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._string(left) + self._string(right)
            case ast.Name(id=name) if name in self._constants:
                return self._string(self._constants[name])
            case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in _METHODS:
                return getattr(self._string(value), attr)(
                    *map(self._argument, node.args),
                    **{k.arg: self._argument(k.value) for k in node.keywords if k.arg},
                )
            case ast.Call(args=[value]) if _called(node) in _FUNCTIONS:
                return _FUNCTIONS[_called(node)](self._string(value))
        raise NotLiteralError(f"line {node.lineno}: {ast.unparse(node)[:80]}")

    def _argument(self, node: ast.expr) -> Any:
        if isinstance(node, ast.List | ast.Tuple):
            return [self._string(item) for item in node.elts]
        return self._string(node)

    def _part(self, node: ast.expr) -> str:
        if not isinstance(node, ast.FormattedValue):
            return self._string(node)
        source = ast.unparse(node.value)
        if source in self._constants:
            value: Any = self._string(self._constants[source])
        else:
            value = self._variables[source]
        converted = _CONVERSIONS[node.conversion](value)
        spec = self._computed(node.format_spec) if node.format_spec else ""
        return format(converted, spec)

    def _call(self, node: ast.Call) -> str | list[tuple[str, str]]:
        """A prompt template's constructor: its `template`, or its messages."""
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        for key in ("messages", "message_templates", "template", "content"):
            if key in keywords:
                return self.text(keywords[key])
        if not node.args:
            raise NotLiteralError(f"line {node.lineno}: {ast.unparse(node)[:80]}")
        return self.text(node.args[0])

    def _messages(self, node: ast.expr) -> list[tuple[str, str]]:
        match node:
            case ast.Tuple(elts=[role, content]):
                name = self._string(role)
                return [(_ROLES.get(name, name), self._string(content))]
            case ast.Dict(keys=keys, values=values):
                pairs = zip(keys, values, strict=True)
                given = {ast.literal_eval(key): value for key, value in pairs if key}
                return [(self._string(given["role"]), self._string(given["content"]))]
            case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
                named = {keyword.arg: keyword.value for keyword in keywords}
                return [(self._string(named["role"]), self._string(named["content"]))]
            case ast.Call():
                parts = ast.unparse(node.func).split(".")
                role_name = next((part for part in parts if part in _ROLES), None)
                called = self._call(node)
                if role_name is None or not isinstance(called, str):
                    raise NotLiteralError(f"line {node.lineno}: {ast.unparse(node)[:80]}")
                return [(_ROLES[role_name], called)]
        return [("user", self._string(node))]


def _called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
