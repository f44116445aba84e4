"""A prompt that a workflow names twice is a warning at its line."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

FIRST, SECOND = "prompts/a.md", "prompts/b.py#SORT"
FILES = {FIRST: "Sort.", "prompts/b.py": 'SORT = """You sort parcels by weight."""\n'}


@pytest.mark.parametrize("name", [FIRST, SECOND])
def test_it_is_a_warning_with_its_line_and_the_mend(repository: Repository, name: str) -> None:
    listed = f"[{FIRST}, '{SECOND}',\n    '{name}']"
    settings = configuration({"w": workflow(listed)})
    outcome = change(repository, {CONFIGURATION: settings, **FILES}, {FIRST: "Sort them."})
    (finding,) = outcome.report["findings"]
    assert (outcome.code, finding["rule"], finding["verdict"]) == (0, "repeated", "warn")
    assert f"w: {name} stands here already in line 4, and is counted twice" in finding["text"]
    assert (finding["place"]["file"], finding["place"]["line"]) == (CONFIGURATION, 5)
    assert "take it out" in finding["text"]


def test_another_prompt_of_the_same_file_is_none(repository: Repository) -> None:
    listed = f"[{FIRST}, '{SECOND}', 'prompts/b.py#OTHER']"
    files = {**FILES, "prompts/b.py": FILES["prompts/b.py"] + 'OTHER = """You sort letters."""\n'}
    settings = configuration({"w": workflow(listed), "v": workflow(FIRST)})
    outcome = change(repository, {CONFIGURATION: settings, **files}, {FIRST: "Sort them."})
    assert outcome.report["findings"] == []
