"""New calls of models that send only a few words."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

PYTHON = """\
from openai import OpenAI

client = OpenAI()


def translated(pages):
    return [client.responses.create(model="gpt-4o", input=f"German: {page}") for page in pages]
"""
SCRIPT = """\
import { generateText } from 'ai';
import { openai } from '@ai-sdk/openai';

export const translated = (pages: string[]) =>
  Promise.all(
    pages.map(page => generateText({ model: openai('gpt-4o'), prompt: `German: ${page}` })),
  );
"""


@pytest.mark.parametrize(
    ("path", "text", "line"), [("app.py", PYTHON, 7), ("src/app.ts", SCRIPT, 6)]
)
@pytest.mark.parametrize("is_new", [True, False])
def test_a_call_that_no_workflow_covers_is_told(
    repository: Repository, path: str, text: str, line: int, *, is_new: bool
) -> None:
    files = {
        CONFIGURATION: configuration({"w": workflow("system.txt")}),
        "system.txt": "You sort parcels.",
    }
    if not is_new:
        files[path] = text.partition("\n\n")[0] + "\n"
    outcome = change(repository, files, {path: text})
    assert any(f"{path}:{line}" in note for note in outcome.report["notes"])
