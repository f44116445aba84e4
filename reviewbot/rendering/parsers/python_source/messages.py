"""Chat prompts in Python source: lists of messages, and the templates of prompt libraries.

A message is `{"role", "text", "language", "line"}`, and `name` where it has one; a place for
earlier messages has `history` in place of the text: what stands for them, whether they may be
missing, and how many of them are sent.
"""

import ast
from collections.abc import Mapping
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers.python_source.scopes import Scope, dotted
from reviewbot.rendering.parsers.python_source.values import hole, joined, text_of, value_of

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
    "PromptBuilder": "jinja",
    "jinja2.Template": "jinja",
    "string.Template": "string-template",
}
_NO_MATTER = {"cache_control", "id", "type"}
_MEND = "write the text out here, or give it a name of its own"


def messages_of(node: ast.expr, scope: Scope, modules: Mapping[str, str]) -> list[Message] | None:
    """The messages that an expression gives; None where it is evidently no prompt.

    `modules` says where imported names come from: `{"Template": "string.Template"}`.

    Raises:
        TemplateError: It is a prompt, and a part of it is known only when the program runs.
    """
    return _Reader(modules).messages(node, scope)


class _Reader:
    def __init__(self, modules: Mapping[str, str]) -> None:
        self._modules = modules

    def messages(self, node: ast.expr, scope: Scope) -> list[Message] | None:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Call() as inner, attr="partial")):
                return self._call(inner, scope)
            case ast.Call():
                return self._call(node, scope)
            case ast.Name():
                found, owner = _resolved(node, scope)
                return None if found is node else self.messages(found, owner)
            case _:
                parts = _parts(node)
                if not any(self._is_message(item, scope) for item in parts):
                    return None
                return self._list(parts, scope, None)

    def _call(self, node: ast.Call, scope: Scope) -> list[Message] | None:
        name = self._full_name(node.func)
        outer, _, last = name.rpartition(".")
        if last in {"from_template", "from_string", "from_messages"}:
            made, method = outer, last
        else:
            made, method = name, ""
        last = made.rpartition(".")[2]
        is_llama = made.startswith("llama_index")
        language = "llama-index" if is_llama else "str-format"
        if last == "ChatPromptTemplate" and method == "from_template":
            return [self._template("user", node, scope, language)]
        if last == "ChatPromptTemplate":
            return self._chat(node, scope, language)
        known = _TEMPLATES.get(made, _TEMPLATES.get(last) if last != "Template" else None)
        if method == "from_string":
            self._refuse_settings(node)
            return [self._template(None, node, scope, "jinja")]
        if known is not None:
            if made == "jinja2.Template":
                self._refuse_settings(node)
            return [self._template(None, node, scope, language if "format" in known else known)]
        return [self._message(node, scope, None)] if self._is_message(node, scope) else None

    def _chat(self, node: ast.Call, scope: Scope, language: str) -> list[Message]:
        given = _argument(node, "messages", "message_templates")
        if given is None:
            raise _unknown(node)
        found, owner = _resolved(given, scope)
        parts = _parts(found)
        if not parts:
            raise _unknown(found)
        return self._list(parts, owner, _language(node, language))

    def _list(self, parts: list[ast.expr], scope: Scope, language: str | None) -> list[Message]:
        """The messages of a list; `language` is that of its templates, None where it has none."""
        found: list[Message] = []
        for part in parts:
            if not isinstance(part, ast.Starred):
                found.append(self._message(part, scope, language))
                continue
            inner, owner = _resolved(part.value, scope)
            items = _parts(inner)
            if items and not isinstance(items[0], ast.Starred):
                found += self._list(items, owner, language)
            else:
                found.append(_history(hole(part.value, scope), part))
        return found

    def _is_message(self, node: ast.expr, scope: Scope) -> bool:
        node, _ = _resolved(node, scope)
        if isinstance(node, ast.Dict):
            keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
            return "role" in keys
        if not isinstance(node, ast.Call):
            return False
        name = self._full_name(node.func)
        last = name.rpartition(".")[2]
        if last == "from_template":
            last = name.rpartition(".")[0].rpartition(".")[2]
        if last == "dict":
            return any(item.arg == "role" for item in node.keywords)
        is_said = last in _ROLES and "Message" in last
        return is_said or last in {"ChatMessage", "MessagesPlaceholder"}

    def _message(self, node: ast.expr, scope: Scope, language: str | None) -> Message:
        node, scope = _resolved(node, scope)
        plain = language or "text"
        match node:
            case ast.Tuple(elts=[ast.Constant(value=str() as role), content]) if language:
                if role == "placeholder":
                    return _placeholder(node, content, is_optional=True)
                return self._said(_ROLES.get(role), content, plain, scope, node)
            case ast.Dict(keys=keys, values=values):
                texts = [key.value for key in keys if isinstance(key, ast.Constant)]
                names = [text for text in texts if isinstance(text, str)]
                if len(names) < len(keys):
                    raise _unknown(node)
                return self._mapping(dict(zip(names, values, strict=True)), plain, scope, node)
            case ast.Call():
                return self._message_call(node, scope, plain)
            case _ if language and text_of(node, scope) is not None:
                return self._said("user", node, plain, scope, node)
            case _:
                raise _unknown(node)

    def _message_call(self, node: ast.Call, scope: Scope, language: str) -> Message:
        name = self._full_name(node.func)
        outer, _, last = name.rpartition(".")
        keywords = {item.arg: item.value for item in node.keywords if item.arg}
        if last == "dict" and len(keywords) == len(node.keywords) and not node.args:
            return self._mapping(keywords, language, scope, node)
        if last == "MessagesPlaceholder":
            given = _argument(node, "variable_name")
            optional, most = keywords.get("optional"), keywords.get("n_messages")
            is_optional = isinstance(optional, ast.Constant) and optional.value is True
            return _placeholder(node, given, is_optional=is_optional, most=most)
        if last == "from_template":
            role = _ROLES.get(outer.rpartition(".")[2])
            if role is None:
                raise _unknown(node)
            return self._template(role, node, scope, "str-format")
        if last == "ChatMessage":
            role = _role(keywords["role"], scope) if "role" in keywords else "user"
            return self._said(role, _argument(node, "content"), language, scope, node)
        if "prompt" in keywords and isinstance(keywords["prompt"], ast.Call):
            made = self._call(keywords["prompt"], scope)
            if made and last in _ROLES:
                return {**made[0], "role": _ROLES[last]}
        if last in _ROLES and last.endswith("Message"):
            content = _argument(node, "content")
            return self._said(_ROLES[last], content, "text", scope, node)
        raise _unknown(node)

    def _mapping(
        self, entries: Mapping[str, ast.expr], language: str, scope: Scope, node: ast.expr
    ) -> Message:
        unknown = entries.keys() - {"role", "content", "name", *_NO_MATTER}
        if unknown:
            what = f"holds a message with {min(unknown)!r}, which cannot be counted"
            raise TemplateError(what, "keep it out of this list", line=node.lineno)
        role = _role(entries.get("role"), scope)
        message = self._said(role, entries.get("content"), language, scope, node)
        name = entries.get("name")
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            message["name"] = name.value
        elif name is not None:
            raise _unknown(name)
        return message

    def _template(self, role: str | None, node: ast.Call, scope: Scope, language: str) -> Message:
        given = _argument(node, "template", "template_str", "source")
        return self._said(role or "", given, _language(node, language), scope, node)

    def _said(
        self,
        role: str | None,
        content: ast.expr | None,
        language: str,
        scope: Scope,
        node: ast.expr,
    ) -> Message:
        if role is None or content is None:
            raise _unknown(content if content and role is not None else node)
        if isinstance(content, ast.Constant) and not isinstance(content.value, str):
            raise _unknown(content)
        if isinstance(content, ast.List | ast.Tuple):
            text: Any = joined([self._part(item, scope) for item in content.elts])
        else:
            text = value_of(content, scope)
        return {"role": role or None, "text": text, "language": language, "line": content.lineno}

    @staticmethod
    def _part(node: ast.expr, scope: Scope) -> Any:
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

    @staticmethod
    def _refuse_settings(node: ast.Call) -> None:
        calls = [node]
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Call):
            calls.append(node.func.value)
        given = {item.arg for call in calls for item in call.keywords}
        changing = sorted(str(item) for item in given - _HARMLESS)
        if changing:
            what = f"is a template of Jinja2 with settings of its own, {', '.join(changing)}"
            mend = "give the text a name, and read that with `format: jinja` and `templates`"
            raise TemplateError(what, mend, line=node.lineno)

    def _full_name(self, node: ast.expr) -> str:
        name = dotted(node)
        if not name and isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call):
            name = f"{dotted(node.value.func)}.{node.attr}"
        first, dot, rest = name.partition(".")
        return f"{self._modules.get(first, first)}{dot}{rest}"


