"""Tools that Python, TypeScript and JavaScript source defines: functions, schemas, lists."""

import json
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from reviewbot.documents import parse_json
from reviewbot.prompt import PromptFile, PromptText, Tool
from reviewbot.prompt_formats._common.problems import wrong
from reviewbot.prompt_formats._common.selected_prompts import name_of, parsed_source
from reviewbot.prompt_formats.python import names as python_names
from reviewbot.prompt_formats.python.notebooks import as_source
from reviewbot.prompt_formats.tool_definitions import read_tools
from reviewbot.prompt_formats.typescript.names import dialect_of

NAME = "source-tools"
TITLE = "tools that Python, TypeScript and JavaScript define, tools.py#NAME"
RECOGNIZED: tuple[str, ...] = ()
AMBIGUOUS = True
SELECTS = True

_LISTED = 20


def read(file: PromptText) -> PromptFile:
    """The tools under the name that is selected, or all that the file makes tools of."""
    if file.role is not None:
        mend = "name them under `tools`, not `prompts`"
        raise wrong("tool definitions have no role", mend, path=file.path, line=file.line)
    return PromptFile(messages=(), tools=tuple(_tools(file)))


def found(file: PromptText) -> Mapping[str, Any]:
    """What the parser of a file's language finds, by the names of tools.

    Raises:
        MeasurementError: It is no source of that language, or exceeds the limits.
    """
    tools: Mapping[str, Any] = _parsed(file)["tools"]
    return tools


def calls(file: PromptText) -> list[Any]:
    """The calls of models in a source file, with the places of the tools that they are given.

    Raises:
        MeasurementError: It is no source of that language, or exceeds the limits.
    """
    given: list[Any] = _parsed(file)["calls"]
    return given


def _parsed(file: PromptText) -> Mapping[str, Any]:
    is_python = file.path.lower().endswith(python_names.ENDINGS)
    parser = "python_tools" if is_python else f"typescript_tools.{dialect_of(file.path)}"
    return parsed_source(parser, as_source(file) if is_python else file)


def _tools(file: PromptText) -> list[Tool]:
    parsed = _parsed(file)
    tools, name = parsed["tools"], name_of(file)
    own, _, inner = name.partition(".")
    if name not in tools and own in parsed["taken"]:
        path, there = parsed["taken"][own]
        loaded = file.surroundings.load(path, "")
        if loaded is not None:
            selector = f"{there}.{inner}" if inner else there
            return _tools(replace(file, path=path, text=loaded.text, selector=selector))
    chosen = {
        key: tool
        for key, tool in tools.items()
        if (key == name or key.startswith(f"{name}.") if name else tool["is_offered"])
    }
    if not chosen:
        what = f"no tool called `{name}` is defined here" if name else "the file defines no tools"
        shown = ", ".join([*tools, *parsed["taken"]][:_LISTED]) or "there is none"
        mend = f"name one behind the path, `{file.path}#NAME`: {shown}"
        raise wrong(what, mend, path=file.path, line=file.line)
    definitions: list[Any] = []
    for key, tool in chosen.items():
        if "problem" in tool:
            what = f"the tool `{key}` {tool['problem']}"
            raise wrong(what, tool["mend"], path=file.path, line=tool["line"])
        definitions += tool["definitions"]
    return list(read_tools(parse_json(json.dumps(definitions), file=file.path), path=file.path))
