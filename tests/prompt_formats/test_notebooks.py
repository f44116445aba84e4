"""Prompts in the code cells of Jupyter notebooks."""

import json
from typing import Any

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.prompt import PromptText
from reviewbot.prompt_formats import python, source_tools
from tests.support.reading import HERE, read
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

SYSTEM = "You sort parcels by size and weight, and you name the shelf that fits best. " * 2


def cell(source: Any, kind: str = "code") -> dict[str, Any]:
    lines = source.splitlines(keepends=True) if isinstance(source, str) else source
    return {"cell_type": kind, "metadata": {}, "outputs": [], "source": lines}


def notebook(*cells: dict[str, Any], language: str | None = "python") -> str:
    """A notebook as Jupyter saves it."""
    metadata = {"language_info": {"name": language}} if language else {}
    whole = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


CELLS = (
    cell("# Parcels\nSYSTEM = 'no code'", "markdown"),
    cell("%load_ext autoreload\n!pip install openai\nimport openai\nfiles = !ls\nopenai?\n"),
    cell(f'SYSTEM = """{SYSTEM}\n%d rules, and\n!important ones.\n"""\nRULES = ("a"\n% ())'),
    cell("%%bash\necho SYSTEM = 1"),
    cell(
        "%%time\ndef ask(q):\n    return client.messages.create(\n"
        '        model="claude-sonnet-4-5", max_tokens=9, system=SYSTEM,\n'
        '        messages=[{"role": "user", "content": q}])'
    ),
)


def test_a_constant_of_a_cell_is_a_prompt_in_its_own_line() -> None:
    text = notebook(*CELLS)
    file = read(python, text, path="a.ipynb", selector="SYSTEM")
    (message,) = file.messages
    assert message.text == f"{SYSTEM}\n%d rules, and\n!important ones.\n"
    assert 'SYSTEM = \\"\\"\\"' in text.splitlines()[message.line - 1]


def test_cells_share_their_names() -> None:
    file = read(python, notebook(*CELLS), path="a.ipynb", selector="ask")
    assert (file.model, file.max_tokens) == ("claude-sonnet-4-5", 9)
    assert file.messages[0].text.startswith(SYSTEM)


def test_init_finds_them() -> None:
    text = PromptText(path="a.ipynb", text=notebook(*CELLS), surroundings=HERE)
    assert [(item.selector, item.model) for item in python.discover(text)] == [
        ("ask", "claude-sonnet-4-5")
    ]


def test_tools_of_cells_are_read() -> None:
    source = "from agents import function_tool\n@function_tool\ndef route(q: str): ..."
    file = PromptText(path="a.ipynb", text=notebook(cell(source)), surroundings=HERE)
    assert [tool.name for tool in source_tools.read(file).tools] == ["route"]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (notebook(cell("x <- 1"), language="R"), 1, "written in r"),
        ("[]", 1, "no notebook of nbformat 4"),
        ('{"worksheets": []}', 1, "no notebook of nbformat 4"),
        ("{", 1, "not JSON"),
        (notebook(cell("a = 1\nb = (\n")), 9, "not Python"),
        (json.dumps({"cells": [cell("a = 1\nb = 2\n")]}), 1, "two lines of a cell"),
        (json.dumps({"cells": [cell([1])]}), 1, "no text and no list"),
    ],
)
def test_what_is_not_read_is_named(text: str, line: int, said: str) -> None:
    with pytest.raises(MeasurementError) as caught:
        read(python, text, path="a.ipynb", selector="a")
    (problem,) = caught.value.problems
    assert said in problem.what
    assert problem.mend
    assert problem.place is not None
    assert problem.place.line == line


def test_a_change_of_a_cell_is_a_change_of_the_workflow(repository: Repository) -> None:
    setting = workflow("research/a.ipynb#SYSTEM")
    before = notebook(*CELLS)
    after = before.replace("%d rules, and", f"{SYSTEM} and")
    files = {CONFIGURATION: configuration({"w": setting}), "research/a.ipynb": before}
    outcome = change(repository, files, {"research/a.ipynb": after})
    assert outcome.errors == ""
    assert outcome.usd("after") > outcome.usd("before")


def test_a_new_prompt_in_a_notebook_is_listed(repository: Repository) -> None:
    setting = workflow("p.txt")
    files = {CONFIGURATION: configuration({"w": setting}), "p.txt": "hi"}
    after = notebook(cell(f'SYSTEM_PROMPT = """{SYSTEM}"""'))
    (found,) = change(repository, files, {"a.ipynb": after}).report["new_prompts"]
    assert (found["selector"], found["line"]) == ("SYSTEM_PROMPT", 8)


BIG = '"All of it, and then again, in many words."'


def told(*sources: str) -> str | None:
    """The text of `PROMPT`; None where it is not known."""
    try:
        return told_by("PROMPT = 'Sort.'", *sources)
    except MeasurementError:
        return None


def told_by(*sources: str) -> str | None:
    """The text of `PROMPT` in a notebook."""
    text = notebook(*map(cell, sources))
    return read(python, text, path="a.ipynb", selector="PROMPT").messages[0].text


