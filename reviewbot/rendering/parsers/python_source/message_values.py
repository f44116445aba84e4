"""Single messages of chat prompts in Python source: their roles, their texts, earlier messages.

A message is `{"role", "text", "language", "line"}`, and `name` where it has one; a place for
earlier messages has `history` in place of the text: what stands for them, whether they may be
missing, and how many of them are sent.
"""

import ast
from collections.abc import Mapping
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers.python_source.scopes import Scope, dotted
from reviewbot.rendering.parsers.python_source.values import joined, text_of, value_of

Message = dict[str, Any]

ROLES: Mapping[str, str] = {
    **dict.fromkeys(("system", "SystemMessage", "SystemMessagePromptTemplate"), "system"),
    **dict.fromkeys(("human", "user", "HumanMessage", "HumanMessagePromptTemplate"), "user"),
    **dict.fromkeys(
        ("ai", "assistant", "model", "AIMessage", "AIMessagePromptTemplate"), "assistant"
    ),
    **{role: role for role in ("developer", "tool", "function")},
}
CONSTRUCTORS: Mapping[str, str] = {
    **dict.fromkeys(("system_message", "systemMessage"), "system"),
    **dict.fromkeys(("user_message", "userMessage", "human_message"), "user"),
    **dict.fromkeys(("assistant_message", "assistantMessage", "ai_message"), "assistant"),
    "developer_message": "developer",
    "UserMessage": "user",
    "AssistantMessage": "assistant",
    "DeveloperMessage": "developer",
}
"""What makes a message of the text that it is given, in a list of such: `self.user_message(…)`."""

_TEXTS = ("content", "parts")
_NO_MATTER = {"cache_control", "id", "type"}
_MEND = "write the text out here, or give it a name of its own"


def mapping_message(
    entries: Mapping[str, ast.expr], language: str, scope: Scope, node: ast.expr
) -> Message:
    """A message written as a mapping.

    Raises:
        TemplateError: It holds what is known only when the program runs, or cannot be counted.

    """
    others = entries.keys() - {"role", *_TEXTS, "name", *_NO_MATTER}
    if others:
        what = f"holds a message with {min(others)!r}, which cannot be counted"
        raise TemplateError(what, "keep it out of this list", line=node.lineno)
    role = role_of(entries.get("role"), scope)
    content = next((entries[key] for key in _TEXTS if key in entries), None)
    message = said_message(role, content, language, scope, node)
    name = entries.get("name")
    if isinstance(name, ast.Constant) and isinstance(name.value, str):
        message["name"] = name.value
    elif name is not None:
        raise unknown(name)
    return message


def said_message(
    role: str | None,
    content: ast.expr | None,
    language: str,
    scope: Scope,
    node: ast.expr,
) -> Message:
    """A message of one role; `node` is where it stands.

    Raises:
        TemplateError: Its role or its text is known only when the program runs.

    """
    if role is None or content is None:
        raise unknown(content if content and role is not None else node)
    if isinstance(content, ast.Constant) and not isinstance(content.value, str):
        raise unknown(content)
    if isinstance(content, ast.List | ast.Tuple):
        text: Any = joined([_part_text(item, scope) for item in content.elts])
    else:
        text = value_of(content, scope)
    return {"role": role or None, "text": text, "language": language, "line": content.lineno}


def _part_text(node: ast.expr, scope: Scope) -> Any:
    """The text of one part of a message's content."""
    if isinstance(node, ast.Dict):
        entries = {
            key.value: value
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant)
        }
        kind = entries.get("type")
        is_text = kind is None or (isinstance(kind, ast.Constant) and kind.value == "text")
        if is_text and "text" in entries:
            return value_of(entries["text"], scope)
    elif (text := text_of(node, scope)) is not None:
        return text
    what = "holds a part of a message that is no text"
    raise TemplateError(what, "keep images and files out of this prompt", line=node.lineno)


def placeholder(
    node: ast.expr, given: ast.expr | None, *, is_optional: bool, most: ast.expr | None = None
) -> Message:
    """A place for earlier messages, which a variable gives; `most` is how many are sent.

    Raises:
        TemplateError: The variable or the number is known only when the program runs.

    """
    if not isinstance(given, ast.Constant) or not isinstance(given.value, str):
        raise unknown(node)
    name = given.value.strip("{}")
    if most is not None and not (isinstance(most, ast.Constant) and isinstance(most.value, int)):
        raise unknown(most)
    said = {"name": name, "path": [name], "line": node.lineno}
    count = most.value if isinstance(most, ast.Constant) else None
    return history_message(["hole", said], node, is_optional=is_optional, most=count)


def history_message(
    earlier: Any, node: ast.expr, *, is_optional: bool = False, most: Any = None
) -> Message:
    """Earlier messages, for which `earlier` stands."""
    said = {"of": earlier, "is_optional": is_optional, "most": most}
    return {"role": "user", "history": said, "language": "text", "line": node.lineno}


def role_of(node: ast.expr | None, scope: Scope) -> str | None:
    """The role that an expression names: a text, or a member such as `MessageRole.USER`."""
    if node is None:
        return None
    text = text_of(node, scope)
    said = text if isinstance(text, str) else dotted(node).rpartition(".")[2].lower()
    return ROLES.get(said)


def unknown(node: ast.expr) -> TemplateError:
    """The error about an expression that only the running program can tell."""
    what = f"holds what is known only when the program runs, `{ast.unparse(node)[:60]}`"
    return TemplateError(what, _MEND, line=node.lineno)
