"""How many of the prompts in released packages' source `init` finds, and how much else it takes.

Usage: python bench/source_recall.py --cache FOLDER [--only NAME ...] [--list]
       [--aside | --fresh | --further | --latest].
Fetches the packages of `PACKAGES`; `bench/source_labels/NAME.csv` says which of their texts a model
is sent. `--aside` looks at the third that was put aside when the finder was tuned, `--fresh` at
packages that were labelled and first looked at long after, `--further` at bundles and others
that were labelled after that, `--latest` at products and agents' frameworks, labelled last.
`--list` prints each text that is missed and each prompt that is none, with its reason.
"""

import argparse
import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from packages import Package, archive, files
from source_texts import Text, digest, plain, texts

from reviewbot import prompt_formats
from reviewbot.discovery.calls import propose
from reviewbot.discovery.search import find
from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompt import Discovered, PromptText, Surroundings
from reviewbot.prompt_formats import source_tools
from reviewbot.prompt_formats._common.source_prompts import text_of
from reviewbot.prompt_formats.python import names as python_names
from reviewbot.prompt_formats.typescript import names as typescript_names
from reviewbot.prompts.includes import TextReader
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.trees import Entry
from reviewbot.unconfigured import patient_parser

PACKAGES = (
    Package(name="arize-phoenix-evals", old="", new="3.9.4"),
    Package(name="camel-ai", old="0.2.80", new="0.2.90"),
    Package(name="gpt-researcher", old="0.14.8", new="0.16.1"),
    Package(name="langmem", old="", new="0.0.30"),
    Package(name="mem0ai", old="", new="2.2.1"),
    Package(name="trulens-feedback", old="2.7.2", new="2.16.0"),
    Package(name="@arizeai/phoenix-evals", old="", new="1.2.0", registry="npm"),
    Package(name="@google/gemini-cli-core", old="0.52.0", new="0.61.0", registry="npm"),
    Package(name="@langchain/classic", old="", new="1.0.50", registry="npm"),
    Package(name="openevals", old="", new="0.2.2", registry="npm"),
)
ASIDE = (
    Package(name="graphiti-core", old="0.28.2", new="0.31.2"),
    Package(name="paper-qa", old="5.29.1", new="2026.8.12"),
    Package(name="ragas", old="", new="0.4.3"),
    Package(name="create-llama", old="", new="0.6.3", registry="npm"),
    Package(name="mem0ai", old="", new="3.3.1", registry="npm"),
    Package(name="task-master-ai", old="", new="0.43.1", registry="npm"),
)
FRESH = (
    Package(name="aider-chat", old="", new="0.86.2"),
    Package(name="browser-use", old="", new="0.13.14"),
    Package(name="@browserbasehq/stagehand", old="", new="3.7.3", registry="npm"),
    Package(name="@mastra/evals", old="", new="0.14.4", registry="npm"),
)
FURTHER = (
    Package(name="knowledge-storm", old="", new="1.1.1"),
    Package(name="vanna", old="", new="2.0.2"),
    Package(name="@builder.io/micro-agent", old="", new="0.1.5", registry="npm"),
    Package(name="@llmist/cli", old="", new="18.4.0", registry="npm"),
    Package(name="@reactive-agents/prompts", old="", new="0.9.0", registry="npm"),
    Package(name="aicommits", old="", new="3.4.0", registry="npm"),
    Package(name="bee-agent-framework", old="", new="0.1.2", registry="npm"),
    Package(name="gptlint", old="", new="1.6.0", registry="npm"),
)
LATEST = (
    Package(name="autogen-agentchat", old="", new="0.7.5"),
    Package(name="deepeval", old="", new="4.3.1"),
    Package(name="marvin", old="", new="3.2.7"),
    Package(name="open-interpreter", old="", new="0.4.3"),
    Package(name="@continuedev/core", old="", new="1.1.0", registry="npm"),
    Package(name="@voltagent/core", old="", new="2.10.0", registry="npm"),
    Package(name="repomix", old="", new="1.18.1", registry="npm"),
)
LABELS = Path(__file__).parent / "source_labels"
_SEARCH_SECONDS = 120.0
_ENDINGS = ("package.json", ".py", ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_LARGEST_BYTES = 2_000_000
_NO_SOURCE = re.compile(
    r"(?:^|/)(?:tests?|__tests__|evals?_data)/|\.(?:test|spec)\.|(?:^|/)test_|setup\.py\Z|\.d\.[mc]?ts\Z"
)


class Folder:
    """The source files of a package, as a tree that `init` searches."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._contents = contents

    @property
    def paths(self) -> list[str]:
        """All paths, sorted."""
        return sorted(self._contents)

    @property
    def is_staged(self) -> bool:
        """They are none of the index."""
        return False

    @property
    def uncommitted(self) -> frozenset[str]:
        """Nothing is committed, and all is read."""
        return frozenset()

    def entry(self, path: str) -> Entry | None:
        """A file at a path."""
        return Entry(mode="100644", object_id="") if path in self._contents else None

    def obstacle(self, _: str) -> str | None:
        """No link lies on the way to any file."""
        return None

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes | Problem]:
        """The bytes of some files."""
        missing = Problem(what="there is no such file", mend="")
        return {path: self._contents.get(path, missing) for path in paths}


@dataclass(kw_only=True)
class Tally:
    """What was looked for in one language, and what was found."""

    sent: int = 0
    found: int = 0
    proposed: int = 0
    true: int = 0
    tools: int = 0
    tools_found: int = 0
    missed: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Count another package's texts too."""
        for name in ("sent", "found", "proposed", "true", "tools", "tools_found"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.missed.update(other.missed)
        self.false.update(other.false)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=[])
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--aside", action="store_const", const=ASIDE, dest="packages")
    which.add_argument("--fresh", action="store_const", const=FRESH, dest="packages")
    which.add_argument("--further", action="store_const", const=FURTHER, dest="packages")
    which.add_argument("--latest", action="store_const", const=LATEST, dest="packages")
    parser.add_argument("--list", action="store_true")
    chosen = parser.parse_args()
    all_of: dict[str, Tally] = {"Python": Tally(), "TypeScript": Tally()}
    for package in chosen.packages or PACKAGES:
        if chosen.only and label_name(package) not in chosen.only:
            continue
        for language, tally in measured(package, chosen.cache, lists=chosen.list).items():
            if tally.sent or tally.proposed:
                print(_line(f"{package.name} ({language})", tally))
            all_of[language].add(tally)
    for language, tally in all_of.items():
        print(_line(f"all {language}", tally))
        for title, counted in (("missed", tally.missed), ("false", tally.false)):
            for reason, count in counted.most_common():
                print(f"    {title} {count:4d}  {reason}")


def label_name(package: Package) -> str:
    """The name of a package's labels, without their ending."""
    plain_name = package.name.lstrip("@").replace("/", "+")
    return f"npm-{plain_name}" if package.registry == "npm" else plain_name


def measured(package: Package, cache: Path, *, lists: bool) -> Mapping[str, Tally]:
    """What is found in a package, by language."""
    contents = source_files(package, cache)
    proposed = list(_proposed(contents))
    labels = _labels(label_name(package))
    candidates = [
        text
        for path, data in contents.items()
        for text in texts(path, data.decode(errors="replace"))
    ]
    tallies = {"Python": Tally(), "TypeScript": Tally()}
    reasons = _Reasons(contents)
    defined = dict(_tools(contents))
    for equal, is_found in _looked_for(candidates, proposed, labels):
        text = equal[0]
        tally = tallies[_language(text.path)]
        if labels[text.digest] == "tool":
            tally.tools += 1
            is_defined = any(item.piece in defined.get(item.path, "") for item in equal)
            tally.tools_found += is_defined
            if lists and not is_defined:
                print(f"  no tool {text.path}:{text.line} {text.names}")
            continue
        tally.sent += 1
        tally.found += is_found
        if not is_found:
            reason = reasons.of(text)
            tally.missed[reason] += 1
            if lists:
                print(f"  missed {text.path}:{text.line} {text.names} [{reason}]")
    for path, item, kind in _judged(proposed, candidates, labels):
        tally = tallies[_language(path)]
        tally.proposed += 1
        tally.true += kind == "prompt"
        if kind != "prompt":
            tally.false[kind] += 1
            if lists:
                print(f"  false {path}#{item.selector} [{kind}] {item.text[:70]!r}")
    return tallies


_Proposals = list[tuple[str, Discovered]]


def _looked_for(
    candidates: list[Text], proposed: _Proposals, labels: Mapping[str, str]
) -> Iterator[tuple[list[Text], bool]]:
    """The places of each labelled text, and whether one of them is found."""
    shown: dict[str, list[str]] = {}
    for path, item in proposed:
        shown.setdefault(path, []).append(plain(item.text))
    places: dict[str, list[Text]] = {}
    for text in candidates:
        places.setdefault(text.digest, []).append(text)
    for digest_of, equal in places.items():
        if labels.get(digest_of) in {"prompt", "tool"}:
            is_found = any(
                text.piece in said for text in equal for said in shown.get(text.path, ())
            )
            yield equal, is_found


def _judged(
    proposed: _Proposals, candidates: list[Text], labels: Mapping[str, str]
) -> Iterator[tuple[str, Discovered, str]]:
    """What is proposed, with the label `prompt` or why it is none; parts of others are left out."""
    by_path: dict[str, list[Text]] = {}
    for text in candidates:
        by_path.setdefault(text.path, []).append(text)
    for path, item in proposed:
        said = plain(item.text)
        held = [text for text in by_path.get(path, ()) if text.piece in said]
        kinds = {labels.get(text.digest, "not labelled as sent") for text in held}
        kinds |= {labels[own]} if (own := digest(item.text)) in labels else set()
        if "prompt" in kinds:
            yield path, item, "prompt"
        elif not kinds:
            yield path, item, "shorter than the labelled texts"
        elif not kinds <= {"tool", "part"}:
            yield path, item, max(kinds - {"tool", "part"})


def source_files(package: Package, cache: Path) -> Mapping[str, bytes]:
    """The source files of a package as a repository would hold them, tests and types left out."""
    found = {
        path: data
        for path, data in files(archive(package, package.new, cache))
        if path.endswith(_ENDINGS) and not _NO_SOURCE.search(path) and len(data) < _LARGEST_BYTES
    }
    return {
        path: data
        for path, data in sorted(found.items())
        if not (path.endswith(".cjs") and f"{path[:-4]}.js" in found)
    }


def _proposed(contents: Mapping[str, bytes]) -> Iterator[tuple[str, Discovered]]:
    """What `init` proposes of source files: what it finds, and can read."""
    tree = Folder(contents)
    with patient_parser() as parser:
        findings = find(tree, parser)
        workflows, _ = propose(findings, tree, parser)
        used = {(item.path, item.selector) for call in workflows for item in call.prompts}
        surroundings = Surroundings(load=lambda *_: None, parse=parser.parse)
        for path in sorted({path for path, _ in used}):
            file = PromptText(
                path=path, text=contents[path].decode(errors="replace"), surroundings=surroundings
            )
            for name in ("python", "typescript"):
                chosen = prompt_formats.by_name(name)
                if prompt_formats.is_searched(chosen, path):
                    for item in prompt_formats.discover(chosen, file):
                        if (path, item.selector) in used:
                            yield path, item


def _tools(contents: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """The texts of all tools that source files define, without blanks, by file."""
    with LimitedParser(_SEARCH_SECONDS) as parser:
        include = TextReader(Folder(contents)).include
        surroundings = Surroundings(load=include, parse=partial(parser.parse, load=include))
        for path, data in contents.items():
            text = data.decode(errors="replace")
            try:
                tools = source_tools.found(
                    PromptText(path=path, text=text, surroundings=surroundings)
                )
            except MeasurementError:
                continue
            yield path, plain("".join(_texts_in([*tools.values()])))


def _texts_in(said: object) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, list | dict):
        for item in said.values() if isinstance(said, dict) else said:
            yield from _texts_in(item)


def _labels(name: str) -> Mapping[str, str]:
    with (LABELS / f"{name}.csv").open(encoding="utf-8", newline="") as opened:
        return {row["digest"]: row["label"] for row in csv.DictReader(opened)}


def _language(path: str) -> str:
    return "Python" if path.endswith(".py") else "TypeScript"


class _Reasons:
    """Why texts are not found: what reviewbot's own parser says of them."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._contents = contents
        self._parser = LimitedParser(_SEARCH_SECONDS)

    def of(self, text: Text) -> str:
        source = self._contents[text.path].decode(errors="replace")
        surroundings = Surroundings(load=lambda *_: None, parse=self._parser.parse)
        file = PromptText(path=text.path, text=source, surroundings=surroundings)
        names = python_names if text.path.endswith(".py") else typescript_names
        try:
            prompts = names.all_prompts(file)
        except MeasurementError as error:
            return f"the file is refused: {error.problems[0].what[:60]}"
        for prompt in prompts.values():
            if "messages" in prompt and text.piece in plain(text_of(prompt)):
                return "told, and not taken for a prompt"
        around = [
            prompt["problem"]
            for prompt in prompts.values()
            if "problem" in prompt and 0 <= text.line - prompt["line"] <= _NEAR_LINES
        ]
        return (
            f"refused: {_NUMBERS.sub('N', around[-1])[:60]}" if around else "not told by the parser"
        )


_NEAR_LINES = 40
_NUMBERS = re.compile(r"[0-9]+|`[^`]*`?")


def _line(title: str, tally: Tally) -> str:
    recall = 100 * tally.found / tally.sent if tally.sent else 100
    precision = 100 * tally.true / tally.proposed if tally.proposed else 100
    return (
        f"{title}: {tally.found} of {tally.sent} found ({recall:.1f}%), "
        f"{tally.true} of {tally.proposed} are prompts ({precision:.1f}%), "
        f"tools {tally.tools_found} of {tally.tools}"
    )


if __name__ == "__main__":
    main()
