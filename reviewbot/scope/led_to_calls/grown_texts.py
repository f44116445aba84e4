"""Texts in changed Python files that are new, or longer, in one function or under one name."""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from reviewbot.prompts.models_in_code.statements import Literal, Statement
from reviewbot.scope.led_to_calls.arguments import called_around
from reviewbot.scope.led_to_calls.python_files import PythonFile
from reviewbot.scope.led_to_calls.sending import is_for_people, sends
from reviewbot.scope.word_runs import Run, runs_of, words_of

_LEAST_WORDS = 4
"""Where no text has so many, none is what is said to a model."""

_TIMES = re.compile(r"[\s\])]{0,20}\*\s{0,3}(\d{1,4})\b")
_LONGEST = 100_000
_LOOK_BACK = 160
_QUERY = re.compile(
    r"\s{0,99}(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|WITH|DROP|MATCH|MERGE|<!DOCTYPE|<html"
    r"|\(\?|https?://)\b"
)
"""What is said to a database, or shown as a page."""

_FOR_PEOPLE = re.compile(
    r"\b(?:errors?|detail|reason|help|title|label|epilog|usage|tooltip|warning)[\"']?"
    r"\s{0,9}[:=]\s{0,9}(?:\(\s{0,99})?[rfRF]?\Z"
)
"""Keys of what is told to people."""

_CALLED_FOR_PEOPLE = re.compile(
    r"(?:Error|Exception|Warning|Parser|Option|Argument|Response|Style|Panel|Label|Button|Console)\Z"
    r"|\A(?:add_argument|add_parser|option|argument|deprecated)\Z"
    r"|(?:\A|_)(?:status|progress|echo|notify|notification|toast|spinner)\Z"
)
"""What shows a text to people."""

KEEPS: Final = frozenset(
    {
        *("join", "format", "dedent", "cleandoc", "indent", "strip", "lstrip", "rstrip", "str"),
        *("replace", "append", "extend", "insert", "update", "add", "dict", "list", "tuple"),
        *("setdefault", "get", "getenv", "write", "put", "print", "copy", "sorted", "set", "cast"),
        *("format_map", "removeprefix", "removesuffix", "concat", "chain", "textwrap", "partial"),
        *(
            "field",
            "tool",
            "function_tool",
            "and",
            "or",
            "not",
            "in",
            "return",
            "if",
            "else",
            "lambda",
        ),
        *("yield", "await", "MappingProxyType", "safe_substitute", "substitute", "rjust", "ljust"),
    }
)
"""What is called with a text and gives it back, or keeps it."""


class Grown(Struct, frozen=True):
    """So many characters `more` of text in what has a `name` in a file; the first at a `line`."""

    file: PythonFile
    name: str
    more: int
    line: int
    statements: tuple[Statement, ...]


Pair = tuple[PythonFile | None, PythonFile]
"""A file before a change and after it."""

_Said = tuple[Statement, Literal, str]


def edited_statements(
    before: PythonFile | None, after: PythonFile
) -> tuple[Sequence[Statement], Sequence[Statement]]:
    """The statements of a file that a change took out, and those that it brought."""
    if before is None:
        return (), after.source.statements
    return before.lacking(after), after.lacking(before)


