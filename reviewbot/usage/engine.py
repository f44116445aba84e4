"""DuckDB, shut: it reads the files it is given and nothing else, and spills into a private folder.

The extra `usage` brings it; this module alone imports it.
"""

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from reviewbot.errors import MeasurementError, Place, Problem, UsageError
from reviewbot.usage.installing import install, require
from reviewbot.usage.sources import LogFile
from reviewbot.usage.sql_text import literal

if TYPE_CHECKING:
    import duckdb

_MEMORY = "300MB"
_SPILL = "20GB"
_THREADS = 2
_SHOWN_FILES = 5
_DAMAGED = (
    (
        "end of GZIP stream",
        "the compressed file is cut short",
        "copy it here again; `gzip -t FILE` says whether it is whole",
    ),
    *(
        (
            words,
            "the file is not compressed as its name says",
            "name it as what it is: without .gz and .zst where it is not compressed",
        )
        for words in ("not a GZIP stream", "Unknown frame descriptor")
    ),
    (
        "No magic bytes",
        "this is not Parquet, or it is cut short",
        "copy it here again, or name it as what it is",
    ),
    (
        "has duplicate key",
        "an object has a key twice",
        "mend what writes it, and export the log again",
    ),
)
"""What DuckDB says of a damaged file, what that means, and the mend."""

_MISTYPED = "transform error"
_MISSING = "logs are read with DuckDB, which is not installed"


class MistypedError(MeasurementError):
    """A field of JSON is of another type than was asked for."""


class Engine:
    """One database; every fault of a query is told without a word of the logs."""

    def __init__(
        self, connection: "duckdb.DuckDBPyConnection", files: Sequence[LogFile], folder: str
    ) -> None:
        self._connection = connection
        self._files = files
        self._folder = folder
        self._names = {file.path: file.name for file in files}

    @contextmanager
    def in_order(self) -> "Iterator[Engine]":
        """An empty engine that reads rows in the order of the file, which is slower."""
        import duckdb

        connection = duckdb.connect()
        try:
            _shut(connection, self._files, os.path.join(self._folder, "in order"), in_order=True)
            yield Engine(connection, self._files, self._folder)
        finally:
            connection.close()

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query.

        Raises:
            MistypedError: A field of JSON is of another type than was asked for.
            MeasurementError: A file is malformed, or memory or disk are at their end.

        """
        import duckdb

        try:
            return self._connection.execute(sql, list(parameters)).fetchall()
        except duckdb.Error as error:
            paths = [item for item in parameters if isinstance(item, list)]
            kind = MistypedError if _MISTYPED in str(error) else MeasurementError
            raise kind([self._problem(error, paths[0] if paths else [])]) from None

    def name(self, path: str) -> str:
        """How messages call the file at `path`."""
        return self._names.get(path, "the log")

    def _problem(self, error: Exception, paths: Sequence[str]) -> Problem:
        """What went wrong. The engine's own words hold pieces of the log, so they are not used.

        Some faults of compressed files do not name the file; `paths` are those that were read.
        """
        text = str(error)
        read = paths or list(self._names)
        file = next((path for path in self._names if path in text), None)
        if file is None and len(read) == 1:
            file = read[0]
        place = None if file is None else Place(file=self._names[file])
        kind = type(error).__name__
        if kind == "OutOfMemoryException":
            what = f"the logs need more than {_MEMORY} of memory or {_SPILL} of disk"
            return Problem(what=what, mend="read fewer days at once", place=place)
        record = re.search(r"in (?:line|record/value) (\d+)", text)
        where = f" near record {record[1]}" if record else ""
        if record and "Malformed JSON" in text:
            where = f" near line {int(record[1]) - 1}"  # DuckDB has counted it as read
        mend = "export it again, or name its format: --log-type"
        known = next((item for item in _DAMAGED if item[0] in text), None)
        if known is not None:
            _, what, mend = known
            what += where
        elif "maximum_object_size" in text:
            what = f"a line{where} is too long, or has no end"
        elif "Malformed JSON" in text:
            what = f"this is not JSON{where}: a half line, another format, or not UTF-8"
        elif "CSV" in text:
            row = re.search(r"on Line: (\d+)", text)
            where = f" at line {row[1]}" if row else ""
            what = f"this is not CSV with the same columns in every row{where}"
            mend = f"a row may be half, or the file not UTF-8; {mend}"
        elif _MISTYPED in text:
            what = f"a field{where} is of another type than the format has"
        else:
            what = f"the log cannot be read as this format ({kind})"
            if place is None and read:
                names = [self._names[path] for path in read[:_SHOWN_FILES] if path in self._names]
                more = f" and {len(read) - len(names):,} more" if len(read) > len(names) else ""
                what = f"one of {', '.join(names)}{more} cannot be read as this format ({kind})"
        return Problem(what=what, mend=mend, place=place)


def require_engine() -> None:
    """Refuse to go on where DuckDB is missing, before anything else is asked for.

    Raises:
        UsageError: It is not installed.

    """
    require("duckdb", _MISSING)


@contextmanager
def open_engine(files: Sequence[LogFile]) -> Iterator[Engine]:
    """An engine that may read `files`; its private folder is gone afterwards.

    Raises:
        UsageError: DuckDB is not installed.

    """
    try:
        import duckdb
    except ImportError as error:
        raise UsageError([Problem(what=_MISSING, mend=install())]) from error
    with tempfile.TemporaryDirectory(prefix="reviewbot-usage-") as folder:
        connection = duckdb.connect(os.path.join(folder, "calls.duckdb"))
        try:
            _shut(connection, files, os.path.join(folder, "spill"), in_order=False)
            yield Engine(connection, files, folder)
        finally:
            connection.close()


def _shut(
    connection: "duckdb.DuckDBPyConnection",
    files: Sequence[LogFile],
    spill: str,
    *,
    in_order: bool,
) -> None:
    """Take from a database whatever it does not need: other files, network, extensions."""
    paths = ", ".join(literal(file.path) for file in files)
    for setting in (
        f"memory_limit = '{_MEMORY}'",
        f"threads = {1 if in_order else _THREADS}",
        "TimeZone = 'UTC'",
        f"preserve_insertion_order = {in_order}",
        f"temp_directory = {literal(spill)}",
        f"max_temp_directory_size = '{_SPILL}'",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        f"allowed_paths = [{paths}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")
