"""Tools as each library has them written: in calls, in mappings, behind imports, under any name."""

from collections.abc import Mapping

import pytest

from reviewbot.configuration.settings import PromptReference
from reviewbot.errors import MeasurementError, Place
from reviewbot.prompt import Tool
from reviewbot.prompts.includes import TextReader
from reviewbot.prompts.prompt_files import PromptReader
from tests.support.importing import Given, InProcess


def tools(
    files: Mapping[str, str | None], path: str, name: str | None = None
) -> tuple[list[Tool], list[str]]:
    """The tools of a file, and the files beside it that they come from."""
    reader = PromptReader(TextReader(Given(files)), InProcess())  # type: ignore[arg-type]
    item = PromptReference(
        path=path, selector=name, format="source-tools", role=None, place=Place(file="r.yml")
    )
    prompt = reader.prompt(item, "")
    return list(prompt.file.tools), sorted(prompt.beside)


def only(source: str, path: str, name: str | None = None) -> Tool:
    (found,), _ = tools({path: source}, path, name)
    return found


PYTHON = {
    "mcp": (
        """
import mcp.types as types
SCHEMA = {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}
class Server:
    async def list_tools(self):
        passed_on = [types.Tool(name=t.name, description=t.said, inputSchema=t.schema) for t in x]
        return passed_on + [types.Tool(name="search", description="Look.", inputSchema=SCHEMA)]
""",
        "Server.list_tools.search",
    ),
    "gemini": (
        """
def ask():
    declared = types.FunctionDeclaration(name="search", description="Look.", parameters=dict(
        type="object", properties=dict(q=dict(type="string")), required=["q"]))
    return declared
""",
        "ask.declared.search",
    ),
    "langchain": (
        """
def search(q: str) -> str: ...
tools = [StructuredTool.from_function(search, name="search", description="Look.")]
""",
        "tools.search",
    ),
    "mappings in a class": (
        """
class Coder:
    functions = [dict(name="search", description="Look.", parameters=dict(
        type="object", properties=dict(q=dict(type="string")), required=["q"]))]
""",
        "Coder.functions",
    ),
    "mappings in a call": (
        """
def ask():
    reply = create(tools=[{"name": "search", "description": "Look.", "input_schema": {
        "type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}}])
""",
        "ask.reply",
    ),
    "browser-use": (
        """
from browser_use import Tools
tools = Tools()
@tools.action("Look.")
def search(q: str, browser_session, file_system=None): ...
""",
        "search",
    ),
}


@pytest.mark.parametrize("library", PYTHON)
def test_python(library: str) -> None:
    source, name = PYTHON[library]
    found = only(source, "t.py", name)
    assert (found.name, found.description) == ("search", "Look.")
    assert found.parameters["properties"] == {"q": {"type": "string"}}
    assert found.parameters["required"] == ["q"]


def test_what_only_passes_tools_on_defines_none() -> None:
    source = "tools = [Tool(name=t.name, description=t.said, func=t.run) for t in others]"
    with pytest.raises(MeasurementError, match="the file defines no tools"):
        only(source, "t.py")


def test_an_action_of_another_library_is_no_tool() -> None:
    source = "from django.contrib import admin\n@admin.action('Mark them.')\ndef mark(q): ...\n"
    with pytest.raises(MeasurementError, match="the file defines no tools"):
        only(source, "t.py")


def test_a_schema_in_python_is_a_tool_of_its_name() -> None:
    source = 'ANSWER = {"type": "object", "properties": {"a": {"type": "string"}}}'
    assert only(source, "t.py", "ANSWER").parameters["properties"] == {"a": {"type": "string"}}


MODELS = {
    "app/tools.py": "from langchain.tools import tool\nfrom app import models\n"
    "from app.models import Filters, HELP\n"
    "@tool\ndef find(filters: Filters, kind: models.Kind) -> str:\n    '''Find.'''\n"
    "@tool(description=HELP)\ndef help_me(): ...\n",
    "app/models.py": "from enum import Enum\nfrom .base import Base\nHELP = 'Help me.'\n"
    "class Kind(Enum):\n    A = 'a'\nclass Filters(Base):\n    '''What counts.'''\n    at: 'Place'\n"
    "class Place(Base):\n    town: str\n",
    "app/base.py": "class Base: ...\n",
}


