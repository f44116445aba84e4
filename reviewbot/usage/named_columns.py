"""Whether a log has what its format and the configuration name: what is renamed is not unknown."""

import difflib
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from reviewbot.configuration.usage_settings import LogFormat, LogSource
from reviewbot.errors import Place, Problem
from reviewbot.usage.engine import Engine
from reviewbot.usage.misread_logs import shown_columns
from reviewbot.usage.offered_sources import own_columns
from reviewbot.usage.readers import Reader
from reviewbot.usage.sources import LogFile
from reviewbot.usage.tables import JsonTable

_FIRST_ROWS = 20_000
"""A field that nearly every row has is in one of so many; only others are looked for in all."""

_SHOWN = 8
_BY_SOURCE = "which `usage.sources` names"


def missing_columns(
    settings: LogSource, reader: Reader, columns: Sequence[str], file: LogFile
) -> list[Problem]:
    """What a CSV or Parquet file with these columns lacks."""
    place = Place(file=file.name)
    if reader.TABLE_COLUMNS is None:
        what = f"logs of the format {settings.format} are JSON, and this is a table"
        mend = "export it as JSON, or map its columns: the format `columns`"
        return [Problem(what=what, mend=mend, place=place)]
    present = {part.lower() for name in columns for part in (name, name.partition(".")[0])}
    by_format = f"which the format {settings.format} has"
    wanted = [
        *((names, by_format) for names in reader.TABLE_COLUMNS),
        *(((field,), _BY_SOURCE) for field in named_fields(settings)),
    ]
    lacking = [
        (names, why)
        for names, why in wanted
        if not any({name.lower(), name.partition(".")[0].lower()} & present for name in names)
    ]
    if len(lacking) == len(wanted) > 1 and (mark := _other_mark(columns)):
        what = f"its columns are parted by `{mark}`"
        mend = "export it with commas between columns, or as .tsv with tabs"
        return [Problem(what=what, mend=mend, place=place)]
    if len(lacking) == len(wanted) > 1:
        what = f"it is empty, or has none of the columns of the format {settings.format}"
        if (own_names := shown_columns(columns)) is not None:
            first = ", ".join(names[0] for names, _ in wanted[:_SHOWN])
            what = f"it has none of the columns of the format {settings.format}, {first}"
            what = f"{what}; its own are {own_names}"
        mend = f"name its own format with --log-type, or {own_columns(columns, settings.place)}"
        return [Problem(what=what, mend=mend, place=place)]
    of_format = [names for names, why in lacking if why is by_format]
    is_other = 2 * len(of_format) > len(reader.TABLE_COLUMNS)
    its_own = f"; its own are {names}" if (names := shown_columns(columns)) else ""
    own = [names for names, why in lacking if why is _BY_SOURCE]
    problems = []
    if of_format:
        what = f"there {_listed(of_format)}, {by_format}"
        mend = "name its own format with --log-type, or export it again"
        if is_other and its_own:
            number = f"{len(of_format)} of the {len(reader.TABLE_COLUMNS)}"
            lacks = _listed(of_format).partition(" column")[2].removeprefix("s").strip()
            what = f"it lacks {number} columns of the format {settings.format}, {lacks}{its_own}"
            mend = f"name its own format with --log-type, or {own_columns(columns, settings.place)}"
        problems.append(Problem(what=what, mend=mend, place=place))
    if own:
        what = f"there {_listed(own)}, {by_source(settings, [names[0] for names in own])}"
        mend = "export it again, or name the column that it has now there"
        near = [
            f"`{found[0]}` for `{names[0]}`"
            for names in own[:_SHOWN]
            if (found := difflib.get_close_matches(names[0], list(columns), 1))
        ]
        if near:
            mend = f"did you mean {', '.join(near)}? Else {mend}"
        if len(near) < len(own):
            what += its_own
        problems.append(Problem(what=what, mend=mend, place=place))
    return problems


