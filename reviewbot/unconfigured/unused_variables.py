"""Variables of samples that a review measures the same without."""

from collections.abc import Callable, Mapping, Sequence

from reviewbot import prompt_formats
from reviewbot.configuration.settings import Configuration, Workflow
from reviewbot.configuration.text_edits import Path, TextEdits
from reviewbot.errors import MeasurementError
from reviewbot.prompt import Sample
from reviewbot.prompts.named_variables import is_named
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.prompts.sources import Source
from reviewbot.report import Report
from reviewbot.unconfigured.trials import NO_VARIABLE
from reviewbot.unconfigured.undefined_names import undefined_names

_MOST_ROUNDS = 8
"""Each round measures the workflows once more, which takes time; behind the last none is told."""


def unused_variables(
    text: str,
    configuration: Configuration,
    report: Report,
    measure: Callable[[str], Report],
    reader: SourceReader,
) -> dict[str, Sequence[str]]:
    """The variables of samples in the configuration that may be taken out, by their workflows.

    A text that does not name a variable may ask for it all the same, in a condition that stands in
    another file, or as an expression written in other words. So those that no text names are left
    out, all at once, and what the review misses or counts otherwise is used.
    """
    before = {item.name: item.after for item in report.workflows if not item.problems}
    waiting = {
        workflow.name: names
        for workflow in configuration.workflows.values()
        if before.get(workflow.name) is not None
        and (names := _unnamed(workflow, configuration, reader))
    }
    for _ in range(_MOST_ROUNDS):
        if not waiting:
            return {}
        found = {item.name: item for item in measure(_without(text, waiting)).workflows}
        left: dict[str, Sequence[str]] = {}
        for workflow, names in waiting.items():
            now = found.get(workflow)
            if now is None:
                continue
            if not now.problems and now.after == before[workflow]:
                left[workflow] = names
                continue
            missed = {name for item in now.problems[:1] for name in undefined_names(item)}
            kept = [name for name in names if name not in missed]
            if kept and missed & set(names):
                left[workflow] = kept
        if left == waiting:
            return left
        waiting = left
    return {}


def _without(text: str, waiting: Mapping[str, Sequence[str]]) -> str:
    """The configuration without these variables in any sample that stands in it."""
    edits = TextEdits(text)
    for workflow, names in waiting.items():
        samples: Path = ("workflows", workflow, "samples")
        number = 0
        while edits.has((*samples, number)):
            path = (*samples, number, "variables")
            if edits.has(path):
                edits.keep(path, _AllBut(names))
            number += 1
    return edits.text()


class _AllBut:
    """Every name but some."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = frozenset(names)

    def __contains__(self, name: object) -> bool:
        return name not in self._names


def _unnamed(
    workflow: Workflow, configuration: Configuration, reader: SourceReader
) -> Sequence[str]:
    """The variables of a workflow's samples whose names stand in none of its files."""
    samples = [item for item in workflow.samples if isinstance(item, Sample)]
    names = dict.fromkeys(name for item in samples for name in item.variables)
    names.pop(NO_VARIABLE, None)
    if not names:
        return ()
    try:
        source = reader.read(workflow, configuration)
        texts = [item.template.text for item in source.messages]
        texts += [reader.text(path) for path in source.files if not _is_told(path, source)]
    except MeasurementError:
        return ()
    return [name for name in names if not any(is_named(name, text) for text in texts)]


def _is_told(path: str, source: Source) -> bool:
    """Whether messages tell all that source code puts into them; it names other things too."""
    return prompt_formats.of_source(path) is not None and all(
        item.template.engine in _OF_SOURCE or item.template.engine is None
        for item in source.messages
    )


_OF_SOURCE = {"python-text", "typescript-text"}
