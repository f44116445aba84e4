"""Tool definitions as JSON, in the shape that OpenAI or Anthropic takes them."""

from typing import Any

from reviewbot.documents import ListNode, MappingNode, Node, Scalar, parse_json, plain
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.formats._problems import wrong
from reviewbot.prompts import PromptFile, PromptText, Tool

NAME = "tool-definitions"
TITLE = "definitions of tools, JSON"
RECOGNIZED = ("tools.json", "*.tools.json")
AMBIGUOUS = True


def read(file: PromptText) -> PromptFile:
    """The tools of the file: a list of them, or a mapping that has such a list under `tools`."""
    if file.role is not None:
        problem = Problem(
            what="tool definitions have no role",
            mend="name them under `tools`, not `prompts`",
            place=Place(file=file.path, line=file.line),
        )
        raise MeasurementError([problem])
    return PromptFile(
        messages=(), tools=read_tools(parse_json(file.text, file=file.path), path=file.path)
    )


def read_tools(node: Node, *, path: str) -> tuple[Tool, ...]:
    """The tools in a parsed list.

    Raises:
        MeasurementError: It holds something that is no function's definition.
    """
    if isinstance(node, MappingNode) and (inner := node.get("tools")) is not None:
        node = inner
    if not isinstance(node, ListNode):
        raise _wrong("this is not a list of tools", path, node.line)
    return tuple(_tool(item, path) for item in node.items)


def _tool(node: Node, path: str) -> Tool:
    if not isinstance(node, MappingNode):
        raise _wrong("this is not a tool's definition", path, node.line)
    kind = node.get("type")
    if isinstance(kind, Scalar) and kind.value not in {"function", "custom"}:
        raise _wrong(f"tools of type {kind.text!r} cannot be counted", path, kind.line)
    function = node.get("function")
    definition = function if isinstance(function, MappingNode) else node
    name = definition.get("name")
    if not isinstance(name, Scalar) or not isinstance(name.value, str):
        raise _wrong("the tool has no name", path, definition.line)
    description = definition.get("description")
    schema = definition.get("parameters") or definition.get("input_schema")
    if schema is not None and not isinstance(schema, MappingNode):
        raise _wrong("the tool's parameters are no JSON Schema", path, schema.line)
    parameters: dict[str, Any] = {} if schema is None else plain(schema)
    return Tool(
        name=name.value,
        description=description.text if isinstance(description, Scalar) else "",
        parameters=parameters,
    )


def _wrong(what: str, path: str, line: int) -> MeasurementError:
    mend = 'write functions: `{"type": "function", "function": {"name": …, "parameters": {…}}}`'
    return wrong(what, mend, path=path, line=line)
