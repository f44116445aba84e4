"""Files that are Mustache templates."""

from reviewbot.prompt import PromptFile, PromptText
from reviewbot.prompt_formats._common.whole_file import one_message
from reviewbot.rendering.engines import mustache

NAME = "mustache"
TITLE = "Mustache templates"
RECOGNIZED = ("*.mustache",)
AMBIGUOUS = True


def read(file: PromptText) -> PromptFile:
    """The whole file is one message, which is rendered only where it has a tag."""
    return one_message(file, engine=mustache.NAME if "{{" in file.text else None)
