"""Files and images that a call sends beside a prompt, and that no workflow counts."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
APP = f"""\
const SYSTEM = `{RULES}`;

export async function sort(question: string, files: File[]) {{
  const parts = [{{ type: "text", text: question }}];
  const result = await generateText({{
    model: openai("gpt-4o"),
    messages: [
      {{ role: "system", content: SYSTEM }},
      {{ role: "user", content: [{{ type: "text", text: question }}, FILES] }},
    ],
  }});
  save({{ type: "file", name: "SAVED" }});
  return result.text;
}}
"""
ONE = '{ type: "file", data: files[0].data, mimeType: "application/pdf" }'
IMAGE = '{ type: "image", image: files[1].data }'


def told(repository: Repository, before: str, after: str) -> list[str]:
    prompt = workflow('"src/app.ts#SYSTEM"', model="openai/gpt-4o")
    files = {CONFIGURATION: configuration({"w": prompt}), "src/app.ts": before}
    outcome = change(repository, files, {"src/app.ts": after})
    assert outcome.code == 0
    return [one["text"] for one in outcome.all_findings()]


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (ONE, f"{ONE}, {IMAGE}", "filled with `files: 2`, it was `files: 1`"),
        ("", ONE, "filled with `files: 1`, it was `files: 0`"),
        ("", f"...files.map(() => ({ONE}))", "filled with `files: 1`, it was `files: 0`"),
        (ONE, IMAGE, ""),
        (f"{ONE}, {IMAGE}", ONE, ""),
        (ONE, ONE.replace("data: files[0].data, ", "").replace("}", ", data: held }"), ""),
    ],
)
def test_more_files_are_a_warning(repository: Repository, was: str, now: str, said: str) -> None:
    texts = told(repository, APP.replace("FILES", was), APP.replace("FILES", now))
    assert len(texts) == bool(said)
    assert all(said in text for text in texts)


def test_a_file_that_is_not_sent_is_not_told(repository: Repository) -> None:
    text = APP.replace("FILES", ONE)
    saved = 'save([{ type: "file", name: "b" }, { type: "file", name: "SAVED" }])'
    assert (
        told(repository, text, text.replace('save({ type: "file", name: "SAVED" })', saved)) == []
    )
