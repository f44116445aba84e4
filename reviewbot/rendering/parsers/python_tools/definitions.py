"""Finds the tools of one Python file, and what each is defined as."""

import ast
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers.python_source.blocks import Function
from reviewbot.rendering.parsers.python_source.parsed import Parsed
from reviewbot.rendering.parsers.python_source.scopes import dotted
from reviewbot.rendering.parsers.python_tools.annotations import Annotations
from reviewbot.rendering.parsers.python_tools.calls import (
    FUNCTIONS,
    SCHEMAS,
    expressions_in,
    is_call,
    is_definition,
    is_schema,
)
from reviewbot.rendering.parsers.python_tools.functions import Functions
from reviewbot.rendering.parsers.python_tools.literals import Literals
from reviewbot.rendering.parsers.python_tools.names import Names
from reviewbot.rendering.parsers.python_tools.styles import OTHER, schema_of

_BASES = {"BaseTool", "Tool", "StructuredTool", "BaseToolkitTool"}
_MODELS = {"BaseModel", "OpenAISchema", "TypedDict"}
_ONE_TEXT = {
    "type": "object",
    "properties": {"__arg1": {"type": "string"}},
    "required": ["__arg1"],
}
"""What LangChain says of a tool that takes one text."""
_MOST = 2_000


class Definitions:
    """The tools of a module by their names in it."""

    def __init__(self, source: Parsed, names: Names) -> None:
        self._tree = source.tree
        self._names = names
        self._literals = Literals(names)
        self._annotations = Annotations(names)
        self._functions = Functions(source.libraries, self._literals, self._annotations)
        self._named = {node.name: node for node in source.nodes if isinstance(node, Function)}
        self._found: dict[str, Any] = {}

    def found(self) -> dict[str, Any]:
        """What `parse` of this folder hands out."""
        for path, node in _definitions(self._tree.body, ""):
            if isinstance(node, ast.ClassDef):
                self._class(path, node)
            elif (made := self._functions.made_of(node)) is not None:
                self._keep(path, node.lineno, made, is_offered=True)
        for name, value in self._names.constants.items():
            if is_definition(value):
                self._keep(name, value.lineno, partial(self._literals.value, value))
            elif is_schema(value):
                self._keep(name, value.lineno, partial(self._schema, name, value))
        for above, found in expressions_in(self._tree):
            if isinstance(found, ast.Call) and is_call(found):
                self._call(above, found)
            elif (path := ".".join(above)) and path not in self._found:
                self._keep(path, found.lineno, partial(self._literals.value, found))
        return self._found

    def _schema(self, name: str, node: ast.expr) -> dict[str, Any]:
        """A schema that is written out, as a tool of its name."""
        schema = self._literals.value(node)
        return {"name": name, "description": "", "parameters": schema}

    def _call(self, above: tuple[str, ...], node: ast.Call) -> None:
        """`types.Tool(name="search", …)`, under its own name; what only passes tools on is none."""
        given = {item.arg: item.value for item in node.keywords if item.arg}
        try:
            name = self._literals.value(given["name"])
        except TemplateError:
            return
        if isinstance(name, str):
            path = ".".join((*above, name) if not above or above[-1] != name else above)
            self._keep(path, node.lineno, partial(self._called, given, node), is_offered=True)

    def _called(self, given: dict[str, ast.expr], node: ast.Call) -> dict[str, Any]:
        said = {key: self._literals.value(given[key]) for key in ("name", "description")}
        schema = next((given[key] for key in SCHEMAS if key in given), None)
        if schema is not None:
            found = self._annotations.model_at(schema)
            return {**said, "parameters": self._literals.value(schema) if found is None else found}
        runs = next((given[key] for key in FUNCTIONS if key in given), None)
        function = self._named.get(dotted(runs or node.args[0]))
        if function is None:
            return {**said, "parameters": _ONE_TEXT}
        properties, required = self._functions.arguments(function, {})
        return {**said, "parameters": schema_of(said["name"], properties, required, OTHER)}

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
            return {**said, "parameters": self._functions.model(set_to["args_schema"])}
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
        properties, required = self._functions.arguments(runs[0], {})
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


def _set_in(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    for statement in node.body:
        match statement:
            case (
                ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                | ast.Assign(targets=[ast.Name(id=name)], value=value)
            ):
                yield name, value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