def _other_mark(columns: Sequence[str]) -> str:
    """What parts the names in place of a comma or a tab, as spreadsheets write it; else empty."""
    own = [name for name in columns if name != "reviewbot_file"]
    return next((mark for mark in ";|" if len(own) == 1 and mark in own[0]), "")


def _listed(columns: Sequence[Sequence[str]]) -> str:
    """That there are no such columns, each by all its names."""
    shown = [" or ".join(f"`{name}`" for name in names) for names in columns[:_SHOWN]]
    more = f" and {len(columns) - _SHOWN:,} more" if len(columns) > _SHOWN else ""
    kind = "is no column" if len(columns) == 1 else "are no columns"
    return f"{kind} {', '.join(shown)}{more}"


def by_source(settings: LogSource, fields: Sequence[str]) -> str:
    """Why a log should have fields, with the keys that name them and the line of their source."""
    place = settings.place
    keys = [f"`{key}`" for key, field in _by_key(settings) if field in fields][:_SHOWN]
    where = f" ({place.file}:{place.line})" if place.line is not None else ""
    return f"{_BY_SOURCE} as {', '.join(keys)}{where}"


def missing_fields(
    engine: Engine, settings: LogSource, files: Sequence[LogFile], quoted: frozenset[str]
) -> Iterator[Problem]:
    """What no row of JSON files has; a row leaves out what it does not know, so one is enough.

    The fields of `quoted` hold JSON as text.

    Raises:
        MeasurementError: A file is malformed.

    """
    paths = [file.path for file in files]
    fields = list(dict.fromkeys(named_fields(settings)))
    if not fields:
        return
    rows, *are_there = _first_rows(engine, paths, fields, quoted)
    if not rows:
        return  # an empty log is told apart
    more = f" (nor one of {len(files) - 1:,} more files)" if len(files) > 1 else ""
    for field, is_there in zip(fields, are_there, strict=True):
        if not is_there and not _is_in_some_row(engine, paths, field, quoted):
            yield Problem(
                what=f"no row has `{field}`, {by_source(settings, [field])}{more}",
                mend="name the field that it has now, or take it out of `usage.sources`",
                place=Place(file=files[0].name),
            )


def _first_rows(
    engine: Engine, paths: Sequence[str], fields: Sequence[str], quoted: frozenset[str]
) -> tuple[Any, ...]:
    """How many of the first rows there are, and of each field whether one of them has it."""
    table = JsonTable(quoted=quoted)
    texts = ", ".join(f"{table.text(field)} AS f{n}" for n, field in enumerate(fields))
    found = ", ".join(f"bool_or(f{n} <> '')" for n in range(len(fields)))
    rows = f"SELECT {texts} FROM {table.scan()} LIMIT {_FIRST_ROWS}"
    return engine.run(f"SELECT count(*), {found} FROM ({rows})", [paths])[0]


def _is_in_some_row(
    engine: Engine, paths: Sequence[str], field: str, quoted: frozenset[str]
) -> bool:
    table = JsonTable(quoted=quoted)
    text = table.text(field)
    return bool(engine.run(f"SELECT 1 FROM {table.scan()} WHERE {text} <> '' LIMIT 1", [paths]))


def named_fields(settings: LogSource) -> Iterator[str]:
    """Every field that the configuration names."""
    yield from (field for _, field in _by_key(settings))


def _by_key(settings: LogSource) -> Iterator[tuple[str, str]]:
    """Every field that the configuration names, with the key that names it.

    A query has read them already where its result is the log.
    """
    if settings.format is LogFormat.SUMMED:
        return
    if settings.columns is not None:
        named = msgspec.structs.asdict(settings.columns)
        yield from (
            (f"columns.{key}", name) for key, name in named.items() if isinstance(name, str)
        )
    for key in ("workflow", "tenant", "environment"):
        origin = getattr(settings, key)
        if origin is not None and origin.field is not None:
            yield key, origin.field
