"""Texts of a source file that are no prompts as far as their names tell, and why."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from reviewbot.errors import MeasurementError
from reviewbot.prompt import Discovered, PromptText
from reviewbot.prompt_formats._common import prompt_names
from reviewbot.prompt_formats._common.positions import steps_of
from reviewbot.prompt_formats._common.source_prompts import AllPrompts, discovered_in, text_of
from reviewbot.rendering.parsers._common.names import BEYOND

_ROLES = {"system", "user", "human", "developer", "assistant"}


def near_misses(all_prompts: AllPrompts, file: PromptText) -> tuple[tuple[str, str], ...]:
    """Texts that may be prompts by their names, or by the file's, and are not found, and why.

    A file that cannot be read, or not in whole, is the one with an empty name.
    """
    try:
        prompts = all_prompts(file)
        found = tuple(_near_misses_in(prompts, path=file.path))
        if not any(why in prompt_names.NOT_SAID for _, why in found):
            return found
        sent = discovered_in(prompts, path=file.path, language="")
        parts = {part for item in sent for part in item.parts}
        return tuple(
            (name, why)
            for name, why in found
            if name not in parts
            if why == prompt_names.FEW_WORDS or not _is_within(prompts.get(name, {}), sent)
        )
    except MeasurementError as error:
        return (("", str(error.problems[0])),)


def _is_within(prompt: Mapping[str, Any], sent: Collection[Discovered]) -> bool:
    """Whether a prompt that was found says all of a short text, as what a function gives."""
    said = "".join(text_of(prompt).split()) if "messages" in prompt else ""
    return bool(said) and any(said in "".join(item.text.split()) for item in sent)


def _near_misses_in(prompts: Mapping[str, Any], *, path: str) -> Iterator[tuple[str, str]]:
    """Texts that are named like prompts and not proposed: too short, or not told by the source.

    In a file that is called by the word a name that tells a role is enough.
    """
    if (unread := prompts.get(BEYOND)) is not None:
        yield "", f"{unread['problem']}; {unread['mend']}"
    is_place = not {"prompt", "prompts"}.isdisjoint(prompt_names.place_words(path))
    for selector, prompt in prompts.items():
        names = steps_of(selector)
        is_role = is_place and not _ROLES.isdisjoint(prompt_names.words(names[-1] if names else ""))
        if prompt.get("is_use") or not (prompt_names.is_named(names) or is_role):
            if is_place and (why := _why_unnamed(prompt, names)):
                yield selector, why
            continue
        if "problem" in prompt:
            yield selector, f"line {prompt['line']}: it {prompt['problem']}; {prompt['mend']}"
        elif "messages" in prompt and len(prompt["messages"]) == 1:
            text = text_of(prompt)
            is_short = prompt_names.LEAST_NAMED <= len(text) < prompt_names.LEAST_CHARACTERS
            if is_short and " " in text and prompt["messages"][0]["role"] is None:
                yield selector, prompt_names.TOO_SHORT
            elif is_place and len(text) < prompt_names.LEAST_NAMED and _is_worded(text, names):
                yield selector, prompt_names.FEW_WORDS


def _why_unnamed(prompt: Mapping[str, Any], names: Sequence[str]) -> str:
    """Why a text in a file of prompts is none by its name alone; empty of what is no text."""
    if len(prompt.get("messages", ())) != 1:
        return ""
    text = text_of(prompt).strip()
    if not _is_worded(text, names):
        return ""
    is_short = len(text) < prompt_names.LEAST_CHARACTERS
    return prompt_names.SHORT_AND_UNNAMED if is_short else prompt_names.UNNAMED


def _is_worded(text: str, names: Sequence[str]) -> bool:
    """Whether a constant of the file itself says more than one word."""
    return len(names) == 1 and not names[0].startswith("__") and bool(_WORDS.search(text))


_WORDS = re.compile(r"[^\W\d_]{2}\W{0,9} {1,9}.{0,9}[^\W_]")
"""Two words, or a word and what is put in behind it."""
