"""Raw logs as tables: JSON, CSV and Parquet files under one interface, and no column unasked.

A reader asks for the fields it needs, by dotted paths. Only these are ever read: whatever else
stands in a log, prompts above all, is skipped by the parser.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Protocol

from reviewbot.usage.sql_text import identifier, literal, number_or_nan, utc

_JSON_OBJECT_BYTES = 32 * 2**20
"""The largest page of an API, or line of spans, that is read."""

_NUMBERS = frozenset(
    (
        *("DOUBLE", "TINYINT", "SMALLINT", "INTEGER", "BIGINT"),
        *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"),
    )
)
_TIMES = frozenset(("DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"))


_BY_NAME = "MAP(VARCHAR, VARCHAR)"


class Table(Protocol):
    """Fields of a raw log, as SQL over `scan()`."""

    def text(self, path: str) -> str:
        """A field as text; null where it is missing."""
        ...

    def texts(self, path: str) -> str:
        """A field that holds a list of texts."""
        ...

    def numbers(self, path: str) -> str:
        """A field that holds numbers by name, as a MAP of texts."""
        ...

    def number(self, path: str) -> str:
        """A field as a DOUBLE; null where it is missing, NaN where it is no number."""
        ...

    def time(self, path: str) -> str:
        """A field as a UTC timestamp; null where it is missing, or no time."""
        ...

    def scan(self) -> str:
        """What stands behind FROM; its first parameter is the list of files."""
        ...


class JsonTable:
    """JSON lines or an array of objects; the types of the fields asked for are made explicit.

    The fields of `quoted` hold objects and lists, of which some stand there as texts of JSON.
    """

    def __init__(
        self, *, object_bytes: int | None = None, quoted: frozenset[str] = frozenset()
    ) -> None:
        self.quoted = quoted
        self._types: dict[str, object] = {}
        self._object_bytes = object_bytes

    def text(self, path: str) -> str:
        """A field as text."""
        return self.typed(path, "VARCHAR")

    def texts(self, path: str) -> str:
        """A list of texts."""
        return self.typed(path, "VARCHAR[]")

    def numbers(self, path: str) -> str:
        """Numbers by name."""
        return self.typed(path, _BY_NAME)

    def number(self, path: str) -> str:
        """A number."""
        return number_or_nan(self.text(path))

    def time(self, path: str) -> str:
        """A time."""
        return utc(self.text(path))

    def typed(self, path: str, kind: str) -> str:
        """A field of an SQL type; the same path is always asked for with the same type."""
        *parents, last = path.split(".")
        level = self._types
        for parent in parents:
            below = level.setdefault(parent, {})
            if not isinstance(below, dict):
                return "NULL"
            level = below
        level.setdefault(last, kind)
        first, *rest = path.split(".")
        found = identifier(first)
        for name in rest:
            found = f"struct_extract({found}, {literal(name)})"
        return found if level[last] == kind else f"CAST({found} AS {kind})"

    def scan(self) -> str:
        """The files as objects."""
        quoted = [name for name in self._types if name in self.quoted]
        rows = self.undecided(quoted)
        if not quoted:
            return rows
        decided = ", ".join(
            f"{_decided(unquoted(name), self._types[name])} AS {identifier(name)}"
            for name in quoted
        )
        return f"(SELECT * REPLACE ({decided}) FROM {rows})"

    def undecided(self, names: Collection[str]) -> str:
        """The files as objects, of which the fields of these names are whatever JSON they are."""
        columns = ", ".join(
            f"{literal(name)}: {literal('JSON' if name in names else _struct(kind))}"
            for name, kind in self._types.items()
        )
        size = f", maximum_object_size={self._object_bytes}" if self._object_bytes else ""
        return (
            f"read_json($1, format='auto', columns={{{columns}}}, filename='reviewbot_file'{size})"
        )

    def nested(self) -> Iterator[tuple[str, ...]]:
        """The paths of all that has to be an object or a list, the outer ones first."""
        yield from _nested(self._types)

    def is_list(self, path: tuple[str, ...]) -> bool:
        """Whether what is at a path of `nested` has to be a list."""
        found: object = self._types
        for name in path:
            found = found[name] if isinstance(found, dict) else found
        return isinstance(found, str) and found.endswith("[]")


class JsonPages(JsonTable):
    """Whole documents, such as an API's pages or lines of spans, which may be large."""

    def __init__(self) -> None:
        super().__init__(object_bytes=_JSON_OBJECT_BYTES)

    def scan(self) -> str:
        """The files as documents, one after the other."""
        return super().scan().replace("format='auto'", "format='unstructured'")


