"""Whether a command keeps what it measures, and where."""

import argparse
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from reviewbot.errors import Problem, UsageError
from reviewbot.local_cache import NO_CACHE, Cache, FolderCache

VARIABLE = "REVIEWBOT_CACHE"
"""`0` for without, `1` for with, in CI too."""

_CI = ("CI", "GITHUB_ACTIONS")
_NO = frozenset({"", "0", "false"})


def add_cache(parser: argparse.ArgumentParser) -> None:
    """Add the option to keep what is measured, or to be without."""
    parser.add_argument(
        "--cache",
        action=argparse.BooleanOptionalAction,
        help="keep what is rendered and counted for the next time; default yes, in CI no",
    )


@contextmanager
def cache_of(chosen: argparse.Namespace, environment: Mapping[str, str]) -> Iterator[Cache]:
    """The cache that the options and the environment ask for; one that keeps nothing elsewhere.

    Raises:
        UsageError: The variable says neither yes nor no.

    """
    if not _is_wanted(chosen.cache, environment):
        yield NO_CACHE
        return
    with FolderCache(_folder) as cache:
        yield cache


def _folder() -> str:
    """The platform's folder for this user's caches; the library honours `XDG_CACHE_HOME`."""
    import platformdirs

    return os.path.join(platformdirs.user_cache_dir("reviewbot", appauthor=False), "measured")


def _is_wanted(option: bool | None, environment: Mapping[str, str]) -> bool:  # noqa: FBT001 - argparse's
    """The option decides, else the variable; else whatever is no CI."""
    if option is not None:
        return option
    match environment.get(VARIABLE, ""):
        case "":
            return all(environment.get(name, "").lower() in _NO for name in _CI)
        case "0":
            return False
        case "1":
            return True
        case other:
            what = f"the environment variable {VARIABLE} is {other!r}"
            raise UsageError([Problem(what=what, mend="set it to 0 or 1")])
