"""`--engine URL` as far as no engine is needed: what is refused, and that no secret is told."""

import logging
import os
import sys
import time
import warnings
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.usage import warehouse_connection, warehouse_rows
from reviewbot.usage.readers.summed import COLUMNS
from reviewbot.usage.silence import silenced
from reviewbot.usage.warehouse_faults import Stage, meaning
from tests.support.usage import repository, run
from tests.usage.test_warehouse import SOURCE, WORKFLOWS

SECRET = "sesame"
TABLE = ("--table", "calls")


@pytest.mark.parametrize("command", ["usage", "calibrate", "drift"])
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("--engine", f"mysql://u:{SECRET}@h/d", *TABLE),
            "begins with one of bigquery, clickhouse",
        ),
        (("--engine", f"u:{SECRET}@h", *TABLE), "begins with one of bigquery, clickhouse"),
        (("--engine", f"clickhouse://u:p@{SECRET}@h:x/d", *TABLE), "cannot be read"),
        (("--engine", f"clickhouse://[{SECRET}/d", *TABLE), "cannot be read"),
        (("--engine", f"pyspark://{SECRET}/d", *TABLE), "neither host nor path"),
        (("--engine", f"clickhouse://u:{SECRET}@h"), "belong together"),
        (("--table", "calls"), "belong together"),
        (("log.csv", "--engine", f"duckdb://{SECRET}", *TABLE), "read no log"),
        (("--engine", f"duckdb://{SECRET}", *TABLE, "--log-type", "otlp"), "read no log"),
        (("--engine", "duckdb://x", "--table", "a.b.c.d"), "more than 3 names"),
        (("--table", "calls", "--engine"), "REVIEWBOT_ENGINE_URL is not set"),
        ((f"clickhouse://u:{SECRET}@h/d",), "a log is given as a URL"),
    ],
)
def test_what_cannot_be_asked_is_refused_without_the_url(
    tmp_path: Path, command: str, arguments: tuple[str, ...], told: str
) -> None:
    where = repository(tmp_path / "r", usage=SOURCE, workflows=WORKFLOWS)
    outcome = run(where, command, *arguments)
    assert outcome.code == 2
    assert told in outcome.errors
    assert SECRET not in outcome.errors + outcome.out


@pytest.mark.parametrize(
    "words",
    [
        (f"--engne=clickhouse://u:{SECRET}@h/d", *TABLE),
        ("--print-sql", f"clickhouse://u:{SECRET}@h/d", *TABLE),
        ("--log-type", f"clickhouse://u:{SECRET}@h/d?token={SECRET}"),
    ],
)
def test_a_url_in_the_wrong_place_of_a_command_line_is_not_told(
    tmp_path: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    where = repository(tmp_path / "r", usage=SOURCE, workflows=WORKFLOWS)
    with pytest.raises(SystemExit):
        run(where, "usage", *words)
    assert SECRET not in "".join(capsys.readouterr())


def test_a_configuration_names_no_engine(tmp_path: Path) -> None:
    usage = SOURCE.replace("usage:\n", "usage:\n  engine: duckdb://calls.duckdb\n")
    outcome = run(repository(tmp_path / "r", usage=usage), "usage", "--engine", *TABLE)
    assert outcome.code == 2
    assert "engine" in outcome.errors


@pytest.mark.parametrize("scheme", [*warehouse_connection.SCHEMES])
def test_how_ibis_is_installed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setitem(sys.modules, "ibis", None)
    monkeypatch.setitem(sys.modules, "google", None)
    where = repository(tmp_path / "r", usage=SOURCE, workflows=WORKFLOWS)
    outcome = run(where, "usage", "--engine", f"{scheme}://", *TABLE)
    assert outcome.code == 2
    assert f'pip install "ibis-framework[{scheme}]>=12"' in outcome.errors


def test_a_misspelt_workflow_of_the_mapping_is_told_before_an_engine_is_asked(
    tmp_path: Path,
) -> None:
    usage = SOURCE.replace("workflow: app", "workflow: {field: app, names: {key_1: answr}}")
    where = repository(tmp_path / "r", usage=usage, workflows=WORKFLOWS)
    for named in (("--engine", "duckdb://x"), ("--print-sql", "duckdb")):
        outcome = run(where, "usage", *named, *TABLE)
        assert outcome.code == 2
        assert "answr" in outcome.errors


ROW: dict[str, Any] = {
    **dict.fromkeys(COLUMNS),
    "day": date(2026, 11, 1),
    "model": 'a "model",\nof two lines',
    "kind": "call",
    "row_count": 1,
    "calls": Decimal(12),
    "input": 2**70,
    "result_rows": 1,
}


def written(path: Path, **values: Any) -> str:
    """The row as it is written, with other values."""
    warehouse_rows.write_rows(iter([tuple((ROW | values).values())]), str(path), table="calls")
    return path.read_text().split("\n", 1)[1]


def test_values_are_written_as_a_client_writes_them(tmp_path: Path) -> None:
    text = written(tmp_path / "result.csv", units=Decimal("1.50E+3"))
    assert text == (
        '2026-11-01,,,,,"a ""model"",\nof two lines",,call,,,,1,12,1180591620717411303424,,,,,1500,1\n'
    )
    assert written(tmp_path / "again.csv", day=datetime(2026, 11, 1)).startswith("2026-11-01,")  # noqa: DTZ001 - drivers give such


@pytest.mark.parametrize(
    "value", [1.0, True, Decimal("1.5"), Decimal("NaN"), Decimal("1e999999"), b"1", [1]]
)
def test_a_value_that_is_no_whole_number_is_refused(tmp_path: Path, value: Any) -> None:
    with pytest.raises(MeasurementError, match="which the query does not ask for"):
        written(tmp_path / "result.csv", calls=value)


def test_rows_of_another_shape_none_and_too_many_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "result.csv")
    rows = [tuple(ROW.values())] * 3
    with pytest.raises(MeasurementError, match="rows of 2 columns"):
        warehouse_rows.write_rows(iter([(1, 2)]), path, table="calls")
    with pytest.raises(MeasurementError, match="no row of the table"):
        warehouse_rows.write_rows(iter([]), path, table="calls")
    monkeypatch.setattr(warehouse_rows, "MOST_ROWS", 2)
    with pytest.raises(MeasurementError, match="more than 2 rows"):
        warehouse_rows.write_rows(iter(rows), path, table="calls")
    monkeypatch.setattr(warehouse_rows, "_MOST_CHARACTERS", 9)
    with pytest.raises(MeasurementError, match="GiB"):
        warehouse_rows.write_rows(iter(rows), path, table="calls")


