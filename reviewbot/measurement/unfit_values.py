"""Values of samples that are not what a template takes them for: no list, no number, or keyless."""

import difflib
import re
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.measurement.lacking_variables import SampleProblem
from reviewbot.measurement.sample_lines import place_in_file
from reviewbot.measurement.typed_values import no_day, shown_value
from reviewbot.measurement.unrun_code import stand_in
from reviewbot.prompt import Sample
from reviewbot.prompt.sizes import sized
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
    r"|bad operand type for (?P<takes>abs)\(\)"
    r"|can only concatenate \w{1,60} (?P<joins>\(not ))"
)
_PATH = re.compile(r"\b[A-Za-z_][\w.]{0,200}")
_ALIKE = 0.6
"""How alike a misspelt key has to be, as difflib has it."""

_UNFORMATTED = re.compile(r"(\{([A-Za-z_][\w.]{0,200}):[^{}]{0,100}\} cannot be formatted): ")
_METHOD = re.compile(r"builtin_function_or_method'? object")
_SHOWN_KEYS = 5
_LONGEST_LINE = 10_000
_MISSING = object()


def unfit_value(problem: Problem, sample: Sample, side: Side) -> Problem | None:
    """The problem with the variable, what it is, and where the sample gives it; None if unknown."""
    if unformatted := _UNFORMATTED.match(problem.what):
        return _not_formatted(problem, unformatted, sample, side)
    if _METHOD.search(problem.what):
        return _shadowed(problem, sample, side)
    is_no_list, no_key = _NO_LIST.match(problem.what), _NO_KEY.match(problem.what)
    no_number = _NO_NUMBER.match(problem.what)
    is_known = is_no_list or no_key or no_number
    template = _template(problem.place, sample, side) if is_known else None
    if template is None:
        return None
    if no_key:
        return template.lacking_key(no_key[1])
    if no_number:
        operation = next(filter(None, no_number.groups()))
        return template.no_number("+" if no_number["joins"] else operation)
    return template.no_list()


def _not_formatted(
    problem: Problem, found: re.Match[str], sample: Sample, side: Side
) -> Problem | None:
    """The problem that a field of a format string has a value of another kind."""
    if problem.place is None:
        return None
    given = _Given(problem.place, sample, side)
    value = given.value(found[2])
    if value is _MISSING:
        return None
    kind = _kind(value)
    if (day := no_day(value)) is not None:
        kind = f"the text {day!r}, no day of the calendar,"
    return given.told(f"{found[1]}: it is {kind} in", problem.mend, found[2])


def _template(place: Place | None, sample: Sample, side: Side) -> "_Template | None":
    if place is None or place.line is None:
        return None
    try:
        lines = side.reader.text(place.file).split("\n")[: place.line]
    except MeasurementError:
        return None
    lines = [line[:_LONGEST_LINE] for line in lines]
    return _Template(place, lines, _Given(place, sample, side))


def _shadowed(problem: Problem, sample: Sample, side: Side) -> Problem | None:
    """The problem that a key has the name of a method, which the template then means."""
    template = _template(problem.place, sample, side)
    return None if template is None else template.method()


class _Given:
    """The sample that met a problem at a place: its values, and where they stand."""

    def __init__(self, place: Place, sample: Sample, side: Side) -> None:
        self._place = place
        self._sample = sample
        self._side = side
        self._file = side.reader.samples.file_of(sample)

    def told(
        self,
        what: str,
        mend: str,
        *path: str | int,
        has: str = "",
        place: Place | None = None,
        is_of_base: bool = False,
    ) -> Problem:
        """The problem in the sample, with the line of the value where it is known."""
        key = tuple(
            step for part in path for step in (part.split(".") if isinstance(part, str) else [part])
        )
        said = f"the sample {self._sample.name!r}"
        written = place_in_file(self._sample, key, self._side)
        at = f" ({written})" if written else ""
        if is_of_base:
            said, at = f"the base branch's sample {self._sample.name!r}", f" ({self._file})"
        return SampleProblem(
            what=f"{what} {said}{at}{has}",
            mend=mend,
            place=place or self._place,
            sample=self._sample.name if self._file is None else "",
            key=key,
            said=said,
        )

    def value(self, path: str) -> Any:
        return sized(self.written(path))

    def written(self, path: str) -> Any:
        """The value as the sample has it, which may say a number of tokens."""
        value: Any = self._sample.variables
        for part in path.split("."):
            if not isinstance(value, Mapping) or part not in value:
                return _MISSING
            value = value[part]
        return value

    def is_of_base(self) -> bool:
        """Whether the sample is the base branch's, which the change's own file does not say."""
        return self._file is not None and not self._side.reader.samples.has(self._sample)


