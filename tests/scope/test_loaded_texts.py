"""Files of texts and data that code loads, and sends beside a prompt of a workflow."""

import json

import pytest

from tests.scope.test_carried_through_files import FEW, MUCH, assert_told, python, script
from tests.support.repository import Repository
from tests.support.reviewing import change

JSON, LONGER = (json.dumps({"text": text}) for text in (FEW, MUCH))
IN_PYTHON = {
    "JSON": ('import json\nEXTRA = json.load(open("x.json"))["text"]', "x.json", "SYSTEM + EXTRA"),
    "a text": ('EXTRA = Path("x.txt").read_text()', "x.txt", "SYSTEM + EXTRA"),
    "a text that is opened": ('EXTRA = open("x.txt").read()', "x.txt", "SYSTEM + EXTRA"),
    "what is opened for some lines": (
        'import yaml\nwith open("x.yaml") as file:\n    EXTRA = yaml.safe_load(file)',
        "x.yaml",
        'f"{SYSTEM} {EXTRA[0]}"',
    ),
    "a function that loads": (
        'def load():\n    with (HERE / "x.md").open() as file:\n        return file.read()\n',
        "texts/x.md",
        "SYSTEM + load()",
    ),
    "a name that it is given": (
        "def load(name):\n    return (HERE / name).read_text()\n",
        "texts/x.md",
        'SYSTEM + load("x.md")',
    ),
    "a function of another file": ("from b import load", "texts/x.md", 'SYSTEM + load("x.md")'),
    "a text of another file": ("from b import EXTRA", "texts/b.txt", "SYSTEM + EXTRA"),
    "a table": ('EXTRA = pd.read_csv("x.csv").to_string()', "x.csv", "SYSTEM + EXTRA"),
    "a name that another file has": (
        "from b import NAME\nEXTRA = open(NAME).read()",
        "texts/n.txt",
        "SYSTEM + EXTRA",
    ),
    "a path that is put together": (
        'EXTRA = open(os.path.join(HERE, "texts", "x.txt")).read()',
        "texts/x.txt",
        "SYSTEM + EXTRA",
    ),
}
IN_SCRIPTS = {
    "an import": ('import data from "./x.json";', "src/x.json", "SYSTEM + data.text"),
    "a required one": ('const data = require("./x.json");', "src/x.json", "SYSTEM + data.text"),
    "a text": (
        'const data = fs.readFileSync(path.join(__dirname, "x.txt"), "utf8");',
        "src/x.txt",
        "`${SYSTEM} ${data}`",
    ),
    "what is parsed": (
        'const data = JSON.parse(readFileSync("src/x.json", "utf8"));',
        "src/x.json",
        "SYSTEM + data.text",
    ),
}
LOADING = (
    'NAME = "texts/n.txt"\n'
    'EXTRA = open("texts/b.txt").read()\n\n\n'
    "def load(name):\n    return (HERE / name).read_text()\n"
)


@pytest.mark.parametrize("name", IN_PYTHON)
def test_a_loaded_file_that_grows_needs_approval(repository: Repository, name: str) -> None:
    imports, path, sent = IN_PYTHON[name]
    outcome = change(
        repository, python(imports, sent) | {path: JSON, "b.py": LOADING}, {path: LONGER}
    )
    assert_told(outcome, path, "tokens")


@pytest.mark.parametrize("name", IN_SCRIPTS)
def test_so_it_does_in_typescript(repository: Repository, name: str) -> None:
    imports, path, sent = IN_SCRIPTS[name]
    outcome = change(repository, script(imports, sent) | {path: JSON}, {path: LONGER})
    assert_told(outcome, path, "tokens")


def test_a_file_that_is_loaded_since_the_change_needs_approval(repository: Repository) -> None:
    files = python("", "SYSTEM") | {"x.txt": MUCH}
    after = python('EXTRA = open("x.txt").read()', "SYSTEM + EXTRA")["app.py"]
    assert_told(change(repository, files, {"app.py": after}), "app.py", "`x.txt`")


@pytest.mark.parametrize(
    ("imports", "sent", "path"),
    [
        ('EXTRA = open("x.txt").read()', "SYSTEM", "x.txt"),
        ('EXTRA = open("x.txt").read()', "SYSTEM + EXTRA", "y.txt"),
        ('EXTRA = open("a/x.txt").read()', "SYSTEM + EXTRA", "b/x.txt"),
        ('EXTRA = json.load(open("package.json"))', 'SYSTEM + EXTRA["name"]', "package.json"),
        ('OTHER = json.load(open("models.json"))', "SYSTEM", "models.json"),
    ],
)
def test_a_file_that_is_not_sent_is_none(
    repository: Repository, imports: str, sent: str, path: str
) -> None:
    outcome = change(repository, python(imports, sent) | {path: JSON}, {path: LONGER})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_a_file_that_grows_by_a_few_words_is_none(repository: Repository) -> None:
    files = python('EXTRA = open("x.txt").read()', "SYSTEM + EXTRA") | {"x.txt": MUCH}
    outcome = change(repository, files, {"x.txt": f"{MUCH} {FEW}"})
    assert (outcome.code, outcome.report["findings"]) == (0, [])
