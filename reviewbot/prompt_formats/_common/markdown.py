"""What of a Markdown text is code, and what is a comment, found in linear time.

Markdown libraries (markdown-it-py, mistune) tell the lines of blocks, but not where in a line a
code span or a comment stands.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

_FENCE = re.compile(r"([ \t]*)(`{3,}|~{3,})(.*)", re.DOTALL)
_LIST_ITEM = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]")
_CODE_BLANKS = 4
_TICKS = re.compile(r"`+")
_COMMENT = re.compile(r" {0,3}<!--")

Region = tuple[int, int]


class Regions:
    """Parts of a text that do not overlap, in order."""

    def __init__(self, regions: list[Region]) -> None:
        self._starts = [start for start, _ in regions]
        self._ends = [end for _, end in regions]

    def __contains__(self, position: int) -> bool:
        """Whether one of them covers `position`."""
        found = bisect_right(self._starts, position) - 1
        return found >= 0 and position < self._ends[found]


def code(text: str) -> Regions:
    """The fenced code blocks and the code spans of `text`."""
    return Regions(list(_code(text)))


def between_backticks(text: str) -> Regions:
    """What stands between as many backticks, which is what Gemini CLI takes for code.

    Found is what an expression would: a run of backticks, as little as possible, the same run. As
    many of a run open as somewhere close, and a run may close itself.
    """
    runs = [found.span() for found in _TICKS.finditer(text)]
    longest_behind = [0] * (len(runs) + 1)
    for number in range(len(runs) - 1, -1, -1):
        start, end = runs[number]
        longest_behind[number] = max(longest_behind[number + 1], end - start)
    regions: list[Region] = []
    number, position = 0, 0
    while number < len(runs):
        end = runs[number][1]
        start = max(runs[number][0], position)
        left = end - start
        ticks = max(min(left, longest_behind[number + 1]), left // 2)
        if ticks == 0:
            number += 1
            continue
        if ticks <= left // 2:
            position = start + 2 * ticks
        else:
            number += 1
            while runs[number][1] - runs[number][0] < ticks:
                number += 1
            position = runs[number][0] + ticks
        regions.append((start, position))
    return Regions(regions)


def without_comments(text: str) -> str:
    """`text` without the HTML comments that begin a line outside of fenced code.

    What remains of their lines is kept unless it is blank.
    """
    kept: list[str] = []
    fences = Regions(list(_fences(text)))
    position = 0
    while position < len(text):
        end = _line_end(text, position)
        if _COMMENT.match(text, position, end) and position not in fences:
            closing = text.find("-->", position)
            if closing < 0:
                kept.append(text[position:])
                break
            end = _line_end(text, closing)
            rest = _uncommented(text[position:end])
            kept.append(rest if rest.strip() else "")
        else:
            kept.append(text[position:end])
        position = end
    return "".join(kept)


def _uncommented(block: str) -> str:
    kept, position = [], 0
    while (start := block.find("<!--", position)) >= 0:
        end = block.find("-->", start)
        if end < 0:
            break
        kept.append(block[position:start])
        position = end + len("-->")
    return "".join([*kept, block[position:]])


def _line_end(text: str, position: int) -> int:
    """Where the line ends that `position` is in, its line break included."""
    found = text.find("\n", position)
    return len(text) if found < 0 else found + 1


def _lines(text: str) -> Iterator[Region]:
    position = 0
    while position < len(text):
        end = _line_end(text, position)
        yield position, end
        position = end


def _fences(text: str) -> Iterator[Region]:
    """Fenced code blocks, with their fences; one that does not end reaches to the end.

    One in a list ends with it: at a line that is indented less (CommonMark 0.31, section 5.2).
    Behind four blanks only a list makes a fence of it.
    """
    opened: tuple[int, str, int] | None = None
    in_list = False
    for start, end in _lines(text):
        blanks = _indentation(text, start, end)
        if opened is not None and blanks is not None and blanks < opened[2]:
            yield opened[0], start
            opened = None
        if opened is None and blanks is not None:
            in_list = _LIST_ITEM.match(text, start, end) is not None or (in_list and blanks > 0)
        found = _FENCE.match(text, start, end)
        if found is None:
            continue
        mark, behind = found[2], found[3].strip()
        if opened is None:
            is_fence = in_list or (blanks or 0) < _CODE_BLANKS
            if is_fence and (mark[0] == "~" or "`" not in behind):
                opened = start, mark, (blanks or 0) if in_list else 0
        elif mark[0] == opened[1][0] and len(mark) >= len(opened[1]) and not behind:
            yield opened[0], end
            opened = None
    if opened is not None:
        yield opened[0], len(text)


def _indentation(text: str, start: int, end: int) -> int | None:
    """How far a line is indented, a tab as four blanks; None where it is blank."""
    line = text[start:end]
    rest = line.lstrip(" \t")
    return len(line[: len(line) - len(rest)].expandtabs(4)) if rest.strip() else None


def _code(text: str) -> Iterator[Region]:
    begun = 0
    for start, end in _fences(text):
        yield from _spans(text, begun, start)
        yield start, end
        begun = end
    yield from _spans(text, begun, len(text))


def _spans(text: str, begin: int, end: int) -> Iterator[Region]:
    """Code spans: between two runs of as many backticks, within one paragraph."""
    paragraph = begin
    for start, stop in _lines(text[begin:end]):
        if not text[begin + start : begin + stop].strip():
            yield from _spans_of_paragraph(text, paragraph, begin + start)
            paragraph = begin + stop
    yield from _spans_of_paragraph(text, paragraph, end)


def _spans_of_paragraph(text: str, begin: int, end: int) -> Iterator[Region]:
    runs = [found.span() for found in _TICKS.finditer(text, begin, end)]
    by_length: dict[int, list[int]] = {}
    for number, (start, stop) in enumerate(runs):
        by_length.setdefault(stop - start, []).append(number)
    number = 0
    while number < len(runs):
        stop = runs[number][1]
        start = _opening(text, *runs[number])
        alike = by_length.get(stop - start, [])
        following = bisect_right(alike, number)
        if following < len(alike):
            number = alike[following]
            yield start, runs[number][1]
        number += 1


def _opening(text: str, start: int, stop: int) -> int:
    """Where a run of backticks begins to open code: behind the first that a backslash escapes."""
    slash = start
    while slash > 0 and text[slash - 1] == "\\":
        slash -= 1
    return min(stop, start + (start - slash) % 2)
