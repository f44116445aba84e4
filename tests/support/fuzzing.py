"""What is fuzzed: each parser that reads what others wrote, and what must hold of any text.

A target's `check` raises where it does not. `tests/test_fuzz.py` runs the targets with Hypothesis,
`bench/fuzz.py` with atheris.
"""

import atexit
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.configuration import amounts
from reviewbot.configuration.reading import read_configuration, read_sample
from reviewbot.costs.tiers import tier_of
from reviewbot.documents import ListNode, MappingNode, Node, parse_json, parse_yaml, plain
from reviewbot.errors import MeasurementError, ReviewbotError, UsageError
from reviewbot.github.comment import MAX_CHARACTERS, comment_body
from reviewbot.github.comment_stamp import stamp_of
from reviewbot.github.events import Compare, Publish, decide
from reviewbot.github.inputs import read_inputs
from reviewbot.github.revision_names import is_commit
from reviewbot.github.uploaded_reports import NOTE
from reviewbot.github.workflow_commands import Annotation, Level, annotation_commands, outputs
from reviewbot.outputs import wording
from reviewbot.outputs.json_report import render_json
from reviewbot.outputs.json_report_reading import read_report
from reviewbot.outputs.markdown import Site, inert
from reviewbot.policy.baseline import Baseline, read_baseline, render_baseline
from reviewbot.prompt import PromptText, Surroundings
from reviewbot.prompts.entries import select as select_entry
from reviewbot.rendering import engines
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.globs import Effort, matches, select
from reviewbot.tokens import resolve
from tests.outputs.test_reports import STATES
from tests.support.github_links import MADE_BY_GITHUB
from tests.support.loading import endless
from tests.support.places import DATA, ROOT
from tests.support.reading import read
from tests.support.repository import Repository
from tests.support.reviewing import change

EVENTS = DATA / "github_events"
_PARSER = LimitedParser(allowance=endless())
atexit.register(_PARSER.__exit__)
_SURROUNDINGS = Surroundings(load=lambda _name, _parent: None, parse=_PARSER.parse)


class Target(NamedTuple):
    """What must hold of any text, and honest texts to begin with."""

    check: Callable[[str], None]
    seeds: tuple[str, ...]


def mended(error: ReviewbotError) -> None:
    """Each problem says what is wrong, and the mend."""
    assert error.problems
    assert all(problem.what and problem.mend for problem in error.problems)


def named(error: ReviewbotError, *, file: str, text: str | None = None) -> None:
    """Each problem says what, where and the mend; where `text` is given, at one of its lines."""
    mended(error)
    for problem in error.problems:
        assert problem.place is not None, problem
        assert problem.place.file == file, problem
        if text is not None:
            assert problem.place.line is not None, problem
            assert 1 <= problem.place.line <= text.count("\n") + 1, problem


def lines(node: Node) -> Iterator[int]:
    """The lines of a node and of all that it holds."""
    yield node.line
    if isinstance(node, ListNode):
        for item in node.items:
            yield from lines(item)
    elif isinstance(node, MappingNode):
        for entry in node.entries:
            yield entry.key_line
            yield from lines(entry.value)


def check_document(parse: Callable[..., Node]) -> Callable[[str], None]:
    def check(text: str) -> None:
        try:
            node = parse(text, file="f")
            plain(node)
            assert all(1 <= line <= text.count("\n") + 1 for line in lines(node))
        except MeasurementError as error:
            named(error, file="f", text=text)

    return check


def check_configuration(text: str) -> None:
    try:
        read_configuration(text, file="reviewbot.yml")
    except ReviewbotError as error:
        named(error, file="reviewbot.yml", text=text)


def check_sample(text: str) -> None:
    for parse in (parse_yaml, parse_json):
        try:
            read_sample(parse(text, file="s"), file="s", name="s")
        except MeasurementError as error:
            named(error, file="s", text=text)


def check_entry(text: str) -> None:
    """The first line is the selector, the rest the file."""
    selector, _, content = text.partition("\n")
    for path in ("a.yaml", "a.json"):
        try:
            select_entry(PromptText(path=path, text=content, selector=selector), is_data=False)
        except MeasurementError as error:
            named(error, file=path, text=content)


def check_format(name: str) -> Callable[[str], None]:
    found = prompt_formats.by_name(name)
    paths = [f"a/{pattern.replace('*', 'x')}" for pattern in found.RECOGNIZED] or ["a/x"]

    def check(text: str) -> None:
        for path in paths:
            for role in (None, "system"):
                try:
                    prompt = read(found, text, path=path, role=role, surroundings=_SURROUNDINGS)
                except MeasurementError as error:
                    named(error, file=path, text=text)
                    continue
                for message in prompt.messages:
                    assert 1 <= message.line <= text.count("\n") + 1
                    if message.engine is not None:
                        engines.by_name(message.engine).references(message.text, {})
            if prompt_formats.is_searched(found, path):
                prompt_formats.discover(found, PromptText(path=path, text=text))

    return check


