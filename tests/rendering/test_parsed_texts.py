"""What was read of a text that imports files holds as long as these files are the same."""

from pathlib import Path

import pytest

from reviewbot.errors import MeasurementError, Problem
from reviewbot.local_cache import FolderCache
from reviewbot.prompt import LoadedFile
from reviewbot.rendering.jobs import Load
from reviewbot.rendering.parsed_texts import Loads, ParsedText, packed, unpacked
from reviewbot.rendering.parsing import LimitedParser

SOURCE = "from rules import RULES\nP = RULES + '!'"


def giving(rules: str | None) -> Load:
    def load(name: str, parent: str) -> LoadedFile | None:
        assert parent == "p.py"
        if name != "rules.py" or rules is None:
            return None
        return LoadedFile(path=name, text=f"RULES = {rules!r}")

    return load


def refusing(name: str, parent: str) -> LoadedFile | None:
    del parent
    raise MeasurementError([Problem(what=f"{name} is a link", mend="name the file")])


def said(parser: LimitedParser, rules: str | None) -> str:
    (message,) = parser.parse("python-source", SOURCE, "p.py", giving(rules))["prompts"]["P"][
        "messages"
    ]
    return str(message["text"])


def test_another_imported_file_is_read_again_and_the_same_is_not(tmp_path: Path) -> None:
    for _ in range(2):
        with (
            FolderCache(lambda: str(tmp_path / "kept")) as cache,
            LimitedParser(cache=cache) as parser,
        ):
            assert said(parser, "one") == "one!"
            assert said(parser, "two") == "two!"
            assert "hole" in said(parser, None)
            assert said(parser, "one") == "one!"
            assert len(parser.known["python-source", "p.py", SOURCE][0].loads) == 2
            cache.save()


def test_what_is_kept_comes_back_as_it_was() -> None:
    loads = Loads(giving("one"))
    assert [loads.give(name, "p.py") is None for name in ("rules.py", "none.py")] == [False, True]
    parsed = ParsedText(data={"a": [1, None]}, loads=loads.found, slow_seconds=0.5)
    assert unpacked(packed(parsed)) == parsed
    assert parsed.holds(giving("one"))
    assert not parsed.holds(giving("two"))
    assert not parsed.holds(refusing)


def test_what_a_refused_file_gave_is_not_kept() -> None:
    loads = Loads(refusing)
    with pytest.raises(MeasurementError, match="is a link"):
        loads.give("rules.py", "p.py")
    assert packed(ParsedText(data=1, loads=loads.found)) is None
    for damaged in (None, b"", b"[]", b"[1.0, 2, [3]]", b"[1.0, 2, [[[], 1, 2]]]"):
        assert unpacked(damaged) is None
