"""What was left out is told with each path once, in lines that fit."""

import pytest

from reviewbot.discovery.findings import LeftOut
from reviewbot.discovery.left_out import counted, summed_up
from reviewbot.outputs.wrapping import wrapped


@pytest.mark.parametrize(
    ("what", "why", "line"),
    [
        ("a/b.py", "a/b.py:288: this is not Python", "a/b.py: line 288: this is not Python"),
        ("a/b.py#X", "a/b.py:3: too long", "a/b.py#X: line 3: too long"),
        ("a/b.md", "a/b.md: it is a link", "a/b.md: it is a link"),
        ("a/b.py", "a/b.pyx: other", "a/b.py: a/b.pyx: other"),
        ("tests/", "19 files are not searched", "tests/: 19 files are not searched"),
    ],
)
def test_a_path_is_said_once(what: str, why: str, line: str) -> None:
    assert [*summed_up([LeftOut(what=what, why=why)])] == [line]


def test_the_same_reason_in_several_files_is_one() -> None:
    found = [
        LeftOut(what=f"{name}.py", why=f"{name}.py:{len(name)}: no Python") for name in ("a", "bb")
    ]
    assert [*summed_up(found)] == ["2 × no Python", "  a.py, bb.py"]


def test_folders_that_are_not_searched_are_one_line() -> None:
    counts = {"a/": "1 file is", "b/": "5 files are", "c/": "1,200 files are", "d/": "1 file is"}
    found = [
        LeftOut(what=name, why=f"{count} not searched: tests and their data", texts=0)
        for name, count in counts.items()
    ]
    assert [*summed_up(found)] == [
        "4 folders (1,207 files) are not searched: tests and their data",
        "  a/, b/, c/ and 1 more",
    ]


def test_texts_and_folders_are_counted() -> None:
    text, folder = LeftOut(what="a", why="x"), LeftOut(what="b/", why="x", texts=0)
    assert [
        counted(items) for items in ([], [text], [text, folder], [text, text, folder, folder])
    ] == [
        "",
        "1 text",
        "1 text and 1 folder",
        "2 texts and 2 folders",
    ]


def test_lines_are_wrapped_and_long_paths_go_on_behind_a_mark(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    path = "a-long/name.py#A.b_c.d_e_f_g"
    assert [*wrapped([f"  {path}, b.py", "one two three four five", "short"])] == [
        "  a-long/name.py",
        "    #A.b_c.d_e_f_g,",
        "    b.py",
        "one two three four",
        "  five",
        "short",
    ]
