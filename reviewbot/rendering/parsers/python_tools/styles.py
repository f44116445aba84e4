"""How each framework makes a tool's definition of a function, its docstring and its signature."""

import inspect
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from reviewbot.rendering.parsers.python_tools.docstrings import sections


class Style(Struct, frozen=True, kw_only=True):
    """What a framework takes of a docstring, and what it adds to a schema.

    `description` is `raw` (as it stands), `stripped`, `clean` (without indentation), `parsed` (what
    stands before its sections) or `tagged` (that, in tags). `title` is the schema's own.
    """

    description: str = "clean"
    has_arguments: bool = False
    has_titles: bool = False
    title: str = ""
    is_closed: bool = False
    is_strict: bool = False


STYLES: Mapping[str, Style] = {
    "langchain": Style(description="stripped"),
    "langchain_core": Style(description="stripped"),
    "mcp": Style(description="raw", has_titles=True, title="{}Arguments"),
    "fastmcp": Style(description="clean", is_closed=True),
    "agents": Style(
        description="parsed",
        has_arguments=True,
        has_titles=True,
        title="{}_args",
        is_closed=True,
        is_strict=True,
    ),
    "anthropic": Style(description="parsed", has_arguments=True, has_titles=True, is_closed=True),
    "pydantic_ai": Style(description="tagged", has_arguments=True, is_closed=True),
    "smolagents": Style(description="parsed", has_arguments=True),
    "strands": Style(description="parsed", has_arguments=True),
}
"""By the package that a decorator is imported from; the definitions that each made of two functions
(langchain-core 1.0, mcp 2.0, openai-agents 0.6, anthropic 0.75, pydantic-ai 2.0) are test data."""

OTHER = Style()


def described(
    docstring: str, style: Style, *, is_parsed: bool = False
) -> tuple[str, dict[str, str]]:
    """The description of a function, and of its arguments, as a framework takes them."""
    text, arguments, returned = sections(docstring)
    if is_parsed:
        lines = {name: " ".join(said.split()) for name, said in arguments.items()}
        return " ".join(text.split()), lines
    if style.description == "tagged" and returned:
        result = f"<returns>\n<description>{returned}</description>\n</returns>"
        text = f"<summary>{text}</summary>\n{result}"
    whole = {
        "raw": docstring,
        "stripped": docstring.strip(),
        "clean": inspect.cleandoc(docstring),
    }
    return whole.get(style.description, text), arguments if style.has_arguments else {}


def schema_of(
    name: str, properties: Mapping[str, Any], required: list[str], style: Style
) -> dict[str, Any]:
    """The schema of a function's arguments, as a framework writes it."""
    said = {key: dict(value) for key, value in properties.items()}
    for key, value in said.items():
        if style.has_titles and "$ref" not in value:
            value.setdefault("title", key.replace("_", " ").title())
        if style.is_strict and value.get("default", ...) is None:
            del value["default"]
    schema: dict[str, Any] = {"type": "object", "properties": said}
    if needed := list(said) if style.is_strict else required:
        schema["required"] = needed
    if style.title:
        schema["title"] = style.title.format(name)
    if style.is_closed:
        schema["additionalProperties"] = False
    return schema
