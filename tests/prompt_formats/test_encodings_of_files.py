"""Prompt files of every format in unusual encodings and shapes, made from the pages' examples."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pytest

from reviewbot import prompt_formats
from reviewbot.configuration.reading import read_configuration
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.prompts.sources import Source
from reviewbot.rendering.jobs import Job, Rendered
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.rendering.process import RenderingProcess
from reviewbot.repository.trees import Entry
from tests.support.places import FORMAT_PAGES
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, Outcome, change, configuration, workflow
from tests.support.sending import calls_of, sent

FOLDER = FORMAT_PAGES
_FILE = re.compile(
    r"^`([^`\n]+)`\n\n(?P<fence>`{3,4})\w*\n(.*?)^(?P=fence)$", re.DOTALL | re.MULTILINE
)


class Example(NamedTuple):
    """A page's files, and which of them is the prompt of its format."""

    files: dict[str, str]
    prompt: str

    def with_prompt(self, content: bytes) -> dict[str, str | bytes | None]:
        return {**self.files, self.prompt: content}

    @property
    def text(self) -> str:
        return self.files[self.prompt]


def example(name: str) -> Example:
    page = (FOLDER / f"{name}.md").read_text("utf-8")
    files = {found[1]: found[3] for found in _FILE.finditer(page)}
    (used,) = read_configuration(files[CONFIGURATION], file=CONFIGURATION).workflows.values()
    named = (*used.prompts, *used.tools)
    return Example(files, next(item.path for item in named if item.format == name))


@pytest.fixture(params=prompt_formats.names())
def page(request: pytest.FixtureRequest) -> Example:
    return example(request.param)


def messages(repository: Repository) -> list[tuple[str, str]]:
    (calls,) = calls_of(repository.path).values()
    return sent(calls)


def tools(repository: Repository) -> object:
    (calls,) = calls_of(repository.path).values()
    return calls.source.tools


class Files:
    """Files that are in no repository, as a tree."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self._files = {
            path: text.encode() if isinstance(text, str) else text for path, text in files.items()
        }

    @property
    def paths(self) -> Iterable[str]:
        return sorted(self._files)

    @property
    def is_staged(self) -> bool:
        return False

    @property
    def uncommitted(self) -> frozenset[str]:
        return frozenset()

    def obstacle(self, path: str) -> str | None:
        del path
        return None

    def entry(self, path: str) -> Entry | None:
        return Entry(mode="100644", object_id=path) if path in self._files else None

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes | Problem]:
        missing = Problem(what="there is no such file", mend="name another")
        return {path: self._files.get(path, missing) for path in paths}


@pytest.fixture(scope="module")
def parser() -> Iterator[LimitedParser]:
    with LimitedParser() as started:
        yield started


@pytest.fixture(scope="module")
def process() -> Iterator[RenderingProcess]:
    with RenderingProcess() as started:
        yield started


def source(page: Example, content: bytes, parser: LimitedParser) -> Source | list[Problem]:
    """What the example's call is made of with another prompt, or why it cannot be read."""
    settings = read_configuration(page.files[CONFIGURATION], file=CONFIGURATION)
    (used,) = settings.workflows.values()
    tree = Files({**page.files, page.prompt: content})
    try:
        return SourceReader(tree, {}, parser).read(used, settings)
    except MeasurementError as error:
        return list(error.problems)


def refused(page: Example, content: bytes, parser: LimitedParser) -> list[tuple[str, int, str]]:
    found = source(page, content, parser)
    assert isinstance(found, list)
    places = [(item.place or Place(file=""), item.what) for item in found]
    return [(place.file, place.line or 0, what) for place, what in places]


def test_a_byte_order_mark_is_no_text(page: Example, repository: Repository) -> None:
    repository.commit(page.with_prompt(page.text.encode()))
    expected = messages(repository), tools(repository)
    repository.commit(page.with_prompt(b"\xef\xbb\xbf" + page.text.encode()))
    assert (messages(repository), tools(repository)) == expected


