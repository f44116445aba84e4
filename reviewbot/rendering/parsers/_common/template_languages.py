"""The language of a class `PromptTemplate`: several libraries call one so."""

import re

from reviewbot.rendering.parsers._common.texts import Text, strings_in

_LIBRARIES = {
    "str-format": re.compile(r"@?(?:langchain|llama-?_?index)"),
    "mustache": re.compile(r"@?bee(?:ai|-agent)[-_]framework"),
}
"""How the names of modules begin."""

_TAG = re.compile(r"\{\{ ?[#^/&>]? ?[\w.]{1,100} ?\}\}")
_FIELD = re.compile(r"(?<!\{)\{\w{1,100}\}(?!\})")


def language_of(module: str, text: Text, *, has_schema: bool = False) -> str:
    """The language of a template, by the module that its class comes from, else by its text.

    `has_schema` says that the class is given a schema of its variables: then it is Bee's.
    """
    for language, begins in _LIBRARIES.items():
        if begins.match(module):
            return language
    if has_schema:
        return "mustache"
    return "mustache" if is_mustache("\n".join(strings_in(text))) else "str-format"


def is_mustache(text: str) -> bool:
    """Whether a text has tags, `{{name}}` or `{{#name}}`, and no fields as `{name}`."""
    return _TAG.search(text) is not None and _FIELD.search(text) is None
