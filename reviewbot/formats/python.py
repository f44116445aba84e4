"""Prompts in Python source: constants, f-strings and chat templates, found by the syntax tree."""

import json
import re
from collections.abc import Mapping
from typing import Any

from reviewbot.errors import MeasurementError
from reviewbot.formats._problems import wrong
from reviewbot.prompts import Discovered, MessageTemplate, PromptFile, PromptText

NAME = "python"
TITLE = "constants, f-strings and chat templates in Python source, prompts.py#NAME"
RECOGNIZED: tuple[str, ...] = ()
AMBIGUOUS = True
SELECTS = True
SEARCHED = ("*.py",)

_ENGINE = "python-text"
_LIKELY_NAME = re.compile(r"prompt|template|instruction|system|message|persona", re.IGNORECASE)
_LEAST_CHARACTERS = 100
_LISTED = 20


def read(file: PromptText) -> PromptFile:
    """The messages under the name that is selected."""
    found = file.surroundings.parse("python-source", file.text, file.path)
    prompts: Mapping[str, Any] = found["prompts"]
    name = selected(file.selector or "")
    prompt = prompts.get(name)
    if prompt is None:
        raise _missing(file, name, prompts)
    if "problem" in prompt:
        what = f"`{name}` {prompt['problem']}, so its text is not known"
        mend = "name the text by itself, in a constant of its own"
        raise wrong(what, mend, path=file.path, line=prompt["line"])
    messages = prompt["messages"]
    if file.role is not None and (len(messages) > 1 or messages[0]["role"] is not None):
        what, mend = "the messages have roles of their own", "take out `role` in the configuration"
        raise wrong(what, mend, path=file.path, line=prompt["line"])
    is_formatted = name.rpartition(".")[2] in found["formatted"]
    return PromptFile(
        messages=tuple(_message(item, file, is_formatted=is_formatted) for item in messages)
    )


def selected(selector: str) -> str:
    """A selector as the parser writes it: `PROMPTS["x"]` is `PROMPTS.x`."""
    return re.sub(r"""\[["']?([^"'\[\]]{1,500})["']?\]""", r".\1", selector)


def discover(file: PromptText) -> tuple[Discovered, ...]:
    """Texts whose names say that they are prompts, and chat templates."""
    try:
        found = file.surroundings.parse("python-source", file.text, file.path)
    except MeasurementError:
        return ()
    return tuple(
        Discovered(selector=name, format=NAME, workflow=name.lower())
        for name, prompt in found["prompts"].items()
        if "messages" in prompt and _is_likely(name, prompt["messages"])
    )


def _is_likely(name: str, messages: list[Mapping[str, Any]]) -> bool:
    is_chat = len(messages) > 1 or messages[0]["role"] is not None
    characters = sum(len(json.dumps(item.get("text", ""))) for item in messages)
    last = [step for step in name.split(".") if not step.isdecimal()][-1]
    return characters >= _LEAST_CHARACTERS and (is_chat or bool(_LIKELY_NAME.search(last)))


def _message(item: Mapping[str, Any], file: PromptText, *, is_formatted: bool) -> MessageTemplate:
    role = item["role"] or file.role or "user"
    line = item["line"]
    if "history" in item:
        text = json.dumps(["history", item["history"]])
        return MessageTemplate(role=role, text=text, engine=_ENGINE, line=line)
    language = item["language"] or ("str-format" if is_formatted else "text")
    if isinstance(item["text"], str):
        engine = None if language == "text" else language
        return MessageTemplate(role=role, text=item["text"], engine=engine, line=line)
    said = _relative(item["text"], line)
    if language != "text":
        said = ["fill", language, said]
    return MessageTemplate(role=role, text=json.dumps(said), engine=_ENGINE, line=line)


def _relative(said: Any, first_line: int) -> Any:
    """An operation whose lines count from the text's first, so that moving it changes nothing."""
    if isinstance(said, list):
        return [_relative(item, first_line) for item in said]
    if isinstance(said, dict):
        return {
            key: item - first_line + 1 if key == "line" else _relative(item, first_line)
            for key, item in said.items()
        }
    return said


def _missing(file: PromptText, name: str, prompts: Mapping[str, Any]) -> MeasurementError:
    names = [item for item, prompt in prompts.items() if "messages" in prompt]
    shown = ", ".join(names[:_LISTED]) or "there is none"
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    what = f"there is no prompt called `{name}`" if name else "the file holds several prompts"
    mend = f"name one behind the path, `{file.path}#NAME`: {shown}{more}"
    return wrong(what, mend, path=file.path, line=file.line)
