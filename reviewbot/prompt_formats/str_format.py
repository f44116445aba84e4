"""Files that are format strings of Python's `str.format`."""

import re

from reviewbot.prompt import Discovered, PromptFile, PromptText, TemplateError
from reviewbot.prompt_formats._common.whole_file import one_message
from reviewbot.rendering.engines import str_format

NAME = "str-format"
TITLE = "format strings, as Python's str.format fills them"
RECOGNIZED: tuple[str, ...] = ()
AMBIGUOUS = True
SEARCHED = ("*.txt", "*.md")

_FOLDER = re.compile(r"(?:.*[/_-])?(?:system_?)?(?:prompts?|templates?)/[^/]*", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


def read(file: PromptText) -> PromptFile:
    """The whole file is one message."""
    has_field = "{" in file.text or "}" in file.text
    return one_message(file, engine=str_format.NAME if has_field else None)


def discover(file: PromptText) -> tuple[Discovered, ...]:
    """The file, where it stands in a folder of prompts and has fields with plain names only."""
    if _FOLDER.fullmatch(file.path) is None or not has_plain_fields(file.text):
        return ()
    return (Discovered(selector=None, format=NAME),)


def has_plain_fields(text: str) -> bool:
    """Whether a text is a format string with fields, `{name}`, and all of them have plain names.

    Texts with examples of JSON or code are none, nor are those of languages with doubled braces.
    """
    if "{" not in text:
        return False
    try:
        fields = [piece for piece in str_format.parsed(text) if isinstance(piece, str_format.Field)]
    except TemplateError:
        return False
    return bool(fields) and all(
        _PLAIN.fullmatch(field.name) and not field.specification for field in fields
    )
