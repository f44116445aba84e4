"""Files that code reads whole or by a computed name, settings, and names that stand for others."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

MUCH = "Weigh each parcel twice before it goes to a shelf, and write its weight on the label. " * 5
SETTINGS = {
    CONFIGURATION: configuration({"w": workflow("prompts/other.md")}),
    "prompts/other.md": "Sum it up.",
}
CLIENT = "from openai import OpenAI\n\nclient = OpenAI()\n\n\n"


def ask(text: str, more: str = "") -> str:
    return (
        f'    return client.chat.completions.create(model="gpt-4o", {more}'
        f'messages=[{{"role": "user", "content": {text}}}])\n'
    )


READING = {
    "a pattern": (
        "from pathlib import Path\n\n\ndef ask(q):\n"
        '    rules = "".join(p.read_text() for p in Path("rules").glob("*.md"))\n'
    ),
    "the names of a folder": (
        'import os\n\nFOLDER = os.path.join(os.path.dirname(__file__), "rules")\n\n\ndef load():\n'
        "    found = []\n    for name in os.listdir(FOLDER):\n"
        "        with open(os.path.join(FOLDER, name)) as file:\n"
        '            found.append(file.read())\n    return "".join(found)\n\n\n'
        "def ask(q):\n    rules = load()\n"
    ),
    "a computed name": (
        'def ask(q, kind):\n    with open(f"rules/{kind}.md") as file:\n        rules = file.read()\n'
    ),
    "a computed name in a folder": (
        'from pathlib import Path\n\nRULES = Path(__file__).parent / "rules"\n\n\n'
        'def ask(q, kind):\n    rules = (RULES / f"{kind}.md").read_text()\n'
    ),
}


def one(outcome: Outcome, path: str) -> str:
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["verdict"], found["place"]["file"]) == (0, "warn", path)
    return str(found["text"])


@pytest.mark.parametrize("path", ["rules/a.md", "rules/b.md"], ids=["grows", "is new"])
@pytest.mark.parametrize("name", READING)
def test_a_file_that_code_reads(repository: Repository, name: str, path: str) -> None:
    code = CLIENT + READING[name] + ask("rules + q")
    before = SETTINGS | {"app.py": code, "rules/a.md": "Be brief."}
    text = one(change(repository, before, {path: MUCH}), path)
    assert text.startswith(f"`{path}` says 4")
    assert "leads to the call at app.py:" in text


@pytest.mark.parametrize("name", READING)
def test_a_file_of_another_folder_is_not_told(repository: Repository, name: str) -> None:
    code = CLIENT + READING[name] + ask("rules + q")
    before = SETTINGS | {"app.py": code, "rules/a.md": "Be brief.", "docs/a.md": "How to."}
    outcome = change(repository, before, {"docs/a.md": MUCH})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_a_module_that_is_imported_by_a_computed_name(repository: Repository) -> None:
    code = (
        f"import importlib\n{CLIENT}def ask(q, kind):\n"
        '    rules = importlib.import_module(f"kinds.{kind}").RULES\n'
    )
    before = SETTINGS | {"app.py": code + ask("rules + q"), "kinds/a.py": 'RULES = "Be brief."\n'}
    outcome = change(repository, before, {"kinds/a.py": f'RULES = "{MUCH}"\n'})
    assert one(outcome, "kinds/a.py").startswith("`RULES` says 4")


def test_text_in_settings_of_the_environment(repository: Repository) -> None:
    code = f"import os\n{CLIENT}def ask(q):\n" + ask('os.environ["RULES"] + q')
    before = SETTINGS | {"app.py": code, ".env": "OTHER=1\nRULES=Be brief.\n"}
    outcome = change(repository, before, {".env": f"OTHER=1\nRULES={MUCH}\n"})
    assert one(outcome, ".env").startswith("`RULES` says 4")
    assert outcome.report["findings"][0]["place"]["line"] == 2


CAP = f'import os\n{CLIENT}SIZE = int(os.environ.get("SIZE", "300"))\n\n\ndef ask(q):\n'


def test_a_cap_in_settings_of_the_environment(repository: Repository) -> None:
    before = SETTINGS | {"app.py": CAP + ask("q", "max_tokens=SIZE, "), ".env": "SIZE=300\n"}
    text = one(change(repository, before, {".env": "SIZE=9000\n"}), ".env")
    assert text.startswith("`SIZE` is 9000 now, was 300, which leads to the call at app.py:")
    assert "correct `output_tokens`" in text


@pytest.mark.parametrize(
    ("was", "now", "asked"),
    [("9000", "300", "max_tokens=SIZE, "), ("300", "9000", "timeout=SIZE, ")],
)
def test_a_number_that_caps_no_answer_or_a_smaller_one(
    repository: Repository, was: str, now: str, asked: str
) -> None:
    before = SETTINGS | {"app.py": CAP + ask("q", asked), ".env": f"SIZE={was}\n"}
    outcome = change(repository, before, {".env": f"SIZE={now}\n"})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


NAMES = {
    "a constant": (
        f'SHORT = "Be brief."\nLONG = "{MUCH}"\n\n\ndef ask(q):\n    rules = SHORT\n',
        "rules = SHORT",
        "rules = LONG",
    ),
    "a function": (
        (
            f'def short():\n    return "Be brief."\n\n\ndef long():\n    return "{MUCH}"\n\n\n'
            "def ask(q):\n    rules = short()\n"
        ),
        "rules = short()",
        "rules = long()",
    ),
    "a base class": (
        (
            f'class Short:\n    def rules(self):\n        return "Be brief."\n\n\nclass Long:\n'
            f'    def rules(self):\n        return "{MUCH}"\n\n\nclass Ask(Short):\n    pass\n\n\n'
            "def ask(q):\n    rules = Ask().rules()\n"
        ),
        "Ask(Short)",
        "Ask(Long)",
    ),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_a_longer_text(repository: Repository, name: str) -> None:
    code, old, new = NAMES[name]
    code = CLIENT + code + ask("rules + q")
    outcome = change(repository, SETTINGS | {"app.py": code}, {"app.py": code.replace(old, new)})
    text = one(outcome, "app.py")
    assert "` takes `" in text
    assert ", with 4" in text


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_a_shorter_text_is_not_told(repository: Repository, name: str) -> None:
    code, old, new = NAMES[name]
    code = CLIENT + code.replace(old, new) + ask("rules + q")
    outcome = change(repository, SETTINGS | {"app.py": code}, {"app.py": code.replace(new, old)})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_becomes_another_is_not_told(repository: Repository, name: str) -> None:
    code, _, new = NAMES[name]
    code = CLIENT + code + ask("rules + q")
    said = "LONG" if "LONG" in new else "Long" if "Long" in new else "long"
    outcome = change(
        repository, SETTINGS | {"app.py": code}, {"app.py": code.replace(said, f"{said}_now")}
    )
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_a_name_of_a_longer_text_in_several_lines_is_told_once(repository: Repository) -> None:
    code = f'SHORT = "Be brief."\nLONG = "{MUCH}"\n\n\ndef ask(q):\n    rules = SHORT\n'
    code = CLIENT + code + "    rules += check(SHORT)\n" + ask("rules + q")
    edit = code.replace("= SHORT", "= LONG").replace("(SHORT)", "(LONG)")
    outcome = change(repository, SETTINGS | {"app.py": code}, {"app.py": edit})
    assert one(outcome, "app.py").startswith("`ask` takes `LONG`, with 4")


UNTAKEN = {
    "a text that is hardly longer": (
        f'SHORT = "{MUCH}"\nLONG = "{MUCH} Go."\n\n\ndef ask(q):\n    rules = SHORT\n',
        "rules = SHORT",
        "rules = LONG",
    ),
    "a class that is made": (
        (
            f'class Long:\n    size = 1\n\n    def help(self):\n        return "{MUCH}"\n\n\n'
            "def ask(q):\n    rules = str(Other().size)\n"
        ),
        "Other()",
        "Long()",
    ),
    "a text of a file that is not imported": (
        "def ask(q, LONG):\n    rules = q\n",
        "rules = q\n",
        "rules = LONG\n",
    ),
    "a parameter with the name of a text": (
        (
            f'LONG = "{MUCH}"\n\n\ndef of(LONG):\n    parts = []\n    return parts\n\n\n'
            "def ask(q, LONG):\n    rules = of(q)\n"
        ),
        "    parts = []\n",
        '    parts = [f"Keep to it: {LONG}"]\n',
    ),
    "a new function with such a parameter": (
        f'LONG = "{MUCH}"\n\n\ndef ask(q, LONG):\n    rules = f"To {{LONG}}"\n',
        'def ask(q, LONG):\n    rules = f"To {LONG}"\n',
        'def of(LONG):\n    return f"Go on to {LONG}"\n\n\ndef ask(q, LONG):\n    rules = of(LONG)\n',
    ),
    "a name of a function itself": (
        f'LONG = "{MUCH}"\n\n\ndef ask(q):\n    LONG = q.strip()\n    rules = q\n',
        "rules = q\n",
        "rules = LONG\n",
    ),
}


@pytest.mark.parametrize("name", UNTAKEN)
def test_a_name_that_brings_no_longer_text_is_not_told(repository: Repository, name: str) -> None:
    code, old, new = UNTAKEN[name]
    code = CLIENT + code + ask("rules + q")
    before = SETTINGS | {"app.py": code, "long.py": f'LONG = "{MUCH}"\n'}
    outcome = change(repository, before, {"app.py": code.replace(old, new)})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_what_only_holds_signs_is_no_pattern_of_a_file(repository: Repository) -> None:
    code = CLIENT + 'def ask(q):\n    rules = fetch(lib, accept="*/*")\n' + ask("rules + q")
    before = SETTINGS | {"lib/app.py": code, "lib/old.md": "How to."}
    outcome = change(repository, before, {"lib/old.md": MUCH})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


MODELS = '[{"label": "GPT-5 mini", "name": "gpt-5-mini"}, {"label": "GPT-5", "name": "gpt-5"}]'


@pytest.mark.parametrize(("more", "expected"), [(MODELS, False), (f'["{MUCH}"]', True)])
def test_a_data_file_is_told_for_its_sentences(
    repository: Repository, more: str, *, expected: bool
) -> None:
    code = (
        f"import json\n{CLIENT}def ask(q):\n"
        '    with open("data/kinds.json") as file:\n        kinds = json.load(file)\n'
    )
    before = SETTINGS | {"app.py": code + ask("str(kinds) + q"), "data/kinds.json": "[]"}
    parts = ",\n".join([more.replace(", ", ",\n")] * 5)
    data = f'{{"old": [],\n"new": [\n{parts}\n]}}'
    outcome = change(repository, before, {"data/kinds.json": data})
    assert bool(outcome.report["findings"]) is expected


def test_a_readme_among_files_that_are_read(repository: Repository) -> None:
    code = CLIENT + READING["a pattern"] + ask("rules + q")
    before = SETTINGS | {"app.py": code, "rules/a.md": "Be brief.", "rules/README.md": "How to."}
    outcome = change(repository, before, {"rules/README.md": MUCH})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_a_file_that_is_edited_and_no_longer_is_not_told(repository: Repository) -> None:
    code = CLIENT + READING["a pattern"] + ask("rules + q")
    before = SETTINGS | {"app.py": code, "rules/a.md": MUCH}
    outcome = change(repository, before, {"rules/a.md": MUCH.replace("parcel", "letter")})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_more_tries_in_settings_of_the_environment(repository: Repository) -> None:
    code = CAP + ask("q", "max_retries=SIZE, ")
    before = SETTINGS | {"app.py": code, ".env": "SIZE=3\n"}
    assert "was 3" in one(change(repository, before, {".env": "SIZE=9\n"}), ".env")


def test_a_module_of_another_folder_than_is_imported(repository: Repository) -> None:
    code = (
        f"import importlib\n{CLIENT}def ask(q, kind):\n"
        '    rules = importlib.import_module(f"kinds.{kind}").RULES\n'
    )
    before = SETTINGS | {"app.py": code + ask("rules + q"), "others/a.py": 'RULES = "Be brief."\n'}
    outcome = change(repository, before, {"others/a.py": f'RULES = "{MUCH}"\n'})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


@pytest.mark.parametrize("said", ['os.path.join(FOLDER, "a.md")', 'open(f"{kind}.md")'])
def test_a_folder_that_is_not_read_whole(repository: Repository, said: str) -> None:
    code = f'import os\n{CLIENT}FOLDER = "rules"\n\n\ndef ask(q, kind):\n    rules = read({said})\n'
    before = SETTINGS | {"app.py": code + ask("rules + q"), "rules/b.md": "Be brief."}
    if "kind" in said:
        before["app.py"] = before["app.py"].replace('"rules"', "rules")
    outcome = change(repository, before, {"rules/b.md": MUCH})
    assert (outcome.code, outcome.report["findings"]) == (0, [])
