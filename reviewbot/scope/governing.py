"""Which configuration says what: the one that governs, the proposed one, and the one before.

Limits, traffic, samples and prices that gate come from the tip of the base branch; which prompts
and models a workflow has come from the merge base (before) and from the head (after).
"""

import posixpath
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration import DEFAULT_FILE
from reviewbot.configuration.reading import read_approval, read_configuration
from reviewbot.configuration.setting_lines import Locator
from reviewbot.configuration.settings import Approval, Configuration, PriceFile, Workflow
from reviewbot.errors import ConfigurationError, MeasurementError, Place, Problem
from reviewbot.repository.refused_files import IgnoredProblem
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import Tree, read_text
from reviewbot.scope.meant_paths import files_in, meant_path


class Configurations(Struct, frozen=True, kw_only=True):
    """The configurations of one review.

    `before` and `after` say which prompts and models the workflows have. `governing` says what
    gates. `proposed` is what the change would have gate: the head's file if the change touches it,
    else the governing one. `advisory` says why the head's own had to govern; None where the base's
    does. `approval` says who may approve: where the base's file is broken, what can be read of it.
    """

    before: Configuration
    after: Configuration
    governing: Configuration
    proposed: Configuration
    advisory: str | None = None
    is_base_broken: bool = False
    approval: Approval
    proposed_text: str


def read_configurations(comparison: Comparison, file: str) -> Configurations:
    """The configurations at the three revisions; equal files are read once.

    Raises:
        ConfigurationError: The head has none, or a wrong one; with every problem.

    """
    head_text = _text(comparison.after_tree, file)
    if head_text is None:
        was_there = comparison.governing_tree.entry(file) is not None
        problem = _removed(file) if was_there else _no_configuration(file, comparison.after_tree)
        raise ConfigurationError([problem])
    head = _filed(_read_head(comparison.after_tree, head_text, file), comparison.after_tree)
    known = {head_text: head}
    governing_text = None
    try:
        governing_text = _text(comparison.governing_tree, file)
        governing = (
            None
            if governing_text is None
            else _filed(_read_once(known, governing_text, file), comparison.governing_tree)
        )
        reason = (
            f"{comparison.base.name} has no {file}, "
            "so the limits of the reviewed change itself were used"
        )
    except ConfigurationError as error:
        governing = None
        reason = _broken(error.problems[0], file, comparison.base.name)
    if governing is None:
        approval = head.approval
        is_base_broken = comparison.governing_tree.entry(file) is not None
        if is_base_broken:
            approval = read_approval(governing_text or "", file=file)
        return Configurations(
            before=head,
            after=head,
            governing=head,
            proposed=head,
            advisory=reason,
            is_base_broken=is_base_broken,
            approval=approval,
            proposed_text=head_text,
        )
    try:
        before_text = _text(comparison.before_tree, file)
        before = (
            governing
            if before_text is None
            else _filed(_read_once(known, before_text, file), comparison.before_tree)
        )
    except ConfigurationError:
        before_text, before = None, governing
    is_same = (
        head_text == before_text
        and head.prices == before.prices
        and head.usage.content == before.usage.content
    )
    return Configurations(
        before=before,
        after=head,
        governing=governing,
        proposed=governing if is_same else head,
        approval=governing.approval,
        proposed_text=head_text,
    )


class Earlier(Struct, frozen=True, kw_only=True):
    """What is known of a first configuration's workflows before the change, by their names.

    `models` are those that were others, `gone` workflows of prompts that may be gone since.
    """

    models: Mapping[str, str] = {}
    gone: Mapping[str, Workflow] = {}


def with_earlier(configurations: Configurations, earlier: Earlier) -> Configurations:
    """The configurations, with what is known of the workflows before the change."""
    workflows = {
        name: replace(workflow, model=earlier.models.get(name, workflow.model))
        for name, workflow in configurations.before.workflows.items()
    }
    before = replace(configurations.before, workflows={**earlier.gone, **workflows})
    return replace(configurations, before=before)


