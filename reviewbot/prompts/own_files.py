"""Which files of a repository are the project's own, and no test's, by their paths."""

import re

_OTHERS = {
    *("node_modules", "bower_components", "vendor", "vendored", "third_party", "third-party"),
    *("site-packages", "venv", ".venv", "env", ".tox", ".nox", ".git", ".eggs"),
}
"""Folders of other people's files."""

_MADE = {
    *("dist", "build", "target", "out", ".next", "coverage", ".mypy_cache", ".ruff_cache"),
    "__pycache__",
}
"""Folders of files that are made from others."""

_TESTS = {
    *("test", "tests", "__tests__", "testing", "spec", "specs", "e2e", "testdata", "test_data"),
    *("fixtures", "__fixtures__", "snapshots", "__snapshots__", "cassettes", "mocks"),
}

_TEST_BEGINNINGS = ("test_", "conftest.")
_TEST_NAME = re.compile(
    r"[._]test\.|[._](?:spec|stories)\.[cm]?[a-z]{1,20}\Z|\.d\.[cm]?ts\Z|\.min\.[cm]?js\Z"
)
"""What names of tests hold, and of files that are made from others."""


def is_ours(path: str) -> bool:
    """Whether a file is one of the project's own, and no test's."""
    return why_not_ours(path) is None


def why_not_ours(path: str) -> tuple[str, str] | None:
    """The folder, or the kind of name, that shows a file to be no part of the program, and why."""
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


_REASONS = (
    (_OTHERS, "other projects' files"),
    (_MADE, "made from other files"),
    (_TESTS, "tests and their data"),
)
