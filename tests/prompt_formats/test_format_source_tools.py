"""Tools that source code defines, against the definitions that frameworks make of the same source."""

import json
from pathlib import Path
from typing import Any

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.prompt import PromptFile, PromptText
from reviewbot.prompt_formats import source_tools
from reviewbot.rendering.parsers import python_tools
from reviewbot.rendering.parsers.typescript_tools import typescript
from tests.support.reading import HERE

DATA = Path(__file__).parents[1] / "data"
FUNCTIONS = (DATA / "source_tools" / "functions.txt").read_text("utf-8")
ZOD = (DATA / "source_tools" / "zod.mjs").read_text("utf-8")
REFERENCES = json.loads((DATA / "references" / "source_tools.json").read_text("utf-8"))

DECORATED = {
    "langchain_core": ("from langchain_core.tools import tool", "@tool"),
    "mcp": ("from mcp.server.mcpserver import MCPServer\nmcp = MCPServer('x')", "@mcp.tool()"),
    "agents": ("from agents import function_tool", "@function_tool"),
    "pydantic_ai": ("from pydantic_ai import Agent\nagent = Agent('x')", "@agent.tool_plain"),
    "anthropic": ("from anthropic import beta_tool", "@beta_tool"),
}


@pytest.mark.parametrize("framework", DECORATED)
def test_functions_are_defined_as_their_framework_does(framework: str) -> None:
    imported, decorator = DECORATED[framework]
    source = f"{imported}\n{FUNCTIONS}".replace("\ndef ", f"\n{decorator}\ndef ")
    tools = python_tools.parse(source)["tools"]
    assert [tool["definitions"] for tool in tools.values()] == [
        [definition] for definition in REFERENCES[framework]
    ]


def open_schema(schema: Any) -> Any:
    """A schema without the keys that each user of zod adds or leaves out by itself."""
    if isinstance(schema, list):
        return [open_schema(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    left_out = {"$schema", "additionalProperties"}
    return {key: open_schema(item) for key, item in schema.items() if key not in left_out}


@pytest.mark.parametrize("name", ["route", "search"])
def test_zod_schemas_are_what_zod_makes_of_them(name: str) -> None:
    source = f'{ZOD}\nconst used = tool({{ description: "d", inputSchema: {name} }});\n'
    (definition,) = typescript.parse(source)["tools"]["used"]["definitions"]
    assert open_schema(definition["parameters"]) == open_schema(REFERENCES["zod"][name])


MODELS = '''
from enum import Enum
from typing import Annotated, ClassVar
from langchain.tools import BaseTool, tool
from pydantic import BaseModel, Field
from elsewhere import Filters

LIMIT = 9


class Queue(Enum):
    SALES = "sales"
    SUPPORT = "support"


class Address(BaseModel):
    """Where somebody lives."""

    street: str


class Route(BaseModel):
    """Put the message into one queue."""

    version: ClassVar[int] = 1
    queue: Queue = Field(..., description="Where it belongs.")
    limit: int = Field(default=LIMIT, ge=1)
    home: Address | None = None
    names: list[str] = Field(default_factory=list)


class RouteTool(BaseTool):
    name: str = "route_it"
    description: str = "Route " "it."
    args_schema: type = Route


@tool("look-up", args_schema=Route)
def look_up(queue, limit):
    """Not sent: no."""


@tool
def hidden(text: str, state: Annotated[dict, InjectedState], runtime: "ToolRuntime"):
    """Say it."""


@tool
def foreign(filters: Filters):
    """Filter."""


TOOLS = [
    {"type": "function", "function": {"name": "a", "parameters": {"type": "object", **{"x": LIMIT}}}},
    {"name": "b", "input_schema": {"type": "object", "properties": {}}},
]
COMPUTED = [{"name": make(), "parameters": {}}]
'''


def read(source: str, path: str) -> PromptFile:
    name, _, selector = path.partition("#")
    text = PromptText(path=name, text=source, selector=selector or None, surroundings=HERE)
    return source_tools.read(text)


def test_models_and_classes_of_tools_are_read() -> None:
    (route,) = read(MODELS, "t.py#Route").tools
    assert route.description == "Put the message into one queue."
    address = {"street": {"type": "string"}}
    assert route.parameters["properties"] == {
        "queue": {
            "enum": ["sales", "support"],
            "type": "string",
            "description": "Where it belongs.",
        },
        "limit": {"type": "integer", "minimum": 1, "default": 9},
        "home": {
            "anyOf": [
                {
                    "type": "object",
                    "properties": address,
                    "required": ["street"],
                    "description": "Where somebody lives.",
                },
                {"type": "null"},
            ],
            "default": None,
        },
        "names": {"items": {"type": "string"}, "type": "array"},
    }
    assert route.parameters["required"] == ["queue"]
    (made,) = read(MODELS, "t.py#RouteTool").tools
    assert (made.name, made.description) == ("route_it", "Route it.")
    assert made.parameters == route.parameters
    (named,) = read(MODELS, "t.py#look_up").tools
    assert (named.name, named.parameters) == ("look-up", route.parameters)


def test_what_the_framework_fills_in_is_not_sent() -> None:
    (hidden,) = read(MODELS, "t.py#hidden").tools
    assert list(hidden.parameters["properties"]) == ["text"]


def test_lists_of_definitions_are_read() -> None:
    assert [tool.name for tool in read(MODELS, "t.py#TOOLS").tools] == ["a", "b"]


@pytest.mark.parametrize(
    ("path", "line", "said"),
    [
        ("t.py#foreign", 49, "has an argument whose type is not known here, `Filters`"),
        ("t.py#COMPUTED", 57, "known only when the program runs, `make()`"),
        ("t.py", 49, "the tool `foreign` has an argument"),
        ("t.py#nothing", 1, "no tool called `nothing` is defined here"),
    ],
)
def test_what_the_source_does_not_tell_is_named(path: str, line: int, said: str) -> None:
    with pytest.raises(MeasurementError) as caught:
        read(MODELS, path)
    (problem,) = caught.value.problems
    assert said in problem.what
    assert problem.mend
    assert problem.place is not None
    assert problem.place.line == line


SCRIPT = """
import { tool, createTool } from "x";
import { z } from "zod";
const shared = { at: z.string().optional() };
export const tools = {
  search: tool({ description: "Search " + "it.", parameters: z.object({ q: z.string() }) }),
  other: createTool({ id: "other-one", description: `Other.`, inputSchema: z.object({ ...more }) }),
};
server.registerTool("add", { title: "A", description: "Adds.", inputSchema: shared }, add);
server.tool("echo", "Echoes.", { text: z.coerce.string() }, async () => {});
const LIST = [
  { type: "function", function: { name: "f", parameters: { type: "object", properties: {} } } },
  { name: "g", description: "G", input_schema: { type: "object", properties: {} } },
];
const made = new DynamicStructuredTool({ name: "made", description: "M", schema: z.object({}) });
class Look extends StructuredTool {
  name = "look";
  description = `Look it up.`;
  schema = z.object({ at: z.string() });
}
const bad = tool({ description: describe(), inputSchema: z.object({}) });
const description = "Short.";
const inputSchema = z.object({ n: z.number() });
server.registerTool("short", { description, inputSchema }, add);
"""


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("t.ts#tools.search", ["search"]),
        ("t.ts#add", ["add"]),
        ("t.ts#echo", ["echo"]),
        ("t.ts#short", ["short"]),
        ("t.js#LIST", ["f", "g"]),
        ("t.tsx#made", ["made"]),
        ("t.ts#Look", ["look"]),
    ],
)
def test_scripts_define_tools(path: str, names: list[str]) -> None:
    assert [tool.name for tool in read(SCRIPT, path).tools] == names


