"""What another file says of the settings and tools of a call whose function is the prompt."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
MUCH = "Weigh each parcel twice before it goes to a shelf, and say which one it is. " * 6
SETTINGS = """\
export const MAX_STEPS = 3;
export const options = { openai: { reasoningEffort: 'low' } };
export const limits = { steps: 3, shown: 9 };
export const call = { maxOutputTokens: 500 };
export const choice = () => (process.env.FORCED ? 'required' : 'auto');
"""
TOOLS = """\
import { tool } from 'ai';
import { z } from 'zod';

export const weigh = tool({
  description: 'Tell the weight of a parcel.',
  inputSchema: z.object({ parcel: z.string().describe('Which') }),
  execute: async ({ parcel }) => parcel,
});

export const tools = { weigh };
"""
SEEK = f"const seek = tool({{ description: '{MUCH}', inputSchema: z.object({{}}) }});\n"
APP = f"""\
import {{ generateText, stepCountIs }} from 'ai';
import {{ openai }} from '@ai-sdk/openai';
IMPORTS

export async function sort(question: string) {{
  return generateText({{
    model: openai('gpt-4o'),
    system: `{RULES}`,
    prompt: question,
    SAID,
  }});
}}
"""
WAYS = {
    "the file itself": ("./settings", "./tools", {}),
    "an index": (
        "./lib",
        "./lib",
        {"src/lib/index.ts": "export * from '../settings';\nexport { tools } from '../tools';\n"},
    ),
    "an index of an index": (
        "./lib",
        "./lib",
        {
            "src/lib/index.ts": "export * from './all';\n",
            "src/lib/all.ts": "export * from '../settings';\nexport * from '../tools';\n",
        },
    ),
}


def changed(
    repository: Repository, way: str, said: str, path: str, edit: tuple[str, str]
) -> Outcome:
    was, now = edit
    settings, tools, between = WAYS[way]
    imports = (
        f"import {{ MAX_STEPS, options, limits, call, choice }} from '{settings}';\n"
        f"import {{ tools }} from '{tools}';"
    )
    files = {
        CONFIGURATION: configuration({"w": workflow('"src/app.ts#sort"', model="openai/gpt-4o")}),
        "src/app.ts": APP.replace("IMPORTS", imports).replace("SAID", said),
        "src/settings.ts": SETTINGS,
        "src/tools.ts": TOOLS,
        **between,
    }
    assert was in files[path]
    return change(repository, files, {path: files[path].replace(was, now, 1)})


SETTINGS_CASES = {
    "a number of steps": (
        "stopWhen: stepCountIs(MAX_STEPS)",
        "STEPS = 3",
        "STEPS = 30",
        "stopWhen",
    ),
    "options": ("providerOptions: options", "'low'", "'high'", '"reasoningEffort": "high"'),
    "an entry": ("maxSteps: limits.steps", "steps: 3", "steps: 30", "is 30, it was 3"),
    "what is spread": ("...call", "500", "5000", "maxOutputTokens"),
    "a function": ("toolChoice: choice()", "'auto'", "'none'", "toolChoice"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", SETTINGS_CASES)
def test_a_setting_that_another_file_says_needs_approval(
    repository: Repository, name: str, way: str
) -> None:
    said, was, now, told = SETTINGS_CASES[name]
    outcome = changed(repository, way, said, "src/settings.ts", (was, now))
    assert outcome.code == 1
    assert any(told in finding["text"] for finding in outcome.all_findings())


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("Tell the weight of a parcel.", MUCH),
        ("'Which'", f"'{MUCH}'"),
        (
            "export const tools = { weigh };",
            f"{SEEK}export const tools = {{ weigh, seek }};",
        ),
    ],
)
def test_tools_that_another_file_defines_need_approval_where_they_grow(
    repository: Repository, way: str, was: str, now: str
) -> None:
    outcome = changed(repository, way, "tools", "src/tools.ts", (was, now))
    assert outcome.code == 1
    assert any("`tools` is defined in" in one["text"] for one in outcome.all_findings())


def test_a_tool_of_a_table_that_a_third_file_has(repository: Repository) -> None:
    weigh = TOOLS.replace("export const tools = { weigh };\n", "")
    files = {
        CONFIGURATION: configuration({"w": workflow('"src/app.ts#sort"', model="openai/gpt-4o")}),
        "src/app.ts": APP.replace("IMPORTS", "import { tools } from './tools';").replace(
            "SAID", "tools"
        ),
        "src/tools.ts": "import { weigh } from './weigh';\n\nexport const tools = { weigh };\n",
        "src/weigh.ts": weigh,
    }
    edited = weigh.replace("Tell the weight of a parcel.", MUCH)
    outcome = change(repository, files, {"src/weigh.ts": edited})
    assert outcome.code == 1
    (finding,) = outcome.all_findings()
    assert "`weigh` is defined in" in finding["text"] or "`tools` is defined" in finding["text"]


@pytest.mark.parametrize(
    ("said", "path", "was", "now"),
    [
        ("maxSteps: limits.steps", "src/settings.ts", "shown: 9", "shown: 90"),
        ("maxSteps: limits.steps", "src/settings.ts", "steps: 3", "steps: 2"),
        (
            "providerOptions: options",
            "src/settings.ts",
            "export const MAX",
            "// Three.\nexport const MAX",
        ),
        ("providerOptions: options", "src/settings.ts", "STEPS = 3", "STEPS = 30"),
        ("toolChoice: choice", "src/settings.ts", "'auto'", "'none'"),
        ("tools", "src/tools.ts", "of a parcel.", "of one parcel."),
        ("tools", "src/tools.ts", "=> parcel", f"=> '{MUCH}'"),
    ],
)
def test_what_is_not_asked_for_or_no_more_is_not_told(
    repository: Repository, said: str, path: str, was: str, now: str
) -> None:
    outcome = changed(repository, "an index", said, path, (was, now))
    assert outcome.code == 0
    assert outcome.all_findings() == []


def test_a_longer_tool_that_no_known_call_has_is_a_warning(repository: Repository) -> None:
    edit = ("Tell the weight of a parcel.", MUCH)
    outcome = changed(repository, "an index", "temperature: 1", "src/tools.ts", edit)
    assert outcome.code == 0
    (found,) = outcome.all_findings()
    assert (found["verdict"], "`description` says" in found["text"]) == ("warn", True)


def test_more_retries_of_a_function_that_is_the_prompt_are_told(repository: Repository) -> None:
    outcome = changed(
        repository, "an index", "maxRetries: 2", "src/app.ts", ("maxRetries: 2", "maxRetries: 20")
    )
    assert any("`maxRetries` of `20`" in one["text"] for one in outcome.all_findings())


AGENT = """\
import { ToolLoopAgent, stepCountIs } from 'ai';
import { RULES } from './rules';
import { named } from './models';

