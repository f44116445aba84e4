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
    """Whether one line tells it, as a finding or as a new prompt."""
    assert outcome.code == 0
    found = [it["place"]["file"] for it in outcome.report["findings"]]
    return [*found, *(it["path"] for it in outcome.report["new_prompts"])] == ["app.py"]


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
    "a name that is the keyword of something else": """\
def run():
    text = "Be brief now."
    show(text)
    return ask(text="Go.")
""",
    "another argument": """\
def send(text, label):
    show(label)
    return ask(text)


def run():
    said = "Be brief now."
    return send("Go.", said)
""",
    "measured": """\
def run():
    text = "Be brief now."
    size = len(text)
    return ask(str(size))
""",
    "compared": """\
def run(kind):
    text = "Be brief now."
    is_known = kind == text
    return ask(str(is_known))
""",
    "set after the call": """\
def run(words):
    found = ask(words)
    words = "Be brief now."
    return found
""",
    "given back to who shows it": """\
def wrap(text):
    return text


def run():
    show(wrap("Be brief now."))


def other(question):
    return ask(wrap(question))
""",
    "in a function that gives something else": """\
def made():
    note = "Be brief now."
    show(note)
    return "Go."


def run():
    return ask(made())
""",
    "a query": """\
def run():
    query = "SELECT Be brief now."
    rows = db.fetch(query)
    return ask(str([query, rows]))
""",
    "a panel": """\
def run():
    box = Panel(str(1), ["Be brief now."])
    return ask(str(box))
""",
    "an error under its key": """\
def run():
    found = {"error": "Be brief now."}
    return ask(str(found))
""",
    "an error of two lines under its key": """\
def run():
    if question():
        return {
            "error": (
                f"Not so: {question()}. "
                f"Be brief now. {question()}"
            )
        }
    return ask(str(run()))
""",
    "a request of something else": """\
def run():
    http_client.create("Be brief now.")
""",
    "no message": """\
def run():
    post({"role": "clerk", "label": "Be brief now."})
""",
    "a described field, of which the value is sent": """\
class Box(BaseModel):
    shelf: str = Field(description="Be brief now.")


def run(box):
    return ask(box.shelf)
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


SENT = {
    "by the second of two calls": """\
def run(question):
    return plain(question) + ask("Be brief now.")
""",
    "behind an argument with several": """\
def send(label, text):
    return ask(text)


def run():
    said = "Be brief now."
    return send(pair("a", "b", "c"), said)
""",
    "in a condition": """\
def judges(text):
    return ask(text)


def run(question):
    if judges("Be brief now."):
        return question
    return ""
""",
    "as what is usual": """\
def run(question, rules="Be brief now."):
    return ask(rules + question)
""",
    "by a method": """\
class Asker:
    def put(self, text):
        return ask(text)


def run(asker):
    return asker.put("Be brief now.")
""",
    "in a field of a record that another function has": """\
class Box:
    rules: str = ""


def made():
    keep(Box(rules="Be brief now."))


def run(question, box):
    return ask(box.rules + question)
""",
    "in a text that it fills": """\
def run(question):
    rules = "Be brief now."
    said = f"{rules} {question}"
    return ask(said)
""",
    "in a text that an attribute fills": """\
class Asker:
    def __init__(self):
        self.rules = "Be brief now."

    def put(self, question):
        return ask(f"{self.rules} {question}")
""",
    "as messages of whatever sends them": """\
def run():
    return post([{"role": "user", "content": "Be brief now."}])
""",
    "as an agent's": """\
