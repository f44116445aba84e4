"""The samples of a configuration, with the variables that its prompts ask for by now."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from reviewbot.configuration.reading import read_configuration
from reviewbot.configuration.setting_lines import Locator
from reviewbot.configuration.settings import Configuration, SamplePattern, Workflow
from reviewbot.configuration.text_edits import TextEdits
from reviewbot.discovery.calls import shapes_of
from reviewbot.discovery.configuration_text import flow, variable_name
from reviewbot.discovery.template_shapes import Shape
from reviewbot.discovery.variable_guesses import guessed_value
from reviewbot.errors import MeasurementError
from reviewbot.outputs.wrapping import short_names
from reviewbot.prompt import Sample
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.prompts.sources import named_references
from reviewbot.report import Report
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import Tree
from reviewbot.unconfigured.comparisons import only_head, with_configuration
from reviewbot.unconfigured.first_samples import with_first_samples
from reviewbot.unconfigured.known_values import KnownValue, kind_of, known_values
from reviewbot.unconfigured.renamed_variables import (
    renamed_variables,
    said_renames,
    with_renames,
)
from reviewbot.unconfigured.undefined_names import undefined_names
from reviewbot.unconfigured.unused_variables import unused_variables

_MOST_ROUNDS = 8
"""Each round measures the workflows once more, which takes time."""


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

    One of which only the name has changed keeps its value; another has the largest that it has in
    other workflows, else a guess. Nothing is taken out; variables that nothing asks for any more
    are told, and so are those that files of samples lack.
    """
    head = only_head(comparison, file)
    for path in _missing(read_configuration(text, file=file), comparison.after_tree):
        head = with_configuration(head, path, "")  # so that only its own workflow is not measured

    def measured(tried: str) -> Report:
        return measure(with_configuration(head, file, tried))

    def unused(filled: _Filled) -> dict[str, Sequence[str]]:
        now = read_configuration(filled.text, file=file)
        return unused_variables(filled.text, now, filled.report, measured, reader)

    configuration = read_configuration(text, file=file)
    filled = _filled(text, file, measured, reader)
    found = unused(filled)
    readers = (reader.over(comparison.before_tree), reader)
    renames = renamed_variables(configuration, filled.guesses(), found, readers)
    if renames:
        filled = _filled(with_renames(text, configuration, renames), file, measured, reader)
        lost = {item.name for item in filled.report.workflows if item.problems}
        if lost & renames.keys():
            renames = {name: pairs for name, pairs in renames.items() if name not in lost}
            filled = _filled(with_renames(text, configuration, renames), file, measured, reader)
        found = unused(filled)
    now = read_configuration(filled.text, file=file)
    text, first = with_first_samples(filled.text, now, filled.report, reader, (head, measure))
    gone = _told(found, text, file)
    said = (*said_renames(configuration, renames), *filled.said(), *_first(first), *gone)
    return UpdatedSamples(text=text, said=said)


class _Filled(Struct, frozen=True, kw_only=True):
    """A configuration whose samples have what they lacked, and what the review of it says.

    `added` are the variables that samples were given, `lacking` those that files of samples lack.
    """

    text: str
    report: Report
    added: Mapping[str, "_Added"]
    lacking: Mapping[str, "_Lacking"]

    def guesses(self) -> dict[str, dict[str, object]]:
        """The values of the variables that were added, by workflow and name."""
        return {
            name: {key: new.value for values in samples.values() for key, new in values.items()}
            for name, samples in self.added.items()
        }

    def said(self) -> Iterator[str]:
        """What was added, and what files of samples lack, line by line."""
        for name, samples in self.added.items():
            alike: dict[str, list[str]] = {}
            for sample, values in samples.items():
                shown = ", ".join(
                    f"`{key}: {flow(new.value)}`{f' as in `{new.origin}`' if new.origin else ''}"
                    for key, new in values.items()
                )
                alike.setdefault(shown, []).append(f"`{sample}`")
            for shown, names in alike.items():
                added = [new.value for it in samples.values() for new in it.values()]
                is_long = all(isinstance(value, Mapping | list) for value in added)
                ask = "say how long each is" if is_long else "write what each really is"
                yield f"new in {', '.join(names)} of `{name}`: {shown}; {ask}"
        for name, (patterns, variables) in self.lacking.items():
            if variables:
                shown = ", ".join(f"`{item}`" for item in variables)
                files = f" ({', '.join(patterns)})" if patterns else ""
                yield f"missing in the sample files of `{name}`{files}: {shown}"


