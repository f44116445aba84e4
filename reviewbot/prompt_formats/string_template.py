"""Files that Python's `string.Template` fills."""

from reviewbot.prompt import PromptFile, PromptText
from reviewbot.prompt_formats._common.whole_file import one_message
from reviewbot.rendering.engines import string_template

NAME = "string-template"
TITLE = "templates of Python's string.Template"
RECOGNIZED: tuple[str, ...] = ()
AMBIGUOUS = True


def read(file: PromptText) -> PromptFile:
    """The whole file is one message."""
    return one_message(file, engine=string_template.NAME if "$" in file.text else None)
