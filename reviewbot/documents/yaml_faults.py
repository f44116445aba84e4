"""What libyaml refuses in a text, and where: what the search for the slip behind it goes by."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

Slip = tuple[int, str, str]
"""The line, counted from 1, what is wrong there, and the mend."""

_LONGEST_LINE_CHARACTERS = 500


class Fault(NamedTuple):
    """A refusal of libyaml's: `line`s count from 1, `column`s from 0.

    `begun` is where the list, mapping, quote or bracket begins in which it stands; the same place
    where libyaml names none.
    """

    text: str
    lines: list[str]
    problem: str
    line: int
    column: int
    begun: int
    begun_column: int
    is_at_end: bool

    def at(self, line: int) -> str:
        """A line, cut where it is very long; empty where there is none."""
        known = 0 < line <= len(self.lines)
        return self.lines[line - 1][:_LONGEST_LINE_CHARACTERS].rstrip("\r") if known else ""

    @property
    def mark(self) -> str:
        """The character that is refused; empty at the end of a line."""
        return self.at(self.line)[self.column : self.column + 1]


def fault(text: str, error: Any, last_line: int) -> Fault:
    """The refusal in a `MarkedYAMLError`."""
    marks = [mark for mark in (error.context_mark, error.problem_mark) if mark is not None]
    begun, found = marks[0], marks[-1]
    return Fault(
        text=text,
        lines=text.split("\n"),
        problem=str(error.problem),
        line=min(found.line + 1, last_line),
        column=found.column,
        begun=begun.line + 1,
        begun_column=begun.column,
        is_at_end=found.line + 1 > last_line,
    )


def indentation(line: str) -> int:
    """How many blanks a line begins with."""
    return len(line) - len(line.lstrip(" "))


def is_blank(line: str) -> bool:
    """Whether nothing stands in a line but a comment."""
    return re.match(r"\s*(?:#|$)", line) is not None


BEGINS_WITH_KEY = re.compile(r" *(?:- +)*([\w-]{1,60}|\"[^\"]{1,60}\"|'[^']{1,60}') *:(?= |$)")
_MOST_LINES = 2_000
"""Looked at above and below a line."""


def lines_above(fault: Fault, line: int | None = None) -> Iterator[tuple[int, str]]:
    """The lines above one, the refused one by default, that hold something, the nearest first."""
    at = fault.line if line is None else line
    return _held(fault, range(at - 1, max(0, at - _MOST_LINES), -1))


def lines_below(fault: Fault, line: int | None = None) -> Iterator[tuple[int, str]]:
    """The lines below one, the refused one by default, that hold something."""
    at = fault.line if line is None else line
    return _held(fault, range(at + 1, at + _MOST_LINES))


def _held(fault: Fault, numbers: range) -> Iterator[tuple[int, str]]:
    lines = ((number, fault.at(number)) for number in numbers if number <= len(fault.lines))
    return ((number, line) for number, line in lines if not is_blank(line))


def indented(line: int, what: str, own: int, beside: str, meant: int) -> Slip:
    """That a line is indented by another number of blanks than is meant."""
    told = f"{what} is indented by {blanks(own)}, {beside} by {meant}"
    return line, told, f"indent it by {blanks(meant)}"


def blanks(number: int) -> str:
    """A number of blanks, in words."""
    return f"{number} blank{'' if number == 1 else 's'}"
