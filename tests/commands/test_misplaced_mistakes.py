"""What stands in the wrong place or form in a configuration: the mend is named, and works typed."""

import pytest

from tests.support.mistakes import BODY, PROMPT, Mistake, at, check_told, configured
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, review

SAMPLES = "    samples:\n      - name: a\n        variables: {ticket: {tokens: 80}}\n"

# the wrong file, what, where, the mend, and the file as it is after the mend was typed
MISTAKES: dict[str, tuple[str, str, str, str, str]] = {
    "approvers in a workflow": (
        BODY + "    approvers: [ann]\n",
        "the key 'approvers' is unknown here",
        at(7, "workflows.triage.approvers"),
        "it belongs in `approval` at the top of the file",
        BODY + "approval: {approvers: [ann]}\n",
    ),
    "prices without `overrides`": (
        BODY + "prices: {openai/gpt-4.1: {input: 2, output: 8}}\n",
        "the key 'openai/gpt-4.1' is unknown here",
        at(7, "prices.openai/gpt-4.1"),
        "it belongs in `overrides`: `overrides: {openai/gpt-4.1: …}`",
        BODY + "prices: {overrides: {openai/gpt-4.1: {input: 2, output: 8}}}\n",
    ),
    "markdown for a format": (
        BODY.replace("prompts/a.j2", "[{path: prompts/a.j2, format: markdown}]"),
        "'markdown' is unknown here",
        at(4, "workflows.triage.prompts[0].format"),
        "did you mean 'text'?",
        BODY.replace("prompts/a.j2", "[{path: prompts/a.j2, format: text}]"),
    ),
    "an expression for a model": (
        BODY.replace("openai/gpt-4.1", "${{ vars.MODEL }}"),
        "'${{ vars.MODEL }}' is not a model's name (expressions are not filled in)",
        at(5, "workflows.triage.model"),
        "write what it stands for",
        BODY,
    ),
    "a variable for a model": (
        BODY.replace("openai/gpt-4.1", "${MODEL}"),
        "'${MODEL}' is not a model's name (expressions are not filled in)",
        at(5, "workflows.triage.model"),
        "write what it stands for",
        BODY,
    ),
    "a variable for an amount": (
        BODY.replace("calls: 9/day", 'calls: "${CALLS}/day"'),
        "is not a number of calls in a period (expressions are not filled in)",
        at(6, "workflows.triage.traffic[0].calls"),
        "write the value itself, like 120_000/month",
        BODY,
    ),
    "no blank before a brace within braces": (
        BODY + SAMPLES.replace("ticket: ", "ticket:"),
        "no blank stands behind `ticket:`",
        ".github/reviewbot.yml:9:",
        "write `ticket: {…`",
        BODY + SAMPLES,
    ),
    "an empty mapping above lines": (
        BODY.replace("workflows:", "workflows: {}"),
        "`workflows: {}` is empty, and lines stand below it",
        ".github/reviewbot.yml:2:",
        "write `workflows:` without `{}`",
        BODY,
    ),
    "an empty list above lines": (
        BODY + SAMPLES.replace("samples:", "samples: []"),
        "`samples: []` is empty, and lines stand below it",
        ".github/reviewbot.yml:7:",
        "write `samples:` without `[]`",
        BODY + SAMPLES,
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_the_message_says_what_where_and_the_mend(
    name: str, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong, what, where, mend, mended = MISTAKES[name]
    check_told(Mistake(configured(wrong), what, where, mend), repository, monkeypatch)
    template = "Hello {{ ticket }}\n" if "ticket" in mended else "Hello\n"
    repository.commit({CONFIGURATION: mended, PROMPT: template})
    outcome = review(repository)
    assert (outcome.errors, outcome.code) == ("", 0)


def test_a_prompt_under_tools_is_told_at_the_line_that_names_it(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = Mistake(
        configured(BODY + "    tools: prompts/a.j2\n"),
        "`tools` names 'prompts/a.j2', which is a prompt by its name (this is not JSON",
        ".github/reviewbot.yml:7",
        "name it under `prompts`, and under `tools` definitions as JSON or YAML",
    )
    check_told(wrong, repository, monkeypatch)


@pytest.mark.parametrize("name", [".github/review-bot.yml", "reviewbot.yaml", "review_bot.yaml"])
def test_a_configuration_by_a_near_name_is_not_passed_over(
    name: str, repository: Repository
) -> None:
    repository.commit({PROMPT: "Hello\n", name: BODY})
    repository.branch("work")
    repository.commit({PROMPT: "Hello you\n"})
    outcome = review(repository)
    assert outcome.code == 2
    assert f"move it to {CONFIGURATION}, or name it with `--config {name}`" in outcome.errors
    assert review(repository, "--config", name).code == 0
    repository.git("branch", "--force", "main")
    repository.commit({name: None, CONFIGURATION: BODY, PROMPT: "Hello all\n"})
    assert review(repository).code == 0


def test_a_file_of_another_tool_by_such_a_name_is_none(repository: Repository) -> None:
    repository.commit({PROMPT: "Hello\n", ".github/review-bot.yml": "rules: []\n"})
    repository.branch("work")
    repository.commit({PROMPT: "Hello you\n"})
    assert review(repository).code == 0
