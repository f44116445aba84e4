"""Pieces of prompts are no workflows of their own, unless a call sends them too."""

import pytest

from tests.commands.test_init import accepted, init, proposed
from tests.commands.test_init_update import update
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION

RULES = "Answer with one sentence for each parcel, name its shelf, and leave out all others. " * 2
WHOLE = "You are a clerk who sorts the parcels of a large house by weight and by size. " * 2
LIB = f"""export const RULES_PROMPT = `{RULES}`;
export function getTonePrompt(): string {{
  return `{RULES.replace("parcel", "guest")}`;
}}
"""
APP = f"""import {{ RULES_PROMPT, getTonePrompt }} from './lib';
// RULES_PROMPT stands at the end
export const SORT_PROMPT = `{WHOLE}
${{RULES_PROMPT}}
${{getTonePrompt()}}`;
"""
PYTHON = f'''class Clerk:
    def review(self, notes):
        again_prompt = f"""{RULES}{{notes}}"""
        review_prompt = f"""{WHOLE.replace("sorts", "weighs")}
{{again_prompt if notes else ""}}"""
        return client.chat.completions.create(model="gpt-4.1", messages=[
            {{"role": "user", "content": review_prompt}},
        ])

    def _build_plan_prompt(self, parcels):
        return f"""{RULES.replace("parcel", "room")}{{parcels}}"""

    def plan(self):
        plan_prompt = self._build_plan_prompt(self.parcels)
        return client.chat.completions.create(model="gpt-4.1", messages=[
            {{"role": "system", "content": "{WHOLE}"}},
            {{"role": "user", "content": plan_prompt}},
        ])
'''


@pytest.mark.parametrize("sent", ["", "generateText({ model, system: RULES_PROMPT, prompt });\n"])
def test_what_others_have_is_a_part(repository: Repository, sent: str) -> None:
    files = {"src/lib.ts": LIB, "src/app.ts": APP, "src/send.ts": sent}
    found = {path for paths in proposed(repository, files).values() for path in paths}
    assert ("src/lib.ts#RULES_PROMPT" in found) == bool(sent)
    assert "src/lib.ts#getTonePrompt" not in found
    assert "src/app.ts#SORT_PROMPT" in found
    said = " ".join(init(repository, "--output", "-").errors.split())
    assert "src/lib.ts#getTonePrompt: it is a part of src/app.ts#SORT_PROMPT" in said or not sent
    accepted(repository)
    repository.commit({CONFIGURATION: (repository.path / CONFIGURATION).read_text("utf-8")})
    assert "no new prompts" in update(repository).out


def test_a_text_that_fills_a_field_is_sent_with_its_call(repository: Repository) -> None:
    found = proposed(repository, {"clerk.py": PYTHON})
    together = [sorted(path.rpartition(".")[2] for path in paths) for paths in found.values()]
    assert sorted(together) == [["again_prompt", "messages"], ["messages"]]
    accepted(repository)


LIST = f"""import type {{ Turn }} from './types';

export const RULES_PROMPT = `{RULES}`;
export const fewShots: Turn[] = [
  {{ role: 'user', content: 'Where does a long and heavy parcel of the old house belong, then?' }},
  {{ role: 'assistant', content: 'On the lowest shelf behind the door, for it is long and heavy.' }},
];
export const getTone = () => {{
  const now = new Date().toISOString();
  return `It is ${{now}}. {RULES.replace("parcel", "guest")}`;
}};
"""
CALLS = f"""import {{ RULES_PROMPT, fewShots, getTone }} from './lib';
export const sort = (q: string) => generateText({{ model: openai('gpt-4.1'), messages: [
  {{ role: 'system', content: RULES_PROMPT }},
  ...fewShots,
  {{ role: 'user', content: `{WHOLE} ${{q}}` }},
] }});
export const weigh = (q: string) => generateText({{
  model: openai('gpt-4.1'),
  system: getTone(),
  prompt: `{WHOLE.replace("sorts", "weighs")} ${{q}}`,
}});
"""


def test_the_messages_of_calls_that_are_found_are_no_calls_of_their_own(
    repository: Repository,
) -> None:
    found = proposed(repository, {"src/lib.ts": LIST, "src/calls.ts": CALLS})
    assert [path for paths in found.values() for path in paths if "lib.ts" in path] == []
    assert len(found) == 2
    said = " ".join(init(repository, "--output", "-").errors.split())
    assert "2 × it is a part of src/calls.ts#sort.messages" in said
    accepted(repository)


