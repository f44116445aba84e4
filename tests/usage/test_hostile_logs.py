"""Logs that are broken, foreign or hostile: named by file and reason, nothing written or leaked."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.usage import repository, run
from tests.usage.test_prices_and_days import litellm, written

CANARY = "CANARY-7f3a"


def without(row: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != key}


def with_cached(cached: Any) -> dict[str, Any]:
    details = {"prompt_tokens_details": {"cached_tokens": cached}}
    return litellm(2, metadata={"additional_usage_values": details})


BROKEN = {
    "renamed input": json.dumps(without(litellm(2), "prompt_tokens") | {"tokens_in": 5}),
    "renamed id": json.dumps(without(litellm(2), "request_id")),
    "renamed time": json.dumps(without(litellm(2), "startTime")),
    "renamed model": json.dumps(without(litellm(2), "model")),
    "half line": json.dumps(litellm(2, messages=CANARY))[:-40],
    "NaN": json.dumps(litellm(2, prompt_tokens=float("nan"))),
    "infinite": json.dumps(litellm(2, prompt_tokens=float("inf"))),
    "negative": json.dumps(litellm(2, completion_tokens=-1)),
    "fraction": json.dumps(litellm(2, prompt_tokens=1.5)),
    "huge": json.dumps(litellm(2, prompt_tokens=10**30)),
    "text": json.dumps(litellm(2, prompt_tokens=CANARY)),
    "cached above input": json.dumps(with_cached(101)),
    "negative cost": json.dumps(litellm(2, spend=-0.5)),
    "NaN cost": json.dumps(litellm(2, spend=float("nan"))),
    "no time": json.dumps(litellm(2, startTime=CANARY)),
    "endless time": json.dumps(litellm(2, startTime="infinity")),
    "time of another age": json.dumps(litellm(2, startTime="52026-11-01T00:00:00Z")),
    "list": json.dumps([CANARY]),
    "no JSON": f"time={CANARY}",
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_row_ends_the_run_with_file_and_reason(tmp_path: Path, broken: str) -> None:
    log = tmp_path / "spend.jsonl"
    log.write_text(f"{json.dumps(litellm(1))}\n{broken}\n{json.dumps(litellm(3))}\n")
    where = repository(tmp_path / "r")
    outcome = run(where, "usage", str(log), "--format", "litellm", "--output")
    assert outcome.code in {2, 3}
    assert f"{log}:" in outcome.errors
    assert CANARY not in outcome.out + outcome.errors
    assert not (where.path / ".github" / "reviewbot-usage.json").exists()


@pytest.mark.parametrize("text", ["", "\n", "[]", "{}\n"], ids=["empty", "blank", "no rows", "{}"])
def test_an_empty_log_is_no_month_without_calls(tmp_path: Path, text: str) -> None:
    log = tmp_path / "spend.jsonl"
    log.write_text(text)
    outcome = run(repository(tmp_path / "r"), "usage", str(log), "--format", "litellm")
    assert outcome.code in {2, 3}
    assert str(log) in outcome.errors


def test_an_empty_file_a_folder_and_a_half_line_are_named(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    where = repository(tmp_path / "r")

    def said(path: Path) -> str:
        return run(where, "usage", str(path), "--format", "litellm").errors

    (logs / "empty.jsonl").write_text("")
    assert "empty.jsonl: the file is empty; export the log again" in said(logs / "empty.jsonl")
    assert f"{logs} is a folder; name its files: '{logs}/*.jsonl'" in said(logs)
    row = json.dumps(litellm(1))
    (logs / "half.jsonl").write_text(f"{row}\n{row[:-40]}\n{row}\n")
    assert "half.jsonl:2: this line is not JSON: a half line, or another" in said(
        logs / "half.jsonl"
    )
    twice = row[:-1] + ', "prompt_tokens": 1}'
    (logs / "twice.jsonl").write_text(f"{row}\n{twice}\n")
    assert "an object has a key twice near record" in said(logs / "twice.jsonl")


def test_a_compressed_file_that_is_cut_short_or_is_none_says_so(tmp_path: Path) -> None:
    text = b"".join(json.dumps(litellm(n)).encode() + b"\n" for n in range(2_000))
    where = repository(tmp_path / "r")

    def said(name: str, content: bytes) -> str:
        (tmp_path / name).write_bytes(content)
        return run(where, "usage", str(tmp_path / name), "--log-type", "litellm").errors

    packed = gzip.compress(text)
    assert "cut.jsonl.gz: the compressed file is cut short; copy it" in said(
        "cut.jsonl.gz", packed[: len(packed) // 2]
    )
    for name in ("plain.jsonl.gz", "plain.jsonl.zst"):
        assert f"{name}: the file is not compressed as its name says" in said(name, text)
    assert "log.parquet: this is not Parquet, or it is cut short" in said("log.parquet", text)


def raw_zstd(*blocks: bytes) -> bytes:
    """A zstd frame of blocks that are not compressed (RFC 8878)."""
    last = len(blocks) - 1
    return b"\x28\xb5\x2f\xfd\x00\x58" + b"".join(
        (len(block) << 3 | (number == last)).to_bytes(3, "little") + block
        for number, block in enumerate(blocks)
    )


def test_zstd_that_is_cut_at_a_line_end_is_no_log_of_fewer_calls(tmp_path: Path) -> None:
    where = repository(tmp_path / "r")
    rows = [json.dumps(litellm(number)).encode() + b"\n" for number in range(3)]
    whole = raw_zstd(*rows)
    end_of_block = len(whole) - len(rows[-1]) - 3
    log = tmp_path / "log.jsonl.zst"
    for content, cut in (
        (whole, False),
        (whole + b"\x51\x2a\x4d\x18\x02\0\0\0ab" + whole, False),
        (whole[:end_of_block], True),
        (whole + whole[:end_of_block], True),
        (whole + whole[:2], True),
    ):
        log.write_bytes(content)
        outcome = run(where, "usage", str(log), "--log-type", "litellm")
        assert outcome.code == (3 if cut else 0), outcome.errors
        assert ("log.jsonl.zst: the compressed file is cut short" in outcome.errors) == cut


def test_a_row_that_is_wrong_says_how_to_mend_it(tmp_path: Path) -> None:
    where = repository(tmp_path / "r")
    for row, mend in (
        (
            without(litellm(2), "prompt_tokens"),
            "name what the field is called now: the format `columns`",
        ),
        (with_cached(101), "say how the log counts: `input_includes_cached`"),
        (litellm(2, prompt_tokens=-1), "look at that row: mend what writes it"),
    ):
        log = written(tmp_path / "log.jsonl", [litellm(1), row])
        errors = run(where, "usage", log, "--log-type", "litellm").errors
        assert "1 of 2 rows" in errors
        assert "(the first is row 2)" in errors
        assert mend in errors


def test_no_prompt_key_or_unnamed_tenant_leaves_the_log(tmp_path: Path) -> None:
    rows = [
        litellm(
            number,
            request_id=f"{CANARY}-{number}",
            api_key=CANARY,
            messages={"content": CANARY},
            response=CANARY,
            team_id=f"{CANARY}-tenant",
            model=f"{CANARY}-model",
            request_tags=[f"feature:{CANARY}", f"env:{CANARY}"],
        )
        for number in range(60)
    ]
    log = written(tmp_path / "spend.jsonl", rows)
    where = repository(tmp_path / "r")
    for arguments in ((), ("--json",), ("--by", "model,tenant,environment,workflow")):
        outcome = run(where, "usage", log, "--format", "litellm", "--output", *arguments)
        assert outcome.code == 0, outcome.errors
        assert CANARY not in outcome.out + outcome.errors
    assert CANARY not in (where.path / ".github" / "reviewbot-usage.json").read_text()


def test_the_private_folder_of_the_engine_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    log = written(tmp_path / "spend.jsonl", [litellm(1)])
    assert run(repository(tmp_path / "r"), "usage", log, "--format", "litellm").code == 0
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("path", ["link.jsonl", "linked/log.jsonl", "https://x.example/l.jsonl"])
def test_a_configured_source_that_is_a_link_or_a_url_is_refused(tmp_path: Path, path: str) -> None:
    log = written(tmp_path / "outside" / "log.jsonl", [litellm(1)])
    usage = f"usage: {{sources: [{{format: litellm, paths: '{path}'}}]}}\n"
    where = repository(tmp_path / "r", usage=usage)
    (where.path / "link.jsonl").symlink_to(log)
    (where.path / "linked").symlink_to(tmp_path / "outside")
    outcome = run(where, "usage")
    assert outcome.code == 2
    assert "usage.sources[0]" in outcome.errors
    named = run(where, "usage", str(where.path / "link.jsonl"), "--format", "litellm")
    assert named.code == 0


def test_a_configured_source_outside_the_repository_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "log.jsonl", [litellm(1)])
    for path in ("../log.jsonl", str(tmp_path / "log.jsonl")):
        usage = f"usage: {{sources: [{{format: litellm, paths: '{path}'}}]}}\n"
        where = repository(tmp_path / f"r{len(path)}", usage=usage)
        assert run(where, "usage").code == 2


def test_output_is_never_written_over_another_file(tmp_path: Path) -> None:
    log = written(tmp_path / "log.jsonl", [litellm(1)])
    before = Path(log).read_text()
    where = repository(tmp_path / "r")
    for arguments in ((log, "--output", log), ("--output", log)):
        outcome = run(where, "usage", "--format", "litellm", *arguments)
        assert outcome.code == 2
        assert "put --output last" in outcome.errors
        assert Path(log).read_text() == before


def test_names_of_users_are_never_read_as_sql(tmp_path: Path) -> None:
    field = "o'; COPY calls TO '/tmp/x"
    usage = f'usage: {{sources: [{{format: litellm, workflow: {{field: "{field}"}}}}]}}\n'
    where = repository(tmp_path / "r", usage=usage)
    log = written(tmp_path / "log.jsonl", [litellm(1, **{field: "answer"})])
    outcome = run(where, "usage", log, "--format", "litellm", "--json")
    assert outcome.code == 0, outcome.errors
    assert [line["workflow"] for line in outcome.report["lines"]] == ["answer"]


def test_check_never_loads_the_engine(tmp_path: Path) -> None:
    import subprocess
    import sys

    where = repository(tmp_path / "r")
    code = (
        "import sys; from reviewbot.cli import main; main(); "
        "sys.exit(7 if {'duckdb', 'ruamel'} & set(sys.modules) else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "check", "--repo", str(where.path)],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
