"""Texts of errors are read by people, and sent to no model."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
MUCH = "Weigh each parcel twice before it goes to a shelf. " * 9
PYTHON = {
    CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
    "prompts.py": f'SYSTEM = "{RULES}"\n',
    "app.py": (
        "from prompts import SYSTEM\nfrom helper import pad\n\n\ndef ask(q):\n"
        '    return client.create(model="gpt-4o", system=pad(SYSTEM), messages=q)\n'
    ),
    "helper.py": "def pad(text):\n    return text\n",
}
SCRIPT = {
    CONFIGURATION: configuration({"w": workflow('"src/prompts.ts#SYSTEM"')}),
    "src/prompts.ts": f'export const SYSTEM = "{RULES}";\n',
    "src/ask.ts": (
        'import { SYSTEM } from "./prompts";\nimport { pad } from "./helper";\n'
        "const ask = (q) => generateText({ model, system: pad(SYSTEM), prompt: q });\n"
    ),
    "src/helper.ts": "export function pad(text: string) {\n  return text;\n}\n",
}


@pytest.mark.parametrize("error", ["ValueError", "PadError", "errors.Bad"])
def test_what_is_raised_is_no_text(repository: Repository, error: str) -> None:
    more = f'    if not text:\n        raise {error}(f"{MUCH}{{text}}", text)\n    return text\n'
    outcome = change(repository, PYTHON, {"helper.py": f"def pad(text):\n{more}"})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_what_is_thrown_is_no_text(repository: Repository) -> None:
    more = f"  if (!text) throw new PadError(`{MUCH}${{text}}`, text);\n  return text;\n"
    after = f"export function pad(text: string) {{\n{more}}}\n"
    outcome = change(repository, SCRIPT, {"src/helper.ts": after})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


@pytest.mark.parametrize(
    "more",
    [
        f'    if not text:\n        raise Bad(f"{{text}}")\n    return text + "{MUCH}"\n',
        '    raise Bad(client.create(model="gpt-4o", system=text * 9, messages=[]))\n',
    ],
)
def test_what_is_sent_beside_it_needs_approval(repository: Repository, more: str) -> None:
    outcome = change(repository, PYTHON, {"helper.py": f"def pad(text):\n{more}"})
    assert outcome.code == 1
