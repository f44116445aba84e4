"""Plain text, Markdown and XML: one message, sent as it stands."""

from reviewbot.prompt import PromptFile, PromptText
from reviewbot.prompt_formats._common.whole_file import one_message

NAME = "text"
TITLE = "plain text, Markdown and XML, sent as it stands"
RECOGNIZED = ("*.txt", "*.md", "*.markdown", "*.xml")
AMBIGUOUS = True


def read(file: PromptText) -> PromptFile:
    """The whole file is the message."""
    return one_message(file)
