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


OTHERS = {
    "lib/prompts.ts": ("lib/coding.ts", "export const limit = 3;\n"),
    "app/store.py": ("app/kept.py", "LIMIT = 3\n"),
}


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("is_left", [False, True], ids=["the file goes", "the file stays"])
def test_its_move_into_another_file_says_nothing(
    repository: Repository, path: str, *, is_left: bool
) -> None:
    other, standing = OTHERS[path]
    source = FILES[path][0].replace("RULES", LINE * 30)
    before = {**BEFORE, path: f"{source}{standing if is_left else ''}", other: standing}
    after = {path: standing if is_left else None, other: f"{standing}\n{source}"}
    outcome = change(repository, before, after)
    assert outcome.report["findings"] == []


@pytest.mark.parametrize("path", FILES)
def test_what_it_gains_as_it_moves_is_told(repository: Repository, path: str) -> None:
    other, standing = OTHERS[path]
    source = FILES[path][0]
    more = "".join(f"    - Rule {n} says what shelf {n} of the house is for.\n" for n in range(60))
    before = {**BEFORE, path: source.replace("RULES", LINE * 30), other: standing}
    after = {path: None, other: f"{standing}\n{source.replace('RULES', LINE * 30 + more)}"}
    (found,) = change(repository, before, after).report["findings"]
    assert found["place"]["file"] == other
    told = int(found["text"].partition("says ")[2].partition(" more")[0].replace(",", ""))
    assert len(more) * 0.9 < told < len(more) * 1.1


@pytest.mark.parametrize("path", FILES)
def test_its_copy_in_another_file_is_told(repository: Repository, path: str) -> None:
    other, standing = OTHERS[path]
    source = FILES[path][0].replace("RULES", LINE * 30)
    outcome = change(repository, {**BEFORE, path: source, other: standing}, {other: source})
    (found,) = outcome.report["findings"]
    assert found["place"]["file"] == other


def test_another_name_for_it_says_nothing(repository: Repository) -> None:
    source = SCRIPT.replace("RULES", LINE * 30)
    after = source.replace("buildCodingPrompt", "makeCodingPrompt")
    outcome = change(repository, {**BEFORE, "lib/a.ts": source}, {"lib/a.ts": after})
    assert outcome.report["findings"] == []