helper = Agent(instructions="Be brief now.")
""",
}


@pytest.mark.parametrize("name", SENT)
def test_what_is_sent_is_told(repository: Repository, name: str) -> None:
    assert is_told(grows(repository, SENT[name]))


def test_text_that_another_takes_the_place_of_is_not_told(repository: Repository) -> None:
    code = f'def run(question):\n    return ask("{MUCH}" + question)\n'
    other = MUCH.replace("parcel", "letter").replace("weight", "stamps").replace("shelf", "table")
    before = SETTINGS | {"app.py": CLIENT + code + ASK}
    outcome = change(repository, before, {"app.py": before["app.py"].replace(MUCH, other)})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_text_that_moves_with_a_word_more_is_not_told(repository: Repository) -> None:
    code = "def run(question):\n    return ask(RULES + question)\n"
    before = SETTINGS | {"app.py": f'RULES = "{MUCH}"\n{CLIENT}{code}{ASK}'}
    after = {
        "app.py": f"from rules import RULES\n{CLIENT}{code}{ASK}",
        "rules.py": f'RULES = "Please. {MUCH}"\n',
    }
    outcome = change(repository, before, after)
    assert (outcome.code, outcome.report["findings"]) == (0, [])


IMPORTS = {
    "of the module": ("from rules import RULES", {}, True),
    "of the package": (
        "from texts import RULES",
        {"texts/__init__.py": "from .rules import RULES\n"},
        True,
    ),
    "of a package that has another": (
        "from texts import RULES",
        {"texts/__init__.py": "from .other import *\n"},
        False,
    ),
    "of something else of the module": ('from texts.rules import OTHER\n\nRULES = ""', {}, False),
}


@pytest.mark.parametrize("name", IMPORTS)
def test_a_name_is_followed_to_who_imports_it(repository: Repository, name: str) -> None:
    imported, more, expected = IMPORTS[name]
    path = "rules.py" if not more and expected else "texts/rules.py"
    code = f"{imported}\n{CLIENT}def run(question):\n    return ask(RULES + question)\n{ASK}"
    before = SETTINGS | more | {"app.py": code, path: 'RULES = "Be brief now."\nOTHER = ""\n'}
    outcome = change(repository, before, {path: before[path].replace("Be brief now.", MUCH)})
    assert bool(outcome.report["findings"]) is expected


def test_a_function_of_another_file_that_is_not_imported(repository: Repository) -> None:
    shown = 'def run():\n    show("Be brief now.")\n'
    other = f"{CLIENT}def show(text):\n    return ask(text)\n{ASK}"
    before = SETTINGS | {"app.py": shown, "other.py": other}
    outcome = change(repository, before, {"app.py": shown.replace("Be brief now.", MUCH)})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


OTHERS = "".join(
    f"class {name}:\n    def weigh(self, text):\n        return 1\n\n\n" for name in "BCD"
)


@pytest.mark.parametrize("others", ["", OTHERS], ids=["one", "four"])
def test_a_method_is_followed_where_few_have_its_name(repository: Repository, others: str) -> None:
    sending = "class A:\n    def weigh(self, text):\n        return ask(text)\n"
    shown = 'def run(shelf):\n    shelf.weigh("Be brief now.")\n'
    before = SETTINGS | {"app.py": shown, "other.py": f"{others}{CLIENT}{sending}{ASK}"}
    outcome = change(repository, before, {"app.py": shown.replace("Be brief now.", MUCH)})
    assert bool(outcome.report["findings"]) is not bool(others)


def test_what_is_shown_beside_a_few_words_that_are_sent_does_not_count(
    repository: Repository,
) -> None:
    code = (
        "class Screen:\n    def update_status(self, text):\n        self.window.show(text)\n\n\n"
        'def run(screen):\n    screen.update_status("Ready now.")\n    return ask("Go on now.")\n'
    )
    before = SETTINGS | {"app.py": CLIENT + code + ASK}
    now = before["app.py"].replace("Ready now.", MUCH).replace("Go on now.", "Go on, step by step.")
    outcome = change(repository, before, {"app.py": now})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_several_functions_of_a_file_are_told_at_once(repository: Repository) -> None:
    made = "".join(f'def part_{one}():\n    return "{one}. Be brief now."\n\n\n' for one in "abc")
    code = f"{made}def run():\n    return ask(part_a() + part_b() + part_c())\n"
    outcome = grows(repository, code)
    (found,) = outcome.report["findings"]
    assert found["text"].startswith("`part_a` and 2 more of this file say 1,2")
    assert is_told(outcome)
