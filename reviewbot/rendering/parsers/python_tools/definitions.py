"""Finds the tools of one Python file, and what each is defined as."""

import ast
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers.python_source.blocks import Function, all_nodes
from reviewbot.rendering.parsers.python_source.scopes import dotted, imported
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
_BASES = {"BaseTool", "Tool", "StructuredTool", "BaseToolkitTool"}
_MODELS = {"BaseModel", "OpenAISchema", "TypedDict"}
_FOR_THE_PROGRAM = ("Context", "Runtime", "Wrapper", "ToolCallId", "State", "Config", "Callbacks")
"""Endings of types whose values the framework gives; models are not shown these arguments."""
_INJECTED = ("InjectedState", "InjectedStore", "InjectedToolArg", "InjectedToolCallId", "Depends")
_DEFINES = {"parameters", "input_schema", "inputSchema", "function", "functionDeclarations"}
_MOST = 2_000


class Definitions:
    """The tools of a module by their names in it."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._nodes = all_nodes(tree)
        self._modules = imported(self._nodes)
        self._constants = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        self._literals = Literals(self._constants)
        self._classes = {node.name: node for node in self._nodes if isinstance(node, ast.ClassDef)}
        self._annotations = Annotations(self._classes, self._literals)
        self._found: dict[str, Any] = {}

    def found(self) -> dict[str, Any]:
        """What `parse` of this folder hands out."""
        for path, node in _definitions(self._tree.body, ""):
            if isinstance(node, ast.ClassDef):
                self._class(path, node)
            else:
                self._function(path, node)
        for name, value in self._constants.items():
            if _is_list_of_tools(value):
                self._keep(name, value.lineno, partial(self._literals.value, value))
        return self._found

    def _keep(
        self, path: str, line: int, read: Callable[[], Any], *, is_offered: bool = False
    ) -> None:
        if len(self._found) >= _MOST:
            return
        try:
            said: dict[str, Any] = {"line": line, "definitions": _listed(read())}
        except TemplateError as error:
            said = {"line": error.line or line, "problem": error.what, "mend": error.mend}
        self._found[path] = {**said, "is_offered": is_offered}

    def _function(self, path: str, node: Function) -> None:
        for decorator in node.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            name = dotted(call.func if call else decorator)
            if name.rpartition(".")[2] in _DECORATORS:
                made = partial(self._made_of, node, call, self._style(name))
                self._keep(path, node.lineno, made, is_offered=True)
                return

    def _style(self, name: str) -> Style:
        """The framework of a decorator: that of its import, or else the only one in the file."""
        first = name.partition(".")[0]
        origin = self._modules.get(first, "").partition(".")[0]
        if origin in STYLES:
            return STYLES[origin]
        packages = {where.partition(".")[0] for where in self._modules.values()}
        known = sorted(packages & STYLES.keys())
        return STYLES[known[0]] if len(known) == 1 else OTHER

    def _made_of(self, node: Function, call: ast.Call | None, style: Style) -> dict[str, Any]:
        """The definition that a framework makes of a function."""
        given = {item.arg: item.value for item in call.keywords if item.arg} if call else {}
        is_parsed = "parse_docstring" in given and self._literals.value(given["parse_docstring"])
        docstring = ast.get_docstring(node, clean=False) or ""
        said, of_arguments = described(docstring, style, is_parsed=bool(is_parsed))
        name = self._given(given, call, "name", "name_override") or node.name
        description = self._given(given, None, "description", "description_override") or said
        if (model := given.get("args_schema")) is not None:
            schema = self._model(model)
        else:
            properties, required = self._arguments(node, of_arguments)
            schema = schema_of(name, properties, required, style)
        return {"name": name, "description": description, "parameters": schema}

    def _given(self, given: dict[str, ast.expr], call: ast.Call | None, *names: str) -> str:
        """What a decorator says itself; of the name also by position."""
        node = next((given[name] for name in names if name in given), None)
        if node is None and call is not None and call.args:
            is_text = isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
            node = call.args[0] if is_text else None
        value = self._literals.value(node) if node is not None else ""
        return value if isinstance(value, str) else ""

    def _arguments(self, node: Function, said: dict[str, str]) -> tuple[dict[str, Any], list[str]]:
        properties: dict[str, Any] = {}
        required: list[str] = []
        for argument, default in _with_defaults(node):
            if argument.arg in {"self", "cls"} or _is_for_the_program(argument.annotation):
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

    def _model(self, node: ast.expr) -> dict[str, Any]:
        found = self._classes.get(dotted(node))
        if found is None:
            what = f"has a schema that stands in another file, `{ast.unparse(node)[:60]}`"
            raise TemplateError(what, "keep it in a file of tool definitions", line=node.lineno)
        return self._annotations.model(found)

    def _class(self, path: str, node: ast.ClassDef) -> None:
        bases = {dotted(base).rpartition(".")[2] for base in node.bases}
        if bases & _BASES:
            self._keep(path, node.lineno, partial(self._tool_class, node), is_offered=True)
        elif bases & _MODELS:
            self._keep(path, node.lineno, partial(self._model_class, node))

    def _model_class(self, node: ast.ClassDef) -> dict[str, Any]:
        return {
            "name": node.name,
            "description": ast.get_docstring(node) or "",
            "parameters": self._annotations.model(node),
        }

    def _tool_class(self, node: ast.ClassDef) -> dict[str, Any]:
        set_to = dict(_set_in(node))
        if "name" not in set_to or "description" not in set_to:
            what = "is a tool's class without a name and a description of its own"
            raise TemplateError(what, "name a class that has both", line=node.lineno)
        said = {key: self._literals.value(set_to[key]) for key in ("name", "description")}
        if "args_schema" in set_to:
            return {**said, "parameters": self._model(set_to["args_schema"])}
        if "inputs" in set_to:
            inputs = self._literals.value(set_to["inputs"])
            schema = {"type": "object", "properties": inputs, "required": list(inputs)}
            return {**said, "parameters": schema}
        runs = [
            item
            for item in node.body
            if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
            and item.name in {"_run", "forward", "run", "_arun", "call"}
        ]
        if not runs:
            return said
        properties, required = self._arguments(runs[0], {})
        return {**said, "parameters": schema_of(said["name"], properties, required, OTHER)}


def _definitions(body: list[ast.stmt], above: str) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    waiting = [(statement, above) for statement in body]
    for statement, path in waiting:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            own = f"{path}.{statement.name}" if path else statement.name
            yield own, statement
            waiting += [(inner, own) for inner in statement.body]
        else:
            blocks = [getattr(statement, name, []) for name in ("body", "orelse")]
            waiting += [(inner, path) for block in blocks for inner in block]


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


def _set_in(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    for statement in node.body:
        match statement:
            case (
                ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                | ast.Assign(targets=[ast.Name(id=name)], value=value)
            ):
                yield name, value


def _is_list_of_tools(node: ast.expr) -> bool:
    """Whether a constant is a definition, or a list of some."""
    items = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    keys = [
        {key.value for key in item.keys if isinstance(key, ast.Constant)}
        for item in items
        if isinstance(item, ast.Dict)
    ]
    return (
        bool(keys)
        and len(keys) == len(items)
        and all(
            found & _DEFINES and ("name" in found or "function" in found or "type" not in found)
            for found in keys
        )
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
