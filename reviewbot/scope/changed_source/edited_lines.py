"""The lines in which two texts differ."""

from functools import cached_property

from reviewbot.repository.hunks import find_hunks


class EditedLines:
    """The lines of a text that are not those of another one; they count from 0."""

    def __init__(self, path: str, before: str, after: str) -> None:
        self._hunks = find_hunks(path, before, after)
        self._lines = after.split("\n")

    def __bool__(self) -> bool:
        return bool(self._hunks)

    @cached_property
    def new(self) -> list[int]:
        """The numbers of the lines that are new or altered."""
        return [number for hunk in self._hunks for number in range(hunk.start, hunk.end)]

    @cached_property
    def said_anew(self) -> str:
        """These lines."""
        return "\n".join(self._lines[number] for number in self.new)

    @cached_property
    def said_before(self) -> str:
        """The lines that are gone or altered."""
        return "".join(line for hunk in self._hunks for line in hunk.before)

    @cached_property
    def gone(self) -> list[int]:
        """The numbers that the lines had before which are gone or altered."""
        found: list[int] = []
        shift = 0
        for hunk in self._hunks:
            first = hunk.start - shift
            found += range(first, first + len(hunk.before))
            shift += hunk.end - hunk.start - len(hunk.before)
        return found

    @cached_property
    def gaps(self) -> list[tuple[int, int]]:
        """The numbers of the lines above and below whatever was taken out; blank ones are none."""
        lines = self._lines
        found = []
        for hunk in self._hunks:
            if hunk.before:
                above = next((n for n in range(hunk.start - 1, -1, -1) if lines[n].strip()), 0)
                below = (n for n in range(hunk.end, len(lines)) if lines[n].strip())
                found.append((above, next(below, len(lines) - 1)))
        return found
