"""Several messages in one rendered text: each role and each text behind a mark of its own."""

from collections.abc import Iterable

from reviewbot.prompt import Part

_ROLE, _TEXT = "\x01", "\x02"


def holds_mark(text: str) -> bool:
    """Whether a text holds a mark already, so that it cannot stand in a message."""
    return _ROLE in text or _TEXT in text


def joined(messages: Iterable[tuple[str, str]]) -> str:
    """The text of messages, given as role and text without marks."""
    return "".join(f"{_ROLE}{role}{_TEXT}{text}" for role, text in messages)


def split(text: str) -> tuple[Part, ...]:
    """The messages that are `joined` in a text."""
    parts = []
    position = 0
    for message in text.split(_ROLE)[1:]:
        role, _, said = message.partition(_TEXT)
        position += len(joined([(role, "")]))
        parts.append(Part(role=role, text=said, start=position))
        position += len(said)
    return tuple(parts)
