"""What goes wrong, said in one form everywhere: what, where, and the mend."""

from collections.abc import Iterable

from msgspec import Struct


class Place(Struct, frozen=True, kw_only=True):
    """Where a problem is.

    `line` counts from 1. `key` is a path into the file such as `workflows.triage.model`.
    """

    file: str
    line: int | None = None
    key: str | None = None

    def __str__(self) -> str:
        line = f":{self.line}" if self.line is not None else ""
        key = f" ({self.key})" if self.key else ""
        return f"{self.file}{line}{key}"


class Problem(Struct, frozen=True, kw_only=True):
    """One thing that is wrong: `what` it is, its `place`, and the `mend` a person can apply."""

    what: str
    mend: str
    place: Place | None = None

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        return f"{place}{self.what}; {self.mend}"


class ReviewbotError(Exception):
    """Base of every error that is reported to a person; carries all problems found, in order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(ReviewbotError):
    """The command line asks for something that cannot be done."""


class ConfigurationError(ReviewbotError):
    """The configuration file, or what it refers to, is wrong."""


class MeasurementError(ReviewbotError):
    """Something could not be rendered, counted or priced."""


class NoSuchPromptError(MeasurementError):
    """A file holds nothing at the path of names or keys that is selected."""


class NotInstalledError(MeasurementError):
    """A package that counts is not installed on this machine, whatever is counted."""


class UnknownModelError(MeasurementError):
    """A model's name is not known, or has no price; `reference` is the name as it was written."""

    def __init__(self, problems: Iterable[Problem], *, reference: str) -> None:
        self.reference = reference
        super().__init__(problems)


class BrokenLimitError(ReviewbotError):
    """Something failed after a hard limit was found to be broken, which decides the exit code."""


class RevisionError(ReviewbotError):
    """Git cannot give the two revisions to compare."""
