"""Reviews released packages, and holds every rendering and count against independent libraries.

Usage: python bench/compatibility.py --cache FOLDER [--only NAME ...] [--write]. Downloads two
versions of each package of `PACKAGES`, makes two commits of them, lets `reviewbot init` write the
configuration and `reviewbot check` review the change; then compares each prompt of the
configuration, at both commits. `--write` puts the rows of these packages into
docs/compatibility.md. Ends with 1 where a difference is not explained by `EXPLAINED`.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from typing import Any

from laboratory import Laboratory
from packages import Package, commit, repository, upgrade
from reviewed import CONFIGURATION, Reviewed, renderings

PACKAGES = (
    Package(name="openhands-ai", old="0.46.0", new="0.53.0"),
    Package(
        name="smolagents",
        old="1.20.0",
        new="1.26.0",
        templates="{methods: {to_code_prompt: {value: 'def f() -> str:'}, "
        "to_tool_calling_prompt: {value: 'f: what it does'}}}",
    ),
    Package(name="mini-swe-agent", old="1.17.0", new="2.4.6"),
    Package(name="deepeval", old="4.1.10", new="4.3.1"),
    Package(name="crewai", old="1.9.3", new="1.15.30"),
    Package(
        name="autoevals",
        old="0.0.80",
        new="0.0.130",
        templates="{escape: false}",
        guessed="jinja",
        real="mustache",
    ),
    Package(
        name="@elizaos/prompts",
        old="2.0.0-alpha.32",
        new="2.0.0-alpha.537",
        registry="npm",
        folders=("prompts/",),
        guessed="jinja",
        real="handlebars",
    ),
    Package(name="azure-ai-evaluation", old="1.5.0", new="1.13.0"),
    Package(name="promptflow-evals", old="0.3.0", new="0.3.2"),
    Package(name="semantic-kernel", old="1.0.3", new="1.30.0"),
    Package(
        name="inspect-evals",
        old="0.15.0",
        new="0.26.0",
        folders=("inspect_evals/b3/", "inspect_evals/mind2web/", "inspect_evals/moru/"),
        tools="inspect_evals/b3/data/tool_specs/*.json",
    ),
    Package(name="pydantic-ai-slim", old="2.50.0", new="2.68.0"),
    Package(name="bmad-method", old="6.3.0", new="6.12.0", registry="npm"),
    Package(name="langchain-classic", old="1.0.1", new="1.0.8"),
    Package(name="llama-index-core", old="0.12.52", new="0.14.25"),
    Package(name="graphrag", old="2.7.2", new="3.3.0"),
    Package(name="lightrag-hku", old="1.4.9", new="1.5.7"),
    Package(name="browser-use", old="0.9.7", new="0.13.14"),
    Package(name="aider-chat", old="0.83.2", new="0.86.2"),
    Package(name="opik", old="2.2.79", new="2.2.122"),
    Package(name="nemoguardrails", old="0.17.0", new="0.24.1"),
)

BEGIN, END = "<!-- compatibility: begin -->", "<!-- compatibility: end -->"
_TABLE = Path(__file__).parent.parent / "docs/compatibility.md"


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why differences whose text matches are right, for packages and prompts of these names."""

    package: str
    prompt: str
    difference: str
    reason: str


