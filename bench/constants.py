"""The text of a name in Python source, by Python's own parser and its own `str`; nothing is run.

Only operations on texts are done. What else a text is made of is looked up among the variables by
its source text, as `{len(items)}` of an f-string.
"""

import ast
import inspect
import re
import string
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bindings import STEP, Scope, at, collect, dotted

_METHODS = {"strip", "lstrip", "rstrip", "replace", "join", "format"}
_FUNCTIONS = {"dedent": textwrap.dedent, "cleandoc": inspect.cleandoc}
_ROLES = {
    **dict.fromkeys(("human", "user", "HumanMessage", "HumanMessagePromptTemplate"), "user"),
    **dict.fromkeys(("system", "SystemMessage", "SystemMessagePromptTemplate"), "system"),
    **dict.fromkeys(("ai", "assistant", "AIMessage", "AIMessagePromptTemplate"), "assistant"),
}
_LANGUAGES = {"f-string": "str-format", "jinja2": "jinja", "mustache": "mustache"}
_CONVERSIONS: Mapping[int, Callable[[Any], Any]] = {97: ascii, 114: repr, 115: str}
"""By the numbers that `ast.FormattedValue` has for them."""

Texts = list[tuple[str | None, str, str | None]]
"""Role, text, and the language that its class fills it with; None where it says neither."""


class NotLiteralError(Exception):
    """Something that only running the program would tell."""


def evaluate(source: str, name: str, variables: Mapping[str, Any]) -> Texts:
    """The messages at `name` (`NAME`, `Class.attribute`, `TABLE.key`, `function.local`)."""
    tree = ast.parse(source)
    scope = Scope()
    collect(tree.body, scope)
    steps = [quoted or plain for quoted, plain in STEP.findall(name)]
    found = at(steps, scope)
    if found is None:
        raise NotLiteralError(f"nothing is called {name}")
    reader = _Reader(variables, source)
    return reader.texts(*found)


class Formatter(string.Formatter):
    """Python's own; what is empty stays so with `!r`, and `{}` is the variable `0`."""

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """A value by its position or its name."""
        if isinstance(key, int) and key >= len(args):
            return kwargs[str(key)]
        return super().get_value(key, args, kwargs)

    def convert_field(self, value: Any, conversion: Any) -> Any:
        """The value by its conversion."""
        if getattr(value, "is_empty", False):
            return value
        return super().convert_field(value, conversion)


