"""The definitions that frameworks make of decorated functions: `@tool`, `@mcp.tool()`."""

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers.python_source.blocks import Function
from reviewbot.rendering.parsers.python_source.scopes import dotted
from reviewbot.rendering.parsers.python_tools.annotations import Annotations
from reviewbot.rendering.parsers.python_tools.literals import Literals
from reviewbot.rendering.parsers.python_tools.styles import (
    OTHER,
    STYLES,
    Style,
    described,
    schema_of,
)

_DECORATORS = {
    *("tool", "function_tool", "beta_tool", "tool_plain", "kernel_function", "ai_function"),
    *("register_tool", "server_tool", "beta_async_tool"),
}
_DESCRIBED_FIRST: Mapping[str, str] = {"action": "browser_use"}
"""Decorators that are given a description, of the packages that have them; others have such too."""

_FOR_THE_PROGRAM = ("Context", "Runtime", "Wrapper", "ToolCallId", "State", "Config", "Callbacks")
"""Endings of types whose values the framework gives; models are not shown these arguments."""
_INJECTED = ("InjectedState", "InjectedStore", "InjectedToolArg", "InjectedToolCallId", "Depends")
_GIVEN = {
    *("self", "cls", "browser_session", "page_extraction_llm", "file_system", "cdp_client"),
    *("available_file_paths", "has_sensitive_data", "page_url"),
}
"""Names of arguments that the program gives; all but the first two are browser-use's."""


class Functions:
    """Reads the decorated functions of one file; `modules` are where imported names come from."""

    def __init__(
        self, modules: Mapping[str, str], literals: Literals, annotations: Annotations
    ) -> None:
        self._modules = modules
        self._literals = literals
        self._annotations = annotations

    def made_of(self, node: Function) -> Callable[[], dict[str, Any]] | None:
        """What reads the definition that a framework makes of a function; None of plain ones."""
        for decorator in node.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            name = dotted(call.func if call else decorator)
            last = name.rpartition(".")[2]
            if last in _DECORATORS or self._is_of(_DESCRIBED_FIRST.get(last)):
                return partial(self._made_of, node, call, name)
        return None

    def _is_of(self, package: str | None) -> bool:
        return package is not None and any(
            where.partition(".")[0] == package for where in self._modules.values()
        )

    def _style(self, name: str) -> Style:
        """The framework of a decorator: that of its import, or else the only one in the file."""
        first = name.partition(".")[0]
        origin = self._modules.get(first, "").partition(".")[0]
        if origin in STYLES:
            return STYLES[origin]
        packages = {where.partition(".")[0] for where in self._modules.values()}
        known = sorted(packages & STYLES.keys())
        return STYLES[known[0]] if len(known) == 1 else OTHER

    def _made_of(self, node: Function, call: ast.Call | None, name: str) -> dict[str, Any]:
        """The definition that the framework of a decorator makes of a function."""
        style, last = self._style(name), name.rpartition(".")[2]
        given = {item.arg: item.value for item in call.keywords if item.arg} if call else {}
        is_parsed = "parse_docstring" in given and self._literals.value(given["parse_docstring"])
        docstring = ast.get_docstring(node, clean=False) or ""
        said, of_arguments = described(docstring, style, is_parsed=bool(is_parsed))
        first = None if last in _DESCRIBED_FIRST else call
        own = self._given(given, first, "name", "name_override") or node.name
        second = call if last in _DESCRIBED_FIRST else None
        description = self._given(given, second, "description", "description_override") or said
        if (model := given.get("args_schema") or given.get("param_model")) is not None:
            schema = self.model(model)
        else:
            properties, required = self.arguments(node, of_arguments)
            schema = schema_of(own, properties, required, style)
        return {"name": own, "description": description, "parameters": schema}

    def _given(self, given: dict[str, ast.expr], call: ast.Call | None, *names: str) -> str:
        """What a decorator says itself; of the name also by position."""
        node = next((given[name] for name in names if name in given), None)
        if node is None and call is not None and call.args:
            is_text = isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
            node = call.args[0] if is_text else None
        value = self._literals.value(node) if node is not None else ""
        return value if isinstance(value, str) else ""

    def arguments(self, node: Function, said: dict[str, str]) -> tuple[dict[str, Any], list[str]]:
        """The schemas of a function's arguments, and those that must be given.

        `said` is what its docstring says of them.

        Raises:
            TemplateError: A type or a value is not told.
        """
        properties: dict[str, Any] = {}
        required: list[str] = []
        for argument, default in _with_defaults(node):
            if argument.arg in _GIVEN or _is_for_the_program(argument.annotation):
                continue
            kind = argument.annotation
            if kind is None:
                schema: dict[str, Any] = {}
                is_needed = default is None
                if default is not None:
                    schema["default"] = self._literals.value(default)
            else:
                schema, is_needed = self._annotations.field(kind, default)
            if argument.arg in said and "description" not in schema:
                schema["description"] = said[argument.arg]
            properties[argument.arg] = schema
            required += [argument.arg] if is_needed else []
        return properties, required

    def model(self, node: ast.expr) -> dict[str, Any]:
        """The schema of the model that is named.

        Raises:
            TemplateError: It is not known, or not told.
        """
        found = self._annotations.model_at(node)
        if found is None:
            what = f"has a schema that is not known here, `{ast.unparse(node)[:60]}`"
            raise TemplateError(what, "keep it in a file of tool definitions", line=node.lineno)
        return found


def _with_defaults(node: Function) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    positional = [*node.args.posonlyargs, *node.args.args]
    missing = len(positional) - len(node.args.defaults)
    yield from zip(positional, [*[None] * missing, *node.args.defaults], strict=True)
    yield from zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)


def _is_for_the_program(annotation: ast.expr | None) -> bool:
    if annotation is None:
        return False
    for node in ast.walk(annotation):
        written = dotted(node) if isinstance(node, ast.expr) else ""
        if isinstance(node, ast.Constant):
            written = str(node.value)
        name = written.partition("[")[0].rpartition(".")[2]
        if name in _INJECTED or name.endswith(_FOR_THE_PROGRAM):
            return True
    return False
