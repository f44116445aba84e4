"""Texts that the parser begins with before they are asked for."""

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.prompt import LoadedFile
from reviewbot.rendering.parsing import LimitedParser


def source(number: int) -> str:
    return f"from rules import RULES\nP{number} = f'text {number} {{RULES}}'\n"


def parsed(parser: LimitedParser, number: int) -> list[str]:
    return [*parser.parse("python-source", source(number), f"{number}.py")["prompts"]]


def expects(parser: LimitedParser, number: int) -> bool:
    return parser.expects("python-source", source(number), f"{number}.py")


def test_each_gets_its_own_result_whatever_is_asked_for_first() -> None:
    with LimitedParser() as parser:
        assert all(expects(parser, number) for number in range(5))
        for number in (3, 9, 0, 4, 1, 2):
            assert parsed(parser, number) == [f"P{number}"]


def given(name: str, parent: str) -> LoadedFile | None:
    del parent
    return LoadedFile(path=name, text="RULES = 'one'") if name == "rules.py" else None


def test_what_another_parser_reads_beside_other_files_changes_no_order() -> None:
    with LimitedParser() as parser, parser.another() as other:
        assert all(expects(parser, number) for number in range(3))
        other.parse("python-source", source(2), "2.py", given)
        names = [parsed(parser, number) for number in (2, 9, 0, 1)]
    assert names == [["P2"], ["P9"], ["P0"], ["P1"]]


def test_what_has_no_room_is_told_and_parsed_later() -> None:
    with LimitedParser() as parser:
        begun = [expects(parser, number) for number in range(30)]
        assert begun[0]
        assert not begun[-1]
        assert [parsed(parser, number) for number in range(30)] == [[f"P{n}"] for n in range(30)]
        assert expects(parser, 29)


def test_one_that_is_wrong_or_too_deep_stops_no_other() -> None:
    deep = f"P = {'(' * 5_000}1{')' * 5_000}"
    with LimitedParser() as parser:
        for text in ("P = (", deep):
            assert parser.expects("python-source", text, "wrong.py")
            assert expects(parser, 1)
            with pytest.raises(MeasurementError):
                parser.parse("python-source", text, "wrong.py")
        assert parsed(parser, 1) == ["P1"]


def test_the_process_may_rest_in_between() -> None:
    with LimitedParser() as parser:
        assert expects(parser, 1)
        parser.rest()
        assert parsed(parser, 1) == ["P1"]


def test_what_was_read_alone_is_read_again_where_a_file_is_there() -> None:
    text = "from rules import RULES\nP = RULES + '!'"

    with LimitedParser() as parser:
        assert parser.expects("python-source", text, "p.py")
        alone = parser.parse("python-source", text, "p.py")
        beside = parser.parse("python-source", text, "p.py", given)
        assert "hole" in str(alone["prompts"]["P"])
        assert beside["prompts"]["P"]["messages"][0]["text"] == "one!"
        assert parser.parse("python-source", text, "p.py") == alone
