"""What to write under `usage.sources`, word for word: a source for own columns, names of a log."""

import re
from collections.abc import Sequence

from reviewbot.configuration.usage_settings import LogSource
from reviewbot.documents.yaml_quoting import quoted
from reviewbot.errors import Place
from reviewbot.usage.misread_logs import usual_names, words_of

NAME = "NAME"
_UNKNOWN = "COLUMN"
"""What stands in place of a column of which the name says nothing."""

_TEXTS = {"text", "content", "cost", "usd", "price", "spend", "cached", "cache", "id", "name"}
_PART_OF_COST = {"input", "output", "prompt", "completion", "in", "out", "cached", "cache"}
_REQUIRED = {
    "time": ({"time", "date", "day", "timestamp", "created", "started"}, {"total", "ms"}),
    "model": ({"model"}, {"id", "provider"}),
    "input": ({"input", "in", "prompt"}, _TEXTS),
    "output": ({"output", "out", "completion"}, _TEXTS),
}
_OTHERS = {
    "cached": ({"cached"}, {"cost", "usd", "price", "spend"}),
    "cost": ({"cost", "usd", "spend", "price"}, _PART_OF_COST),
}
_WORKFLOW = ({"workflow", "feature", "app"}, {"id"})
"""The words that a column's name has one of, and those that it has none of."""


def own_columns(columns: Sequence[str], place: Place) -> str:
    """The mend for a table of columns of its own: a whole source that reads it.

    `place` is the configuration, with a key where it has sources.
    """
    names = usual_names(columns)
    required = {key: _meant(names, *words) or _UNKNOWN for key, words in _REQUIRED.items()}
    others = {key: _meant(names, *words) for key, words in _OTHERS.items()}
    found = required | {key: name for key, name in others.items() if name}
    pairs = ", ".join(f"{key}: {_written(name)}" for key, name in found.items())
    workflow = _meant(names, *_WORKFLOW)
    belongs = f", workflow: {_written(workflow)}" if workflow else ""
    source = f"{{format: columns, columns: {{{pairs}}}, input_includes_cached: true{belongs}}}"
    unknown = "; write for COLUMN the column that has it" if _UNKNOWN in required.values() else ""
    cached = "; write `false` if input tokens leave out cached ones" if others["cached"] else ""
    return f"{_added(source, place)}{unknown}{cached}; then read it with `--log-type columns`"


def named_workflow(source: LogSource, workflow: str) -> str:
    """What to write so that a name of the log, NAME, is that of a workflow."""
    own, place = source.workflow, source.place
    if own is not None and own.names:
        return f"add `{NAME}: {_written(workflow)}` to `workflow.names` ({place.file}:{place.line})"
    at = {"field": own and own.field, "tag": own and own.tag, "pattern": own and own.pattern}
    parts = [f"{key}: {_written(value)}" for key, value in at.items() if value]
    entry = f"workflow: {{{', '.join([*parts, f'names: {{{NAME}: {_written(workflow)}}}'])}}}"
    if place.line is None:
        return _added(f"{{format: {source.format}, {entry}}}", place)
    instead = "in place of its `workflow`, in" if own is not None else "into"
    return f"write `{entry}` {instead} the source at {place.file}:{place.line}"


def place_of_workflow(source: LogSource) -> str:
    """What to write where a source does not say which field names the workflow."""
    entry = "workflow: FIELD"
    if source.place.line is None:
        return _added(f"{{format: {source.format}, {entry}}}", source.place)
    return f"write `{entry}` into the source at {source.place.file}:{source.place.line}"


def _added(source: str, place: Place) -> str:
    if place.key:
        return f"add `- {source}` to `usage.sources` in {place.file}"
    return f"add to {place.file}: `usage: {{sources: [{source}]}}`"


def _meant(names: Sequence[str], some: set[str], none: set[str]) -> str | None:
    """The shortest name that has one of some words and none of others."""
    found = [name for name in names if (words := {*words_of(name)}) & some and not words & none]
    return min(found, key=lambda name: len(words_of(name)), default=None)


_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,60}(?:\.[A-Za-z0-9_-]{1,60}){0,5}")
_NO_TEXT = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}


def _written(name: str) -> str:
    """A column in YAML, plain where it is text for certain."""
    return name if _PLAIN.fullmatch(name) and name.lower() not in _NO_TEXT else quoted(name)
