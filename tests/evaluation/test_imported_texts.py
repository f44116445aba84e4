"""A text that one file defines and another sends: its growth is the growth of the workflow."""

import os

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, review, tokens, workflow

PYTHON = {
    "rules.py": "RULES = '{}'\n",
    "app/bot.py": "from rules import RULES\n\ndef ask(q):\n"
    "    return client.create(model='gpt-4o', messages=[{'role': 'system', 'content': RULES},"
    " {'role': 'user', 'content': q}])\n",
}
TYPESCRIPT = {
    "rules.ts": "export const RULES = '{}';\n",
    "app/bot.ts": "import { RULES } from '../rules';\nexport const ask = (q: string) =>"
    " client.create({ model: 'gpt-4o', messages: [{ role: 'system', content: RULES },"
    " { role: 'user', content: q }] });\n",
}


def settings(path: str) -> str:
    """The sample's `RULES` is what a program without the file would have to be given."""
    samples = "[{name: a, variables: {q: hi, RULES: x}}]"
    return configuration({"w": workflow(f"{path}#ask.messages", samples=samples)})


@pytest.mark.parametrize("files", [PYTHON, TYPESCRIPT], ids=["python", "typescript"])
def test_an_imported_text_grows_the_workflow_that_sends_it(
    repository: Repository, files: dict[str, str]
) -> None:
    (rules, written), (bot, source) = files.items()
    before = {CONFIGURATION: settings(bot), bot: source, rules: written.format(tokens(10))}
    outcome = change(repository, before, {rules: written.format(tokens(1_000))})
    found = outcome.workflow()
    assert (found["files"], found["hunks"][0]["file"]) == ([rules], rules)
    counted = [found[state]["max_input_tokens"] for state in ("before", "after")]
    assert counted[1] - counted[0] == 990
    assert found["hunks"][0]["input_tokens"] == "990"


LONG = "You are a careful assistant of a shop, and answer what customers ask in a few words. "


@pytest.mark.parametrize("files", [PYTHON, TYPESCRIPT], ids=["python", "typescript"])
def test_an_imported_prompt_is_covered_by_the_workflow_that_sends_it(
    repository: Repository, files: dict[str, str]
) -> None:
    (rules, written), (bot, source) = files.items()
    before = {CONFIGURATION: settings(bot), bot: source, rules: written.format(LONG * 2)}
    outcome = change(repository, before, {rules: written.format(LONG * 3)})
    assert outcome.report["new_prompts"] == []
    repository.commit({bot: source.replace("RULES", "OTHER")})
    found = review(repository).report["new_prompts"]
    assert [(item["path"], item["selector"]) for item in found] == [(rules, "RULES")]


@pytest.mark.parametrize("files", [PYTHON, TYPESCRIPT], ids=["python", "typescript"])
def test_an_imported_file_that_becomes_a_link_is_refused(
    repository: Repository, files: dict[str, str]
) -> None:
    (rules, written), (bot, source) = files.items()
    repository.commit({CONFIGURATION: settings(bot), bot: source, rules: written.format("a b")})
    repository.branch("work")
    os.rename(repository.path / rules, repository.path / "elsewhere.txt")
    os.symlink("elsewhere.txt", repository.path / rules)
    repository.commit({})
    outcome = review(repository)
    (problem,) = outcome.workflow()["problems"]
    assert outcome.code == 3
    assert "symbolic link" in problem["what"]
    assert (problem["place"]["file"], rules.partition(".")[0] in problem["what"]) == (bot, True)
