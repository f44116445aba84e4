"""Measures the speed of reviewbot on this machine, and writes docs/performance.md.

Usage: python bench/run.py [--quick | --write]. Whole processes run in turn with what each case
cannot do without; medians of wall and processor time are compared, on two cores and on one.
What users install runs: the commit as a wheel. Only figures of the whole run on a machine that
does nothing else are written.
"""

import hashlib
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from generate import (
    SAMPLES,
    many_files,
    many_parts,
    one_of_many,
    ordinary,
    repository,
    sample,
    shared_partial,
    template,
    unrelated_change,
)

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "performance.md"
REVIEW = ["reviewbot", "check", "--base", "main", "--format", "json"]
WITHOUT_CACHE = [*REVIEW, "--no-cache"]
SURROUNDINGS = {
    name: value
    for name, value in os.environ.items()
    if name not in {"CI", "PYTHONDONTWRITEBYTECODE", "REVIEWBOT_CACHE"}
}
"""In CI nothing is kept."""
_MOST_LOAD = 0.5
O200K_URL = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"
LOADING = 'import tiktoken; tiktoken.get_encoding("o200k_base").encode_ordinary("text")'


@dataclass(frozen=True)
class Taken:
    """Median seconds of a process: by the clock, and of the processor with its own processes."""

    wall: float
    processor: float


@dataclass(frozen=True)
class Case:
    """A review, and the process that it is compared with."""

    name: str
    place: Path
    rival: str
    command: list[str]
    runs: int
    review: list[str] = field(default_factory=lambda: WITHOUT_CACHE)


def main() -> None:
    quick, write = "--quick" in sys.argv, "--write" in sys.argv
    load = os.getloadavg()[0]
    if write and quick:
        sys.exit("figures of a quick run are not written: leave out --quick")
    if write and load > _MOST_LOAD:
        sys.exit(f"the machine is busy (load {load:.1f}): wait until it does nothing else")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {"TIKTOKEN_CACHE_DIR": str(_tiktoken_cache(folder))}
        SURROUNDINGS["XDG_CACHE_HOME"] = str(folder / "kept")
        SURROUNDINGS["PATH"] = f"{_installed(folder)}{os.pathsep}{SURROUNDINGS['PATH']}"
        lines = [*_ratios(folder, environment, quick=quick), "", *_growth(folder, quick=quick)]
        lines += ["", *_large(folder, quick=quick), "", _governance(folder)]
    head = _HEAD.format(machine=_machine(load))
    text = head + "\n".join(lines) + "\n"
    print(text)
    if write:
        PAGE.write_text(text)


def _cases(folder: Path, *, quick: bool) -> Iterator[Case]:
    place = folder / "ordinary"
    ordinary(place)
    loading = ["python", "-c", LOADING]
    rival = "loading o200k_base by tiktoken"
    runs = 5 if quick else 15
    yield Case("one prompt of 2 KB, three workflows", place, rival, loading, runs)
    yield Case("the same again, from the cache", place, rival, loading, runs, REVIEW)
    place = folder / "unaffected"
    repository(place, 10)
    unrelated_change(place)
    imports = ["python", "-c", "import yaml, jinja2"]
    rival = "`import yaml, jinja2`"
    yield Case("a change that concerns no prompt", place, rival, imports, 5 if quick else 21)
    place = folder / "1000"
    repository(place, 1_000)
    given = place.with_suffix(".json")
    templates = [template(n, revision) for n in range(1_000) for revision in ("base", "head")]
    given.write_text(json.dumps({"templates": templates, "samples": [sample(n) for n in SAMPLES]}))
    bare = ["python", str(HERE / "bare.py"), str(given)]
    rival = "the same texts rendered and encoded in one bare process"
    yield Case("1,000 changed prompts x 3 samples", place, rival, bare, 1 if quick else 5)


def _ratios(folder: Path, environment: Mapping[str, str], *, quick: bool) -> Iterator[str]:
    yield "| case | cores | review, wall s | processor s | compared with | wall | processor |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for case in _cases(folder, quick=quick):
        for cores in (2, 1):
            ours, theirs = _paired(case, environment, cores)
            yield (
                f"| {case.name} | {cores} | {ours.wall:.3f} | {ours.processor:.3f} "
                f"| {case.rival}: {theirs.wall:.3f} | {ours.wall / theirs.wall:.2f}x "
                f"| {ours.processor / theirs.processor:.2f}x |"
            )


def _growth(folder: Path, *, quick: bool) -> Iterator[str]:
    yield "| prompts x 3 samples, both revisions | wall s | processor s | ms each | peak MB |"
    yield "| --- | --- | --- | --- | --- |"
    for prompts in (100, 1_000) if quick else (100, 1_000, 10_000):
        place = folder / str(prompts)
        if not place.exists():
            repository(place, prompts)
        taken, megabytes = _measured(WITHOUT_CACHE, place)
        yield (
            f"| {prompts:,} | {taken.wall:.2f} | {taken.processor:.2f} "
            f"| {1000 * taken.wall / prompts:.2f} | {megabytes:.0f} |"
        )


