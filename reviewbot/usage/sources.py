"""Which files a source means: no link, no URL and nothing outside the repository unasked."""

import glob
import os
from collections.abc import Iterable

from msgspec import Struct

from reviewbot.configuration.usage_settings import LogSource
from reviewbot.errors import Place, Problem, UsageError

_COMPRESSED = (".gz", ".zst")
_GLOB_CHARACTERS = "*?[]"
_LINK = "is, or goes through, a symbolic link"


class LogFile(Struct, frozen=True, kw_only=True):
    """A log: `path` is where it lies, `name` how messages call it."""

    path: str
    name: str

    @property
    def kind(self) -> str:
        """The ending that says how it is read, without a compression's."""
        name = self.name.lower()
        for ending in _COMPRESSED:
            name = name.removesuffix(ending)
        return os.path.splitext(name)[1]


def named_files(patterns: Iterable[str]) -> tuple[LogFile, ...]:
    """The files that a person named on the command line: globs, and links if they say so.

    Raises:
        UsageError: A name is a URL, or means no file.

    """
    problems: list[Problem] = []
    found: list[LogFile] = []
    for pattern in patterns:
        if problem := _wrong_name(pattern, None):
            problems.append(problem)
            continue
        paths = [pattern] if os.path.isfile(pattern) else sorted(glob.glob(pattern, recursive=True))
        files = [path for path in paths if os.path.isfile(path)]
        if not files:
            problems.append(_nothing_there(pattern, pattern, None))
        found += [LogFile(path=os.path.realpath(path), name=path) for path in files]
    return _checked(found, problems)


def configured_files(source: LogSource, root: str) -> tuple[LogFile, ...]:
    """The files of a configured source, inside the repository at `root`.

    Raises:
        UsageError: A path is a URL, is or goes through a link, or means no file.

    """
    problems: list[Problem] = []
    found: list[LogFile] = []
    root = os.path.realpath(root)
    for pattern in source.paths:
        if problem := _wrong_name(pattern, source.place):
            problems.append(problem)
            continue
        names = sorted(glob.glob(pattern, root_dir=root, recursive=True))
        names = [name for name in names if not os.path.isdir(os.path.join(root, name))]
        if not names:
            problems.append(_nothing_there(pattern, os.path.join(root, pattern), source.place))
        for name in names:
            path = os.path.normpath(os.path.join(root, name))
            is_outside = os.path.commonpath((root, path)) != root
            if is_outside or os.path.realpath(path) != path:
                why = "lies outside the repository" if is_outside else _LINK
                what = f"{name} {why}, and is read only where a person names it"
                mend = f"name it on the command line: reviewbot usage '{name}'"
                problems.append(Problem(what=what, mend=mend, place=source.place))
            elif os.path.isfile(path):
                found.append(LogFile(path=path, name=name))
    return _checked(found, problems)


def _checked(found: list[LogFile], problems: list[Problem]) -> tuple[LogFile, ...]:
    for file in found:
        if any(character in file.path for character in _GLOB_CHARACTERS):
            what = "the file's name has a character that is a pattern: * ? [ ]"
            problems.append(Problem(what=what, mend="rename it", place=Place(file=file.name)))
    if problems:
        raise UsageError(problems)
    return tuple({file.path: file for file in found}.values())


def _wrong_name(pattern: str, place: Place | None) -> Problem | None:
    if "://" not in pattern:
        return None
    what = "a log is given as a URL, and reviewbot fetches nothing"
    return Problem(what=what, mend="bring the file here first: curl -fsSO URL", place=place)


def _nothing_there(pattern: str, path: str, place: Place | None) -> Problem:
    if os.path.isdir(path):
        name = pattern.rstrip("/")
        mend = f"name its files: '{name}/*.jsonl'"
        return Problem(what=f"{name} is a folder", mend=mend, place=place)
    mend = "name files that exist, in quotes where a pattern is meant: 'logs/*.jsonl'"
    return Problem(what=f"there is no file {pattern}", mend=mend, place=place)
