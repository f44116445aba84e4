"""A call that moves into a new file sends nothing otherwise than before, while its old file stays."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

RULES = "You are an expert researcher, and you answer in detail with all of your sources."
REST = '''\
def unrelated(values):
    """What stays in the file."""
    return [value for value in values if value]
'''
CALLS = {
    "a form": "messages=[{'role': 'system', 'content': SYSTEM * 5}]",
    "a model": "model='gpt-4-32k', messages=[{'role': 'system', 'content': SYSTEM}]",
    "a cap": "max_tokens=9000, messages=[{'role': 'system', 'content': SYSTEM}]",
    "texts beside": (
        f"messages=[{{'role': 'system', 'content': SYSTEM}}, {{'role': 'user', 'content': '{RULES}"
        f"{RULES * 20}' + q}}]"
    ),
}


def code(call: str) -> str:
    return f"from prompts import SYSTEM\n\n\ndef ask(q):\n    return client.create({call})\n"


def moved(repository: Repository, call: str, now: str) -> Outcome:
    setting = workflow('"prompts.py#SYSTEM"', model="openai/gpt-4o")
    files = {
        CONFIGURATION: configuration({"w": setting}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "app.py": f"{code(call)}\n\n{REST}",
    }
    return change(repository, files, {"app.py": REST, "asking.py": code(now)})


@pytest.mark.parametrize("name", CALLS)
def test_a_call_that_only_moves_is_not_told(repository: Repository, name: str) -> None:
    outcome = moved(repository, CALLS[name], CALLS[name])
    assert outcome.all_findings() == []
    assert outcome.code == 0


@pytest.mark.parametrize("name", sorted(CALLS.keys() - {"a cap"}))
def test_what_changes_with_the_move_is_told(repository: Repository, name: str) -> None:
    plain = "model='gpt-4o', messages=[{'role': 'system', 'content': SYSTEM}]"
    outcome = moved(repository, plain, CALLS[name])
    assert outcome.all_findings()


def test_a_copy_is_told(repository: Repository) -> None:
    setting = workflow('"prompts.py#SYSTEM"', model="openai/gpt-4o")
    files = {
        CONFIGURATION: configuration({"w": setting}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "app.py": code(CALLS["a form"]),
    }
    after = {"app.py": f"{code(CALLS['a form'])}\n\n{REST}", "asking.py": code(CALLS["a form"])}
    assert change(repository, files, after).all_findings()
