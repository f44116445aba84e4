"""One mistake is told once in a run, with its mend, whichever parts of the review meet it."""

import pytest

from tests.commands.test_init import init
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, review, workflow

SOURCE = (
    'SYSTEM = "You are a helpful assistant."\nOTHER = "Be brief, and tell no secrets at all."\n'
)
SETTINGS = configuration({"w": workflow('"bot.py#SYSTEM"')})
UNREADABLE = SOURCE + "def (\n"


def test_a_misspelt_constant_is_not_taken_out_too(repository: Repository) -> None:
    settings = SETTINGS.replace("#SYSTEM", "#SYSTM")
    outcome = change(
        repository, {"bot.py": SOURCE, CONFIGURATION: SETTINGS}, {CONFIGURATION: settings}
    )
    (problem,) = outcome.workflow()["problems"]
    assert "did you mean `bot.py#SYSTEM`?" in problem["mend"]
    assert (outcome.rules(), outcome.code) == ({}, 3)


def test_a_prompt_beside_a_misspelt_one_is_taken_out(repository: Repository) -> None:
    both = configuration({"w": workflow('["bot.py#SYSTEM", more.txt]')})
    settings = SETTINGS.replace("#SYSTEM", "#SYSTM")
    files = {"bot.py": SOURCE, "more.txt": "Be kind.\n", CONFIGURATION: both}
    outcome = change(repository, files, {CONFIGURATION: settings})
    (finding,) = outcome.workflow()["findings"]
    assert finding["text"] == "taken out of the workflow: more.txt"


@pytest.mark.parametrize("before", [SOURCE, UNREADABLE])
def test_a_file_of_a_workflow_that_cannot_be_read_is_told_once(
    repository: Repository, before: str
) -> None:
    after = f"{UNREADABLE}# more\n"
    outcome = change(repository, {"bot.py": before, CONFIGURATION: SETTINGS}, {"bot.py": after})
    (problem,) = outcome.workflow()["problems"]
    assert problem["place"] == {"file": "bot.py", "line": 3, "key": None}
    assert outcome.code == 3
    assert (outcome.report["findings"], outcome.report["notes"]) == ([], [])


def test_a_file_beside_a_workflow_that_cannot_be_read_is_told_once(repository: Repository) -> None:
    app = "from bot import SYSTEM\n\ndef ask():\n    return client.ask(system=SYSTEM)\n"
    files = {"bot.py": SOURCE, "app.py": app, CONFIGURATION: SETTINGS}
    outcome = change(repository, files, {"app.py": f"{app}def (\n"})
    (finding,) = outcome.report["findings"]
    assert "could not be read: this is not Python" in finding["text"]
    assert finding["place"] == {"file": "app.py", "line": 5, "key": None}
    assert (outcome.report["notes"], outcome.code) == ([], 1)


def test_a_file_that_sends_nothing_of_a_workflow_is_a_note(repository: Repository) -> None:
    app = "from openai import OpenAI\n\ndef ask():\n    return 1\n"
    files = {"bot.py": SOURCE, "app.py": app, CONFIGURATION: SETTINGS}
    outcome = change(
        repository, files, {"app.py": f"{app}ASK = 'You are kind to everybody here.'\ndef (\n"}
    )
    (note,) = outcome.report["notes"]
    assert note.startswith("not searched for prompts: app.py:6: this is not Python: ")
    assert note.count("app.py") == 1


TOOLS = '[{"type": "function", "function": {"name": "find", "parameters": {}}}]\n'


def test_a_broken_file_of_tools_is_told_once_with_its_mend(repository: Repository) -> None:
    settings = configuration({"w": workflow("a.txt", tools="tools.json")})
    files = {"a.txt": "Be kind.\n", "tools.json": TOOLS, CONFIGURATION: settings}
    outcome = change(repository, files, {"tools.json": TOOLS.replace("}]", "},\n\n]")})
    (problem,) = outcome.workflow()["problems"]
    assert problem["place"] == {"file": "tools.json", "line": 1, "key": None}
    assert problem["what"] == "this is not JSON: a comma stands before `]`"
    assert problem["mend"] == "take the comma out"
    assert (outcome.report["unowned"], outcome.report["notes"]) == ([], [])


def test_what_init_cannot_measure_is_not_left_out_too(repository: Repository) -> None:
    repository.commit({"prompts/a.j2": "Be kind.\n", "prompts/tools.json": "[\n{},\n]\n"})
    outcome = init(repository)
    assert outcome.out.count("prompts/tools.json") == 1
    assert "a comma stands before `]`; take the comma out" in " ".join(outcome.out.split())
    assert "left out" not in outcome.out


def test_a_file_that_may_be_meant_is_not_told_as_uncovered(repository: Repository) -> None:
    settings = configuration({"w": workflow("prompts/a.j2")})
    prompt = "Hi {% include 'parts/tne.j2' %}\n"
    files = {"prompts/a.j2": "Hi\n", CONFIGURATION: settings}
    outcome = change(
        repository, files, {"prompts/a.j2": prompt, "prompts/parts/tone.j2": "Be kind.\n"}
    )
    (problem,) = outcome.workflow()["problems"]
    assert "did you mean 'prompts/parts/tone.j2'?" in problem["mend"]
    assert (outcome.report["unowned"], outcome.report["notes"], outcome.code) == ([], [], 3)


def test_a_partial_that_is_not_committed_is_told_once(repository: Repository) -> None:
    settings = configuration({"w": workflow("prompts/a.j2")})
    repository.commit({"prompts/a.j2": "Hi\n", CONFIGURATION: settings})
    repository.branch("work")
    repository.commit({"prompts/a.j2": "Hi {% include 'parts/tone.j2' %}\n"})
    repository.write({"prompts/parts/tone.j2": "Be kind.\n", "prompts/other.j2": "Be brief.\n"})
    outcome = review(repository)
    (problem,) = outcome.workflow()["problems"]
    assert "'prompts/parts/tone.j2' is there, but not committed" in problem["what"]
    assert "tone.j2" not in outcome.errors
    assert "git does not track prompts/other.j2: add --worktree" in outcome.errors