def check_engine(name: str) -> Callable[[str], None]:
    def check(text: str) -> None:
        found = engines.by_name(name).references(text, {})
        assert all(isinstance(item, str) for item in found.names)

    return check


def check_event(text: str) -> None:
    try:
        payload = json.loads(text)
    except (ValueError, RecursionError):
        return
    if not isinstance(payload, dict):
        return
    for event in sorted({path.name.partition(".")[0] for path in EVENTS.glob("*.json")}):
        try:
            found = decide(
                event, payload, repository="acme/prompts", commit="1" * 40, baseline=text[:40]
            )
        except UsageError as error:
            mended(error)
            continue
        if isinstance(found, Compare):
            assert is_commit(found.head)
            assert not found.base.startswith(("-", "+"))
            os.fsencode(found.base)
            os.fsencode(found.queue or "")
        elif isinstance(found, Publish):
            assert is_commit(found.head)


SITE = Site(repository_url="https://github.example/acme/app")


def check_report(text: str) -> None:
    try:
        report = read_report(text.encode("utf-8", "surrogateescape"), file="report.json")
    except UnicodeEncodeError:
        return
    except UsageError as error:
        named(error, file="report.json")
        return
    assert render_json(report).isascii()
    try:
        body = comment_body(report, SITE, note=NOTE)
    except (ArithmeticError, LookupError, ValueError):
        return  # which `reviewbot publish` names
    assert len(body) <= MAX_CHARACTERS
    assert stamp_of(body) is None
    body.encode("utf-8")


def check_baseline(text: str) -> None:
    try:
        found = read_baseline(text, file="b.json")
    except MeasurementError as error:
        named(error, file="b.json", text=text)
        return
    again: Baseline = read_baseline(render_baseline(found), file="b.json")
    assert replace(again, lines={}) == replace(found, lines={})
    for pinned in found.workflows.values():
        assert pinned.mean_input_tokens >= 0


_AMOUNTS: tuple[Callable[[str], object], ...] = (
    *(amounts.number, amounts.usd, amounts.usd_per_month, amounts.fraction, amounts.share),
    *(amounts.growth_per_month, amounts.count, amounts.positive_count, amounts.positive),
    *(amounts.calls_per_month, amounts.day, amounts.days, amounts.statistic),
)


def check_amount(text: str) -> None:
    for parse in _AMOUNTS:
        try:
            parse(text)
        except ValueError as error:
            assert str(error)  # noqa: PT017 - any other error is a fault


def check_model_name(text: str) -> None:
    try:
        assert resolve(text).encoding
    except MeasurementError as error:
        mended(error)
    tier_of(text, {"a": (text[:200], "openai/*"), "b": (f"*{text[:100]}*",)})


def check_glob(text: str) -> None:
    """The first line is the pattern, the second the path."""
    pattern, _, path = text.partition("\n")
    pattern, path = pattern[:300], path[:2_000]
    assert select([path], pattern, Effort()) == ([path] if matches(path, pattern) else [])


def check_markdown(text: str) -> None:
    text = text[:2_000]  # the parser of this test is slow
    shown = inert(text)
    parsed = MarkdownIt("commonmark").enable("table").parse(f"x {shown} y")
    assert [token.type for token in parsed] == ["paragraph_open", "inline", "paragraph_close"]
    children = parsed[1].children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    content = "".join(child.content for child in children)
    assert not MADE_BY_GITHUB.search(content)
    content = content.replace("\u200b", "")
    assert content == f"x {wording.plain(text)} y".replace("\u200b", "")


def check_command(text: str) -> None:
    text = text[:2_000]
    mark = Annotation(level=Level.ERROR, title=text, message=text, file=text, line=1)
    log = annotation_commands([mark])
    assert (log.count("\n"), log.count("\r")) == (1, 0)
    assert re.findall(r"::(\w+) ", log)[0] == "error"
    given = outputs({"verdict": text})
    assert given.count("\n") == 3
    log.encode("utf-8")


def check_inputs(text: str) -> None:
    names = ("CONFIG", "TOKEN", "COMMENT", "FAIL_ON", "DRY_RUN", "BASELINE", "REPORT")
    try:
        read_inputs({f"REVIEWBOT_{name}": text for name in names})
    except UsageError as error:
        mended(error)


