"""What a message says, as its file has it: of source code the words, without the program."""

from collections.abc import Iterator

from reviewbot import prompt_formats
from reviewbot.prompt import MessageTemplate
from reviewbot.prompts.sources import LocatedMessage

_OF_SOURCE = frozenset({"python-text", "typescript-text"})


def beside(message: LocatedMessage) -> Iterator[str]:
    """The files that a message's template includes; a module that its source imports is none."""
    is_in_source = prompt_formats.of_source(message.path) is not None
    for path in message.files:
        is_module = is_in_source and prompt_formats.of_source(path) is not None
        if path != message.path and not is_module:
            yield path


def said(template: MessageTemplate) -> str:
    """The text of a message as it stands in the source; its reader is loaded where there is one."""
    if template.engine in _OF_SOURCE:
        import json

        from reviewbot.prompt_formats._common.shown_words import shown

        return shown(json.loads(template.text))
    return template.text
