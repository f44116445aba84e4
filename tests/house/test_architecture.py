"""The drawing, the tour and the sizes of files hold for the code as it is."""

import ast
import functools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.places import ROOT

DRAWING = ROOT / "docs" / "architecture.md"


def layers() -> list[set[str]]:
    """The rooms of the first contract, the uppermost layer first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (contract,) = [
        item for item in project["tool"]["importlinter"]["contracts"] if item["type"] == "layers"
    ]
    return [
        {name.strip().removeprefix("reviewbot.") for name in layer.split("|")}
        for layer in contract["layers"]
    ]


@functools.cache
def arrows() -> list[tuple[str, str]]:
    return re.findall(r"^ +(\w+) --> (\w+)$", DRAWING.read_text("utf-8"), re.MULTILINE)


@functools.cache
def nodes(file: Path) -> list[ast.AST]:
    """The imports, classes and functions of a file."""
    kept = ast.Import | ast.ImportFrom | ast.ClassDef | ast.FunctionDef
    return [item for item in ast.walk(ast.parse(file.read_bytes())) if isinstance(item, kept)]


@functools.cache
def imports(room: str) -> set[str]:
    """The rooms that a room's modules import."""
    place = ROOT / "reviewbot" / room
    files = list(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    found = set()
    for file in files:
        for node in nodes(file):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("reviewbot"):
                first = (node.module or "").split(".")[1:2]
                found |= set(first) or {name.name for name in node.names}
            elif isinstance(node, ast.Import):
                found |= {n.name.split(".")[1] for n in node.names if "reviewbot." in n.name}
    return found - {room}


def below(room: str) -> set[str]:
    """What a room reaches in the drawing."""
    reached: set[str] = set()
    waiting = [room]
    while waiting:
        at = waiting.pop()
        new = {to for source, to in arrows() if source == at} - reached
        reached |= new
        waiting += new
    return reached


def test_every_room_is_drawn() -> None:
    drawn = {room for arrow in arrows() for room in arrow}
    assert drawn == set().union(*layers()), "draw it in docs/architecture.md"


def test_no_arrow_points_up() -> None:
    level = {room: number for number, layer in enumerate(layers()) for room in layer}
    assert [(a, b) for a, b in arrows() if level[a] >= level[b]] == []


def test_each_arrow_is_an_import() -> None:
    assert [(a, b) for a, b in arrows() if b not in imports(a)] == []


@pytest.mark.parametrize("room", sorted(set().union(*layers())))
def test_each_import_is_a_way_in_the_drawing(room: str) -> None:
    rooms = set().union(*layers())
    assert (imports(room) & rooms) - below(room) == set(), "an arrow is missing"


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/architecture.md", "tests/README.md"])
def test_the_files_that_a_page_names_exist(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    named = re.findall(r"`([\w.*-]+/[\w./*-]*|[\w-]+\.(?:py|md|toml|yml|lock))`", text)
    assert named
    places = [ROOT, ROOT / "reviewbot", ROOT / "tests", ROOT / "tests" / "commands"]
    missing = [
        name
        for name in named
        if not name.startswith(("acme/", "actions/"))
        and not any(list(place.glob(name.rstrip("/"))) for place in places)
    ]
    assert missing == []


def sources(folder: str) -> Iterator[Path]:
    return (ROOT / folder).rglob("*.py")


@pytest.mark.parametrize(("folder", "limit"), [("reviewbot", 300), ("tests", 500)])
def test_no_file_is_too_long_to_be_read_at_once(folder: str, limit: int) -> None:
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for path in sources(folder)
    }
    assert {name for name, count in lines.items() if count > limit} == set(), lines


def test_no_class_hides_a_second_idea() -> None:
    long = {
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in sources("reviewbot")
        for node in nodes(path)
        if isinstance(node, ast.ClassDef) and (node.end_lineno or 0) - node.lineno >= 150
    }
    assert long == set(), "a second idea in it wants a name of its own"


def test_no_function_takes_more_than_six_parameters() -> None:
    long = set()
    for path in sources("reviewbot"):
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef):
                given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                if len([item for item in given if item.arg not in {"self", "cls"}]) > 6:
                    long.add(f"{path.relative_to(ROOT)}: {node.name}")
    assert long == set(), "give what belongs together a name"