def _blocks(*paths: Path) -> tuple[str, ...]:
    """The code blocks of pages."""
    found = [
        block
        for path in paths
        for _, block in re.findall(
            r"^(`{3,4})\w*\n(.*?)^\1$", path.read_text("utf-8"), re.DOTALL | re.MULTILINE
        )
    ]
    return tuple(found) or ("a: b\n",)


@cache
def reports() -> tuple[str, ...]:
    """Reports of real reviews."""
    found = []
    for state in ("several", "approve", "unmeasured", "strange"):
        with tempfile.TemporaryDirectory() as folder:
            found.append(change(Repository.create(Path(folder) / "r"), *STATES[state]).out)
    return tuple(found)


_BASELINE = """{
  "commit": "1111111111111111111111111111111111111111",
  "reviewbot_version": "0.1.0",
  "schema_version": 1,
  "workflows": {
    "answer": {
      "encoding": null,
      "max_tokens": 800,
      "model": "openai/gpt-4.1",
      "prefix_tokens": 75,
      "samples": [
        {"input_tokens": 890, "name": "p95", "weight": "0.05"},
        {"input_tokens": 580, "name": "typical", "weight": "3"}
      ]
    }
  }
}
"""
_AMOUNT_SEEDS = (
    *("120_000/month", "900/day", "$1_200", "$1,200.50/month", "20%", "5%/month", "2_000_000"),
    *("14 days", "14d", "p95", "2026-11-01", "0.000000001", "999999999999999"),
)
_MODEL_SEEDS = (
    *("openai/gpt-4.1", "ft:gpt-4.1-mini:org::id", "azure/gpt-4o", "o3-mini-2025-01-31"),
    *(
        "eu.anthropic.claude-sonnet-4-v1:0",
        "claude-opus-4@20250514",
        "openrouter/meta/llama-3:free",
    ),
)
_GLOB_SEEDS = ("a/**/*.y?ml\na/b/c.yaml", "**/**/**/x\na/b/c/x", "[!a]*\nb", "samples/*.yaml\nx")
_TEXT_SEEDS = (
    "a <b> & `c` **d** [e](f) @acme/x #1 https://example.invalid/ ![x](y) | z",
    "::error title=x,file=y::z\n%0A::set-output name=a::b\r::stop-commands::x",
    "<!-- reviewbot 0123456789ab head=1 -->\n<script>\n- [ ] a\n1. b\n> c\n~~~",
)


@cache
def targets() -> Mapping[str, Target]:
    """Everything that is fuzzed, by name; formats and engines join by themselves."""
    manual = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"]
    yaml = tuple(block for block in _blocks(*manual) if ": " in block)
    configurations = tuple(block for block in yaml if block.startswith("version:"))
    events = tuple(path.read_text("utf-8") for path in sorted(EVENTS.glob("*.json")))
    samples = ("a: b\nc: [1, 2.5, ~]\n", "name: p95\nweight: 3\nvariables: {a: {tokens: 9}}\n")
    json_seeds = (
        _BASELINE,
        '{"a": [1, -0.5, 1e5, "\\ud83d", null, true, {}]}',
        '{"a": {"b": "c"}}',
    )
    found: dict[str, tuple[Callable[[str], Any], tuple[str, ...]]] = {
        "yaml": (check_document(parse_yaml), yaml),
        "json": (check_document(parse_json), (*json_seeds, *events[:3])),
        "configuration": (check_configuration, configurations),
        "sample": (check_sample, samples + json_seeds),
        "entry": (check_entry, ("a.b\na: {b: c}\n", 'a."b.c".0\n{"a": {"b.c": ["d"]}}')),
        "event": (check_event, events),
        "report": (check_report, reports()),
        "baseline": (check_baseline, (_BASELINE,)),
        "amount": (check_amount, _AMOUNT_SEEDS),
        "model-name": (check_model_name, _MODEL_SEEDS),
        "glob": (check_glob, _GLOB_SEEDS),
        "markdown": (check_markdown, _TEXT_SEEDS),
        "command": (check_command, _TEXT_SEEDS),
        "inputs": (check_inputs, ("true", "fail", ".github/reviewbot.yml", "v1")),
    }
    for name in prompt_formats.names():
        page = ROOT / "docs" / "formats" / f"{name}.md"
        found[f"format:{name}"] = (
            check_format(name),
            _blocks(*([page] if page.exists() else manual)),
        )
    for name in engines.names():
        found[f"engine:{name}"] = check_engine(name), _blocks(*manual)
    return {name: Target(check, seeds) for name, (check, seeds) in found.items()}
