"""Finds the tools of one Python file, and what each is defined as."""

import ast
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers.python_source.parsed import Parsed
from reviewbot.rendering.parsers.python_source.scopes import Steps, dotted, steps_of
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
from reviewbot.rendering.parsers.python_tools.names import Lined, Names, definitions_in
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
_MEND = "name a function of this repository, give it a schema, or keep it in a file of definitions"


class Definitions:
    """The tools of a module by their names in it."""

    def __init__(self, source: Parsed, names: Names) -> None:
        self._tree = source.tree
        self._names = names
        self._literals = Literals(names)
        self._annotations = Annotations(names)
        self._functions = Functions(source.libraries, self._literals, self._annotations)
        self._libraries = source.libraries
        self._found: dict[str, Any] = {}

    def found(self) -> dict[str, Any]:
        """What `parse` of this folder hands out."""
        for path, node in definitions_in(self._tree.body):
            if isinstance(node, ast.ClassDef):
                self._class(path, node)
            elif (made := self._functions.made_of(node)) is not None:
                whole = partial(self._unchanged, path, node, made)
                self._keep(".".join(path), node.lineno, whole, is_offered=True)
        for name, value in self._names.constants.items():
            if is_definition(value) or is_schema(value):
                read = self._literals.value if is_definition(value) else partial(self._schema, name)
                whole = partial(self._unchanged, (name,), value, partial(read, value))
                self._keep(name, value.lineno, whole)
        for above, found in expressions_in(self._tree):
            if isinstance(found, ast.Call) and is_call(found):
                self._call(above, found)
            elif (name := ".".join(above)) and name not in self._found:
                self._keep(name, found.lineno, partial(self._literals.value, found))
        return self._found

    def _unchanged(self, path: Steps, node: Lined, read: Callable[[], Any]) -> Any:
        self._names.refuse_changed(path, node)
        return read()

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
        if self._takes_one_text(node):
            return {**said, "parameters": _ONE_TEXT}
        runs = next((given[key] for key in FUNCTIONS if key in given), None) or node.args[0]
        function = self._names.function_at(steps_of(runs))
        if function is None:
            what = f"has a function that is not known here, `{ast.unparse(runs)[:60]}`"
            raise TemplateError(what, _MEND, line=node.lineno)
        names = function[0]
        there = Functions(self._libraries, Literals(names), Annotations(names))
        properties, required = there.arguments(function[1], {})
        return {**said, "parameters": schema_of(said["name"], properties, required, OTHER)}

    def _takes_one_text(self, node: ast.Call) -> bool:
        """Whether it is LangChain's `Tool`, which gives a function one text, whatever it takes."""
        name = dotted(node.func)
        origin = self._libraries.get(name.partition(".")[0], "")
        return "Tool" in name.split(".")[:2] and origin.startswith("langchain")

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

    def _class(self, path: Steps, node: ast.ClassDef) -> None:
        bases = {dotted(base).rpartition(".")[2] for base in node.bases}
        made = self._tool_class if bases & _BASES else self._model_class
        if bases & (_BASES | _MODELS):
            read = partial(self._unchanged, path, node, partial(made, node))
            self._keep(".".join(path), node.lineno, read, is_offered=bool(bases & _BASES))

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