def grown_texts(
    pairs: Sequence[Pair], most: int, is_own: Callable[[str], bool], sent: Container[Run]
) -> Iterator[Grown]:
    """Where more than so many characters are new; what only moved within the change is not.

    `is_own` says whether the project defines a function of a name. What workflows are known to
    have `sent` counts for nothing.
    """
    edited = [edited_statements(*pair) for pair in pairs]
    was = [
        [*_texts(before, gone, is_own)] if before else []
        for (before, _), (gone, _) in zip(pairs, edited, strict=True)
    ]
    now = [
        [*_texts(after, come, is_own)] for (_, after), (_, come) in zip(pairs, edited, strict=True)
    ]
    gone, come = _less(was, now), _less(now, was)
    known, standing = _all_runs(gone), _all_runs(come)
    for (_, file), lost, gained in zip(pairs, gone, come, strict=True):
        owners: dict[str, list[tuple[_Said, int]]] = {}
        for one in gained:
            if size := _new_size(one[2], known, sent):
                owners.setdefault(_owner(one[0]), []).append((one, size))
        less: Counter[str] = Counter()
        for one in lost:
            less[_owner(one[0])] += _new_size(one[2], standing, ())
        for name, items in owners.items():
            more = sum(size for _, size in items) - less[name]
            texts = [literal for (_, literal, _), _ in items]
            if more > most and any(len(words_of(it.said)) >= _LEAST_WORDS for it in texts):
                statements = {it.begins: it for (it, _, _), _ in items}
                line = file.source.line(min(it.begins for it in texts))
                yield Grown(file, name, more, line, tuple(statements.values()))


def _less(some: Sequence[list[_Said]], others: Sequence[list[_Said]]) -> list[list[_Said]]:
    """The texts without those that stand among the others, wherever that is."""
    left = Counter(one[2] for several in others for one in several)
    found: list[list[_Said]] = []
    for several in some:
        found.append([])
        for one in several:
            if left[one[2]] > 0:
                left[one[2]] -= 1
            else:
                found[-1].append(one)
    return found


def _all_runs(several: Iterable[Iterable[_Said]]) -> Counter[Run]:
    return Counter(run for said in several for one in said for run in _runs(one[2]))


def _new_size(text: str, known: Counter[Run], sent: Container[Run]) -> int:
    """The characters of a text, less the share of its runs of words that stood elsewhere."""
    runs = [*_runs(text)]
    new = 0
    for run in runs:
        if known[run] > 0:
            known[run] -= 1
        elif run not in sent:
            new += 1
    return round(len(text) * new / len(runs)) if runs else 0


def _runs(text: str) -> Iterable[Run]:
    words = words_of(text)
    return [*runs_of(words)] or ([tuple(words)] if words else [])


def _owner(statement: Statement) -> str:
    return ".".join(statement.within) or next(iter(sorted(statement.sets)), "")


def texts_of(file: PythonFile, statement: Statement) -> Iterator[str]:
    """What a statement may send."""
    return (text for _, _, text in _said_in(file, statement, lambda _: True))


def _texts(
    file: PythonFile, statements: Iterable[Statement], is_own: Callable[[str], bool]
) -> Iterator[_Said]:
    """The texts that statements may send, each as often as it is said to stand there."""
    for statement in statements:
        yield from _said_in(file, statement, is_own)


def _said_in(
    file: PythonFile, statement: Statement, is_own: Callable[[str], bool]
) -> Iterator[_Said]:
    if not statement.literals or not statement.said.strip() or is_for_people(statement):
        return
    said = statement.said
    first = len(said) - len(said.lstrip())
    last, is_last_shown = -1, False
    for item in statement.literals:
        at = item.begins - statement.begins
        is_going_on = (
            not file.text[last : item.begins].strip("rfRFbuBU \n\t") if last > 0 else False
        )
        before = file.text[max(statement.begins, item.begins - _LOOK_BACK) : item.begins]
        is_shown = is_last_shown if is_going_on else _FOR_PEOPLE.search(before) is not None
        last, is_last_shown = item.ends, is_shown
        is_above = at < first and "\n" in said[item.ends - statement.begins : first]
        if is_above or is_shown or " " not in item.said or _QUERY.match(item.said):
            continue
        called = called_around(statement.said, at)
        if _CALLED_FOR_PEOPLE.search(called):
            continue
        is_kept = called in KEEPS or not called.islower() or called == "" or is_own(called)
        if is_kept or sends(statement):
            times = _TIMES.match(statement.said, item.ends - statement.begins)
            count = int(times[1]) if times else 1
            yield statement, item, (item.said * count)[:_LONGEST]
