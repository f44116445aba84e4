"""Prompts in Python source: constants, f-strings and chat templates, found by the syntax tree."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from reviewbot.prompt import MessageTemplate, PromptFile, PromptText
from reviewbot.prompt_formats._common import near_misses as near_texts
from reviewbot.prompt_formats._common import sent_form, source_prompts
from reviewbot.prompt_formats._common.problems import wrong
from reviewbot.prompt_formats._common.source_calls import read_call
from reviewbot.prompt_formats.python import names
from reviewbot.prompt_formats.python.notebooks import as_source

NAME = "python"
TITLE = "constants, f-strings and chat templates in Python source, prompts.py#NAME"
RECOGNIZED: tuple[str, ...] = ()
AMBIGUOUS = True
SELECTS = True
SEARCHED = ("*.py", "*.ipynb")

_ENGINE = "python-text"
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
    call, beside = prompt.get("call", {}), read_call(prompt, path=file.path)
    return PromptFile(
        messages=tuple(_message(item, file, is_formatted=is_formatted) for item in messages),
        model=call.get("model"),
        default_model=call.get("default_model"),
        max_tokens=call.get("max_tokens"),
        answers=beside.answers,
        settings=beside.settings,
        parameters=beside.parameters,
    )


discover = partial(source_prompts.discover, names.all_prompts, language=NAME)
near_misses = partial(near_texts.near_misses, names.all_prompts)
parsed_by = names.parsed_by
texts = partial(source_prompts.texts, names.all_prompts)
call_sites = partial(source_prompts.call_sites, names.all_prompts)
sent_messages = partial(source_prompts.sent_messages, names.all_prompts)
model_calls = partial(source_prompts.model_calls, names.all_prompts)
sent_forms = partial(sent_form.sent_forms, lambda file: ("python-forms", as_source(file)))


def _message(item: Mapping[str, Any], file: PromptText, *, is_formatted: bool) -> MessageTemplate:
    role, line, name = item["role"] or file.role or "user", item["line"], item.get("name")
    if "history" in item:
        text = json.dumps(["history", source_prompts.relative(item["history"], line)])
        return MessageTemplate(role=role, text=text, engine=_ENGINE, line=line)
    text = item["text"]
    filled_by = item["language"] or ("str-format" if is_formatted else "text")
    language = source_prompts.language_of(filled_by, text)
    if isinstance(text, str) and language in _BY_THEMSELVES:
        engine = None if language == "text" else language
        return MessageTemplate(role=role, text=text, engine=engine, line=line, name=name)
    said = text if isinstance(text, str) else source_prompts.relative(text, line)
    if language != "text":
        said = ["fill", language, said]
    return MessageTemplate(role=role, text=json.dumps(said), engine=_ENGINE, line=line, name=name)
