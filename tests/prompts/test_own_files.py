"""Which files are the project's own, and which are made from them."""

import pytest

from reviewbot.prompts.own_files import OwnFiles


@pytest.mark.parametrize(
    ("paths", "own"),
    [
        (["dist/a.js", "package.json"], ["dist/a.js", "package.json"]),
        (["dist/a.js", "agents.js", "agents.cjs"], ["dist/a.js", "agents.js", "agents.cjs"]),
        (["dist/a.js", "src/a.ts"], ["src/a.ts"]),
        (["dist/a.js", "lib/a.js"], ["lib/a.js"]),
        (["build/lib/a.py", "a.py"], ["a.py"]),
        (["one/dist/a.js", "two/src/a.ts"], ["one/dist/a.js", "two/src/a.ts"]),
        (["dist/a.js", "vite.config.ts"], ["dist/a.js", "vite.config.ts"]),
        (["pkg/_vendor/lm/a.py", "pkg/a.py"], ["pkg/a.py"]),
        (["dist/node_modules/a.js", "dist/a.d.ts", "dist/a.test.js"], []),
    ],
)
def test_made_files_count_where_there_is_no_other_source(paths: list[str], own: list[str]) -> None:
    files = OwnFiles(paths)
    assert [path for path in paths if files.has(path)] == own
