"""Altered files, and the files that have to do with them."""

from collections.abc import Mapping

from msgspec import Struct

from reviewbot.errors import Problem
from reviewbot.prompts.module_words import module_of


class Altered(Struct, frozen=True, kw_only=True):
    """A changed source file: its text `after`, and the one `before`, when it was `old`.

    Of a new or a deleted one there is but one text, of one that cannot be read a `problem`, and
    none. What `is_data` is no source file, and may be loaded by one.
    """

    path: str
    after: str
    old: str
    before: str
    problem: Problem | None = None
    is_data: bool = False

    @property
    def module(self) -> str:
        """What it is imported by."""
        return module_of(self.path)

    @property
    def is_gone(self) -> bool:
        """Whether it is deleted."""
        return not self.after and self.problem is None


class Linked(Struct, frozen=True, kw_only=True):
    """A file that names a prompt, and by path the altered files that it has to do with.

    `said` are those that it names, `users` those that name it, `names` those of the prompts in it.
    `before` is what a changed one held. Files `between` it and altered ones say what it sends
    beside a prompt, and have no names of prompts.
    `is_sure` says that these can hardly be those of anything else.
    """

    path: str
    text: str
    names: tuple[str, ...]
    said: Mapping[str, Altered]
    users: Mapping[str, Altered]
    is_sure: bool
    before: str = ""
    between: tuple["Linked", ...] = ()
