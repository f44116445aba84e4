"""Values that a change adds to a workflow without samples: nobody says how long they are."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import Any

from msgspec.structs import replace

from reviewbot.errors import MeasurementError
from reviewbot.measurement.calls import UnseenText
from reviewbot.measurement.lost_words import lost_words
from reviewbot.measurement.unseen_places import places
from reviewbot.prompts.marked_runs import Run
from reviewbot.prompts.said_text import beside, said
from reviewbot.prompts.sources import LocatedMessage
from reviewbot.prompts.template_tags import find_tags, is_value
from reviewbot.scope.affected import Side

_FIELDS = {
    "str-format": re.compile(r"\{\{|\}\}|(\{[^{}\n]{0,200}\})"),
    "string-template": re.compile(r"\$\$|(\$\{?[A-Za-z_]\w{0,100})"),
}
"""What values are in the languages whose tags are no template's; group 1 is a value."""

_MOST_VALUES = 2_000
_MOST_CHARACTERS = 2_000_000
"""Of all changed files that templates include; one beyond and all behind it count as one value."""

_MORE = "{{more}}"
"""What stands for the values beyond the bounds; no value of a template is written so."""

_HOLE = "hole"
"""How an operation of source code begins that puts a value into a text."""


def added_values(before: Side, after: Side) -> tuple[UnseenText, ...]:
    """Where the templates of a side print values that those of the other do not print.

    Their text is what code computes them from, where it was sent as it stands before. Lost is what
    their own file has no more, and what any other has got no other words for.
    """
    found = _added(before, after)
    lost = lost_words(before, after) if found else {}

    def lost_for(path: str) -> str:
        own = lost[path].words if path in lost else ()
        others = [word for other, item in lost.items() if other != path for word in item.net]
        return " ".join((*own, *others))

    return tuple(replace(item, lost=lost_for(item.path)) for item in found)


def _added(before: Side, after: Side) -> tuple[UnseenText, ...]:
    same = {*_contents(before)} & {*_contents(after)}
    left = Counter(value for value, _ in islice(_values(before, same), _MOST_VALUES))
    del left[_MORE]
    texts = [said(message.template) for message in before.source.messages]
    found: list[Run] = []
    for number, (value, run) in enumerate(_values(after, same)):
        if number == _MOST_VALUES:
            return (*places(found), *places([replace(run, text="", is_open=True)]))
        if left[value]:
            left[value] -= 1
        elif run.is_open or any(run.text in text for text in texts):
            found.append(run)
        else:
            found.append(replace(run, text="", is_open=True))
    return places(found)


_Content = tuple[str, str, str]
"""A template's engine, and its own text, or the path and the id of a file that it includes."""


def _contents(side: Side) -> Iterator[_Content]:
    """What the templates of a side are made of."""
    for message in side.source.messages:
        engine = message.template.engine or ""
        yield engine, "", message.template.text
        yield from ((engine, path, message.files[path]) for path in beside(message))


def _values(side: Side, same: AbstractSet[_Content]) -> Iterator[tuple[str, Run]]:
    """The values that templates print, and files that they include, but for those on both sides."""
    left = _MOST_CHARACTERS
    for message in side.source.messages:
        template = message.template
        if template.engine is None:
            continue
        first = template.line
        if (template.engine, "", template.text) not in same:
            for offset, value in _in_template(template.text, template.engine, message):
                line = first + offset if template.is_in_lines else first
                yield value, _run(message.path, line, value)
        for path in beside(message):
            if (template.engine, path, message.files[path]) in same:
                continue
            try:
                text = side.reader.text(path)
            except MeasurementError:
                continue
            left -= len(text)
            if left < 0:
                yield _MORE, _run(path, 1, "")
                return
            for offset, value in _in_template(text, template.engine, message):
                yield value, _run(path, 1 + offset, value)


def _run(path: str, line: int, value: str) -> Run:
    match _data(value):
        case [{"holds": str() as holds}]:
            pass
        case _:
            holds = ""
    return Run(path=path, line=line, text=holds, is_open=not holds)


def _in_template(text: str, engine: str, message: LocatedMessage) -> Iterator[tuple[int, str]]:
    """The values of a text, each with the lines before it."""
    data = _data(text)
    if data is not None:
        yield from ((0, value) for value in _in_data(data, engine, message))
        return
    if engine in _FIELDS:
        found = [(match.start(), match[1]) for match in _FIELDS[engine].finditer(text) if match[1]]
    else:
        options = json.loads(message.options) if message.options else {}
        tags = (tag for tag in find_tags(text, options) if is_value(text, tag))
        found = [(tag.start, text[tag.inner : tag.end]) for tag in tags]
    line = last = 0
    for start, value in found:
        line += text.count("\n", last, start)
        last = start
        yield line, value.strip()


def _in_data(data: Any, engine: str, message: LocatedMessage) -> Iterator[str]:
    """The values in the JSON that some formats hand to their engines."""
    waiting = [data]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += item.values()
        elif isinstance(item, list):
            if item[:1] == [_HOLE]:
                own = [{key: said for key, said in item[1].items() if key != "gives"}]
                yield json.dumps(own, sort_keys=True, ensure_ascii=False)
            waiting += item
        elif isinstance(item, str):
            yield from (value for _, value in _in_template(f" {item}", engine, message))


def _data(text: str) -> Any:
    try:
        data = json.loads(text) if text[:1] in ("{", "[") else None
    except ValueError:
        return None
    return data if isinstance(data, dict | list) else None
