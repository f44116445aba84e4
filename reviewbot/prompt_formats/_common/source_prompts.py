"""The prompts among the texts of a source file, and what of them is handed on."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from reviewbot.errors import MeasurementError
from reviewbot.prompt import Discovered, PromptText
from reviewbot.prompt_formats._common import likelihood, prompt_names
from reviewbot.prompt_formats._common.call_site import CallMessages, CallSite, ModelCall
from reviewbot.prompt_formats._common.positions import steps_of
from reviewbot.prompt_formats._common.shown_words import holds, shown
from reviewbot.prompt_formats.str_format import has_plain_fields
from reviewbot.rendering.parsers._common import requests
from reviewbot.rendering.parsers._common.template_languages import is_mustache

_LEAST_OF_CHATS = 20
_LEAST_WORDS_OF_CHATS = 3
"""Characters and words that messages of roles have together; others are made of given parts."""

_ANSWERING = {"assistant", "ai", "model", "tool", "function"}
_OF_ERRORS = re.compile(r"(?i)\b(?:error|exception|failed|does not exist)\b")
"""What only these say of an error is a result, and no prompt."""

_MOST_OF_ERRORS = 200
"""Characters; a longer text that begins with an error may be a prompt about one."""

_SYSTEM = {"system", "instruction", "instructions", "persona", "backstory", "systeminstruction"}


AllPrompts = Callable[[PromptText], Mapping[str, Any]]
"""Gives all texts of a source file by their selectors; raises MeasurementError."""


def discover(all_prompts: AllPrompts, file: PromptText, *, language: str) -> tuple[Discovered, ...]:
    """The texts that their names, their place or the call that gets them show to be prompts."""
    try:
        prompts = all_prompts(file)
    except MeasurementError:
        return ()
    return discovered_in(prompts, path=file.path, language=language)


def texts(all_prompts: AllPrompts, file: PromptText) -> Mapping[str, str]:
    """What stands in the source of each prompt, by its selector, in the order of their lines.

    A use of what has a name is none.

    Raises:
        MeasurementError: The file cannot be read.
    """
    told = [item for item in all_prompts(file).items() if _is_own(item[1])]
    return {name: text_of(prompt) for name, prompt in sorted(told, key=lambda it: it[1]["line"])}


def _is_own(prompt: Mapping[str, Any]) -> bool:
    return "messages" in prompt and not prompt.get("is_use")


def call_sites(all_prompts: AllPrompts, file: PromptText) -> tuple[CallSite, ...]:
    """The calls of models that a source file makes; none in one that cannot be read."""
    try:
        prompts = all_prompts(file)
    except MeasurementError:
        return ()
    texts = {
        name: text
        for name, other in prompts.items()
        if "messages" in other and (text := text_of(other)).strip()
    }
    arguments: dict[str, list[str]] = {}
    models: dict[str, str] = {}
    for name, prompt in prompts.items():
        above, _, key = name.rpartition(".")
        key = key.partition("@")[0]
        if key in _GIVEN:
            arguments.setdefault(above, []).append(name)
        if key == "model" and _calls_a_model(prompt):
            models[above] = name
        elif key in _GIVEN and _calls_a_model(prompt):
            models.setdefault(above, name)
    found = []
    for call, name in models.items():
        given = arguments.get(call, [])
        is_told = all("messages" in prompts[name] for name in given)
        parts = tuple((name, texts[name]) for name in given if is_told and name in texts)
        whole = (call, texts[call]) if call in texts else None
        line = prompts[name]["line"]
        found.append(CallSite(name=call, line=line, parts=parts, whole=whole))
    return tuple(found)


def sent_messages(all_prompts: AllPrompts, file: PromptText) -> tuple[CallMessages, ...]:
    """The messages that calls of models send, as far as the source tells them.

    None in a file that cannot be read.
    """
    try:
        prompts = all_prompts(file)
    except MeasurementError:
        return ()
    calls: dict[str, list[tuple[str, str, int]]] = {}
    models: set[str] = set()
    for name, prompt in prompts.items():
        steps = name.split(".")
        given = [number for number, one in enumerate(steps) if one.partition("@")[0] in _GIVEN]
        call = ".".join(steps[: given[0]]) if given else name.rpartition(".")[0]
        if _calls_a_model(prompt):
            models.add(call)
        for number, message in enumerate(prompt.get("messages", ()) if given else ()):
            own = name if len(prompt["messages"]) == 1 else f"{name}.{number}"
            text = text_of({"messages": [message]})
            calls.setdefault(call, []).append((own, text, message["line"]))
    return tuple(CallMessages(call, tuple(calls[call])) for call in calls if call in models)


def _calls_a_model(argument: Mapping[str, Any]) -> bool:
    """Whether an argument is one of a call that names its model, or lets code name it."""
    call = argument.get("call", {})
    is_computed = any(item["key"] in requests.MODELS for item in call.get("request", ()))
    is_named = call.get("model") is not None or is_computed
    return is_named and prompt_names.calls_a_model(argument.get("callee", ""))


def model_calls(all_prompts: AllPrompts, file: PromptText) -> tuple[ModelCall, ...]:
    """The calls of a source file that say which model they call, and what they send.

    Texts and models of other files are known where `file` gives these. None of a file that cannot
    be read.
    """
    try:
        prompts = all_prompts(file)
    except MeasurementError:
        return ()
    found = []
    for prompt in prompts.values():
        call, messages = prompt.get("call", {}), prompt.get("messages", ())
        model = call.get("model")
        is_computed = any(item["key"] in requests.MODELS for item in call.get("request", ()))
        has_roles = any(message["role"] is not None for message in messages)
        is_sent = has_roles or prompt_names.calls_a_model(prompt.get("callee", ""))
        if is_sent and (model is not None or is_computed):
            texts = tuple(shown(message.get("text", "")) for message in messages)
            usual = call.get("default_model")
            said = ModelCall(line=prompt["line"], texts=texts, model=model, default_model=usual)
            found.append(said)
    return tuple(found)


_GIVEN = {*requests.SYSTEM, *requests.USER, *requests.LISTS}


def discovered_in(
    prompts: Mapping[str, Any], *, path: str, language: str
) -> tuple[Discovered, ...]:
    """What a parser found in the file at `path`, as far as it is likely that models get it.

    A text that only repeats a name's, or is a part of a prompt that was found, is no second prompt.
    """
    found: dict[str, Discovered] = {}
    place = prompt_names.place_words(path)
    for selector, prompt in prompts.items():
        if "messages" not in prompt or prompt.get("is_use"):
            continue
        if _is_likely(selector, prompt, place):
            found.setdefault(_said(prompt["messages"]), _discovered(selector, prompt, language))
    wholes = {item.selector for item in found.values()}
    parts: dict[str, tuple[str, ...]] = {}
    names = {
        _said(prompt["messages"]): selector
        for selector, prompt in prompts.items()
        if _is_own(prompt) and len(prompt["messages"]) == 1
    }
    gone: set[str] = set()
    for selector, prompt in prompts.items():
        if selector in wholes and len(prompt["messages"]) > 1:
            own = [_said([_by_itself(message)]) for message in prompt["messages"]]
            parts[selector] = tuple(names[said] for said in own if said in names)
            gone.update(own)
    standing = [item for said, item in found.items() if said not in gone]
    told = (replace(item, parts=parts.get(item.selector or "", ())) for item in standing)
    return tuple(_outermost([*told]))


def _by_itself(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """A message as a name has its text, also where a function passes this on."""
    text = message.get("text")
    while isinstance(text, list) and text[0] == "hole" and "gives" in text[1]:
        text = text[1]["gives"]
    return {**message, "text": text, "role": None, "language": None}


def _said(messages: Collection[Mapping[str, Any]]) -> str:
    """Messages without their place, by which they are the same once more."""
    return json.dumps([{**item, "line": 1} for item in messages])


def _outermost(found: Collection[Discovered]) -> Iterator[Discovered]:
    """Those that stand in no other: what a call sends holds its instructions, if told."""
    texts = {item.selector: item.text for item in found}
    for item in found:
        steps = (item.selector or "").split(".")
        above = [".".join(steps[:count]) for count in range(1, len(steps))]
        if not any(holds(texts[name], item.text) for name in above if name in texts):
            yield item


def text_of(prompt: Mapping[str, Any]) -> str:
    """What of a prompt stands in the source."""
    return "".join(shown(item.get("text", "")) for item in prompt["messages"])


def _is_likely(selector: str, prompt: Mapping[str, Any], place: frozenset[str]) -> bool:
    messages = prompt["messages"]
    text = text_of(prompt)
    roles = {message["role"] for message in messages}
    if roles <= _ANSWERING and _OF_ERRORS.search(text):
        return False
    if len(text) < _MOST_OF_ERRORS and text.lstrip().startswith("Error "):
        return False
    if roles != {None}:
        has_words = len(text.split()) >= _LEAST_WORDS_OF_CHATS or not text.isascii()
        return has_words and len(text.strip()) >= _LEAST_OF_CHATS
    names = tuple(steps_of(selector))
    candidate = likelihood.Candidate(
        names=names,
        text=text,
        callee=prompt.get("callee", ""),
        key=prompt.get("key", ""),
        is_called=bool(prompt.get("call", {}).get("model")) and not prompt.get("is_lent"),
    )
    return likelihood.is_prompt(candidate, place)


def _discovered(selector: str, prompt: Mapping[str, Any], language: str) -> Discovered:
    first = prompt["messages"][0]
    is_bare = first["role"] is None and first["language"] is None
    steps = [step for step in steps_of(selector) if not step.partition("@")[0].isdecimal()]
    own = steps[-1] if steps else ""
    said = {*prompt_names.words(own), *prompt_names.words(prompt.get("key", ""))}
    role = "system" if first["role"] is None and said & _SYSTEM else None
    guessed = language
    if is_bare and not prompt.get("is_formatted") and isinstance(first["text"], str):
        guessed = _guessed(first["text"], language)
    return Discovered(
        selector=selector,
        format=guessed,
        role=role,
        workflow=prompt.get("workflow"),
        model=prompt.get("call", {}).get("model"),
        default_model=prompt.get("call", {}).get("default_model"),
        text=text_of(prompt),
        line=prompt["line"],
    )


def _guessed(text: str, language: str) -> str:
    """The format of a constant: what fills it stands in another place."""
    if language == "python":
        if "{%" in text:
            return "jinja"
        return "str-format" if has_plain_fields(text) else language
    return "mustache" if is_mustache(text) else language


_BRACES = {"str-format": ("{", "}"), "mustache": ("{{",)}


def language_of(language: str, text: Any) -> str:
    """The language that a text is filled by: of one without any of its braces `text`."""
    is_plain = isinstance(text, str) and not any(it in text for it in _BRACES.get(language, ("",)))
    return "text" if is_plain else language


def relative(said: Any, first_line: int) -> Any:
    """An operation whose lines count from the text's first, so that moving it changes nothing."""
    if isinstance(said, dict):
        return {
            key: max(1, item - first_line + 1) if key == "line" else relative(item, first_line)
            for key, item in said.items()
        }
    if not isinstance(said, list):
        return said
    if said[:1] == ["field"]:
        *parts, line = said
        return [*(relative(item, first_line) for item in parts), max(1, line - first_line + 1)]
    return [relative(item, first_line) for item in said]
