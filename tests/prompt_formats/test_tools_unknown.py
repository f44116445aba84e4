"""What the source does not tell of a tool is refused by name, and never left out of its definition."""

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.prompt import Tool
from tests.prompt_formats.test_tools_of_libraries import only, tools

PYDANTIC = "from pydantic import BaseModel, Field\n"
ARGS = PYDANTIC + "class Args(BaseModel):\n    q: str\n"
LANGCHAIN = "from langchain_core.tools import Tool, StructuredTool\n"
STRUCTURED = "StructuredTool.from_function(name='find', description='Look.', func=%s)"


def of_python(source: str, name: str | None = None) -> dict[str, object]:
    found = only(source, "t.py", name)
    return {"description": found.description, **found.parameters}


@pytest.mark.parametrize(
    "source",
    [
        "import other\n" + ARGS + "@tool(args_schema=other.Args)\ndef find(q): ...\n",
        "from pack import other\n" + ARGS + "@tool(args_schema=other.Args)\ndef find(q): ...\n",
        ARGS + "@tool(args_schema=made().Args)\ndef find(q): ...\n",
        ARGS
        + "class Other:\n    Inner = made()\n@tool(args_schema=Other.Args)\ndef find(q): ...\n",
        (
            ARGS + "class A:\n    class Args(BaseModel):\n        r: str\n"
            "@tool(args_schema=Args)\ndef find(q): ...\n"
        ),
        PYDANTIC + "import other\n@tool\ndef find(q: other.Args): ...\n",
    ],
)
def test_a_class_of_another_module_is_not_one_of_this_file(source: str) -> None:
    with pytest.raises(MeasurementError, match=r"not known here|several classes"):
        of_python(source, "find")


def test_a_class_in_a_class_and_one_behind_a_module_are_followed() -> None:
    source = PYDANTIC + (
        "class Tools:\n    class Args(BaseModel):\n        q: str\n"
        "@tool(args_schema=Tools.Args)\ndef find(q): ...\n"
    )
    assert of_python(source, "find")["properties"] == {"q": {"type": "string"}}
    files = {
        "a.py": "import b\n" + ARGS + "@tool(args_schema=b.Args)\ndef find(q): ...\n",
        "b.py": PYDANTIC + "class Args(BaseModel):\n    other: int\n",
    }
    ((found,), beside) = tools(files, "a.py", "find")
    assert found.parameters["properties"] == {"other": {"type": "integer"}}
    assert beside == ["b.py"]


@pytest.mark.parametrize("function", ["look", "other.look", "made()", "self.look", "partial(look)"])
def test_a_tool_of_an_unknown_function_is_refused(function: str) -> None:
    source = f"{LANGCHAIN}import other\nfrom other import look\nt = {STRUCTURED % function}\n"
    with pytest.raises(MeasurementError, match="function that is not known here"):
        of_python(source)


def test_the_function_of_a_tool_is_followed_into_other_files() -> None:
    files = {
        "a.py": f"{LANGCHAIN}from b import look\nfrom pack import b\nt = {STRUCTURED % 'look'}\n",
        "b.py": PYDANTIC
        + "class Where(BaseModel):\n    town: str\ndef look(at: Where, n: int = 1): ...\n",
    }
    ((found,), beside) = tools(files, "a.py")
    assert found.parameters["required"] == ["at"]
    assert found.parameters["properties"]["at"]["required"] == ["town"]
    assert beside == ["b.py"]


def test_a_tool_of_langchain_takes_one_text_whatever_its_function_is() -> None:
    source = f"{LANGCHAIN}t = Tool(name='find', description='Look.', func=made())\n"
    assert of_python(source)["properties"] == {"__arg1": {"type": "string"}}


