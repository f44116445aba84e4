"""Files that are format strings of Python's `str.format`."""

from reviewbot.engines import str_format
from reviewbot.formats._whole_file import one_message
from reviewbot.prompts import PromptFile, PromptText

NAME = "str-format"
TITLE = "format strings, as Python's str.format fills them"
RECOGNIZED: tuple[str, ...] = ()
AMBIGUOUS = True


def read(file: PromptText) -> PromptFile:
    """The whole file is one message."""
    has_field = "{" in file.text or "}" in file.text
    return one_message(file, engine=str_format.NAME if has_field else None)
