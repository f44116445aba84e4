"""What a call asks for is told with the workflow of its own prompt, not of a text that it shares."""

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

RULES = "You are an expert researcher, and you answer in detail with all of your sources."
ASK = "Given the following question of the user, ask some more to clarify what is meant."
SORT = "Given the following answers of the user, sort them by what they say of parcels."
SHARED = f'export const systemPrompt = () => {{ return "{RULES}"; }};\n'
CODE = f"""\
import {{ openai as direct }} from "@ai-sdk/openai";
import {{ getModel }} from "./providers";
import {{ systemPrompt }} from "./prompt";

export async function feedback(query: string) {{
  const asked = await generateObject({{
    model: getModel(),
    maxTokens: 800,
    system: systemPrompt(),
    prompt: `{ASK} ${{query}}`,
  }});
  return asked.object;
}}

export async function sorted(answers: string) {{
  const found = await generateObject({{
    model: getModel(),
    maxTokens: 800,
    system: systemPrompt(),
    prompt: `{SORT} ${{answers}}`,
  }});
  return found.object;
}}

export async function run(query: string) {{
  const questions = await feedback(query);
  return sorted(questions);
}}
"""
PROMPTS = {
    "feedback": "src/app.ts#feedback.asked",
    "sorted": "src/app.ts#sorted.found",
    "system": "src/prompt.ts#systemPrompt",
}
PROVIDERS = """\
import { createOpenAI } from "@ai-sdk/openai";
const own = createOpenAI({ apiKey: process.env.KEY });
export function getModel() { return own(process.env.MODEL); }
"""


def changed(repository: Repository, was: str, now: str) -> Outcome:
    workflows = {
        name: workflow(f'"{prompt}"', model="openai/gpt-4o", assumed="[model]")
        for name, prompt in PROMPTS.items()
    }
    files = {
        CONFIGURATION: configuration(workflows),
        "src/app.ts": CODE,
        "src/prompt.ts": SHARED,
        "src/providers.ts": PROVIDERS,
    }
    return change(repository, files, {"src/app.ts": CODE.replace(was, now, 1)})


def test_a_cap_is_that_of_the_calls_own_prompt(repository: Repository) -> None:
    outcome = changed(repository, "maxTokens: 800", "maxTokens: 8000")
    (finding,) = outcome.workflow("feedback")["findings"]
    assert outcome.all_findings() == [finding]
    assert finding["verdict"] == "warn"
    assert "capped at 8,000 tokens, it was at 800" in finding["text"]


def test_a_model_is_that_of_the_calls_own_prompt(repository: Repository) -> None:
    outcome = changed(repository, "getModel()", 'direct("gpt-4-32k")')
    (finding,) = outcome.workflow("feedback")["findings"]
    assert outcome.all_findings() == [finding]
    assert finding["verdict"] == "needs-approval"
    assert "write `model: openai/gpt-4-32k` in the workflow" in finding["text"]
    assert "a month)" in finding["text"]
