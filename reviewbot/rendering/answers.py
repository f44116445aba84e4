"""What the rendering process answers of a job: texts, values, and what is wrong, at its line."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from reviewbot.prompt import Constant, Part, TemplateError, UndefinedVariableError
from reviewbot.rendering.engines._common.faults import MissingFileError, described
from reviewbot.rendering.recorded_choices import Choice
from reviewbot.rendering.undefined import told

_SHOWN_CHARACTERS = 300
_UNDEFINED_CHARACTERS = 1_000
"""Of a message: an engine's own may hold the whole template; names of variables are worth more."""

_ADDRESS = re.compile(r"<(?:[^<>\n]|<locals>|<lambda>){1,200} at 0x[0-9a-f]{6,16}>")


def told_choice(choice: Choice, job: Mapping[str, Any]) -> Any:
    """A value of an expression, at its line of the file."""
    line = _line_of_file(choice.line, choice.path, job) or choice.line
    return to_builtins(replace(choice, line=line))


def told_part(part: Part) -> dict[str, Any]:
    """One of the messages in a text."""
    return {"role": part.role, "text": part.text, "start": part.start}


def told_constant(constant: Constant, job: Mapping[str, Any]) -> dict[str, Any]:
    """How much of a text no variable can change, and where it begins to vary."""
    line = _line_of_file(constant.line, constant.path, job)
    return {"characters": constant.characters, "path": constant.path, "line": line}


def _line_of_file(line: int | None, path: str | None, job: Mapping[str, Any]) -> int | None:
    """What a line of the template is in the file that it stands in."""
    if line is None or path != job["path"]:
        return line
    first: int = job["first_line"]
    return first + line - 1 if job["is_in_lines"] else first


def refusal(text: str, source: str, output_characters: int) -> dict[str, Any] | None:
    """The answer that a text is too long or no text; None where it is fine."""
    if len(text) > output_characters:
        what = f"the rendering has more than {output_characters:,} characters"
        return {"what": what, "mend": "shorten the prompt or its sample"}
    if " at 0x" in text and (found := _ADDRESS.search(text)) and found[0] not in source:
        what = f"the template prints an object of the engine, {found[0].partition(' at ')[0]}>"
        return {"what": what, "mend": "print text only; is a call's `()` missing?"}
    return None


def undefined_answer(
    errors: Sequence[UndefinedVariableError], job: Mapping[str, Any]
) -> dict[str, Any]:
    """The answer that variables are undefined; a sample is at fault, and it is the parent's."""
    located = []
    for error in errors:
        path = error.path or job["path"]
        line = _line_of_file(error.line, path, job)
        located.append(UndefinedVariableError(error.name, line, path=path))
    what, mend = told(located)
    first = located[0]
    answer = {"what": what[:_UNDEFINED_CHARACTERS], "mend": mend, "undefined": True}
    return answer | {"path": first.path, "line": first.line}


def failure_answer(error: Exception, job: Mapping[str, Any]) -> dict[str, Any]:
    """The answer that a template is wrong, or what rendering it met; of a parser, its own fault."""
    if isinstance(error, TemplateError):
        what, mend, line = error.what, error.mend, error.line
        path = error.path or job["path"]
    elif job["task"] == "parse" and not isinstance(error, MemoryError | RecursionError):
        (said, _), line, path = described(error), None, job["path"]
        what = f"a fault of reviewbot itself: it cannot read `{path}` ({said})"
        mend = "please report it with that file; approve the change if it is meant"
    else:
        (what, mend), line, path = described(error), None, job["path"]
    line = _line_of_file(line, path, job)
    answer = {"what": what[:_SHOWN_CHARACTERS], "mend": mend, "path": path, "line": line}
    return answer | ({"missing": error.name} if isinstance(error, MissingFileError) else {})
