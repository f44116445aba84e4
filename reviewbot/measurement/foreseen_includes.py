"""The files that a template includes, told to the rendering process before it asks for them.

A question costs more than the answer: the process waits until this one finds time for it.
"""

import json
from collections.abc import Iterator

from reviewbot.errors import MeasurementError
from reviewbot.prompts.sources import LocatedMessage
from reviewbot.rendering import engines
from reviewbot.rendering.jobs import Include, Load

_MOST_FILES = 1_000
_MOST_CHARACTERS = 1_000_000
"""More are asked for one by one, up to what a template may load."""


def foreseen_includes(message: LocatedMessage, load: Load) -> tuple[Include, ...]:
    """What a message will ask `load` for; nothing where that is not known, or where it is much.

    Whatever is wrong with a file is told once the process asks for it.
    """
    if not message.complete or not 1 < len(message.files) <= _MOST_FILES:
        return ()
    try:
        found = tuple(_found(message, load))
    except MeasurementError:
        return ()
    is_much = sum(len(item.text) for item in found) > _MOST_CHARACTERS
    return () if is_much or len(found) > _MOST_FILES else found


def _found(message: LocatedMessage, load: Load) -> Iterator[Include]:
    engine = engines.by_name(message.template.engine or "")
    options = json.loads(message.options) if message.options else {}
    asked: set[tuple[str, str]] = set()
    waiting = [(message.path, message.template.text)]
    while waiting and len(asked) <= _MOST_FILES:
        parent, text = waiting.pop()
        for name in sorted(engine.references(text, options).names):
            if (name, parent) in asked:
                continue
            asked.add((name, parent))
            loaded = load(name, parent)
            if loaded is not None:
                yield Include(name=name, parent=parent, path=loaded.path, text=loaded.text)
                waiting.append((loaded.path, loaded.text))
