"""What a field of an object, or an entry of a mapping, is of all that the object is made of."""

import re

from msgspec.structs import replace

from reviewbot.rendering.parsers._common.sent_parts import (
    Block,
    Called,
    Either,
    Grown,
    Made,
    Named,
    Part,
    Together,
)

_NO_TEXT = re.compile(
    r"(?i)(?:^|_)(?:uu)?ids?$|(?:^|_)(?:timestamps?|created_at|updated_at|usage|status|token_counts?)$"
)
"""Fields of messages and of answers that say no text."""


def is_no_text(field: str) -> bool:
    """Whether a field never holds a text that is sent."""
    return _NO_TEXT.search(field) is not None


def is_made_with(owner: Block, name: str, field: str) -> bool:
    """Whether an object of that name is given such a field by its name."""
    values = owner.set.get(name, ())
    return any(isinstance(value, Made | Called) and field in value.named for value in values)


def field_of(part: Part, field: str) -> Part:
    """What has that name of a part; all of it where that is not told."""
    match part:
        case Made(named=named) if field in named:
            return named[field]
        case Named(steps=steps):
            return replace(part, steps=(*steps, field))
        case Made():
            return part
        case Together(parts=parts) | Either(parts=parts):
            return replace(part, parts=tuple(field_of(one, field) for one in parts))
        case Grown(part=inner):
            return replace(part, part=field_of(inner, field))
    return part
