"""Files that git tracks and a sparse checkout leaves out, and the command that brings them."""

import re
import shlex
from collections.abc import Collection, Iterable, Iterator

from reviewbot.errors import Place, Problem

_FOLDERS_LIMIT = 4


class SparseCheckout:
    """The files of `paths` that a sparse checkout leaves out, all named by one command."""

    def __init__(self, left_out: Iterable[str], paths: Iterable[str]) -> None:
        self._files = frozenset(left_out)
        self._kept = [path for path in paths if path not in self._files]
        self._command: str | None = None

    def __contains__(self, path: str) -> bool:
        return path in self._files

    def problem(self, path: str) -> Problem:
        """That one of them is not there; the same words for each, so that they are told once."""
        more = len(self._files) - 1
        beside = f", and {more:,} more" if more else ""
        if self._command is None:
            self._command = _command(self._files, self._kept)
        return Problem(
            what=f"git tracks the file, but this sparse checkout leaves it out{beside}",
            mend=f"`{self._command}`, or review what is staged, which needs none: `--staged`",
            place=Place(file=path),
        )


def _command(files: Collection[str], kept: Iterable[str]) -> str:
    """What brings all files: the folders of which nothing is there, or else everything."""
    there = {folder for path in kept for folder in _folders(path)}
    missing = {next((it for it in _folders(path) if it not in there), "") for path in files}
    if len(missing) > _FOLDERS_LIMIT or not all(map(_is_plain, missing)):
        return "git sparse-checkout disable"
    return f"git sparse-checkout add {shlex.join(sorted(missing))}"


def _folders(path: str) -> Iterator[str]:
    """The folders that a path lies in, the outermost first."""
    end = path.find("/")
    while end >= 0:
        yield path[:end]
        end = path.find("/", end + 1)


_PLAIN = re.compile(r"[\w.][\w./ @+-]*")


def _is_plain(folder: str) -> bool:
    """Whether a folder can be typed, and is no option or pattern."""
    return _PLAIN.fullmatch(folder) is not None
