"""What lies in the work tree and is not committed: a command that reads `HEAD` passes it over."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

from reviewbot.commands._common.told import tell
from reviewbot.errors import ReviewbotError
from reviewbot.repository.git import Git
from reviewbot.repository.revisions import Head
from reviewbot.repository.uncommitted import Edits, look_for_edits, uncommitted_beside

_SHOWN_UNTRACKED = 3
_NONE = Edits(are_tracked=False, untracked=())


def uncommitted_files(git: Git, head: str | Head) -> frozenset[str]:
    """The files of the work tree that `HEAD` lacks or has otherwise; none where that is not read.

    None either where git cannot tell, as in a bare repository.
    """
    if isinstance(head, Head) or head != "HEAD":
        return frozenset()
    return uncommitted_beside(git)


def edits_beside(git: Git, head: str | Head) -> Callable[[], Edits]:
    """Begin to look for edits that a command leaves out which reads `head`; it is none of others.

    What is returned waits for the answer.
    """
    if isinstance(head, Head) or head != "HEAD":
        return lambda: _NONE
    return look_for_edits(git)


@contextmanager
def told_beside_errors(
    edits: Callable[[], Edits], errors: TextIO | None, *, done: str
) -> Iterator[None]:
    """Say also where an error ends the command that edits are left out: they may hold the mend."""
    try:
        yield
    except ReviewbotError:
        tell_edits(edits(), [], errors, done=done)
        raise


def new_prompts(found: Edits, told: Iterable[str] = ()) -> list[str]:
    """The untracked files that are prompts by their names, and that no text names in quotes."""
    if not found.untracked:
        return []
    from reviewbot.discovery.candidates import is_named_as_prompt

    said = [*told]
    return [
        path
        for path in found.untracked
        if is_named_as_prompt(path) and not any(f"'{path}'" in text for text in said)
    ]


def tell_edits(
    found: Edits, new: list[str], errors: TextIO | None, *, done: str, mend: str = "add --worktree"
) -> None:
    """Say what is left out, `new` prompts by name, and the `mend`; `done` says what is not done."""
    if new:
        from reviewbot.outputs.wording import named, plain

        names = named([plain(path) for path in new], _SHOWN_UNTRACKED)
        tell(f"reviewbot: git does not track {names}: {mend} to have it {done} too", errors)
    elif found.are_tracked:
        tell(f"reviewbot: uncommitted changes are not {done}: {mend}", errors)
