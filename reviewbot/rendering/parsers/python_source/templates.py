"""Calls that make the template of a library: which text, and in which language."""

import ast
from collections.abc import Mapping

from reviewbot.rendering.parsers._common.template_languages import language_of
from reviewbot.rendering.parsers.python_source.message_values import Message, said_message, unknown
from reviewbot.rendering.parsers.python_source.scopes import Scope, dotted

_LANGUAGES: Mapping[str, str] = {
    "f-string": "str-format",
    "jinja2": "jinja",
    "mustache": "mustache",
}


def template_message(
    role: str | None, node: ast.Call, scope: Scope, language: str, made: str = ""
) -> Message:
    """The message of a template; `made` is the class, where several libraries call one so."""
    given = argument(node, "template", "template_str", "source")
    if isinstance(given, ast.Call) and dotted(given.func).endswith("PromptTemplateInput"):
        given = argument(given, "template")
    found = said_message(role or "", given, named_language(node, language), scope, node)
    if made and found["language"] == "str-format" and not _names_format(node):
        found["language"] = language_of(made, found["text"])
    return found


def _names_format(node: ast.Call) -> bool:
    return any(item.arg == "template_format" for item in node.keywords)


def named_language(node: ast.Call, default: str) -> str:
    """The language that a call names; else the default.

    Raises:
        TemplateError: It is named by what only the running program knows, or is none of these.
    """
    for item in node.keywords:
        if item.arg == "template_format":
            said = item.value.value if isinstance(item.value, ast.Constant) else None
            if said not in _LANGUAGES:
                raise unknown(item.value)
            return _LANGUAGES[str(said)]
    return default


def argument(node: ast.Call, *names: str) -> ast.expr | None:
    """The argument of one of these names, else the first positional one."""
    named = next((item.value for item in node.keywords if item.arg in names), None)
    if named is not None or not node.args or isinstance(node.args[0], ast.Starred):
        return named
    return node.args[0]
