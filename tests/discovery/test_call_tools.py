"""`init` attaches the tools that a call is given, and no others."""

import pytest

from tests.commands.test_init import configured, init
from tests.support.repository import Repository

TEXT = (
    "You help the customers of a shop with their orders, in short sentences, and you are kind. " * 2
)
FIND = """
import { tool, streamText } from "ai";
import { z } from "zod";
export const find = ({ session }) => tool({
  description: "Find an order of the customer by its number.",
  inputSchema: z.object({ order: z.string() }),
  execute: async ({ order }) => {
    const { text } = streamText({ model: openai("gpt-4.1"), system: "TEXT", prompt: order });
    return text;
  },
});
""".replace("TEXT", TEXT)
WEATHER = """
import { tool } from "ai";
import { z } from "zod";
export const weather = tool({ description: "The weather.", inputSchema: z.object({ at: z.string() }) });
export const other = tool({ description: "Another.", inputSchema: z.object({ at: z.string() }) });
"""
ROUTE = """
import { streamText } from "ai";
import { ROUTE_PROMPT } from "@/lib/prompts";
import { find } from "@/lib/tools/find";
import { weather } from "../lib/tools";
export const POST = (messages) => streamText({
  model: openai("gpt-4.1"), system: ROUTE_PROMPT, messages,
  tools: { weather, find: find({ session }) },
});
"""
SCRIPTS: dict[str, str | bytes | None] = {
    "tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./*"]}}}',
    "lib/prompts.ts": f'export const ROUTE_PROMPT = "{TEXT}And sort them.";\n',
    "lib/tools/find.ts": FIND,
    "lib/tools/index.ts": 'export { weather } from "./weather";\n',
    "lib/tools/weather.ts": WEATHER,
    "app/route.ts": ROUTE,
}


def tools(repository: Repository) -> dict[str, list[str]]:
    """The tools of each workflow, by its first prompt."""
    return {
        workflow.prompts[0].name: [item.name for item in workflow.tools]
        for workflow in configured(repository).workflows.values()
    }


def test_a_call_gets_those_that_it_names(repository: Repository) -> None:
    repository.commit(SCRIPTS)
    outcome = init(repository)
    found = tools(repository)
    assert found.pop("lib/prompts.ts#ROUTE_PROMPT") == [
        "lib/tools/weather.ts#weather",
        "lib/tools/find.ts#find",
    ]
    assert [*found.values()] == [[]]
    assert "which call has these tools" not in outcome.out


PROMPTS = f'ROUTE_PROMPT = "{TEXT}"\n'
LIBRARY = '''
from langchain_core.tools import tool


@tool
def find(order: str) -> str:
    """Find an order by its number."""
    return order


@tool
def weather(at: str) -> str:
    """The weather at a place."""
    return at


@tool
def other(at: str) -> str:
    """Another one."""
    return at
'''
AGENTS = {
    "given": (
        "from lib.prompts import ROUTE_PROMPT\nfrom lib.tools import find, weather\n\n"
        'agent = Agent(name="a", model="gpt-4o", instructions=ROUTE_PROMPT, tools=[find, weather])\n'
    ),
    "a constant": (
        "from lib.prompts import ROUTE_PROMPT\nfrom lib.tools import find, weather\n\n"
        "TOOLS = [find, weather]\n"
        'agent = Agent(name="a", model="gpt-4o", instructions=ROUTE_PROMPT, tools=TOOLS)\n'
    ),
    "bound": (
        "from lib.tools import find, weather\n\n"
        f'ROUTE_PROMPT = "{TEXT}"\nllm = ChatOpenAI(model="gpt-4o").bind_tools([find, weather])\n'
        "chain = prompt | llm\n"
    ),
}


@pytest.mark.parametrize("how", AGENTS)
def test_a_call_in_python_gets_those_that_it_names(repository: Repository, how: str) -> None:
    prompts = {} if how == "bound" else {"lib/prompts.py": PROMPTS}
    files = {"lib/tools.py": LIBRARY, "lib/__init__.py": "", "agent.py": AGENTS[how], **prompts}
    repository.commit(files)
    init(repository)
    assert [*tools(repository).values()] == [["lib/tools.py#find", "lib/tools.py#weather"]]


def test_tools_that_only_the_program_knows_are_left_out(repository: Repository) -> None:
    files = SCRIPTS | {
        "app/route.ts": ROUTE.replace("{ weather, find: find({ session }) }", "all()")
    }
    repository.commit(files)
    outcome = init(repository)
    assert [*tools(repository).values()] == [[], []]
    assert "which call has these tools is not clear" in outcome.out
