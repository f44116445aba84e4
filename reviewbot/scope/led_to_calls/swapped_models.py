"""Models in tables of changed Python files: an entry that names another one than before."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from msgspec import Struct

from reviewbot.prompts.models_in_code.statements import Statement
from reviewbot.rendering.parsers._common.known_models import is_known_model
from reviewbot.rendering.parsers._common.requests import says_model_of_any
from reviewbot.scope.led_to_calls.python_files import PythonFile

_NAME = re.compile(r"(?=[^\n]{0,80}[\d-])[A-Za-z][\w.:/@-]{1,80}\Z")
_SIGN = re.compile(r"[()\[\]{},:=]")
_IS_KEY = re.compile(r"\s{0,20}:")
_COMMENT = re.compile(r"#[^\n]{0,300}")
_MOST_LITERALS = 2_000

Way = tuple[str, ...]
"""The keys, names and numbers by which an entry is reached from the left of a statement."""


class SwappedModel(Struct, frozen=True):
    """An entry of what has a `name` says `now` another model than it `was`, at a line."""

    name: str
    line: int
    was: str
    now: str
    statement: Statement


def swapped_models(before: PythonFile, after: PythonFile) -> Iterator[SwappedModel]:
    """The entries of the same statements that name other models."""
    was, now = _tables(before.lacking(after)), _tables(after.lacking(before))
    if not now:
        return
    from reviewbot.tokens.same_model import is_same_model

    for place in now:
        for old, new in zip_longest(was.get(place, ()), now[place]):
            if old is None or new is None or _texts(old) == _texts(new):
                continue
            earlier, later = _entries(before, old), _entries(after, new)
            is_moved = len(earlier) != len(later)
            for way, (model, begins) in later.items():
                if is_moved and any(step.isdecimal() for step in way):
                    continue
                gone = earlier.get(way)
                if gone is None or gone[0] == model or not _may_be_models(way, gone[0], model):
                    continue
                if not is_same_model(gone[0], model):
                    name = ".".join((*new.within, *sorted(new.sets)[:1]))
                    line = after.source.line(begins)
                    yield SwappedModel(name, line, gone[0], model, new)


def _texts(statement: Statement) -> list[str]:
    return [item.said for item in statement.literals]


def _tables(
    several: Sequence[Statement],
) -> Mapping[tuple[tuple[str, ...], frozenset[str]], list[Statement]]:
    """The statements with a name of a model, by the functions around them and what they set."""
    found: dict[tuple[tuple[str, ...], frozenset[str]], list[Statement]] = {}
    for statement in several:
        if any(_NAME.match(item.said) for item in statement.literals):
            found.setdefault((statement.within, statement.sets), []).append(statement)
    return found


def _may_be_models(way: Way, was: str, now: str) -> bool:
    known = is_known_model(was), is_known_model(now)
    return all(known) or (any(known) and any(map(says_model_of_any, way[-1:])))


def _entries(file: PythonFile, statement: Statement) -> dict[Way, tuple[str, int]]:
    """What stands at each place of a statement that may be the name of a model."""
    found: dict[Way, tuple[str, int]] = {}
    literals = statement.literals[:_MOST_LITERALS]
    signs = [*_SIGN.finditer(statement.said)]
    steps: list[str] = []
    key, number, begins, index = "", 0, 0, 0
    numbers: list[int] = []
    for item in literals:
        at = item.begins - statement.begins
        while index < len(signs) and signs[index].start() < at:
            sign, index = signs[index], index + 1
            if sign[0] in "([{":
                steps.append(key or str(number))
                numbers.append(number)
                key, number, begins = "", 0, sign.end()
            elif sign[0] in ")]}":
                if steps:
                    steps.pop()
                    number = numbers.pop()
                key, begins = "", sign.end()
            elif sign[0] == ",":
                key, number, begins = "", number + 1, sign.end()
            else:
                first, last = statement.begins + begins, statement.begins + sign.start()
                key = _COMMENT.sub("", file.text[first:last]).strip().strip("\"'")
                begins = sign.end()
        if _NAME.match(item.said) and not _IS_KEY.match(
            statement.said, item.ends - statement.begins
        ):
            found.setdefault((*steps, key or str(number)), (item.said, item.begins))
    return found
