"""What is wrong with a template's renderings, told by the workflow's files and samples."""

import posixpath
from collections.abc import Iterable, Iterator

from reviewbot.errors import Problem
from reviewbot.measurement.include_cycles import cycle_behind
from reviewbot.measurement.lacking_variables import lacking
from reviewbot.measurement.unfit_values import unfit_value
from reviewbot.measurement.unrun_code import without_code
from reviewbot.prompt import Sample
from reviewbot.prompts.sources import LocatedMessage
from reviewbot.rendering.jobs import MissingFile, Rendered, UndefinedVariables
from reviewbot.repository.refused_files import uncommitted
from reviewbot.repository.trees import Tree
from reviewbot.scope.affected import Side
from reviewbot.scope.meant_paths import meant_path


def template_problems(
    side: Side, message: LocatedMessage, results: Iterable[tuple[Sample, Rendered | Problem]]
) -> Iterator[Problem]:
    """What is wrong with the renderings of a message, each problem once with its samples."""
    found: dict[Problem, list[Sample]] = {}
    for sample, result in results:
        if isinstance(result, Problem):
            found.setdefault(result, []).append(sample)
    for problem, having in found.items():
        if isinstance(problem, UndefinedVariables):
            for item in without_code(problem, side):
                is_lacking = isinstance(item, UndefinedVariables)
                yield lacking(item, having, side) if is_lacking else item
        elif isinstance(problem, MissingFile):
            yield _misnamed(problem, message.path, side.reader.tree)
        else:
            cycle = cycle_behind(problem, message, side.reader)
            yield cycle or unfit_value(problem, having[0], side) or problem


def _misnamed(problem: MissingFile, prompt: str, tree: Tree) -> Problem:
    """The problem that a file is missing, with the one that was probably meant.

    That is never the prompt or the including file, which would include itself.
    """
    parent = problem.place.file if problem.place else ""
    paths = [path for path in tree.paths if path not in {parent, prompt}]
    near = None
    folder = posixpath.dirname(parent)
    while True:
        path = posixpath.normpath(posixpath.join(folder, problem.name))
        if path in tree.uncommitted:
            is_staged = tree.is_staged
            lack = "staged" if is_staged else "committed"
            what = f"{problem.what}: {path!r} is there, but not {lack}"
            mend = uncommitted(path, is_staged=is_staged).mend
            return Problem(what=what, mend=mend, place=problem.place)
        near = meant_path(path, paths)
        if near or not folder:
            break
        folder = posixpath.dirname(folder)
    mend = f"did you mean {near!r}? Else {problem.mend}" if near else problem.mend
    return Problem(what=problem.what, mend=mend, place=problem.place)