CONSTANT = 'BIG = "Look."\n@tool(description=BIG)\ndef find(q: str): ...\n'
LISTED = 'TOOLS = [{"name": "a", "parameters": {"type": "object"}}]\n'


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (CONSTANT + "BIG += more()\n", "find"),
        (CONSTANT + "BIG = more()\n", "find"),
        ("if x:\n    BIG = more()\nelse:\n    pass\n" + CONSTANT, "find"),
        (CONSTANT + "def f():\n    global BIG\n    BIG = more()\n", "find"),
        (CONSTANT + "find.description = more()\n", "find"),
        (CONSTANT + "find.__doc__ = more()\n", "find"),
        (LISTED + "TOOLS.append(more())\n", "TOOLS"),
        (LISTED + "TOOLS += more()\n", "TOOLS"),
        (LISTED + 'TOOLS[0]["description"] = more()\n', "TOOLS"),
        (LISTED + "x = TOOLS.extend(more())\n", "TOOLS"),
        (LISTED + "also = TOOLS\nalso.append(more())\n", "TOOLS"),
        (ARGS + "@tool(args_schema=Args)\ndef find(q): ...\nArgs.__doc__ = more()\n", "find"),
    ],
)
def test_what_is_changed_later_is_not_what_it_was(source: str, name: str) -> None:
    with pytest.raises(MeasurementError, match=r"changed by code in line|only when the program"):
        of_python(source, name)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Field(json_schema_extra={'description': 'Long.'})", {"description": "Long."}),
        ("Field(multiple_of=5)", {"multipleOf": 5}),
        ("Field(example='a')", {"example": "a"}),
        ("Field(deprecated=True)", {"deprecated": True}),
        ("Field(frozen=True, repr=False)", {}),
    ],
)
def test_all_that_a_field_says_is_read(field: str, expected: dict[str, object]) -> None:
    source = PYDANTIC + f"class A(BaseModel):\n    q: int = {field}\n@tool\ndef find(a: A): ...\n"
    found = of_python(source, "find")["properties"]
    assert found["a"]["properties"]["q"] == {"type": "integer", **expected}  # type: ignore[index]


def test_a_field_has_the_name_that_its_alias_gives_it() -> None:
    source = (
        PYDANTIC
        + "class A(BaseModel):\n    q: int = Field(alias='from')\n@tool\ndef find(a: A): ...\n"
    )
    found = of_python(source, "find")["properties"]["a"]  # type: ignore[index]
    assert (list(found["properties"]), found["required"]) == (["from"], ["from"])


@pytest.mark.parametrize(
    "model",
    [
        "class A(BaseModel):\n    q: int = Field(json_schema_extra=more())",
        "class A(BaseModel):\n    q: int = Field(**more())",
        "class A(BaseModel):\n    q: int = Field(discriminator=more())",
        "class A(BaseModel):\n    q: Annotated[int, WithJsonSchema(more())]",
        "class A(BaseModel):\n    model_config = ConfigDict(json_schema_extra=more())\n    q: int",
        "class A(BaseModel):\n    q: int\n    def __get_pydantic_json_schema__(self): ...",
        "class A(BigBaseModel):\n    q: int",
        "class A(AuditMixin, BaseModel):\n    q: int",
        "class A(pack.ArgsModel):\n    q: int",
    ],
)
def test_what_a_model_does_not_tell_is_refused(model: str) -> None:
    source = f"{PYDANTIC}from pack import AuditMixin, BigBaseModel\n{model}\n@tool\ndef find(a: A): ...\n"
    with pytest.raises(MeasurementError):
        of_python(source, "find")


def test_an_enumeration_may_be_made_of_one_of_the_file() -> None:
    source = (
        "class Base(str, Enum):\n    pass\nclass Kind(Base):\n    A = 'a'\n"
        "@tool\ndef find(kind: Kind): ...\n"
    )
    found = of_python(source, "find")["properties"]
    assert found == {"kind": {"enum": ["a"], "type": "string"}}


ZOD = 'import { z } from "zod";\nimport { tool } from "ai";\nimport { given, other } from "pack";\n'


