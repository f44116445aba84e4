"""What is not followed to calls of models, beyond a bound, is said in one line, and costs nothing."""

from collections.abc import Mapping

import pytest

from reviewbot.prompts.models_in_code import reach
from reviewbot.scope.led_to_calls import flow, python_files, read_files
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

MUCH = "Weigh each parcel twice before it goes to a shelf, and write its weight on the label. " * 5
SETTINGS = {
    CONFIGURATION: configuration({"w": workflow("prompts/other.md")}),
    "prompts/other.md": "Sum it up.",
}
RULES = 'RULES = "Be brief."\n'
ASK = """\
from openai import OpenAI

from rules import RULES


def ask(question):
    return OpenAI().chat.completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": RULES + question}]
    )
"""
FILES = SETTINGS | {"rules.py": RULES, "ask.py": ASK}


def grown(repository: Repository, more: Mapping[str, str]) -> Outcome:
    return change(repository, FILES | dict(more), {"rules.py": RULES.replace("Be brief.", MUCH)})


def noted(outcome: Outcome) -> str:
    assert (outcome.code, outcome.report["verdict"]) in {(0, "pass"), (0, "warn")}
    (note,) = [one for one in outcome.report["notes"] if one.startswith("not looked at")]
    return str(note)


def test_python_files_beyond_the_bound(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(python_files, "_MOST_FILES", 2)
    outcome = grown(repository, {"a.py": "A = 1\n", "b.py": "B = 1\n"})
    assert "2 more Python files" in noted(outcome)


def test_statements_beyond_the_bound(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "MOST_STATEMENTS", 1)
    assert "followed through 1 statements" in noted(grown(repository, {}))


def test_a_python_file_that_is_too_long(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(python_files, "_MOST_CHARACTERS", 200)
    note = noted(grown(repository, {"long.py": f"from rules import RULES\n{'A = 1' * 99}\n"}))
    assert "ask.py and 2 more" in note
    assert "200 characters" in note


def test_files_of_text_beyond_the_bound(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_files, "_MOST_FILES", 2)
    texts = {f"texts/{number}.md": "Be brief." for number in range(4)}
    outcome = change(
        repository, FILES | texts, {path: f"{text} Now." for path, text in texts.items()}
    )
    assert "2 more files of text" in noted(outcome)


def test_bounds_that_matter_to_nothing_are_not_told(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(python_files, "_MOST_FILES", 2)
    monkeypatch.setattr(python_files, "_MOST_CHARACTERS", 200)
    more = {"a.py": "A = 1\n", "b.py": "B = 1\n"}
    outcome = change(repository, FILES | more, {"b.py": "B = 2\n"})
    assert (outcome.code, outcome.report["findings"], outcome.report["notes"]) == (0, [], [])


def test_what_code_sends_beyond_the_bound(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach, "_MOST_STATEMENTS", 1)
    code = (
        "from pathlib import Path\n\nfrom openai import OpenAI\n\n\ndef ask(question):\n"
        '    rules = Path("prompts/other.md").read_text()\n    said = rules + question\n'
        '    return OpenAI().responses.create(model="gpt-5-mini", input=said)\n'
    )
    before = FILES | {"other.py": code}
    outcome = change(repository, before, {"other.py": code.replace("gpt-5-mini", "gpt-5")})
    notes = [one for one in outcome.report["notes"] if "models and caps in other.py" in one]
    assert len(notes) == 1
