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
