"""The references that bench/compatibility.py holds renderings against, and the page it writes."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.support.places import BENCH

HEAD = "before <!-- compatibility: begin -->\n"
END = "<!-- compatibility: end --> after\n"
SOURCE = """
import textwrap
WHO = "you"
class Base:
    system = f"Base {WHO} {tone!r:>6}"
class Agent(Base):
    pass
def ask(task, more):
    parts = ["Do"]
    if more:
        parts.append(more)
    text = " ".join(parts) + textwrap.dedent('''
        it, {task}''').format(task=task)
    return [*earlier, {"role": "user", "content": text}, ("ai", "Yes")]
"""


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Imports a module of the folder `bench`."""
    monkeypatch.syspath_prepend(str(BENCH))
    before = set(sys.modules)
    yield import_module
    for name in set(sys.modules) - before:
        if (BENCH / f"{name}.py").exists():
            del sys.modules[name]


def test_rows_of_other_packages_are_kept(bench: Any, tmp_path: Path) -> None:
    module = bench("compatibility")
    page = tmp_path / "page.md"
    page.write_text(f"{HEAD}{END}", encoding="utf-8")
    for name, equal in (("smolagents", "1,000"), ("opik", "2"), ("smolagents", "1,003")):
        row = [f"`{name}`", "1 → 2", "jinja", "1", "0", equal, equal, "4", "4", "0", "none"]
        module.put({f"`{name}`": row}, page)
    rows = page.read_text(encoding="utf-8").removeprefix(HEAD).removesuffix(END).splitlines()
    assert rows[2:] == [
        "| `smolagents` | 1 → 2 | jinja | 1 | 0 | 1,003 | 1,003 | 4 | 4 | 0 | none |",
        "| `opik` | 1 → 2 | jinja | 1 | 0 | 2 | 2 | 4 | 4 | 0 | none |",
        "| 2 packages |  | 1 formats | 2 | 0 | 1,005 | 1,005 | 8 | 8 | 0 |  |",
    ]


@pytest.mark.parametrize(
    ("name", "variables", "expected"),
    [
        ("Agent.system", {"tone": "dry"}, [(None, "Base you  'dry'", None)]),
        (
            "ask",
            {"earlier": "Hello", "' '.join(parts)": "Do A", "task": "now"},
            [("user", "Hello", None), ("user", "Do A\nit, now", None), ("assistant", "Yes", None)],
        ),
    ],
)
def test_what_names_of_python_source_stand_for(
    bench: Any, name: str, variables: dict[str, str], expected: list[Any]
) -> None:
    assert bench("constants").evaluate(SOURCE, name, variables) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "jinja",
            (
                "{% for t in tools %}{{ t.name }}{% endfor %}{% if n > 1 %}{{ who.upper() }}{% endif %}"
                "{% for k, v in d.items() %}{{ v.x }}{% endfor %}"
            ),
            {"tools": list, "d": dict, "n": int, "who": str},
        ),
        (
            "str-format",
            "{a:.2f} {b[0]} {c[d]} {} {{e}}",
            {"0": str, "a": int, "b": list, "c": dict},
        ),
        ("agent-instructions", "$1 !`git log`", {"!git log": str, "1": str}),
        ("text", "{a}", {}),
    ],
)
def test_made_up_values_fit(
    bench: Any, language: str, text: str, expected: dict[str, type]
) -> None:
    found = bench("placeholders").variables(language, text)
    assert {name: type(value) for name, value in found.items()} == expected