export const agent = (model: string, steps: number) =>
  new ToolLoopAgent({
    model: named(model),
    instructions: RULES,
    stopWhen: stepCountIs(steps),
    telemetry: { isEnabled: true, metadata: { modelId: model, kind: 'sort' } },
  });
"""
SAME_TO_A_MODEL = {
    "a function of the library under its new name": ("stepCountIs", "isStepCount"),
    "what is kept of a call": ("metadata: { modelId: model,", "shown: { modelId: true,"),
}


def of_agent(repository: Repository, was: str, now: str) -> Outcome:
    before = {
        CONFIGURATION: configuration({"w": workflow('"src/rules.ts#RULES"')}),
        "src/rules.ts": f"export const RULES = `{RULES}`;\n",
        "src/agent.ts": AGENT,
    }
    assert was in AGENT
    return change(repository, before, {"src/agent.ts": AGENT.replace(was, now)})


@pytest.mark.parametrize("name", SAME_TO_A_MODEL)
def test_what_is_the_same_to_a_model_is_not_told(repository: Repository, name: str) -> None:
    outcome = of_agent(repository, *SAME_TO_A_MODEL[name])
    assert (outcome.code, outcome.all_findings()) == (0, [])


def test_another_bound_under_the_new_name_needs_approval(repository: Repository) -> None:
    outcome = of_agent(repository, "stepCountIs(steps)", "isStepCount(9 * steps)")
    assert outcome.code == 1
    assert any("`stopWhen`" in one["text"] for one in outcome.all_findings())
