"""Names of workflows say what their prompts are for."""

import pytest
from msgspec.structs import replace

from reviewbot.discovery.guesses import found_in
from reviewbot.discovery.names import names_of


@pytest.mark.parametrize(
    ("path", "selector", "name"),
    [
        ("prompts/triage/system.j2", None, "triage"),
        ("prompts/t/a.j2", None, "a"),
        ("app/texts.py", "PLANNER_PROMPT", "planner"),
        ("app/mail.py", "Summarizer.now.prompt", "summarizer-now"),
        ("src/router.ts", "PUT.generateText", "router-put"),
        ("src/routes.ts", "put.handler.system", "routes-put-handler"),
        ("app/report.py", "build_report.lines.append@2", "report-lines-append"),
        ("app/report.py", "build_report.reply.messages", "report"),
    ],
)
def test_a_name_says_what_a_prompt_is_for(path: str, selector: str | None, name: str) -> None:
    assert names_of([found_in(path, selector, "text")])[0] == name


@pytest.mark.parametrize(
    ("path", "selector", "name"),
    [
        ("web/utils/ai/reply/reply-context-collector.ts", "agentSystem", "reply-context-collector-agent"),
        ("web/utils/ai/onboarding/chat.ts", "buildStateMessage", "onboarding-state"),
        ("web/utils/ai/assistant/chat.ts", "buildResolvedSystemPrompt", "assistant-resolved"),
        ("a/settings/pr_evaluate_prompt_response.toml", "pr_evaluate_prompt.prompt", "pr-evaluate"),
    ],
)  # fmt: skip
def test_a_word_that_says_little_stands_behind_its_place(
    path: str, selector: str, name: str
) -> None:
    assert names_of([found_in(path, selector, "text")]) == [name]


def test_what_only_a_position_tells_apart_is_named_by_what_its_text_says() -> None:
    texts = {
        "Planner.steps.return": "You are an assistant. Plan the searches for the question.",
        "Planner.steps.return@2": "You are an assistant. Criticize the answer of somebody.",
        "Critic.steps.return": "You are an assistant. Plan it.",
        "Critic.steps.return@2": "You are an assistant. Repair it.",
        "Critic.steps.return@3": "",
    }
    found = [replace(found_in("a/b.py", item, "text"), text=text) for item, text in texts.items()]
    assert names_of(found) == [
        "planner-steps-plan",
        "planner-steps-criticize",
        "critic-steps-plan",
        "critic-steps-repair",
        "critic-steps",
    ]
