"""Files that are Jinja2 templates."""

from reviewbot.prompt import PromptFile, PromptText
from reviewbot.prompt_formats._common.whole_file import one_message
from reviewbot.rendering.engines import jinja

NAME = "jinja"
TITLE = "Jinja2 templates"
RECOGNIZED = ("*.j2", "*.jinja", "*.jinja2")
AMBIGUOUS = True


def read(file: PromptText) -> PromptFile:
    """The whole file is one message, which is rendered only where it has a tag."""
    static = jinja.static_text(file.text, file.options)
    if static is not None:
        return one_message(file, text=static)
    return one_message(file, engine=jinja.NAME)
