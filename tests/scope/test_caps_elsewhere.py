"""Caps and retries that another file says: several numbers, computed ones, and what looks like more."""

import pytest

from tests.support.processor_time import processor_seconds
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
APP = """\
from openai import OpenAI
from prompts import SYSTEM
import helper
from helper import Settings, most

chosen = Settings()
client = OpenAI(max_retries=RETRIES)


def ask(q):
    return client.create(
        model="gpt-4o", max_tokens=CAP, messages=[{"role": "system", "content": SYSTEM}]
    )
"""
SCRIPT = """\
import { SYSTEM } from "./prompts";
import { most } from "./helper";
export const ask = (q: string) =>
  generateText({ model: openai("gpt-4o"), maxOutputTokens: most, system: SYSTEM, prompt: q });
"""
SEVERAL = "most = {'a': 100, 'b': 200, 'c': 300, 'd': 400, 'e': 500}[os.environ['KIND']]\n"
MANY = f"most = {[*range(100, 140)]}[int(os.environ['KIND'])]\n"
DEFAULT = "most = int(os.getenv('MOST', '100'))\n"
SETTINGS = "most = 100\n\n\nclass Settings:\n    most: int = 100\n"
RAISED = {
    "one of five": ("most", SEVERAL, "500", "9000"),
    "one in the middle of five": ("most", SEVERAL, "'b': 200", "'b': 490"),
    "one of forty": ("most", MANY, "139", "9000"),
    "a factor of a default": ("most", DEFAULT, "'100'))", "'100')) * 90"),
    "a computed default": ("most", DEFAULT.replace("'100'", "10 * 10"), "10 * 10", "10 * 900"),
    "a default with a stroke": ("most", DEFAULT, "'100'", "'9_000'"),
    "a float": ("most", "most = int(float(os.getenv('MOST', '1e2')))\n", "'1e2'", "'9e3'"),
    "an attribute of the name of a constant": (
        "Settings().most",
        SETTINGS,
        "int = 100",
        "int = 9000",
    ),
    "an attribute of an object": ("chosen.most", SETTINGS, "int = 100", "int = 9000"),
    "another branch": ("most", "most = 100\n", "most = 100", "most = 9000\nif A:\n    most = 100"),
    "a table that has a description": (
        "most['cap']",
        "most = {'description': 'a limit', 'cap': 100}\n",
        "100",
        "9000",
    ),
}
SCRIPTS = {
    "an attribute of what is called v": ("new Limit(v.limit ?? 100)", "100", "9000"),
    "a call on it": ('Number(v.env("MOST") ?? 100)', "100", "9000"),
    "an entry of an object": ("Number({ describe: v.x, cap: 100 }.cap)", "100", "9000"),
    "strokes": ("Number(process.env.MOST ?? 1_00)", "1_00", "9_000"),
}


def reviewed(
    repository: Repository, said: str, before: str, after: str, *, retries: str = "2"
) -> Outcome:
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "app.py": APP.replace("CAP", said).replace("RETRIES", retries),
        "helper.py": before,
    }
    return change(repository, files, {"helper.py": after})


@pytest.mark.parametrize("name", RAISED)
def test_a_cap_that_is_raised_needs_approval(repository: Repository, name: str) -> None:
    said, before, old, new = RAISED[name]
    assert old in before
    outcome = reviewed(repository, said, before, before.replace(old, new))
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["text"][:15]) == (1, "`max_tokens` is")


@pytest.mark.parametrize("name", SCRIPTS)
def test_so_it_does_in_typescript(repository: Repository, name: str) -> None:
    said, old, new = SCRIPTS[name]
    helper = f"export const most = {said};\n"
    files = {
        CONFIGURATION: configuration({"w": workflow('"src/prompts.ts#SYSTEM"')}),
        "src/prompts.ts": f'export const SYSTEM = "{RULES}";\n',
        "src/app.ts": SCRIPT,
        "src/helper.ts": helper,
    }
    outcome = change(repository, files, {"src/helper.ts": helper.replace(old, new)})
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["text"][:20]) == (1, "`maxOutputTokens` is")


@pytest.mark.parametrize("name", ["one of five", "one of forty", "a factor of a default"])
def test_more_retries_are_a_warning(repository: Repository, name: str) -> None:
    _, before, old, new = RAISED[name]
    outcome = reviewed(repository, "100", before, before.replace(old, new), retries="most")
    (found,) = outcome.report["findings"]
    assert (found["verdict"], "calls may rise" in found["text"]) == ("warn", True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (DEFAULT, DEFAULT.replace("'100'", "'90'")),
        (DEFAULT, DEFAULT.replace("getenv", "environ.get")),
        (DEFAULT, f"{DEFAULT}least = int(os.getenv('LEAST', '9000'))\n"),
        (SEVERAL, SEVERAL.replace("500", "450")),
        (MANY, MANY.replace("139", "101")),
    ],
)
def test_a_lower_cap_and_another_name_are_none(
    repository: Repository, before: str, after: str
) -> None:
    outcome = reviewed(repository, "most", before, after)
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_thousands_of_changed_names_take_no_time(repository: Repository) -> None:
    names = [f"most_{number}" for number in range(5_000)]
    helper = "".join(f"{name} = 100\n" for name in names)
    said = f"[{', '.join(f'helper.{name}' for name in names)}][q]"
    began = processor_seconds()
    outcome = reviewed(repository, said, helper, helper.replace("100", "9000"))
    assert processor_seconds() - began < 5
    (found,) = outcome.report["findings"]
    assert (outcome.code, "is `9000`, it was `100`" in found["text"]) == (1, True)


def test_a_cap_that_was_small_at_times_and_is_large_now_is_told(repository: Repository) -> None:
    old, new = "most = 4000 if os.environ.get('LONG') else 200\n", "most = 4000\n"
    outcome = reviewed(repository, "most", f"import os\n{old}", f"import os\n{new}")
    assert outcome.code == 1, outcome.out
