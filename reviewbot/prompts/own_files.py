"""Which files of a repository are the project's own, and no test's, by their paths."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from reviewbot.prompts.minified_files import is_minified

_OTHERS = {
    *("node_modules", "bower_components", "vendor", "vendored", "third_party", "third-party"),
    *("_vendor", "_vendored", "_vendored_packages"),
    *("site-packages", "venv", ".venv", "env", ".tox", ".nox", ".git", ".eggs"),
}
"""Folders of other people's files."""

_KEPT_BY_TOOLS = {".next", "_next", "coverage", ".mypy_cache", ".ruff_cache", "__pycache__"}
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

_WRITTEN = re.compile(r"(?<!\.config)\.(?:py|[cm]?tsx?)\Z")
_JAVASCRIPT = re.compile(r"\.[cm]?jsx?\Z")
_SOURCE_FOLDER = re.compile(r"(?:\A|/)(?:src|lib|source|sources|app)/")

_MADE_FROM_OTHERS = "made from other files"


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
        return self.why_not(path) is None

    def why_not(self, path: str) -> tuple[str, str] | None:
        """The folder, or the kind of name, that shows a file to be no part of it, and why."""
        if (found := _why_not(path)) is not None:
            return found
        made = _made(path)
        if made is None or self._is_source(made.rpartition("/")[0]):
            return None
        return f"{made}/", _MADE_FROM_OTHERS

    def is_built(self, path: str, text: str) -> bool:
        """Whether a bundler has made a file small; not where that is all that a package holds."""
        if not is_minified(path, text):
            return False
        made = _made(path)
        is_published = made is not None and posixpath.dirname(made) in self._packages
        return not (is_published and self.has(path))

    @cached_property
    def _packages(self) -> frozenset[str]:
        """The folders of packages of npm."""
        return frozenset(
            posixpath.dirname(path)
            for path in self._paths
            if posixpath.basename(path) == "package.json"
        )

    def _is_source(self, root: str) -> bool:
        if self._sources is None:
            self._sources = _made_are_sources(
                path for path in self._paths if _why_not(path) is None
            )
        return self._sources.get(root, False)


_REASONS = (
    (_OTHERS, "other projects' files"),
    (_KEPT_BY_TOOLS, _MADE_FROM_OTHERS),
    (_TESTS, "tests and their data"),
)


def _why_not(path: str) -> tuple[str, str] | None:
    *folders, name = path.lower().split("/")
    for number, folder in enumerate(folders, 1):
        for known, why in _REASONS:
            if folder in known:
                return f"{'/'.join(path.split('/')[:number])}/", why
    if folders[:2] == [".github", "workflows"]:
        return ".github/workflows/", "GitHub Actions runs them"
    if name.startswith(_TEST_BEGINNINGS) or _TEST_NAME.search(name):
        return "files named as tests or declarations", "no program sends them"
    return None


def _made(path: str) -> str | None:
    """The outermost made folder on a file's way; None where there is none."""
    folders = path.split("/")[:-1]
    for number, folder in enumerate(folders, 1):
        if folder.lower() in _MADE:
            return "/".join(folders[:number])
    return None


def _made_are_sources(paths: Iterable[str]) -> dict[str, bool]:
    """Of each folder with made ones in it: whether no source stands beside these."""
    roots: set[str] = set()
    written: list[str] = []
    for path in paths:
        made = _made(path)
        if made is not None:
            roots.add(made.rpartition("/")[0])
        elif _is_written(path.lower()):
            written.append(path)
    around = {folder for path in written for folder in _folders_around(path)}
    return {root: root not in around for root in roots}


def _is_written(path: str) -> bool:
    """Whether people write it; JavaScript beside made folders only hands on what these hold."""
    is_javascript = _JAVASCRIPT.search(path) is not None
    return bool(_WRITTEN.search(path) or (is_javascript and _SOURCE_FOLDER.search(path)))


def _folders_around(path: str) -> Iterator[str]:
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder
