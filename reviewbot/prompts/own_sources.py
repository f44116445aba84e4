"""The source files of a project, without those of others and of tests."""

from collections.abc import Iterator

from reviewbot import prompt_formats
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.repository.trees import Tree

_READ_AT_ONCE = 500


def own_sources(tree: Tree) -> Iterator[tuple[str, str]]:
    """The project's source files in order, with their texts, but for minified ones."""
    own = OwnFiles(tree.paths)
    paths = [
        path for path in tree.paths if prompt_formats.of_source(path) is not None and own.has(path)
    ]
    for start in range(0, len(paths), _READ_AT_ONCE):
        for path, data in tree.read(paths[start : start + _READ_AT_ONCE]).items():
            if isinstance(data, bytes):
                text = data.decode(errors="replace")
                if not own.is_built(path, text):
                    yield path, text