def test_what_a_further_call_sends_stays_one(repository: Repository) -> None:
    """Nothing that is found has what it sends, which is known when the program runs."""
    more = (
        "import { RULES_PROMPT } from './lib';\n"
        "export const again = (all: Turn[]) => runIt({ system: RULES_PROMPT, messages: all });\n"
    )
    files = {"src/lib.ts": LIST, "src/calls.ts": CALLS, "src/more.ts": more}
    found = {path for paths in proposed(repository, files).values() for path in paths}
    assert {path for path in found if "lib.ts" in path} == {"src/lib.ts#RULES_PROMPT"}


POLICY = f"""def policy(is_on):
    if is_on:
        return "Make one picture for each parcel that is missing, and name its shelf."
    return "{RULES}"
"""
CLERK = f'''from prompts.policy import policy


def build_prompt(parcels, is_on):
    rules = policy(is_on)
    return f"""{WHOLE}
{{parcels}}
{{rules}}"""
'''


def test_one_text_of_several_that_a_function_gives_is_a_part(repository: Repository) -> None:
    found = proposed(repository, {"prompts/policy.py": POLICY, "prompts/clerk.py": CLERK})
    assert [path for paths in found.values() for path in paths] == ["prompts/clerk.py#build_prompt"]


@pytest.mark.parametrize("sent", ["", "export const ask = () => send(SORT_PROMPT, 1);\n"])
def test_what_a_function_fills_and_gives_is_counted_once(repository: Repository, sent: str) -> None:
    script = (
        f"const SORT_PROMPT = `{RULES} It is for {{NAME}}.`;\n{sent}"
        "export function fillSortPrompt(name: string): string {\n"
        "  return SORT_PROMPT.replaceAll('{NAME}', name)\n    .replaceAll('{DAY}', today());\n}\n"
        "export async function sort(name: string) {\n  const prompt = fillSortPrompt(name);\n"
        "  return generateText({ model: openai('gpt-4.1'), prompt });\n}\n"
    )
    found = {path for paths in proposed(repository, {"a.ts": script}).values() for path in paths}
    assert "a.ts#fillSortPrompt" in found
    assert ("a.ts#SORT_PROMPT" in found) == bool(sent)


FILLS = f'''def analyst(llm, tools):
    def node(state):
        system_message = (
            """{RULES}"""
            + language()
        )
        prompt = ChatPromptTemplate.from_messages(
            [
                ("system", "{WHOLE}" "It is {{day}}.\\n{{system_message}}"),
                MessagesPlaceholder(variable_name="messages"),
            ]
        )
        prompt = prompt.partial(system_message=system_message)
        prompt = prompt.partial(day=state["day"])
        return (prompt | llm.bind_tools(tools)).invoke(state["messages"])
    return node
'''
GIVEN = f'''RULES_PROMPT = """{RULES}"""
SORT_PROMPT = """{WHOLE} Keep to these rules: {{rules}} The parcel: {{parcel}}"""


def sort(parcel):
    return llm.invoke(SORT_PROMPT.format(parcel=parcel, rules=RULES_PROMPT))
'''


@pytest.mark.parametrize(("source", "count"), [(FILLS, 2), (GIVEN, 1)])
def test_what_fills_a_placeholder_of_a_template_is_sent_with_it(
    repository: Repository, source: str, count: int
) -> None:
    found = proposed(repository, {"clerk.py": source})
    assert [len(paths) for paths in found.values()] == [count]
    accepted(repository)


PIECES = f"""def sorting_prompt(parcels, is_strict):
    sections = []
    sections.append("You are a clerk. You must sort the parcels by weight. {RULES}")
    for parcel in parcels:
        sections.append(parcel.text())
    if is_strict:
        sections.append("You must name the shelf. Never guess one. {RULES}")
    return join(sections)
"""


def test_pieces_that_a_function_adds_to_a_list_are_one_call(repository: Repository) -> None:
    found = proposed(repository, {"prompts.py": PIECES})
    assert [[path.rpartition("_prompt.")[2] for path in paths] for paths in found.values()] == [
        ["append.0", "append@3.0"]
    ]
    accepted(repository)
