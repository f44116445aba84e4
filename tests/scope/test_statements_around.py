"""A statement that is put around a call changes nothing of its prompt."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
CREATE = (
    'client.chat.completions.create(model="gpt-4o", '
    f'messages=[{{"role": "system", "content": "{RULES}"}}])'
)
SCRIPT = f'create({{ model: "gpt-4o", messages: [{{ role: "system", content: "{RULES}" }}] }})'
ROWS = {
    "a try around a return": (
        "app.py",
        "ask.messages",
        f"def ask(q):\n    return {CREATE}\n",
        f"def ask(q):\n    try:\n        return {CREATE}\n    except E:\n        return None\n",
    ),
    "a try that goes": (
        "app.py",
        "ask.return.messages",
        f"def ask(q):\n    try:\n        return {CREATE}\n    except E:\n        return None\n",
        f"def ask(q):\n    return {CREATE}\n",
    ),
    "a guard before a return": (
        "app.py",
        "ask.messages",
        f"def ask(q):\n    return {CREATE}\n",
        f"def ask(q):\n    if not q:\n        return ''\n    return {CREATE}\n",
    ),
    "a try around an assignment": (
        "app.py",
        "ask.reply.messages",
        f"def ask(q):\n    reply = {CREATE}\n    return reply\n",
        (
            f"def ask(q):\n    try:\n        reply = {CREATE}\n    except E:\n        reply = None\n"
            "    return reply\n"
        ),
    ),
    "a try in TypeScript": (
        "app.ts",
        "ask.messages",
        f"export function ask(q) {{\n  return {SCRIPT};\n}}\n",
        (
            f"export function ask(q) {{\n  try {{\n    return {SCRIPT};\n  }} catch {{\n"
            "    return null;\n  }\n}\n"
        ),
    ),
    "a try around an assignment in TypeScript": (
        "app.ts",
        "ask.r.messages",
        f"export function ask(q) {{\n  const r = {SCRIPT};\n  return r;\n}}\n",
        (
            f"export function ask(q) {{\n  let r;\n  try {{\n    r = {SCRIPT};\n  }} catch (e) {{\n"
            "    log(e);\n  }\n  return r;\n}\n"
        ),
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_it_is_no_finding(repository: Repository, name: str) -> None:
    path, selector, before, after = ROWS[name]
    samples = "[{name: one, variables: {q: HP-1}}]"
    settings = configuration({"w": workflow(f'"{path}#{selector}"', samples=samples)})
    outcome = change(repository, {CONFIGURATION: settings, path: before}, {path: after})
    assert (outcome.code, outcome.report["findings"]) == (0, [])
    assert all(not item["findings"] for item in outcome.report["workflows"])


def test_a_second_prompt_makes_the_name_unclear(repository: Repository) -> None:
    path, selector, before, after = ROWS["a try around a return"]
    settings = configuration({"w": workflow(f'"{path}#{selector}"')})
    other = after.replace("return None", f"return {CREATE.replace('parcels', 'letters')}")
    outcome = change(repository, {CONFIGURATION: settings, path: before}, {path: other})
    assert outcome.code == 1
    assert outcome.rules() == {"moved": "fail"}
