"""Fuzzes one parser with atheris, guided by coverage: python bench/fuzz.py TARGET --runs N.

Without a target it lists them. A text that breaks a target's promise ends it and is printed; so
does one that takes more than ten seconds or a gigabyte. Seeds come from the manual and the tests.
"""

import argparse
import importlib
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
_LONGEST_BYTES = 60_000


def main() -> None:
    arguments = argparse.ArgumentParser(description="Fuzz one parser.")
    arguments.add_argument("target", nargs="?")
    arguments.add_argument("--runs", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    sys.path[:0] = [str(HERE.parent)]
    atheris: Any = importlib.import_module("atheris")  # of the group `fuzz`, which types skip
    with atheris.instrument_imports(include=["reviewbot"], enable_loader_override=False):
        targets = importlib.import_module("tests.support.fuzzing").targets()
    if given.target not in targets:
        print(*targets, sep="\n")
        sys.exit(2 if given.target else 0)
    check, seeds = targets[given.target]
    mutate = importlib.import_module("tests.support.mutations").mutate

    def run(data: bytes) -> None:
        text = data.decode("utf-8", "surrogateescape")
        try:
            check(text)
        except BaseException:
            print(f"fuzz: {given.target}: {text!r}")
            raise

    def change(data: bytes, max_size: int, seed: int) -> bytes:
        chosen = random.Random(seed)
        if chosen.random() < 0.5:
            return bytes(atheris.Mutate(data, max_size))
        text = mutate(data.decode("utf-8", "surrogateescape"), chosen.randrange, seeds)
        return str(text).encode("utf-8", "surrogatepass")[:max_size]

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "seeds").mkdir()
        for index, text in enumerate(seeds):
            (folder / "seeds" / f"{index:04}").write_bytes(text.encode()[:_LONGEST_BYTES])
        options = {
            "runs": given.runs,
            "seed": given.seed,
            "max_len": _LONGEST_BYTES,
            "timeout": 10,
            "rss_limit_mb": 1_024,
            "artifact_prefix": f"{folder}/",
            "print_final_stats": 1,
        }
        flags = [f"-{key}={value}" for key, value in options.items()]
        atheris.Setup([sys.argv[0], *flags, str(folder / "seeds")], run, custom_mutator=change)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
