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
