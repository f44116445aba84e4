"""The query on an engine that a person names by URL; its small result becomes a log like any other.

ibis connects, of the extra `engine`; this module alone imports it. The URL may hold a password, and
a driver's words may hold that or values of the log, so no piece of either is ever told.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote, urlparse

from msgspec import Struct

from reviewbot.configuration.usage_settings import LogSource
from reviewbot.errors import MeasurementError, Place, Problem, ReviewbotError, UsageError
from reviewbot.usage.named_columns import by_source, named_fields
from reviewbot.usage.silence import silenced
from reviewbot.usage.warehouse import in_dialect, quoted_table
from reviewbot.usage.warehouse_faults import Stage, meaning
from reviewbot.usage.warehouse_rows import MOST_ROWS, write_rows

SCHEMES = {
    "bigquery": "bigquery",
    "clickhouse": "clickhouse",
    "duckdb": "duckdb",
    "pyspark": "spark",
    "snowflake": "snowflake",
    "trino": "trino",
}
"""The dialect of an engine, by the scheme of its URL.

ibis has Databricks too, and creates a volume there by connecting.
"""

MOST_SECONDS = 3600
"""How long an engine may take."""

_SPELLS_EXACTLY = ("clickhouse", "snowflake")
_MOST_NAMES = 3


class Asked(Struct, frozen=True, kw_only=True):
    """What an engine is asked: the `query` over `table`, in its own dialect, and its `source`."""

    source: LogSource
    table: str
    query: str


class Warehouse(Struct, frozen=True, kw_only=True):
    """An engine. `url` is never told; `scheme` is one of SCHEMES."""

    url: str
    scheme: str

    @property
    def dialect(self) -> str:
        """The dialect that its query is written in."""
        return SCHEMES[self.scheme]

    def save(self, asked: Asked, path: str) -> None:
        """Let the engine answer, and write its rows to the CSV file `path`.

        Raises:
            UsageError: ibis, the driver or the table is missing.
            MeasurementError: The engine refuses, takes too long or gives too much.

        """
        if asked.table.count(".") >= _MOST_NAMES:
            what = f"the table `{asked.table}` has more than {_MOST_NAMES} names"
            raise UsageError([Problem(what=what, mend="name it as catalog.database.table")])
        work = _Work(self, asked, path)
        with silenced():
            _within(MOST_SECONDS, work.run)


def named_warehouse(url: str) -> Warehouse:
    """The engine at a URL.

    Raises:
        UsageError: It is none that queries are written for.

    """
    try:
        parsed = urlparse(url)
        _ = parsed.port
    except ValueError:
        what = "the URL of --engine cannot be read"
        mend = "write it as clickhouse://USER@HOST:PORT/DATABASE, with %40 for an @ in a password"
        raise UsageError([Problem(what=what, mend=mend)]) from None
    if parsed.scheme not in SCHEMES:
        what = f"--engine takes a URL that begins with one of {', '.join(SCHEMES)}, and ://"
        mend = "for another engine: reviewbot usage --print-sql DIALECT --table NAME"
        raise UsageError([Problem(what=what, mend=mend)])
    if parsed.scheme == "pyspark" and (parsed.netloc or parsed.path.strip("/")):
        what = "a URL of pyspark has neither host nor path"
        mend = "name its settings: pyspark://?spark.remote=sc://HOST:15002"
        raise UsageError([Problem(what=what, mend=mend)])
    return Warehouse(url=url, scheme=parsed.scheme)


class _Work:
    """Connecting, looking at the table, and reading the result; `stage` says what was begun."""

    def __init__(self, warehouse: Warehouse, asked: Asked, path: str) -> None:
        self._warehouse = warehouse
        self._asked = asked
        self._path = path
        self._stage = Stage.CONNECT

    def run(self) -> None:
        """Do all of it.

        Raises:
            ReviewbotError: Something is missing, refused or too large.

        """
        try:
            with _connected(self._warehouse) as connection:
                self._stage = Stage.TABLE
                _check_columns(
                    _columns(connection, self._asked, self._warehouse), self._asked, self._warehouse
                )
                self._stage = Stage.QUERY
                query = f"{self._asked.query.rstrip().rstrip(';')}\nLIMIT {MOST_ROWS + 1}"
                rows = _rows(connection.raw_sql(query))
                write_rows(rows, self._path, table=self._asked.table)
        except ReviewbotError:
            raise
        except ImportError:
            raise _not_installed(self._warehouse.scheme) from None
        except Exception as error:  # noqa: BLE001 - each driver has its own, and none may be told
            raise self._told(error) from None

    def _told(self, error: Exception) -> ReviewbotError:
        meant = meaning(
            error, self._stage, table=self._asked.table, dialect=self._warehouse.dialect
        )
        what = f"{self._warehouse.scheme}: {meant.what}"
        kind = UsageError if meant.is_of_command else MeasurementError
        return kind([Problem(what=what, mend=meant.mend)])


def _not_installed(scheme: str) -> UsageError:
    what = (
        f"what reaches the engine {scheme} is not installed: ibis (the extra `engine`), or a driver"
    )
    mend = f'install both: pip install "ibis-framework[{scheme}]>=12"'
    return UsageError([Problem(what=what, mend=mend)])


@contextmanager
def _connected(warehouse: Warehouse) -> Iterator[Any]:
    import ibis

    if warehouse.scheme == "pyspark":
        yield ibis.pyspark.connect(_spark_session(warehouse.url))
        return  # the session may be another's too
    connection = ibis.connect(warehouse.url, **_keywords(warehouse))
    try:
        yield connection
    finally:
        connection.disconnect()


def _keywords(warehouse: Warehouse) -> dict[str, Any]:
    """What ibis would do unasked: write, store a login, ask for one, use another time zone."""
    if warehouse.scheme == "duckdb":
        return {"read_only": True}
    if warehouse.scheme == "clickhouse":
        return {"settings": {"session_timezone": "UTC", "max_execution_time": MOST_SECONDS}}
    if warehouse.scheme == "snowflake":
        session = {"STATEMENT_TIMEOUT_IN_SECONDS": MOST_SECONDS}
        return {"create_object_udfs": False, "session_parameters": session}
    if warehouse.scheme == "bigquery":
        import google.auth

        credentials, _ = google.auth.default(("https://www.googleapis.com/auth/bigquery",))
        return {"credentials": credentials}
    return {"timezone": "UTC"} | _trino_login(warehouse.url)


def _trino_login(text: str) -> dict[str, Any]:
    """How a password is given to Trino's client, which takes it over HTTPS only.

    ibis itself hands on the bare text, which is no login there.
    """
    url = urlparse(text)
    if not url.password:
        return {}
    from trino.auth import BasicAuthentication

    login = BasicAuthentication(unquote(url.username or ""), unquote(url.password))
    return {"auth": login, "http_scheme": "https"}


def _spark_session(url: str) -> Any:
    """A session with the settings of the URL's query.

    ibis sets them again on the session that runs, which Spark refuses.
    """
    from pyspark.sql import SparkSession

    builder = SparkSession.builder
    for name, value in parse_qsl(urlparse(url).query):
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _columns(connection: Any, asked: Asked, warehouse: Warehouse) -> Sequence[str]:
    """The names of the table's columns."""
    if warehouse.scheme == "bigquery":  # where a query costs what the table holds
        *database, name = asked.table.split(".")
        where = database[0] if len(database) == 1 else tuple(database) or None
        return tuple(connection.table(name, database=where).columns)
    # ibis itself names a table without quotes on some engines
    query = in_dialect(f"SELECT * FROM {quoted_table(asked.table)} LIMIT 0", warehouse.dialect)
    result = connection.raw_sql(query.rstrip().rstrip(";"))
    if hasattr(result, "toLocalIterator"):
        return tuple(result.columns)
    if hasattr(result, "result_rows"):
        return tuple(result.column_names)
    return tuple(name for name, *_ in result.description)


