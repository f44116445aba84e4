"""Names that Python source imports from the repository stand for what Python makes of them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from reviewbot.errors import MeasurementError
from tests.support.importing import InProcess, read, text

FILES: dict[str, str | None] = {
    "app/__init__.py": "VERSION = 'one'\n",
    "app/rules.py": "import os\nfrom .core.words import KIND\nRULES = f'Be {KIND}.'\n"
    "LINES = ['first', KIND]\nLINES.append('last')\nCOUNT = 3\n"
    "class Texts:\n    SYSTEM = 'You help.'\n    ASK = SYSTEM + ' Ask.'\n"
    "PARTS = {'a': 'the part a', 'b': RULES}\nSUM = 'x'\nSUM += 'y'\n",
    "app/core/__init__.py": "from .words import KIND as HANDED_ON\nfrom .words import *\n",
    "app/core/words.py": "KIND = 'kind'\n_OWN = 'own'\nif len(KIND) > 3:\n    LENGTH = 'long'\n",
    "app/plain/notes.py": "NOTE = 'a note'\n",
    "app/main.py": """\
import app.rules
import app.rules as r
import app.core.words
from . import rules, VERSION
from .rules import RULES, LINES, COUNT, Texts as T, PARTS, SUM
from app.core import HANDED_ON, words
from app.core import *
from app.plain import notes
try:
    from app.rules import RULES as TRIED
except ImportError:
    from elsewhere import RULES as TRIED
FROM = f"{RULES}!"
MODULE = rules.RULES + "m"
RENAMED = r.RULES + "r"
DOTTED = app.rules.RULES + app.core.words.KIND
JOINED = "-".join(LINES)
NUMBER = f"{COUNT} rules"
CLASS = T.ASK + "."
ENTRY = PARTS["b"] + PARTS["a"]
ADDED = SUM + 'z'
PACKAGE = VERSION + HANDED_ON
STAR = KIND + "!"
INNER = words.KIND + notes.NOTE
FALLBACK = TRIED + "t"
STRIPPED = rules.RULES.strip(".").replace("B", "b")
def local():
    from .core.words import KIND as inside
    return f"{inside} inside"
