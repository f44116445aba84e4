"""Where two texts differ, told as one edit from the first line to the last."""

import random

import pytest

from reviewbot.repository.hunks import find_edit, find_hunks, split_lines

LINES = ("a\n", "b\n", "aa\n", "\n", "ab")
_LONG = "x\n" * 60_000


@pytest.mark.parametrize("seed", range(40))
def test_an_edit_has_all_that_differs_and_nothing_around(seed: int) -> None:
    chance = random.Random(seed)
    before, after = ("".join(chance.choices(LINES, k=chance.randrange(9))) for _ in range(2))
    edit = find_edit("p", before, after)
    if edit is None:
        assert before == after
        return
    old, new = split_lines(before), split_lines(after)
    last = edit.start + len(edit.before)
    assert tuple(old[edit.start : last]) == edit.before
    assert [*new[: edit.start], *edit.before, *new[edit.end :]] == old
    come = new[edit.start : edit.end]
    assert come[:1] != list(edit.before[:1])
    assert come[-1:] != list(edit.before[-1:])


@pytest.mark.parametrize("around", ["", _LONG])
def test_each_file_is_told_its_own_path(around: str) -> None:
    before, after = f"{around}old\nsame\nold\n", f"{around}new\nsame\nnew\n"
    first, other = (find_hunks(path, before, after) for path in ("one.py", "other.py"))
    assert [hunk.path for hunk in (*first, *other)] == ["one.py"] * 2 + ["other.py"] * 2