class _Template:
    """The lines of a template up to a problem, and the sample that is given to it."""

    def __init__(self, place: Place, lines: list[str], given: _Given) -> None:
        self._place = place
        self._lines = lines
        self._given = given

    def no_list(self, number: int = 0) -> Problem | None:
        """The problem that a loop goes through no list, in a line from 1 or in the last."""
        place = replace(self._place, line=number) if number else self._place
        for found in _LOOP.finditer(self._lines[number - 1]):
            path = found[2] or found[3]
            value = self._given.value(path)
            if value is _MISSING or isinstance(value, list | Mapping):
                continue
            what = f"the loop repeats over `{path}`, which is {_kind(value)} in"
            keys = self._keys_of_item(found[1] or "this", number)
            of = f" of mappings with {keys}" if keys else ""
            return self._given.told(
                what, f"give a list{of} there, or correct the loop", path, place=place
            )
        return None

    def _keys_of_item(self, name: str, number: int) -> str:
        """The keys that the loop of a line takes of its items, up to the problem."""
        keys: dict[str, None] = {}
        for line in self._lines[number - 1 :] if number else self._lines[-1:]:
            for found in _PATH.finditer(line):
                holder, *rest = found[0].split(".")
                if holder == name and rest:
                    keys[f"`{rest[0]}`"] = None
        return " and ".join(list(keys)[:_SHOWN_KEYS])

    def method(self) -> Problem | None:
        """The problem that a key has the name of a method of mappings."""
        for found in _PATH.finditer(self._lines[-1]):
            steps = found[0].split(".")
            for end in range(1, len(steps)):
                holder, key = ".".join(steps[:end]), steps[end]
                value = self._given.value(holder)
                if key in dir(dict) and isinstance(value, Mapping) and key in value:
                    what = f"`{holder}.{key}` is a method of every mapping, and not its key"
                    mend = f"write `{holder}['{key}']`"
                    return Problem(what=what, mend=mend, place=self._place)
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
                value = self._given.value(found[1])
                is_number = isinstance(value, int | float) and not isinstance(value, bool)
                if value is _MISSING or is_number:
                    continue
                what = f"`{operation}` needs a number, and `{found[1]}` is {_kind(value)} in"
                is_joined = operation == "+" and isinstance(value, str)
                mend = "give a number there, or " + (
                    "write `~`, which joins texts" if is_joined else "correct the template"
                )
                return self._given.told(what, mend, found[1])
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
            value = self._given.value(holder)
            if isinstance(value, Mapping):
                return self._without_key(holder, key, value)
            if value is not _MISSING:
                what = f"`{holder}` has no `{key}`: it is {_kind(value)} in"
                shown = shown_value(self._given.written(holder))
                nested = f"{holder.rpartition('.')[2]}: {{{key}: {shown}}}"
                mend = f"write `{nested}` there, or correct the template"
                is_of_base = self._given.is_of_base()
                if is_of_base:
                    mend = (
                        "the base branch's samples judge a change: give the new value a name of "
                        "its own, beside the old one"
                    )
                return self._given.told(what, mend, holder, is_of_base=is_of_base)
            return self._of_item(holder, key)
        return None

    def _of_item(self, name: str, key: str) -> Problem | None:
        """The problem of a name that a loop gives to each item."""
        for number in range(len(self._lines), 0, -1):
            line = self._lines[number - 1]
            for found in _LOOP.finditer(line):
                if found[1] != name:
                    continue
                value = self._given.value(found[2])
                if isinstance(value, Mapping):
                    what = f"the loop goes through the keys of `{found[2]}`, a mapping in"
                    mend = "put `- ` before its first key, and indent the others by 2 blanks more"
                    return self._given.told(what, mend, found[2])
                if not isinstance(value, list):
                    return self.no_list(number)
                for position, item in enumerate(value):
                    if isinstance(item, Mapping) and key in item:
                        continue
                    if isinstance(item, Mapping):
                        return self._without_key(name, key, item, (found[2], position))
                    what = f"`{name}` has no `{key}`: `{found[2]}` holds {_kind(item)} in"
                    mend = "give mappings there, or correct the template"
                    return self._given.told(what, mend, found[2], position)
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
        keys = [str(item) for item in near or list(value)[:_SHOWN_KEYS]]
        has = f", which has {', '.join(f'`{item}`' for item in keys)}" if keys else ""
        return self._given.told(f"`{holder}` has no `{key}` in", mend, *at, *near, has=has)


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