class ColumnTable:
    """CSV or Parquet, with the types of its columns; a path may go on inside a column of JSON.

    A column is known by its name in capitals or not, as in SQL: Snowflake's results have capitals.
    What is a number or a time in the file is not taken through its text, which takes most of the
    time of reading; FLOAT and DECIMAL are, since their text is what was meant.
    """

    def __init__(self, function: str, columns: Mapping[str, str]) -> None:
        self._function = function
        self._columns = {name.lower(): kind for name, kind in columns.items()}
        self.asked: set[str] = set()
        """The columns that were asked for, in small letters."""

    def text(self, path: str) -> str:
        """A field as text."""
        if path.lower() in self._columns:
            self.asked.add(path.lower())
            return f"nullif(CAST({identifier(path)} AS VARCHAR), '')"
        first, _, rest = path.partition(".")
        if not rest or first.lower() not in self._columns:
            return "CAST(NULL AS VARCHAR)"
        self.asked.add(first.lower())
        steps = "".join("." + identifier(step) for step in rest.split("."))
        return f"json_extract_string({self._document(first)}, {literal('$' + steps)})"

    def texts(self, path: str) -> str:
        """A list of texts, which stands in the column as JSON."""
        return f"try_cast({self._document(path)} AS VARCHAR[])"

    def numbers(self, path: str) -> str:
        """Numbers by name, which stand in the column as JSON."""
        return f"try_cast({self._document(path)} AS {_BY_NAME})"

    def number(self, path: str) -> str:
        """A number."""
        if self._columns.get(path.lower()) in _NUMBERS:
            self.asked.add(path.lower())
            return f"CAST({identifier(path)} AS DOUBLE)"
        return number_or_nan(self.text(path))

    def time(self, path: str) -> str:
        """A time."""
        if self._columns.get(path.lower()) in _TIMES:
            self.asked.add(path.lower())
            return f"CAST({identifier(path)} AS TIMESTAMP)"
        return utc(self.text(path))

    def _document(self, column: str) -> str:
        """A column as JSON, which stands there as text or as a list, struct or map of Parquet."""
        kind = self._columns.get(column.lower(), "")
        self.asked.add(column.lower())
        if kind.startswith(("STRUCT", "MAP")) or kind.endswith("]"):
            return f"to_json({identifier(column)})"
        return f"try_cast({self.text(column)} AS JSON)"

    def scan(self) -> str:
        """The files as rows."""
        return self._function


DELIMITERS = {".csv": ",", ".tsv": "\t"}
"""By the ending of a file's name."""

_CSV = (
    "read_csv($1, header={}, all_varchar=true, filename='reviewbot_file', union_by_name=true,"
    " delim={}, quote='\"', escape='\"', nullstr=['', '\\N'])"
)
"""`\\N` is what ClickHouse, MySQL and PostgreSQL write for null."""
_PARQUET = "read_parquet($1, filename='reviewbot_file', union_by_name=true)"


def rows_of(kind: str) -> str:
    """What stands behind FROM for files of a kind: an ending of DELIMITERS, or .parquet."""
    return _PARQUET if kind == ".parquet" else _CSV.format("true", literal(DELIMITERS[kind]))


def columns_of(kind: str) -> str:
    """The query of the names and types of the columns of such files."""
    return f"DESCRIBE SELECT * FROM {rows_of(kind)}"


def first_row(kind: str) -> str:
    """The query of the first row of CSV, which names its columns."""
    csv = _CSV.format("false", literal(DELIMITERS[kind]))
    return f"SELECT * EXCLUDE (reviewbot_file) FROM {csv} LIMIT 1"


def unquoted(name: str) -> str:
    """A field of JSON, or what its text holds where that is JSON; null where the text is blank."""
    field = identifier(name)
    text = f"trim({field} ->> '$')"
    return (
        f"CASE WHEN json_type({field}) <> 'VARCHAR' THEN {field} WHEN {text} = '' THEN NULL"
        f" WHEN json_valid({text}) THEN try_cast({text} AS JSON) ELSE {field} END"
    )


def _decided(document: str, kind: object) -> str:
    """JSON as an SQL type; what it lacks is null."""
    if isinstance(kind, dict):
        return f"json_transform({document}, {literal(json.dumps(kind))})"
    return f"CAST({document} AS {kind})"


def _nested(types: Mapping[str, object]) -> Iterator[tuple[str, ...]]:
    for name, kind in types.items():
        if kind != "VARCHAR":
            yield (name,)
        if isinstance(kind, dict):
            yield from ((name, *below) for below in _nested(kind))


def _struct(kind: object) -> str:
    if not isinstance(kind, dict):
        return str(kind)
    fields = ", ".join(f"{identifier(name)} {_struct(below)}" for name, below in kind.items())
    return f"STRUCT({fields})"
