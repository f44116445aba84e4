"""Tools in several files: one file a tool, each named by itself, or behind an index file."""

import json

import pytest

from tests.support.configurations import told
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

PROMPT = "prompts/system.j2"
WEATHER = """
import { tool } from "ai";
import { z } from "zod";
export const getWeather = tool({
  description: "Get the weather at a place that the user names.",
  inputSchema: z.object({ city: z.string() }),
});
"""
FIND = """
import { tool } from "ai";
import { z } from "zod";
export const find = ({ session }) => tool({
  description: "Find an order of the customer by its number.",
  inputSchema: z.object({ order: z.string() }),
});
"""
PACKAGE = '''
from langchain_core.tools import tool


@tool
def get_weather(city: str) -> str:
    """Get the weather at a place that the user names."""
    return city
'''
FILES: dict[str, str | bytes | None] = {
    PROMPT: "You help the customers of a shop.",
    "tools/weather.ts": WEATHER,
    "tools/find.ts": FIND,
    "tools/index.ts": 'export { getWeather } from "./weather";\nexport * from "./find";\n',
    "tools/all.ts": 'import { find as own } from "./index";\nexport { own as lookUp };\n',
    "app/tools/weather.py": PACKAGE,
    "app/tools/__init__.py": "from .weather import get_weather as weather\n",
}


def reviewed(repository: Repository, was: str, now: str, **changed: str | None) -> Outcome:
    before = FILES | {CONFIGURATION: configuration({"w": workflow(PROMPT, tools=was)})}
    after = {CONFIGURATION: configuration({"w": workflow(PROMPT, tools=now)}), **changed}
    return change(repository, before, after)


def tool_tokens(outcome: Outcome, side: str) -> int:
    (sample,) = outcome.workflow()[side]["samples"]
    return int(sample["tool_tokens"])


@pytest.mark.parametrize(
    "named",
    [
        "[tools/weather.ts, tools/find.ts]",
        '["tools/weather.ts#getWeather", tools/find.ts]',
        '["tools/index.ts#getWeather", "tools/index.ts#find"]',
    ],
)
def test_each_file_of_tools_is_counted(repository: Repository, named: str) -> None:
    outcome = reviewed(repository, "tools/weather.ts", named)
    alone, both = (tool_tokens(outcome, side) for side in ("before", "after"))
    assert alone > 0
    assert both > alone


@pytest.mark.parametrize(
    ("whole", "named"),
    [
        ("tools/weather.ts", "tools/index.ts#getWeather"),
        ("tools/find.ts", "tools/index.ts#find"),
        ("tools/find.ts", "tools/all.ts#lookUp"),
        ("app/tools/weather.py", "app/tools/__init__.py#weather"),
    ],
)
def test_a_name_that_an_index_hands_out_is_the_tool(
    repository: Repository, whole: str, named: str
) -> None:
    outcome = reviewed(repository, whole, f'"{named}"')
    assert (outcome.code, outcome.report["workflows"], outcome.errors) == (0, [], "")


def test_a_change_behind_an_index_is_measured(repository: Repository) -> None:
    named = '["tools/index.ts#getWeather", tools/find.ts]'
    longer = WEATHER.replace("names.", "names, with the wind, the rain, and what to wear for it.")
    outcome = reviewed(repository, named, named, **{"tools/weather.ts": longer})
    assert tool_tokens(outcome, "after") - tool_tokens(outcome, "before") == 14


def test_a_tool_that_is_taken_out_needs_approval(repository: Repository) -> None:
    outcome = reviewed(repository, "[tools/weather.ts, tools/find.ts]", "[tools/weather.ts]")
    assert (outcome.rules(), outcome.code) == ({"removed": "needs-approval"}, 1)


SETTINGS = (
    "version: 1\ndefaults: {traffic: [{calls: 9/day, output_tokens: 9}]}\n"
    "workflows:\n  w:\n    model: gpt-4o\n    prompts: a.md\n    tools:\n"
)


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (["a.json", "a.json"], "a.json stands here already, in line 8"),
        (["a.ts", "a.ts#f"], "a.ts#f is one of the tools of a.ts, which stands here too"),
    ],
)
def test_tools_are_named_once(items: list[str], expected: str) -> None:
    text = SETTINGS + "".join(f"      - {json.dumps(item)}\n" for item in items)
    ((line, key, what, _),) = told(text)
    assert (line, key, what) == (9, "workflows.w.tools", expected)


def test_an_empty_list_is_refused() -> None:
    ((_, key, what, _),) = told(SETTINGS.removesuffix("\n") + " []\n")
    assert (key, what) == ("workflows.w.tools", "the list is empty")


def test_a_pattern_of_tools_is_refused_by_its_key(repository: Repository) -> None:
    outcome = reviewed(repository, "tools/find.ts", "tools/*.ts")
    assert "`tools` take no pattern" in outcome.errors
    assert "`- tools/find.ts`" in outcome.errors


FREE = ["experimental_transform: smoothStream()", "_internal: { now }", "experimental_include: all"]
COSTLY = [
    "experimental_output: shape()",
    "prepareStep: pick",
    "stopWhen: steps(5)",
    "activeTools: x",
]


@pytest.mark.parametrize("setting", [*FREE, *COSTLY, "experimental_repairToolCall: mend"])
def test_settings_of_the_ai_sdk_are_named_if_they_may_cost(
    repository: Repository, setting: str
) -> None:
    source = (
        'export const ask = (q) => streamText({ model: openai("gpt-4.1"), prompt: q,\n'
        '  system: "You help the customers of a shop with their orders, in short sentences.", });\n'
    )
    settings = configuration({"w": workflow('"a.ts#ask.system"')})
    before: dict[str, str | bytes | None] = {CONFIGURATION: settings, "a.ts": source}
    outcome = change(repository, before, {"a.ts": source.replace("});", f"{setting} }});")})
    assert (outcome.code == 0) == (setting in FREE)
