"""Text beside a prompt that stands deep in functions which give each other's texts."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
MUCH = "Weigh each parcel twice before it goes to a shelf. " * 9
ASK = """from prompts import SYSTEM


def ask(q):
    return client.create(model="gpt-4o", system=SYSTEM + f0(), messages=q)
"""


def sources(depth: int, given: str, each: str = "f{}()") -> str:
    """Functions in which a text stands that deep."""
    several = [f"def f{n}():\n    return {each.format(n + 1, n + 1)}\n" for n in range(depth)]
    return "\n\n".join([ASK, *several, f"def f{depth}():\n    return '{given}'\n"])


@pytest.mark.parametrize("depth", [1, 99, 150, 400])
def test_more_text_is_found_however_deep(repository: Repository, depth: int) -> None:
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "app.py": sources(depth, "a"),
    }
    outcome = change(repository, files, {"app.py": sources(depth, MUCH)})
    assert outcome.code == 1
    assert any("more characters beside it" in item["text"] for item in outcome.report["findings"])


def test_functions_that_double_are_counted_up_to_a_bound(repository: Repository) -> None:
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "app.py": sources(300, ""),
    }
    outcome = change(repository, files, {"app.py": sources(300, MUCH, "f{}() + f{}()")})
    said = [item["text"] for item in outcome.report["findings"]]
    assert any(f"with {10 * len(MUCH):,} more characters beside it" in text for text in said)
