"""CSV and Parquet by `columns:`, whatever the types of the columns are."""

import gzip
import importlib
from pathlib import Path

import duckdb
import pytest

from tests.support.engines import ALL
from tests.support.usage import repository, run


def test_a_column_table_reads_csv_and_parquet_alike(tmp_path: Path) -> None:
    usage = """\
usage:
  sources:
    - format: columns
      columns: {time: at, model: model, input: inp, output: outp, cached: hit, cost: usd, id: id}
      input_includes_cached: true
      workflow: {field: labels.flow}
"""
    (tmp_path / "log.csv").write_text(
        "id,at,model,inp,outp,hit,usd,labels\n"
        '1,1793534400,openai/gpt-4.1,100,10,50,0.001,"{""flow"": ""answer""}"\n'
        '2,1793534400000,openai/gpt-4.1,300,10,0,0.002,"{""flow"": ""answer""}"\n'
    )
    duckdb.connect().execute(
        f"COPY (SELECT * FROM read_csv('{tmp_path}/log.csv')) TO '{tmp_path}/log.parquet'"
    )
    where = repository(tmp_path / "r", usage=usage)
    found = [
        run(where, "usage", str(tmp_path / name), "--json") for name in ("log.csv", "log.parquet")
    ]
    assert found[0].code == 0, found[0].errors
    assert found[0].out == found[1].out
    (line,) = found[0].report["lines"]
    assert (line["calls"], line["input"], line["cached"], line["units"]) == (2, 400, 50, 30_000_000)
    assert line["workflow"] == "answer"


@pytest.mark.parametrize(
    ("time", "count", "money"),
    [
        ("TIMESTAMP", "INTEGER", "DOUBLE"),
        ("TIMESTAMPTZ", "UBIGINT", "DECIMAL(18, 10)"),
        ("TIMESTAMP_NS", "HUGEINT", "FLOAT"),
        ("TIMESTAMP_S", "DOUBLE", "VARCHAR"),
        ("VARCHAR", "VARCHAR", "FLOAT"),
    ],
)
def test_types_of_parquets_columns_change_no_figure(
    tmp_path: Path, time: str, count: str, money: str
) -> None:
    rows = "('a', '2026-11-01 00:10:00', 120, 0.1), ('b', '2026-11-01 23:50:00', 30, 0.0123)"
    engine = duckdb.connect()
    engine.execute("SET TimeZone = 'UTC'")
    engine.execute(
        f"COPY (SELECT id, moment::{time} AS time, 'gpt-4.1' AS model, n::{count} AS inp,"
        f" n::{count} AS outp, usd::{money} AS usd FROM (VALUES {rows}) AS t(id, moment, n, usd))"
        f" TO '{tmp_path}/log.parquet'"
    )
    usage = """\
usage:
  sources:
    - format: columns
      columns: {time: time, model: model, input: inp, output: outp, cost: usd, id: id}
      input_includes_cached: true
"""
    where = repository(tmp_path / "r", usage=usage)
    outcome = run(where, "usage", str(tmp_path / "log.parquet"), "--json")
    assert outcome.code == 0, outcome.errors
    (line,) = outcome.report["lines"]
    assert (line["calls"], line["input"], line["units"]) == (2, 150, 1_123_000_000)


@pytest.mark.parametrize("renamed", ["usd", "inp", "time", "flow"])
def test_a_column_that_one_of_the_files_lacks_is_named(tmp_path: Path, renamed: str) -> None:
    """A renamed cost would be computed instead, and a renamed workflow would map nothing."""
    header = "time,model,inp,outp,usd,flow"
    row = "2026-11-01T00:00:00Z,gpt-4.1,1,1,0.5,answer\n"
    (tmp_path / "1.csv").write_text(f"{header}\n{row}")
    (tmp_path / "2.csv").write_text(f"{header.replace(renamed, 'other')}\n{row}")
    usage = """\
usage:
  sources:
    - format: columns
      columns: {time: time, model: model, input: inp, output: outp, cost: usd}
      input_includes_cached: true
      workflow: flow
"""
    where = repository(tmp_path / "r", usage=usage)
    outcome = run(where, "usage", str(tmp_path / "*.csv"), "--output")
    assert outcome.code == 3
    assert f"2.csv: there is no column `{renamed}`, which `usage.sources` names" in outcome.errors
    assert "1.csv" not in outcome.errors


