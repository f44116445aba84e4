"""The shape of `usage`: where logs are, how they are mapped, and how far measured may be off."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reviewbot.configuration import amounts
from reviewbot.configuration.kinds import (
    Amount,
    At,
    Choice,
    Field,
    Flag,
    ListOf,
    MapOf,
    OneOf,
    Section,
    Text,
    section,
)
from reviewbot.configuration.meant_values import typed
from reviewbot.configuration.shape import scalars
from reviewbot.configuration.usage_settings import (
    CostUnit,
    LogColumns,
    LogFormat,
    LogPath,
    LogSource,
    Origin,
    Tolerance,
    UsageSettings,
)
from reviewbot.documents import MappingNode, Node

_FIELD = Text(r"[^\x00-\x1f\x7f]{1,200}", "a column, a dotted path or an attribute", "team_id")
_TAG = Text(r"[^\x00-\x1f\x7f]{1,100}", "the beginning of a tag", "feature:")
_KEY = Text(r"[^\x00-\x1f\x7f]{1,200}", "a value of the log", "key_abc")
_STATUS = Text(r"[^\x00-\x1f\x7f]{1,100}", "a state of a call", "success")
_LOGS = Text(r"[^\x00-\x1f\x7f]{1,4096}", "a file or a pattern of files", "logs/*.jsonl.gz")


class _LogPath:
    """Files, with the line that names them."""

    def read(self, node: Node, at: At) -> LogPath:
        return LogPath(pattern=_LOGS.read(node, at), place=at.place(node.line))

    def schema(self) -> dict[str, Any]:
        return _LOGS.schema()


class _Pattern(Text):
    """A regular expression with one group."""

    def __init__(self) -> None:
        super().__init__(
            r"[^\x00-\x1f\x7f]{1,200}", "a regular expression with one group", "^(.+)-prod$"
        )

    def matches(self, text: str) -> bool:
        """Whether it is one that can be read in linear time: the engine has no look-around."""
        try:
            compiled = re.compile(text)
        except re.error:
            return False
        return compiled.groups == 1 and not _UNREAD.search(text)

    def refusal(self, text: str, otherwise: str) -> tuple[str, str]:
        """What is wrong with it: its brackets, how many groups it has, or a form that is unread."""
        what, mend = super().refusal(text, otherwise)
        meant = text
        try:
            groups = re.compile(text).groups
        except re.error as error:
            at = "" if error.pos is None else f" at character {error.pos + 1}"
            reason = f"{error.msg}{at}"
            if error.msg.startswith("missing )"):
                reason = f"the bracket{at} is not closed"
                meant = f"{text.removesuffix('$')}){'$' if text.endswith('$') else ''}"
        else:
            reason = "it has no group, which is to be the name"
            if groups:
                reason = f"it has {groups} groups, and only the name is to be one"
            if found := _UNREAD.search(text):
                reason = f"`{found[0]}` is not read"
        if starts := [found.start() for found in _GROUP.finditer(meant)]:
            meant = _GROUP.sub("(?:", meant[: starts[-1]]) + meant[starts[-1] :]
        return f"{what}: {reason}", f"write it like {typed(meant)}" if self.matches(meant) else mend


_GROUP = re.compile(r"(?<!\\)\((?!\?)")
_UNREAD = re.compile(r"\(\?[=!<P]|\\[1-9]")


def _origin(at: At, line: int, *, names: Mapping[str, str] | None = None, **values: Any) -> Origin:
    if "field" in values and "tag" in values:
        at.report(line, "`field` and `tag` exclude each other", "keep one of them")
    return Origin(names=tuple((names or {}).items()), **values)


class _FieldOrigin:
    """A place given by its field alone."""

    def read(self, node: Node, at: At) -> Origin:
        return Origin(field=_FIELD.read(node, at))

    def schema(self) -> dict[str, Any]:
        return _FIELD.schema()


_ORIGIN = OneOf(
    _FieldOrigin(),
    Section(
        _origin,
        {
            "field": Field(_FIELD, "the column, dotted path or attribute that says it"),
            "tag": Field(_TAG, 'the beginning of the tag that says it, "feature:"'),
            "pattern": Field(_Pattern(), "what of it counts: the one group of the pattern"),
            "names": Field(MapOf(_KEY, scalars.NAME), "what its values are called; others stay"),
        },
    ),
)
_COLUMNS = section(
    LogColumns,
    {
        "time": Field(_FIELD, "when the call was made", required=True),
        "model": Field(_FIELD, "the model", required=True),
        "input": Field(_FIELD, "input tokens", required=True),
        "output": Field(_FIELD, "output tokens", required=True),
        "id": Field(_FIELD, "what is different in every call; without it nothing is found twice"),
        "provider": Field(_FIELD, "who serves the model"),
        "service_tier": Field(_FIELD, "the service tier; default standard"),
        "calls": Field(_FIELD, "how many calls a row stands for; default 1"),
        "cached": Field(_FIELD, "input tokens read from the cache"),
        "written": Field(_FIELD, "input tokens written to the cache"),
        "reasoning": Field(_FIELD, "those of the output tokens that are reasoning"),
        "cost": Field(_FIELD, "what the call cost"),
        "status": Field(_FIELD, "whether the call succeeded"),
        "succeeded": Field(ListOf(_STATUS, at_least=1), "the values of `status` of good calls"),
    },
)


def _source(at: At, line: int, **values: Any) -> LogSource:
    if "cost_unit" in values:
        values["cost_unit"] = CostUnit(values["cost_unit"])
    values["format"] = LogFormat(values["format"])
    return LogSource(place=at.place(line), **values)


def _check_source(at: At, mapping: MappingNode, values: Mapping[str, Any]) -> None:
    line = mapping.line
    is_mapped = values.get("format") == LogFormat.COLUMNS
    if is_mapped and mapping.get("columns") is None:
        mend = "add it: columns: {time: …, model: …, input: …, output: …}"
        at.report(line, "the format `columns` needs the key `columns`", mend)
    if is_mapped and mapping.get("input_includes_cached") is None:
        mend = "write `input_includes_cached: true` or `false`; it is not guessed"
        at.report(line, "it is not said whether input tokens include cached ones", mend)
    for key in ("columns", "input_includes_cached", "cost_unit"):
        if "format" in values and not is_mapped and mapping.get(key) is not None:
            mend = "take it away, or write `format: columns`"
            at.into(key).report(line, f"`{key}` is for the format `columns` only", mend)
    columns: LogColumns | None = values.get("columns")
    if columns is not None and (columns.status is None) != (not columns.succeeded):
        mend = "give both: `status: state, succeeded: [success]`"
        at.report(line, "`status` and `succeeded` belong together", mend)
    for key in ("workflow", "tenant", "environment"):
        origin: Origin | None = values.get(key)
        if is_mapped and origin is not None and origin.field is None:
            mend = f"name the column: `{key}: {{field: …}}`"
            at.into(key).report(line, "this format has no place of its own for it", mend)


_SOURCE = Section(
    _source,
    {
        "format": Field(Choice(lambda: [*LogFormat]), "the format of the logs", required=True),
        "paths": Field(
            ListOf(_LogPath(), or_one=True), "files inside the repository, logs/*.jsonl.gz"
        ),
        "workflow": Field(_ORIGIN, "what says which workflow a call is of; default the format's"),
        "tenant": Field(_ORIGIN, "what says whom a call is made for; default the format's"),
        "environment": Field(_ORIGIN, "what says where it is made; default the format's"),
        "columns": Field(_COLUMNS, "which column holds what, with the format `columns`"),
        "input_includes_cached": Field(
            Flag(),
            "with the format `columns`: whether input tokens include cached and written ones",
        ),
        "cost_unit": Field(
            Choice(lambda: [*CostUnit]), "with the format `columns`: the unit of cost; default usd"
        ),
    },
    check=_check_source,
)


def _points(text: str) -> Decimal:
    """Percentage points, as a fraction: `10 points` is 0.1."""
    if not text.endswith("points"):
        raise ValueError("no `points` behind")
    return amounts.number(text.removesuffix("points").rstrip()) / 100


_POINTS = Amount(
    _points,
    "percentage points",
    "10 points",
    scalars.written(rf"{scalars.NUMBER}\s*points"),
)
_TOLERANCE = section(
    Tolerance,
    {
        "calls": Field(scalars.INCREASE, "of calls a month; default 20%"),
        "output_tokens": Field(scalars.INCREASE, "of output tokens a call; default 15%"),
        "input_tokens": Field(scalars.INCREASE, "of input tokens a call; default 10%"),
        "cache_hit_rate": Field(_POINTS, "of the cache hit rate; default 10 points"),
    },
)


def _settings(*, stale_after: int | None = None, **values: Any) -> UsageSettings:
    if stale_after is not None:
        values["stale_after_days"] = stale_after
    return UsageSettings(**values)


USAGE = section(
    _settings,
    {
        "sources": Field(ListOf(_SOURCE), "the logs, and how they are mapped"),
        "file": Field(
            scalars.PATH, "the file of `reviewbot usage`; default .github/reviewbot-usage.json"
        ),
        "tolerance": Field(_TOLERANCE, "how far measured may be from configured"),
        "stale_after": Field(
            scalars.DAYS, "how old measured traffic may be before a review warns; default 45 days"
        ),
    },
)
"""What is known of usage logs."""
