"""Where the lines of a prompt stand that source code composes: in the code it is made of, no other.

Several functions of a file may hold the same line. A prompt's own are those of the function or
constant that it is read from, and of others that hold a line which stands nowhere else.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from reviewbot.errors import MeasurementError

_MOST_CANDIDATES = 50
"""Lines of one file that are looked at where a text stands many times."""

_LEAST_TELLING = 8
"""Characters of a text that tells its function, since it stands nowhere else."""

_MOST_CHARACTERS = 200
"""Of a line, in which a definition begins."""

_BEGINS = re.compile(
    r"(?P<blank>[ \t]{0,40})"
    r"(?:(?:export|default|async|public|private|protected|static|abstract) ){0,6}"
    r"(?:def|class|function)\b"
    r"|(?:export )?(?:(?:const|let|var) )?[A-Za-z_$][\w$]{0,80} ?(?::[^=]{0,80})?=(?![=>])"
)
"""The first line of a function or class at any depth, or of a constant that stands by itself."""

Where = tuple[str, int | None]
_At = tuple[int, int]
"""The number of a file, and a line of it."""


class SourceFile:
    """A file of source code; `line` is where the message stands, if it does in this one."""

    def __init__(self, path: str, line: int | None, read: Callable[[str], str]) -> None:
        self.path = path
        self._text = ""
        with suppress(MeasurementError):
            self._text = read(path)
        self._lines = self._text.split("\n")
        self._starts = [0]
        for text in self._lines:
            self._starts.append(self._starts[-1] + len(text) + 1)
        self._begins = list(self._definitions())
        self.own = range(0) if line is None else self._around(line)

    def is_blank(self, line: int) -> bool:
        """Whether there is such a line, and nothing in it."""
        return line <= len(self._lines) and not self._lines[line - 1].strip()

    def lines_with(self, needle: str) -> list[int]:
        """The lines that hold `needle`, as it is or else with quotes of one kind escaped."""
        written = [needle, *(needle.replace(it, f"\\{it}") for it in "\"`'" if it in needle)]
        return next(filter(None, map(self._holding, written)), [])

    def part(self, line: int) -> range:
        """The lines from the definition above a line to the next one."""
        number = bisect_right(self._begins, (line, _MOST_CHARACTERS))
        first = self._begins[number - 1][0] if number else 1
        last = self._begins[number][0] if number < len(self._begins) else len(self._lines) + 1
        return range(first, last)

    def _holding(self, needle: str) -> list[int]:
        found: list[int] = []
        position = self._text.find(needle)
        while position >= 0 and len(found) < _MOST_CANDIDATES:
            line = bisect_right(self._starts, position)
            found.append(line)
            position = self._text.find(needle, self._starts[line])
        return found

    def _definitions(self) -> Iterator[tuple[int, int]]:
        """The line of each definition, and how deep it stands."""
        for number, text in enumerate(self._lines, start=1):
            found = _BEGINS.match(text[:_MOST_CHARACTERS])
            if found is not None:
                yield number, len(found["blank"] or "")

    def _around(self, line: int) -> range:
        """The lines of the outermost function that holds a statement, or of its own definition."""
        text = self._lines[line - 1] if line <= len(self._lines) else ""
        depth = len(text) - len(text.lstrip())
        part = self.part(line)
        first, last = part.start, part.stop
        for number, blanks in reversed(self._begins):
            if number <= line and (blanks < depth or number == line):
                first, depth = number, blanks
                last = next((n for n, b in self._begins if n > line and b <= depth), last)
                break
        return range(first, max(last, line + 1))


def source_places(files: Sequence[SourceFile], needles: Sequence[str]) -> list[Where]:
    """The file and line of each text, in the order in which they are sent; None where unknown.

    An empty text is a blank line, which stands behind the one before it.
    """
    found = [_candidates(files, needle) for needle in needles]
    parts = [(number, file.own) for number, file in enumerate(files) if file.own]
    parts += [
        (items[0][0], files[items[0][0]].part(items[0][1]))
        for needle, items in zip(needles, found, strict=True)
        if len(items) == 1 and len(needle) >= _LEAST_TELLING
    ]
    taken: set[tuple[str, _At]] = set()
    last: _At | None = None
    places: list[Where] = []
    for needle, items in zip(needles, found, strict=True):
        at = _next(files, last) if not needle else _chosen(needle, items, parts, last, taken)
        if at is None:
            path = files[items[0][0]].path if len({n for n, _ in items}) == 1 else files[0].path
            places.append((path, None))
            continue
        taken.add((needle, at))
        last = at
        places.append((files[at[0]].path, at[1]))
    return places


def _candidates(files: Sequence[SourceFile], needle: str) -> list[_At]:
    if not needle:
        return []
    return [(number, line) for number, file in enumerate(files) for line in file.lines_with(needle)]


def _next(files: Sequence[SourceFile], last: _At | None) -> _At | None:
    """The line behind the last one, if it is blank; that of the message where there is none."""
    if last is None:
        return None
    number, line = last
    return (number, line + 1) if files[number].is_blank(line + 1) else None


def _chosen(
    needle: str,
    items: Sequence[_At],
    parts: Sequence[tuple[int, range]],
    last: _At | None,
    taken: set[tuple[str, _At]],
) -> _At | None:
    """One of the lines that hold a text; None where those of another function may be meant."""
    own = [item for item in items if item[0] == parts[0][0] and item[1] in parts[0][1]]
    inside = own or [
        (file, line) for file, line in items if any(file == n and line in part for n, part in parts)
    ]
    pool = [item for item in inside or items if (needle, item) not in taken] or inside or items
    if last is not None:
        following = [item for item in pool if item in ((last[0], last[1] + 1), last)]
        if following:
            return following[-1]
        behind = [item for item in pool if item[0] == last[0] and item[1] > last[1]]
        pool = behind or pool if inside else pool
    return pool[0] if inside or len(pool) == 1 else None
