"""The text of a name in Python source, by Python's own parser and its own `str`; nothing is run.

Only operations on texts are done. What else a text is made of is looked up among the variables by
its source text, as `{len(items)}` of an f-string.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

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
_STEP = re.compile(r'"([^"]*)"|([^.]+)')
_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef

Texts = list[tuple[str | None, str, str | None]]
"""Role, text, and the language that its class fills it with; None where it says neither."""


class NotLiteralError(Exception):
    """Something that only running the program would tell."""


@dataclass(kw_only=True)
class _Scope:
    """What the names of a module, a class or a function stand for at last, by their paths."""

    outer: "_Scope | None" = None
    values: dict[str, ast.expr] = field(default_factory=dict)
    history: dict[str, list[ast.expr]] = field(default_factory=dict)
    in_branches: set[str] = field(default_factory=set)
    inner: dict[str, "_Scope"] = field(default_factory=dict)
    bases: list[str] = field(default_factory=list)
    returned: list[ast.expr] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    is_class: bool = False

    def find(self, name: str, line: int | None = None) -> "tuple[ast.expr, _Scope] | None":
        """What a name means in a line of this scope: its value, and the scope it stands in.

        What is set in several ways, some of them in branches, only running would tell.
        """
        scope: _Scope | None = self
        while scope is not None:
            if name in scope.unknown:
                return None
            if name in scope.values and (scope is self or not scope.is_class):
                return scope.told(name, line if scope is self else None)
            scope = scope.outer
        return None

    def told(self, name: str, line: int | None) -> "tuple[ast.expr, _Scope] | None":
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


def evaluate(source: str, name: str, variables: Mapping[str, Any]) -> Texts:
    """The messages at `name` (`NAME`, `Class.attribute`, `TABLE.key`, `function.local`)."""
    tree = ast.parse(source)
    scope = _Scope()
    _collect(tree.body, scope)
    steps = [quoted or plain for quoted, plain in _STEP.findall(name)]
    found = _at(steps, scope)
    if found is None:
        raise NotLiteralError(f"nothing is called {name}")
    reader = _Reader(variables, "llama_index" if "llama_index" in source else "langchain")
    return reader.texts(*found)


def _collect(body: Iterable[ast.stmt], scope: _Scope, *, in_branch: bool = False) -> None:
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
                made = _Scope(outer=scope, bases=[ast.unparse(b) for b in bases], is_class=True)
                scope.inner[name] = made
                _collect(inner, made)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                scope.inner[name] = _function(statement, scope)
            case _:
                if isinstance(statement, ast.For | ast.AsyncFor):
                    scope.unknown |= {
                        item.id for item in ast.walk(statement.target) if isinstance(item, ast.Name)
                    }
                is_with = isinstance(statement, ast.With | ast.AsyncWith)
                for child in _blocks(statement):
                    _collect(child, scope, in_branch=in_branch or not is_with)


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, outer: _Scope) -> _Scope:
    arguments = [item for item in ast.walk(node.args) if isinstance(item, ast.arg)]
    scope = _Scope(outer=outer, unknown={item.arg for item in arguments})
    _collect(node.body, scope)
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


def _assign(target: ast.expr, value: ast.expr, scope: _Scope, *, in_branch: bool) -> None:
    match target, value:
        case (ast.Tuple(elts=targets), ast.Tuple(elts=values)) if len(targets) == len(values):
            for one, other in zip(targets, values, strict=True):
                _assign(one, other, scope, in_branch=in_branch)
        case (ast.Tuple(elts=targets), _):
            scope.unknown |= {item.id for item in targets if isinstance(item, ast.Name)}
        case (ast.Name() | ast.Attribute() | ast.Subscript(), _):
            scope.put(_dotted(target), value, in_branch=in_branch)


def _dotted(node: ast.expr) -> str:
    """`TABLE["key"]` and `TABLE.key` are the same name."""
    match node:
        case ast.Attribute(value=value, attr=key):
            return f"{_dotted(value)}.{key}"
        case ast.Subscript(value=value, slice=ast.Constant(value=key)):
            return f"{_dotted(value)}.{key}"
        case _:
            return ast.unparse(node)


def _at(steps: list[str], scope: _Scope) -> tuple[ast.expr, _Scope] | None:
    """What stands under the path: the longest name counts, then the entries behind it."""
    for length in range(len(steps), 0, -1):
        name, rest = ".".join(steps[:length]), steps[length:]
        if name in scope.values:
            return _entry(scope.values[name], rest, scope)
    inner = scope.inner.get(steps[0])
    if inner is None:
        inherited = (scope.outer.inner.get(base) for base in scope.bases if scope.outer)
        found = (_at(steps, base) for base in inherited if base is not None)
        return next((item for item in found if item is not None), None)
    within = _at(steps[1:], inner) if steps[1:] else None
    is_nothing = within is None or (isinstance(within[0], ast.List) and not within[0].elts)
    if is_nothing and len(inner.returned) == 1:
        return _entry(inner.returned[0], steps[1:], inner) or within
    return within


def _entry(
    node: ast.expr, steps: list[str], scope: _Scope
) -> tuple[ast.expr, _Scope] | None:
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


class _Reader:
    def __init__(self, variables: Mapping[str, Any], library: str) -> None:
        self._variables = variables
        self._format = "llama-index" if library == "llama_index" else "str-format"

    def texts(self, node: ast.expr, scope: _Scope) -> Texts:
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

    def _template(self, node: ast.Call, scope: _Scope) -> Texts:
        """A prompt template: its messages, or its text."""
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        names = ast.unparse(node.func).split(".")
        language = self._format
        if "template_format" in given:
            language = _LANGUAGES[self._string(given["template_format"], scope)]
        if {"RichPromptTemplate", "PromptBuilder", "jinja2"} & {*names}:
            language = "jinja"
        elif names[-1] == "Template":
            language = "string-template"
        listed = given.get("messages", given.get("message_templates"))
        if listed is None and names[-1] != "from_template" and "ChatPromptTemplate" in names:
            listed = node.args[0]
        if listed is not None:
            while isinstance(listed, ast.Name) and (found := scope.find(listed.id, listed.lineno)):
                listed, scope = found
            if not isinstance(listed, ast.List | ast.Tuple):
                raise NotLiteralError(f"line {node.lineno}: {ast.unparse(listed)[:80]}")
            return self._messages(listed.elts, scope, language)
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

    def _messages(self, items: list[ast.expr], scope: _Scope, language: str | None) -> Texts:
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

    def _is_placeholder(self, node: ast.Tuple, scope: _Scope) -> bool:
        return len(node.elts) == 2 and self._value(node.elts[0], scope) == "placeholder"

    def _several(self, node: ast.expr, scope: _Scope) -> Texts:
        """Messages that are put into a list: those of another list, or earlier ones."""
        while isinstance(node, ast.Name) and (found := scope.find(node.id, node.lineno)):
            node, scope = found
        if isinstance(node, ast.List):
            return self._messages(node.elts, scope, None)
        return _history(self._variables[ast.unparse(node)])

    def _message(
        self, node: ast.expr, scope: _Scope, language: str | None
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
        self, given: Mapping[str, ast.expr], scope: _Scope, language: str | None
    ) -> tuple[str | None, str, str | None]:
        role = given["role"]
        said = role.attr.lower() if isinstance(role, ast.Attribute) else self._string(role, scope)
        return _ROLES.get(said, said), self._content(given["content"], scope), language

    def _content(self, node: ast.expr, scope: _Scope) -> str:
        """A text, or a list of parts."""
        if not isinstance(node, ast.List):
            return self._string(node, scope)
        parts = [part for part in node.elts if isinstance(part, ast.Dict)]
        given = [
            {ast.literal_eval(k): v for k, v in zip(part.keys, part.values, strict=True) if k}
            for part in parts
        ]
        return "".join(self._string(part["text"], scope) for part in given if "text" in part)

    def _string(self, node: ast.expr, scope: _Scope) -> str:
        value = self._value(node, scope)
        if not isinstance(value, str):
            raise NotLiteralError(f"line {node.lineno} is no text")
        return value

    def _value(self, node: ast.expr, scope: _Scope) -> Any:
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
                return getattr(self._string(value, scope), attr)(
                    *(self._argument(item, scope) for item in node.args),
                    **{k.arg: self._argument(k.value, scope) for k in node.keywords if k.arg},
                )
            case ast.Call(args=[value]) if _called(node) in _FUNCTIONS:
                return _FUNCTIONS[_called(node)](self._string(value, scope))
        return self._variables[ast.unparse(node)]

    def _named(self, node: ast.expr, scope: _Scope) -> tuple[ast.expr, _Scope] | None:
        if isinstance(node, ast.Name):
            return scope.find(node.id, node.lineno)
        steps = [quoted or plain for quoted, plain in _STEP.findall(_dotted(node))]
        around: _Scope | None = scope
        while around is not None and steps[0] not in around.unknown:
            found = _at(steps, around)
            if found is not None:
                return found
            around = around.outer
        return None

    def _is_known(self, node: ast.expr, scope: _Scope) -> bool:
        return isinstance(node, ast.Constant) or self._is_text(node, scope)

    def _is_text(self, node: ast.expr, scope: _Scope) -> bool:
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

    def _is_list(self, node: ast.expr, scope: _Scope) -> bool:
        if isinstance(node, ast.Name) and (found := scope.find(node.id, node.lineno)):
            node = found[0]
        return isinstance(node, ast.List | ast.Tuple)

    def _argument(self, node: ast.expr, scope: _Scope) -> Any:
        if isinstance(node, ast.Name) and (found := scope.find(node.id, node.lineno)):
            if isinstance(found[0], ast.List | ast.Tuple):
                node, scope = found
        if isinstance(node, ast.List | ast.Tuple):
            return [str(self._value(item, scope)) for item in node.elts]
        return self._value(node, scope)

    def _arguments(self, node: ast.expr, scope: _Scope) -> Any:
        match node:
            case ast.Tuple(elts=items):
                return tuple(self._value(item, scope) for item in items)
            case ast.Dict(keys=keys, values=values):
                pairs = zip(keys, values, strict=True)
                return {ast.literal_eval(k): self._value(v, scope) for k, v in pairs if k}
            case _:
                return self._value(node, scope)

    def _part(self, node: ast.expr, scope: _Scope) -> str:
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
