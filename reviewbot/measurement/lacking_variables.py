"""The problem that a sample lacks variables, with the place in the sample where that is mended."""

import difflib
import re
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from reviewbot.configuration import DEFAULT_FILE
from reviewbot.configuration.setting_lines import Key
from reviewbot.configuration.settings import Workflow
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.measurement.sample_lines import has_only_variables, place_in_file
from reviewbot.measurement.typed_values import shown_value, typed_value
from reviewbot.prompt import Sample
from reviewbot.scope.affected import Side

_SHOWN_SAMPLES = 3
_SHOWN_KEYS = 5
_ALIKE = 0.75
_FIELD_ALIKE = 0.6
"""How alike a misspelt variable, and a misspelt key, has to be, as difflib has it."""


class SampleProblem(Problem, frozen=True, kw_only=True):
    """A problem before it is known where its `sample` stands in the configuration.

    `key` is the path to the value within the variables; `said` the words that name the sample.
    """

    sample: str
    key: tuple[str | int, ...]
    said: str

    def located(self, workflow: Workflow, locate: Callable[[Key], Place]) -> Problem:
        """The problem with the line of the value, where the configuration has the sample."""
        what = self.what
        if has_inline(workflow, self.sample):
            variables = ("workflows", workflow.name, "samples", self.sample, "variables")
            place = locate((*variables, *self.key))
            what = what.replace(self.said, f"{self.said} ({place.file}:{place.line})", 1)
        return Problem(what=what, mend=self.mend, place=self.place)


def has_inline(workflow: Workflow, sample: str) -> bool:
    """Whether the configuration itself holds a sample of that name."""
    return any(isinstance(it, Sample) and it.name == sample for it in workflow.samples)


class LackingVariables(Problem, frozen=True, kw_only=True):
    """The problem before it is known where the sample stands.

    `holder` is a key of the sample below which all that lacks stands, and `is_whole` says
    whether it is meant to be `variables`. `sample` is the first that lacks something, `file`
    its file where it has one, with the line of the last variable, or of the one that is meant.
    `name` is the variable where only one lacks, and `near` one of the sample that is nearly
    called so; `slips` tells it of several. `nested` is the mapping to write where `near` is a
    key with dots. `keys` are the variables that each of them has, in words, and `typed` what to
    add to them. `is_several` says whether more than one sample lacks it.
    """

    holder: str | None
    is_whole: bool
    sample: str
    file: str | None
    name: str | None
    near: str | None
    slips: str
    keys: str
    nested: str
    typed: str
    is_several: bool

    def located(self, workflow: Workflow, locate: Callable[[Key], Place]) -> Problem:
        """The problem with a mend that names the sample's line in the configuration, or its file.

        Of two names that are nearly the same either may be the wrong one.
        """
        where = self._where(workflow, locate)
        if where is None:
            return Problem(what=f"{self.what}{self.keys}", mend=self.mend, place=self.place)
        if self.holder is not None:
            is_one = " are undefined" not in self.what
            stand, them = ("it stands", "it") if is_one else ("they stand", "them")
            do = "write `variables:` there" if self.is_whole else f"move {them} out of it"
            mend = f"{stand} below `{self.holder}` ({where}): {do}"
        elif self.nested:
            mend = f"the sample has `{self.near}` ({where}), a key with a dot: write {self.nested}"
        elif self.near is not None:
            mend = (
                f"the sample has `{self.near}` ({where}): write `{self.name}` there, or "
                f"`{self.near}` in the prompt"
            )
        else:
            is_one = " are undefined" not in self.what
            them, names = ("it", "its name") if is_one else ("them", "their names")
            which = f"the sample ({where})"
            if self.is_several:
                which = "each of these samples" + (f" ({where})" if self.file is None else "")
            which += self.keys
            add = f"add {self.typed or them} to {which}"
            if self.file is None:
                file = locate(("workflows", workflow.name)).file
                named = "" if file == DEFAULT_FILE else f" --config {shlex.quote(file)}"
                add = f"let `reviewbot init --update{named}` add {them} to {which}"
            mend = f"{add}, or correct {names}{self.slips}"
        return Problem(what=self.what, mend=mend, place=self.place)

    def _where(self, workflow: Workflow, locate: Callable[[Key], Place]) -> str | None:
        if self.file is not None:
            return self.file
        if not has_inline(workflow, self.sample):
            return None
        key = self.near if self.holder is None else self.holder
        more = ("variables", key) if key is not None else ()
        place = locate(("workflows", workflow.name, "samples", self.sample, *more))
        return f"{place.file}:{place.line}"


