"""Short texts that calls send as their instructions are prompts; what functions give is a part."""

import pytest

from tests.commands.test_init import accepted, init
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

SHORT = "Improve the text by the prompt of the user."
ROLE = "You are a friendly assistant of a shop. Keep your answers concise and helpful, whoever asks you. "
SENDING = {
    "ask.ts": (
        "import { updatePrompt } from '@/lib/prompts';\nimport { streamText } from 'ai';\n"
        "export const ask = (q) => streamText({ model: m, system: updatePrompt, prompt: q });\n"
    ),
    "call.ts": (
        "import { updatePrompt } from './lib/prompts.js';\n"
        "export const ask = (q) => run({ system: updatePrompt(q.text, 'code'), prompt: q });\n"
    ),
    "ask.py": (
        "from lib.prompts import updatePrompt\n\n\ndef ask(q):\n"
        "    return Agent(instructions=updatePrompt, tools=[]).run(q)\n"
    ),
}


@pytest.mark.parametrize("path", SENDING)
def test_a_short_text_that_a_call_sends_is_a_prompt(repository: Repository, path: str) -> None:
    source = f'export const updatePrompt = "{SHORT}";\n'
    if path == "call.ts":
        source = f"export const updatePrompt = (text, kind) => `{SHORT} ${{text}}`;\n"
    if path == "ask.py":
        source = f'updatePrompt = "{SHORT}"\n'
    prompts = f"lib/prompts{path[-3:]}"
    repository.commit({prompts: source, path: SENDING[path]})
    outcome = init(repository)
    (workflow,) = accepted(repository).workflows.values()
    assert [(item.name, item.role) for item in workflow.prompts] == [
        (f"{prompts}#updatePrompt", "system")
    ]
    assert "it is shorter" not in outcome.out


@pytest.mark.parametrize(
    "other",
    [
        "export const ask = (q) => run({ title: updatePrompt, prompt: q });\n",
        "import { updatePrompt } from './other';\nexport const ask = { system: updatePrompt };\n",
    ],
)
def test_a_short_text_that_nobody_is_seen_to_send_is_left_out(
    repository: Repository, other: str
) -> None:
    source = f'export const updatePrompt = "{SHORT}";\nexport const PROMPT = "{ROLE * 2}";\n'
    repository.commit({"lib/prompts.ts": source, "other.ts": "", "ask.ts": other})
    outcome = init(repository)
    assert "it is shorter" in outcome.out
    assert "lib/prompts.ts#updatePrompt" in outcome.out


GIVEN = {
    "prompts.ts": (
        "export const getHintsPrompt = (h) => `The user comes from ${h.city}, in ${h.country}.`;\n"
        "export const systemPrompt = ({ hints }) => {\n"
        "  const said = getHintsPrompt(hints);\n"
        f"  return `{ROLE} ${{said}}`;\n}};\n"
    ),
    "prompts.py": (
        "def get_hints_prompt(h):\n"
        '    return f"The user comes from {h.city}, in {h.country}."\n\n\n'
        "def system_prompt(hints):\n    said = get_hints_prompt(hints)\n"
        f'    return f"{ROLE} {{said}}"\n'
    ),
}


@pytest.mark.parametrize("path", GIVEN)
def test_what_a_name_stands_for_that_a_function_gives_is_a_part(
    repository: Repository, path: str
) -> None:
    repository.commit({path: GIVEN[path]})
    outcome = init(repository)
    (workflow,) = accepted(repository).workflows.values()
    (sample,) = workflow.samples
    assert {*sample.variables} == {"h.city", "h.country"}  # type: ignore[union-attr]
    assert "it is shorter" not in outcome.out


@pytest.mark.parametrize("path", GIVEN)
def test_it_is_reviewed_with_samples(repository: Repository, path: str) -> None:
    selector = "systemPrompt" if path.endswith(".ts") else "system_prompt"
    form = "typescript" if path.endswith(".ts") else "python"
    samples = "[{name: s, variables: {h: {city: Rome, country: Italy}, said: x}}]"
    one = workflow(f'{{path: "{path}#{selector}", format: {form}}}', samples=samples)
    before = {path: GIVEN[path], CONFIGURATION: configuration({"w": one})}
    outcome = change(repository, before, {path: GIVEN[path].replace("comes from", "is now in")})
    assert (outcome.code, outcome.workflow()["verdict"]) == (0, "pass")
