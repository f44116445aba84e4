"""`--engine URL`: ibis asks DuckDB, ClickHouse and Spark, and they come to the bytes of the log."""

import sys
from pathlib import Path

import duckdb
import pytest

from reviewbot.usage import warehouse_connection
from tests.support.clickhouse_server import PASSWORD
from tests.support.engines import url_of
from tests.support.usage import SAMPLES, TRUTH, repository, run, totals
from tests.usage.test_engines import PERIOD, PLAIN, TYPES, WAREHOUSE, Sample, calls_of, table
from tests.usage.test_readers import BY, FORMATS

ENGINES = ("duckdb", "clickhouse", "spark")
CASES = [
    (sample, [*TYPES][number % len(TYPES)])
    for number, sample in enumerate(item for item in FORMATS if item[0] != "focus")
]
CANARY = "CANARY-9f3"


def one_call(path: Path, **columns: str) -> Path:
    """A table of one call; `columns` are its values in SQL."""
    usual = {
        "id": "'a'",
        "at": "TIMESTAMP '2026-11-01'",
        "model": "'gpt-4.1'",
        "input": "5",
        "output": "5",
        "cost": "0.5",
    }
    values = ", ".join(f'{value} AS "{name}"' for name, value in (usual | columns).items())
    duckdb.connect().execute(f"COPY (SELECT {values}) TO '{path}'")
    return path


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("sample", "types"), CASES, ids=lambda item: str(item)[:24])
def test_every_sample_comes_to_the_bytes_of_its_log(
    tmp_path: Path, sample: Sample, types: str, engine: str
) -> None:
    log_format, names, usage = sample
    calls = ", calls: calls" if log_format == "openai-usage" else ""
    where = repository(tmp_path / "r", usage=WAREHOUSE % calls)
    rows = "SELECT *, CAST(units AS DOUBLE) / 1e10 AS cost FROM calls"
    source = calls_of(sample, tmp_path / "settings")
    file = table(tmp_path / "calls.parquet", rows, TYPES[types], source)
    direct = repository(tmp_path / "direct", usage=usage)
    logs = [str(SAMPLES / name) for name in names]
    with url_of(engine, file) as url:
        named = ("--engine", url, "--table", "calls", *PERIOD)
        summed = run(where, "usage", *named, *BY)
        assert summed.code == 0, summed.errors
        assert totals(summed) == TRUTH
        asked = run(where, "usage", *named, "--output", "-").out
    assert (
        asked == run(direct, "usage", *logs, "--format", log_format, *PERIOD, "--output", "-").out
    )


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
    with url_of(engine, tmp_path / "calls.parquet") as url:
        outcome = run(where, "usage", "--engine", url, "--table", "calls", "--json")
    assert outcome.report["unnamed"]["tenant"] == len(names), outcome.errors


