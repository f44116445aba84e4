"""The calls that make LangChain's templates and messages: what each names, and what it is given."""

from typing import Any

from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common import template_languages
from reviewbot.rendering.parsers._common.texts import Text
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.objects import entries
from reviewbot.rendering.parsers.typescript_source.packages import origin_of
from reviewbot.rendering.parsers.typescript_source.syntax import Source, line_of, named, unwrapped

_LANGUAGES = {"f-string": "str-format", "mustache": "mustache"}
_MEND = "write the text out here, or give it a name of its own"


def called(node: Node, source: Source, scope: Scope) -> tuple[str, str]:
    """The class and the method of a call; the class as it is called where it comes from."""
    name, method = _called(node, source)
    is_class = method or node.type == "new_expression"
    return (origin_of(_class(node), scope, source)[1] if is_class else "") or name, method


def _called(node: Node, source: Source) -> tuple[str, str]:
    function = node.child_by_field_name("function")
    if function is None:
        function = node.child_by_field_name("constructor")
        text = source.text(function) if function is not None else ""
        return text.rpartition(".")[2], ""
    outer, _, last = source.text(function).rpartition(".")
    if last in {"fromTemplate", "fromMessages", "fromPromptMessages"}:
        return outer.rpartition(".")[2], last
    return last, ""


def language_of(node: Node, source: Source, scope: Scope, text: Text = "") -> str:
    """The language of a template, as `templateFormat` names it, or its library uses it."""
    has_schema = False
    given = node.child_by_field_name("arguments")
    for item in named(given) if given is not None else ():
        keys = entries(unwrapped(item), source) or {}
        if item.type == "object" and "templateFormat" in keys:
            said = source.text(keys["templateFormat"])[1:-1]
            if said not in _LANGUAGES:
                raise unknown(keys["templateFormat"], source)
            return _LANGUAGES[said]
        has_schema = has_schema or "schema" in keys
    module, _ = origin_of(_class(node), scope, source)
    return template_languages.language_of(module, text, has_schema=has_schema)


def _class(node: Node) -> Node:
    """The class that a call makes a template of: what is constructed, or has the method."""
    function = node.child_by_field_name("function")
    made = node.child_by_field_name("constructor") if function is None else function
    inner = made.child_by_field_name("object") if made is not None and function else None
    return inner or made or node


def placeholder(node: Node, source: Source) -> Any:
    """The hole for earlier messages, by the name that a placeholder is given."""
    keys = entries(node, source) if node.type == "object" else None
    named_by = keys.get("variableName") if keys else node
    if named_by is None or named_by.type != "string":
        raise unknown(node, source)
    name = source.string(named_by).strip("{}")
    return ["hole", {"name": name, "path": [name], "line": line_of(node)}]


def template_of(node: Node, source: Source) -> Node:
    """The text of a template: the first argument, or what stands under `template` in it."""
    given = first_argument(node, source)
    keys = entries(given, source) if given.type == "object" else None
    content = keys.get("template") if keys else given
    if content is None:
        raise unknown(node, source)
    return content


def first_argument(node: Node, source: Source) -> Node:
    """What a call is given first.

    Raises:
        TemplateError: That is nothing, or spread.
    """
    given = node.child_by_field_name("arguments")
    items = named(given) if given is not None else []
    if not items or items[0].type == "spread_element":
        raise unknown(node, source)
    return unwrapped(items[0])


def unknown(node: Node, source: Source) -> TemplateError:
    """The error of an expression that only the running program knows."""
    what = f"holds what is known only when the program runs, `{source.shown(node)}`"
    return TemplateError(what, _MEND, line=line_of(node))
