"""Files that are Jinja2 templates."""

from reviewbot.engines import jinja
from reviewbot.formats._whole_file import one_message
from reviewbot.prompts import PromptFile, PromptText

NAME = "jinja"

_SUFFIXES = (".j2", ".jinja", ".jinja2")


def recognizes(path: str) -> bool:
    """By its suffix, which may follow another: `system.md.j2`."""
    return path.lower().endswith(_SUFFIXES)


def read(file: PromptText) -> PromptFile:
    """The whole file is one message, which is rendered only where it has a tag."""
    static = jinja.static_text(file.text, file.options)
    if static is not None:
        return one_message(file, text=static)
    return one_message(file, engine=jinja.NAME)