def _check_columns(columns: Sequence[str], asked: Asked, warehouse: Warehouse) -> None:
    """Refuse a table that lacks a column which the source names."""
    exact = warehouse.dialect in _SPELLS_EXACTLY
    known = set(columns) if exact else {name.lower() for name in columns}
    fields = dict.fromkeys(named_fields(asked.source))
    lacking = [name for name in fields if (name if exact else name.lower()) not in known]
    if not lacking:
        return
    by_capitals = {name.lower(): name for name in columns}
    near = [by_capitals[name.lower()] for name in lacking if name.lower() in by_capitals]
    listed = ", ".join(f"`{name}`" for name in lacking)
    what = f"the table has no column {listed}, {by_source(asked.source, lacking)}"
    mend = "name the column that it has now there"
    if near:
        mend += f"; {warehouse.scheme} tells capitals apart: {', '.join(f'`{n}`' for n in near)}"
    raise MeasurementError([Problem(what=what, mend=mend, place=Place(file=asked.table))])


def _rows(result: Any) -> Iterator[Sequence[Any]]:
    """The rows of what a driver gives: ibis hands its result on as it is."""
    if hasattr(result, "toLocalIterator"):
        yield from result.toLocalIterator()
    elif hasattr(result, "result_rows"):
        yield from result.result_rows
    elif hasattr(result, "fetchmany"):
        while rows := result.fetchmany(10_000):
            yield from rows
    else:
        for row in result:
            yield row.values()


def _within(seconds: float, work: Callable[[], None]) -> None:
    """Do the work in a thread of its own, and wait so long: drivers have no common time limit.

    Raises:
        MeasurementError: It takes longer.
        ReviewbotError: The work raises it.

    """
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        what = f"the engine has not answered within {seconds / 60:,.0f} minutes"
        mend = "end the query there; read fewer days at once: --since and --until"
        raise MeasurementError([Problem(what=what, mend=mend)])
    if failed:
        raise failed[0]
