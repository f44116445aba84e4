"""What the search of changed source files adds to a review.

Usage: python bench/search_seconds.py --cache FOLDER [--runs N] [--only NAME ...]. The review is an
ordinary one, of a changed prompt, with nothing kept. In turn it is made of that change alone and of
one that alters 20 files too, as two released versions of a package differ in them. Milliseconds are
medians, and those added are medians of the differences of pairs.
"""

import argparse
import difflib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from generate import ordinary
from packages import Package, archive, commit, files, git

PAIRS = (
    Package(name="camel-ai", old="0.2.80", new="0.2.90"),
    Package(name="paper-qa", old="5.29.1", new="2026.8.12"),
    Package(name="django", old="5.2", new="5.2.7"),
    Package(name="openai", old="2.0.0", new="2.8.0"),
    Package(name="ai", old="6.0.100", new="6.0.140", registry="npm"),
    Package(name="@anthropic-ai/sdk", old="0.60.0", new="0.70.0", registry="npm"),
)
MIXED = "10 of camel-ai and 10 of ai"
COUNT = 20
_LEAST_BYTES, _MOST_BYTES = 5_000, 15_000
_MOST_CHANGED = 0.2
_ENDINGS = (".py", ".ts", ".tsx")
_COMMAND = ("check", "--base", "main", "--format", "json", "--no-cache")

Changed = Mapping[str, tuple[bytes, bytes]]
"""The old and new contents of files, by their paths."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--only", nargs="*", default=[])
    chosen = parser.parse_args()
    sets = {pair.name: changed_files(pair, chosen.cache) for pair in PAIRS}
    halves = (list(sets[name].items())[: COUNT // 2] for name in ("camel-ai", "ai"))
    sets[MIXED] = {path: texts for half in halves for path, texts in half}
    for name, changed in sets.items():
        if chosen.only and name not in chosen.only:
            continue
        size = sum(len(new) for _, new in changed.values())
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "repository"
            repository(place, changed)
            print(f"{name}, {len(changed)} files, {size:,} bytes: {measured(place, chosen.runs)}")


def changed_files(pair: Package, cache: Path) -> Changed:
    """Some files of the size of usual ones, of which a part differs between two versions."""
    old, new = (
        {
            path: data
            for path, data in files(archive(pair, version, cache))
            if path.endswith(_ENDINGS) and not path.endswith(".d.ts") and "test" not in path
        }
        for version in (pair.old, pair.new)
    )
    differing = [
        path
        for path, data in sorted(new.items())
        if path in old
        and _LEAST_BYTES <= len(data) <= _MOST_BYTES
        and 0 < _share_changed(old[path], data) <= _MOST_CHANGED
    ]
    chosen = random.Random(pair.name).sample(differing, min(COUNT, len(differing)))
    return {path: (old[path], new[path]) for path in chosen}


def _share_changed(old: bytes, new: bytes) -> float:
    before, after = old.split(b"\n"), new.split(b"\n")
    return 1 - difflib.SequenceMatcher(None, before, after, autojunk=False).ratio()


def repository(place: Path, changed: Changed) -> None:
    """A repository with a changed prompt on its branch `work`, and the files too on `search`."""
    ordinary(place)
    git(place, "switch", "--quiet", "main")
    _write(place, {path: old for path, (old, _) in changed.items()})
    git(place, "switch", "--quiet", "work")
    git(place, "rebase", "--quiet", "main")
    git(place, "switch", "--quiet", "--create", "search")
    _write(place, {path: new for path, (_, new) in changed.items()})


def _write(place: Path, contents: Mapping[str, bytes]) -> None:
    for path, data in contents.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(data)
    commit(place, "files")


def measured(place: Path, runs: int) -> str:
    """What both reviews take, by the clock and of processors, in milliseconds."""
    taken: dict[str, list[tuple[float, float]]] = {"work": [], "search": []}
    for run in range(runs + 1):
        for branch, kept in taken.items():
            found = _taken(place, branch)
            if run:
                kept.append(found)
    return "; ".join(_lines(taken["work"], taken["search"]))


def _lines(alone: list[tuple[float, float]], more: list[tuple[float, float]]) -> Iterator[str]:
    for name, first, second in zip(
        ("wall", "processor"), zip(*alone, strict=True), zip(*more, strict=True), strict=True
    ):
        added = statistics.median(b - a for a, b in zip(first, second, strict=True))
        yield f"{name} {statistics.median(first):.0f} ms, {added:+.0f} ms"


def _taken(place: Path, branch: str) -> tuple[float, float]:
    command = [sys.executable, "-m", "reviewbot", *_COMMAND, "--head", branch]
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=place, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if process.returncode not in {0, 1}:
        sys.exit(f"the review of {branch} ended with {process.returncode}")
    return 1000 * wall, 1000 * (usage.ru_utime + usage.ru_stime)


if __name__ == "__main__":
    main()
