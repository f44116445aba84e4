"""What a fault inside a template engine means to the author of the template."""

from reviewbot.prompt import TemplateError

_MEND = "correct the template, or the value that the sample gives"


class MissingFileError(TemplateError):
    """A file that a template includes by `name`, and that is not there."""

    def __init__(
        self, what: str, mend: str, *, name: str, line: int | None = None, path: str | None = None
    ) -> None:
        self.name = name
        super().__init__(what, mend, line=line, path=path)


def described(error: Exception) -> tuple[str, str]:
    """What is wrong, and the mend, for errors that are no engine's own."""
    match error:
        case MemoryError():
            return "rendering takes more memory than it may", "simplify the template"
        case RecursionError():
            return "the template calls or includes itself too deep", "end the recursion"
        case _:
            message = str(error.args[0]) if error.args else type(error).__name__
            return f"{type(error).__name__}: {message.rstrip('.')}", _MEND


def missing_history(name: str, line: int | None) -> TemplateError:
    """Earlier messages that no sample gives, be they optional or not.

    How many production sends is not known, and none is a guess that makes the call look cheap.
    """
    mend = f"give the sample its earlier messages, or `{name}: []` for none"
    return TemplateError(f"{name!r} is undefined", mend, line=line)
