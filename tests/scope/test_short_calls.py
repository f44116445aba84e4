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
    (told,) = outcome.report["new_prompts"]
    assert (told["path"], told["line"], told["tokens_before"]) == (path, line, None)
    assert told["tokens"] > 0
    assert told["model"].removeprefix("openai/") == "gpt-4o"
    assert not any(f"{path}:{line}" in note for note in outcome.report["notes"])


LONGER = "German, in the words of a child that is eight years old"


@pytest.mark.parametrize(("path", "text"), [("app.py", PYTHON), ("src/app.ts", SCRIPT)])
@pytest.mark.parametrize(
    ("was", "now", "is_told"),
    [
        ("German", LONGER, True),
        (LONGER, "German", False),
        ("gpt-4o", "gpt-4.1", False),
        ("German: ", "", False),
        ("translated", "in_german", False),
    ],
)
def test_a_call_is_told_again_where_its_text_is_longer(
    repository: Repository, path: str, text: str, was: str, now: str, *, is_told: bool
) -> None:
    before = text if was in text else text.replace(now, was)
    files = {
        CONFIGURATION: configuration({"w": workflow("system.txt")}),
        "system.txt": "You sort parcels.",
        path: before,
    }
    outcome = change(repository, files, {path: before.replace(was, now)})
    assert [one["path"] for one in outcome.report["new_prompts"]] == [path] * is_told


DEFAULT = """\
import openai

REVIEW_PROMPT = "You are a careful reviewer of generated programs: name mistakes, worst first."


def review(code: str, model: str = "gpt-4o"):
    return openai.chat.completions.create(
        model=model,
        messages=[
            {"role": "system", "content": REVIEW_PROMPT},
            {"role": "user", "content": f"The code: {code}"},
        ],
    )
"""


def test_a_new_call_is_priced_by_the_default_of_its_model(repository: Repository) -> None:
    defaults = configuration({"w": workflow("system.txt")}, defaults="{model: openai/gpt-4.1}")
    before = {CONFIGURATION: defaults, "system.txt": "You sort parcels."}
    outcome = change(repository, before, {"review.py": DEFAULT})
    told = outcome.report["new_prompts"]
    assert {item["model"].removeprefix("openai/") for item in told} == {"gpt-4o"}
