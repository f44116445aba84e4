"""The calls that make LangChain's templates and messages: what each names, and what it is given."""

from typing import Any

from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers.typescript_source.objects import entries
from reviewbot.rendering.parsers.typescript_source.syntax import Source, line_of, named, unwrapped

_LANGUAGES = {"f-string": "str-format", "mustache": "mustache"}
_MEND = "write the text out here, or give it a name of its own"


def called(node: Node, source: Source) -> tuple[str, str]:
    """The class and the method of a call."""
    function = node.child_by_field_name("function")
    if function is None:
        function = node.child_by_field_name("constructor")
        text = source.text(function) if function is not None else ""
        return text.rpartition(".")[2], ""
    outer, _, last = source.text(function).rpartition(".")
    if last in {"fromTemplate", "fromMessages", "fromPromptMessages"}:
        return outer.rpartition(".")[2], last
    return last, ""


def language_of(node: Node, source: Source) -> str:
    """The language of a template, as `templateFormat` names it; without that, `str-format`."""
    given = node.child_by_field_name("arguments")
    for item in named(given) if given is not None else ():
        keys = entries(unwrapped(item), source) or {}
        if item.type == "object" and "templateFormat" in keys:
            said = source.text(keys["templateFormat"])[1:-1]
            if said not in _LANGUAGES:
                raise unknown(keys["templateFormat"], source)
            return _LANGUAGES[said]
    return "str-format"


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
