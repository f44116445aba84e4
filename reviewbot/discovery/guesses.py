"""What names and texts let one guess of a prompt: its language, its role, what it is for."""

import re
import string

from msgspec import Struct

_ROLES = {
    "system": "system",
    "sys": "system",
    "developer": "developer",
    "user": "user",
    "human": "user",
    "assistant": "assistant",
}
_NO_PURPOSE = {
    *("prompt", "prompts", "template", "templates", "message", "msg", "text", "tpl"),
    *("skprompt", "skill", "chat", "messages", "md", "txt", "html", "xml", "json", "yaml"),
}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_TEMPLATE_TAG = re.compile(r"\{%-?\s*(?:if|for|set|include|macro|raw|extends|from|import|block)\b")
_SECTION_TAG = re.compile(r"\{\{[#^/>&{]")
_TAG = re.compile(r"\{\{-?\s*\w")
_DOLLAR = re.compile(r"\$\{[a-z_]\w*\}")
_FIELD = re.compile(r"[A-Za-z_]\w*(?:\.\w+|\[\w+\])*\Z")

LIKELY_KEY = re.compile(r"(?i)prompt|template|instruction|system_?message|persona")
"""Names of keys under which prompts stand."""


NO_PROMPT = re.compile(
    r"(?i)(?:^|[_.-])(?:log|error|err|warn|warning|exception|status|debug|info|commit|help|usage)"
    r"_?(?:messages?|msg|template|text)$"
)
"""Names, of all that speak of messages, of those to people."""


class Words(Struct, frozen=True, kw_only=True):
    """What a file's or a key's name says: the role of a message, and the words that are left."""

    role: str | None
    purpose: tuple[str, ...]


def words(name: str) -> Words:
    """The role that a name such as `triage_system_prompt` or `PLANNER_USER` shows."""
    found = [word.lower() for word in _WORD.findall(name)]
    roles = [word for word in found if word in _ROLES]
    role = _ROLES[roles[0]] if len(roles) == 1 else None
    dropped = _NO_PURPOSE | ({roles[0]} if role else set())
    return Words(role=role, purpose=tuple(word for word in found if word not in dropped))


def language(text: str) -> str:
    """The format that a text's placeholders are of; `text` where it has none that are plain."""
    if _TEMPLATE_TAG.search(text):
        return "jinja"
    if _SECTION_TAG.search(text):
        return "mustache"
    if _DOLLAR.search(text):
        return "string-template"
    if _is_format_string(text):
        return "str-format"
    return "jinja" if _TAG.search(text) else "text"


def _is_format_string(text: str) -> bool:
    """Whether `str.format` takes the text, and finds nothing but names in its braces."""
    try:
        fields = [field for _, field, _, _ in string.Formatter().parse(text) if field is not None]
    except ValueError:
        return False
    return bool(fields) and all(_FIELD.match(field) for field in fields)
