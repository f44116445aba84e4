"""What a baseline that cannot be read says, and the mend that works there."""

import difflib
from collections.abc import Iterator

from msgspec.structs import replace

from reviewbot.configuration.setting_lines import Locator
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.policy.baseline import MEND, Baseline, is_like_a_baseline, read_baseline
from reviewbot.repository.trees import Tree, read_text
from reviewbot.scope.governing import Configurations
from reviewbot.scope.meant_paths import meant_path

WRITE = "write it: `reviewbot baseline`"


def baseline_or_problem(
    tree: Tree, file: str, configurations: Configurations
) -> Baseline | Problem:
    """The baseline at `file`, or why there is none: the place of a misspelt name is its setting."""
    text = ""
    try:
        text = read_text(tree, file)
        return _with_misspelt(read_baseline(text, file=file), configurations)
    except MeasurementError as error:
        problem = error.problems[0]
    if tree.entry(file) is not None:
        return replace(problem, mend=MEND) if is_like_a_baseline(text) else problem
    named = configurations.after.baseline == file
    place = baseline_place(configurations) if named else problem.place
    what = f"{file}: {problem.what}" if named else problem.what
    mend = WRITE
    if any(path.startswith(f"{file}/") for path in tree.paths):
        what = f"{file} is a folder"
        mend = (
            f"name a file, as `baseline: {file}/baseline.json`, and write it: `reviewbot baseline`"
        )
    elif meant := meant_path(file, _baselines(tree, file)):
        mend = f"did you mean {meant!r}?"
    return Problem(what=what, mend=mend, place=place)


def baseline_place(configurations: Configurations) -> Place:
    """Where the proposed configuration names its baseline."""
    locator = Locator(configurations.proposed_text, file=configurations.after.file)
    return locator.place(("baseline",))


def lacking_entry(baseline: Baseline, workflow: str) -> str:
    """That a workflow has no entry, or has one under a misspelt name."""
    entry = baseline.misspelt.get(workflow)
    if entry is None:
        return f"{baseline.file} lacks this workflow, so small steps add up unseen; {MEND}"
    place = Place(file=baseline.file, line=baseline.lines.get(entry), key=f"workflows.{entry}")
    unseen = "no workflow is called so, so small steps add up unseen"
    return str(Problem(what=unseen, mend=f"did you mean {workflow!r}?", place=place))


def _with_misspelt(baseline: Baseline, configurations: Configurations) -> Baseline:
    """The baseline, with its entries that are called nearly like a workflow that it lacks."""
    lacking = [
        name for name in configurations.governing.workflows if name not in baseline.workflows
    ]
    known = {*configurations.governing.workflows, *configurations.proposed.workflows}
    misspelt = {}
    for entry in baseline.workflows:
        near = [] if entry in known else difflib.get_close_matches(entry, lacking, 1, _ALIKE)
        misspelt.update(dict.fromkeys(near, entry))
    return replace(baseline, misspelt=misspelt)


_ALIKE = 0.8
_MOST_READ = 50


def _baselines(tree: Tree, file: str) -> Iterator[str]:
    """The paths of other files of the tree that are baselines, as far as a name may be a slip."""
    ending = file.rpartition(".")[2]
    found = [path for path in sorted(tree.paths) if path.endswith(f".{ending}")]
    near = [path for path in found if "baseline" in path.lower()][:_MOST_READ]
    for path in near:
        try:
            text = read_text(tree, path)
        except MeasurementError:
            continue
        if is_like_a_baseline(text):
            yield path