_HARMLESS = {"source", "autoescape", "undefined", "loader", "extensions", "globals", "enable_async"}


def _resolved(node: ast.expr, scope: Scope) -> tuple[ast.expr, Scope]:
    """The list or call that a name stands for, and where its own names are looked up."""
    for _ in range(_LONGEST_CHAIN):
        owner = scope.owner(node.id) if isinstance(node, ast.Name) else None
        found = owner.nodes.get(node.id) if owner and isinstance(node, ast.Name) else None
        if found is None or owner is None:
            break
        node, scope = found, owner
    return node, scope


_LONGEST_CHAIN = 20


def _parts(node: ast.expr) -> list[ast.expr]:
    """The items of a list; lists that are added to it count as if they stood in it."""
    match node:
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return items
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            found: list[ast.expr] = []
            for side in (left, right):
                inner = _parts(side)
                found += inner or [ast.copy_location(ast.Starred(value=side), side)]
            return found if any(not isinstance(item, ast.Starred) for item in found) else []
        case _:
            return []


def _placeholder(
    node: ast.expr, given: ast.expr | None, *, is_optional: bool, most: ast.expr | None = None
) -> Message:
    if not isinstance(given, ast.Constant) or not isinstance(given.value, str):
        raise _unknown(node)
    name = given.value.strip("{}")
    if most is not None and not (isinstance(most, ast.Constant) and isinstance(most.value, int)):
        raise _unknown(most)
    said = {"name": name, "path": [name], "line": node.lineno}
    count = most.value if isinstance(most, ast.Constant) else None
    return _history(["hole", said], node, is_optional=is_optional, most=count)


