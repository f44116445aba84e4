"""What names and texts let one guess of a prompt: its language, its role, what it is for."""

import re
import string

from msgspec import Struct

from reviewbot.discovery.findings import Found
from reviewbot.prompt_formats._common.positions import steps_of

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
    *("skprompt", "skill", "chat", "messages"),
}
_ENDINGS = {
    *("md", "mdc", "mdx", "markdown", "txt", "html", "xml", "json", "jsonl", "yaml", "yml", "toml"),
    *("j2", "jinja", "jinja2", "mustache", "hbs", "handlebars", "tpl", "tmpl", "prompt", "prompty"),
    *("py", "ipynb", "ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"),
}
"""Endings of file names; `prompts.md.j2` has two, and is about neither."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+(?:[0-9]+[a-z]+)*|[0-9]+")

CARRIERS = {
    *("return", "messages", "message", "response", "result", "self", "super", "completion", "res"),
    *("resp", "reply", "payload", "kwargs", "params", "body", "request"),
}
"""Steps of a selector that say only how a text is handed on."""

_TEMPLATE_TAG = re.compile(r"\{%-?\s*(?:if|for|set|include|macro|raw|extends|from|import|block)\b")
_SECTION_TAG = re.compile(r"\{\{[#^/>&{]")
_TAG = re.compile(r"\{\{-?\s*\w")
_DOLLAR = re.compile(r"\$\{[a-z_]\w*\}")
_FIELD = re.compile(r"[A-Za-z_]\w*(?:\.\w+|\[\w+\])*\Z")

_NO_TEXT = re.compile(
    r"(?i)(?:tokens?|session|name|names|count|role|range|profile|id|family|cache|key|path|file|dir"
    r"|type|size|length|index|model|config|enabled|version|hash|engine|renderer|manager|args)$"
)
_SETTING = re.compile(r"(?i)(?:^|_)(?:use|is|has|num|max|n)_")


class Words(Struct, frozen=True, kw_only=True):
    """What a file's or a key's name says: the role of a message, and the words that are left.

    `all` are the words with those that name no purpose.
    """

    role: str | None
    purpose: tuple[str, ...]
    all: tuple[str, ...]


def words(name: str) -> Words:
    """The role that a name such as `triage_system_prompt` or `PLANNER_USER` shows."""
    found = [word.lower() for word in _WORD.findall(name)]
    roles = [word for word in found if word in _ROLES]
    role = _ROLES[roles[0]] if len(roles) == 1 else None
    dropped = _NO_PURPOSE | ({roles[0]} if role else set())
    purpose = tuple(word for word in found if word not in dropped)
    return Words(role=role, purpose=purpose, all=tuple(found))


def is_no_text(selector: str) -> bool:
    """Whether a name that speaks of prompts is that of a number, a flag or another setting."""
    last = selector.rpartition(".")[2]
    return bool(_NO_TEXT.search(last) or _SETTING.search(last))


def stem_of(path: str) -> str:
    """A file's own name without its endings."""
    first, *more = path.rpartition("/")[2].lstrip(".").split(".")
    while more and more[-1].lower() in _ENDINGS:
        more.pop()
    return ".".join((first, *more))


def is_carrier(step: str) -> bool:
    """Whether a step of a selector says nothing of a text's purpose, as `response` and `r`."""
    return step.lower() in CARRIERS or len(step) <= _SHORTEST_NAME


_SHORTEST_NAME = 2


def own_words(selector: str | None, stem: str) -> tuple[str, int | None]:
    """The step that names a text, and its position in a list; of a whole file, its stem."""
    if selector is None:
        return stem, None
    position = None
    for step in reversed(steps_of(selector)):
        plain, _, number = step.partition("@")
        if plain.isdecimal():
            position = int(plain)
            continue
        said = words(plain)
        if is_carrier(plain) or not (said.purpose or said.role):
            position = int(number) if number.isdecimal() else position
            continue
        return plain, position
    return stem, position


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


def found_in(path: str, selector: str | None, chosen: str) -> Found:
    """What the names say of a prompt that is read with the `chosen` format."""
    step, position = own_words(selector, stem_of(path))
    said = words(step)
    return Found(
        path=path,
        selector=selector,
        format=chosen,
        role=said.role,
        name=said.purpose,
        group=_group(path, selector),
        position=position,
    )


def _group(path: str, selector: str | None) -> str:
    """The folder of a file; of an entry, the file and what it stands in there."""
    if selector is None:
        return path.rpartition("/")[0]
    return f"{path}#{selector.rpartition('.')[0]}"
