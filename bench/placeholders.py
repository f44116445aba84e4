"""The names of the variables that a template asks for, so that samples can be made up."""

import re
import string
from collections.abc import Callable, Mapping
from importlib import import_module

_TAG = re.compile(r"\{\{[{#^/&~]?\s*(?:#?(?:if|unless|each|with)\s+)?@?([A-Za-z_]\w*)")
_DOLLAR = re.compile(r"\{\{[^{}]*?\$(\w+)")


def _jinja(text: str) -> set[str]:
    jinja2 = import_module("jinja2")
    meta = import_module("jinja2.meta")
    try:
        return set(meta.find_undeclared_variables(jinja2.Environment().parse(text)))
    except jinja2.TemplateError:
        return set()


def _str_format(text: str) -> set[str]:
    try:
        fields = [field for _, field, _, _ in string.Formatter().parse(text) if field]
    except ValueError:
        return set()
    return {re.split(r"[.\[]", field)[0] for field in fields}


def _string_template(text: str) -> set[str]:
    return set(string.Template(text).get_identifiers())


def _tags(text: str) -> set[str]:
    return set(_TAG.findall(text))


def _dollar(text: str) -> set[str]:
    return set(_DOLLAR.findall(text))


_OF: Mapping[str, Callable[[str], set[str]]] = {
    "chat-messages": _jinja,
    "dotprompt": _tags,
    "github-models": _tags,
    "handlebars": _tags,
    "jinja": _jinja,
    "langchain": _str_format,
    "mustache": _tags,
    "prompty": _tags,
    "semantic-kernel": _dollar,
    "str-format": _str_format,
    "string-template": _string_template,
}


def names(language: str, text: str) -> list[str]:
    """The names in `text`, sorted; none where the language has no variables."""
    return sorted(_OF[language](text)) if language in _OF else []
