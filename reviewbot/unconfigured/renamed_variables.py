"""Variables of samples that templates ask for under another name by now."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reviewbot.configuration.settings import Configuration, Workflow
from reviewbot.configuration.text_edits import TextEdits
from reviewbot.discovery.configuration_text import variable_name
from reviewbot.errors import MeasurementError
from reviewbot.prompt import Sample
from reviewbot.prompts.named_variables import whole_name
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.unconfigured.known_values import kind_of

Renames = Mapping[str, Mapping[str, str]]
"""The new names by the old ones, by workflows."""

_MOST_CHARACTERS = 1_000_000
"""Of a workflow's texts that are searched for lines in which only a name differs."""


def renamed_variables(
    configuration: Configuration,
    added: Mapping[str, Mapping[str, object]],
    unused: Mapping[str, Sequence[str]],
    readers: tuple[SourceReader, SourceReader],
) -> dict[str, dict[str, str]]:
    """The variables of which only the name has changed, as far as that is certain.

    `added` are the variables that samples lacked, with the values guessed for them; `unused` those
    that nothing asks for any more. Two are one where a line of the text before is one of the text
    after with the name put in, or where a workflow has no others; and the value must be of a kind.
    An expression that lost a call or a number, such as `.slice(-10)`, may be longer than its value.
    The `readers` are those of the trees before and after.
    """
    found: dict[str, dict[str, str]] = {}
    for name in added.keys() & unused.keys():
        workflow = configuration.workflows[name]
        old, new = [*unused[name]], added[name]
        pairs = dict(_at_the_same_place(workflow, configuration, (old, new), readers))
        if not pairs and len(old) == len(new) == 1:
            pairs = {old[0]: next(iter(new))}
        pairs = {
            was: now
            for was, now in pairs.items()
            if _keeps_calls(was, now) and _are_alike(workflow, was, now, new[now])
        }
        if pairs:
            found[name] = pairs
    return found


def with_renames(text: str, configuration: Configuration, renames: Renames) -> str:
    """The text with the new names in each sample of it that has the old ones."""
    edits = TextEdits(text)
    for name, pairs in renames.items():
        for number, sample in enumerate(configuration.workflows[name].samples):
            path = ("workflows", name, "samples", number, "variables")
            if isinstance(sample, Sample) and edits.has(path):
                for old, new in pairs.items():
                    edits.rename_key(path, old, variable_name(new))
    return edits.text()


def said_renames(configuration: Configuration, renames: Renames) -> Iterator[str]:
    """What was renamed, a line for each workflow."""
    for name, pairs in renames.items():
        samples = configuration.workflows[name].samples
        having = [
            f"`{item.name}`"
            for item in samples
            if isinstance(item, Sample) and not pairs.keys().isdisjoint(item.variables)
        ]
        shown = ", ".join(f"`{old}` is `{new}`" for old, new in pairs.items())
        values = "its value" if len(pairs) == 1 else "their values"
        yield f"renamed in {', '.join(having)} of `{name}`: {shown}, with {values}"


def _are_alike(workflow: Workflow, old: str, new: str, guess: object) -> bool:
    """Whether each value of the old name can stand for the guess that was made for the new one."""
    samples = [item.variables for item in workflow.samples if isinstance(item, Sample)]
    return all(
        new not in variables and kind_of(variables[old]) == kind_of(guess)
        for variables in samples
        if old in variables
    )


def _keeps_calls(old: str, new: str) -> bool:
    """Whether what an expression calls, and its numbers, are all in the other one too."""
    return not Counter(_CALLS.findall(old)) - Counter(_CALLS.findall(new))


_CALLS = re.compile(r"\b[A-Za-z_]\w{0,80}\(|\[(?=[^\[\]]{0,40}:)|(?<![\w.])\d{1,20}")


def _at_the_same_place(
    workflow: Workflow,
    configuration: Configuration,
    names: tuple[Sequence[str], Iterable[str]],
    readers: tuple[SourceReader, SourceReader],
) -> Iterator[tuple[str, str]]:
    """Old and new names that differ in lines which are the same otherwise, and in these only."""
    texts = [_text(workflow, configuration, reader) for reader in readers]
    before, after = (_masked(*item) for item in zip(texts, names, strict=True))
    meant: dict[str, set[str]] = {}
    for line, old in before.items():
        new = after.get(line, ())
        for was, now in zip(old, new, strict=False) if len(old) == len(new) else ():
            meant.setdefault(was, set()).add(now)
    taken = Counter(now for found in meant.values() for now in found)
    for was, found in meant.items():
        if len(found) == 1 and taken[now := next(iter(found))] == 1:
            yield was, now


def _masked(text: str, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The names in each line that has some, by the line without them."""
    any_name = re.compile("|".join(map(whole_name, names)))
    return {
        any_name.sub("\0", line): found
        for line in text.splitlines()
        if (found := tuple(any_name.findall(line)))
    }


def _text(workflow: Workflow, configuration: Configuration, reader: SourceReader) -> str:
    """The files that a workflow's calls are made of; empty where too long, or not there."""
    try:
        files = reader.read(workflow, configuration).files
        text = "\n".join(map(reader.text, files))
    except MeasurementError:
        return ""
    return text if len(text) <= _MOST_CHARACTERS else ""
