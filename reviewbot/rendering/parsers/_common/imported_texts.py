"""Names of other files that are those of texts."""

import re
from collections.abc import Iterator

from reviewbot.rendering.parsers._common.called_functions import inside
from reviewbot.rendering.parsers._common.sent_parts import Block, Called, Named, Part, place_of

_MOST_PARTS = 5_000
_TEXT = re.compile(r"[A-Z][A-Z0-9_]+\Z|(?i:prompt|instruct|rules|system|template|persona|policy)")
_SETTING = re.compile(
    r"(?i:role|model|tokens|temperature|timeout|url|key|version)"
    r"|(?i:_(?:names?|class(?:es)?|types?|paths?|dirs?|modes?|kinds?|limits?|sizes?|counts?)|_?id)\Z"
)
_OF_CHOICES = re.compile(r"[a-z](?:Role|Mode|Type|Kind|Enum|Level|Status|State)\Z")
"""Names of classes whose members are words of a program, and no texts."""


def imported_text(part: Part) -> Iterator[tuple[str, Block]]:
    """A text of another file by its name, as far as the name says that it is one."""
    if isinstance(part, Named):
        name, owner, _ = place_of(part.steps, part.block)
        last = part.steps[-1]
        is_elsewhere = owner is None and part.block.imports(name)
        is_choice = any(map(_OF_CHOICES.search, part.steps[:-1]))
        if is_elsewhere and _TEXT.search(last) and not _SETTING.search(last) and not is_choice:
            yield ".".join(part.steps), part.block


def names_in(value: Part) -> Iterator[str]:
    """The names in what a request is asked for, with and without what stands before them."""
    waiting = [value]
    for part in waiting:
        if isinstance(part, Named):
            yield from (*part.steps, ".".join(part.steps))
        elif isinstance(part, Called):
            yield part.name
        waiting += inside(part) if len(waiting) < _MOST_PARTS else ()
