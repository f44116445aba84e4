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

_TEST_NAME = re.compile(
    r"(?:test_|conftest\.).*|.*[._](?:test|spec|stories)\.[cm]?[a-z]+|.*_test\..*|.*\.test\..*"
    r"|.*\.d\.[cm]?ts|.*\.min\.[cm]?js"
)
"""Names of tests, and of files that are made from others."""


def is_ours(path: str) -> bool:
    """Whether a file is one of the project's own, and no test's."""
    *folders, name = path.lower().split("/")
    is_automation = folders[:2] == [".github", "workflows"]
    is_other = bool(_TEST_NAME.fullmatch(name)) or is_automation
    return not is_other and not (_NOT_OURS | _TESTS).intersection(folders)