@pytest.mark.parametrize("engine", ENGINES)
def test_calibrate_and_drift_ask_an_engine_too(
    tmp_path: Path, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = repository(tmp_path / "r", usage=WAREHOUSE % "")
    sample = FORMATS[0]
    rows = "SELECT *, CAST(units AS DOUBLE) / 1e10 AS cost FROM calls"
    source = calls_of(sample, tmp_path / "settings")
    file = table(tmp_path / "calls.parquet", rows, next(iter(TYPES.values())), source)
    log_format, names, _ = sample
    direct = repository(tmp_path / "direct", usage=sample[2])
    logs = [str(SAMPLES / name) for name in names]
    with url_of(engine, file) as url:
        monkeypatch.setenv("REVIEWBOT_ENGINE_URL", url)
        for command in ("calibrate", "drift"):
            asked = run(where, command, "--engine", "--table", "calls", *PERIOD)
            read = run(direct, command, *logs, "--log-type", log_format, *PERIOD)
            assert asked.code == read.code, asked.errors
            assert without_diff(asked.out) == without_diff(read.out)


def without_diff(text: str) -> list[str]:
    """The lines of a proposal without places in the file, which the two configurations differ in."""
    return [line for line in text.splitlines() if not line.startswith(("@@", " "))]


LACKING = [
    (("--table", "nowhere"), "cost", 2, "there is no table `nowhere`"),
    (("--table", "nobody.nowhere"), "cost", 2, "there is no table `nobody.nowhere`"),
    (
        ("--table", "calls"),
        "spend",
        3,
        "calls: the table has no column `spend`, which `usage.sources`",
    ),
    (
        ("--table", "calls", "--since", "2027-01-01"),
        "cost",
        3,
        "no row of the table is of the days",
    ),
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("lacking", LACKING, ids=lambda item: item[-1])
def test_what_a_table_lacks_is_named(
    tmp_path: Path, lacking: tuple[tuple[str, ...], str, int, str], engine: str
) -> None:
    named, cost, code, told = lacking
    where = repository(tmp_path / "r", usage=PLAIN.replace("cost: cost", f"cost: {cost}"))
    with url_of(engine, one_call(tmp_path / "calls.parquet")) as url:
        outcome = run(where, "usage", "--engine", url, *named)
    assert outcome.code == code
    assert told in outcome.errors


@pytest.mark.parametrize("engine", ENGINES)
def test_a_table_whose_name_needs_quotes_is_read(tmp_path: Path, engine: str) -> None:
    where = repository(tmp_path / "r", usage=PLAIN)
    with url_of(engine, one_call(tmp_path / "calls.parquet"), name="my-calls") as url:
        outcome = run(where, "usage", "--engine", url, "--table", "my-calls")
    assert outcome.code == 0, outcome.errors
    assert "$0.50" in outcome.out


def test_an_engine_that_tells_capitals_apart_says_which_column_is_there(tmp_path: Path) -> None:
    where = repository(tmp_path / "r", usage=PLAIN.replace("cost: cost", "cost: Cost"))
    with url_of("clickhouse", one_call(tmp_path / "calls.parquet")) as url:
        outcome = run(where, "usage", "--engine", url, "--table", "calls")
    assert "clickhouse tells capitals apart: `cost`" in outcome.errors


@pytest.mark.parametrize("engine", ENGINES)
def test_a_row_that_is_wrong_is_found_with_the_printed_query(tmp_path: Path, engine: str) -> None:
    where = repository(tmp_path / "r", usage=PLAIN)
    with url_of(engine, one_call(tmp_path / "calls.parquet", cost="-0.5")) as url:
        outcome = run(where, "usage", "--engine", url, "--table", "calls")
    assert outcome.code == 3
    assert "1 of 1 rows have a cost that is negative" in outcome.errors
    assert "reviewbot usage --print-sql" in outcome.errors


@pytest.mark.parametrize("engine", ENGINES)
def test_no_value_of_the_table_stands_in_an_engines_refusal(
    tmp_path: Path, engine: str, capfd: pytest.CaptureFixture[str]
) -> None:
    where = repository(tmp_path / "r", usage=PLAIN)
    with url_of(engine, one_call(tmp_path / "calls.parquet", cost=f"'{CANARY}'")) as url:
        outcome = run(where, "usage", "--engine", url, "--table", "calls")
    assert outcome.code == 3
    said = outcome.errors + outcome.out + "".join(capfd.readouterr())
    assert CANARY not in said
    assert "no number" in said or "refuses the query" in said


def test_a_login_that_is_refused_is_never_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    where = repository(tmp_path / "r", usage=PLAIN)
    with url_of("clickhouse", one_call(tmp_path / "calls.parquet")) as url:
        wrong = url.replace("pa55", "pa56")
        outcome = run(where, "usage", "--engine", wrong, "--table", "calls")
    assert outcome.code == 3
    assert "clickhouse: the engine refuses the login" in outcome.errors
    said = outcome.errors + outcome.out + "".join(capfd.readouterr())
    assert PASSWORD.replace("pa55", "pa56") not in said
    assert "pa56" not in said


@pytest.mark.parametrize("url", ["snowflake://u@h/d", "bigquery://project", "trino://u:p@h/d"])
def test_a_driver_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    for module in ("snowflake", "google", "trino"):
        monkeypatch.setitem(sys.modules, module, None)
    where = repository(tmp_path / "r", usage=PLAIN)
    outcome = run(where, "usage", "--engine", url, "--table", "calls")
    assert outcome.code == 2
    assert f'pip install "ibis-framework[{url.partition(":")[0]}]>=12"' in outcome.errors


@pytest.mark.parametrize(
    "url",
    [
        "clickhouse://u:sesame@127.0.0.1:1/d",
        "duckdb:///nowhere/sesame.duckdb",
        "duckdb:///nowhere/x.duckdb?motherduck_token=sesame",
    ],
)
def test_an_engine_that_is_not_there_is_told_without_its_url(
    tmp_path: Path, url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    where = repository(tmp_path / "r", usage=PLAIN)
    outcome = run(where, "usage", "--engine", url, "--table", "calls")
    assert outcome.code == 3
    assert "engine" in outcome.errors
    assert "sesame" not in outcome.errors + outcome.out + "".join(capfd.readouterr())


def test_a_database_is_opened_to_be_read_only(tmp_path: Path) -> None:
    where = repository(tmp_path / "r", usage=PLAIN)
    with url_of("duckdb", one_call(tmp_path / "calls.parquet")) as url:
        file = Path(url.removeprefix("duckdb://"))
        before = file.read_bytes()
        file.chmod(0o444)
        outcome = run(where, "usage", "--engine", f"{url}?read_only=false", "--table", "calls")
    assert outcome.code == 0, outcome.errors
    assert file.read_bytes() == before


def test_an_engine_that_takes_too_long_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warehouse_connection, "MOST_SECONDS", 2)
    where = repository(tmp_path / "r", usage=PLAIN)
    with url_of("duckdb", one_call(tmp_path / "calls.parquet")) as url:
        file = url.removeprefix("duckdb://")
        with duckdb.connect(file) as made:
            slow = "(SELECT sum(a.range + b.range) FROM range(100_000) a, range(100_000) b)"
            made.execute(f"CREATE VIEW slow AS SELECT * REPLACE ({slow} AS cost) FROM calls")
        outcome = run(where, "usage", "--engine", url, "--table", "slow")
    assert outcome.code == 3
    assert "has not answered within" in outcome.errors
