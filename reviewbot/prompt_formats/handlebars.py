"""Files that are Handlebars templates."""

from reviewbot.prompt import PromptFile, PromptText
from reviewbot.prompt_formats._common.whole_file import one_message
from reviewbot.rendering.engines import handlebars

NAME = "handlebars"
TITLE = "Handlebars templates"
RECOGNIZED = ("*.hbs", "*.handlebars")
AMBIGUOUS = True


def read(file: PromptText) -> PromptFile:
    """The whole file is one message, which is rendered only where it has a tag."""
    return one_message(file, engine=handlebars.NAME if "{{" in file.text else None)
