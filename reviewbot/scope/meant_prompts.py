"""What a path was meant to name that does not tell a prompt's format: a folder, a source file."""

import re
from collections.abc import Mapping

from reviewbot import prompt_formats
from reviewbot.configuration.shape.workflows import UnknownFormat
from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompt_formats import tool_definitions
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.trees import Tree
from reviewbot.scope.meant_paths import files_in, meant_path

_SHOWN_FILES = 5
_SHOWN_NAMES = 8
_LONGEST_NAME = 80
_REMARK = re.compile(r"[\"']?[ \t]{1,20}#[ \t]{0,20}([\w.-]{1,80})\s{0,20}$")


def with_meant(problem: Problem, tree: Tree, text: str) -> Problem:
    """The problem; of a folder with the files in it, of a source file with the prompts in it.

    `text` is the configuration, in which the problem has its line.
    """
    if not isinstance(problem, UnknownFormat):
        return problem
    path = problem.path
    if inside := _prompts_in(path, tree, text):
        left = len(inside) - _SHOWN_FILES
        files = ", ".join(f"`- {path}`" for path in inside[:_SHOWN_FILES])
        more = f" and {left:,} more" if left > 0 else ""
        what, mend = f"{path!r} is a folder", f"list each file in it: {files}{more}"
    elif prompt_formats.of_source(path) is None:
        what, mend = problem.what, problem.mend
    elif tree.entry(path) is None:
        meant = meant_path(path, tree.paths)
        what = f"{path!r}: there is no such file"
        mend = f"did you mean `{meant}#NAME`?" if meant else "correct the path"
    else:
        what, mend = _of_source(problem, path, tree, text)
    return Problem(what=what, mend=mend, place=problem.place)


def _prompts_in(folder: str, tree: Tree, text: str) -> list[str]:
    """The prompts in a folder, as their names tell; if there are, those that `text` lacks."""
    found = {it: prompt_formats.recognize(it) for it in files_in(folder, tree.paths)}
    inside = [it for it, kind in found.items() if kind and kind.NAME != tool_definitions.NAME]
    words = set(re.split(r"[\s,\[\]{}\"'#]+", text))
    return [it for it in inside if it not in words] or inside


def _of_source(problem: Problem, path: str, tree: Tree, text: str) -> tuple[str, str]:
    """What is wrong with a path of a source file, and the name that is to stand behind it."""
    try:
        names = _names_in(path, tree)
    except MeasurementError as error:
        (first, *_) = error.problems
        line = f" in line {first.place.line}" if first.place and first.place.line else ""
        return f"{path!r} cannot be read: {first.what}{line}", first.mend
    if not names:
        return problem.what, problem.mend
    if (name := _remark(problem, path, text)) in names:
        what = f"` #{name}` behind {path!r} is a remark in YAML: a blank stands before the `#`"
        return what, f"write `{path}#{name}`"
    return f"{path!r} is source code, and may hold several prompts", _one_of(path, names)


def _remark(problem: Problem, path: str, text: str) -> str | None:
    """The word behind ` #` that follows a path in its line of the configuration."""
    place = problem.place
    if place is None or place.line is None:
        return None
    line = text.split("\n")[place.line - 1 : place.line]
    _, _, behind = "".join(line).partition(path)
    found = _REMARK.match(behind)
    return found[1] if found else None


def _one_of(path: str, names: Mapping[str, str]) -> str:
    """That one of these names is to stand behind the path; the longest text is the likeliest."""
    likeliest = max(names, key=lambda name: len(names[name]))
    mend = f"say which is meant: `{path}#{likeliest}`"
    others = [name for name in names if name != likeliest]
    if not others:
        return mend
    left = len(others) - _SHOWN_NAMES
    shown = ", ".join(f"`#{name}`" for name in others[:_SHOWN_NAMES])
    return f"{mend}, or {shown}{f' and {left:,} more' if left > 0 else ''}"


def _names_in(path: str, tree: Tree) -> Mapping[str, str]:
    """The texts of a source file by the names that select them.

    Raises:
        MeasurementError: It cannot be read.
    """
    found = prompt_formats.by_name(prompt_formats.of_source(path) or "")
    with LimitedParser() as parser:
        file = SourceReader(tree, {}, parser).prompts.text_of(path, None)
        texts = prompt_formats.texts(found, file)
    return {name: text for name, text in texts.items() if 0 < len(name) <= _LONGEST_NAME}