class _Reader:
    def __init__(self, variables: Mapping[str, Any], source: str) -> None:
        self._variables = variables
        self._format = "llama-index" if "llama_index" in source else "str-format"
        is_jinja = re.search(r"from jinja2 import .*\bTemplate\b", source)
        self._of_template = "jinja" if is_jinja else "string-template"

    def texts(self, node: ast.expr, scope: Scope) -> Texts:  # noqa: PLR0911 - a return for each kind of expression
        """The messages that an expression gives; a text is one without a role."""
        match node:
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return self._messages(items, scope, None)
            case ast.BinOp(op=ast.Add(), left=left, right=right) if ast.List in {
                type(left),
                type(right),
            }:
                return [item for side in (left, right) for item in self._several(side, scope)]
            case ast.Call(func=ast.Attribute(value=ast.Call() as inner, attr="partial")):
                return self.texts(inner, scope)
            case ast.Call() if _called(node) in _METHODS | _FUNCTIONS.keys():
                return [(None, self._string(node, scope), None)]
            case ast.Call(func=ast.Name(id="dict" | "ChatMessage")) | ast.Dict():
                return [self._message(node, scope, None)]
            case ast.Call():
                return self._template(node, scope)
            case ast.Name(id=name) if found := scope.find(name, node.lineno):
                return self.texts(*found)
            case _:
                return [(None, self._string(node, scope), None)]

    def _template(self, node: ast.Call, scope: Scope) -> Texts:
        """A prompt template: its messages, or its text."""
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        names = ast.unparse(node.func).split(".")
        language = self._format
        if "template_format" in given:
            language = _LANGUAGES[self._string(given["template_format"], scope)]
        if {"RichPromptTemplate", "PromptBuilder", "jinja2"} & {*names}:
            language = "jinja"
        elif names[-1] == "Template":
            language = self._of_template
        listed = given.get("messages", given.get("message_templates"))
        if listed is None and names[-1] != "from_template" and "ChatPromptTemplate" in names:
            listed = node.args[0]
        if listed is not None:
            return self._listed(listed, scope, language)
        role = next((_ROLES[part] for part in names if part in _ROLES), None)
        if "ChatPromptTemplate" in names:
            role = "user"
        is_literal = any(part.endswith("Message") for part in names)
        text = next((given[key] for key in ("template", "content", "prompt") if key in given), None)
        if text is None:
            text = node.args[0] if node.args else None
        if text is None:
            raise NotLiteralError(f"line {node.lineno}: {ast.unparse(node)[:80]}")
        return [(role, self._string(text, scope), None if is_literal else language)]

    def _listed(self, node: ast.expr, scope: Scope, language: str) -> Texts:
        while isinstance(node, ast.Name) and (found := scope.find(node.id, node.lineno)):
            node, scope = found
        if not isinstance(node, ast.List | ast.Tuple):
            raise NotLiteralError(f"line {node.lineno}: {ast.unparse(node)[:80]}")
        return self._messages(node.elts, scope, language)

    def _messages(self, items: list[ast.expr], scope: Scope, language: str | None) -> Texts:
        found: Texts = []
        for item in items:
            if isinstance(item, ast.Starred):
                found += self._several(item.value, scope)
            elif isinstance(item, ast.Call) and _called(item) == "MessagesPlaceholder":
                name = {k.arg: k.value for k in item.keywords}.get("variable_name") or item.args[0]
                found += _history(self._variables[self._string(name, scope)])
            elif isinstance(item, ast.Tuple) and self._is_placeholder(item, scope):
                found += _history(self._variables[self._string(item.elts[1], scope).strip("{}")])
            else:
                found.append(self._message(item, scope, language))
        return found

    def _is_placeholder(self, node: ast.Tuple, scope: Scope) -> bool:
        return len(node.elts) == 2 and self._value(node.elts[0], scope) == "placeholder"

    def _several(self, node: ast.expr, scope: Scope) -> Texts:
        """Messages that are put into a list: those of another list, or earlier ones."""
        while isinstance(node, ast.Name) and (found := scope.find(node.id, node.lineno)):
            node, scope = found
        if isinstance(node, ast.List):
            return self._messages(node.elts, scope, None)
        return _history(self._variables[ast.unparse(node)])

    def _message(
        self, node: ast.expr, scope: Scope, language: str | None
    ) -> tuple[str | None, str, str | None]:
        match node:
            case ast.Tuple(elts=[role, content]):
                said = self._string(role, scope)
                return _ROLES.get(said, said), self._string(content, scope), language
            case ast.Dict(keys=keys, values=values):
                pairs = zip(keys, values, strict=True)
                given = {ast.literal_eval(key): value for key, value in pairs if key}
                return self._of(given, scope, language)
            case ast.Call(func=ast.Name(id="dict" | "ChatMessage"), keywords=keywords):
                named = {keyword.arg: keyword.value for keyword in keywords if keyword.arg}
                return self._of(named, scope, language)
            case ast.Name(id=name) if found := scope.find(name, node.lineno):
                return self._message(*found, language)
            case _:
                (found_one,) = self.texts(node, scope)
                return found_one

    def _of(
        self, given: Mapping[str, ast.expr], scope: Scope, language: str | None
    ) -> tuple[str | None, str, str | None]:
        role = given["role"]
        said = role.attr.lower() if isinstance(role, ast.Attribute) else self._string(role, scope)
        return _ROLES.get(said, said), self._content(given["content"], scope), language

    def _content(self, node: ast.expr, scope: Scope) -> str:
        """A text, or a list of parts."""
        if not isinstance(node, ast.List):
            return self._string(node, scope)
        parts = [part for part in node.elts if isinstance(part, ast.Dict)]
        given = [
            {ast.literal_eval(k): v for k, v in zip(part.keys, part.values, strict=True) if k}
            for part in parts
        ]
        return "".join(self._string(part["text"], scope) for part in given if "text" in part)

    def _string(self, node: ast.expr, scope: Scope) -> str:
        value = self._value(node, scope)
        if not isinstance(value, str):
            raise NotLiteralError(f"line {node.lineno} is no text")
        return value

    def _value(self, node: ast.expr, scope: Scope) -> Any:  # noqa: C901, PLR0911 - a return for each kind of expression
        """What a text operation gives; anything else is a variable."""
        match node:
            case ast.Constant(value=value):
                return value
            case ast.JoinedStr(values=parts):
                return "".join(self._part(part, scope) for part in parts)
            case ast.BinOp(op=ast.Add(), left=left, right=right) if self._is_text(node, scope):
                return str(self._value(left, scope)) + str(self._value(right, scope))
            case ast.BinOp(op=ast.Mult(), left=left, right=right) if self._is_text(node, scope):
                return self._value(left, scope) * self._value(right, scope)
            case ast.BinOp(op=ast.Mod(), left=left, right=right) if self._is_text(left, scope):
                return self._string(left, scope) % self._arguments(right, scope)
            case ast.Name() | ast.Attribute() | ast.Subscript():
                found = self._named(node, scope)
                if found is not None and self._is_known(*found):
                    return self._value(*found)
            case ast.Call(func=ast.Attribute(value=value, attr=attr)) if (
                attr in _METHODS and self._is_text(node, scope)
            ):
                given = [self._argument(item, scope) for item in node.args]
                named = {k.arg: self._argument(k.value, scope) for k in node.keywords if k.arg}
                if attr == "format":
                    return Formatter().vformat(self._string(value, scope), given, named)
                return getattr(self._string(value, scope), attr)(*given, **named)
            case ast.Call(args=[value]) if _called(node) in _FUNCTIONS:
                return _FUNCTIONS[_called(node)](self._string(value, scope))
        return self._variables[ast.unparse(node)]

    def _named(self, node: ast.expr, scope: Scope) -> tuple[ast.expr, Scope] | None:
        if isinstance(node, ast.Name):
            return scope.find(node.id, node.lineno)
        steps = [quoted or plain for quoted, plain in STEP.findall(dotted(node))]
        around: Scope | None = scope
        while around is not None and steps[0] not in around.unknown:
            found = at(steps, around)
            if found is not None:
                return found
            around = around.outer
        return None

    def _is_known(self, node: ast.expr, scope: Scope) -> bool:
        return isinstance(node, ast.Constant) or self._is_text(node, scope)

    def _is_text(self, node: ast.expr, scope: Scope) -> bool:  # noqa: PLR0911 - a return for each kind of expression
        """Whether an expression is evidently a text."""
        match node:
            case ast.Constant(value=value):
                return isinstance(value, str)
            case ast.JoinedStr():
                return True
            case ast.BinOp(op=ast.Add() | ast.Mult(), left=left, right=right):
                return self._is_text(left, scope) or self._is_text(right, scope)
            case ast.BinOp(op=ast.Mod(), left=left):
                return self._is_text(left, scope)
            case ast.Call(func=ast.Attribute(value=value, attr="join"), args=[listed]):
                return self._is_text(value, scope) and self._is_list(listed, scope)
            case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in _METHODS:
                return self._is_text(value, scope)
            case ast.Call(args=[value]) if _called(node) in _FUNCTIONS:
                return self._is_text(value, scope)
            case ast.Name() | ast.Attribute() | ast.Subscript():
                found = self._named(node, scope)
                return found is not None and self._is_text(*found)
        return False

    def _is_list(self, node: ast.expr, scope: Scope) -> bool:
        if isinstance(node, ast.Name) and (found := scope.find(node.id, node.lineno)):
            node = found[0]
        return isinstance(node, ast.List | ast.Tuple)

    def _argument(self, node: ast.expr, scope: Scope) -> Any:
        found = scope.find(node.id, node.lineno) if isinstance(node, ast.Name) else None
        if found and isinstance(found[0], ast.List | ast.Tuple):
            node, scope = found
        if isinstance(node, ast.List | ast.Tuple):
            return [str(self._value(item, scope)) for item in node.elts]
        return self._value(node, scope)

    def _arguments(self, node: ast.expr, scope: Scope) -> Any:
        match node:
            case ast.Tuple(elts=items):
                return tuple(self._value(item, scope) for item in items)
            case ast.Dict(keys=keys, values=values):
                pairs = zip(keys, values, strict=True)
                return {ast.literal_eval(k): self._value(v, scope) for k, v in pairs if k}
            case _:
                return self._value(node, scope)

    def _part(self, node: ast.expr, scope: Scope) -> str:
        if not isinstance(node, ast.FormattedValue):
            return self._string(node, scope)
        value = self._value(node.value, scope)
        if node.conversion in _CONVERSIONS and not getattr(value, "is_empty", False):
            value = _CONVERSIONS[node.conversion](value)
        spec = self._string(node.format_spec, scope) if node.format_spec else ""
        return format(value, spec)


def _history(given: Any) -> Texts:
    """Earlier messages: a text, or a list of mappings."""
    if getattr(given, "is_empty", False):
        return []
    if isinstance(given, str):
        return [("user", given, None)]
    return [(item["role"], item["content"], None) for item in given]


def _called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
