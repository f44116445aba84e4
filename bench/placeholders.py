"""Values for the variables that a template asks for, so that samples can be made up.

A value fits what the template does with it: what it loops over is a list, what it takes parts of is
a mapping, what it formats as a number is one.
"""

import re
import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

_TAG = re.compile(r"\{\{([#^/&~]?|\{)\s*(?:#?(?:if|unless|each|with)\s+)?@?([A-Za-z_]\w*)")
_DOLLAR = re.compile(r"\{\{[^{}]*?\$(\w+)")
_COMMAND = re.compile(r"!`([^`\n]+)`|\$(ARGUMENTS\b|\d+)")
_NUMBER = re.compile(r"[-+, _]|.*[bcdeEfFgGnoxX%,]\Z")
_SOME_NUMBER = 1234
_STEP = re.compile(r"\.([^.\[]+)|\[([^\]]+)\]")


@dataclass(kw_only=True)
class Use:
    """What a template does with a value."""

    parts: dict[str, "Use"] = field(default_factory=dict)
    items: "Use | None" = None
    entries: "Use | None" = None
    row: list["Use"] = field(default_factory=list)
    is_number: bool = False

    def part(self, name: str) -> "Use":
        """The use of what stands under a key."""
        return self.parts.setdefault(name, Use())

    def each(self) -> "Use":
        """The use of each item of a list."""
        self.items = self.items or Use()
        return self.items

    def entry(self) -> "Use":
        """The use of each value of a mapping whose keys do not matter."""
        self.entries = self.entries or Use()
        return self.entries

    def value(self, name: str) -> Any:
        """A value that fits; `name` stands in its texts."""
        if self.entries is not None:
            return {f"{name} {n}": self.entries.value(f"{name} {n}") for n in ("a", "b")}
        if self.row:
            return [use.value(f"{name} {n}") for n, use in enumerate(self.row)]
        if self.parts:
            return {key: use.value(key) for key, use in self.parts.items()}
        if self.items is not None:
            return [self.items.value(f"{name} {n}") for n in ("a", "b")]
        return _SOME_NUMBER if self.is_number else f"the {name} of <{len(name)}> & {{more}}"


_STRING_METHODS = {name for name in dir(str) if not name.startswith("_")}
_NUMBERS = {"float", "int", "round", "abs"}


class _Jinja:
    """Collects the uses of a template's variables from its syntax tree."""

    def __init__(self, nodes: Any) -> None:
        self._nodes = nodes
        self._scopes: list[dict[str, Use]] = [{}]

    def uses(self, node: Any) -> Mapping[str, Use]:
        """The uses of the variables that come from outside of the template."""
        self._walk(node)
        return self._scopes[0]

    def _walk(self, node: Any) -> None:  # noqa: C901 - a case for each kind of node
        nodes = self._nodes
        if isinstance(node, nodes.For):
            self._loop(node)
            return
        if isinstance(node, nodes.Macro):
            self._scopes.append({arg.name: Use() for arg in node.args})
            self._all(node.body)
            self._scopes.pop()
            return
        if isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
            self._walk(node.node)
            found = self._use(node.node)
            self._scopes[-1].setdefault(node.target.name, found or Use())
            return
        if isinstance(node, nodes.Filter) and node.name in _NUMBERS and node.node is not None:
            use = self._use(node.node)
            if use is not None:
                use.is_number = True
        if isinstance(node, nodes.Sub | nodes.Mul | nodes.Div | nodes.FloorDiv):
            for side in (node.left, node.right):
                use = self._use(side)
                if use is not None:
                    use.is_number = True
        if isinstance(node, nodes.Compare) and any(
            isinstance(op.expr, nodes.Const)
            and isinstance(op.expr.value, int | float)
            and not isinstance(op.expr.value, bool)
            for op in node.ops
        ):
            use = self._use(node.expr)
            if use is not None:
                use.is_number = True
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr):
            self._use(node)
            self._walk(node.node.node)
            self._all([*node.args, *node.kwargs])
            return
        if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            self._use(node)
        self._all(node.iter_child_nodes())

    def _all(self, nodes: Iterable[Any]) -> None:
        for node in nodes:
            self._walk(node)

    def _loop(self, node: Any) -> None:
        nodes = self._nodes
        self._walk(node.iter)
        use = self._use(node.iter)
        scope: dict[str, Use] = {"loop": Use()}
        is_pairs = (
            isinstance(node.iter, nodes.Call) and getattr(node.iter.node, "attr", "") == "items"
        )
        if isinstance(node.target, nodes.Name):
            scope[node.target.name] = (
                use.each()
                if use is not None and not use.entries
                else (use.entry() if use is not None else Use())
            )
        elif isinstance(node.target, nodes.Tuple) and is_pairs and use is not None:
            key, value = node.target.items
            scope[key.name], scope[value.name] = Use(), use.entry()
        elif isinstance(node.target, nodes.Tuple) and use is not None:
            row = use.each().row = [Use() for _ in node.target.items]
            scope |= {item.name: one for item, one in zip(node.target.items, row, strict=True)}
        self._scopes.append(scope)
        self._all(node.body)
        self._all(node.else_)
        self._scopes.pop()

    def _use(self, node: Any) -> Use | None:  # noqa: PLR0911 - a return for each kind of node
        """The use of what an expression means, as far as it is a part of a variable."""
        nodes = self._nodes
        if isinstance(node, nodes.Name):
            for scope in reversed(self._scopes):
                if node.name in scope:
                    return scope[node.name]
            return self._scopes[0].setdefault(node.name, Use())
        if isinstance(node, nodes.Filter) and node.name in {"list", "sort", "unique", "reverse"}:
            return self._use(node.node)
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr):
            use = self._use(node.node.node)
            if use is not None and node.node.attr in {"values", "items", "keys"}:
                use.entry()
                return use
            return None
        if isinstance(node, nodes.Getattr):
            use = self._use(node.node)
            is_method = node.attr in _STRING_METHODS or node.attr in {
                "values",
                "items",
                "keys",
                "get",
            }
            return None if use is None or is_method else use.part(node.attr)
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            use = self._use(node.node)
            if use is None:
                return None
            return use.part(node.arg.value) if isinstance(node.arg.value, str) else use.each()
        return None


