"""Chat prompts in Python source: lists of messages, and the templates of prompt libraries.

Known are LangChain's and LlamaIndex's prompt classes, Jinja2's and `string`'s templates, and lists
of mappings with `role` and `content`. A message is `{"role", "text", "language", "line"}`; a place
for earlier messages has `history`, the variable's name, in place of the text.
"""

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from reviewbot.parsers._python_values import Scope, dotted, text_of

Message = dict[str, Any]

_ROLES: Mapping[str, str] = {
    **dict.fromkeys(("system", "SystemMessage", "SystemMessagePromptTemplate"), "system"),
    **dict.fromkeys(("human", "user", "HumanMessage", "HumanMessagePromptTemplate"), "user"),
    **dict.fromkeys(("ai", "assistant", "AIMessage", "AIMessagePromptTemplate"), "assistant"),
    **{role: role for role in ("developer", "tool", "function")},
}
_LANGUAGES: Mapping[str, str] = {
    "f-string": "str-format",
    "jinja2": "jinja",
    "mustache": "mustache",
}
_TEMPLATES: Mapping[str, str] = {
    "PromptTemplate": "str-format",
    "RichPromptTemplate": "jinja",
    "jinja2.Template": "jinja",
    "string.Template": "string-template",
}
_FROM_STRING = ("from_template", "from_string")


def messages_of(node: ast.expr, scope: Scope, modules: Mapping[str, str]) -> list[Message] | None:
    """The messages that an expression gives; None where it is evidently no prompt.

    `modules` says where imported names come from: `{"Template": "string.Template"}`.
    """
    match node:
        case ast.Call():
            return _call(node, scope, modules)
        case ast.List(elts=items) | ast.Tuple(elts=items):
            found = [_message(item, scope, modules, None) for item in items]
            return [item for item in found if item] if items and all(found) else None
        case _:
            return None


def _call(node: ast.Call, scope: Scope, modules: Mapping[str, str]) -> list[Message] | None:
    name = _full_name(node.func, modules)
    last = name.rpartition(".")[2]
    if last in _FROM_STRING:
        name = name.rpartition(".")[0]
        last = name.rpartition(".")[2]
        if last == "ChatPromptTemplate":
            return _template("user", node, scope, "str-format")
    if last == "ChatPromptTemplate" or name.endswith("ChatPromptTemplate.from_messages"):
        return _chat(node, scope, modules)
    language = next(
        (said for known, said in _TEMPLATES.items() if known in {name, last}),
        "jinja" if last in {"Environment", "SandboxedEnvironment", "env", "environment"} else None,
    )
    if language is not None:
        return _template(None, node, scope, language)
    message = _message(node, scope, modules, "text")
    return [message] if message else None


def _chat(node: ast.Call, scope: Scope, modules: Mapping[str, str]) -> list[Message] | None:
    given = _argument(node, "messages", "message_templates")
    if not isinstance(given, ast.List | ast.Tuple):
        return None
    language = _language(node, "str-format")
    found = [_message(item, scope, modules, language) for item in given.elts]
    return [item for item in found if item] if all(found) else None


def _template(
    role: str | None, node: ast.Call, scope: Scope, language: str
) -> list[Message] | None:
    given = _argument(node, "template", "template_str", "source")
    text = text_of(given, scope) if given is not None else None
    if given is None or text is None:
        return None
    return [_said(role, text, _language(node, language), given)]


def _message(
    node: ast.expr, scope: Scope, modules: Mapping[str, str], language: str | None
) -> Message | None:
    """One message of a list; `language` is that of tuples and bare texts in it, None if plain."""
    plain = language or "text"
    match node:
        case ast.Tuple(elts=[ast.Constant(value=str() as role), content]) if language:
            if role == "placeholder":
                return _history(content, node)
            return _of(_ROLES.get(role), content, plain, scope)
        case ast.Dict():
            return _mapping(dict(_entries(node)), scope)
        case ast.Call():
            return _message_call(node, scope, modules, plain)
        case _ if language:
            return _of("user", node, plain, scope)
        case _:
            return None


def _message_call(
    node: ast.Call, scope: Scope, modules: Mapping[str, str], language: str
) -> Message | None:
    name = _full_name(node.func, modules)
    last = name.rpartition(".")[2]
    keywords = {item.arg: item.value for item in node.keywords if item.arg}
    if last == "dict":
        return _mapping(keywords, scope)
    if last == "MessagesPlaceholder":
        given = _argument(node, "variable_name")
        return None if given is None else _history(given, node)
    if last == "ChatMessage":
        role = dotted(keywords.get("role", node)).rpartition(".")[2].lower()
        content = keywords.get("content")
        return None if content is None else _of(_ROLES.get(role, "user"), content, language, scope)
    if last == "from_template":
        content = _argument(node, "template")
        return _of(_ROLES.get(name.split(".")[-2]), content, _language(node, "str-format"), scope)
    if last in _ROLES and last.endswith("Message"):
        content = _argument(node, "content")
        return None if content is None else _of(_ROLES[last], content, "text", scope)
    return None


def _mapping(entries: Mapping[str, ast.expr], scope: Scope) -> Message | None:
    role, content = entries.get("role"), entries.get("content")
    if content is None or not isinstance(role, ast.Constant) or not isinstance(role.value, str):
        return None
    return _of(_ROLES.get(role.value), content, "text", scope)


def _of(role: str | None, content: ast.expr | None, language: str, scope: Scope) -> Message | None:
    text = text_of(content, scope) if content is not None else None
    if role is None or text is None or content is None:
        return None
    return _said(role, text, language, content)


def _said(role: str | None, text: Any, language: str, node: ast.expr) -> Message:
    return {"role": role, "text": text, "language": language, "line": node.lineno}


def _history(node: ast.expr, where: ast.expr) -> Message | None:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return None
    name = node.value.strip("{}")
    return {"role": "user", "history": name, "language": "text", "line": where.lineno}


def _language(node: ast.Call, default: str) -> str:
    for item in node.keywords:
        if item.arg == "template_format" and isinstance(item.value, ast.Constant):
            return _LANGUAGES.get(str(item.value.value), default)
    return default


def _argument(node: ast.Call, *names: str) -> ast.expr | None:
    """The argument of one of these names, else the first positional one."""
    named = next((item.value for item in node.keywords if item.arg in names), None)
    if named is not None or not node.args:
        return named
    return node.args[0]


def _entries(node: ast.Dict) -> Iterator[tuple[str, ast.expr]]:
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value, value


def _full_name(node: ast.expr, modules: Mapping[str, str]) -> str:
    name = dotted(node)
    if not name and isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call):
        name = f"{dotted(node.value.func)}.{node.attr}"
    first, dot, rest = name.partition(".")
    return f"{modules.get(first, first)}{dot}{rest}"
