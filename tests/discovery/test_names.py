"""Names of workflows say what their prompts are for."""

import pytest

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
