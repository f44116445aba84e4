"""The samples of a configuration, with the variables that its prompts ask for by now."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from reviewbot.configuration.reading import read_configuration
from reviewbot.configuration.settings import Configuration, Workflow
from reviewbot.configuration.text_edits import TextEdits
from reviewbot.discovery.configuration_text import VARIABLE_SIZE, variable_name
from reviewbot.errors import MeasurementError
from reviewbot.prompt import Sample
from reviewbot.prompts.sources import SourceReader, named_references
from reviewbot.report import Report
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import Tree
from reviewbot.unconfigured.comparisons import only_head, with_configuration
from reviewbot.unconfigured.undefined_names import undefined_names

_MOST_ROUNDS = 8
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

    Nothing is taken out; variables that no prompt names any more are told, and so are those that
    files of samples lack.
    """
    head = only_head(comparison, file)
    for path in _missing(read_configuration(text, file=file), comparison.after_tree):
        head = with_configuration(head, path, "")  # so that only its own workflow is not measured
    added: dict[str, list[str]] = {}
    lacking: dict[str, Sequence[str]] = {}
    for _ in range(_MOST_ROUNDS):
        report = measure(with_configuration(head, file, text))
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
    configuration = read_configuration(text, file=file)
    return UpdatedSamples(text=text, said=(*_said(added, lacking), *_unused(configuration, reader)))


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


def _unused(configuration: Configuration, reader: SourceReader) -> Iterator[str]:
    """The variables of samples whose names stand in no file of their workflow."""
    for workflow in configuration.workflows.values():
        samples = [item for item in workflow.samples if isinstance(item, Sample)]
        names = dict.fromkeys(name for item in samples for name in item.variables)
        if not names:
            continue
        try:
            files = reader.read(workflow, configuration).files
            texts = [reader.text(path) for path in files]
        except MeasurementError:
            continue
        for name in names:
            if not any(_is_named(name, text) for text in texts):
                where = f"`{name}` in the samples of `{workflow.name}`"
                yield f"not used any more: {where}: take it out"


def _is_named(name: str, text: str) -> bool:
    """Whether a text names a variable: in braces, behind `$`, in quotes, or as an argument.

    A prompt may have the same word in a sentence.
    """
    if any(said in text for said in (f"${name}", f'"{name}"', f"'{name}'", f"{name}=")):
        return True
    position = text.find(name)
    while position >= 0:
        before = text[max(0, position - _IN_BRACES) : position]
        if before.rfind("{") > before.rfind("}"):
            return True
        position = text.find(name, position + len(name))
    return False


_IN_BRACES = 300
