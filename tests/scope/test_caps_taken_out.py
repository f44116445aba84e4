"""Caps of calls that send a prompt of another file, and that are taken out."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

APP = """\
from openai import OpenAI
from prompts import SYSTEM

client = OpenAI()
CAP = 100


def ask(q):
    return client.create(
        model="gpt-4o", max_tokens=CAP, messages=[{"role": "system", "content": SYSTEM}]
    )
"""


def reviewed(repository: Repository, after: str) -> Outcome:
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": 'SYSTEM = "You sort the parcels of a large house, and name the shelf."\n',
        "app.py": APP,
    }
    return change(repository, files, {"app.py": after})


@pytest.mark.parametrize("new", ["", "max_tokens=None, "])
def test_a_cap_that_is_taken_out_needs_approval(repository: Repository, new: str) -> None:
    outcome = reviewed(repository, APP.replace("max_tokens=CAP, ", new))
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["place"]["file"], found["place"]["line"]) == (1, "app.py", 9)
    assert "`max_tokens` is `None`, it was `CAP (100)`" in found["text"]


@pytest.mark.parametrize(
    "after",
    [
        APP.replace("max_tokens=CAP", "max_completion_tokens=100"),
        APP.replace('"content": SYSTEM', '"content": "Hello"'),
        APP.replace("max_tokens=CAP, ", "")
        .replace("CAP = 100", 'CAP = {"max_tokens": 100}')
        .replace('"gpt-4o", ', '"gpt-4o", **CAP, '),
    ],
)
def test_a_cap_under_another_name_is_no_such(repository: Repository, after: str) -> None:
    said = [item["text"] for item in reviewed(repository, after).report["findings"]]
    assert not any("is `None`" in text for text in said)
