"""Prints how fast `reviewbot usage` reads rows, beside a bare DuckDB query over the same file.

Usage: python bench/usage_rows.py [ROWS]. The log is made up: LiteLLM's spend logs as JSON lines,
and calls as Parquet; every hundredth row is there twice. The bare query removes repeated ids and
sums by the same keys, with the same memory and threads, and checks nothing. Processor time is what
counts on a machine that others use too.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import duckdb

DAYS = 28
CONFIGURATION = """\
version: 1
usage:
  sources:
    - format: columns
      columns:
        id: id
        time: created_at
        model: model
        input: tokens_in
        cached: cached
        output: tokens_out
        cost: cost
      input_includes_cached: true
      workflow: app
      tenant: tenant
      environment: env
workflows:
  answer:
    model: openai/gpt-4.1
    prompts: prompt.txt
    traffic: [{tenant: acme, environment: prod, calls: 1000/day, output_tokens: 300}]
"""
MADE = f"""
    SELECT 'call-' || (n - CASE WHEN n % 100 = 99 THEN 1 ELSE 0 END) AS id,
        TIMESTAMP '2026-10-01' + to_milliseconds(
            (n - CASE WHEN n % 100 = 99 THEN 1 ELSE 0 END) * {DAYS * 86_400_000} // {{rows}}
        ) AS created_at,
        ['answer', 'triage', 'other'][1 + CAST(hash(n, 1) % 3 AS BIGINT)] AS app,
        'tenant-' || CAST(hash(n, 2) % 20 AS BIGINT) AS tenant,
        ['prod', 'staging'][1 + CAST(hash(n, 3) % 2 AS BIGINT)] AS env,
        ['gpt-4.1', 'gpt-4.1-mini', 'gemini-2.5-pro'][1 + CAST(hash(n, 4) % 3 AS BIGINT)] AS model,
        200 + CAST(hash(n, 5) % 4000 AS BIGINT) AS tokens_in,
        CAST(hash(n, 6) % 200 AS BIGINT) AS cached,
        1 + CAST(hash(n, 7) % 900 AS BIGINT) AS tokens_out,
        (CAST(hash(n, 8) % 20000 AS BIGINT)) / 1e6 AS cost
    FROM (SELECT range AS n FROM range({{rows}}))
"""
AS_LITELLM = """
    SELECT id AS request_id, 'acompletion' AS call_type, 'sk-' || md5(id) AS api_key,
        cost AS spend, tokens_in + tokens_out AS total_tokens, tokens_in AS prompt_tokens,
        tokens_out AS completion_tokens,
        strftime(created_at, '%Y-%m-%dT%H:%M:%S.%fZ') AS startTime,
        strftime(created_at + INTERVAL 2 SECOND, '%Y-%m-%dT%H:%M:%S.%fZ') AS endTime,
        model, 'openai' AS custom_llm_provider, tenant AS team_id, 'False' AS cache_hit,
        ['feature:' || app, 'env:' || env] AS request_tags,
        {'additional_usage_values': {'cache_read_input_tokens': cached},
         'user_api_key_alias': app, 'status': 'success'} AS metadata,
        [{'role': 'user', 'content': repeat('words of a prompt ', 12)}] AS messages,
        'success' AS status
    FROM made
"""
BARE = """
    SELECT CAST(created_at AS DATE) AS day, app, tenant, env, model, count(*), sum(tokens_in),
        sum(cached), sum(tokens_out), sum(CAST(floor(cost * 1e10 + 0.5) AS BIGINT))
    FROM (FROM {source} QUALIFY row_number() OVER (PARTITION BY id ORDER BY tokens_out DESC) = 1)
    GROUP BY ALL
"""
BARE_WITHOUT_IDS = BARE.replace(
    "(FROM {source} QUALIFY row_number() OVER (PARTITION BY id ORDER BY tokens_out DESC) = 1)",
    "{source}",
)
RUN_BARE = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("SET memory_limit = '400MB'; SET threads = 2")
connection.execute("SET preserve_insertion_order = false")
connection.execute(sys.argv[2]).fetchall()
"""


class Run(NamedTuple):
    """What a process took: seconds by the clock and of the processor, and its most memory."""

    wall: float
    cpu: float
    peak_mb: float


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # in a process of its own: a child's most memory begins with that of its parent
        making = get_context("spawn").Process(target=write_logs, args=(folder, rows))
        making.start()
        making.join()
        repository(folder)
        parquet = f"read_parquet('{folder}/calls.parquet')"
        usage = [sys.executable, "-m", "reviewbot", "usage", "--repo", str(folder), "--json"]
        runs = {
            "bare query, ids not looked at": bare(folder, BARE_WITHOUT_IDS.format(source=parquet)),
            "bare query": bare(folder, BARE.format(source=parquet)),
            "Parquet": run([*usage, f"{folder}/calls.parquet", "--format", "columns"]),
            "LiteLLM": run([*usage, f"{folder}/spend.jsonl", "--format", "litellm"]),
        }
    print(f"{rows:,} rows, {os.cpu_count()} processors")
    for title, found in runs.items():
        ratio = found.cpu / runs["bare query"].cpu
        print(
            f"{title:<30} {found.wall:7.1f} s {found.cpu:7.1f} CPU s {ratio:5.2f} x"
            f" {rows / found.wall / 1e6:6.2f} M rows/s {rows / found.cpu / 1e6:6.2f} M rows/CPU s"
            f" {found.peak_mb:6.0f} MB"
        )


def write_logs(folder: Path, rows: int) -> None:
    """The same calls as Parquet and as JSON lines, made by DuckDB itself."""
    connection = duckdb.connect()
    connection.execute("SET memory_limit = '1GB'; SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    connection.execute(f"COPY ({MADE.format(rows=rows)}) TO '{folder}/calls.parquet'")
    connection.execute(f"CREATE VIEW made AS FROM '{folder}/calls.parquet'")
    connection.execute(f"COPY ({AS_LITELLM}) TO '{folder}/spend.jsonl' (FORMAT json)")
    connection.close()


def repository(folder: Path) -> None:
    """A repository with a configuration, in which the logs lie unwatched."""
    (folder / ".github").mkdir()
    (folder / ".github" / "reviewbot.yml").write_text(CONFIGURATION)
    (folder / "prompt.txt").write_text("Answer.\n")
    (folder / ".gitignore").write_text("*.parquet\n*.jsonl\n*.duckdb*\n")
    who = ("-c", "user.name=bench", "-c", "user.email=bench@example.invalid")
    for command in (("init", "--quiet"), ("add", "--all"), (*who, "commit", "-qm", "bench")):
        subprocess.run(["git", "-C", str(folder), *command], check=True)


def bare(folder: Path, query: str) -> Run:
    return run([sys.executable, "-c", RUN_BARE, f"{folder}/bare.duckdb", query])


def run(command: list[str]) -> Run:
    """Run a command to its end; its processor time and memory are told by the system."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status:
        sys.exit(f"{command[:6]} failed")
    return Run(wall=wall, cpu=_seconds(used), peak_mb=used.ru_maxrss / 1024)


def _seconds(used: resource.struct_rusage) -> float:
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
