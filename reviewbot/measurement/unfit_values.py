"""Values of samples that are not what a template takes them for: no list, or without a key."""

import difflib
import re
from collections.abc import Mapping
from typing import Any

from reviewbot.configuration.setting_lines import Locator
from reviewbot.errors import ConfigurationError, MeasurementError, Place, Problem
from reviewbot.prompt import Sample
from reviewbot.scope.affected import Side

_NO_LIST = re.compile(r"TypeError: '\w{1,60}' object is not iterable|`#each` goes through ")
_NO_KEY = re.compile(r"'\w{1,60} object' has no attribute '(\w{1,100})'")
_LOOP = re.compile(
    r"\bfor\s{1,9}(\w{1,60})\s{1,9}in\s{1,9}([\w.]{1,200})|#each\s{1,9}([\w.]{1,200})"
)
_PATH = re.compile(r"\b[A-Za-z_][\w.]{0,200}")
_ALIKE = 0.6
"""How alike a misspelt key has to be, as difflib has it."""

_LONGEST_LINE = 10_000
_MISSING = object()


def unfit_value(problem: Problem, sample: Sample, side: Side) -> Problem | None:
    """The problem with the variable, what it is, and where the sample gives it; None if unknown."""
    is_no_list, no_key = _NO_LIST.match(problem.what), _NO_KEY.match(problem.what)
    place = problem.place
    if place is None or place.line is None or (is_no_list is None and no_key is None):
        return None
    try:
        lines = side.reader.text(place.file).split("\n")[: place.line]
    except MeasurementError:
        return None
    lines = [line[:_LONGEST_LINE] for line in lines]
    template = _Template(place, lines, sample, side)
    return template.lacking_key(no_key[1]) if no_key else template.no_list(place, lines[-1])


class _Template:
    """The lines of a template up to a problem, and the sample that met it."""

    def __init__(self, place: Place, lines: list[str], sample: Sample, side: Side) -> None:
        self._place = place
        self._lines = lines
        self._sample = sample
        self._side = side

    def no_list(self, place: Place, line: str) -> Problem | None:
        """The problem that a loop of a line goes through no list."""
        for found in _LOOP.finditer(line):
            path = found[2] or found[3]
            value = self._value(path)
            if value is _MISSING or isinstance(value, list | Mapping):
                continue
            return Problem(
                what=f"the loop repeats over `{path}`, which is {_kind(value)} in {self._at(path)}",
                mend="give a list there, or correct the loop",
                place=place,
            )
        return None

    def lacking_key(self, key: str) -> Problem | None:
        """The problem that a value lacks a key, or that a loop goes through a text."""
        for found in _PATH.finditer(self._lines[-1]):
            holder, _, own = found[0].rpartition(".")
            if own != key or not holder:
                continue
            value = self._value(holder)
            if isinstance(value, Mapping):
                return self._without_key(holder, key, value)
            if value is not _MISSING:
                what = f"`{holder}` has no `{key}`: it is {_kind(value)} in {self._at(holder)}"
                mend = "give a mapping there, or correct the template"
                return Problem(what=what, mend=mend, place=self._place)
            return self._of_item(holder, key)
        return None

    def _of_item(self, name: str, key: str) -> Problem | None:
        """The problem of a name that a loop gives to each item."""
        for number in range(len(self._lines), 0, -1):
            line = self._lines[number - 1]
            for found in _LOOP.finditer(line):
                if found[1] != name:
                    continue
                place = Place(file=self._place.file, line=number)
                value = self._value(found[2])
                if not isinstance(value, list):
                    return self.no_list(place, line)
                items = [item for item in value if not (isinstance(item, Mapping) and key in item)]
                if items and isinstance(items[0], Mapping):
                    return self._without_key(name, key, items[0], found[2])
                if items:
                    where = self._at(found[2])
                    what = (
                        f"`{name}` has no `{key}`: `{found[2]}` holds {_kind(items[0])} in {where}"
                    )
                    mend = "give mappings there, or correct the template"
                    return Problem(what=what, mend=mend, place=self._place)
                return None
        return None

    def _without_key(
        self, holder: str, key: str, value: Mapping[str, Any], path: str | None = None
    ) -> Problem:
        near = difflib.get_close_matches(key, list(value), 1, _ALIKE)
        meant = f"did you mean `{holder}.{near[0]}`? Else " if near else ""
        return Problem(
            what=f"`{holder}` has no `{key}` in {self._at(path or holder)}",
            mend=f"{meant}add it there, or correct its name",
            place=self._place,
        )

    def _value(self, path: str) -> Any:
        value: Any = self._sample.variables
        for part in path.split("."):
            if not isinstance(value, Mapping) or part not in value:
                return _MISSING
            value = value[part]
        return value

    def _at(self, path: str) -> str:
        """The sample, with its file and the line of a value where they are known."""
        file = self._side.reader.samples.file_of(self._sample)
        if file is None:
            return f"the sample {self._sample.name!r}"
        try:
            locator = Locator(self._side.reader.text(file), file=file)
            line = f":{locator.place(tuple(path.split('.'))).line}"
        except (ConfigurationError, MeasurementError):
            line = ""
        return f"the sample {self._sample.name!r} ({file}{line})"


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "true or false"
        case str():
            return "a text"
        case None:
            return "null"
        case list():
            return "a list"
        case _:
            return "a number"
