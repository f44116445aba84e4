"""The definitions that frameworks make of the tools in tests/data/source_tools/.

Usage: python bench/source_tool_references.py > tests/data/references/source_tools.json, in an
environment with langchain-core, mcp, openai-agents, pydantic-ai-slim and anthropic; and node with
the npm package zod in its folder. Tests hold reviewbot's own definitions against what this prints.
"""

import asyncio
import importlib
import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

SOURCES = Path(__file__).parents[1] / "tests" / "data" / "source_tools"
NAMES = ("search", "route")


def main() -> None:
    module = _loaded(SOURCES / "functions.txt")
    found: dict[str, Any] = {name: read(module) for name, read in _FRAMEWORKS.items()}
    node = subprocess.run(
        ["node", "--input-type=module"],
        input=(SOURCES / "zod.mjs").read_text("utf-8") + _PRINTS,
        capture_output=True,
        check=True,
        text=True,
    )
    print(json.dumps({**found, "zod": json.loads(node.stdout)}, indent=1, sort_keys=True))


_PRINTS = """
const found = {};
for (const [name, schema] of Object.entries({ route, search }))
  found[name] = z.toJSONSchema(schema, { target: "draft-7", io: "input" });
console.log(JSON.stringify(found));
"""


def _loaded(path: Path) -> ModuleType:
    module = ModuleType("functions")
    exec(path.read_text("utf-8"), vars(module))
    return module


def _import(name: str) -> Any:
    return importlib.import_module(name)


def _langchain(module: ModuleType) -> list[Any]:
    tool = _import("langchain_core.tools").tool
    convert = _import("langchain_core.utils.function_calling").convert_to_openai_tool
    return [convert(tool(getattr(module, name)))["function"] for name in NAMES]


def _mcp(module: ModuleType) -> list[Any]:
    server = _import("mcp.server.mcpserver").MCPServer("tools")
    for name in NAMES:
        server.tool()(getattr(module, name))
    listed = [item.model_dump(by_alias=True) for item in asyncio.run(server.list_tools())]
    return [{key: item[there] for key, there in _MCP_KEYS.items()} for item in listed]


_MCP_KEYS = {"name": "name", "description": "description", "parameters": "inputSchema"}


def _agents(module: ModuleType) -> list[Any]:
    tools = [_import("agents").function_tool(getattr(module, name)) for name in NAMES]
    return [_definition(tool.name, tool.description, tool.params_json_schema) for tool in tools]


def _pydantic_ai(module: ModuleType) -> list[Any]:
    tools = [_import("pydantic_ai.tools").Tool(getattr(module, name)).tool_def for name in NAMES]
    return [_definition(tool.name, tool.description, tool.parameters_json_schema) for tool in tools]


def _anthropic(module: ModuleType) -> list[Any]:
    tools = [_import("anthropic").beta_tool(getattr(module, name)).to_dict() for name in NAMES]
    return [_definition(tool["name"], tool["description"], tool["input_schema"]) for tool in tools]


def _definition(name: str, description: str, parameters: Any) -> dict[str, Any]:
    return {"name": name, "description": description, "parameters": parameters}


_FRAMEWORKS: Mapping[str, Callable[[ModuleType], list[Any]]] = {
    "langchain_core": _langchain,
    "mcp": _mcp,
    "agents": _agents,
    "pydantic_ai": _pydantic_ai,
    "anthropic": _anthropic,
}

if __name__ == "__main__":
    main()
