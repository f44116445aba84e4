"""Plain text and Markdown: one message, sent as it stands."""

from reviewbot.formats._whole_file import one_message
from reviewbot.prompts import PromptFile, PromptText

NAME = "text"

_SUFFIXES = (".txt", ".md", ".markdown", ".prompt")


def recognizes(path: str) -> bool:
    """By its suffix."""
    return path.lower().endswith(_SUFFIXES)


def read(file: PromptText) -> PromptFile:
    """The whole file is the message."""
    return one_message(file)
