"""Source files are parsed ahead, by several processes at a time."""

from collections.abc import Iterable
from contextlib import suppress
from functools import partial

from reviewbot import prompt_formats
from reviewbot.errors import MeasurementError
from reviewbot.prompt import PromptText, Surroundings
from reviewbot.prompts.source_reader import SourceReader
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.rendering.several_parsers import SeveralParsers

_MANY_FILES = 8
"""From this number on a second process is worth its start."""


def expects(parser: LimitedParser, file: PromptText) -> None:
    """Let a parser begin with a file, if it is one of source code; what it imports is not read."""
    name = prompt_formats.of_source(file.path)
    if name is None:
        return
    with suppress(MeasurementError):
        kind, source = prompt_formats.parsed_by(prompt_formats.by_name(name), file)
        parser.expects(kind, source.text, source.path)


def read_ahead(paths: Iterable[str], reader: SourceReader, parser: LimitedParser) -> None:
    """Parse many source files with what they import; the parser knows them from then on."""
    sources = sorted({path for path in paths if prompt_formats.of_source(path)})
    if len(sources) < _MANY_FILES:
        return

    def parse(one: LimitedParser, path: str) -> None:
        chosen = prompt_formats.by_name(prompt_formats.of_source(path) or "")
        read = partial(one.parse, load=reader.include)
        with suppress(MeasurementError):
            file = PromptText(
                path=path,
                text=reader.text(path),
                surroundings=Surroundings(load=reader.include, parse=read),
            )
            kind, source = prompt_formats.parsed_by(chosen, file)
            read(kind, source.text, source.path)

    with SeveralParsers(parser) as parsers:
        for _ in parsers.map(parse, sources):
            pass
