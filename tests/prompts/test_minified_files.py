"""Files that a bundler made small are known by what stands in them, and are not searched."""

import pytest

from reviewbot.discovery.findings import Findings
from reviewbot.discovery.search import find
from reviewbot.prompts.minified_files import is_minified
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.revisions import compare
from reviewbot.telemetry import SILENT
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

RULES = (
    "You sort the parcels of a large house by weight and size, and you name the shelf for each. "
)
MINIFIED = (
    f'"use strict";const sortSystemPrompt="{RULES * 2}";'
    + "".join(
        f"function a{n}(e,t){{return e.b(t.c[{n}],{{k:{n},v:!0}}),t(function(n){{e(n)}})}}"
        for n in range(60)
    )
    + "\n//# sourceMappingURL=page-2b30.js.map\n"
)
READABLE = f"export const sortSystem = `{RULES * 30}`;\n"
CASES = {
    "minified": ("page-2b30.js", MINIFIED, True),
    "one long text": ("prompts.js", READABLE, False),
    "one long text in Python": ("prompts.py", f'SYSTEM = "{RULES * 30}"\n', False),
    "minified, by another language": ("page.ts", MINIFIED, False),
    "data": ("picture.js", f'export const data = "{"aGVsbG8h" * 500}";\n', False),
    "bundled and readable": ("index.js", MINIFIED.replace(")}", ")}\n"), False),
    "short": ("layout.js", "(self.a=self.a||[]).push([[1],{2:function(e,t){}}]);", False),
}


@pytest.mark.parametrize("name", CASES)
def test_a_minified_file_is_known_by_its_content(name: str) -> None:
    path, text, is_one = CASES[name]
    assert is_minified(path, text) is is_one


def searched(repository: Repository) -> Findings:
    with (
        compare(repository.edge, base="HEAD", head="HEAD", telemetry=SILENT) as comparison,
        LimitedParser() as parser,
    ):
        return find(comparison.after_tree, parser)


def test_minified_files_are_counted_and_not_searched(repository: Repository) -> None:
    files = {f"web/compiled/page-{n}.js": MINIFIED for n in range(2)}
    repository.commit({**files, "web/app.js": READABLE, "web/_next/a.js": READABLE})
    found = searched(repository)
    assert [item.path for item in found.prompts] == ["web/app.js"]
    assert [(item.what, item.why.partition(":")[0], item.texts) for item in found.left_out] == [
        ("minified JavaScript", "2 files are not searched", 0),
        ("web/_next/", "1 file is not searched", 0),
    ]


def test_what_a_package_publishes_is_searched(repository: Repository) -> None:
    repository.commit({"package.json": "{}", "dist/index.js": MINIFIED})
    found = searched(repository)
    assert [item.path for item in found.prompts] == ["dist/index.js"]


def test_a_rebuilt_file_is_noted_and_one_that_a_workflow_names_is_measured(
    repository: Repository,
) -> None:
    flow = configuration({"w": workflow('"web/page.js#sortSystemPrompt"')})
    files = {CONFIGURATION: flow, "web/page.js": MINIFIED, "web/other.js": MINIFIED}
    more = MINIFIED.replace("You sort", "You sort and you count")
    outcome = change(repository, files, {"web/page.js": more, "web/other.js": more})
    assert outcome.report["workflows"][0]["before"] is not None
    assert any("web/other.js" in note and "minified" in note for note in outcome.report["notes"])
