"""Reading the files that may send a prompt through altered ones, within bounds."""

from collections.abc import Callable, Sequence

from reviewbot.allowance import Allowance, used_up
from reviewbot.errors import Problem
from reviewbot.prompt_formats._common.sent_form import Functions, SentForms
from reviewbot.scope.sent_otherwise.altered_files import Linked

_MOST_CHARACTERS = 500_000
_MOST_IN_ALL = 2_000_000
_MOST_LINKED = 200
"""Files that are looked at, and parsed; what is beyond is of a change that a tool makes."""

_TOO_MANY = Problem(
    what=f"at most {_MOST_LINKED} files that name such a prompt and {_MOST_IN_ALL:,} characters "
    "are read for it",
    mend="split the change, or approve it if it is meant",
)
_TOO_LARGE = Problem(
    what=f"it has more than {_MOST_CHARACTERS:,} characters",
    mend="split it, or approve the change if it is meant",
)

Read = Callable[[str, str, Sequence[str], Functions], SentForms | None]
"""Gives what a file at a path sends of certain names, and of what certain functions are given."""


class UnseenError(Exception):
    """A file at a `path` cannot be read, or is beyond the bounds: then that is the `problem`."""

    def __init__(self, problem: Problem | None, path: str = "") -> None:
        self.problem = problem
        self.path = path
        super().__init__()


class BoundedReading:
    """Reads files until what is read at most is used up.

    Raises:
        UnseenError: One is beyond that, too large, or cannot be read.
    """

    def __init__(self, read: Read, allowance: Allowance) -> None:
        self._read = read
        self._allowance = allowance
        self._left = _MOST_IN_ALL
        self._left_linked = _MOST_LINKED
        self._known: dict[tuple[str, str, tuple[str, ...], str], SentForms] = {}

    @property
    def is_used_up(self) -> bool:
        """Whether the review has no time left for it."""
        return self._allowance.is_used_up

    def linked(self, one: Linked) -> SentForms:
        """What a file sends that names prompts."""
        self._left_linked -= 1
        if self._left_linked < 0:
            raise UnseenError(_TOO_MANY)
        return self(one.path, one.text, one.names, ())

    def __call__(
        self, path: str, text: str, names: Sequence[str], functions: Functions
    ) -> SentForms:
        """What a file sends; the same file, asked the same, is read once."""
        key = path, text, tuple(names), repr(functions)
        if key in self._known:
            return self._known[key]
        if self._allowance.is_used_up:
            raise UnseenError(used_up())
        if len(text) > _MOST_CHARACTERS:
            raise UnseenError(_TOO_LARGE, path)
        self._left -= len(text)
        if self._left < 0:
            raise UnseenError(_TOO_MANY)
        found = self._read(path, text, names, functions)
        if found is None:
            raise UnseenError(None, path)
        self._known[key] = found
        return found