@pytest.mark.parametrize(
    "source",
    [
        f"%time PROMPT = PROMPT + {BIG}",
        f"%time PROMPT += {BIG}",
        f"%timeit -n 1 -r1 PROMPT = {BIG}",
        f"%prun -l 5 -q PROMPT = {BIG}",
        f"%memit PROMPT = {BIG}",
        f"%lprun -f look PROMPT = {BIG}",
        f"%%memit\nPROMPT = {BIG}",
        f"%%timeit PROMPT = {BIG}\npass",
        f"\n%%time\nPROMPT = {BIG}",
        f"%%time\n%%capture out\nPROMPT = {BIG}",
        f"%%capture PROMPT\nprint({BIG})",
        f"%%bash --out PROMPT\necho {BIG}",
        "PROMPT = !cat big.txt",
        "PROMPT, other = !cat big.txt",
        "PROMPT = %sql SELECT 1",
        f"PROMPT = %time {BIG}",
        "%run ./others.ipynb",
        "%store -r PROMPT",
        "%store -r",
        "%load big.py",
        "%unheard_of PROMPT",
        "%%unheard_of\nPROMPT",
        "if x:\n    %run ./others.ipynb",
        f"%%mypy\nPROMPT = {BIG}",
        "%%bigquery PROMPT\nSELECT 1",
        "%%bigquery --project p PROMPT\nSELECT 1",
        "%%sql PROMPT <<\nSELECT 1",
        "%%sql\nPROMPT << SELECT 1",
        "%sql db PROMPT << SELECT 1",
        "%sql PROMPT= << SELECT 1",
        "%R -o PROMPT",
        f"%%skip False\nPROMPT = {BIG}",
        "get_ipython().run_line_magic('time', 'PROMPT = 1')",
        "get_ipython().run_line_magic('memit', 'PROMPT = 1')",
        "get_ipython().run_line_magic('unheard_of', '')",
        "get_ipython().run_line_magic(name, '')",
        "get_ipython().run_line_magic('time', code)",
        "get_ipython().run_line_magic('time', 'PROMPT += 1')",
        "get_ipython().run_line_magic('time', 'exec(code)')",
        "get_ipython().run_cell_magic('bigquery', 'PROMPT', 'SELECT 1')",
        "get_ipython().run_cell_magic('pyinstrument', '', 'PROMPT = 1')",
        "get_ipython().magic('run ./a.ipynb')",
        "get_ipython().run_cell('PROMPT = 1')",
        "get_ipython().user_ns['PROMPT'] = 1",
        "ip = get_ipython()\nip.push({'PROMPT': 1})",
        "from IPython import get_ipython as g\ng().ex('PROMPT = 1')",
        "import IPython\nshell: object = IPython.get_ipython() or None\nshell.user_global_ns.update(a)",
        "if (ip := get_ipython()) is not None:\n    ip.run_cell(code)",
        "def f():\n    get_ipython().run_line_magic('time', 'PROMPT = 1')",
        "getattr(get_ipython(), name)(code)",
    ],
)
def test_a_magic_that_may_change_a_text_is_followed_or_refused(source: str) -> None:
    assert told(source) != "Sort."


@pytest.mark.parametrize(
    "source",
    [
        "%time ask()",
        "%timeit -n 1 ask()",
        "%load_ext autoreload\n%autoreload 2\n%matplotlib inline\n%pip install openai",
        "!pip install \\\n   openai",
        "files = !ls",
        "out = %time 1 + 1",
        "%%bash\nPROMPT=1",
        "%%html\n<b>PROMPT = 1</b>",
        "%%writefile prompt.txt\nPROMPT = 1",
        "ask?\n?ask\nask??",
        'print("PROMPT = %d" % 3)',
        "%env A=1",
        "%wandb login",
        "%nb_black\n%tensorflow_version 2.x\n%flake8_on\n%view x",
        "%glue_version 3.0\n%idle_timeout 60\n%number_of_workers 2",
        "%%mypy\nask()",
        "%%skip\nPROMPT = 1",
        "%%ai openai-chat:gpt-4o\nPROMPT = 1",
        "%%bigquery df\nSELECT 1",
        "%%spark -o df\nSELECT 1",
        "%%sql rows <<\nSELECT 1",
        "get_ipython().run_line_magic('matplotlib', 'inline')",
        "get_ipython().run_line_magic('time', 'ask()')",
        "get_ipython().run_line_magic('pip', f'install {name}')",
        "get_ipython().run_cell_magic('bash', '', 'PROMPT = 1')",
        "get_ipython().run_cell_magic('time', '', 'ask()\\n')",
        "get_ipython().magic('matplotlib inline')",
        "get_ipython().system('pip install openai')",
        "get_ipython().__class__.__name__ == 'A' or 'A' in get_ipython().config",
        "ip = get_ipython()\nip.run_line_magic('wandb', 'login')",
        "%store PROMPT",
    ],
)
def test_a_magic_that_changes_no_text_is_no_fault(source: str) -> None:
    assert told(source) == "Sort."


def test_what_is_set_behind_a_magic_is_known() -> None:
    text = notebook(cell("%run ./setup"), cell("PROMPT = 'Sort.'"))
    assert read(python, text, path="a.ipynb", selector="PROMPT").messages[0].text == "Sort."


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("%unheard_of a", "may be set by `%unheard_of` in line 16, a magic that is not known here"),
        ("%lambda", "may be set by `%lambda` in line 16, a magic that is not known here"),
        ("%run ./a.ipynb", "may be set by `%run` in line 16"),
        (
            "%%unheard_of\na",
            "may be set by `%%unheard_of` in line 16, a magic that is not known here",
        ),
    ],
)
def test_a_magic_that_may_set_a_text_is_named(line: str, said: str) -> None:
    with pytest.raises(MeasurementError) as caught:
        told_by("PROMPT = 'Sort.'", line)
    (problem,) = caught.value.problems
    assert problem.what == f"`PROMPT` {said}"
    assert problem.mend == "set it below that line"