def _filled(
    text: str, file: str, measured: Callable[[str], Report], reader: SourceReader
) -> _Filled:
    """The text in which samples have what its templates ask for, as far as that can be told."""
    added: dict[str, _Added] = {}
    lacking: dict[str, _Lacking] = {}
    known = known_values(read_configuration(text, file=file), reader)
    report = measured(text)
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
            workflow = configuration.workflows[name]
            shapes = _shapes(workflow, configuration, reader)
            values = dict(_value(*guessed_value(item, shapes), name, known) for item in names)
            new = _added(edits, workflow, values)
            for sample, given in new.items():
                added.setdefault(name, {}).setdefault(sample, {}).update(given)
            done = {item for values in added.get(name, {}).values() for item in values}
            lacking[name] = (
                [it.pattern for it in workflow.samples if isinstance(it, SamplePattern)],
                [
                    f"{variable}: {flow(given.value)}"
                    for variable, given in values.items()
                    if done.isdisjoint({variable, variable.partition(".")[0]})
                ],
            )
        changed = edits.text()
        if changed == text:
            break
        text = changed
        report = measured(text)
    return _Filled(text=text, report=report, added=added, lacking=lacking)


def _value(
    name: str, guess: object, workflow: str, known: Sequence[KnownValue]
) -> tuple[str, KnownValue]:
    """The name with the largest value that another workflow has for it, else with the guess."""
    others = [
        item
        for item in known
        if item.name == name
        and item.origin != workflow
        and kind_of(item.value) == kind_of(guess) == "text"
    ]
    guessed = KnownValue(name=name, value=guess, origin="")
    return name, max(others, key=lambda item: item.characters, default=guessed)


def _missing(configuration: Configuration, tree: Tree) -> list[str]:
    """The files that workflows name and that are not there."""
    named = [
        item.path
        for workflow in configuration.workflows.values()
        for item in named_references(workflow)
    ]
    return [path for path in dict.fromkeys(named) if tree.entry(path) is None]


def _shapes(
    workflow: Workflow, configuration: Configuration, reader: SourceReader
) -> Mapping[str, Shape]:
    try:
        return shapes_of([reader.read(workflow, configuration)], reader)
    except MeasurementError:
        return {}


_Lacking = tuple[Sequence[str], Sequence[str]]
"""The patterns of the files of samples, and the variables that these lack, with their values."""

_Added = dict[str, dict[str, KnownValue]]
"""The variables that samples were given, with their values, by the samples' names."""


def _added(edits: TextEdits, workflow: Workflow, values: Mapping[str, KnownValue]) -> _Added:
    """Give each sample of the workflow's own that lacks them the variables; those that were new."""
    new: _Added = {}
    for number, sample in enumerate(workflow.samples):
        path = ("workflows", workflow.name, "samples", number)
        if not isinstance(sample, Sample) or not edits.has(path):
            continue
        for name, value in values.items():
            if name in sample.variables:
                continue
            new.setdefault(sample.name, {})[name] = value
            inside = (*path, "variables")
            is_long = isinstance(value.value, Mapping | list)
            asked = "how long is it?" if is_long else "what is it?"
            asked = f"as long as in {value.origin}?" if value.origin else asked
            mark = f"  # CHANGE: {asked}" if edits.is_in_lines(inside) else ""
            edits.set(inside, variable_name(name), f"{flow(value.value)}{mark}")
            if not sample.variables:
                break  # the others follow when it stands there
    return new


def _first(found: Mapping[str, Sequence[str] | None]) -> Iterator[str]:
    for name, variables in found.items():
        if variables is None:
            yield f"`{name}` needs no sample: its prompts ask for no variable"
            continue
        shown = ", ".join(f"`{item}`" for item in short_names(variables))
        yield (
            f"first sample of `{name}`: {shown}: say how long each is"
            if variables
            else f"no first sample of `{name}` could be guessed: write its `samples` by hand"
        )


def _told(unused: Mapping[str, Sequence[str]], text: str, file: str) -> Iterator[str]:
    """The variables that nothing asks for any more, with the lines of the text where they stand."""
    locator = Locator(text, file=file)
    workflows = read_configuration(text, file=file).workflows if unused else {}
    for workflow, names in unused.items():
        samples = [item for item in workflows[workflow].samples if isinstance(item, Sample)]
        for name in names:
            lines = [
                str(
                    locator.place(
                        ("workflows", workflow, "samples", item.name, "variables", name)
                    ).line
                )
                for item in samples
                if name in item.variables
            ]
            where = f"of `{workflow}`, {file}:{', '.join(dict.fromkeys(lines))}"
            yield f"not used any more: `{name}` in the samples {where}: take it out"
