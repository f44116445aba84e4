"""The language of a class `PromptTemplate`: several libraries call one so."""

import re

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.texts import Text, strings_in

_LIBRARIES = {
    "str-format": re.compile(r"@?(?:langchain|llama-?_?index)"),
    "mustache": re.compile(r"@?bee(?:ai|-agent)[-_]framework"),
}
"""How the names of modules begin."""

_TAG = re.compile(r"\{\{ ?[#^/&>]? ?[\w.]{1,100} ?\}\}")
_HIDING = re.compile(r"\{\{ ?[!=]")
"""What Mustache prints nothing of, and other languages print: a comment, other delimiters."""

_FIELD = re.compile(r"(?<!\{)\{\w{1,100}\}(?!\})")


def language_of(module: str, text: Text, *, has_schema: bool = False) -> str:
    """The language of a template, by the module that its class comes from, else by its text.

    `has_schema` says that the class is given a schema of its variables: then it is Bee's.

    Raises:
        TemplateError: The module does not tell, and a part of the text is sent in one of two only.
    """
    for language, begins in _LIBRARIES.items():
        if begins.match(module):
            return language
    if has_schema:
        return "mustache"
    said = "\n".join(strings_in(text))
    if not is_mustache(said):
        return "str-format"
    if _HIDING.search(said):
        what = "may be Mustache, which leaves comments out, or a format string, which prints them"
        raise TemplateError(what, "take the comments out, or import the class from its library")
    return "mustache"


def is_mustache(text: str) -> bool:
    """Whether a text has tags, `{{name}}` or `{{#name}}`, and no fields as `{name}`."""
    return _TAG.search(text) is not None and _FIELD.search(text) is None
