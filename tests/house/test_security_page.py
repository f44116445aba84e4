"""The table of attacks names tests that exist, by group."""

import ast
import re

from tests.support.places import ROOT

PAGE = ROOT / "docs" / "security.md"
GROUPS = [
    "templates",
    "documents",
    "paths",
    "repository",
    "GitHub",
    "outputs",
    "usage logs",
    "approvals and policy",
]


def rows() -> list[list[str]]:
    """The cells of the table of attacks; `\\|` is a sign within a cell."""
    _, _, table = PAGE.read_text("utf-8").partition("| group | attack |")
    table = table.partition("\n\n")[0]
    lines = [line for line in table.splitlines()[2:] if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def test_every_attack_has_a_defence_and_a_test_that_exists() -> None:
    missing = []
    for row in rows():
        assert len(row) == 4, row
        assert all(row), row
        named = re.findall(r"`([^`]+)`", row[3])
        assert named, row
        assert re.sub(r"`[^`]+`|, ", "", row[3]) == "", row
        for name in named:
            file, _, function = name.partition("::")
            path = ROOT / "tests" / file
            if not function and path.is_file():  # all tests of a file
                continue
            tree = ast.parse(path.read_text("utf-8") if path.is_file() else "")
            if function not in {
                node.name for node in tree.body if isinstance(node, ast.FunctionDef)
            }:
                missing.append(name)
    assert missing == []


def test_attacks_stand_by_group() -> None:
    groups = [row[0] for row in rows()]
    assert list(dict.fromkeys(groups)) == GROUPS
    assert groups == sorted(groups, key=GROUPS.index)


def test_the_pages_lead_to_each_other() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "](docs/security.md)" in readme
    assert "](SECURITY.md)" in readme
    assert "](docs/security.md)" in (ROOT / "SECURITY.md").read_text("utf-8")
