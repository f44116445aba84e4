"""Which placeholders of texts in source code other code replaces, told for one tree after another."""

from collections.abc import Iterable, Mapping

import pytest

from reviewbot.errors import Problem
from reviewbot.prompts.filled_places import filled_places
from reviewbot.repository.edited_trees import AddedFile
from reviewbot.repository.trees import Entry, Tree

CONFIGURATION = "reviewbot.yaml"
PROMPT = "Answer about <topic> in one sentence."
FILES = {"prompts.py": f'ANSWER = "{PROMPT}"', "uses.py": 'said = ANSWER.replace("<topic>", topic)'}


class Files:
    """A tree of some files, which counts how often each was read."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files
        self.reads: list[str] = []

    @property
    def paths(self) -> list[str]:
        return sorted(self._files)

    @property
    def is_staged(self) -> bool:
        return False

    @property
    def uncommitted(self) -> frozenset[str]:
        return frozenset()

    def entry(self, path: str) -> Entry | None:
        return Entry(mode="100644", object_id=path) if path in self._files else None

    def obstacle(self, _: str) -> str | None:
        return None

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes | Problem]:
        wanted = list(paths)
        self.reads += wanted
        return {path: self._files[path].encode() for path in wanted}


def test_source_is_looked_through_once_for_all_configurations() -> None:
    tree = Files(FILES)
    configured = [AddedFile(tree, CONFIGURATION, f"version: {number}") for number in range(3)]
    trees: list[Tree] = [tree, *configured, AddedFile(configured[0], CONFIGURATION, None)]
    for each in trees:
        assert filled_places(each).of("prompts.py", "ANSWER", PROMPT) == {"<topic>": "uses.py"}
    assert sorted(tree.reads) == ["prompts.py", "uses.py"]


@pytest.mark.parametrize("path", ["uses.py", "more.ts"])
def test_added_source_counts(path: str) -> None:
    tree = Files({"prompts.py": FILES["prompts.py"]})
    assert filled_places(tree).of("prompts.py", "ANSWER", PROMPT) == {}
    added = AddedFile(AddedFile(tree, path, FILES["uses.py"]), CONFIGURATION, "version: 1")
    assert filled_places(added).of("prompts.py", "ANSWER", PROMPT) == {"<topic>": path}
