"""Several parsers at a time: what they give is in order, and read once for all reviews."""

from collections.abc import Iterator

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.rendering.several_parsers import SeveralParsers


@pytest.fixture
def parser() -> Iterator[LimitedParser]:
    with LimitedParser() as opened:
        yield opened


def names(parser: LimitedParser, number: int) -> list[str]:
    found = parser.parse("python-source", f'PROMPT_{number} = "Hello."', f"{number}.py")
    return [*found["prompts"]]


def test_results_come_in_the_order_of_the_items(parser: LimitedParser) -> None:
    with SeveralParsers(parser) as parsers:
        assert list(parsers.map(names, range(20))) == [[f"PROMPT_{n}"] for n in range(20)]


def test_what_another_parser_has_read_needs_no_process(parser: LimitedParser) -> None:
    with SeveralParsers(parser) as parsers:
        list(parsers.map(names, range(6)))
    later = LimitedParser(0.0, known=parser.known)
    assert [names(later, n) for n in range(6)] == [[f"PROMPT_{n}"] for n in range(6)]


def test_what_goes_wrong_in_one_text_is_told_where_it_is_asked_for(parser: LimitedParser) -> None:
    def read(parser: LimitedParser, text: str) -> object:
        return parser.parse("python-source", text, "a.py")["prompts"]

    with SeveralParsers(parser) as parsers:
        results = parsers.map(read, ['A = "b"', "def ("])
        assert next(results)
        with pytest.raises(MeasurementError, match="not Python"):
            next(results)


def test_what_is_begun_ahead_is_done_in_order_or_told_where_it_is_asked_for() -> None:
    def begin(parser: LimitedParser, number: int) -> None:
        if number == 7:
            raise ValueError(number)
        parser.expects("python-source", f'PROMPT_{number} = "Hello."', f"{number}.py")

    with LimitedParser() as parser, SeveralParsers(parser) as parsers:
        results = parsers.map(names, range(12), begin)
        assert [next(results) for _ in range(7)] == [[f"PROMPT_{n}"] for n in range(7)]
        with pytest.raises(ValueError, match="7"):
            next(results)