@pytest.mark.parametrize("name", ["log.csv.zst", "log.csv.gz", "log.parquet"])
def test_a_damaged_file_is_named_whatever_the_engine_says_of_it(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x28\xb5\x2f\xfd" + bytes(range(256)) * 4)
    usage = """\
usage:
  sources:
    - format: columns
      columns: {time: time, model: model, input: inp, output: outp}
      input_includes_cached: true
"""
    where = repository(tmp_path / "r", usage=usage)
    outcome = run(where, "usage", str(tmp_path / name), "--output")
    assert outcome.code == 3
    assert f"{tmp_path / name}: " in outcome.errors


def test_sums_that_the_aggregate_cannot_hold_are_not_written(tmp_path: Path) -> None:
    row = "2026-11-01T00:00:00Z,gpt-4.1,1,1,99000000\n"
    (tmp_path / "log.csv").write_text(f"time,model,inp,outp,usd\n{row * 10}")
    usage = """\
usage:
  sources:
    - format: columns
      columns: {time: time, model: model, input: inp, output: outp, cost: usd}
      input_includes_cached: true
"""
    where = repository(tmp_path / "r", usage=usage)
    outcome = run(where, "usage", str(tmp_path / "log.csv"), "--output")
    assert outcome.code == 3
    assert "the sum of `reported_units` is larger than the aggregate can hold" in outcome.errors
    assert not (where.path / ".github" / "reviewbot-usage.json").exists()


@pytest.mark.parametrize("value", ["'nan'", "'inf'", "-1", "0.5"])
def test_what_is_no_count_in_a_column_of_numbers_is_refused(tmp_path: Path, value: str) -> None:
    duckdb.connect().execute(
        "COPY (SELECT TIMESTAMP '2026-11-01' AS at, 'gpt-4.1' AS model, 5 AS outp,"
        f" {value}::DOUBLE AS inp) TO '{tmp_path}/log.parquet'"
    )
    usage = """\
usage:
  sources:
    - format: columns
      columns: {time: at, model: model, input: inp, output: outp}
      input_includes_cached: true
"""
    where = repository(tmp_path / "r", usage=usage)
    outcome = run(where, "usage", str(tmp_path / "log.parquet"), "--json")
    assert outcome.code == 3
    assert "have a count in `inp` that is negative, not whole, or no number" in outcome.errors


def test_names_that_come_after_many_rows_are_counted_like_the_first(tmp_path: Path) -> None:
    first = "2026-11-01T00:00:00Z,gpt-4.1,1,1,answer,acme,prod\n" * 20_000
    last = (
        "2026-11-01T00:00:00Z,gpt-4.1,7,1,answer,acme,staging\n"
        "2026-11-01T00:00:00Z,gpt-4.1,7,1,answer,acme,staging\n"
        "2026-11-01T00:00:00Z,o3,5,1,answer,,prod\n"
        '2026-11-01T00:00:00Z,gpt-4.1,3,1,triage,"a\'b, ""c"" ü",prod\n'
    )
    (tmp_path / "log.csv").write_text(f"time,model,inp,outp,flow,who,env\n{first}{last}")
    usage = """\
usage:
  sources:
    - format: columns
      columns: {time: time, model: model, input: inp, output: outp}
      input_includes_cached: true
      workflow: flow
      tenant: who
      environment: env
"""
    where = repository(tmp_path / "r", usage=usage)
    outcome = run(where, "usage", str(tmp_path / "log.csv"), "--json")
    names = ("workflow", "tenant", "environment", "calls", "input")
    assert {tuple(line[name] for name in names) for line in outcome.report["lines"]} == {
        ("answer", "acme", "prod", 20_000, 20_000),
        ("answer", "acme", "staging", 2, 14),
        ("answer", None, "prod", 1, 5),
        ("triage", "(other)", "prod", 1, 3),
    }
    assert outcome.report["unnamed"] == {"workflow": 0, "tenant": 1, "environment": 0}


def test_a_log_may_have_a_column_filename(tmp_path: Path) -> None:
    usage = """\
usage:
  sources:
    - format: columns
      columns: {time: at, model: model, input: inp, output: outp}
      input_includes_cached: true
      workflow: {field: filename}
"""
    rows = (
        "SELECT '2026-11-01' AS at, 'gpt-4.1' AS model, 9 AS inp, 9 AS outp, 'answer' AS filename"
    )
    where = repository(tmp_path / "r", usage=usage)
    for ending in ("csv", "parquet", "json"):
        log = f"{tmp_path}/log.{ending}"
        duckdb.connect().execute(f"COPY ({rows}) TO '{log}'")
        outcome = run(where, "usage", log, "--json")
        assert outcome.code == 0, outcome.errors
        assert [line["workflow"] for line in outcome.report["lines"]] == ["answer"]


REPEATED = {
    "twice": ("time,model,inp,outp,usd,usd,flow", "usd", "5 and 6"),
    "in capitals": ("time,model,inp,outp,USD,usd,flow", "usd", "5 and 6"),
    "the workflow": ("time,model,inp,outp,usd,flow,Flow", "flow", "6 and 7"),
    "under the engine's own name": ("time,model,inp,outp,other,other,flow", "other", "5 and 6"),
}
MAPPED = """\
usage:
  sources:
    - format: columns
      columns: {time: time, model: model, input: inp, output: outp, cost: %s}
      input_includes_cached: true
      workflow: flow
"""


@pytest.mark.parametrize("repeated", REPEATED.values(), ids=REPEATED)
@pytest.mark.parametrize("name", ["log.csv", "log.csv.gz", *(["log.parquet"] if ALL else [])])
def test_a_mapped_column_that_is_there_twice_is_refused(
    tmp_path: Path, repeated: tuple[str, str, str], name: str
) -> None:
    header, column, places = repeated
    file = tmp_path / name
    values = ["2026-11-01T00:00:00Z", "gpt-4.1", "1", "1", "0.5", "7", "answer"]
    if name.endswith("parquet"):
        arrow = importlib.import_module("pyarrow")  # of what `.ci/test-engines` installs
        table = arrow.Table.from_arrays([arrow.array([item]) for item in values], header.split(","))
        importlib.import_module("pyarrow.parquet").write_table(table, str(file))
    else:
        opened = gzip.open if name.endswith("gz") else open
        with opened(file, "wt") as text:
            text.write(f"\n{header}\n{','.join(values)}\n")
    usage = MAPPED % ("other_1" if column == "other" else "usd")
    outcome = run(repository(tmp_path / "r", usage=usage), "usage", str(file))
    line = ":2" if name == "log.csv" else ""
    assert outcome.code == 3
    assert (
        f"{file}{line}: it has the column `{column}` 2 times: as columns {places};"
        in outcome.errors
    )


def test_a_column_that_is_there_twice_and_not_mapped_is_no_matter(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(
        "time,note,model,inp,outp,usd,flow,note\n2026-11-01T00:00:00Z,a,gpt-4.1,1,1,0.5,answer,b\n"
    )
    where = repository(tmp_path / "r", usage=MAPPED % "usd")
    outcome = run(where, "usage", str(tmp_path / "log.csv"), "--json")
    assert outcome.code == 0, outcome.errors
    assert outcome.report["lines"][0]["units"] == 5_000_000_000
