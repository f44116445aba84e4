"""A prompt that the source does not tell, and whose texts say more, is told with what they say."""

import pytest

from tests.support.one_workflow import BEFORE
from tests.support.repository import Repository
from tests.support.reviewing import change

LINE = "    - Keep every heading short, and name the component after what it does.\n"
SCRIPT = """\
export function buildCodingPrompt(config) {
  let prompt = `
    You are an expert engineer who writes small applications of one page for people who ask.
    Answer with code only, in the fence format that stands below, and never explain it.
RULES  `;
  if (config.variant === "v2") {
    prompt = applyTweaks(prompt);
  }
  return prompt;
}

function applyTweaks(prompt) {
  return prompt.replace("code", "TypeScript");
}
"""
PYTHON = '''\
class Store:
    def __init__(self, given):
        self.system_prompt = given
        if given is None:
            self.system_prompt = """You sort parcels by size and weight, and name the shelf of each.
RULES"""
'''
FILES = {"lib/prompts.ts": (SCRIPT, 5), "app/store.py": (PYTHON, 6)}


@pytest.mark.parametrize("path", FILES)
def test_its_characters_are_a_finding_at_the_first_line_of_them(
    repository: Repository, path: str
) -> None:
    source, line = FILES[path]
    before = {**BEFORE, path: source.replace("RULES", "")}
    outcome = change(repository, before, {path: source.replace("RULES", LINE * 100)})
    (found,) = outcome.report["findings"]
    assert (found["place"]["file"], found["place"]["line"]) == (path, line)
    assert f"says {len(LINE) * 100:,} more characters (about" in found["text"]
    assert "no figure holds that" in found["text"]
    assert found["verdict"] == "warn"


@pytest.mark.parametrize("path", FILES)
def test_a_few_characters_of_it_are_a_note(repository: Repository, path: str) -> None:
    source, _ = FILES[path]
    before = {**BEFORE, path: source.replace("RULES", LINE)}
    outcome = change(
        repository, before, {path: source.replace("RULES", LINE.replace("short", "as short"))}
    )
    assert outcome.report["findings"] == []
    assert any(note.startswith("not read: ") for note in outcome.report["notes"])


def test_texts_beside_it_are_none_of_its(repository: Repository) -> None:
    before = {**BEFORE, "lib/prompts.ts": SCRIPT.replace("RULES", "")}
    longer = before["lib/prompts.ts"].replace("config.variant ===", "config.kind ===")
    longer += f"export const help = `{LINE * 100}`;\n"
    outcome = change(repository, before, {"lib/prompts.ts": longer})
    assert not any("buildCodingPrompt" in item["text"] for item in outcome.report["findings"])
