"""What the rendering process is asked, and what it answers."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from msgspec import Struct, convert

from reviewbot.errors import Place, Problem
from reviewbot.prompt import Constant, LoadedFile, Part
from reviewbot.rendering.recorded_choices import Choice

Load = Callable[[str, str], LoadedFile | None]
"""Finds an included file by its name and the path of the including one.

It may raise a MeasurementError, whose problem then stands for the rendering.
"""


class Include(Struct, frozen=True, kw_only=True):
    """What `load` gives for the `name` that a template at `parent` uses."""

    name: str
    parent: str
    path: str
    text: str


class Job(Struct, frozen=True, kw_only=True):
    """A template to render with several sets of variables; or, as the `task` says, a text to parse.

    `engine` is one of `rendering.engines`, or of `rendering.parsers`. `path` and `first_line` say
    where `text` stands, `is_in_lines` whether each of its lines is one of the file. `variables` are
    JSON texts; equal ones are best given as one and the same string. `undefined` says whether a
    missing variable is an error or empty. `options` is the JSON text of the configuration's
    `templates`, or empty. `marked` is `text` with marks, where it is asked what of it is printed,
    and `marked_files` are the files that it includes, by path. `records_choices` asks which values
    of its expressions are. `includes` are the files that `load` may give, with the ids of their
    contents; None where these are not known. `foreseen` are those that it will be asked for, so
    that it need not be. A parsed text that `is_alone` is given no file: `load` is told afterwards
    which ones it asked for. `counted` is the encoding whose tokens are asked with each text, as far
    as they can be told at once.
    """

    engine: str
    path: str
    text: str
    first_line: int
    variables: tuple[str, ...]
    load: Load
    undefined: Literal["error", "empty", "largest"] = "error"
    options: str = ""
    is_in_lines: bool = True
    marked: str = ""
    marked_files: Mapping[str, str] = {}
    records_choices: bool = False
    includes: Mapping[str, str] | None = None
    foreseen: tuple[Include, ...] = ()
    task: Literal["render", "parse"] = "render"
    is_alone: bool = False
    counted: str = ""


class Rendered(Struct, frozen=True, kw_only=True):
    """The text that one set of variables gave, and how much of it no variable can change.

    `parts` are the messages in it, where it holds several. `marks` are the numbers of the job's
    marks whose text was printed, None where the engine could not tell. `choices` are values that
    this rendering told of first, `reached` those that it was the first to come to; `choices` is
    None where that was not asked. `tokens` are those of the text, where they were asked and could
    be told, `beginning_tokens` those of the stable part of what no variable can change.
    """

    text: str
    constant: Constant
    parts: tuple[Part, ...] | None = None
    marks: frozenset[int] | None = None
    choices: tuple[Choice, ...] | None = None
    reached: tuple[Choice, ...] = ()
    tokens: int | None = None
    beginning_tokens: int | None = None


class Parsed(Struct, frozen=True, kw_only=True):
    """What a text says, as a parser gives it: JSON data."""

    data: Any


class UndefinedVariables(Problem, frozen=True, kw_only=True):
    """The problem that a set of variables lacks some; which sample it is, the asker knows."""


class MissingFile(Problem, frozen=True, kw_only=True):
    """The problem that a template includes a file of a `name` under which none is there."""

    name: str


Result = Rendered | Problem
Outcome = Result | Parsed


def result_of(job: Job, answer: Mapping[str, Any]) -> Outcome:
    """What one answer of the process says about a job."""
    if "data" in answer:
        return Parsed(data=answer["data"])
    if "text" in answer:
        parts, marks = answer.get("parts"), answer.get("marks")
        return Rendered(
            text=answer["text"],
            constant=Constant(**answer["constant"]),
            parts=None if parts is None else tuple(Part(**part) for part in parts),
            marks=None if marks is None else frozenset(marks),
            choices=_choices(answer.get("choices", ())) if job.records_choices else None,
            reached=_choices(answer.get("reached", ())),
            tokens=answer.get("tokens"),
            beginning_tokens=answer.get("beginning_tokens"),
        )
    line = answer.get("line")
    place = Place(file=answer.get("path", job.path), line=job.first_line if line is None else line)
    if (name := answer.get("missing")) is not None:
        return MissingFile(what=answer["what"], mend=answer["mend"], place=place, name=name)
    kind = UndefinedVariables if answer.get("undefined") else Problem
    return kind(what=answer["what"], mend=answer["mend"], place=place)


def _choices(given: Any) -> tuple[Choice, ...]:
    return convert(given, tuple[Choice, ...]) if given else ()


def problem_of(job: Job, what: str, mend: str) -> Problem:
    """A problem at the place where the job's text begins."""
    return Problem(what=what, mend=mend, place=Place(file=job.path, line=job.first_line))


def load_nothing(name: str, parent: str) -> None:
    """Gives no file: nothing is included or imported."""
    del name, parent


def parsing_job(parser: str, text: str, path: str, load: Load, *, is_alone: bool = False) -> Job:
    """The job of reading `text` by one of `rendering.parsers`."""
    return Job(
        engine=parser,
        path=path,
        text=text,
        first_line=1,
        variables=("",),
        load=load,
        task="parse",
        is_alone=is_alone,
    )
