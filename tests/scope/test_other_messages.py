"""Other messages of a call that sends a prompt of a workflow, and that no workflow has."""

import pytest

from reviewbot.scope.sent_otherwise import grown_messages
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
FEW = "Sort these parcels."
MUCH = FEW + " Weigh each parcel twice before it goes to a shelf, and say so." * 9
SCRIPT = f"""\
import {{ google }} from "@ai-sdk/google";
import {{ streamObject }} from "ai";

export async function POST(req) {{
  const result = streamObject({{
    model: google("gemini-2.5-flash"),
    messages: [
      {{ role: "system", content: "{RULES}" }},
      {{ role: "user", content: [{{ type: "text", text: "{FEW}" }}, {{ type: "file", data: firstFile }}] }},
    ],
  }});
  return result;
}}
"""
PYTHON = f"""\
from openai import OpenAI

client = OpenAI()
SYSTEM = "{RULES}"


def ask():
    return client.chat.completions.create(
        model="gpt-4o",
        messages=[
            {{"role": "system", "content": SYSTEM}},
            {{"role": "user", "content": "{FEW}"}},
        ],
    )
"""
FORMS = {
    "one of two messages": ("src/a.ts", SCRIPT, "POST.result.messages.0"),
    "a constant": ("a.py", PYTHON, "SYSTEM"),
}


def grown(repository: Repository, name: str, *selectors: str, text: str = MUCH) -> Outcome:
    path, source, selector = FORMS[name]
    prompts = ", ".join(f'"{path}#{one}"' for one in (selector, *selectors))
    files = {CONFIGURATION: configuration({"w": workflow(f"[{prompts}]")}), path: source}
    return change(repository, files, {path: source.replace(FEW, text)})


@pytest.mark.parametrize("name", FORMS)
def test_a_message_beside_it_that_grows_needs_approval(repository: Repository, name: str) -> None:
    outcome = grown(repository, name)
    (found,) = [item for item in outcome.report["findings"] if item["rule"] == "loosened"]
    assert outcome.code == 1
    assert "more tokens" in found["text"]


@pytest.mark.parametrize("name", FORMS)
def test_a_few_words_more_do_not(repository: Repository, name: str) -> None:
    outcome = grown(repository, name, text=f"{FEW} Be kind.")
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_nor_does_a_message_that_a_workflow_has(repository: Repository) -> None:
    path, source, _ = FORMS["a constant"]
    named = f'USER = "{FEW}"\n' + source.replace(f'"content": "{FEW}"', '"content": USER')
    both = {"w": workflow(f'"{path}#SYSTEM"'), "other": workflow(f'"{path}#USER"')}
    files = {CONFIGURATION: configuration(both), path: named}
    outcome = change(repository, files, {path: named.replace(FEW, MUCH)})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_a_message_that_moves_to_another_call_does_not(repository: Repository) -> None:
    path, source, selector = FORMS["a constant"]
    source = source.replace(FEW, MUCH)
    files = {CONFIGURATION: configuration({"w": workflow(f'"{path}#{selector}"')}), path: source}
    outcome = change(repository, files, {path: source.replace("def ask", "def answer")})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_a_text_that_cannot_be_counted_is_not_taken_for_nothing() -> None:
    added = grown_messages.tokens_added
    assert added(lambda _: None, 100, ["long " * 100], [FEW]) == 500
    assert added(len, 100, ["x" * 300], ["x" * 250]) == 0
