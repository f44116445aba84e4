"""Texts for models, and bounds by which texts are cut, that changed files hold with no call known.

They are read off tokens and names: descriptions of tools and schemas, instructions in tables, and
numbers by which code cuts a text, or that say how many results it takes.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from reviewbot.prompts.models_in_code.statements import Source
from reviewbot.scope.affected import CHARACTERS_OF_A_TOKEN, FoundPrompts, Scope
from reviewbot.scope.change import Change
from reviewbot.scope.changed_source import ChangedSource
from reviewbot.scope.led_to_calls.known_texts import KnownTexts
from reviewbot.scope.not_covered import LedToCall, NewPrompt
from reviewbot.scope.word_runs import runs_of, words_of

_MOST_CHARACTERS = 500_000
"""Of one file; what is longer is made by a program."""

_FOR_MODELS = re.compile(
    r"(?i)\b(?:llms?|prompts?|openai|anthropic|gemini|gpt|claude|tokens?|the model)\b"
    r"|\b(?:tool|createTool|defineTool)\s{0,3}\(|@tool\b"
)
_NUMBER = re.compile(
    r"(?<![\w$.])([A-Za-z_$][\w$]{1,60}+)(?:\s{0,3}:\s{0,3}[\w.\[\]| ]{1,40})?\s{0,3}=\s{0,3}"
    r"(\d[\d_]{0,11}+)\b(?!\s{0,3}[.*/+%<>=-])"
)
_CUTS = re.compile(
    r"\.(?:slice|substring|substr|take)\([^()\n]{0,120}|\[[^\[\]\n]{0,80}:[^\[\]\n]{0,80}"
)
_RESULTS = re.compile(
    r"(?i)\A(?:max|num|n|top|default)_?(?:results|docs|documents|chunks|k|passages|memories"
    r"|messages|history|turns|snippets)\Z"
)
_TOOL = re.compile(r"\b(?:tool|\w{0,20}Tool)\s{0,3}\(|\btools?\b|\binputSchema\b")
_KEY = re.compile(r"\b(description|instructions?|systemPrompt|prompt|system)\s{0,9}:\s{0,200}\Z")
_DESCRIBED = re.compile(r"\.describe\(\s{0,200}\Z")
_LOOK_BACK = 300
_WORD = re.compile(r"[A-Za-z_$][\w$]*")


def with_beside_calls(
    change: Change, in_source: FoundPrompts, sources: Iterable[ChangedSource]
) -> Scope:
    """The scope with what says more since the change, or is cut later; what is told is left out."""
    scope = change.scope
    most = change.configurations.governing.coverage.unseen_tokens * CHARACTERS_OF_A_TOKEN
    known = KnownTexts(change, in_source)
    found: list[LedToCall] = []
    for source in sources:
        both = len(source.before) + len(source.after)
        if source.is_data or not source.before or both > _MOST_CHARACTERS:
            continue
        found += _bounds(source)
        if not source.path.endswith((".py", ".ipynb")):
            found += _texts(source, most, known)
    left = tuple(item for item in found if not _is_told(item, scope, in_source.new))
    return replace(scope, led=(*scope.led, *left))


def _is_told(item: LedToCall, scope: Scope, new: Sequence[NewPrompt]) -> bool:
    is_new = any(
        one.path == item.path and one.line <= item.line <= one.last_line and not item.is_bound
        for one in new
    )
    is_led = any((one.path, one.line) == (item.path, item.line) for one in scope.led)
    return (
        is_new
        or is_led
        or any(
            one.line == item.line or item.name in one.form or not item.is_bound
            for one in scope.resent
            if one.path == item.path
        )
    )


def _bounds(source: ChangedSource) -> Iterator[LedToCall]:
    """The numbers that are larger, and by which the file cuts texts."""
    was, now = _numbers(source.before), _numbers(source.after)
    wider = [name for name, (number, _) in now.items() if name in was and number > was[name][0]]
    if not wider or not _FOR_MODELS.search(source.after):
        return
    cutting = {word for it in _CUTS.finditer(source.after) for word in _WORD.findall(it[0])}
    for name in wider:
        if name in cutting or _RESULTS.match(name):
            number, begins = now[name]
            yield LedToCall(
                path=source.path,
                line=source.after.count("\n", 0, begins) + 1,
                name=name,
                what=f"is {number:,} now, was {was[name][0]:,}",
                is_bound=True,
            )


def _numbers(text: str) -> dict[str, tuple[int, int]]:
    """The largest number that each name is given, and where it stands."""
    found: dict[str, tuple[int, int]] = {}
    for item in _NUMBER.finditer(text):
        number = int(item[2].replace("_", ""))
        if number > found.get(item[1], (-1, 0))[0]:
            found[item[1]] = number, item.start()
    return found


def _texts(source: ChangedSource, most: int, known: KnownTexts) -> Iterator[LedToCall]:
    """The texts under the keys of tools and instructions that say more, one for each key."""
    if not _KEY_SAID.search(source.after):
        return
    was, now = ([*_said(source.path, text)] for text in (source.before, source.after))
    left = Counter(said for _, said, _ in was)
    come: dict[str, list[tuple[str, int]]] = {}
    for key, said, line in now:
        if left[said] > 0:
            left[said] -= 1
        elif not known.runs >= {*runs_of(words_of(said))}:
            come.setdefault(key, []).append((said, line))
    for key, several in come.items():
        gone = sum(len(said) for it, said, _ in was if it == key and left[said] > 0)
        more = sum(len(said) for said, _ in several) - gone
        if more > most:
            tokens = round(more / CHARACTERS_OF_A_TOKEN)
            what = f"says {more:,} more characters (about {tokens:,} tokens)"
            yield LedToCall(path=source.path, line=several[0][1], name=key, what=what)


_KEY_SAID = re.compile(
    r"\b(?:description|instructions?|systemPrompt|prompt|system)\s{0,9}:|\.describe\("
)


def _said(path: str, text: str) -> Iterator[tuple[str, str, int]]:
    """Each text with its key and its line."""
    are_tools = _TOOL.search(text) is not None
    source = Source(path, text)
    for item in source.literals:
        if item.said.count(" ") < _LEAST_BLANKS:
            continue
        before = text[max(0, item.begins - _LOOK_BACK) : item.begins]
        found = _KEY.search(before)
        if found is not None and (found[1] != "description" or are_tools):
            yield found[1], item.said, source.line(item.begins)
        elif are_tools and _DESCRIBED.search(before):
            yield "describe", item.said, source.line(item.begins)


_LEAST_BLANKS = 4
