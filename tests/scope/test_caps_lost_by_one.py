"""One of several calls in a file that loses its cap, while another keeps its own."""

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
APP = """\
from prompts import SYSTEM


def ask(q):
    return client.create(model="gpt-4o", max_tokens=100, messages=[{"role": "system", "content": SYSTEM}])


def answer(q):
    return client.create(model="gpt-4o", max_tokens=200, messages=[{"role": "system", "content": SYSTEM}])
"""


def test_it_is_told(repository: Repository) -> None:
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "app.py": APP,
    }
    outcome = change(repository, files, {"app.py": APP.replace("max_tokens=200, ", "")})
    (found,) = [item for item in outcome.report["findings"] if item["rule"] == "loosened"]
    assert "`max_tokens` is `None`" in found["text"]
    assert found["place"]["line"] == 9


def test_a_call_that_goes_with_its_cap_is_none(repository: Repository) -> None:
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "app.py": APP,
    }
    outcome = change(repository, files, {"app.py": APP.partition("\n\n\ndef answer")[0] + "\n"})
    assert (outcome.code, outcome.report["findings"]) == (0, [])