def _history(
    earlier: Any, node: ast.expr, *, is_optional: bool = False, most: Any = None
) -> Message:
    said = {"of": earlier, "is_optional": is_optional, "most": most}
    return {"role": "user", "history": said, "language": "text", "line": node.lineno}


def _role(node: ast.expr | None, scope: Scope) -> str | None:
    """The role that an expression names: a text, or a member such as `MessageRole.USER`."""
    if node is None:
        return None
    text = text_of(node, scope)
    said = text if isinstance(text, str) else dotted(node).rpartition(".")[2].lower()
    return _ROLES.get(said)


def _language(node: ast.Call, default: str) -> str:
    for item in node.keywords:
        if item.arg == "template_format":
            said = item.value.value if isinstance(item.value, ast.Constant) else None
            if said not in _LANGUAGES:
                raise _unknown(item.value)
            return _LANGUAGES[str(said)]
    return default


def _argument(node: ast.Call, *names: str) -> ast.expr | None:
    """The argument of one of these names, else the first positional one."""
    named = next((item.value for item in node.keywords if item.arg in names), None)
    if named is not None or not node.args or isinstance(node.args[0], ast.Starred):
        return named
    return node.args[0]


def _unknown(node: ast.expr) -> TemplateError:
    what = f"holds what is known only when the program runs, `{ast.unparse(node)[:60]}`"
    return TemplateError(what, _MEND, line=node.lineno)
