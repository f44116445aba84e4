"""Which line of a `.gitignore` keeps git from adding a file (gitignore(5))."""

import posixpath
import re
from collections.abc import Iterator

from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.repository.globs import matches
from reviewbot.repository.trees import Tree, read_text

FORCED = "take that line out, or `git add --force` the files, and commit them"
"""The mend of files that are ignored."""
_MOST_LINES = 1_000
_MOST_CHARACTERS = 200


def why_ignored(tree: Tree, path: str) -> Problem | None:
    """That a missing file is ignored, where it is."""
    line = ignoring_line(tree, path)
    if line is None:
        return None
    what = f"there is no such file: {line} keeps git from adding it"
    return Problem(what=what, mend=FORCED, place=Place(file=path))


def ignoring_line(tree: Tree, path: str) -> str | None:
    """The line as `FILE:LINE (RULE)`; None where none is found, or a file cannot be read.

    A path may have a `*`, as patterns do. Rules with `?`, brackets or a backslash are left out.
    """
    folders = [""]
    for step in path.split("/")[:-1]:
        folders.append(f"{folders[-1]}{step}/")
    found = None
    for folder in folders:
        for where, rule in _rules(tree, folder):
            if _fits(path.removeprefix(folder), rule.removeprefix("!")):
                found = None if rule.startswith("!") else f"{where} (`{rule}`)"
    return found


def _rules(tree: Tree, folder: str) -> Iterator[tuple[str, str]]:
    """The rules of the `.gitignore` in a folder, each with its place."""
    file = f"{folder}.gitignore"
    if tree.entry(file) is None:
        return
    try:
        lines = read_text(tree, file).splitlines()[:_MOST_LINES]
    except MeasurementError:
        return
    for number, line in enumerate(lines, 1):
        rule = line.strip()
        if rule and len(rule) <= _MOST_CHARACTERS and not re.search(r"^#|[?\[\]\\`]", rule):
            yield f"{file}:{number}", rule


def _fits(path: str, rule: str) -> bool:
    """Whether a rule means a path below its folder, or a folder on the way to it."""
    name = rule.removesuffix("/")
    pattern = name.removeprefix("/") if "/" in name else f"**/{name}"
    steps = [path]
    while posixpath.dirname(steps[-1]):
        steps.append(posixpath.dirname(steps[-1]))
    return any(matches(step, pattern) for step in (steps[1:] if rule.endswith("/") else steps))
