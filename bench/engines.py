"""Runs the query of `reviewbot usage --print-sql` on DuckDB, Spark and ClickHouse; compares bytes.

Usage: python bench/engines.py [ROWS]. Wants a Java runtime, and `pip install pyspark chdb` beside
the development environment. The log is made up, with repeated ids and failed calls.
"""

import csv
import hashlib
import io
import random
import sys
import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from reviewbot.configuration.usage_settings import LogColumns, LogFormat, LogSource, Origin
from reviewbot.errors import Place
from reviewbot.usage.readers.summed import COLUMNS
from reviewbot.usage.warehouse import in_dialect, warehouse_query

SOURCE = LogSource(
    format=LogFormat.COLUMNS,
    place=Place(file="bench"),
    columns=LogColumns(
        id="id",
        time="created_at",
        model="model",
        input="tokens_in",
        cached="cached",
        output="tokens_out",
        cost="cost",
        status="state",
        succeeded=("ok",),
    ),
    input_includes_cached=True,
    workflow=Origin(field="app"),
    tenant=Origin(field="tenant"),
    environment=Origin(field="env"),
)
HEADER = (
    *("id", "created_at", "app", "tenant", "env", "model"),
    *("tokens_in", "cached", "tokens_out", "cost", "state"),
)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    query = warehouse_query(SOURCE, "calls", (128_000, 200_000))
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "calls.csv"
        write_log(log, rows)
        results = {
            name: as_csv(run(in_dialect(query, name).rstrip(";\n"), str(log)))
            for name, run in RUNS.items()
        }
    for name, text in results.items():
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        print(f"{name:<10} {text.count(chr(10)):>6} lines {digest}")
    if len(set(results.values())) > 1:
        sys.exit("the engines differ")


def write_log(path: Path, rows: int) -> None:
    """A log of `rows` rows; a hundredth is there twice, a fiftieth failed."""
    numbers = random.Random(7)
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for number in range(rows):
            time = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(seconds=numbers.randrange(864_000))
            size = int(numbers.lognormvariate(7, 1.2))
            row = [
                f"call-{number - 1 if number % 100 == 99 else number}",
                f"{time:%Y-%m-%d %H:%M:%S}",
                numbers.choice(("answer", "triage", "")),
                numbers.choice(("acme", "globex")),
                "prod",
                numbers.choice(("gpt-4.1", "gemini-2.5-pro")),
                size,
                size // 2 if number % 3 else "",
                numbers.randrange(1, 900),
                f"{numbers.random() / 50:.9f}" if number % 7 else "",
                "ok" if number % 50 else "failed",
            ]
            out.writerow(row)


def on_duckdb(query: str, log: str) -> Iterable[Sequence[Any]]:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"CREATE TABLE calls AS FROM read_csv('{log}', all_varchar = true)")
    return connection.execute(query).fetchall()


def on_clickhouse(query: str, log: str) -> Iterable[Sequence[Any]]:
    from chdb.session import Session  # type: ignore[import-not-found]

    session = Session()
    types = ", ".join(f"{name} Nullable(String)" for name in HEADER)
    session.query(
        "CREATE TABLE calls ENGINE = MergeTree ORDER BY tuple() AS"
        f" SELECT * FROM file('{log}', CSVWithNames, '{types}')"
    )
    rows = csv.reader(io.StringIO(str(session.query(query, "CSV"))))
    return [[None if value == "\\N" else value for value in row] for row in rows]


def on_spark(query: str, log: str) -> Iterable[Sequence[Any]]:
    from pyspark.sql import SparkSession  # type: ignore[import-not-found]

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.ansi.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    session.read.option("header", "true").csv(log).createOrReplaceTempView("calls")
    rows: list[Sequence[Any]] = session.sql(query).collect()
    return rows


RUNS = {"duckdb": on_duckdb, "clickhouse": on_clickhouse, "spark": on_spark}


def as_csv(rows: Iterable[Sequence[Any]]) -> str:
    """The result as the client of an engine would save it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(
            int(value) if isinstance(value, Decimal) else ("" if value is None else value)
            for value in row
        )
    return out.getvalue()


if __name__ == "__main__":
    main()
