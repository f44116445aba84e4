"""Chat prompts in Python source: lists of messages, and the templates of prompt libraries."""

import ast
from collections.abc import Mapping

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.texts import relocated
from reviewbot.rendering.parsers.python_source.message_values import (
    CONSTRUCTORS,
    ROLES,
    Message,
    history_message,
    mapping_message,
    placeholder,
    role_of,
    said_message,
    unknown,
)
from reviewbot.rendering.parsers.python_source.scopes import Scope, dotted, resolved
from reviewbot.rendering.parsers.python_source.templates import (
    argument,
    named_language,
    template_message,
)
from reviewbot.rendering.parsers.python_source.values import hole, text_of

_TEMPLATES: Mapping[str, str] = {
    "PromptTemplate": "str-format",
    "RichPromptTemplate": "jinja",
    "PromptBuilder": "jinja",
    "jinja2.Template": "jinja",
    "string.Template": "string-template",
}


def messages_of(node: ast.expr, scope: Scope, modules: Mapping[str, str]) -> list[Message] | None:
    """The messages that an expression gives; None where it is evidently no prompt.

    `modules` says where imported names come from: `{"Template": "string.Template"}`.

    Raises:
        TemplateError: It is a prompt, and a part of it is known only when the program runs.
    """
    return _Reader(modules).messages(node, scope)


def pairs_of(node: ast.expr, scope: Scope, modules: Mapping[str, str]) -> list[Message] | None:
    """The messages of `[("system", "…"), ("human", "…")]`; None of other expressions.

    Raises:
        TemplateError: A part of them is known only when the program runs.
    """
    parts = _parts(node)
    if not parts or not all(_is_pair(part) for part in parts):
        return None
    return _Reader(modules).said_by(parts, scope)


def _is_pair(node: ast.expr) -> bool:
    match node:
        case ast.Tuple(elts=[ast.Constant(value=str() as role), _]):
            return role in ROLES
        case _:
            return False


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
                found, owner = resolved(node, scope)
                messages = None if found is node else self.messages(found, owner)
                return messages and standing(messages, node.lineno, owner, scope)
            case _:
                parts = _parts(node)
                if not any(self._is_message(item, scope) or _constructs(item) for item in parts):
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
            return [template_message("user", node, scope, language)]
        if last == "ChatPromptTemplate":
            return self._chat(node, scope, language)
        known = _TEMPLATES.get(made, _TEMPLATES.get(last) if last != "Template" else None)
        if method == "from_string":
            _refuse_settings(node)
            return [template_message(None, node, scope, "jinja")]
        if known is not None:
            if made == "jinja2.Template":
                _refuse_settings(node)
            return [
                template_message(None, node, scope, language if "format" in known else known, made)
            ]
        return [self._message(node, scope, None)] if self._is_message(node, scope) else None

    def _chat(self, node: ast.Call, scope: Scope, language: str) -> list[Message]:
        given = argument(node, "messages", "message_templates")
        if given is None:
            raise unknown(node)
        found, owner = resolved(given, scope)
        parts = _parts(found)
        if not parts:
            raise unknown(found)
        messages = self._list(parts, owner, named_language(node, language))
        return standing(messages, given.lineno, owner, scope)

    def said_by(self, parts: list[ast.expr], scope: Scope) -> list[Message]:
        """The messages of a list, whose texts are sent as they stand."""
        return self._list(parts, scope, "text")

    def _list(self, parts: list[ast.expr], scope: Scope, language: str | None) -> list[Message]:
        """The messages of a list; `language` is that of its templates, None where it has none."""
        found: list[Message] = []
        for part in parts:
            if not isinstance(part, ast.Starred):
                found.append(self._message(part, scope, language))
                continue
            inner, owner = resolved(part.value, scope)
            items = _parts(inner)
            if items and not isinstance(items[0], ast.Starred):
                inside = self._list(items, owner, language)
                found += standing(inside, part.lineno, owner, scope)
            else:
                found.append(history_message(hole(part.value, scope), part))
        return found

    def _is_message(self, node: ast.expr, scope: Scope) -> bool:
        node, _ = resolved(node, scope)
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
        is_said = last in ROLES and "Message" in last
        return is_said or last in {"ChatMessage", "MessagesPlaceholder"}

    def _message(self, node: ast.expr, scope: Scope, language: str | None) -> Message:
        node, scope = resolved(node, scope)
        plain = language or "text"
        match node:
            case ast.Tuple(elts=[ast.Constant(value=str() as role), content]) if language:
                if role == "placeholder":
                    return placeholder(node, content, is_optional=True)
                return said_message(ROLES.get(role), content, plain, scope, node)
            case ast.Dict(keys=keys, values=values):
                texts = [key.value for key in keys if isinstance(key, ast.Constant)]
                names = [text for text in texts if isinstance(text, str)]
                if len(names) < len(keys):
                    raise unknown(node)
                return mapping_message(dict(zip(names, values, strict=True)), plain, scope, node)
            case ast.Call():
                return self._message_call(node, scope, plain)
            case _ if language and text_of(node, scope) is not None:
                return said_message("user", node, plain, scope, node)
            case _:
                raise unknown(node)

    def _message_call(self, node: ast.Call, scope: Scope, language: str) -> Message:
        name = self._full_name(node.func)
        outer, _, last = name.rpartition(".")
        keywords = {item.arg: item.value for item in node.keywords if item.arg}
        if last == "dict" and len(keywords) == len(node.keywords) and not node.args:
            return mapping_message(keywords, language, scope, node)
        if last == "MessagesPlaceholder":
            given = argument(node, "variable_name")
            optional, most = keywords.get("optional"), keywords.get("n_messages")
            is_optional = isinstance(optional, ast.Constant) and optional.value is True
            return placeholder(node, given, is_optional=is_optional, most=most)
        if last == "from_template":
            role = ROLES.get(outer.rpartition(".")[2])
            if role is None:
                raise unknown(node)
            return template_message(role, node, scope, "str-format")
        if last == "ChatMessage":
            role = role_of(keywords["role"], scope) if "role" in keywords else "user"
            return said_message(role, argument(node, "content"), language, scope, node)
        if "prompt" in keywords and isinstance(keywords["prompt"], ast.Call):
            made = self._call(keywords["prompt"], scope)
            if made and last in ROLES:
                return {**made[0], "role": ROLES[last]}
        role = CONSTRUCTORS[last] if _constructs(node) else ROLES.get(last)
        if role is not None and last.lower().endswith("message"):
            return said_message(role, argument(node, "content"), "text", scope, node)
        raise unknown(node)

    def _full_name(self, node: ast.expr) -> str:
        name = dotted(node)
        if not name and isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call):
            name = f"{dotted(node.value.func)}.{node.attr}"
        first, dot, rest = name.partition(".")
        return f"{self._modules.get(first, first)}{dot}{rest}"


def _constructs(node: ast.expr) -> bool:
    """Whether a call makes a message of the one text that it is given."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[_], keywords=[]) if (
            not isinstance(node.args[0], ast.Starred)
        ):
            return name in CONSTRUCTORS
        case _:
            return False


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


_HARMLESS = {"source", "autoescape", "undefined", "loader", "extensions", "globals", "enable_async"}


def standing(messages: list[Message], line: int, there: Scope, here: Scope) -> list[Message]:
    """Messages of another file stand in the line that names them."""
    if there.module() is here.module():
        return messages
    return [
        {key: line if key == "line" else relocated(item, line) for key, item in message.items()}
        for message in messages
    ]


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
