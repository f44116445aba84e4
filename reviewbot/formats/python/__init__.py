"""Prompts in Python source: constants, f-strings and chat templates, found by the syntax tree."""

import json
import re
from collections.abc import Mapping
from typing import Any

from reviewbot.errors import MeasurementError
from reviewbot.formats._common.problems import wrong
from reviewbot.formats.python import names
from reviewbot.formats.str_format import has_plain_fields
from reviewbot.prompt import Discovered, MessageTemplate, PromptFile, PromptText

NAME = "python"
TITLE = "constants, f-strings and chat templates in Python source, prompts.py#NAME"
RECOGNIZED: tuple[str, ...] = ()
AMBIGUOUS = True
SELECTS = True
SEARCHED = ("*.py",)

_ENGINE = "python-text"
_LIKELY_NAME = re.compile(
    r"prompt|template|instruction|system|persona|messages|(?:user|human|assistant|ai)_?message",
    re.IGNORECASE,
)
_LIKELY_TABLE = re.compile(r"(?:prompt|template|instruction)s\Z", re.IGNORECASE)
_SYSTEM_NAME = re.compile(r"system|instruction|persona", re.IGNORECASE)
_ERROR = re.compile(r"(?:Error|Exception|Warning)\b")
_LEAST_CHARACTERS = 100
_LEAST_CHARACTERS_OF_CHATS = 20
_BY_THEMSELVES = {"text", "str-format", "string-template", "jinja"}
"""Languages that mean the same in Python source as in files."""


def read(file: PromptText) -> PromptFile:
    """The messages under the name that is selected."""
    prompt = names.selected(file)
    messages = prompt["messages"]
    if file.role is not None and (len(messages) > 1 or messages[0]["role"] is not None):
        what, mend = "the messages have roles of their own", "take out `role` in the configuration"
        raise wrong(what, mend, path=file.path, line=prompt["line"])
    is_formatted = prompt["is_formatted"]
    return PromptFile(
        messages=tuple(_message(item, file, is_formatted=is_formatted) for item in messages)
    )


def discover(file: PromptText) -> tuple[Discovered, ...]:
    """Texts whose names say that they are prompts, and chat templates."""
    try:
        prompts = names.all_prompts(file)
    except MeasurementError:
        return ()
    found: dict[str, Discovered] = {}
    for name, prompt in prompts.items():
        if "messages" in prompt and _is_likely(name, prompt["messages"]):
            said = [{**item, "line": 1} for item in prompt["messages"]]
            found.setdefault(json.dumps(said), _discovered(name, prompt))
    return tuple(found.values())


def _discovered(name: str, prompt: Mapping[str, Any]) -> Discovered:
    first = prompt["messages"][0]
    is_bare = first["role"] is None and first["language"] is None
    role = "system" if first["role"] is None and _SYSTEM_NAME.search(_own_name(name)) else None
    language = _guessed(first["text"]) if is_bare and not prompt["is_formatted"] else NAME
    return Discovered(selector=name, format=language, role=role, workflow=name.lower())


def _guessed(text: Any) -> str:
    """The format of a constant: what fills it stands in another file."""
    if not isinstance(text, str):
        return NAME
    if "{%" in text:
        return "jinja"
    return "str-format" if has_plain_fields(text) else NAME


def _is_likely(name: str, messages: list[Mapping[str, Any]]) -> bool:
    characters = sum(_characters(item.get("text")) for item in messages)
    if len(messages) > 1 or messages[0]["role"] is not None:
        return characters >= _LEAST_CHARACTERS_OF_CHATS
    *around, own = [step for step in name.split(".") if not step.isdecimal()] or [""]
    is_named = bool(
        _LIKELY_NAME.search(own) or (around and _LIKELY_TABLE.search(around[-1]))
    ) and not _ERROR.search(name)
    return is_named and characters >= _LEAST_CHARACTERS


def _characters(said: Any) -> int:
    """How much of a text stands in the source."""
    if isinstance(said, str):
        return len(said)
    return sum(map(_characters, said[1:])) if isinstance(said, list) else 0


def _own_name(name: str) -> str:
    """The last name of a selector that is no position of a list."""
    steps = [step for step in name.split(".") if not step.isdecimal()]
    return steps[-1] if steps else ""


def _message(item: Mapping[str, Any], file: PromptText, *, is_formatted: bool) -> MessageTemplate:
    role, line, name = item["role"] or file.role or "user", item["line"], item.get("name")
    if "history" in item:
        text = json.dumps(["history", _relative(item["history"], line)])
        return MessageTemplate(role=role, text=text, engine=_ENGINE, line=line)
    language = item["language"] or ("str-format" if is_formatted else "text")
    text = item["text"]
    if isinstance(text, str) and language in _BY_THEMSELVES:
        engine = None if language == "text" else language
        return MessageTemplate(role=role, text=text, engine=engine, line=line, name=name)
    said = text if isinstance(text, str) else _relative(text, line)
    if language != "text":
        said = ["fill", language, said]
    return MessageTemplate(role=role, text=json.dumps(said), engine=_ENGINE, line=line, name=name)


def _relative(said: Any, first_line: int) -> Any:
    """An operation whose lines count from the text's first, so that moving it changes nothing."""
    if isinstance(said, dict):
        return {
            key: max(1, item - first_line + 1) if key == "line" else _relative(item, first_line)
            for key, item in said.items()
        }
    if not isinstance(said, list):
        return said
    if said[:1] == ["field"]:
        *parts, line = said
        return [*(_relative(item, first_line) for item in parts), max(1, line - first_line + 1)]
    return [_relative(item, first_line) for item in said]