def _jinja(text: str) -> Mapping[str, Any]:
    jinja2 = import_module("jinja2")
    try:
        tree = jinja2.Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"]).parse(
            text
        )
    except jinja2.TemplateError:
        return {}
    names = import_module("jinja2.meta").find_undeclared_variables(tree)
    uses = _Jinja(import_module("jinja2.nodes")).uses(tree)
    return {name: uses.get(name, Use()).value(name) for name in sorted(names)}


def _fields(text: str) -> Iterator[tuple[str, str]]:
    number = 0
    for _, name, specification, _ in string.Formatter().parse(text):
        if name is not None:
            yield name or str(number), specification or ""
            number += not name
        if specification:
            yield from _fields(specification)


def _str_format(text: str) -> Mapping[str, Any]:
    uses: dict[str, Use] = {}
    try:
        for name, specification in _fields(text):
            first = re.split(r"[.\[]", name)[0]
            use = uses.setdefault(first, Use())
            for attribute, key in _STEP.findall(name[len(first) :]):
                step = attribute or key
                use = use.each() if step.isdecimal() else use.part(step)
            use.is_number = bool(_NUMBER.match(specification))
    except ValueError:
        return {}
    return _values(uses)


def _values(uses: Mapping[str, Use]) -> Mapping[str, Any]:
    return {name: use.value(name) for name, use in sorted(uses.items())}


def _named(names: Iterable[str]) -> Mapping[str, Any]:
    return _values({name: Use() for name in names})


def _string_template(text: str) -> Mapping[str, Any]:
    return _named(string.Template(text).get_identifiers())


def _braces(text: str) -> Mapping[str, Any]:
    return _named(re.findall(r"\{([A-Za-z_]\w*)\}", text))


def _tags(text: str) -> Mapping[str, Any]:
    uses: dict[str, Use] = {}
    for _, name in _TAG.findall(text):
        uses.setdefault(name, Use())
    return _values({name: use for name, use in uses.items() if name != "else"})


def _dollar(text: str) -> Mapping[str, Any]:
    return _named(_DOLLAR.findall(text))


def _arguments(text: str) -> Mapping[str, Any]:
    found = _COMMAND.findall(text)
    return _named(f"!{command}" if command else name for command, name in found)


_OF: Mapping[str, Callable[[str], Mapping[str, Any]]] = {
    "agent-instructions": _arguments,
    "chat-messages": _jinja,
    "dotprompt": _tags,
    "github-models": _tags,
    "handlebars": _tags,
    "jinja": _jinja,
    "langchain": _str_format,
    "llama-index": _braces,
    "mustache": _tags,
    "prompty": _tags,
    "semantic-kernel": _dollar,
    "str-format": _str_format,
    "string-template": _string_template,
}


class Recorded(dict[str, Any]):
    """Remembers which variables were looked up, and how each was formatted."""

    def __missing__(self, key: str) -> "_Asked":
        asked = self[key] = _Asked()
        return asked

    def made_up(self) -> Mapping[str, Any]:
        """Values for them; without braces, since the text may become a template."""
        return {
            name: _SOME_NUMBER
            if any(map(_NUMBER.match, asked.formats))
            else f"the value {number} of <{len(name)}> & more"
            for number, (name, asked) in enumerate(sorted(self.items()))
        }


class _Asked(str):  # noqa: SLOT000 - it has a list of its own
    """Stands in for any value, and is empty."""

    is_empty = True

    def __init__(self) -> None:
        self.formats: list[str] = []

    def __format__(self, specification: str) -> str:
        self.formats.append(specification)
        return ""


def variables(language: str, text: str) -> Mapping[str, Any]:
    """Values for the names in `text`; none where the language has no variables."""
    return _OF[language](text) if language in _OF else {}