def test_models_and_texts_of_other_files_are_followed() -> None:
    found, files = tools(MODELS, "app/tools.py")
    place = {"type": "object", "properties": {"town": {"type": "string"}}, "required": ["town"]}
    assert found[0].parameters["properties"] == {
        "filters": {
            "type": "object",
            "properties": {"at": place},
            "required": ["at"],
            "description": "What counts.",
        },
        "kind": {"enum": ["a"], "type": "string"},
    }
    assert found[1].description == "Help me."
    assert files == ["app/base.py", "app/models.py"]


def test_a_model_behind_a_link_is_refused_by_name() -> None:
    files = {**MODELS, "app/models.py": None}
    with pytest.raises(MeasurementError, match="symbolic link"):
        tools(files, "app/tools.py", "find")


def test_a_model_has_the_fields_that_it_inherits() -> None:
    files = {
        "a.py": "from b import Where\nclass Find(Where):\n    q: str\n@tool\ndef t(find: Find): ...\n",
        "b.py": "class Base(BaseModel):\n    at: int = 1\nclass Where(Base):\n    town: str\n",
    }
    ((found,), _) = tools(files, "a.py", "t")
    assert found.parameters["properties"]["find"] == {
        "type": "object",
        "properties": {
            "at": {"type": "integer", "default": 1},
            "town": {"type": "string"},
            "q": {"type": "string"},
        },
        "required": ["town", "q"],
    }


def test_a_model_of_a_class_that_is_not_here_is_refused() -> None:
    source = (
        "from pack import Where\nclass Find(Where):\n    q: str\n@tool\ndef t(find: Find): ...\n"
    )
    with pytest.raises(MeasurementError, match="not known here, `Where`"):
        only(source, "t.py", "t")


SCRIPTS = {
    "returned by a function": (
        """
import { tool } from "ai";
import * as zed from "zod";
export const searchTool = () => tool({
  description: "Look.", inputSchema: zed.object({ q: zed.string() }) });
""",
        "t.ts",
        "searchTool",
        "searchTool",
    ),
    "what compilers write": (
        """
const ai_1 = require("ai");
const zod_1 = require("zod");
const search = (v3) => (0, ai_1.tool)({
  description: "Look.", inputSchema: zod_1.z.object({ q: zod_1.z.string() }) });
""",
        "t.js",
        "search",
        "search",
    ),
    "registered in a function": (
        """
import { z } from "zod";
export function register(server) {
  server.addTool({ name: "other", description: "O.", parameters: z.object({}) });
  server.addTool({ name: "search", description: "Look.", parameters: z.object({ q: z.string() }) });
}
""",
        "t.ts",
        "register.search",
        "search",
    ),
    "a definition that is returned": (
        """
const Q = "q";
export const declaration = () => ({ name: "search", description: "Look.",
  parametersJsonSchema: { type: "object", properties: { [Q]: { type: "string" } }, required: ["q"] },
});
""",
        "t.js",
        "declaration",
        "search",
    ),
    "schemas made of others": (
        """
import { z } from "zod";
const Base = z.object({});
const Text = z.string();
const search = tool({ description: on ? "Look." : "Lo.", schema: Base.extend({ q: Text }).strict() });
""",
        "t.ts",
        "search",
        "search",
    ),
}


@pytest.mark.parametrize("kind", SCRIPTS)
def test_scripts(kind: str) -> None:
    source, path, selector, name = SCRIPTS[kind]
    found = only(source, path, selector)
    assert (found.name, found.description) == (name, "Look.")
    assert found.parameters["properties"] == {"q": {"type": "string"}}
    assert found.parameters["required"] == ["q"]


