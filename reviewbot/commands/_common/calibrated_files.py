"""The files that a calibration edits: the configuration, and samples with weights of their own."""

import json
import posixpath
import re
from collections.abc import Iterator, Mapping

import yaml

from reviewbot.configuration.settings import Configuration, SamplePattern
from reviewbot.configuration.text_edits import TextEdits
from reviewbot.prompt import Sample
from reviewbot.repository.globs import matches
from reviewbot.repository.trees import Tree, read_text
from reviewbot.usage.calibration import Calibration, SampleWeights, StreamValues

_DESCRIBED = {"name", "weight", "variables"}


def edited_files(
    calibration: Calibration, configuration: Configuration, tree: Tree
) -> tuple[dict[str, str], dict[str, str], tuple[str, ...]]:
    """The texts before and after, by path, and notes on what cannot be written.

    Raises:
        MeasurementError: A file cannot be read.

    """
    before = {configuration.file: read_text(tree, configuration.file)}
    edits = {configuration.file: TextEdits(before[configuration.file])}
    notes = [
        note
        for values in calibration.streams
        if (note := _write_stream(values, edits[configuration.file]))
    ]
    for weights in calibration.weights:
        for name, path in _sample_files(weights, configuration, tree):
            if path not in edits:
                before[path] = read_text(tree, path)
                edits[path] = TextEdits(before[path])
            if not edits[path].has(("variables",)):
                notes.append(
                    f"{path}: should have the weight {weights.weights[name]};"
                    " write it as name, weight, variables first"
                )
                continue
            edits[path].set((), "weight", str(weights.weights[name]))
        _write_inline(weights, configuration, edits[configuration.file])
    after = {path: edit.text() for path, edit in edits.items()}
    changed = [path for path in after if after[path] != before[path]]
    return (
        {path: before[path] for path in changed},
        {path: after[path] for path in changed},
        tuple(dict.fromkeys(notes)),
    )


def _write_stream(values: StreamValues, edits: TextEdits) -> str | None:
    traffic = ("workflows", values.workflow, "traffic")
    if not edits.has(traffic):
        return (
            f"{values.workflow}: its traffic stands in `defaults`; give it its own `traffic`, which"
            " can be calibrated"
        )
    if values.position is not None:
        for key, value in values.values.items():
            edits.set((*traffic, values.position), key, value)
    else:
        labels = {"tenant", "environment"}
        pairs = (
            f"{key}: {_text(value) if key in labels else value}"
            for key, value in values.values.items()
        )
        edits.append(traffic, f"{{{', '.join(pairs)}}}")
    return None


def _write_inline(weights: SampleWeights, configuration: Configuration, edits: TextEdits) -> None:
    samples = ("workflows", weights.workflow, "samples")
    for number, item in enumerate(configuration.workflows[weights.workflow].samples):
        if isinstance(item, Sample) and item.name in weights.weights:
            edits.set((*samples, number), "weight", str(weights.weights[item.name]))


def _sample_files(
    weights: SampleWeights, configuration: Configuration, tree: Tree
) -> Iterator[tuple[str, str]]:
    """The samples that stand in files, with their paths."""
    patterns = [
        item.pattern
        for item in configuration.workflows[weights.workflow].samples
        if isinstance(item, SamplePattern)
    ]
    for path in tree.paths if patterns else ():
        if any(matches(path, pattern) for pattern in patterns):
            name = _name(read_text(tree, path)) or posixpath.splitext(posixpath.basename(path))[0]
            if name in weights.weights:
                yield name, path


def _name(text: str) -> str | None:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        return None
    found: Mapping[str, yaml.Node] = {key.value: value for key, value in root.value}
    is_described = found.keys() <= _DESCRIBED and "variables" in found
    return str(found["name"].value) if is_described and "name" in found else None


def _text(name: str) -> str:
    """A name as YAML: quoted where it would be read as anything else."""
    is_plain = re.fullmatch(r"[A-Za-z][\w-]*", name) and yaml.safe_load(name) == name
    return name if is_plain else json.dumps(name)
