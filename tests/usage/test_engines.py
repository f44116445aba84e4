"""One query, one aggregate: DuckDB, ClickHouse and Spark answer it with the same bytes."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from reviewbot.configuration.usage_settings import LogFormat, LogSource
from reviewbot.errors import Place
from reviewbot.repository.git import Git
from reviewbot.repository.revisions import compare
from reviewbot.scope.governing import read_configurations
from reviewbot.unconfigured import only_head
from reviewbot.usage.engine import open_engine
from reviewbot.usage.loading import Source, load
from reviewbot.usage.sources import named_files
from tests.support.engines import ALL, ENGINES, answer
from tests.support.repetitions import part
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION
from tests.support.usage import SAMPLES, TRUTH, repository, run, totals
from tests.usage.test_readers import BY, FORMATS

Sample = tuple[str, list[str], str]
WAREHOUSE = """\
usage:
  sources:
    - format: columns
      columns:
        {id: id, time: at, provider: provider, model: model, service_tier: tier, input: input,
         cached: cached, written: written, output: output, reasoning: reasoning, cost: cost,
         status: state, succeeded: [call]%s}
      input_includes_cached: true
      workflow: workflow
      tenant: tenant
      environment: environment
"""
PERIOD = ("--since", "2026-10-24", "--until", "2026-11-20")
TEXTS = ("id", "provider", "model", "tier", "state", "workflow", "tenant", "environment")
TYPES = {
    "as an application writes them": ("TIMESTAMP", "BIGINT", "DOUBLE"),
    "as a lake keeps them": ("TIMESTAMPTZ", "INTEGER", "DECIMAL(18, 10)"),
    "as text": ("VARCHAR", "VARCHAR", "VARCHAR"),
}


def table(path: Path, rows: str, types: Sequence[str], source: duckdb.DuckDBPyConnection) -> Path:
    """Rows as a Parquet file, with types of times, counts and money."""
    time, count, money = types
    counts = ("calls", "input", "cached", "written", "output", "reasoning")
    columns = [f"CAST({name} AS {count}) AS {name}" for name in counts]
    columns += [f'CAST("at" AS {time}) AS "at"', f"CAST(cost AS {money}) AS cost", *TEXTS]
    source.execute(f"COPY (SELECT {', '.join(columns)} FROM ({rows})) TO '{path}'")
    return path


def asked(where: Repository, engine: str, file: Path, result: Path) -> str:
    """What an engine gives for the printed query."""
    printed = run(where, "usage", "--print-sql", engine, "--table", "calls", *PERIOD)
    assert printed.code == 0, printed.errors
    return answer(engine, printed.out.rstrip().rstrip(";"), file, result)


def calls_of(sample: Sample, folder: Path) -> duckdb.DuckDBPyConnection:
    """The rows of a sample log as a table `calls`, with those twice and those that failed."""
    log_format, names, usage = sample
    settings = LogSource(format=LogFormat(log_format), place=Place(file="a test"))
    if usage:
        where = repository(folder, usage=usage)
        git = Git(directory=str(where.path), environment={})
        with compare(git, base="HEAD", head="HEAD") as found:
            comparison = only_head(found, CONFIGURATION)
            (settings,) = read_configurations(comparison, CONFIGURATION).after.usage.sources
    files = named_files([str(SAMPLES / name) for name in names])
    with open_engine(files) as engine:
        load(engine, [Source(settings=settings, files=files)])
        rows = engine.run(
            "SELECT CAST(key AS VARCHAR), time, workflow, tenant, environment, provider, model,"
            " service_tier, calls, input, cached, written, output, reasoning, units, kind"
            " FROM labelled"
        )
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(
        'CREATE TABLE calls (id VARCHAR, "at" TIMESTAMP, workflow VARCHAR, tenant VARCHAR,'
        " environment VARCHAR, provider VARCHAR, model VARCHAR, tier VARCHAR, calls BIGINT,"
        " input BIGINT, cached BIGINT, written BIGINT, output BIGINT, reasoning BIGINT,"
        " units BIGINT, state VARCHAR)"
    )
    connection.executemany(f"INSERT INTO calls VALUES ({', '.join('?' * 16)})", rows)
    return connection


CASES = [(sample, types) for sample in FORMATS if sample[0] != "focus" for types in TYPES]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("sample", "types"), CASES if ALL else part(CASES), ids=lambda item: str(item)[:24]
)
def test_every_sample_in_a_warehouse_comes_to_the_bytes_of_its_log(
    tmp_path: Path, sample: Sample, types: str, engine: str
) -> None:
    log_format, names, usage = sample
    calls = ", calls: calls" if log_format == "openai-usage" else ""
    where = repository(tmp_path / "r", usage=WAREHOUSE % calls)
    rows = "SELECT *, CAST(units AS DOUBLE) / 1e10 AS cost FROM calls"
    source = calls_of(sample, tmp_path / "settings")
    file = table(tmp_path / "calls.parquet", rows, TYPES[types], source)
    result = asked(where, engine, file, tmp_path / "result.csv")
    summed = run(where, "usage", result, "--format", "summed", *PERIOD, *BY)
    assert summed.code == 0, summed.errors
    assert totals(summed) == TRUTH
    direct = repository(tmp_path / "direct", usage=usage)
    logs = [str(SAMPLES / name) for name in names]
    aggregates = [
        run(of, "usage", *read, *PERIOD, "--output", "-").out
        for of, read in (
            (direct, (*logs, "--format", log_format)),
            (where, (result, "--format", "summed")),
        )
    ]
    assert aggregates[0] == aggregates[1]


WRONG = {
    "tokens that are true": ("CAST(true AS BOOLEAN)", "0.5", "TIMESTAMP '2026-11-01'"),
    "tokens that are no number": ("CAST('NaN' AS DOUBLE)", "0.5", "TIMESTAMP '2026-11-01'"),
    "a cost that is infinite": ("5", "CAST('inf' AS DOUBLE)", "TIMESTAMP '2026-11-01'"),
    "a time of another age": ("5", "0.5", "TIMESTAMP '2200-01-01'"),
}
PLAIN = """\
usage:
  sources:
    - format: columns
      columns: {id: id, time: at, model: model, input: input, output: output, cost: cost}
      input_includes_cached: true