EXPLAINED = (
    Explanation(
        package="crewai",
        prompt="*#ReasoningEfficiencyEvaluator.evaluate.prompt",
        difference="'avg_time_between_cal' instead of ",
        reason="without samples the long text in `{… if … else …}` stands for it, where the "
        "reference counts the whole expression as empty",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Something that is not as the reference says."""

    prompt: str
    what: str


@dataclass(kw_only=True)
class Outcome:
    """What one package gave: renderings of both versions together, prompts by their names."""

    package: Package
    formats: set[str] = field(default_factory=set)
    prompts: set[str] = field(default_factory=set)
    rendered: int = 0
    equal: int = 0
    calls: int = 0
    counted: int = 0
    counted_equal: int = 0
    commented_out: int = 0
    refused: list[Difference] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    def reasons(self) -> "Counter[str]":
        """How many differences each explanation accounts for."""
        found: Counter[str] = Counter()
        for difference in self.differences:
            found[self._reason(difference) or f"unexplained: {difference.what}"] += 1
        return found

    def unexplained(self) -> list[Difference]:
        """The differences that no rule accounts for."""
        return [item for item in self.differences if self._reason(item) is None]

    def _reason(self, difference: Difference) -> str | None:
        for rule in EXPLAINED:
            if (
                fnmatchcase(self.package.name, rule.package)
                and fnmatchcase(difference.prompt, rule.prompt)
                and re.search(rule.difference, difference.what)
            ):
                return rule.reason
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, required=True, help="where downloads are kept")
    parser.add_argument("--only", nargs="*", default=(), metavar="NAME", help="these packages only")
    parser.add_argument("--write", action="store_true", help="write docs/compatibility.md")
    chosen = parser.parse_args()
    outcomes = []
    with Laboratory(chosen.cache.resolve()) as laboratory:
        for package in PACKAGES:
            if not chosen.only or package.name in chosen.only:
                with tempfile.TemporaryDirectory() as folder:
                    place = Path(folder, "repository")
                    outcomes.append(compared(package, chosen.cache.resolve(), place, laboratory))
                _say(outcomes[-1])
    rows = {_name(outcome.package): _row(outcome) for outcome in outcomes}
    print(written(rows))
    if chosen.write:
        put(rows, _TABLE)
    sys.exit(any(outcome.unexplained() for outcome in outcomes))


def _say(outcome: Outcome) -> None:
    for kind, found in (
        ("refused by both", outcome.refused),
        ("unexplained", outcome.unexplained()),
    ):
        for item in found:
            print(f"{outcome.package.name}: {kind}: {item.prompt}: {item.what}", flush=True)


def compared(package: Package, cache: Path, place: Path, laboratory: Laboratory) -> Outcome:
    """Review the package's change as its users would, then compare what was rendered."""
    outcome = Outcome(package=package)
    repository(package, cache, place)
    if not _configured(outcome, place):
        return outcome
    _compare(outcome, place, laboratory)
    upgrade(package, cache, place)
    if not _configured(outcome, place):
        return outcome
    _run(outcome, place, "check", "--base", "main", "--format", "json", allowed={0, 1, 3})
    _compare(outcome, place, laboratory)
    return outcome


def _configured(outcome: Outcome, place: Path) -> bool:
    """Let `init` write the configuration, and correct it as the package's owners would."""
    if not _run(outcome, place, "init", allowed={0}):
        return False
    file = place / CONFIGURATION
    text = file.read_text(encoding="utf-8")
    outcome.commented_out += text.count("\n  # Not measured: ")
    package = outcome.package
    if package.templates:
        text = text.replace("defaults:\n", f"defaults:\n  templates: {package.templates}\n", 1)
    if package.guessed:
        text = text.replace(f"format: {package.guessed}", f"format: {package.real}")
    for number, tools in enumerate(sorted(place.glob(package.tools)) if package.tools else ()):
        path = tools.relative_to(place).as_posix()
        lines = ("prompts: {path: X, format: text}", "tools: X")
        workflow = [f"  tools-{number}:", *(f"    {line.replace('X', path)}" for line in lines)]
        text = text.replace("workflows:\n", "workflows:\n" + "\n".join(workflow) + "\n", 1)
    file.write_text(text, encoding="utf-8")
    commit(place, "reviewbot init")
    return True


def _run(outcome: Outcome, place: Path, *command: str, allowed: set[int]) -> bool:
    done = subprocess.run(
        [sys.executable, "-m", "reviewbot", *command, "--repo", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in allowed:
        said = (done.stderr.strip().splitlines() or ["nothing was said"])[-1]
        what = f"`reviewbot {command[0]}` ended with {done.returncode}: {said}"
        outcome.differences.append(Difference(prompt="", what=what))
    return done.returncode in allowed


def _compare(outcome: Outcome, place: Path, laboratory: Laboratory) -> None:
    def supply(reviewed: Reviewed) -> Mapping[str, Any]:
        request = _request(reviewed, place) | {"ask": True}
        answer = laboratory.render(_environment(reviewed, place), request)
        given: Mapping[str, Any] = answer.get("variables", {})
        return given

    found, calls = renderings(place, supply)
    for call in calls:
        outcome.calls += 1
        if call.sent != tuple(message for prompt in call.prompts for message in prompt.messages):
            what = "a call does not send what its prompts give one by one"
            outcome.differences.append(Difference(prompt=call.workflow, what=what))
    for reviewed in found:
        outcome.formats.add(reviewed.format)
        outcome.prompts.add(reviewed.name)
        if not (place / reviewed.path).is_file():
            continue  # the version lacks it; `check` says so
        _compare_one(outcome, reviewed, place, laboratory)


def _compare_one(outcome: Outcome, reviewed: Reviewed, place: Path, laboratory: Laboratory) -> None:
    answer = laboratory.render(_environment(reviewed, place), _request(reviewed, place))
    if "error" in answer:
        if reviewed.problem is not None:
            outcome.refused.append(
                Difference(prompt=reviewed.name, what=f"{reviewed.problem} || {answer['error']}")
            )
            return
        what = f"rendered, though its library says: {answer['error']}"
        outcome.differences.append(Difference(prompt=reviewed.name, what=what))
        return
    outcome.rendered += 1
    differs = _difference(reviewed, [tuple(message) for message in answer["messages"]])
    if differs is None:
        outcome.equal += 1
    else:
        outcome.differences.append(Difference(prompt=reviewed.name, what=differs))
    for (_, text), tokens in zip(reviewed.messages, reviewed.tokens, strict=True):
        outcome.counted += 1
        expected = count(text, reviewed.encoding)
        outcome.counted_equal += tokens == expected
        if tokens != expected:
            what = f"{tokens} tokens of {reviewed.encoding}, another tokenizer says {expected}"
            outcome.differences.append(Difference(prompt=reviewed.name, what=what))


def _environment(reviewed: Reviewed, place: Path) -> str:
    """Prompty's two versions, and promptflow's files, are told apart by keys of their own.

    Python source that imports LlamaIndex is rendered where that is.
    """
    if reviewed.format == "python":
        source = (place / reviewed.path).read_text(encoding="utf-8-sig")
        return "llama-index" if "llama_index" in source else "common"
    if reviewed.format == "prompty":
        text = (place / reviewed.path).read_text(encoding="utf-8-sig")
        front_matter = text.partition("\n---")[0]
        if re.search(r"(?m)^(?:kind|template|  apiType|  id|  provider):", front_matter):
            return "prompty-2"
        if re.search(r"(?m)^\s+(?:optional|default):|\$\{env:", front_matter):
            return "promptflow"
    return "common"


def _request(reviewed: Reviewed, place: Path) -> dict[str, Any]:
    return {
        "format": reviewed.format,
        "root": str(place),
        "path": reviewed.path,
        "selector": reviewed.selector,
        "role": reviewed.role,
        "engine": reviewed.engine,
        "options": reviewed.options,
        "variables": reviewed.variables,
        "undefined": "empty" if reviewed.is_static else "error",
    }


def _difference(reviewed: Reviewed, expected: list[tuple[str, ...]]) -> str | None:
    """How reviewbot's messages, or tools, differ from the reference's."""
    if reviewed.problem is not None:
        return f"not rendered: {reviewed.problem}"
    found = list(reviewed.messages)
    found += [("tool", json.dumps(tool, sort_keys=True)) for tool in reviewed.tools]
    if len(found) != len(expected):
        return f"{len(found)} messages instead of {len(expected)}"
    for number, (ours, theirs) in enumerate(zip(found, expected, strict=True), start=1):
        if ours[0] != theirs[0]:
            return f"message {number}: the role is {ours[0]} instead of {theirs[0]}"
        if ours[1] != theirs[1]:
            return f"message {number}: {_first_difference(ours[1], theirs[1])}"
    return None


def _first_difference(ours: str, theirs: str) -> str:
    at = next(
        (i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b),
        min(len(ours), len(theirs)),
    )
    return f"at character {at} {ours[at : at + 20]!r} instead of {theirs[at : at + 20]!r}"


def count(text: str, encoding: str) -> int:
    """Tokens by GitHub's Rust crate, which shares no code with tiktoken."""
    return len(_encode(encoding)(text))


def _encode(encoding: str) -> Callable[[str], list[int]]:
    if encoding not in _ENCODINGS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # it uses resources.open_binary
            _ENCODINGS[encoding] = import_module("bpe_openai").get_encoding(encoding).encode
    return _ENCODINGS[encoding]


_ENCODINGS: dict[str, Callable[[str], list[int]]] = {}


_HEAD = (
    *("package", "versions", "formats", "prompts", "commented out", "renderings", "equal"),
    *("counts", "equal", "refused by both", "differences"),
)
_NUMBERS = slice(3, 10)


def written(rows: Mapping[str, Sequence[str]]) -> str:
    """The table of the rows, in the order of `PACKAGES`, and a line with their sums."""
    ordered = [rows[name] for name in map(_name, PACKAGES) if name in rows]
    formats = {name for row in ordered for name in row[2].split(", ")}
    numbers = [[int(cell.replace(",", "")) for cell in row[_NUMBERS]] for row in ordered]
    sums = [f"{sum(column):,}" for column in zip(*numbers, strict=True)]
    last = [f"{len(ordered)} packages", "", f"{len(formats)} formats", *sums, ""]
    lines = [_HEAD, ["---"] * len(_HEAD), *ordered, last]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def rows_of(table: str) -> dict[str, list[str]]:
    """The rows of a table, by their packages."""
    cells = [line.strip("| ").split(" | ") for line in table.splitlines()]
    known = set(map(_name, PACKAGES))
    return {row[0]: row for row in cells if row[0] in known}


def _name(package: Package) -> str:
    return f"`{package.name}`" + (" (npm)" if package.registry == "npm" else "")


def _row(outcome: Outcome) -> list[str]:
    package = outcome.package
    notes = [f"{number:,}: {reason}" for reason, number in sorted(outcome.reasons().items())]
    numbers = (
        *(len(outcome.prompts), outcome.commented_out, outcome.rendered, outcome.equal),
        *(outcome.counted, outcome.counted_equal, len(outcome.refused)),
    )
    return [
        _name(package),
        f"{package.old} → {package.new}",
        ", ".join(sorted(outcome.formats)),
        *(f"{number:,}" for number in numbers),
        "; ".join(notes).replace("|", "\\|").replace("\n", " ") or "none",
    ]


def put(rows: Mapping[str, Sequence[str]], page: Path) -> None:
    """Replace the rows of these packages in what stands between the two markers of the page."""
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    table, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} lacks the markers {BEGIN} and {END}")
    table = written({**rows_of(table), **rows})
    page.write_text(f"{before}{BEGIN}\n{table}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
