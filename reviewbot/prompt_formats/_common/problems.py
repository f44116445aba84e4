"""What is wrong with a prompt file, said in one form."""

from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.prompt import PromptText


def wrong(what: str, mend: str, *, path: str, line: int) -> MeasurementError:
    """The error to raise about one line of a file."""
    return MeasurementError([Problem(what=what, mend=mend, place=Place(file=path, line=line))])


def refuse_role(file: PromptText) -> None:
    """Refuse a role from the configuration, for a file whose messages have their own.

    Raises:
        MeasurementError: There is one.
    """
    if file.role is not None:
        what, mend = "the messages have roles of their own", "take out `role` in the configuration"
        raise wrong(what, mend, path=file.path, line=file.line)