def of_typescript(source: str, name: str = "find") -> Tool:
    return only(ZOD + source, "t.ts", name)


@pytest.mark.parametrize(
    "source",
    [
        'const find = tool({ ...given, description: "Look." });',
        'const find = tool({ description: "Look.", inputSchema: z.object({}), ...given });',
        'const find = tool({ description: "Look.", [given]: other });',
        "const find = tool({ ...given });",
        'const find = tool({ description: given("Look."), inputSchema: z.object({}) });',
        "const find = tool({ get description() { return given; }, inputSchema: z.object({}) });",
        'server.tool("find", given, async () => ({}));',
        'server.tool("find", "Look.", given, async () => ({}));',
        'server.tool("find", "Look.", given(), async () => ({}));',
        'server.tool("find", "Look.", { ...given, q: z.string() }, async () => ({}));',
        'server.tool("find", "Look.", { q: given }, async () => ({}));',
        'server.registerTool("find", given, async () => ({}));',
        'registry.registerTool("find", given);',
        'server.registerTool("find", { ...given, description: "Look." }, async () => ({}));',
        (
            'const text = { description: "Look." };\ntext.description = given;\n'
            "const find = tool({ ...text, inputSchema: z.object({}) });"
        ),
        (
            "const shape = { q: z.string() };\nObject.assign(shape, given);\n"
            'const find = tool({ description: "Look.", inputSchema: z.object(shape) });'
        ),
        (
            'class find extends StructuredTool { name = "find"; description = "Look.";\n'
            "  constructor() { super(); this.schema = given; } }"
        ),
        (
            'class find extends StructuredTool { name = "find"; description = "Look.";\n'
            "  schema = z.object({}); constructor() { super(); this.description = given; } }"
        ),
    ],
)
def test_what_is_unknown_of_a_tool_in_typescript_is_refused(source: str) -> None:
    with pytest.raises(MeasurementError):
        of_typescript(source)


BASE = 'const base = { description: "Look.", inputSchema: z.object({ q: z.string() }) };\n'


@pytest.mark.parametrize(
    "source",
    [
        BASE + "const find = tool({ ...base, execute: async () => 1 });",
        BASE + "const find = tool({ ...base, async execute() { return 1; } });",
        BASE + 'server.registerTool("find", base, async () => ({}));',
        BASE + 'server.registerTool("find", { ...base, title: "F" }, given);',
        'server.tool("find", "Look.", { q: z.string() }, given(async () => ({})));',
        'server.tool("find", "Look.", { q: z.string() }, { readOnlyHint: true }, given);',
        (
            "const common = { q: z.string() };\n"
            'server.tool("find", "Look.", { ...common }, async () => ({}));'
        ),
        (
            "const Args = z.object({ q: z.string() });\n"
            'server.tool("find", "Look.", Args.shape, async () => ({}));'
        ),
        'const TEXT = "Look.";\nserver.tool("find", TEXT, { q: z.string() }, given);',
        (
            'class find extends StructuredTool { name = "find"; description = "Look.";\n'
            "  schema = z.object({ q: z.string() }); async _call() { return 1; } }"
        ),
    ],
)
def test_what_is_told_of_a_tool_in_typescript_is_read(source: str) -> None:
    found = of_typescript(source)
    assert found.description == "Look."
    assert found.parameters["properties"] == {"q": {"type": "string"}}


def test_an_object_of_another_script_that_is_spread_is_followed() -> None:
    files = {
        "t.ts": ZOD + 'import { base } from "./base";\nconst find = tool({ ...base });\n',
        "base.ts": ZOD + BASE.replace("const base", "export const base"),
    }
    ((found,), beside) = tools(files, "t.ts", "find")
    assert (found.description, [*found.parameters["properties"]], beside) == (
        "Look.",
        ["q"],
        ["base.ts"],
    )