def test_schemas_in_scripts_are_tools_of_their_names() -> None:
    source = (
        'import { z } from "zod";\n'
        "export const Answer = z.object({ at: z.string().regex(/^a+$/).or(z.null()) });\n"
        'const SCHEMA = { type: "object", properties: { a: { type: "string" } } };\n'
        "const read = Answer.safeParse(given);\n"
    )
    either = {"anyOf": [{"type": "string", "pattern": "^a+$"}, {"type": "null"}]}
    assert only(source, "t.ts", "Answer").parameters["properties"] == {"at": either}
    assert only(source, "t.ts", "SCHEMA").parameters["properties"] == {"a": {"type": "string"}}
    with pytest.raises(MeasurementError, match="no tool called `read`"):
        only(source, "t.ts", "read")


IMPORTING = {
    "src/tools.ts": 'import { z } from "zod";\nimport { NAME, Query } from "./names";\n'
    'import { shared as more } from "./schemas.js";\n'
    "export const search = tool({ name: NAME, description: `Look for ${NAME}.`,\n"
    "  inputSchema: z.object({ q: Query.optional(), ...more }) });\n",
    "src/names.ts": 'import { z } from "zod";\nexport const NAME = "search";\n'
    'export const Query = z.string().describe("What.");\n',
    "src/schemas.ts": 'import { z } from "zod";\nexport const shared = { at: z.number() };\n',
}


def test_names_and_schemas_of_other_scripts_are_followed() -> None:
    (found,), files = tools(IMPORTING, "src/tools.ts")
    assert (found.name, found.description) == ("search", "Look for search.")
    assert found.parameters["properties"] == {
        "q": {"type": "string", "description": "What."},
        "at": {"type": "number"},
    }
    assert found.parameters["required"] == ["at"]
    assert files == ["src/names.ts", "src/schemas.ts"]


CHAIN = {
    f"c{n}.ts": f'import {{ X as Y }} from "./c{n + 1}";\nexport const X = Y;' for n in range(30)
}
FAN = "".join(f'import {{ X{n} }} from "./f{n}";\n' for n in range(300))
ENDLESS = {
    "a long chain of scripts": (
        CHAIN | {"a.ts": 'import { X } from "./c0";\nexport const t = tool({ schema: X });'},
        "a.ts",
    ),
    "more scripts than a prompt may need": (
        {f"f{n}.ts": f"export const X{n} = z.string();" for n in range(300)}
        | {
            "a.ts": FAN
            + "export const t = tool({ schema: z.object({"
            + ",".join(f"X{n}" for n in range(300))
            + "}) });"
        },
        "a.ts",
    ),
    "models that are made of each other": (
        {"a.py": "class A(B):\n    a: str\nclass B(A):\n    b: str\n@tool\ndef t(a: A): ...\n"},
        "a.py",
    ),
    "models made of two that double": (
        {
            "a.py": "".join(
                f"class A{n}(A{n + 1}, B{n + 1}): ...\nclass B{n}(A{n + 1}, B{n + 1}): ...\n"
                for n in range(19)
            )
            + "class A19(BaseModel): ...\nclass B19(BaseModel): ...\n@tool\ndef t(a: A0): ...\n"
        },
        "a.py",
    ),
    "scripts that need each other": (
        {
            "a.ts": 'import { b } from "./b";\nexport const a = z.object({ b });\n'
            "export const t = tool({ description: '', schema: a });",
            "b.ts": 'import { a } from "./a";\nexport const b = z.object({ a });',
        },
        "a.ts",
    ),
    "models that need each other": (
        {
            "a.py": "from b import B\nclass A(BaseModel):\n    b: B\n@tool\ndef t(a: A): ...\n",
            "b.py": "from a import A\nclass B(BaseModel):\n    a: A\n",
        },
        "a.py",
    ),
    "modules that hand on each other": (
        {
            "a.py": "from b import X\n@tool\ndef t(x: X): ...\n",
            "b.py": "from a import X\n",
        },
        "a.py",
    ),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_files_that_need_each_other_are_named(kind: str) -> None:
    files, path = ENDLESS[kind]
    with pytest.raises(MeasurementError) as caught:
        tools(files, path, "t")
    assert caught.value.problems[0].mend