def _large(folder: Path, *, quick: bool) -> Iterator[str]:
    """Large repositories, each reviewed with nothing kept, and once more."""
    size = 100 if quick else 2_000
    shapes: dict[str, Callable[[Path], None]] = {
        f"one changed prompt of {size:,} workflows": lambda place: one_of_many(place, size),
        f"a changed file that {size:,} prompts include": lambda place: shared_partial(place, size),
        "a prompt that includes 900 changed files": lambda place: many_parts(place, 900),
        f"{50 * size:,} files, nothing concerned": lambda place: many_files(place, 50 * size),
    }
    yield "| repository | wall s | processor s | peak MB | again: wall s | processor s |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for number, (name, make) in enumerate(shapes.items()):
        place = folder / f"large-{number}"
        make(place)
        first, megabytes = _measured(REVIEW, place)
        again, _ = _measured(REVIEW, place)
        yield (
            f"| {name} | {first.wall:.2f} | {first.processor:.2f} | {megabytes:.0f} "
            f"| {again.wall:.2f} | {again.processor:.2f} |"
        )
        if number == 0:
            _git(place, "switch", "--quiet", "later")
            later, megabytes = _measured(REVIEW, place)
            yield (
                f"| after that, another one of them | {later.wall:.2f} | {later.processor:.2f} "
                f"| {megabytes:.0f} | | |"
            )


def _git(place: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(place), *arguments], check=True)


def _governance(folder: Path) -> str:
    """The share of slices, budgets and rules in a review, by the review's own log."""
    place = folder / "governed"
    repository(place, 500, governed=True)
    command = [*WITHOUT_CACHE, "--log-format", "json"]
    done = subprocess.run(command, cwd=place, env=SURROUNDINGS, check=True, capture_output=True)
    told = [json.loads(line) for line in done.stderr.splitlines()]
    seconds = {item.get("stage", "review"): item["seconds"] for item in told}
    share = (seconds["attribute"] + seconds["policy"]) / seconds["review"]
    return (
        f"500 workflows x 40 streams x 10 budgets take {seconds['review']:.2f} s, of which slices, "
        f"budgets and rules are {100 * share:.1f}%."
    )


def _paired(case: Case, environment: Mapping[str, str], cores: int) -> tuple[Taken, Taken]:
    """The medians of both commands, which run in turn, after one run of each to warm up."""
    taken: tuple[list[Taken], list[Taken]] = ([], [])
    for run in range(case.runs + 1):
        for command, kept in zip((case.review, case.command), taken, strict=True):
            found = _taken(command, case.place, environment, cores)
            if run:
                kept.append(found)
    first, second = (
        Taken(
            wall=statistics.median(item.wall for item in items),
            processor=statistics.median(item.processor for item in items),
        )
        for items in taken
    )
    return first, second


def _taken(command: list[str], place: Path, environment: Mapping[str, str], cores: int) -> Taken:
    allowed = set(sorted(os.sched_getaffinity(0))[:cores])
    began, spent = time.perf_counter(), _processor_seconds()
    subprocess.run(
        command,
        cwd=place,
        env={**SURROUNDINGS, **environment},
        check=True,
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, allowed),
    )
    return Taken(time.perf_counter() - began, _processor_seconds() - spent)


def _processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _measured(command: list[str], place: Path) -> tuple[Taken, float]:
    """What it takes, and the most memory in MB that it and its processes had at one time."""
    began, spent = time.perf_counter(), _processor_seconds()
    process = subprocess.Popen(command, cwd=place, env=SURROUNDINGS, stdout=subprocess.DEVNULL)
    peak_kib = 0
    while process.poll() is None:
        peak_kib = max(peak_kib, resident_kib(process.pid))
        time.sleep(0.02)
    taken = Taken(time.perf_counter() - began, _processor_seconds() - spent)
    return taken, peak_kib * 1024 / 1e6


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


def _installed(folder: Path) -> Path:
    """The programs of an environment with what users install: what is committed, as a wheel.

    One for development has more packages, and each start of Python looks at them.
    """
    clone, uv = folder / "clone", str(Path(sys.executable).with_name("uv"))
    subprocess.run(["git", "clone", "--quiet", str(HERE.parent), str(clone)], check=True)
    made = [str(clone / ".ci/venv"), "requirements.lock"]
    python = subprocess.run(made, check=True, capture_output=True, text=True).stdout.strip()
    build = [uv, "build", "--quiet", "--wheel", "--no-build-isolation", "--python", sys.executable]
    subprocess.run([*build, "--out-dir", str(folder), str(clone)], check=True)
    (wheel,) = folder.glob("*.whl")
    install = [uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--compile-bytecode"]
    subprocess.run([*install, "--python", python, str(wheel)], check=True)
    shutil.rmtree(clone / "reviewbot")
    return Path(python).parent


def _machine(load: float) -> str:
    cores = len(os.sched_getaffinity(0))
    return (
        f"{platform.system()} {platform.machine()}, {cores} cores, Python "
        f"{platform.python_version()}, load {load:.1f} at the start"
    )


_HEAD = """# Performance

Written by `python bench/run.py --write`. Times are medians of whole processes, git
included, which run in turn with what they are compared with; a ratio is more worth than a time.
The wheel runs, in an environment that has what users install and no more.

Machine: {machine}.

What an ordinary review does not do: it loads no vocabulary (plain characters are counted by an
index of tiktoken's own pieces, until that has taken as long as loading), and imports no library of
prices (the catalogue is a file made from genai-prices). From 20 workflows on there are two
processes that render; they are asked for many texts at a time, and count these by the index.
Jinja2 templates that differ in their texts only are compiled once, and each line of a text is
counted once. Tests hold each shortcut to the same bytes:
`tests/commands/test_shortcuts.py`, `tests/rendering/test_shared_code.py`,
`tests/rendering/test_following_marks.py`, `tests/tokens/test_piece_index.py`,
`tests/tokens/test_line_counts.py`, `tests/tokens/test_plain_counts.py`,
`tests/costs/test_catalogue.py`.

What a review of any repository takes at most is in [security](security.md#figures).

"""

if __name__ == "__main__":
    main()