def lacking(problem: Problem, samples: Sequence[Sample], side: Side) -> LackingVariables:
    """The problem that these samples lack variables, with their names, files and what they have."""
    names = []
    for sample in samples[:_SHOWN_SAMPLES]:
        file = side.reader.samples.file_of(sample)
        names.append(f"{sample.name!r} ({file})" if file else repr(sample.name))
    left = len(samples) - len(names)
    shown = ", ".join(names) + (f" and {left:,} more" if left else "")
    kind = "sample" if len(samples) == 1 else "samples"
    first = samples[0]
    slips = _slips(problem.what, first) or _fields(problem.what, first)
    name = re.fullmatch(r"'(\w{1,100})' is undefined", problem.what)
    dotted = _dotted(name[1], first) if name else {}
    near = (
        [*dotted][:1] or difflib.get_close_matches(name[1], list(first.variables), 1, _ALIKE)
        if name
        else []
    )
    has = "" if slips or near else _said_keys(samples)
    holder = _holder(problem.what, first)
    key = (holder,) if holder else tuple(near or list(first.variables)[-1:])
    return LackingVariables(
        what=f"{problem.what} in the {kind} {shown}",
        mend=problem.mend,
        place=problem.place,
        holder=holder,
        is_whole=first.variables.keys() <= {holder, "name", "weight"}
        and has_only_variables(first, side),
        sample=first.name,
        file=place_in_file(first, key, side),
        name=name[1] if name else None,
        near=near[0] if near else None,
        slips=slips,
        keys=has,
        nested=_nested(name[1], dotted) if name and dotted else "",
        typed=_typed(problem, side),
        is_several=len(samples) > 1,
    )


def _holder(what: str, sample: Sample) -> str | None:
    """The key of a sample below which all the variables stand that it lacks; None without one."""
    told = re.findall(r"'(\w{1,100})[^'\n]{0,200}'", what.partition(" undefined")[0])
    holders = (
        key
        for key, value in sample.variables.items()
        if isinstance(value, Mapping) and told and value.keys() >= {*told}
    )
    return next(holders, None)


def _dotted(name: str, sample: Sample) -> dict[str, Any]:
    """What a sample has under keys with dots that begin with a name."""
    begins = f"{name}."
    return {key: value for key, value in sample.variables.items() if key.startswith(begins)}


def _nested(name: str, dotted: Mapping[str, Any]) -> str:
    """The mapping that keys with dots are meant to be, as it is typed."""
    inner = [f"{key[len(name) + 1 :]}: {shown_value(value)}" for key, value in dotted.items()]
    if any("." in item.partition(":")[0] for item in inner):
        return f"a mapping `{name}: {{…}}` there"
    instead = "there" if len(dotted) == 1 else f"in the place of {len(dotted):,} such keys"
    return f"`{name}: {{{', '.join(inner[:_SHOWN_KEYS])}}}` {instead}"


def _typed(problem: Problem, side: Side) -> str:
    """What to add to a sample, by how the template takes it; empty where that is not known."""
    names = re.findall(r"'([^'\n]{1,200})'", problem.what)
    if problem.place is None or not all(re.fullmatch(r"\w{1,100}", name) for name in names):
        return ""
    try:
        text = side.reader.text(problem.place.file)
    except MeasurementError:
        return ""
    typed = [f"`{name}: {typed_value(name, text)}`" for name in names]
    return ", ".join(typed) if len(typed) <= _SHOWN_KEYS else ""


def _said_keys(samples: Sequence[Sample]) -> str:
    """Which variables samples have; empty where they differ in that."""
    keys = list(samples[0].variables)
    if any(list(it.variables) != keys for it in samples[1:]):
        return ""
    shown = ", ".join(f"`{key}`" for key in keys[:_SHOWN_KEYS]) or "no variables"
    left = len(keys) - _SHOWN_KEYS
    more = f" and {left:,} more" if left > 0 else ""
    return f", which {'has' if len(samples) == 1 else 'have'} {shown}{more}"


def _fields(what: str, sample: Sample) -> str:
    """What the mappings have whose keys are undefined, such as `user.zip`."""
    found: list[str] = []
    for name in re.findall(r"'([\w.]{1,200})'", what):
        holder, dot, key = name.rpartition(".")
        keys = list(keys_of(sample.variables, holder)) if dot else []
        if near := difflib.get_close_matches(key, keys, 1, _FIELD_ALIKE):
            found.append(f"`{holder}.{near[0]}` for `{name}`")
        elif keys:
            found.append(f"one of {', '.join(f'`{it}`' for it in keys[:_SHOWN_KEYS])} for `{name}`")
    return f"; did you mean {', '.join(found)}?" if found else ""


def keys_of(variables: Mapping[str, Any], path: str) -> Iterable[str]:
    """The keys of the mapping at a path; of `this`, those of all items of lists of mappings."""
    value: Any = variables
    parts = path.split(".")
    if parts[0] == "this":
        items = [it for value in variables.values() if isinstance(value, list) for it in value]
        value = {key: None for it in items if isinstance(it, dict) for key in it}
        parts = parts[1:]
    for part in parts:
        value = value.get(part) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else ()


def _slips(what: str, sample: Sample) -> str:
    """Which variables of a sample several undefined ones may be meant to be."""
    names = list(sample.variables)
    found = [
        f"`{near[0]}` for `{name}`"
        for name in re.findall(r"'(\w{1,100})'", what)
        if (near := difflib.get_close_matches(name, names, 1, _ALIKE))
    ]
    return f"; did you mean {', '.join(found)}?" if found else ""
