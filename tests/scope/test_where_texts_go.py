"""How far text in Python is followed: to a call through functions that give it back, no further."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

MUCH = "Weigh each parcel twice before it goes to a shelf, and write its weight on the label. " * 5
SETTINGS = {
    CONFIGURATION: configuration({"w": workflow("prompts/other.md")}),
    "prompts/other.md": "Sum it up.",
}
CLIENT = "from openai import OpenAI\n\nclient = OpenAI()\n\n\n"
ASK = """\


def ask(text, **more):
    return client.chat.completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": text}], **more
    )
"""


def grows(repository: Repository, code: str) -> Outcome:
    """A review of a file in which a short text becomes a long one."""
    before = SETTINGS | {"app.py": CLIENT + code + ASK}
    return change(repository, before, {"app.py": before["app.py"].replace("Be brief now.", MUCH)})


def is_told(outcome: Outcome) -> bool:
    assert outcome.code == 0
    return [it["place"]["file"] for it in outcome.report["findings"]] == ["app.py"]


SHOWN = {
    "shown before a question": """\
def chosen(title, body):
    console.print(title, body)
    return input()


def run():
    effort = chosen("Effort", "Be brief now.")
    return ask("Go with " + effort)
""",
    "only looked at": """\
def is_long(text):
    if "x" in text:
        return True
    return False


def run():
    known = is_long("Be brief now.")
    return ask(str(known))
""",
    "shown by a method": """\
class Screen:
    def chosen(self, body):
        self.window.show(body)
        return self.keys.last()


def run(screen):
    effort = screen.chosen("Be brief now.")
    return ask("Go with " + effort)
""",
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_a_function_does_not_give_back_goes_no_further(
    repository: Repository, name: str
) -> None:
    outcome = grows(repository, SHOWN[name])
    assert (outcome.code, outcome.report["findings"]) == (0, [])


GIVEN = {
    "as it is": "def made(text):\n    return text\n",
    "in another name": "def made(text):\n    said = text.strip()\n    return said\n",
    "in a list": "def made(text):\n    found = []\n    found.append(text)\n    return found\n",
    "by a function in it": (
        "def made(text):\n    def inner():\n        return text\n\n    return inner\n"
    ),
    "with all that is given": "def made(*several):\n    return several\n",
    "later": (
        "def made(text):\n    last = None\n    for _ in range(2):\n        found = last\n"
        "        last = text\n    return found\n"
    ),
    "in what it belongs to": (
        "class Notes:\n    def put(self, text):\n        self.texts.append(text)\n"
        "        return self.texts\n\n\nnotes = Notes()\n"
    ),
    "by an object": (
        "class made:\n    def __init__(self, text):\n        self.text = text\n\n"
        "    def __str__(self):\n        return self.text\n"
    ),
    "by what is wrapped": '@wraps\ndef made(text):\n    print(text)\n    return ""\n',
}


@pytest.mark.parametrize("name", GIVEN)
def test_what_a_function_gives_back_is_followed(repository: Repository, name: str) -> None:
    made = "notes.put" if "notes" in GIVEN[name] else "made"
    code = (
        f'{GIVEN[name]}\n\ndef run():\n    said = {made}("Be brief now.")\n    return ask(said)\n'
    )
    assert is_told(grows(repository, code))
