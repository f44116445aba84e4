"""Which files a source means: no link, no URL and nothing outside the repository unasked."""

import difflib
import glob
import os
from collections.abc import Iterable

from msgspec import Struct

from reviewbot.configuration.usage_settings import LogSource
from reviewbot.errors import Place, Problem, UsageError

_COMPRESSED = (".gz", ".zst")
_GLOB_CHARACTERS = "*?[]"
_COPIES = {
    "http": "curl -fsSO URL",
    "https": "curl -fsSO URL",
    "s3": "aws s3 cp URL .",
    "gs": "gcloud storage cp URL .",
}
_MOST_NAMES = 10_000
_LINK = "is, or goes through, a symbolic link"


class LogFile(Struct, frozen=True, kw_only=True):
    """A log: `path` is where it lies, `name` how messages call it.

    `ending` is that of a file that messages do not call by its name.
    """

    path: str
    name: str
    ending: str = ""

    @property
    def kind(self) -> str:
        """The ending that says how it is read, without a compression's."""
        if self.ending:
            return self.ending
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
    for path in source.paths:
        pattern, place = path.pattern, path.place
        if problem := _wrong_name(pattern, place):
            problems.append(problem)
            continue
        if _is_outside(pattern, root):
            problems.append(_outside(pattern, "lies outside the repository", place))
            continue
        names = sorted(glob.glob(pattern, root_dir=root, recursive=True))
        names = [name for name in names if not os.path.isdir(os.path.join(root, name))]
        if not names:
            problems.append(_nothing_there(pattern, os.path.join(root, pattern), place))
        for name in names:
            file = os.path.normpath(os.path.join(root, name))
            if os.path.realpath(file) != file:
                problems.append(_outside(name, _LINK, place))
            elif os.path.isfile(file):
                found.append(LogFile(path=file, name=name))
    return _checked(found, problems)


def _is_outside(pattern: str, root: str) -> bool:
    """Whether what a pattern names lies outside the folder `root`; it need not be there."""
    path = os.path.normpath(os.path.join(root, pattern))
    return os.path.commonpath((root, path)) != root


def _outside(name: str, why: str, place: Place) -> Problem:
    what = f"{name} {why}, and is read only where a person names it"
    mend = f"name it on the command line: reviewbot usage '{name}'"
    return Problem(what=what, mend=mend, place=place)


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
    scheme = pattern.partition("://")[0].lower()
    copy = _COPIES.get(scheme, "download it")
    return Problem(what=what, mend=f"bring the file here first: {copy}", place=place)


def _nothing_there(pattern: str, path: str, place: Place | None) -> Problem:
    if os.path.isdir(path):
        name = pattern.rstrip("/")
        mend = f"name its files: '{name}/*.jsonl'"
        return Problem(what=f"{name} is a folder", mend=mend, place=place)
    folder, name = os.path.split(path)
    if glob.has_magic(name) and not glob.has_magic(folder):
        if not os.path.isdir(folder or "."):
            what = f"there is no folder {os.path.dirname(pattern)}"
            return Problem(what=what, mend="correct the path", place=place)
        what = f"no file matches {pattern}"
        return Problem(what=what, mend="correct the pattern, or add the logs", place=place)
    try:
        there = sorted(os.listdir(folder or "."))[:_MOST_NAMES]
    except OSError:
        there = []
    if near := difflib.get_close_matches(name, there, 1):
        mend = f"did you mean {os.path.join(os.path.dirname(pattern), near[0])}?"
    else:
        mend = "name files that exist, in quotes where a pattern is meant: 'logs/*.jsonl'"
    return Problem(what=f"there is no file {pattern}", mend=mend, place=place)
