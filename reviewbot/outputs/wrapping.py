"""Lines in the width of the terminal."""

import re
import shutil
import textwrap
from collections.abc import Iterable, Iterator, Sequence

_NO_BREAK = "\N{NO-BREAK SPACE}"
"""It stands in no text that is shown: `wording.plain` makes it a visible escape."""


def wrapped(lines: Iterable[str], columns: int | None = None) -> Iterator[str]:
    """The lines in that width, None for the terminal's.

    Those that go on stand two columns further in. No word that fits and nothing between backticks
    is broken, so that paths and commands can be copied; longer paths go on behind a mark.
    """
    columns = columns or shutil.get_terminal_size().columns
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip(" ")))
        whole = unbroken(line.strip())
        for part in textwrap.wrap(
            in_pieces(whole, columns - len(indent) - 2),
            width=columns,
            initial_indent=indent,
            subsequent_indent=f"{indent}  ",
            break_long_words=False,
            break_on_hyphens=False,
        ):
            yield without_marks(part)


def unbroken(text: str, most: int | None = None) -> str:
    """The text with what stands between backticks unbreakable, up to so many characters of it.

    A line of it is shown by `without_marks`.
    """

    def joined(found: re.Match[str]) -> str:
        is_short = most is None or len(found[0]) <= most
        return found[0].replace(" ", _NO_BREAK) if is_short else found[0]

    return re.sub("`[^`]*`", joined, text)


def short_names(names: Iterable[str]) -> list[str]:
    """Names of variables, which may be whole expressions of code, short and all different."""
    shown: list[str] = []
    for name in names:
        text = name.replace("`", "'")
        short = text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"
        count = sum(other == short or other.startswith(f"{short} (") for other in shown)
        shown.append(f"{short} ({count + 1})" if count else short)
    return shown


_LONGEST_NAME = 40


def column_of(cells: Sequence[str], title: str, room: int) -> list[str]:
    """The cells of a column in as many lines as they need in `room` columns.

    The column is as wide as its title, and as its narrowest, at least.
    """
    width = max(room, len(title), _NARROWEST)
    return ["\n".join(in_lines(cell, width)) for cell in cells]


def in_lines(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` characters, each as long as it may be.

    They end at blanks, and in names and paths where these have a mark; a line's number stays behind
    its file's name. Where there is no mark, the name breaks anywhere.
    """
    lines = [""]
    for word in text.split(" "):
        left = f" {word}" if lines[-1] else word
        if len(lines[-1] + left) <= width:
            lines[-1] += left
            continue
        left = word
        lines += [""] if lines[-1] else []
        while len(left) > width:
            cut = max(_after_last(left, mark, width) for mark in _NAME_MARKS)
            cut = cut or _after_last(left, ".", width) or width
            lines[-1] = left[:cut]
            lines.append("")
            left = left[cut:]
        lines[-1] = left
    return lines


_NARROWEST = 12
_NAME_MARKS = "-/_#"
"""Where a name may go on in the next line: before a `#`, behind the others; else before a point."""


def _after_last(text: str, mark: str, width: int) -> int:
    """Where to cut at the last such mark; 0 where there is none."""
    is_before = mark in "#."
    found = text.rfind(mark, 1, width + is_before)
    return found + (not is_before) if found > 0 else 0


def in_pieces(text: str, width: int) -> str:
    """The text with a mark where a path that is too long for a line may go on in the next one.

    A line of it is shown by `without_marks`.
    """
    return " ".join(f" {_GOES_ON}".join(pieces([word], width)) for word in text.split(" "))


def without_marks(line: str) -> str:
    """A line as it is shown: what has room beside its beginning stands there after all."""
    return _IN_ONE_LINE.sub("", line).replace(_GOES_ON, "").replace(_NO_BREAK, " ")


_GOES_ON = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""It stands in no text that is shown either."""
_IN_ONE_LINE = re.compile("(?<=\\S) \N{ZERO WIDTH NO-BREAK SPACE}")


def pieces(words: Iterable[str], width: int) -> Iterator[str]:
    """The words; of paths that are too long pieces that begin with a mark, or end with a `/`."""
    for word in words:
        left = word
        while len(left) > width and "/" in word and _NO_BREAK not in word:
            cut = next((at for mark in _MARKS if (at := _last(left, mark, width)) > 0), 0)
            if not cut:
                break
            yield left[:cut]
            left = left[cut:]
        yield left


_MARKS = "#/."
"""Where a path with a selector may go on in the next line, the best first."""


def _last(text: str, mark: str, width: int) -> int:
    """Where to cut, so that at most `width` characters stand before; 0 where there is no place."""
    found = text.rfind(mark, 1, width)
    return found + (mark == "/") if found > 0 else 0