def test_what_a_script_does_not_tell_is_named() -> None:
    for name, said in (("bad", "describe()"), ("tools", "more")):
        with pytest.raises(MeasurementError, match="known only when the program runs") as caught:
            read(SCRIPT, f"t.ts#{name}")
        assert said in caught.value.problems[0].what


def test_a_role_belongs_to_prompts() -> None:
    with pytest.raises(MeasurementError, match="have no role"):
        source_tools.read(PromptText(path="t.py", text=MODELS, role="system", surroundings=HERE))


@pytest.mark.parametrize("source", ["def f(:", "x = " + "(" * 300 + ")" * 300, "x = " + "-" * 5000])
def test_what_is_no_python_or_too_deep_is_named(source: str) -> None:
    with pytest.raises(MeasurementError) as caught:
        read(source, "t.py#f")
    assert caught.value.problems[0].mend


ENDLESS = {
    "a model of itself": ("m.py#A", 'class A(BaseModel):\n    a: "A"\n'),
    "models of each other": (
        "m.py#A0",
        "".join(
            f"class A{n}(BaseModel):\n"
            + "".join(f'    f{m}: "A{(n + 1) % 8}"\n' for m in range(12))
            for n in range(8)
        ),
    ),
    "a schema of itself": (
        "m.ts#t",
        "const a = z.object({ a: a });\nconst t = tool({ schema: a });",
    ),
    "schemas that double": (
        "m.ts#t",
        "const a0 = z.object({ a: z.string() });\n"
        + "".join(f"const a{n + 1} = z.object({{ a: a{n}, b: a{n} }});\n" for n in range(60))
        + "const t = tool({ schema: a60 });",
    ),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_schemas_without_an_end_are_named(name: str) -> None:
    path, source = ENDLESS[name]
    with pytest.raises(MeasurementError) as caught:
        read(source, path)
    assert caught.value.problems[0].mend