def test_windows_line_ends_are_line_ends(page: Example, repository: Repository) -> None:
    repository.commit(page.with_prompt(page.text.encode()))
    expected = messages(repository), tools(repository)
    repository.commit(page.with_prompt(page.text.replace("\n", "\r\n").encode()))
    found = [(role, text.replace("\r\n", "\n")) for role, text in messages(repository)]
    assert (found, tools(repository)) == expected


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_named(page: Example, parser: LimitedParser, encoding: str) -> None:
    text = f"\ufeff{page.text}" if encoding.startswith("utf-16-") else page.text
    found = refused(page, text.encode(encoding), parser)
    assert found == [(page.prompt, 1, "the file is UTF-16")]


@pytest.mark.parametrize("line", [1, 2])
def test_a_byte_that_is_no_utf8_is_named_at_its_line(
    page: Example, parser: LimitedParser, line: int
) -> None:
    lines = page.text.encode().split(b"\n")
    lines[line - 1] += b"\xff"
    found = refused(page, b"\n".join(lines), parser)
    assert found == [(page.prompt, line, "byte 0xff is not UTF-8")]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b" \t\r\n\n ", b"\r", b"\0", b"a\0b\n", b"\xef\xbb\xbf", b"---", b"---\n---\n"],
    ids=["empty", "newline", "blanks", "return", "nul", "nul in text", "mark", "rule", "rules"],
)
def test_next_to_nothing_is_measured_or_named(
    page: Example, parser: LimitedParser, process: RenderingProcess, content: bytes
) -> None:
    found = source(page, content, parser)
    if isinstance(found, list):
        assert found
        for problem in found:
            assert problem.place is not None
            assert problem.place.file in page.files
            assert (problem.place.line or 0) >= 1
        return
    for message in found.messages:
        if message.template.engine is not None:
            job = Job(
                engine=message.template.engine,
                path=message.path,
                text=message.template.text,
                first_line=message.template.line,
                variables=("{}",),
                load=lambda *_: None,
                undefined="empty",
                options=message.options,
            )
            ((result,),) = process.render([job])
            is_placed = isinstance(result, Problem) and result.place is not None
            assert isinstance(result, Rendered) or is_placed


def test_more_than_is_read_is_named(repository: Repository) -> None:
    outcome = reviewed(repository, {PROMPT: b"x" * (4 * 1024 * 1024 + 1)}, f"[{PROMPT}]")
    (problem,) = outcome.workflow()["problems"]
    said = "the file has 4,194,305 bytes, more than the 4,194,304 that are read"
    assert (outcome.code, problem["place"]["file"], problem["what"]) == (3, PROMPT, said)


def reviewed(
    repository: Repository, files: dict[str, str | bytes | None], prompts: str, **more: str
) -> Outcome:
    made = configuration({"w": workflow(prompts, **more)})
    return change(repository, {"x": ""}, {**files, CONFIGURATION: made})


@pytest.mark.parametrize(
    ("path", "text", "prompts"),
    [
        ("p.chat.json", '[{"role": "user", "content": "a \\ud800 b"}]', "[p.chat.json]"),
        ("p.json", '{"a": "b \\udc00{{ 1 }}"}', "[{path: 'p.json#a', format: jinja}]"),
        ("p.json", '{"a": [{"role": "user", "content": "\\ud800"}]}', "[{path: 'p.json#a', format: chat-messages}]"),
        ("p.j2", "{{ '\\ud800' }}", "[p.j2]"),
    ],
)  # fmt: skip
def test_half_a_character_in_an_escape_is_counted_as_its_replacement(
    repository: Repository, path: str, text: str, prompts: str
) -> None:
    outcome = reviewed(repository, {path: text}, prompts)
    assert (outcome.code, outcome.report["verdict"]) == (0, "pass")


def test_half_a_character_in_a_sample(repository: Repository) -> None:
    files: dict[str, str | bytes | None] = {
        "p.j2": "{{ a }}",
        "s/x.json": json.dumps({"a": "\ud800"}),
    }
    outcome = reviewed(repository, files, "[p.j2]", samples="[s/*.json]")
    assert (outcome.code, outcome.report["verdict"]) == (0, "pass")