""",
}
NAMES = [
    *("FROM", "MODULE", "RENAMED", "DOTTED", "JOINED", "NUMBER", "CLASS", "ENTRY", "ADDED"),
    *("PACKAGE", "STAR", "INNER", "FALLBACK", "STRIPPED"),
]


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder: Path = tmp_path_factory.mktemp("package")
    for path, source in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(source or "")
    program = (
        "import json, app.main as m\n"
        f"found = {{name: getattr(m, name) for name in {NAMES}}}\n"
        "print(json.dumps(found | {'local': m.local()}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, check=True, text=True
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", [*NAMES, "local"])
def test_an_imported_text_is_what_python_makes_of_it(evaluated: dict[str, str], name: str) -> None:
    assert text(FILES, "app/main.py", name) == evaluated[name]


def test_files_that_texts_come_from_belong_to_the_prompt() -> None:
    prompt = read(FILES, "app/main.py", "FROM")
    wanted = {"app/rules.py", "app/core/words.py", "app/core/__init__.py", "app/plain/notes.py"}
    assert set(prompt.beside) == {*wanted, "app/__init__.py"}
    alone = read(
        {"app/a.py": "import json\nimport openai\nP = f'{json.x} {openai.y}'"}, "app/a.py", "P"
    )
    assert not alone.beside


def test_messages_of_another_file_stand_in_the_line_that_names_them() -> None:
    files: dict[str, str | None] = {
        "chat.py": "\n\n\nSAID = [{'role': 'system', 'content': 'Be brief.'},"
        " {'role': 'user', 'content': f'{who.name} asks'}]",
        "main.py": "from chat import SAID\nask = create(model='gpt-4o', messages=SAID)\n"
        "more = [*SAID, {'role': 'assistant', 'content': 'x'}]",
    }
    messages = read(files, "main.py", "ask.messages").file.messages
    assert [(item.role, item.line) for item in messages] == [("system", 2), ("user", 2)]
    assert [item.role for item in read(files, "main.py", "more").file.messages] == [
        *("system", "user", "assistant")
    ]


VARIABLES = {
    "another's package": "from openai_rules import RULES",
    "a module of Python": "from json import RULES",
    "a name that is set elsewhere": "from rules import *\ndef f():\n    global RULES\n    RULES = 1",
    "two that differ": "from rules import RULES\nfrom other import RULES",
    "what is computed": "from rules import MADE as RULES",
    "what a function changes": "from rules import CHANGED as RULES",
    "above the repository": "from ...rules import RULES",
    "what is changed here": "from rules import RULES\nRULES = RULES.upper()",
}
OTHERS: dict[str, str | None] = {
    "rules.py": "RULES = 'Be brief.'\nMADE = compute()\nCHANGED = 'x'\n"
    "def change():\n    global CHANGED\n    CHANGED = 'y'\n",
    "other.py": "RULES = 'Be long.'",
    "json.py": "RULES = 'never this'",
}


@pytest.mark.parametrize("source", VARIABLES.values(), ids=VARIABLES)
def test_what_the_repository_does_not_tell_is_a_variable(source: str) -> None:
    said = text(OTHERS | {"p.py": f"{source}\nP = f'{{RULES}} now'"}, "p.py", "P")
    assert json.loads(said)[0] == "join"
    assert "hole" in said


def test_the_nearest_file_counts_and_a_src_folder_beside() -> None:
    files: dict[str, str | None] = {
        "rules.py": "RULES = 'far'",
        "app/rules.py": "RULES = 'near'",
        "src/lib/texts.py": "T = 'in src'",
        "app/p.py": "from rules import RULES\nfrom lib.texts import T\nP = RULES + T",
    }
    assert text(files, "app/p.py", "P") == "nearin src"


def test_files_that_import_each_other_come_to_an_end() -> None:
    files: dict[str, str | None] = {
        "a.py": "from b import B\nA = B + 'a'\nONE = 'one'",
        "b.py": "from a import A, ONE\nB = A + 'b'\nTWO = ONE + ' two'",
        "c.py": "from d import C",
        "d.py": "from c import C",
        "p.py": "from b import B, TWO\nfrom c import C\nP = B + 'p'\nQ = TWO + '.'\nR = C + '.'",
    }
    assert text(files, "p.py", "Q") == "one two."
    assert "hole" in text(files, "p.py", "P")
    assert "hole" in text(files, "p.py", "R")


def refusal(files: dict[str, str | None], name: str = "P") -> str:
    with pytest.raises(MeasurementError) as raised:
        read(files, "p.py", name)
    return str(raised.value.problems[0])


def test_a_file_that_cannot_be_read_refuses_what_needs_it_and_nothing_else() -> None:
    files: dict[str, str | None] = {
        "linked.py": None,
        "wrong.py": "RULES = (",
        "further.py": "from linked import RULES\nTEXT = f'{RULES} and more'\nFINE = 'fine'",
        "p.py": "from linked import RULES\nfrom wrong import RULES as W\n"
        "from further import TEXT, FINE\nU = TEXT + '.'\nV = FINE + '.'\nP = f'{RULES}!'\n"
        "Q = f'{W}!'\nR = 'fine'\nS = [{'role': 'system', 'content': RULES}]\nT = RULES",
    }
    assert "symbolic link" in refusal(files)
    assert "linked.py" in refusal(files, "S")
    assert "linked.py" in refusal(files, "T")
    assert "this is not Python" in refusal(files, "Q")
    assert "linked.py" in refusal(files, "U")
    assert (text(files, "p.py", "R"), text(files, "p.py", "V")) == ("fine", "fine.")


def test_chains_and_numbers_of_files_are_bounded() -> None:
    chain: dict[str, str | None] = {f"m{n}.py": f"from m{n + 1} import V\n" for n in range(40)}
    chain["p.py"] = "from m0 import V\nP = V + '.'"
    assert "more than 20 files" in refusal(chain | {"m40.py": "V = 'far'"})
    many: dict[str, str | None] = {f"m{n}.py": "V = 'v'" for n in range(300)}
    names = "".join(f"from m{n} import V as V{n}\n" for n in range(300))
    many["p.py"] = f"{names}P = " + " + ".join(f"V{n}" for n in range(300))
    assert "imports more files or text" in refusal(many)


def test_only_what_a_name_needs_is_read_of_a_module() -> None:
    parser = InProcess()
    files: dict[str, str | None] = {
        "rules.py": "from heavy import THING\nRULES = 'Be brief.'\nOTHER = THING + 'x'",
        "heavy.py": "THING = 'thing'",
        "p.py": "from rules import RULES\nP = RULES + '!'",
    }
    assert read(files, "p.py", "P", parser).file.messages[0].text == "Be brief.!"
    assert not any("heavy" in name for name in parser.asked)
