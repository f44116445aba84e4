"""First samples for workflows of a configuration that have variables and no sample."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from reviewbot.configuration.settings import Configuration, Guess, Workflow
from reviewbot.configuration.text_edits import TextEdits
from reviewbot.discovery.calls import Proposed, shapes_of
from reviewbot.discovery.configuration_text import flow, sample_lines
from reviewbot.discovery.guesses import found_in
from reviewbot.documents import MappingNode, parse_yaml, plain
from reviewbot.errors import MeasurementError
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.report import STATIC_NOTE, Report
from reviewbot.repository.revisions import Comparison
from reviewbot.unconfigured.trials import NO_VARIABLE, tried


def with_first_samples(
    text: str,
    configuration: Configuration,
    report: Report,
    reader: SourceReader,
    trial: tuple[Comparison, Callable[[Comparison], Report]],
) -> tuple[str, dict[str, Sequence[str] | None]]:
    """The text with a sample for each workflow that was measured without, and their variables.

    Those for which no sample could be measured have no variables; None stands for those that are
    measured whole without any. `trial` is what to measure samples in, and how.
    """
    waiting = [
        proposed
        for item in report.workflows
        if item.after is not None and STATIC_NOTE in item.after.notes
        for proposed in _proposed(configuration.workflows.get(item.name), configuration, reader)
    ]
    if not waiting:
        return text, {}
    comparison, measure = trial
    done = tried(comparison, configuration.file, waiting, measure)
    found = {
        item.name: item.variables
        for item in done.workflows
        if {*item.variables} - {NO_VARIABLE} and item.name not in done.problems
    }
    edits = TextEdits(text)
    for name, variables in found.items():
        _put(edits, name, variables, _own_guesses(text, configuration.file, name))
    need_none = {
        item.name
        for item in done.workflows
        if item.variables.keys() == {NO_VARIABLE} and item.name not in done.problems
    }
    return edits.text(), {
        item.name: None if item.name in need_none else [*found.get(item.name, ())]
        for item in waiting
    }


def _proposed(
    workflow: Workflow | None, configuration: Configuration, reader: SourceReader
) -> Iterator[Proposed]:
    """The workflow as `init` would propose it, for a sample to be looked for."""
    if workflow is None or not workflow.takes_first_samples:
        return
    try:
        source = reader.read(workflow, configuration)
    except MeasurementError:
        return
    yield Proposed(
        name=workflow.name,
        prompts=tuple(
            replace(found_in(item.path, item.selector, item.format), role=item.role)
            for item in workflow.prompts
        ),
        has_variables=True,
        shapes=shapes_of([source], reader),
    )


def _own_guesses(text: str, file: str, name: str) -> list[str]:
    """What the workflow itself says is assumed of it."""
    node = parse_yaml(text, file=file)
    for key in ("workflows", name, "assumed"):
        found = node.get(key) if isinstance(node, MappingNode) else None
        if found is None:
            return []
        node = found
    return [*plain(node)]


def _put(
    edits: TextEdits, name: str, variables: Mapping[str, object], guesses: Sequence[str]
) -> None:
    path = ("workflows", name)
    assumed = f"[{', '.join(dict.fromkeys([*guesses, Guess.SAMPLES]))}]"
    if guesses:
        edits.set(path, "assumed", assumed)
    if edits.is_in_lines(path) and not edits.has((*path, "samples")):
        own = [] if guesses else [f"    assumed: {assumed}"]
        edits.add_lines(path, [line[2:] for line in (*sample_lines(variables), *own)])
        return
    edits.set(path, "samples", f"[{{name: typical, variables: {flow(dict(variables))}}}]")
    if not guesses:
        edits.set(path, "assumed", assumed)
