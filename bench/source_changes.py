"""How many of the prompts that change between two versions of a package a review speaks of.

Usage: python bench/source_changes.py --cache FOLDER [--only NAME ...]. Of each package of
`bench/source_recall.py` that has an older version, two commits are made, `reviewbot init` writes
the configuration of the older one, and `reviewbot check` reviews the change. A text that is
labelled as sent and is not in the older version has to be part of a workflow's messages, or of a
prompt that the report lists as covered by none.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from packages import Package, commit, repository, upgrade
from reviewed import CONFIGURATION
from source_recall import ASIDE, PACKAGES, _labels, label_name, source_files
from source_texts import Text, plain, texts

from reviewbot import prompt_formats
from reviewbot.errors import MeasurementError
from reviewbot.prompt import PromptText, Surroundings
from reviewbot.prompt_formats._common.source_prompts import text_of
from reviewbot.prompt_formats.python import names as python_names
from reviewbot.prompt_formats.typescript import names as typescript_names
from reviewbot.rendering.parsing import LimitedParser

_SECONDS = 600


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=[])
    chosen = parser.parse_args()
    total = spoken = 0
    for package in (*PACKAGES, *ASIDE):
        if package.old and (not chosen.only or label_name(package) in chosen.only):
            changed, missing = reviewed(package, chosen.cache)
            total, spoken = total + changed, spoken + changed - len(missing)
            print(
                f"{package.name} {package.old} → {package.new}: "
                f"{changed - len(missing)} of {changed} changed texts are spoken of"
            )
            for text in missing:
                print(f"  not {text.path}:{text.line} {text.names}")
    print(f"all: {spoken} of {total} ({100 * spoken / max(total, 1):.1f}%)")


def reviewed(package: Package, cache: Path) -> tuple[int, list[Text]]:
    """How many labelled texts are new or changed, and those that the review does not speak of."""
    older = Package(name=package.name, old="", new=package.old, registry=package.registry)
    before = {
        text.digest
        for path, data in source_files(older, cache).items()
        for text in texts(path, data.decode(errors="replace"))
    }
    labels = _labels(label_name(package))
    contents = source_files(package, cache)
    changed = [
        text
        for path, data in contents.items()
        for text in texts(path, data.decode(errors="replace"))
        if labels.get(text.digest) == "prompt" and text.digest not in before
    ]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "repository"
        repository(package, cache, place)
        _reviewbot(place, "init")
        commit(place, "configuration")
        configuration = (place / CONFIGURATION).read_text("utf-8")
        upgrade(package, cache, place)
        (place / CONFIGURATION).parent.mkdir(parents=True, exist_ok=True)
        (place / CONFIGURATION).write_text(configuration, "utf-8")
        commit(place, "the same configuration")
        report = json.loads(_reviewbot(place, "check", "--base", "main", "--format", "json"))
    shown = _shown(report, configuration, contents)
    missing = [
        text for text in changed if not any(text.piece in said for said in shown.get(text.path, ()))
    ]
    return len(changed), missing


def _reviewbot(place: Path, command: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "reviewbot", command, "--repo", str(place), *arguments],
        capture_output=True,
        check=False,
        text=True,
        timeout=_SECONDS,
    )
    return done.stdout


def _shown(
    report: Mapping[str, Any], configuration: str, contents: Mapping[str, bytes]
) -> Mapping[str, list[str]]:
    """The texts, without blanks, of all prompts that the configuration or the report names."""
    named = set(_named(configuration))
    named |= {(item["path"], item["selector"] or "") for item in report["new_prompts"]}
    found: dict[str, list[str]] = {}
    with LimitedParser(_SECONDS) as parser:
        surroundings = Surroundings(load=lambda *_: None, parse=parser.parse)
        for path in sorted({path for path, _ in named} & contents.keys()):
            file = PromptText(
                path=path, text=contents[path].decode(errors="replace"), surroundings=surroundings
            )
            names = python_names if path.endswith(".py") else typescript_names
            try:
                prompts = names.all_prompts(file)
            except MeasurementError:
                continue
            found[path] = [
                plain(text_of(prompt))
                for selector, prompt in prompts.items()
                if (path, selector) in named and "messages" in prompt
            ]
    return found


def _named(configuration: str) -> Iterator[tuple[str, str]]:
    from yaml import safe_load

    for workflow in safe_load(configuration)["workflows"].values():
        prompts = workflow["prompts"]
        for item in prompts if isinstance(prompts, list) else [prompts]:
            path, _, selector = (item if isinstance(item, str) else item["path"]).partition("#")
            if prompt_formats.of_source(path):
                yield path, selector


if __name__ == "__main__":
    main()
