"""Tool definitions in the shapes of OpenAI, Anthropic, Gemini and MCP servers, JSON or YAML."""

from collections.abc import Iterator
from typing import Any

from reviewbot.documents import (
    ListNode,
    MappingNode,
    Node,
    Scalar,
    parse_json,
    parse_yaml,
    plain,
)
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.prompt import PromptFile, PromptText, Tool
from reviewbot.prompt_formats._common.problems import wrong

NAME = "tool-definitions"
TITLE = "definitions of tools (OpenAI, Anthropic, Gemini, MCP), JSON or YAML"
RECOGNIZED = (
    "tools.json",
    "*.tools.json",
    "tools.yaml",
    "*.tools.yaml",
    "tools.yml",
    "*.tools.yml",
)
AMBIGUOUS = True
IS_DATA = True

_NESTED = ("function", "custom")
_DECLARATIONS = ("functionDeclarations", "function_declarations")
_SCHEMAS = ("parameters", "input_schema", "inputSchema", "parametersJsonSchema")
_SENT_BESIDE = ("input_examples", "format", "response", "responseJsonSchema")
"""What a definition says of a tool beyond its input, and the model is shown too."""


def read(file: PromptText) -> PromptFile:
    """The tools of the file: a list of them, one, or a mapping that has such a list."""
    if file.role is not None:
        problem = Problem(
            what="tool definitions have no role",
            mend="name them under `tools`, not `prompts`",
            place=Place(file=file.path, line=file.line),
        )
        raise MeasurementError([problem])
    is_yaml = file.path.lower().endswith((".yaml", ".yml"))
    parse = parse_yaml if is_yaml else parse_json
    return PromptFile(
        messages=(), tools=read_tools(parse(file.text, file=file.path), path=file.path)
    )


def read_tools(node: Node, *, path: str) -> tuple[Tool, ...]:
    """The tools in a parsed list, in a mapping that has one under `tools`, or one tool.

    Raises:
        MeasurementError: It holds something that is no function's definition.
    """
    for key in ("result", "tools"):
        if isinstance(node, MappingNode) and (inner := node.get(key)) is not None:
            node = inner
    if isinstance(node, MappingNode) and _is_definition(node):
        node = ListNode(line=node.line, items=(node,))
    if not isinstance(node, ListNode):
        raise _wrong("this is not a list of tools", path, node.line)
    return tuple(tool for item in node.items for tool in _tools(item, path))


def _is_definition(node: MappingNode) -> bool:
    keys = {entry.key for entry in node.entries}
    return "name" in keys or not keys.isdisjoint((*_NESTED, *_DECLARATIONS))


def _tools(node: Node, path: str) -> Iterator[Tool]:
    if not isinstance(node, MappingNode):
        raise _wrong("this is not a tool's definition", path, node.line)
    kind = node.get("type")
    if isinstance(kind, Scalar) and kind.value not in {*_NESTED, None}:
        what = f"tools of type {kind.text!r} cannot be counted"
        mend = "take it out: what the provider adds for a tool of its own stands in no file"
        raise wrong(what, mend, path=path, line=kind.line)
    for key in _DECLARATIONS:
        declared = node.get(key)
        if isinstance(declared, ListNode):
            for item in declared.items:
                yield from _tools(item, path)
            return
    inner = next((found for key in _NESTED if (found := node.get(key)) is not None), node)
    if not isinstance(inner, MappingNode):
        raise _wrong("this is not a tool's definition", path, inner.line)
    yield _tool(inner, path)


def _tool(node: MappingNode, path: str) -> Tool:
    name, description = node.get("name"), node.get("description")
    if not isinstance(name, Scalar) or not isinstance(name.value, str):
        raise _without_name(node, path)
    if description is not None and not isinstance(description, Scalar):
        raise _wrong("the tool's description is no text", path, description.line)
    deferred = node.get("defer_loading")
    if isinstance(deferred, Scalar) and deferred.value is True:
        what = f"the tool {name.value!r} is sent only in the calls that find it (`defer_loading`)"
        raise wrong(what, "take it out of this list", path=path, line=deferred.line)
    schema = next((found for key in _SCHEMAS if (found := node.get(key)) is not None), None)
    if schema is None:
        _check_keys(node, path)
    parameters: dict[str, Any] = {}
    if isinstance(schema, MappingNode):
        parameters = plain(schema)
        _check_references(schema, parameters, path)
    elif not (schema is None or (isinstance(schema, Scalar) and schema.value is None)):
        raise _wrong("the tool's parameters are no JSON Schema", path, schema.line)
    beside = {key: plain(found) for key in _SENT_BESIDE if (found := node.get(key)) is not None}
    said = description.value if isinstance(description, Scalar) else None
    return Tool(
        name=name.value,
        description="" if said is None else str(said),
        parameters=parameters | beside,
    )


def _check_keys(node: MappingNode, path: str) -> None:
    """Refuse a key of a tool without a schema that is a slip of the schema's: it would be free."""
    import difflib

    for entry in node.entries:
        if near := difflib.get_close_matches(entry.key, _SCHEMAS, 1, _ALIKE):
            what, mend = f"the tool has no `{near[0]}`, but `{entry.key}`", f"write `{near[0]}`"
            raise wrong(what, mend, path=path, line=entry.key_line)


_ALIKE = 0.85
"""How alike a misspelt key of a schema is, as difflib has it: `params` is another one."""


def _without_name(node: MappingNode, path: str) -> MeasurementError:
    """The error of a tool without a name; one of its keys may be misspelt."""
    import difflib

    keys = [entry.key for entry in node.entries]
    near = [] if "name" in keys else difflib.get_close_matches("name", keys, 1)
    if not near:
        return _wrong("the tool has no name", path, node.line)
    line = next(entry.key_line for entry in node.entries if entry.key == near[0])
    what = f"the tool has no name, but `{near[0]}`"
    return wrong(what, f"write `name` in place of `{near[0]}`", path=path, line=line)


def _check_references(node: Node, root: Any, path: str) -> None:
    """Refuse a `$ref` that leads nowhere in its own schema, or out of it; it may lead in a loop."""
    if isinstance(node, ListNode):
        for item in node.items:
            _check_references(item, root, path)
    elif isinstance(node, MappingNode):
        for entry in node.entries:
            is_text = isinstance(entry.value, Scalar) and isinstance(entry.value.value, str)
            if entry.key == "$ref" and is_text and not _leads(plain(entry.value), root):
                what = f"the reference {plain(entry.value)!r} leads nowhere in this schema"
                mend = "correct it, or put in what it means, like `#/$defs/name`"
                raise wrong(what, mend, path=path, line=entry.value.line)
            _check_references(entry.value, root, path)


def _leads(reference: str, root: Any) -> bool:
    """Whether a JSON pointer behind `#` leads to something."""
    document, _, pointer = reference.partition("#")
    if document or (pointer and not pointer.startswith("/")) or "#" not in reference:
        return False
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(root, dict) and key in root:
            root = root[key]
        elif isinstance(root, list) and key.isdecimal() and int(key) < len(root):
            root = root[int(key)]
        else:
            return False
    return True


def _wrong(what: str, path: str, line: int) -> MeasurementError:
    mend = 'write functions: `{"type": "function", "function": {"name": …, "parameters": {…}}}`'
    return wrong(what, mend, path=path, line=line)
