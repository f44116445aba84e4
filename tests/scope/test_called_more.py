"""A function that sends a prompt of a workflow, and is itself called more often since a change."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
PYTHON = """\
from prompts import SYSTEM


def ask(q):
    return client.create(model="gpt-4o", messages=[{"role": "system", "content": SYSTEM}, said(q)])


"""
ONE = "def run(q):\n    return ask(q)\n"
LOOPED = "TRIES = 2\n\n\ndef run(q):\n    return [ask(q) for _ in range(TRIES)]\n"
GROWN = {
    "a loop": (ONE, "def run(q):\n    return [ask(q) for _ in range(5)]\n", "`range(5)`"),
    "a second call": (ONE, "def run(q):\n    return ask(ask(q))\n", "(2 calls in "),
    "all at once": (
        ONE,
        "async def run(q):\n    return await asyncio.gather(*(ask(x) for x in q))\n",
        "a loop over `q`",
    ),
    "three at once": (
        ONE,
        "async def run(q):\n    return await gather(ask(q), ask(q), ask(q))\n",
        "(3 calls in ",
    ),
    "a mapping": (ONE, "def run(q):\n    return list(map(ask, q))\n", "a loop over `map`"),
    "a pool": (ONE, "def run(q):\n    return pool.map(ask, q)\n", "a loop over `map`"),
    "a count": (LOOPED, LOOPED.replace("range(TRIES)", "range(9)"), "`range(9)`"),
    "a constant of a count": (LOOPED, LOOPED.replace("= 2", "= 9"), "(9)"),
    "from afar": (
        f"def one(q):\n    return ask(q)\n\n\n{ONE.replace('ask', 'one')}",
        "def one(q):\n    return ask(q)\n\n\ndef run(q):\n    for x in q:\n        one(x)\n",
        "by `one`",
    ),
}
SAME = {
    "one function more": (
        ONE,
        "def inner(q):\n    return ask(q)\n\n\ndef run(q):\n    return inner(q)\n",
    ),
    "another name": (ONE, ONE.replace("run", "start")),
    "out of a loop": (LOOPED, f"TRIES = 2\n\n\n{ONE}"),
    "a loop beside it": (ONE, f"{ONE}\n\nfor one in range(9):\n    say(one)\n"),
}


def reviewed(repository: Repository, before: str, after: str) -> Outcome:
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "app.py": before,
    }
    return change(repository, files, {"app.py": after})


@pytest.mark.parametrize("name", GROWN)
def test_it_is_a_warning(repository: Repository, name: str) -> None:
    before, after, said = GROWN[name]
    outcome = reviewed(repository, PYTHON + before, PYTHON + after)
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["verdict"]) == (0, "warn")
    assert "`SYSTEM` (workflow `w`) is sent by `" in found["text"]
    assert said in found["text"]


@pytest.mark.parametrize("name", SAME)
def test_a_refactoring_is_none(repository: Repository, name: str) -> None:
    before, after = SAME[name]
    outcome = reviewed(repository, PYTHON + before, PYTHON + after)
    assert (outcome.code, outcome.report["findings"]) == (0, [])


SEND = PYTHON.replace("ask", "send")
MOVED = {
    "a function is taken out": (PYTHON, f"{SEND}def ask(q):\n    return send(q)\n"),
    "two are made one": (
        PYTHON + PYTHON.partition("\n\n\n")[2].replace("ask", "tell"),
        f"{SEND}def ask(q):\n    return send(q)\n\n\ndef tell(q):\n    return send(q)\n",
    ),
}


@pytest.mark.parametrize("name", MOVED)
def test_a_call_that_gets_a_function_of_its_own_is_none(repository: Repository, name: str) -> None:
    outcome = reviewed(repository, *MOVED[name])
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_a_new_function_that_is_called_thrice(repository: Repository) -> None:
    after = f"{SEND}def ask(q):\n    return send(q), send(q), send(q)\n"
    (found,) = reviewed(repository, PYTHON, after).report["findings"]
    assert "by `send`, which is called here too (3 calls in its file" in found["text"]


TYPESCRIPT = """\
import { SYSTEM } from "./prompts";
const ask = (q: string) => generateText({ model: openai("gpt-4o"), system: SYSTEM, prompt: q });
"""
TS_ONE = "export const run = (q) => ask(q);\n"


@pytest.mark.parametrize(
    ("after", "count"),
    [
        ("export const run = (all) => Promise.all(all.map((q) => ask(q)));\n", 1),
        ("export const run = (all) => Promise.all(all.map(ask));\n", 1),
        ("export async function run(q) { for (const x of q) { await ask(x); } }\n", 1),
        ("export const start = (q) => ask(q);\n", 0),
    ],
)
def test_in_typescript(repository: Repository, after: str, count: int) -> None:
    files = {
        CONFIGURATION: configuration({"w": workflow('"src/prompts.ts#SYSTEM"')}),
        "src/prompts.ts": f'export const SYSTEM = "{RULES}";\n',
        "src/app.ts": TYPESCRIPT + TS_ONE,
    }
    outcome = change(repository, files, {"src/app.ts": TYPESCRIPT + after})
    assert [item["verdict"] for item in outcome.report["findings"]] == ["warn"] * count


MAIN = "from app import ask\n\n\n"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (ONE, "def run(q):\n    return [ask(q) for _ in range(9)]\n", "`range(9)`"),
        (ONE, "def run(q):\n    return ask(q), ask(q)\n", "(2 calls in "),
        (ONE, ONE.replace("run", "start"), None),
        (ONE, f"import os\n\n\n{ONE}", None),
    ],
)
def test_calls_of_another_file(
    repository: Repository, before: str, after: str, said: str | None
) -> None:
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "app.py": PYTHON,
        "main.py": MAIN + before,
    }
    outcome = change(repository, files, {"main.py": MAIN + after})
    texts = [item["text"] for item in outcome.report["findings"]]
    assert (outcome.code, len(texts)) == (0, int(said is not None))
    assert all(
        "`SYSTEM` (workflow `w`) is sent by `ask` of `app.py`" in text and str(said) in text
        for text in texts
    )
