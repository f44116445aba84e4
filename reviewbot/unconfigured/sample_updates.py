"""The samples of a configuration, with the variables that its prompts ask for by now."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from reviewbot.configuration.reading import read_configuration
from reviewbot.configuration.settings import Configuration, Workflow
from reviewbot.configuration.text_edits import TextEdits
from reviewbot.discovery.configuration_text import VARIABLE_SIZE, variable_name
from reviewbot.prompt import Sample
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.prompts.sources import named_references
from reviewbot.report import Report
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import Tree
from reviewbot.unconfigured.comparisons import only_head, with_configuration
from reviewbot.unconfigured.undefined_names import undefined_names
from reviewbot.unconfigured.unused_variables import unused_variables

_MOST_ROUNDS = 8
"""Each round measures the workflows once more, which takes time."""

_MARK = "  # CHANGE: how long is it?"


class UpdatedSamples(Struct, frozen=True, kw_only=True):
    """The configuration's text with new variables, and what was done or is to do, line by line."""

    text: str
    said: tuple[str, ...] = ()


def updated_samples(
    text: str,
    comparison: Comparison,
    file: str,
    measure: Callable[[Comparison], Report],
    reader: SourceReader,
) -> UpdatedSamples:
    """The text with each variable that a prompt asks for in the samples that stand in it.

    Nothing is taken out; variables that nothing asks for any more are told, and so are those that
    files of samples lack.
    """
    head = only_head(comparison, file)
    for path in _missing(read_configuration(text, file=file), comparison.after_tree):
        head = with_configuration(head, path, "")  # so that only its own workflow is not measured
    added: dict[str, list[str]] = {}
    lacking: dict[str, Sequence[str]] = {}
    report = measure(with_configuration(head, file, text))
    for _ in range(_MOST_ROUNDS):
        undefined = {
            item.name: names
            for item in report.workflows
            for problem in item.problems[:1]
            if (names := undefined_names(problem))
        }
        configuration = read_configuration(text, file=file)
        edits = TextEdits(text)
        for name, names in undefined.items():
            new = _added(edits, configuration.workflows[name], names)
            added[name] = [*dict.fromkeys((*added.get(name, ()), *new))]
            lacking[name] = [item for item in names if item not in added[name]]
        changed = edits.text()
        if changed == text:
            break
        text = changed
        report = measure(with_configuration(head, file, text))

    def measured(tried: str) -> Report:
        return measure(with_configuration(head, file, tried))

    configuration = read_configuration(text, file=file)
    unused = unused_variables(text, configuration, report, measured, reader)
    return UpdatedSamples(text=text, said=(*_said(added, lacking), *_told(unused)))


def _missing(configuration: Configuration, tree: Tree) -> list[str]:
    """The files that workflows name and that are not there."""
    named = [
        item.path
        for workflow in configuration.workflows.values()
        for item in named_references(workflow)
    ]
    return [path for path in dict.fromkeys(named) if tree.entry(path) is None]


def _added(edits: TextEdits, workflow: Workflow, names: Sequence[str]) -> list[str]:
    """Give each sample of the workflow's own that lacks them the variables; those that were new."""
    new: list[str] = []
    for number, sample in enumerate(workflow.samples):
        path = ("workflows", workflow.name, "samples", number)
        if not isinstance(sample, Sample) or not edits.has(path):
            continue
        for name in names:
            if name in sample.variables:
                continue
            new += [name] if name not in new else []
            inside = (*path, "variables")
            mark = _MARK if edits.is_in_lines(inside) else ""
            edits.set(inside, variable_name(name), f"{VARIABLE_SIZE}{mark}")
            if not sample.variables:
                break  # the others follow when it stands there
    return new


def _told(unused: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for workflow, names in unused.items():
        for name in names:
            yield f"not used any more: `{name}` in the samples of `{workflow}`: take it out"


def _said(
    added: Mapping[str, Sequence[str]], lacking: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    for name, variables in added.items():
        if variables:
            shown = ", ".join(f"`{item}`" for item in variables)
            yield f"new in the samples of `{name}`: {shown}: say how long each is"
    for name, variables in lacking.items():
        if variables:
            shown = ", ".join(f"`{item}`" for item in variables)
            yield f"missing in the sample files of `{name}`: {shown}"