@pytest.mark.parametrize(
    ("words", "stage", "told"),
    [
        (
            "Access Denied: Table p:d.t: User does not have permission",
            Stage.QUERY,
            "may not do that",
        ),
        (
            "Code: 497. DB::Exception: Not enough privileges. (ACCESS_DENIED)",
            Stage.QUERY,
            "may not",
        ),
        (
            "TABLE_NOT_FOUND: line 1:15: Table 'a.b.c' does not exist",
            Stage.TABLE,
            "no table `calls`",
        ),
        ("002003 (02S02): Object 'X' does not exist or not authorized.", Stage.TABLE, "no table"),
        ("Cannot modify 'session_timezone' setting in readonly mode", Stage.TABLE, "readonly = 2"),
        (
            "Max retries exceeded with url: / (Connection refused)",
            Stage.CONNECT,
            "cannot be reached",
        ),
        ("Max retries exceeded with url: /v1/statement", Stage.TABLE, "cannot be reached"),
        ("250001 (08001): Incorrect username or password", Stage.CONNECT, "refuses the login"),
        ("JAVA_GATEWAY_EXITED: Java gateway process exited", Stage.CONNECT, "no Java"),
        ("something else", Stage.CONNECT, "refuses the connection (ValueError)"),
        ("something else", Stage.QUERY, "--print-sql trino --table calls"),
    ],
)
def test_what_engines_say_is_told_in_our_own_words(words: str, stage: Stage, told: str) -> None:
    meant = meaning(ValueError(f"{words} {SECRET}"), stage, table="calls", dialect="trino")
    assert told in f"{meant.what}; {meant.mend}"
    assert SECRET not in f"{meant.what}; {meant.mend}"


def test_nothing_that_is_printed_logged_or_warned_of_is_shown(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with silenced():
        sys.stdout.write(SECRET)
        sys.stderr.write(SECRET)
        logging.getLogger("a driver").warning(SECRET)
        warnings.warn(SECRET, stacklevel=1)
        os.write(1, SECRET.encode())
        os.write(2, SECRET.encode())
    os.write(2, b"heard again")
    assert "".join(capfd.readouterr()) == "heard again"


def test_work_that_takes_too_long_is_not_waited_for() -> None:
    began = time.monotonic()
    with pytest.raises(MeasurementError, match="has not answered within"):
        warehouse_connection._within(0.05, lambda: time.sleep(2))  # noqa: SLF001 - the wait itself
    assert time.monotonic() - began < 1