"""


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_engines_cast_to_something_else_is_a_fault_on_all(
    tmp_path: Path, wrong: tuple[str, str, str], engine: str
) -> None:
    tokens, cost, time = wrong
    where = repository(tmp_path / "r", usage=PLAIN)
    duckdb.connect().execute(
        f"COPY (SELECT 'a' AS id, {time} AS \"at\", 'gpt-4.1' AS model, {tokens} AS input,"
        f" 5 AS output, CAST({cost} AS DOUBLE) AS cost) TO '{tmp_path}/calls.parquet'"
    )
    printed = run(where, "usage", "--print-sql", engine, "--table", "calls").out
    query, file = printed.rstrip().rstrip(";"), tmp_path / "calls.parquet"
    result = answer(engine, query, file, tmp_path / "result.csv")
    outcome = run(where, "usage", result, "--format", "summed")
    assert outcome.code == 3
    assert f"{result}:2: 1 of 1 rows have a " in outcome.errors


@pytest.mark.parametrize("engine", ENGINES)
def test_a_text_that_is_no_cost_is_never_an_unknown_cost(tmp_path: Path, engine: str) -> None:
    """ClickHouse casts it to null; the others refuse the query, which their users see."""
    where = repository(tmp_path / "r", usage=PLAIN)
    duckdb.connect().execute(
        "COPY (SELECT 'a' AS id, TIMESTAMP '2026-11-01' AS \"at\", 'gpt-4.1' AS model, 5 AS input,"
        f" 5 AS output, '0.5 USD' AS cost) TO '{tmp_path}/calls.parquet'"
    )
    printed = run(where, "usage", "--print-sql", engine, "--table", "calls").out
    query, file = printed.rstrip().rstrip(";"), tmp_path / "calls.parquet"
    if engine != "clickhouse":
        with pytest.raises(Exception, match=r"0\.5 USD"):
            answer(engine, query, file, tmp_path / "result.csv")
        return
    result = answer(engine, query, file, tmp_path / "result.csv")
    assert "no number" in run(where, "usage", result, "--format", "summed").errors


@pytest.mark.parametrize("engine", ENGINES)
def test_names_of_any_kind_come_back_as_they_are(tmp_path: Path, engine: str) -> None:
    names = ['a"b', "a,b", "x\ny", "ü ☃", "\\", "N'; --", "null"]
    where = repository(tmp_path / "r", usage=PLAIN + "      tenant: tenant\n")
    duckdb.connect().execute(
        "COPY (SELECT 'a' || tenant AS id, TIMESTAMP '2026-11-01' AS \"at\", 'gpt-4.1' AS model,"
        " 5 AS input, 5 AS output, 0.5 AS cost, tenant FROM (SELECT unnest($1) AS tenant)) TO"
        f" '{tmp_path}/calls.parquet'",
        [names],
    )
    printed = run(where, "usage", "--print-sql", engine, "--table", "calls").out
    query, file = printed.rstrip().rstrip(";"), tmp_path / "calls.parquet"
    result = answer(engine, query, file, tmp_path / "result.csv")
    outcome = run(where, "usage", result, "--format", "summed", "--json")
    assert outcome.report["unnamed"]["tenant"] == len(names)
    read = duckdb.execute(
        "SELECT tenant FROM read_csv($1, all_varchar = true, quote = '\"', escape = '\"')", [result]
    )
    assert sorted(name for (name,) in read.fetchall()) == sorted(names)
