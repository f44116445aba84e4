"""Entries of a table of prompts by computed names, and further ways to an argument."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
TABLE = f'PROMPTS = {{"a": "{RULES}", "b_v2": "{RULES * 9}"}}\n'
IMPORTED = "from prompts import PROMPTS\n\n\n"
SEND = 'client.create(model="gpt-4o", messages=[{"role": "system", "content": SENT}])'
ASK = f"{IMPORTED}def ask(q):\n    return {SEND}\n"


@pytest.mark.parametrize(
    ("sent", "count"),
    [
        ('PROMPTS[f"{q}_v2"]', 1),
        ('PROMPTS[q + "_v2"]', 1),
        ("PROMPTS[name_of(q)]", 1),
        ('PROMPTS["a" if q else "b_v2"]', 1),
        ('PROMPTS["a"].strip()', 0),
        ('PROMPTS.get("a")', 0),
    ],
)
def test_an_entry_by_a_computed_name(repository: Repository, sent: str, count: int) -> None:
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#PROMPTS.a"')}),
        "prompts.py": TABLE,
        "app.py": ASK.replace("SENT", 'PROMPTS["a"]'),
    }
    outcome = change(repository, files, {"app.py": ASK.replace("SENT", sent)})
    texts = [item["text"] for item in outcome.report["findings"]]
    assert (outcome.code, len(texts)) == (count, count)
    assert all("by a name that code computes" in text for text in texts)


def test_an_entry_by_a_computed_name_in_typescript(repository: Repository) -> None:
    call = 'client.create({ model: "gpt-4o", messages: [{ role: "system", content: SENT }] })'
    source = f'import {{ PROMPTS }} from "./prompts";\nexport const ask = (q) => {call};\n'
    files = {
        CONFIGURATION: configuration({"w": workflow('"src/prompts.ts#PROMPTS.a"')}),
        "src/prompts.ts": f'export const PROMPTS = {{ a: "{RULES}", b_v2: "{RULES * 9}" }};\n',
        "src/app.ts": source.replace("SENT", 'PROMPTS["a"]'),
    }
    outcome = change(
        repository, files, {"src/app.ts": source.replace("SENT", "PROMPTS[`${q}_v2`]")}
    )
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["verdict"]) == (1, "needs-approval")


@pytest.mark.parametrize(
    ("sent", "helper"),
    [
        ("pad(SYSTEM)", "def pad(*texts):\n    return texts[0]\n"),
        ("pad(text=SYSTEM)", "def pad(**given):\n    return given['text']\n"),
    ],
)
def test_arguments_that_have_no_name_of_their_own(
    repository: Repository, sent: str, helper: str
) -> None:
    imports = "from prompts import SYSTEM\nfrom helper import pad\n\n\n"
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "app.py": f"{imports}def ask(q):\n    return {SEND.replace('SENT', sent)}\n",
        "helper.py": helper,
    }
    outcome = change(repository, files, {"helper.py": helper.replace("]\n", "] * 9\n")})
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["place"]["file"]) == (1, "helper.py")


def sends(repository: Repository, before: str, after: str) -> list[str]:
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "app.py": before,
    }
    outcome = change(repository, files, {"app.py": after})
    return [item["text"] for item in outcome.report["findings"]]


def test_a_field_that_hardly_ever_has_a_text_is_followed_where_it_is_given_one(
    repository: Repository,
) -> None:
    source = f"from prompts import SYSTEM\n\nbox = Box(uuid=SYSTEM)\nanswer = {SEND}\n"
    before, after = source.replace("SENT", "box.uuid"), source.replace("SENT", "box.uuid * 9")
    (text,) = sends(repository, before, after)
    assert "`* 9`" in text


def test_a_decorator_that_runs_a_function_again(repository: Repository) -> None:
    source = f"from prompts import SYSTEM\n\n\ndef ask(q):\n    return {SEND}\n"
    before = source.replace("SENT", "SYSTEM")
    after = before.replace("def ask", "@retry(stop=stop_after_attempt(9))\ndef ask")
    (text,) = sends(repository, before, after)
    assert "in a loop over `@retry(stop=stop_after_attempt(9))`" in text
