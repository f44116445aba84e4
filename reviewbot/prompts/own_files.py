"""Which files of a repository are the project's own, and no test's, by their paths."""

import re
from collections.abc import Iterable, Iterator

_NOT_OURS = {
    *("node_modules", "bower_components", "vendor", "vendored", "third_party", "third-party"),
    *("site-packages", "venv", ".venv", "env", ".tox", ".nox", "__pycache__", ".git", ".eggs"),
    *(".next", "coverage", ".mypy_cache", ".ruff_cache"),
}
"""Folders of other people's files, and of files that tools keep."""

_MADE = {"dist", "build", "target", "out"}
"""Folders of files that are made from others, where the others are there too."""

_TESTS = {
    *("test", "tests", "__tests__", "testing", "spec", "specs", "e2e", "testdata", "test_data"),
    *("fixtures", "__fixtures__", "snapshots", "__snapshots__", "cassettes", "mocks"),
}

_TEST_BEGINNINGS = ("test_", "conftest.")
_TEST_NAME = re.compile(
    r"[._]test\.|[._](?:spec|stories)\.[cm]?[a-z]{1,20}\Z|\.d\.[cm]?ts\Z|\.min\.[cm]?js\Z"
)
"""What names of tests hold, and of files that are made from others."""

_WRITTEN = re.compile(
    r"(?<!\.config)\.(?:py|[cm]?tsx?)\Z|(?:\A|/)(?:src|lib|source|sources|app)/.*\.[cm]?jsx?\Z"
)
"""Source that people write; JavaScript beside made folders only hands on what these hold."""


class OwnFiles:
    """The files of a repository, of which those are told apart that its people write.

    What stands in `dist/` is made from other files, unless the folder around it has no other
    source, as in what npm publishes.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = paths
        self._sources: dict[str, bool] | None = None

    def has(self, path: str) -> bool:
        """Whether a file is one of the project's own, and no test's."""
        if not _is_ours(path):
            return False
        root = _root_of_made(path)
        if root is None:
            return True
        if self._sources is None:
            self._sources = _made_are_sources(filter(_is_ours, self._paths))
        return self._sources.get(root, False)


def _is_ours(path: str) -> bool:
    *folders, name = path.lower().split("/")
    is_automation = folders[:2] == [".github", "workflows"]
    is_test = name.startswith(_TEST_BEGINNINGS) or _TEST_NAME.search(name) is not None
    is_other = is_test or is_automation
    return not is_other and not (_NOT_OURS | _TESTS).intersection(folders)


def _root_of_made(path: str) -> str | None:
    """The folder around the outermost made folder on a file's way; None where there is none."""
    folders = path.split("/")[:-1]
    for position, folder in enumerate(folders):
        if folder.lower() in _MADE:
            return "/".join(folders[:position])
    return None


def _made_are_sources(paths: Iterable[str]) -> dict[str, bool]:
    """Of each folder with made ones in it: whether no source stands beside these."""
    roots: set[str] = set()
    written: list[str] = []
    for path in paths:
        root = _root_of_made(path)
        if root is not None:
            roots.add(root)
        elif _WRITTEN.search(path.lower()):
            written.append(path)
    around = {folder for path in written for folder in _folders_around(path)}
    return {root: root not in around for root in roots}


def _folders_around(path: str) -> Iterator[str]:
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder
