"""A pattern of samples that no file matches is told with what is there, and a pattern that works."""

import re

import pytest

from tests.support.mistakes import Files
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, review

SETTINGS = """\
version: 1
workflows:
  w:
    prompts: prompts/a.j2
    model: openai/gpt-4.1
    traffic: [{calls: 9/day, output_tokens: 9}]
    samples: §
"""
PROMPT = {"prompts/a.j2": "Hello {{ name }}.\n"}
SAMPLE = "name: Ann\n"


def told(repository: Repository, pattern: str, files: Files) -> str:
    repository.commit({**PROMPT, "README.md": "x"})
    repository.branch("work")
    repository.commit({CONFIGURATION: SETTINGS.replace("§", pattern), **files})
    outcome = review(repository)
    assert outcome.code == 2
    return outcome.errors


@pytest.mark.parametrize(
    ("pattern", "files", "mend"),
    [
        ("s/*.yaml", {"s/a.yml": SAMPLE}, "s/*.yml"),
        ("s/*.yml", {"s/a.yaml": SAMPLE, "s/b.yaml": SAMPLE}, "s/*.yaml"),
        ("s/*.json", {"s/a.yaml": SAMPLE, "s/b.json5": "{}"}, "s/*.yaml"),
        ("s/a.yml", {"s/a.yaml": SAMPLE}, "s/a.yaml"),
        ("s", {"s/a.json": '{"name": "Ann"}'}, "s/*.json"),
        ("s", {"s/w/a.yml": SAMPLE}, "s/**/*.yml"),
    ],
)
def test_the_pattern_that_is_named_works(
    repository: Repository, pattern: str, files: Files, mend: str
) -> None:
    said = told(repository, pattern, files)
    assert f"{CONFIGURATION}:7 (workflows.w.samples)" in said
    named = re.search(r"[`'](s/[^`']+)[`'](?::|$|\s)", said.partition("; ")[2])
    assert named
    assert named[1] == mend
    repository.commit({CONFIGURATION: SETTINGS.replace("§", f'"{mend}"')})
    assert review(repository).code == 0


def test_a_folder_without_samples_is_told_what_it_lacks(repository: Repository) -> None:
    said = told(repository, "s", {"s/.gitkeep": ""})
    assert "put samples into it, as s/typical.yaml, and name them: `s/*.yaml`" in said


def test_other_files_are_no_samples(repository: Repository) -> None:
    said = told(repository, "s/*.yaml", {"s/a.md": "x"})
    assert "add the samples: YAML or JSON files; there is s/a.md" in said


@pytest.mark.parametrize(
    ("rules", "line"),
    [
        ("s/\n", ".gitignore:1 (`s/`)"),
        ("# data\n\n/s\n", ".gitignore:3 (`/s`)"),
        ("*.yaml\n", ".gitignore:1 (`*.yaml`)"),
        ("**/s/*\n", ".gitignore:1 (`**/s/*`)"),
    ],
)
def test_samples_that_are_ignored_are_told_with_the_rule(
    repository: Repository, rules: str, line: str
) -> None:
    said = told(repository, "s/*.yaml", {".gitignore": rules})
    assert f"no file matches 's/*.yaml': {line} keeps git from adding one" in said
    assert "take that line out, or `git add --force` the files, and commit them" in said


@pytest.mark.parametrize(
    "rules", ["t/\n", "s/\n!s/\n", "*.json\n", "# s/\n", "s/*.yaml/\n", "[s]\n"]
)
def test_other_rules_are_not_blamed(repository: Repository, rules: str) -> None:
    assert ".gitignore" not in told(repository, "s/*.yaml", {".gitignore": rules})


def test_tools_that_are_ignored_are_told_too(repository: Repository) -> None:
    text = SETTINGS.replace("samples: §", "tools: t/tools.json")
    repository.commit({**PROMPT, "README.md": "x"})
    repository.branch("work")
    repository.commit({CONFIGURATION: text, "t/.gitignore": "*.json\n"})
    said = review(repository).errors
    assert "t/.gitignore:1 (`*.json`) keeps git from adding it" in said
