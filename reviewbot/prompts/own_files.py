"""Which files of a repository are the project's own, and no test's, by their paths."""

import re

_NOT_OURS = {
    *("node_modules", "bower_components", "vendor", "vendored", "third_party", "third-party"),
    *("site-packages", "venv", ".venv", "env", ".tox", ".nox", "__pycache__", ".git", ".eggs"),
    *("dist", "build", "target", "out", ".next", "coverage", ".mypy_cache", ".ruff_cache"),
}
"""Folders of other people's files, and of files that are made from others."""

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
    *folders, name = path.lower().split("/")
    is_automation = folders[:2] == [".github", "workflows"]
    is_test = name.startswith(_TEST_BEGINNINGS) or _TEST_NAME.search(name) is not None
    is_other = is_test or is_automation
    return not is_other and not (_NOT_OURS | _TESTS).intersection(folders)
