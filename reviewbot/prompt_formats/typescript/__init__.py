"""Prompts in TypeScript and JavaScript: constants, template literals, calls, lists of messages."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from reviewbot.prompt import MessageTemplate, PromptFile, PromptText
from reviewbot.prompt_formats._common import near_misses as near_texts
from reviewbot.prompt_formats._common import sent_form, source_prompts
from reviewbot.prompt_formats._common.problems import wrong
from reviewbot.prompt_formats._common.source_calls import read_call
from reviewbot.prompt_formats.typescript import names

NAME = "typescript"
TITLE = "constants, template literals and calls in TypeScript and JavaScript, prompts.ts#NAME"
RECOGNIZED: tuple[str, ...] = ()
AMBIGUOUS = True
SELECTS = True
SEARCHED = ("*.ts", "*.tsx", "*.mts", "*.cts", "*.js", "*.jsx", "*.mjs", "*.cjs")

_ENGINE = "typescript-text"
_BY_THEMSELVES = {"text", "str-format", "mustache"}
"""Languages that mean the same in a source file as in files of their own."""


def read(file: PromptText) -> PromptFile:
    """The messages under the name that is selected, and what the call says that gets them."""
    prompt = names.selected(file)
    messages = prompt["messages"]
    if file.role is not None and (len(messages) > 1 or messages[0]["role"] is not None):
        what, mend = "the messages have roles of their own", "take out `role` in the configuration"
        raise wrong(what, mend, path=file.path, line=prompt["line"])
    call, beside = prompt.get("call", {}), read_call(prompt, path=file.path)
    return PromptFile(
        messages=tuple(_message(item, file) for item in messages),
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
sent_forms = partial(
    sent_form.sent_forms, lambda file: (f"typescript_forms.{names.dialect_of(file.path)}", file)
)


def _message(item: Mapping[str, Any], file: PromptText) -> MessageTemplate:
    role, line = item["role"] or file.role or "user", item["line"]
    if "history" in item:
        text = json.dumps(["history", source_prompts.relative(item["history"], line)])
        return MessageTemplate(role=role, text=text, engine="python-text", line=line)
    text = item["text"]
    language = source_prompts.language_of(item["language"] or "text", text)
    if isinstance(text, str) and language in _BY_THEMSELVES:
        engine = None if language == "text" else language
        return MessageTemplate(role=role, text=text, engine=engine, line=line)
    said = text if isinstance(text, str) else source_prompts.relative(text, line)
    if language != "text":
        said = ["fill", language, said]
    return MessageTemplate(role=role, text=json.dumps(said), engine=_ENGINE, line=line)
