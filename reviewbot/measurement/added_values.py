"""Values that a change adds to a workflow without samples: nobody says how long they are."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from reviewbot.errors import MeasurementError
from reviewbot.measurement.calls import UnseenText
from reviewbot.measurement.unseen_places import places
from reviewbot.prompts.runs import Run
from reviewbot.prompts.sources import LocatedMessage
from reviewbot.prompts.template_tags import find_tags, is_value
from reviewbot.scope.affected import Side
from reviewbot.scope.said_text import beside

_FIELDS = {
    "str-format": re.compile(r"\{\{|\}\}|(\{[^{}\n]{0,200}\})"),
    "string-template": re.compile(r"\$\$|(\$\{?[A-Za-z_]\w{0,100})"),
}
"""What values are in the languages whose tags are no template's; group 1 is a value."""

_HOLES = ("hole", "field")
"""How an operation of source code begins that puts a value into a text."""


def added_values(before: Side, after: Side) -> tuple[UnseenText, ...]:
    """Where the templates of a side print values that those of the other do not print.

    Their text is what code computes them from, as far as the source tells that.
    """
    left = Counter(value for value, _ in _values(before))
    found = []
    for value, run in _values(after):
        if left[value]:
            left[value] -= 1
        else:
            found.append(run)
    return places(found)


def _values(side: Side) -> Iterator[tuple[str, Run]]:
    """The values that each template prints, and the files that it includes."""
    for message in side.source.messages:
        template = message.template
        if template.engine is None:
            continue
        first = template.line
        for offset, value in _in_template(template.text, template.engine, message):
            line = first + offset if template.is_in_lines else first
            yield value, _run(message.path, line, value)
        for path in beside(message):
            try:
                text = side.reader.text(path)
            except MeasurementError:
                continue
            for offset, value in _in_template(text, template.engine, message):
                yield value, _run(path, 1 + offset, value)


def _run(path: str, line: int, value: str) -> Run:
    data = _data(value)
    holds = data[0].get("holds", "") if isinstance(data, list) and data else ""
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
            if item[:1] and item[0] in _HOLES:
                yield json.dumps(item[1:2], sort_keys=True, ensure_ascii=False)
            waiting += item
        elif isinstance(item, str):
            yield from (value for _, value in _in_template(f" {item}", engine, message))


def _data(text: str) -> Any:
    try:
        data = json.loads(text) if text[:1] in ("{", "[") else None
    except ValueError:
        return None
    return data if isinstance(data, dict | list) else None
