"""What lies in the work tree and is not committed: a command that reads `HEAD` passes it over."""

from reviewbot.repository.git import Git
from reviewbot.repository.revisions import Head
from reviewbot.repository.uncommitted import uncommitted_beside


def uncommitted_files(git: Git, head: str | Head) -> frozenset[str]:
    """The files of the work tree that `HEAD` lacks or has otherwise; none where that is not read.

    None either where git cannot tell, as in a bare repository.
    """
    if isinstance(head, Head) or head != "HEAD":
        return frozenset()
    return uncommitted_beside(git)
