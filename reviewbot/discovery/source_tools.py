"""Tools that source files define, for the calls that stand in the same files."""

import re
from collections.abc import Iterator

from msgspec import Struct

from reviewbot import prompt_formats
from reviewbot.discovery.findings import LeftOut
from reviewbot.errors import MeasurementError
from reviewbot.prompt import PromptText
from reviewbot.prompt_formats import source_tools

_HINTS = tuple(
    re.compile(hint)
    for hint in (
        r"@[\w.]{0,60}(?:tool|kernel_function|\.action)",
        r"BaseTool\b",
        r"z\.object\(",
        r"input_?[sS]chema[\"']?[:=]",
        r"parametersJsonSchema[\"']?[:=]",
        r"args_schema[\"']?[:=]",
        r"type[\"']?: ?[\"'](?:function|object)[\"']",
        r"Tool\((?<!\wTool\()",
        r"StructuredTool\(",
        r"FunctionTool\(",
        r"Dynamic\w{0,20}Tool\(",
        r"createTool\(",
        r"defineTool\(",
        r"addTool\(",
        r"FunctionDeclaration\(",
        r"\.from_(?:function|defaults)\(",
    )
)
"""What a file with tools holds; each begins with fixed letters, which are looked for quickly."""


class ToolsFound(Struct, frozen=True, kw_only=True):
    """What a file defines: whether all its tools can be read, and what is to be said of it."""

    can_be_read: bool
    left_out: tuple[LeftOut, ...] = ()


def tools_in(file: PromptText) -> ToolsFound | None:
    """The tools of a source file; None where it has none."""
    if prompt_formats.of_source(file.path) is None:
        return None
    if not any(hint.search(file.text) for hint in _HINTS):
        return None
    try:
        tools = source_tools.found(file)
    except MeasurementError:
        return None
    offered = {name: tool for name, tool in tools.items() if tool["is_offered"]}
    if not offered:
        return None
    left_out = tuple(_refused(file.path, offered))
    return ToolsFound(can_be_read=not left_out, left_out=left_out)


def _refused(path: str, tools: dict[str, dict[str, object]]) -> Iterator[LeftOut]:
    for name, tool in tools.items():
        if "problem" in tool:
            why = f"line {tool['line']}: the tool {tool['problem']}; {tool['mend']}"
            yield LeftOut(what=f"{path}#{name}", why=why)
