"""Values of samples that are not what a template takes them for: no list, no number, or keyless."""

import difflib
import re
from collections.abc import Mapping
from typing import Any

from reviewbot.configuration.setting_lines import Locator
from reviewbot.errors import ConfigurationError, MeasurementError, Place, Problem
from reviewbot.measurement.unrun_code import stand_in
from reviewbot.prompt import Sample
from reviewbot.scope.affected import Side

_NO_LIST = re.compile(r"TypeError: '\w{1,60}' object is not iterable|`#each` goes through ")
_NO_KEY = re.compile(r"'\w{1,60} object' has no attribute '(\w{1,100})'")
_LOOP = re.compile(
    r"\bfor\s{1,9}(\w{1,60})\s{1,9}in\s{1,9}([\w.]{1,200})|#each\s{1,9}([\w.]{1,200})"
)
_NO_NUMBER = re.compile(
    r"TypeError: (?:'(?P<compares>[<>]=?)' not supported between"
    r"|unsupported operand type\(s\) for (?P<counts>[-+*/%]{1,2}): "
    r"|type \w{1,60} doesn't define __(?P<rounds>round)__"
    r"|bad operand type for (?P<takes>abs)\(\))"
)
_PATH = re.compile(r"\b[A-Za-z_][\w.]{0,200}")
_DESCRIBED = re.compile(r"(?m)^[\s{]{0,99}[\"']?variables[\"']?\s{0,9}:")
_ALIKE = 0.6
"""How alike a misspelt key has to be, as difflib has it."""

_LONGEST_LINE = 10_000
_MISSING = object()


def unfit_value(problem: Problem, sample: Sample, side: Side) -> Problem | None:
    """The problem with the variable, what it is, and where the sample gives it; None if unknown."""
    is_no_list, no_key = _NO_LIST.match(problem.what), _NO_KEY.match(problem.what)
    no_number = _NO_NUMBER.match(problem.what)
    place = problem.place
    if place is None or place.line is None or not (is_no_list or no_key or no_number):
        return None
    try:
        lines = side.reader.text(place.file).split("\n")[: place.line]
    except MeasurementError:
        return None
    lines = [line[:_LONGEST_LINE] for line in lines]
    template = _Template(place, lines, sample, side)
    if no_key:
        return template.lacking_key(no_key[1])
    if no_number:
        return template.no_number(next(filter(None, no_number.groups())))
    return template.no_list(place, lines[-1])


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

    def no_number(self, operation: str) -> Problem | None:
        """The problem that an operator or a filter gets what is no number."""
        sign = re.escape(operation)
        path = r"(?<![\w.])([A-Za-z_][\w.]{0,200})"
        forms = (
            (rf"{path}\s{{0,9}}\|\s{{0,9}}{sign}\b",)
            if operation.isalpha()
            else (rf"{path}\s{{0,9}}{sign}", rf"{sign}\s{{0,9}}{path}")
        )
        for form in forms:
            for found in re.finditer(form, self._lines[-1]):
                value = self._value(found[1])
                is_number = isinstance(value, int | float) and not isinstance(value, bool)
                if value is _MISSING or is_number:
                    continue
                what = f"`{operation}` needs a number, and `{found[1]}` is {_kind(value)} in"
                return Problem(
                    what=f"{what} {self._at(found[1])}",
                    mend="give a number there, or correct the template",
                    place=self._place,
                )
        return None

    def lacking_key(self, key: str) -> Problem | None:
        """The problem that a value lacks a key, or that a loop goes through a text."""
        for found in _PATH.finditer(self._lines[-1]):
            holder, _, own = found[0].rpartition(".")
            if own != key or not holder:
                continue
            if re.match(r"\s{0,9}\(", self._lines[-1][found.end() :]):
                return Problem(
                    what=f"`{key}()` is a method of `{holder}`, and your code is not run here",
                    mend=f"name a stand-in for it, {stand_in('methods', key)}",
                    place=self._place,
                )
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
                for position, item in enumerate(value):
                    if isinstance(item, Mapping) and key in item:
                        continue
                    if isinstance(item, Mapping):
                        return self._without_key(name, key, item, (found[2], position))
                    where = self._at(found[2], position)
                    what = f"`{name}` has no `{key}`: `{found[2]}` holds {_kind(item)} in {where}"
                    mend = "give mappings there, or correct the template"
                    return Problem(what=what, mend=mend, place=self._place)
                return None
        return None

    def _without_key(
        self, holder: str, key: str, value: Mapping[str, Any], at: tuple[str | int, ...] = ()
    ) -> Problem:
        """The problem of a mapping; either of two names that are alike may be the wrong one."""
        at = at or (holder,)
        near = difflib.get_close_matches(key, list(value), 1, _ALIKE)
        mend = (
            f"write `{key}` there, or `{holder}.{near[0]}` in the prompt"
            if near
            else "add it there, or correct its name"
        )
        has = f", which has `{near[0]}`" if near else ""
        what = f"`{holder}` has no `{key}` in {self._at(*at, *near)}{has}"
        return Problem(what=what, mend=mend, place=self._place)

    def _value(self, path: str) -> Any:
        value: Any = self._sample.variables
        for part in path.split("."):
            if not isinstance(value, Mapping) or part not in value:
                return _MISSING
            value = value[part]
        return value

    def _at(self, *path: str | int) -> str:
        """The sample, with its file and the line of a value where they are known."""
        file = self._side.reader.samples.file_of(self._sample)
        if file is None:
            return f"the sample {self._sample.name!r}"
        try:
            text = self._side.reader.text(file)
            is_described = "variables" not in self._sample.variables and _DESCRIBED.search(text)
            steps = (
                step
                for part in path
                for step in (part.split(".") if isinstance(part, str) else [part])
            )
            key = (*(("variables",) if is_described else ()), *steps)
            line = f":{Locator(text, file=file).place(key).line}"
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
