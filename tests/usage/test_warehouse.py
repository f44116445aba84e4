"""The query for other engines: run on DuckDB as a warehouse, its result read back."""

import csv
import random
from pathlib import Path

import duckdb
import pytest
import sqlglot

from reviewbot.usage.warehouse import DIALECTS
from tests.support.repetitions import part
from tests.support.repository import Repository
from tests.support.usage import repository, run

SOURCE = """\
usage:
  sources:
    - format: columns
      columns:
        {id: id, time: at, model: model, input: tokens in, cached: cached, output: out, cost: cost,
         status: state, succeeded: [ok]}
      input_includes_cached: true
      workflow: app
      tenant: tenant
      environment: env
"""
WORKFLOWS = """\
workflows:
  answer:
    model: google/gemini-2.5-pro
    prompts: prompts/answer.txt
    traffic: [{tenant: acme, environment: prod, calls: 200/month, output_tokens: 300}]
"""
COLUMNS = (
    *("id", "at", "app", "tenant", "env", "model"),
    *("tokens in", "cached", "out", "cost", "state"),
)
PERIOD = ("--since", "2026-11-01", "--until", "2026-11-09")


def log(path: Path, **faults: str) -> str:
    """900 calls: long ones, repeated ids, failed ones, unknown tenants; `faults` change the last."""
    numbers = random.Random(3)
    with path.open("w", newline="") as file:
        rows = csv.DictWriter(file, COLUMNS)
        rows.writeheader()
        for number in range(900):
            size = int(numbers.lognormvariate(10, 1.5))
            row = {
                "id": f"call-{number - 1 if number % 50 == 49 else number}",
                "at": f"2026-11-{number // 2 % 10 + 1:02} 0{number % 10}:30:00",
                "app": numbers.choice(("answer", "other", "")),
                "tenant": numbers.choice(("acme", "globex", "initech")),
                "env": "prod",
                "model": numbers.choice(("gemini-2.5-pro", "gpt-4.1")),
                "tokens in": str(size),
                "cached": str(size // 2) if number % 3 else "",
                "out": str(numbers.randrange(1, 900)),
                "cost": f"{numbers.random():.9f}" if number % 7 else "",
                "state": "ok" if number % 30 else "failed",
            }
            rows.writerow(row | (faults if number == 899 else {}))
    return str(path)


def warehouse(where: Repository, source: str, result: Path, *arguments: str) -> str:
    """What DuckDB, as the user's own engine, gives for the printed query."""
    printed = run(where, "usage", "--print-sql", "duckdb", "--table", "logs.calls", *arguments)
    assert printed.code == 0, printed.errors
    engine = duckdb.connect()
    engine.execute("CREATE SCHEMA logs")
    engine.execute(f"CREATE TABLE logs.calls AS FROM read_csv('{source}', all_varchar = true)")
    engine.execute(f"COPY ({printed.out.rstrip().rstrip(';')}) TO '{result}' (HEADER)")
    return str(result)


def test_the_result_of_an_engine_is_the_log_itself(tmp_path: Path) -> None:
    where = repository(tmp_path / "r", usage=SOURCE, workflows=WORKFLOWS)
    source = log(tmp_path / "log.csv")
    result = warehouse(where, source, tmp_path / "result.csv")
    for form in (["--output", "-"], ["--json"], ["--json", "--by", "workflow,tenant,day,model"]):
        direct = run(where, "usage", source, "--format", "columns", *PERIOD, *form)
        summed = run(where, "usage", result, "--format", "summed", *PERIOD, *form)
        assert direct.code == 0, direct.errors
        assert summed.out == direct.out
    assert '"failed": 30' in summed.out
    assert '"duplicates": 9' in summed.out


def test_the_names_of_a_result_may_be_in_capitals(tmp_path: Path) -> None:
    """Snowflake gives names that are not quoted so."""
    where = repository(tmp_path / "r", usage=SOURCE, workflows=WORKFLOWS)
    result = Path(warehouse(where, log(tmp_path / "log.csv"), tmp_path / "result.csv"))
    header, rest = result.read_text().split("\n", 1)
    (tmp_path / "capitals.csv").write_text(f"{header.upper()}\n{rest}")
    arguments = ("--format", "summed", *PERIOD, "--json")
    found = [
        run(where, "usage", str(tmp_path / name), *arguments)
        for name in ("result.csv", "capitals.csv")
    ]
    assert found[1].code == 0, found[1].errors
    assert found[0].out == found[1].out


def test_a_result_that_a_client_cut_short_is_refused(tmp_path: Path) -> None:
    where = repository(tmp_path / "r", usage=SOURCE, workflows=WORKFLOWS)
    result = Path(warehouse(where, log(tmp_path / "log.csv"), tmp_path / "result.csv"))
    lines = result.read_text().splitlines(keepends=True)
    result.write_text("".join(lines[:101]))
    outcome = run(where, "usage", str(result), "--format", "summed")
    assert outcome.code == 3
    assert f"the query gave {len(lines) - 1:,} rows, and 100 are here" in outcome.errors
    (tmp_path / "rest.csv").write_text("".join([lines[0], *lines[101:]]))
    parts = (str(result), str(tmp_path / "rest.csv"))
    assert run(where, "usage", *parts, "--format", "summed").code == 0


def test_a_period_bounds_what_the_engine_reads(tmp_path: Path) -> None:
    where = repository(tmp_path / "r", usage=SOURCE, workflows=WORKFLOWS)
    source = log(tmp_path / "log.csv")
    result = warehouse(where, source, tmp_path / "result.csv", *PERIOD)
    rows = csv.DictReader(Path(result).read_text().splitlines())
    days = {row["day"] for row in rows}
    assert days == {f"2026-11-{day:02}" for day in range(1, 10)}


@pytest.mark.parametrize(
    ("faults", "told"),
    [
        ({"cached": "9999999"}, "more cached and written than input tokens"),
        ({"out": "-4"}, "a count of output tokens that is negative"),
        ({"tokens in": ""}, "have no `columns.input`"),
        ({"model": ""}, "have no `columns.model`"),
        ({"cost": "-1"}, "have a cost that is negative"),
    ],
)
def test_what_an_engine_finds_wrong_ends_the_run(
    tmp_path: Path, faults: dict[str, str], told: str
) -> None:
    where = repository(tmp_path / "r", usage=SOURCE, workflows=WORKFLOWS)
    result = warehouse(where, log(tmp_path / "log.csv", **faults), tmp_path / "result.csv")
    outcome = run(where, "usage", result, "--format", "summed")
    assert outcome.code == 3
    assert told.replace("columns.", "") in outcome.errors.replace("columns.", "")


@pytest.mark.parametrize("dialect", part([*DIALECTS]))
def test_each_dialect_can_be_parsed_again(tmp_path: Path, dialect: str) -> None:
    where = repository(tmp_path / "r", usage=SOURCE, workflows=WORKFLOWS)
    printed = run(where, "usage", "--print-sql", dialect, "--table", "logs.calls")
    (query,) = sqlglot.parse(printed.out.rstrip().rstrip(";"), read=dialect)
    assert isinstance(query, sqlglot.exp.Query)
    assert [column.alias_or_name for column in query.selects][:3] == ["day", "workflow", "tenant"]


def test_a_tables_name_is_a_name_whatever_it_holds(tmp_path: Path) -> None:
    where = repository(tmp_path / "r", usage=SOURCE, workflows=WORKFLOWS)
    hostile = 'x"; DROP TABLE y; --'
    printed = run(where, "usage", "--print-sql", "trino", "--table", hostile)
    assert '"x""; DROP TABLE y; --"' in printed.out


@pytest.mark.parametrize(
    ("usage", "arguments", "told"),
    [
        (SOURCE, ["--print-sql", "spark"], "belong together"),
        (SOURCE, ["--table", "calls"], "belong together"),
        (SOURCE, ["log.csv", "--print-sql", "spark", "--table", "calls"], "read no log"),
        ("", ["--print-sql", "spark", "--table", "calls"], "0 sources of `usage.sources`"),
        (
            SOURCE.replace("workflow: app", 'workflow: {field: app, pattern: "^(.+)-"}'),
            ["--print-sql", "spark", "--table", "calls"],
            "cannot be written for every engine",
        ),
    ],
)
def test_what_cannot_be_asked_of_an_engine_is_refused(
    tmp_path: Path, usage: str, arguments: list[str], told: str
) -> None:
    where = repository(tmp_path / "r", usage=usage, workflows=WORKFLOWS)
    outcome = run(where, "usage", *arguments)
    assert outcome.code == 2
    assert told in outcome.errors
