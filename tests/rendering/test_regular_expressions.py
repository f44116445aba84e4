"""No regular expression of the package takes more time than its text is long."""

import json
import re
import subprocess
import sys
from typing import Any

from tests.support.places import ROOT
from tests.support.regular_expressions import COMPUTED, computed, expressions, literal, modules
from tests.support.repetitions import part


def slow(*given: tuple[str, int, str]) -> list[Any]:
    """The expressions that are too slow, measured in a process that can be stopped."""
    arguments = [json.dumps(given)] if given else []
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.regular_expressions", *arguments],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_expression_takes_time_in_proportion_to_its_text() -> None:
    assert slow() == []


def test_an_expression_that_backtracks_is_found_out() -> None:
    bad = [
        (r"(a+)+b", 0, "fullmatch"),
        (r".*a.*b.*c", 0, "match"),
        (r"\s+$", 0, "search"),
        (r"\{\{.*?\}\}", int(re.DOTALL), "sub"),
        (r"(?<=x)\d*;|\[[^\]]*\]", 0, "finditer"),
    ]
    given = part(bad)
    assert [pattern for pattern, *_ in slow(*given)] == [pattern for pattern, *_ in given]


def test_expressions_are_found_wherever_they_stand() -> None:
    found = expressions()
    patterns = {str(item.pattern) for item in found}
    assert len(patterns) >= 50
    assert r"[\w./-]+" in patterns, "a literal in a function"
    assert any("0x[0-9a-fA-F]" in item for item in patterns), "a module's own"
    assert "gemini-.+" in patterns, "a caching rule's names"
    assert any("ignore|with|without" in item for item in patterns), "a computed one"
    methods = {item.method for item in found if "<(example" in str(item.pattern)}
    assert methods == {"match"}, "it is measured as it is used"
    assert {item.module for item in literal("reviewbot.outputs.markdown.inert")} != set()


def test_an_expression_that_is_computed_is_known_here() -> None:
    unknown = {name for module in modules() for name in computed(module)} - set(COMPUTED)
    assert unknown == set(), "say in `COMPUTED` what it may look like"
