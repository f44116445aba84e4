"""Which entries of tables and lists of Python are other models than before, and which are not."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

MUCH = "Weigh each parcel twice before it goes to a shelf, and write its weight on the label. " * 5
SETTINGS = {
    CONFIGURATION: configuration({"w": workflow("prompts/other.md")}),
    "prompts/other.md": "Sum it up.",
}
ASK = """\


def ask(question, kind):
    return OpenAI().chat.completions.create(
        model=chosen(TABLE[kind]), messages=[{"role": "user", "content": question}]
    )


def chosen(entry):
    return entry
"""


def edited(repository: Repository, was: str, now: str) -> Outcome:
    code = f"from openai import OpenAI\n\nTABLE = {was}\n{ASK}"
    before = SETTINGS | {"app.py": code}
    return change(repository, before, {"app.py": code.replace(was, now)})


OTHER = {
    "an entry": ('{Kind.A: "gpt-5-mini"}', '{Kind.A: "gpt-5"}'),
    "one that only its key calls a model": ('{"model": "own-7b-chat"}', '{"model": "gpt-5"}'),
    "of a class": ('Kind(model="gpt-5-mini")', 'Kind(model="gpt-5")'),
    "in a list of as many": ('["gpt-5-mini", "gpt-4o"]', '["gpt-5", "gpt-4o"]'),
    "behind a comment": (
        '{\n    # small: for now\n    Kind.A: "gpt-5-mini",\n}',
        '{\n    # small: for good\n    Kind.A: "gpt-5",\n}',
    ),
    "beside a new one": ('{Kind.A: "gpt-5-mini"}', '{Kind.B: "gpt-4o", Kind.A: "gpt-5"}'),
}
SAME = {
    "the same model of its seller": ('{Kind.A: "gpt-4o"}', '{Kind.A: "openai/gpt-4o"}'),
    "no model before": ('{Kind.A: "report-1"}', '{Kind.A: "gpt-5"}'),
    "a key": ('{"gpt-5-mini": "1-a"}', '{"gpt-5": "1-a"}'),
    "one more in front": ('["gpt-5-mini", "gpt-4o"]', '["gpt-5", "gpt-5-mini", "gpt-4o"]'),
    "in another order of keys": (
        '{Kind.A: "gpt-5-mini", Kind.B: "gpt-5"}',
        '{Kind.B: "gpt-5", Kind.A: "gpt-5-mini"}',
    ),
}


@pytest.mark.parametrize("name", OTHER)
def test_another_model_is_told(repository: Repository, name: str) -> None:
    outcome = edited(repository, *OTHER[name])
    assert outcome.code == 0
    (found,) = outcome.report["findings"]
    assert "gpt-5 now" in found["text"]


@pytest.mark.parametrize("name", SAME)
def test_what_is_no_other_model_is_not_told(repository: Repository, name: str) -> None:
    outcome = edited(repository, *SAME[name])
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_a_text_that_a_workflow_sends_already_is_not_told(repository: Repository) -> None:
    code = (
        'from openai import OpenAI\n\n\ndef rules():\n    return "Be brief."\n\n\ndef ask(q):\n'
        '    return OpenAI().responses.create(model="gpt-4o", input=rules() + q)\n'
    )
    before = SETTINGS | {"app.py": code, "prompts/other.md": MUCH}
    outcome = change(repository, before, {"app.py": code.replace("Be brief.", MUCH)})
    assert (outcome.code, outcome.report["findings"]) == (0, [])
