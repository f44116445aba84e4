"""Chat prompts in TypeScript: lists of messages, and the templates of LangChain.

A message is `{"role", "text", "language", "line"}`, and `name` where it has one; a place for
earlier messages is a message of the user whose text the sample gives.
"""

import re
from collections.abc import Mapping
from typing import Any

from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.texts import relocated
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.langchain_calls import (
    called,
    first_argument,
    language_of,
    placeholder,
    template_of,
    unknown,
)
from reviewbot.rendering.parsers.typescript_source.lists import changed_at, pushed_to
from reviewbot.rendering.parsers.typescript_source.objects import entries
from reviewbot.rendering.parsers.typescript_source.operations import joined
from reviewbot.rendering.parsers.typescript_source.syntax import (
    Source,
    line_of,
    named,
    unwrapped,
)
from reviewbot.rendering.parsers.typescript_source.values import Reader

Message = dict[str, Any]

_ROLES: Mapping[str, str] = {
    **dict.fromkeys(("system", "SystemMessage", "SystemMessagePromptTemplate"), "system"),
    **dict.fromkeys(("human", "user", "HumanMessage", "HumanMessagePromptTemplate"), "user"),
    **dict.fromkeys(("ai", "assistant", "model"), "assistant"),
    **dict.fromkeys(("AIMessage", "AIMessagePromptTemplate"), "assistant"),
    **{role: role for role in ("developer", "tool")},
}
_CONSTRUCTORS: Mapping[str, str] = {
    "systemMessage": "system",
    "developerMessage": "developer",
    "userMessage": "user",
    "humanMessage": "user",
    "assistantMessage": "assistant",
    "aiMessage": "assistant",
}
_OF_MESSAGES = re.compile(r"(?:Msg|Message)s?\Z")
_CALLS = {"call_expression", "new_expression"}
_TEMPLATES = {"PromptTemplate", "ChatPromptTemplate"}
_TEXTS = ("content", "parts", "text")
_NO_MATTER = {"id", "type", "createdAt", "cache_control", "cacheControl", "providerOptions"}
"""Keys of messages of which the model sees nothing."""


