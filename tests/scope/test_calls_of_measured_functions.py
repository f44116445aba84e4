"""Functions whose own call a workflow measures, and that their file calls more often."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
PYTHON = f"""\
from litellm import completion


def sorted_parcels(query):
    response = completion(model="gpt-4o", messages=[{{"role": "user", "content": "{RULES}"}}])
    return response


def answer(query):
    details = sorted_parcels(query)
    return details
"""
SCRIPT = f"""\
import {{ generateText }} from "ai";

async function sortedParcels(query) {{
  const response = await generateText({{ model: "openai/gpt-4o", prompt: "{RULES}" }});
  return response;
}}

export async function answer(query) {{
  const details = await sortedParcels(query);
  return details;
}}
"""
FORMS = {
    "Python": (
        ("app.py", "sorted_parcels.response.messages", PYTHON),
        ("    details =", "    for attempt in range(5):\n        details ="),
    ),
    "a list": (
        ("app.py", "sorted_parcels.response.messages", PYTHON),
        ("sorted_parcels(query)\n    return", "[sorted_parcels(it) for it in query]\n    return"),
    ),
    "TypeScript": (
        ("src/app.ts", "sortedParcels.response.prompt", SCRIPT),
        (
            "  const details = await sortedParcels(query);\n",
            "  for (const it of query) {\n    details = await sortedParcels(it);\n  }\n",
        ),
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_loop_around_its_call_is_a_warning(repository: Repository, name: str) -> None:
    (path, selector, text), (old, new) = FORMS[name]
    files = {CONFIGURATION: configuration({"w": workflow(f'"{path}#{selector}"')}), path: text}
    outcome = change(repository, files, {path: text.replace(old, new)})
    found = [it for it in outcome.report["findings"] if "is called in a loop" in it["text"]]
    assert [it["verdict"] for it in found] == ["warn"]


@pytest.mark.parametrize("name", FORMS)
def test_a_function_that_is_called_as_before_is_none(repository: Repository, name: str) -> None:
    (path, selector, text), _ = FORMS[name]
    files = {CONFIGURATION: configuration({"w": workflow(f'"{path}#{selector}"')}), path: text}
    outcome = change(repository, files, {path: text.replace("details", "found")})
    assert (outcome.code, outcome.report["findings"]) == (0, [])