def _broken(problem: Problem, file: str, base: str) -> str:
    """What is wrong on the base, and that the change mends it."""
    place = problem.place
    line = f":{place.line}" if place and place.file == file and place.line else ""
    return (
        f"{file}{line} on {base} is broken ({problem.what}; {problem.mend}); this change mends it, "
        "and its own limits were used"
    )


def _read_head(tree: Tree, text: str, file: str) -> Configuration:
    """The head's configuration; of a path that is no prompt by itself, what it holds is told."""
    try:
        return read_configuration(text, file=file)
    except ConfigurationError as error:
        from reviewbot.scope.meant_prompts import with_meant

        raise ConfigurationError([with_meant(it, tree, text) for it in error.problems]) from error


def _read_once(known: dict[str, Configuration], text: str, file: str) -> Configuration:
    if text not in known:
        known[text] = read_configuration(text, file=file)
    return known[text]


def _filed(configuration: Configuration, tree: Tree) -> Configuration:
    """The configuration with the files that it names, as they stand in `tree`.

    Of the aggregate of logs only the content's id is looked up: nobody may need it.

    Raises:
        ConfigurationError: There is no such price file.

    """
    usage = configuration.usage
    if (entry := tree.entry(usage.file)) is not None:
        content = f"{entry.mode} {entry.object_id}"
        configuration = replace(configuration, usage=replace(usage, content=content))
    path = configuration.prices.catalogue
    if path is None:
        return configuration
    try:
        file = PriceFile(path=path, text=read_text(tree, path))
    except MeasurementError as error:
        text = _text(tree, configuration.file) or ""
        place = Locator(text, file=configuration.file).place(("prices", "catalogue"))
        raise ConfigurationError([_named(item, place) for item in error.problems]) from error
    if file == configuration.prices.catalogue_file:
        return configuration
    return replace(configuration, prices=replace(configuration.prices, catalogue_file=file))


def _named(problem: Problem, place: Place) -> Problem:
    """A problem of the price file, at the key that names it."""
    path = f"{problem.place.file}: " if problem.place else ""
    return replace(problem, what=f"{path}{problem.what}", place=place)


def _text(tree: Tree, file: str) -> str | None:
    if tree.entry(file) is None:
        return None
    try:
        return read_text(tree, file)
    except MeasurementError as error:
        raise ConfigurationError(error.problems) from error


def _removed(file: str) -> Problem:
    return Problem(
        what="the change removes the configuration, and with it every limit",
        mend="keep the file; a workflow that is gone is taken out of `workflows`",
        place=Place(file=file),
    )


def _no_configuration(file: str, tree: Tree) -> Problem:
    if isinstance(problem := tree.read([file])[file], IgnoredProblem):
        return problem
    what = "there is no configuration"
    mend = "write one with `reviewbot init`, or name yours with `--config PATH`"
    if file.startswith(("/", "../")):
        what = "the path of the configuration leads out of the repository"
        mend = f"count it from the repository's root, such as `--config {DEFAULT_FILE}`"
    elif inside := files_in(file, tree.paths):
        what = "this is a folder, and no configuration"
        own = [item for item in inside if _is_yaml(item)]
        mend = f"name the file: `--config {next(iter(own), file + '/reviewbot.yml')}`"
    elif meant := meant_path(file, (item for item in tree.paths if _may_be_meant(item, file))):
        mend = f"did you mean `--config {meant}`? Else {mend}"
    return Problem(what=what, mend=mend, place=Place(file=file))


def _may_be_meant(path: str, file: str) -> bool:
    """Whether a file may be the configuration; unless somebody named one, it says so in its name.

    Others, such as `dependabot.yml`, lie beside the usual place in most repositories.
    """
    return _is_yaml(path) and (file != DEFAULT_FILE or "review" in posixpath.basename(path).lower())


def _is_yaml(path: str) -> bool:
    return path.endswith((".yml", ".yaml"))