class Messages:
    """Reads the messages of one file."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._source = reader.source

    def of(self, node: Node, scope: Scope) -> list[Message] | None:
        """The messages that an expression gives; None where it is evidently no prompt.

        Raises:
            TemplateError: It is a prompt, and a part of it is known only when the program runs.
        """
        if (added := self._added_to(node, scope)) is not None:
            return self.listed(*added, None)
        node, scope = self._reader.lookup.resolved(node, scope)
        if (told := self._reader.imported(node, scope)) is not None:
            return _standing(Messages(told[0]).of(*told[1:]), line_of(node))
        if node.type in _CALLS:
            return self._call(node, scope)
        items = named(node) if node.type == "array" else [node]
        is_list = node.type == "array" and any(_constructed(i, self._source) for i in items)
        if not is_list and not any(_is_message(item, scope, self._reader) for item in items):
            return None
        return self.listed(items, scope, None)

    def list_of(self, node: Node, scope: Scope) -> list[Message]:
        """What stands under `messages` in a call: messages, or a place for them."""
        found = self.of(node, scope)
        return [_history(self._reader.hole(node, scope), node)] if found is None else found

    def _call(self, node: Node, scope: Scope) -> list[Message] | None:
        name, method = called(node, self._source, scope)
        if name == "ChatPromptTemplate" and method in {"fromMessages", "fromPromptMessages"}:
            given = first_argument(node, self._source)
            if (added := self._added_to(given, scope)) is not None:
                return self.listed(*added, language_of(node, self._source, scope))
            found, where = self._reader.lookup.resolved(given, scope)
            if found.type != "array":
                raise unknown(found, self._source)
            return self.listed(named(found), where, language_of(node, self._source, scope))
        if name in _TEMPLATES:
            role = "user" if name == "ChatPromptTemplate" else None
            return [self._template(role, node, scope)]
        return (
            [self._message(node, scope, None)] if _is_message(node, scope, self._reader) else None
        )

    def listed(self, items: list[Node], scope: Scope, language: str | None) -> list[Message]:
        """The messages of a list; `language` is that of its templates, None where it has none."""
        found: list[Message] = []
        for item in items:
            if item.type != "spread_element":
                found.append(self._message(item, scope, language))
                continue
            if (added := self._added_to(named(item)[0], scope)) is not None:
                found += self.listed(*added, language)
                continue
            inner, where = self._reader.lookup.resolved(named(item)[0], scope)
            told = self._reader.imported(inner, where)
            if inner.type == "array":
                found += self.listed(named(inner), where, language)
            elif told is not None and told[1].type == "array":
                reader, there, scope_there = told
                inside = Messages(reader).listed(named(there), scope_there, language)
                found += _standing(inside, line_of(item)) or []
            else:
                found.append(_history(self._reader.hole(named(item)[0], scope), item))
        return found

    def _added_to(self, node: Node, scope: Scope) -> tuple[list[Node], Scope] | None:
        """The items of a list of messages, with those that are pushed before a place.

        Raises:
            TemplateError: It is changed in a condition, or in another way.
        """
        found = pushed_to(node, scope, self._source)
        items = found.items if found is not None else []
        if found is None or not any(
            _is_message(i, found.scope, self._reader) or _constructed(i, self._source)
            for i in items
        ):
            return None
        if found.unclear is not None:
            raise changed_at(found.unclear)
        return items, found.scope

    def _message(self, node: Node, scope: Scope, language: str | None) -> Message:
        outer = node
        node, scope = self._reader.lookup.resolved(node, scope)
        if node.type == "object":
            return self._mapping(node, scope, language or "text")
        if node.type == "array" and language is not None:
            return self._pair(node, scope, language)
        if _is_message(node, scope, self._reader):
            return self._made(node, scope)
        if (role := _constructed(node, self._source)) is not None:
            return self.said(role, first_argument(node, self._source), "text", scope)
        if language is not None and self._reader.text(node, scope) is not None:
            return self.said("user", node, language, scope)
        raise unknown(outer, self._source)

    def _pair(self, node: Node, scope: Scope, language: str) -> Message:
        """`["system", "text"]`, a role and what it says."""
        items = named(node)
        if len(items) != 2:  # noqa: PLR2004 - a role and a text
            raise unknown(node, self._source)
        if self._source.text(items[0])[1:-1] == "placeholder":
            return _history(placeholder(items[1], self._source), node)
        role = _role_of(items[0], scope, self._reader)
        if role is None:
            raise unknown(node, self._source)
        return self.said(role, items[1], language, scope)

    def _made(self, node: Node, scope: Scope) -> Message:
        """`new SystemMessage("text")` and its like."""
        name, method = called(node, self._source, scope)
        given = first_argument(node, self._source)
        if name == "MessagesPlaceholder":
            return _history(placeholder(given, self._source), node)
        if method == "fromTemplate":
            return self._template(_ROLES[name], node, scope)
        content = (entries(given, self._source) or {}).get("content", given)
        return self.said(_ROLES[name], content, "text", scope)

    def _mapping(self, node: Node, scope: Scope, language: str) -> Message:
        keys = entries(node, self._source) or {}
        others = keys.keys() - {"role", *_TEXTS, *_NO_MATTER}
        if others:
            what = f"holds a message with {min(others)!r}, which cannot be counted"
            raise TemplateError(what, "keep it out of this list", line=line_of(node))
        role = _role_of(keys["role"], scope, self._reader) if "role" in keys else None
        content = next((keys[key] for key in _TEXTS if key in keys), None)
        if role is None or content is None:
            raise unknown(node, self._source)
        return self.said(role, content, language, scope)

    def said(self, role: str | None, content: Node, language: str, scope: Scope) -> Message:
        """A message of a role, whose text may stand in several parts."""
        inner, where = self._reader.lookup.resolved(content, scope)
        if inner.type == "array":
            parts = [_part(item, where, self._reader) for item in named(inner)]
            text = joined(parts)
        else:
            text = self._reader.value_or_hole(content, scope)
        return {"role": role, "text": text, "language": language, "line": line_of(content)}

    def _template(self, role: str | None, node: Node, scope: Scope) -> Message:
        said = self.said(role, template_of(node, self._source), "text", scope)
        return said | {"language": language_of(node, self._source, scope, said["text"])}


def _is_message(node: Node, scope: Scope, reader: Reader) -> bool:
    node, scope = reader.lookup.resolved(node, scope)
    if node.type == "object":
        keys = entries(node, reader.source) or {}
        has_text = any(key in keys for key in _TEXTS)
        is_said = has_text and "role" in keys
        return is_said and _role_of(keys["role"], scope, reader) is not None
    if node.type not in _CALLS:
        return False
    name, _ = called(node, reader.source, scope)
    return (name in _ROLES and "Message" in name) or name == "MessagesPlaceholder"


def _constructed(node: Node, source: Source) -> str | None:
    """The role of a message that a call makes of one text, as `Msg.system("…")` in a list."""
    node = unwrapped(node)
    function = node.child_by_field_name("function")
    given = node.child_by_field_name("arguments")
    if function is None or given is None or len(named(given)) != 1:
        return None
    outer, _, last = source.text(function).rpartition(".")
    is_of_messages = _OF_MESSAGES.search(outer) is not None
    return _ROLES.get(last) if is_of_messages else _CONSTRUCTORS.get(last)


def _role_of(node: Node, scope: Scope, reader: Reader) -> str | None:
    """The role that an expression names: a text, or a member such as `Role.USER`."""
    text = reader.text(node, scope)
    if isinstance(text, str):
        return _ROLES.get(text)
    steps = reader.source.steps(node)
    return _ROLES.get(steps[-1].lower()) if len(steps) > 1 else None


def _part(node: Node, scope: Scope, reader: Reader) -> Any:
    """The text of one part of a message's content."""
    node, scope = reader.lookup.resolved(node, scope)
    keys = entries(node, reader.source) if node.type == "object" else None
    if keys and "text" in keys:
        return reader.value_or_hole(keys["text"], scope)
    text = reader.text(node, scope)
    if text is not None:
        return text
    raise _no_text(node)


def _no_text(node: Node) -> TemplateError:
    what = "holds a part of a message that is no text"
    return TemplateError(what, "keep images and files out of this prompt", line=line_of(node))


def _standing(messages: list[Message] | None, line: int) -> list[Message] | None:
    """Messages of another file stand in the line that names them."""
    return messages and [
        {key: line if key == "line" else relocated(item, line) for key, item in message.items()}
        for message in messages
    ]


def _history(earlier: Any, node: Node) -> Message:
    said = {"of": earlier, "is_optional": False, "most": None}
    return {"role": "user", "history": said, "language": "text", "line": line_of(node)}
