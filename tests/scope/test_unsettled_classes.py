"""Objects that are said to be of one class, and may be of another that a change alters."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
PADS = """\
class Pad:
    def pad(self, text):
        return text


class Other:
    def pad(self, text):
        return text
"""
SEND = 'client.create(model="gpt-4o", messages=[{"role": "system", "content": it.pad(SYSTEM)}])'
ASK = f"\n\ndef ask(q):\n    return {SEND}\n"
UNSETTLED = {
    "made by a function": f"def make():\n    return Other()\n\n\nit: Pad = make()\n{ASK}",
    "given by a call": f"def ask(q, it: Pad):\n    return {SEND}\n\n\nask(1, Other())\n",
    "cast": f"it = cast(Pad, Other())\n{ASK}",
    "what a function is said to give": f"def make() -> Pad:\n    return Other()\n\n\nit = make(){ASK}",
    "an entry": f"ALL: dict[str, Pad] = {{'a': Other()}}\nit = ALL['a']\n{ASK}",
    "nothing is said": f"def ask(q, it):\n    return {SEND}\n",
}


@pytest.mark.parametrize("name", UNSETTLED)
def test_a_class_that_it_may_be_needs_approval(repository: Repository, name: str) -> None:
    outcome = change(repository, *_sides(UNSETTLED[name]))
    (found,) = outcome.report["findings"]
    assert (outcome.code, "`* 9` through `pad`" in found["text"]) == (1, True)


def test_a_class_that_it_is_not_is_none(repository: Repository) -> None:
    outcome = change(repository, *_sides(f"it: Pad = Pad()\n{ASK}"))
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def _sides(body: str) -> tuple[dict[str, str], dict[str, str]]:
    first, _, last = PADS.rpartition("return text")
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "app.py": f"from prompts import SYSTEM\nfrom helper import Pad, Other\n\n\n{body}",
        "helper.py": PADS,
    }
    return files, {"helper.py": f"{first}return text * 9{last}"}
