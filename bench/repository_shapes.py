"""Prints what a review of repositories of unusual and hostile shapes takes, full size.

Usage: python bench/repository_shapes.py [--write] [NAME …]. With `--write` the table of
docs/security.md is written anew. Each is built in a temporary folder, reviewed
with default limits, and removed. The bars: 60 seconds, and 1,000 MB for all processes together.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from run import resident_kib  # noqa: E402 - likewise

from tests.support import costly_shapes, shapes  # noqa: E402 - the tests build the same, small
from tests.support.hostile_files import hostile_templates  # noqa: E402 - likewise
from tests.support.repository import Repository  # noqa: E402 - likewise

REVIEW = [sys.executable, "-m", "reviewbot", "check", "--base", "main", "--format", "json"]
PAGE = HERE.parent / "docs" / "security.md"
MILLION = 1_000_000
GIVEN_UP_SECONDS = 300
GIVEN_UP_KIB = 4_000_000
SHAPES: dict[str, Callable[[Path], Repository]] = {
    "100,000 files": lambda path: shapes.many_files(path, 100_000),
    "100,000 files in one folder": lambda path: shapes.many_files(path, 100_000, folders=1),
    "a blob of 1 GB beside the prompts": lambda path: shapes.large_blob(path, 2**30),
    "50,000 changed files": lambda path: shapes.many_changes(path, 50_000),
    "50,000 moved and altered files": lambda path: shapes.many_renames(path, 50_000),
    "1,000 moved and altered files of 4 MB": lambda path: shapes.many_renames(
        path, 1_000, size=4 * MILLION
    ),
    "1,000 folders deep, 50,000 includes": lambda path: shapes.deep_folders(path, 1_000, 50_000),
    "50,000 samples by one pattern": lambda path: shapes.many_samples(path, 50_000),
    "50,000 files, 300 folders deep, a pattern with 100 `**`": lambda path: shapes.many_patterns(
        path, 50_000, ["**/a/" * 100 + "**/*.yaml"], depth=300
    ),
    "50,000 files, 5,000 patterns": lambda path: shapes.many_patterns(
        path, 50_000, [f"**/a/**/*-{n}.yaml" for n in range(5_000)]
    ),
    "10,000 workflows, 50,000 changed files": lambda path: shapes.many_workflows(
        path, 10_000, 50_000
    ),
    "10,000 new workflows, 50,000 changed files": lambda path: shapes.many_workflows(
        path, 10_000, 50_000, is_new=True
    ),
    "50,000 branches and 50,000 tags": lambda path: shapes.many_references(path, 50_000),
    "1,000 prompts of 4 MB": lambda path: shapes.large_prompts(path, 1_000, 4 * MILLION),
    "1,000 prompts of 1 MB": lambda path: shapes.large_prompts(path, 1_000, MILLION),
    "5,000 samples of 1 MB": lambda path: shapes.large_samples(path, 5_000, MILLION),
    "10^10 files in 12 tree objects": lambda path: shapes.tree_bomb(path, 10, 10, has_files=True),
    "10^10 empty folders in 12 tree objects": lambda path: shapes.tree_bomb(
        path, 10, 10, has_files=False
    ),
    "300 samples of 2,000,000 characters": lambda path: costly_shapes.long_renderings(
        path, 300, 2 * MILLION
    ),
    "300 samples of 2,000,000 wide characters": lambda path: costly_shapes.long_renderings(
        path, 300, 2 * MILLION - 10, "🙂"
    ),
    "8,000 samples of 30 ms": lambda path: costly_shapes.slow_samples(path, 8_000, 8),
    "10,000 samples of 4 ms": lambda path: costly_shapes.slow_samples(path, 10_000, 1),
    "3,000 new workflows of 20 ms": lambda path: costly_shapes.slow_workflows(path, 3_000, 5),
    "10,000 samples of 49,000 letters": lambda path: costly_shapes.slow_counts(path, 10_000),
    "10,000 samples of 390 letters": lambda path: costly_shapes.slow_counts(path, 10_000, 390),
    "10,000 samples beside a text of 1 MB": lambda path: costly_shapes.fixed_texts(
        path, 10_000, MILLION
    ),
    "10,000 samples x 10,000 messages": lambda path: costly_shapes.many_messages(
        path, 10_000, 10_000
    ),
    "10,000 samples x 2,000 tools": lambda path: costly_shapes.many_tools(path, 10_000, 2_000),
    "1,000 workflows x 1,000 samples": lambda path: costly_shapes.shared_samples(
        path, 1_000, 1_000
    ),
    "10 workflows x 400 samples x 27 hunks": lambda path: costly_shapes.explained_samples(
        path, 400
    ),
    "100,000 samples by one pattern": lambda path: shapes.many_samples(path, 100_000),
    "3,000 files of Python": lambda path: costly_shapes.python_files(path, 3_000),
    "10,000 samples in the configuration, of 1,000,000 characters": lambda path: (
        costly_shapes.inline_samples(path, 10_000, MILLION)
    ),
    "1,000 prompts of 20,000 words taken out": lambda path: costly_shapes.taken_out(
        path, 1_000, 20_000
    ),
    "8,000 branches that no sample of 400,000 characters shows": lambda path: (
        costly_shapes.many_branches(path, 50, 8_000)
    ),
    "5,000 workflows x 5,000 streams, 100 budgets": lambda path: costly_shapes.many_streams(
        path, 5_000, 5_000
    ),
    "1,000 workflows that include 900 files of 4,000 characters": lambda path: (
        costly_shapes.many_includes(path, 1_000, 900, 4_000)
    ),
    "10,000 samples x a tool of 3,000 properties": lambda path: costly_shapes.deep_tools(
        path, 10_000, 3_000
    ),
    "instructions that import 900 changed files": lambda path: costly_shapes.instruction_imports(
        path, 900
    ),
    "1,000 samples of 50,000 numbers in YAML": lambda path: costly_shapes.large_sample_documents(
        path, 1_000, 50_000
    ),
    "300 prompts x 1,000 tests of promptfoo": lambda path: costly_shapes.promptfoo_matrix(
        path, 300, 1_000
    ),
    "every hostile template": hostile_templates,
    "every hostile template and 15 texts that are slow to count": lambda path: hostile_templates(
        path, slow_texts=15
    ),
}


def main() -> None:
    wanted = [name for name in sys.argv[1:] if name != "--write"] or list(SHAPES)
    rows = []
    print(_HEAD)
    for name in wanted:
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            repository = SHAPES[name](Path(folder) / "repository")
            built = time.perf_counter() - began
            figures = " | ".join(_reviewed(repository.path, Path(folder)))
        rows.append(f"| {name} | {figures} |")
        print(f"{rows[-1]} built in {built:.1f} s", flush=True)
    if "--write" in sys.argv:
        write(rows)


_HEAD = """\
| shape | seconds | of the processor | peak MB | exit code | verdict |
| --- | --- | --- | --- | --- | --- |"""


def write(rows: list[str]) -> None:
    """Put the rows in the place of those of the page."""
    before, _, rest = PAGE.read_text().partition("| shape |")
    _, _, after = rest.partition("\n\n")
    PAGE.write_text(before + "\n".join([_HEAD, *rows]) + "\n\n" + after)


def _reviewed(place: Path, folder: Path) -> tuple[str, ...]:
    """Seconds (clock, processor), the most memory of all processes at a time, code, verdict."""
    report, errors = folder / "report.json", folder / "errors.txt"
    began, spent = time.perf_counter(), _processor_seconds()
    with report.open("wb") as out, errors.open("wb") as err:
        process = subprocess.Popen(
            REVIEW,
            cwd=place,
            env={**os.environ, "PYTHONPATH": str(HERE.parent)},
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        peak_kib = 0
        while process.poll() is None:
            peak_kib = max(peak_kib, resident_kib(process.pid))
            time.sleep(0.02)
            if time.perf_counter() - began > GIVEN_UP_SECONDS or peak_kib > GIVEN_UP_KIB:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                return (
                    f"{time.perf_counter() - began:.1f}",
                    f"{_processor_seconds() - spent:.1f}",
                    f"{peak_kib * 1024 / 1e6:.0f}",
                    "-",
                    "given up",
                )
    seconds = time.perf_counter() - began
    spent = _processor_seconds() - spent
    verdict = _verdict(report.read_bytes(), errors.read_text())
    return (
        f"{seconds:.1f}",
        f"{spent:.1f}",
        f"{peak_kib * 1024 / 1e6:.0f}",
        str(process.returncode),
        verdict,
    )


def _processor_seconds() -> float:
    """What the processes that have ended took, and theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _verdict(report: bytes, errors: str) -> str:
    """The verdicts of the report, or else the first line of what was said instead."""
    if not report:
        return "a named error" if errors.startswith("reviewbot: ") else "nothing was said"
    workflows = json.loads(report)["workflows"]
    kinds = {item["verdict"]: 0 for item in workflows}
    for item in workflows:
        kinds[item["verdict"]] += 1
    return ", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items())) or "no workflow"


if __name__ == "__main__":
    main()
