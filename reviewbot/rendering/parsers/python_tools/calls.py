"""Tools that stand in calls and mappings of a file: `types.Tool(name=…, inputSchema=…)`."""

import ast
from collections.abc import Iterator, Mapping

from reviewbot.rendering.parsers.python_source.blocks import children

SCHEMAS = (
    *("inputSchema", "input_schema", "parameters", "args_schema", "params_json_schema"),
    *("parameters_json_schema",),
)
"""What MCP, Anthropic, Gemini, LangChain and the Agents SDK call the schema of a tool's input."""
FUNCTIONS = ("func", "fn", "function", "coroutine")
"""What LangChain and LlamaIndex call the function that a tool runs."""
_DEFINES = {"parameters", "input_schema", "inputSchema", "function", "functionDeclarations"}

Path = tuple[str, ...]


def expressions_in(tree: ast.Module) -> Iterator[tuple[Path, ast.expr]]:
    """The expressions that define tools, with the names around each; none inside of another.

    Constants of the module are read by their names.
    """
    waiting: list[tuple[ast.AST, Path]] = [
        (node, ()) for node in reversed(tree.body) if not _is_constant(node)
    ]
    while waiting:
        node, path = waiting.pop()
        if isinstance(node, ast.expr) and (is_call(node) or is_definition(node)):
            yield path, node
            continue
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                path = (*path, name)
            case ast.ClassDef(name=name):
                path = (*path, name)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                path = (*path, name)
        waiting += [(child, path) for child in reversed(children(node))]


def is_call(node: ast.expr) -> bool:
    """Whether a call makes a tool: it is given a name, a description, and what the tool takes."""
    if not isinstance(node, ast.Call):
        return False
    keys = {item.arg for item in node.keywords}
    takes = not keys.isdisjoint((*SCHEMAS, *FUNCTIONS)) or _makes_of_function(node)
    return {"name", "description"} <= keys and takes


def _makes_of_function(node: ast.Call) -> bool:
    is_maker = isinstance(node.func, ast.Attribute) and node.func.attr in _OF_FUNCTIONS
    return is_maker and bool(node.args)


_OF_FUNCTIONS = {"from_function", "from_defaults"}


def is_definition(node: ast.expr) -> bool:
    """Whether a mapping is a definition as JSON, or a list has nothing but such."""
    items = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    keys = [known for item in items if (known := keys_of(item)) is not None]
    return (
        bool(keys)
        and len(keys) == len(items)
        and all(
            found.keys() & _DEFINES
            and ("name" in found or "function" in found or "type" not in found)
            for found in keys
        )
    )


def is_schema(node: ast.expr) -> bool:
    """Whether a mapping is the JSON Schema of an object."""
    keys = keys_of(node) or {}
    kind = keys.get("type")
    return isinstance(kind, ast.Constant) and kind.value == "object" and "properties" in keys


def keys_of(node: ast.expr) -> Mapping[str, ast.expr] | None:
    """The values of `{…}` and `dict(…)` by their keys; None of others."""
    match node:
        case ast.Dict(keys=keys, values=values):
            return {
                key.value: value
                for key, value in zip(keys, values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=given):
            return {item.arg: item.value for item in given if item.arg}
        case _:
            return None


def _is_constant(node: ast.stmt) -> bool:
    value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    return value is not None and not isinstance(value, ast.Call) and is_definition(value)
