"""The second finder and the labels that bench/source_recall.py measures `init` by."""

import csv
import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).parents[2] / "bench"
LONG = (
    "You sort parcels by size and by weight, and you say why in one short sentence each time. " * 2
)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """Imports a module of the folder `bench`."""
    monkeypatch.syspath_prepend(str(BENCH))
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if (BENCH / f"{name}.py").exists():
            del sys.modules[name]


@pytest.mark.parametrize(
    ("path", "source", "names"),
    [
        (
            "a.py",
            f'A = "{LONG}"\ndef f():\n    """{LONG}"""\n    return "{LONG}!"',
            ["A", "f.return"],
        ),
        ("a.py", f'raise E("{LONG}")\nlog.info("{LONG}")\nask(text="{LONG}")', ["ask().text="]),
        ("a.py", f'A = {{"k": "{LONG[:60]}" + "{LONG[60:]}"}}', ["A.'k'"]),
        ("a.ts", f"const A = `{LONG}`;\nthrow new E('{LONG}');", ["A"]),
        ("a.js", f"class B {{ m() {{ return '{LONG}' + x; }} }}", ["B.m.return"]),
        ("a.tsx", f"const t = {{ system: `{LONG}` }};", ["t.system"]),
        ("a.py", "def f(:", []),
    ],
)
def test_the_second_finder_lists_longer_texts(
    bench: Callable[[str], Any], path: str, source: str, names: list[str]
) -> None:
    assert [text.names for text in bench("source_texts").texts(path, source)] == names


def test_labels_name_places_and_hashes_and_hold_no_text(bench: Callable[[str], Any]) -> None:
    recall = bench("source_recall")
    packages = (*recall.PACKAGES, *recall.ASIDE, *recall.FRESH, *recall.FURTHER, *recall.LATEST)
    named = {recall.label_name(package) for package in packages}
    files = sorted((BENCH / "source_labels").glob("*.csv"))
    assert {file.stem for file in files} == named
    for file in files:
        for row in csv.DictReader(file.read_text("utf-8").splitlines()):
            assert row["label"] in {"prompt", "tool", "part"}
            assert len(row["digest"]) == 12
            assert len(row["names"]) <= 120
