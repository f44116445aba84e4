"""Prints the speed of reviewbot as ratios, all measured in one run on this machine.

Usage: python bench/run.py [--quick]. Each pair of commands runs in turn; medians are compared.
"""

import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path

from generate import SAMPLES, repository, sample, template, unrelated_change

HERE = Path(__file__).parent
REVIEW = [
    str(Path(sys.executable).with_name("reviewbot")),
    "check",
    "--base",
    "main",
    "--format",
    "json",
]
SURROUNDINGS = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}
"""An installed package is compiled; a checkout must be allowed to be."""
O200K_URL = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"


def main() -> None:
    quick = "--quick" in sys.argv
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cache = _tiktoken_cache(folder)
        _unaffected(folder, runs=5 if quick else 21)
        sizes = (100, 1_000) if quick else (100, 1_000, 10_000)
        seconds = {}
        for prompts in sizes:
            place = folder / str(prompts)
            repository(place, prompts)
            seconds[prompts], megabytes = _measured(REVIEW, place)
            print(
                f"{prompts:>6} prompts x 3 samples, both revisions: {seconds[prompts]:6.2f} s, "
                f"{1000 * seconds[prompts] / prompts:5.2f} ms each, peak memory {megabytes:.0f} MB"
            )
        _governance(folder)
        _against_bare(folder / "1000", cache, runs=3 if quick else 7)
        growth = (seconds[sizes[-1]] / sizes[-1]) / (seconds[1_000] / 1_000)
        print(f"growth: a prompt among {sizes[-1]:,} takes {growth:.2f}x of one among 1,000")


def _unaffected(folder: Path, runs: int) -> None:
    place = folder / "unaffected"
    repository(place, 10)
    unrelated_change(place)
    imports = [sys.executable, "-c", "import yaml, jinja2"]
    ours, theirs = _paired(REVIEW, imports, place, {}, runs)
    print(
        f"nothing concerns prompts: {1000 * ours:.0f} ms; `import yaml, jinja2`: "
        f"{1000 * theirs:.0f} ms; ratio {ours / theirs:.2f}"
    )


def _governance(folder: Path) -> None:
    """The share of slices, budgets and rules in a review, by the review's own log."""
    place = folder / "governed"
    repository(place, 500, governed=True)
    command = [*REVIEW, "--log-format", "json"]
    done = subprocess.run(command, cwd=place, env=SURROUNDINGS, check=True, capture_output=True)
    told = [json.loads(line) for line in done.stderr.splitlines()]
    seconds = {item.get("stage", "review"): item["seconds"] for item in told}
    share = (seconds["attribute"] + seconds["policy"]) / seconds["review"]
    print(
        f"500 workflows x 40 streams x 10 budgets: {seconds['review']:.2f} s, of which slices, "
        f"budgets and rules {100 * share:.1f}%"
    )


def _against_bare(place: Path, cache: Path, runs: int) -> None:
    given = place.with_suffix(".json")
    templates = [template(n, revision) for n in range(1_000) for revision in ("base", "head")]
    given.write_text(json.dumps({"templates": templates, "samples": [sample(n) for n in SAMPLES]}))
    bare = [sys.executable, str(HERE / "bare.py"), str(given)]
    environment = {"TIKTOKEN_CACHE_DIR": str(cache)}
    ours, theirs = _paired(REVIEW, bare, place, environment, runs)
    print(
        f"1,000 changed prompts: {ours:.2f} s; bare rendering and encoding of the same texts in "
        f"one process: {theirs:.2f} s; ratio {ours / theirs:.2f}"
    )


def _paired(
    first: list[str], second: list[str], place: Path, environment: dict[str, str], runs: int
) -> tuple[float, float]:
    """The median seconds of two commands that run in turn, after one run of each to warm up."""
    times: tuple[list[float], list[float]] = ([], [])
    for run in range(runs + 1):
        for command, kept in zip((first, second), times, strict=True):
            began = time.perf_counter()
            given = SURROUNDINGS | environment
            subprocess.run(command, cwd=place, env=given, check=True, stdout=subprocess.DEVNULL)
            if run:
                kept.append(time.perf_counter() - began)
    return statistics.median(times[0]), statistics.median(times[1])


def _measured(command: list[str], place: Path) -> tuple[float, float]:
    """Seconds, and the most memory in MB that the command and its processes had at one time."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=place, env=SURROUNDINGS, stdout=subprocess.DEVNULL)
    peak_kib = 0
    while process.poll() is None:
        peak_kib = max(peak_kib, resident_kib(process.pid))
        time.sleep(0.02)
    return time.perf_counter() - began, peak_kib * 1024 / 1e6


def resident_kib(pid: int) -> int:
    """Resident memory of a process and its descendants, from /proc."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    own = next(
        (int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0
    )
    return own + sum(resident_kib(int(child)) for child in children)


def _tiktoken_cache(folder: Path) -> Path:
    """A cache from which tiktoken loads the vocabulary that is shipped, without network."""
    cache = folder / "cache"
    cache.mkdir()
    vocabulary = files("reviewbot") / "tokens/vocabularies/o200k_base.tiktoken"
    name = hashlib.sha1(O200K_URL.encode()).hexdigest()
    shutil.copyfile(str(vocabulary), cache / name)
    return cache


if __name__ == "__main__":
    main()
