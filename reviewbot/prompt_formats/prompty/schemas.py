"""JSON Schemas of the properties that Prompty files list, as version 2 of its library sends them.

The rules are those of its provider for OpenAI (prompty 2.1.0): structured answers are strict.
"""

from typing import Any

from reviewbot.documents import Entry, ListNode, MappingNode, Node, Scalar, plain
from reviewbot.prompt import Tool
from reviewbot.prompt_formats._common.problems import wrong

_KINDS = {"float": "number"} | {
    name: name for name in ("string", "integer", "number", "boolean", "array", "object")
}


def properties(node: Node | None, path: str) -> list[tuple[str, MappingNode]]:
    """Names and definitions of a list or a mapping of properties.

    Raises:
        MeasurementError: It is neither, or one has no name.
    """
    found: list[tuple[str, MappingNode]] = []
    if node is None or (isinstance(node, Scalar) and node.value is None):
        return found
    if isinstance(node, MappingNode):
        return [(entry.key, _definition(entry.value, path)) for entry in node.entries]
    for item in node.items if isinstance(node, ListNode) else (node,):
        name = item.get("name") if isinstance(item, MappingNode) else None
        if not isinstance(item, MappingNode) or not isinstance(name, Scalar):
            raise _wrong("this is no property with a `name`", path, item.line)
        found.append((name.text, item))
    return found


def _definition(node: Node, path: str) -> MappingNode:
    """A property's definition; a value alone is its example."""
    if isinstance(node, MappingNode):
        return node
    if isinstance(node, ListNode):
        raise _wrong("a list is no property", path, node.line)
    return MappingNode(
        line=node.line, entries=(Entry(key="example", key_line=node.line, value=node),)
    )


def object_schema(node: Node | None, path: str, *, strict: bool) -> dict[str, Any]:
    """The schema of an object with these properties."""
    found = properties(node, path)
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {
            name: _schema(
                item, path, strict=strict, optional=strict and not _flag(item, "required")
            )
            for name, item in found
        },
    }
    required = [name for name, item in found if strict or _flag(item, "required")]
    return schema | ({"required": required} if required else {})


def answer_schema(node: Node | None, path: str) -> dict[str, Any] | None:
    """The schema of a structured answer; None where no outputs are listed."""
    if not properties(node, path):
        return None
    schema = object_schema(node, path, strict=True)
    return {
        "type": "object",
        "properties": schema["properties"],
        "additionalProperties": False,
        "required": schema["required"],
    }


def function(node: Node, path: str) -> Tool:
    """The tool of a list of tools.

    Raises:
        MeasurementError: It is no function.
    """
    kind = node.get("kind") if isinstance(node, MappingNode) else None
    name = node.get("name") if isinstance(node, MappingNode) else None
    if not isinstance(node, MappingNode) or not isinstance(name, Scalar):
        raise _wrong("this is no tool with a `name`", path, node.line)
    if not isinstance(kind, Scalar) or kind.text != "function":
        shown = kind.text if isinstance(kind, Scalar) else "none"
        what = f"tools of kind {shown!r} cannot be counted"
        mend = "name its functions: `{name: …, kind: function, parameters: […]}`"
        raise wrong(what, mend, path=path, line=node.line)
    bound = {name for name, _ in properties(node.get("bindings"), path)}
    given = node.get("parameters")
    strict = _flag(node, "strict")
    schema = object_schema(_without(given, bound), path, strict=strict) if given else {}
    if strict and schema:
        schema["additionalProperties"] = False
    description = node.get("description")
    return Tool(
        name=name.text,
        description=description.text if isinstance(description, Scalar) else "",
        parameters=schema,
    )


def _without(node: Node, names: set[str]) -> Node:
    """The properties but those that the program binds to inputs."""
    if isinstance(node, MappingNode):
        kept = tuple(entry for entry in node.entries if entry.key not in names)
        return MappingNode(line=node.line, entries=kept)
    if not isinstance(node, ListNode):
        return node
    return ListNode(line=node.line, items=tuple(i for i in node.items if _name(i) not in names))


def _name(node: Node) -> str | None:
    name = node.get("name") if isinstance(node, MappingNode) else None
    return name.text if isinstance(name, Scalar) else None


def _schema(
    node: MappingNode, path: str, *, strict: bool, optional: bool = False
) -> dict[str, Any]:
    kind = node.get("kind")
    shown = kind.text if isinstance(kind, Scalar) else ""
    schema: dict[str, Any] = {"type": _KINDS[shown]} if shown in _KINDS else {}
    description, choices = node.get("description"), node.get("enumValues")
    if isinstance(description, Scalar) and description.value:
        schema["description"] = description.text
    if isinstance(choices, ListNode) and choices.items:
        schema["enum"] = plain(choices)
    if shown == "array":
        items = node.get("items")
        is_given = isinstance(items, MappingNode)
        schema["items"] = _schema(items, path, strict=strict) if is_given else {"type": "string"}  # type: ignore[arg-type]
    if shown == "object":
        inner = object_schema(node.get("properties"), path, strict=strict)
        schema |= inner | {"additionalProperties": False}
    if shown == "union":
        branches = node.get("anyOf")
        if not isinstance(branches, ListNode):
            raise _wrong("a union needs a list of `anyOf`", path, node.line)
        schema["anyOf"] = [
            _schema(_definition(i, path), path, strict=strict) for i in branches.items
        ]
    if optional or _flag(node, "nullable"):
        _add_null(schema)
    return schema


def _add_null(schema: dict[str, Any]) -> None:
    if isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
    elif "anyOf" in schema:
        schema["anyOf"].append({"type": "null"})
    elif schema:
        schema["anyOf"] = [dict(schema), {"type": "null"}]
    if "enum" in schema and None not in schema["enum"]:
        schema["enum"].append(None)


def _flag(node: MappingNode, key: str) -> bool:
    value = node.get(key)
    return isinstance(value, Scalar) and value.value is True


def _wrong(what: str, path: str, line: int) -> Exception:
    return wrong(what, "write it as Prompty documents properties", path=path, line=line)
