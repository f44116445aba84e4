"""Changed source files that name a prompt of a workflow, and of which nothing more was seen."""

from collections.abc import Iterator

from reviewbot.allowance import Allowance, used_up
from reviewbot.errors import Problem
from reviewbot.scope.affected import Resent
from reviewbot.scope.changed_source.edited_lines import EditedLines
from reviewbot.scope.sent_otherwise.altered_files import Altered

MOST_CHARACTERS = 1_000_000
"""Of changed files that name a prompt of a workflow; what is beyond needs approval."""

_TOO_MANY = Problem(
    what=f"more than {MOST_CHARACTERS:,} characters of such files are changed",
    mend="split the change, or approve it if the prompts are sent there as before",
)


class UnreadSources:
    """Gathers the files, with why each was not read, so that each reason is told once."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._paths: dict[tuple[bool, str, str], set[str]] = {}
        self._lines: dict[str, int] = {}

    def add(
        self, path: str, problem: Problem | None, *, line: int = 1, is_through: bool = False
    ) -> None:
        """Note a file that has a problem; None of one for which there was no room.

        The `line` is told where the problem has none. `is_through` says that it names no prompt,
        and that others may send one through it.
        """
        if problem is None:
            problem = used_up() if self._allowance.is_used_up else _TOO_MANY
        if not is_through or not any(path in paths for paths in self._paths.values()):
            key = is_through, problem.what, problem.mend
            self._paths.setdefault(key, set()).add(path)
            place = problem.place
            has_line = place is not None and place.file == path and (place.line or 1) > 1
            self._lines[path] = place.line if place and place.line and has_line else line

    def add_through(self, item: Altered, problem: Problem | None, unread: str) -> None:
        """Note a changed file through which another one may send a prompt.

        What could not be read, by its path, is the file itself, or the other one.
        """
        if problem is not None and unread not in {"", item.path}:
            place = problem.place
            at = f"{unread}:{place.line}" if place is not None and place.line else unread
            ignored = f"name {unread} in the base's `coverage.ignore` if it sends no prompt"
            mend = f"{ignored}, or approve the change if it is meant"
            problem = Problem(what=f"{at} names it: {problem.what}", mend=mend)
        line = first_edited(item.path, item.before, item.after)
        self.add(item.path, problem, line=line, is_through=True)

    def told(self) -> Iterator[tuple[Resent, list[str]]]:
        """One record for each reason, and all the files that it stands for."""
        for (is_through, what, mend), paths in sorted(self._paths.items()):
            first, *others = sorted(paths)
            more = f", as in {len(others):,} more files" if others else ""
            form = f"in a way that could not be read{more}: {what}"
            yield (
                Resent(
                    path=first,
                    line=self._lines.get(first, 1),
                    name="it",
                    form=form,
                    is_through=is_through,
                    mend=mend,
                    unread="" if others else what,
                ),
                [first, *others],
            )


def first_edited(path: str, before: str, after: str) -> int:
    """The first line of a file that is new; the first of one that only loses some."""
    return next((number + 1 for number in EditedLines(path, before, after).new), 1)
