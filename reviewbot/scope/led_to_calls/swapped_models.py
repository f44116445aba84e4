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

Entries = dict[Way, tuple[str, int]]
"""What may be the name of a model at each way, and where it begins."""


Swap = tuple[str, str]
"""A model that was named, and the one in its place."""


class SwappedModels(Struct, frozen=True):
    """A statement of a `name` has other models than before; the `first` at a `line`."""

    name: str
    line: int
    swaps: tuple[Swap, ...]
    statement: Statement


def swapped_models(before: PythonFile, after: PythonFile) -> Iterator[SwappedModels]:
    """The same statements whose entries name other models."""
    was, now = _tables(before.lacking(after)), _tables(after.lacking(before))
    for place in now:
        for old, new in zip_longest(was.get(place, ()), now[place]):
            if old is None or new is None or _texts(old) == _texts(new):
                continue
            swaps = _swaps_in(_entries(before, old), _entries(after, new))
            if swaps:
                name = ".".join((*new.within, *sorted(new.sets)[:1]))
                line = after.source.line(min(swaps))
                yield SwappedModels(name, line, tuple(swaps.values()), new)


def _swaps_in(earlier: Entries, later: Entries) -> dict[int, Swap]:
    """The models that stand where others did, each once, by where they stand.

    Records in a list have no place of their own, so that of those only what has come instead of
    what is gone is another model.
    """
    from reviewbot.tokens.same_model import is_same_model

    is_moved = len(earlier) != len(later)
    models = [{model for model, _ in side.values()} for side in (earlier, later)]
    found: dict[int, Swap] = {}
    for way, (model, begins) in later.items():
        was, _ = earlier.get(way, ("", 0))
        is_kept = model in models[0] or was in models[1]
        is_unplaced = any(map(str.isdecimal, way)) if is_moved else _is_of_record(way) and is_kept
        is_other = was and was != model and not is_unplaced and (was, model) not in found.values()
        if is_other and _may_be_models(way, was, model) and not is_same_model(was, model):
            found[begins] = was, model
    return found


def _is_of_record(way: Way) -> bool:
    return any(map(str.isdecimal, way[1:-1]))


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


def _entries(file: PythonFile, statement: Statement) -> Entries:
    """What stands at each place of a statement that may be the name of a model."""
    found: Entries = {}
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
