"""Undefined names that no sample can give: functions of a project, and files without quotes."""

import difflib
import re
from collections.abc import Iterator

from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.prompt_formats import of_source
from reviewbot.rendering.jobs import UndefinedVariables
from reviewbot.scope.affected import Side

_QUOTED_NAME = re.compile(r"'([^'\n]{1,200})'( \([^()\n]{1,300}\))?")
_LINE = re.compile(r"(\d{1,9})\)$")
_CALLED = r"(?<![\w.'\"]){}\s{{0,9}}\("
_UNQUOTED = re.compile(
    r"\{%[-+]?\s{0,9}(include|import|extends|from)\s{1,9}"
    r"([\w.-]{1,100}(?:/[\w.-]{1,100}){1,9}|[\w-]{1,100}\.[A-Za-z]\w{0,9})\s"
)
_OWN = ("range", "dict", "cycler", "joiner", "namespace")
"""The functions that Jinja2 has."""

_LONGEST_TEXT = 1_000_000


def without_code(problem: UndefinedVariables, side: Side) -> tuple[Problem, ...]:
    """The problem that variables are undefined, with those taken out that are none.

    Each of these is a problem of its own: a function that is called, or a file whose name lacks its
    quotes. What is left of the problem comes last.
    """
    place = problem.place
    if place is None or place.line is None or of_source(place.file) is not None:
        return (problem,)  # in source code the name of a call has its brackets, and words may too
    try:
        text = side.reader.text(place.file)[:_LONGEST_TEXT]
    except MeasurementError:
        return (problem,)
    lines = text.split("\n")
    found: list[Problem] = []
    left: list[tuple[str, str]] = []
    explained = {word for _, _, path in _unquoted(lines) for word in re.findall(r"\w+", path)}
    for number, tag, path in _unquoted(lines):
        what = f"the name of the file `{path}` stands without quotes"
        mend = f'write `{{% {tag} "{path}" %}}`'
        found.append(Problem(what=what, mend=mend, place=Place(file=place.file, line=number)))
    names = list(_QUOTED_NAME.finditer(problem.what))
    for named in names:
        name, where = named[1], named[2] or ""
        number = int(line[1]) if (line := _LINE.search(where)) else place.line
        is_called = number <= len(lines) and re.search(
            _CALLED.format(re.escape(name)), lines[number - 1]
        )
        if name in explained:
            continue
        if is_called and ":" not in where:
            found.append(_function(name, Place(file=place.file, line=number)))
        else:
            left.append((name, where))
    if len(left) == len(names):
        return (problem,)
    return (*found, *_rest(problem, left))


def _unquoted(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """The line, the tag and the path of each file whose name lacks its quotes."""
    for number, line in enumerate(lines, 1):
        for found in _UNQUOTED.finditer(line):
            yield number, found[1], found[2]


def _function(name: str, place: Place) -> Problem:
    near = difflib.get_close_matches(name, _OWN, 1)
    meant = f"did you mean `{near[0]}`? Else " if near else ""
    return Problem(
        what=f"`{name}()` is a function of your code, which is not run here",
        mend=f"{meant}name a stand-in for it, {stand_in('functions', name)}",
        place=place,
    )


def stand_in(kind: str, name: str) -> str:
    """What to write in the configuration for a function or a method that gives a text."""
    value = "{value: {tokens: 10}}"
    return f"in the workflow or in `defaults`: `templates: {{{kind}: {{{name}: {value}}}}}`"


def _rest(problem: UndefinedVariables, left: list[tuple[str, str]]) -> Iterator[UndefinedVariables]:
    if not left:
        return
    place = problem.place
    assert place is not None
    (first, where), *others = left
    if line := _LINE.search(where):
        place = Place(file=place.file, line=int(line[1]))
    *names, last = [f"{first!r}", *(f"{name!r}{where}" for name, where in others)]
    what = f"{', '.join(names)} and {last} are undefined" if names else f"{last} is undefined"
    yield UndefinedVariables(what=what, mend=problem.mend, place=place)
