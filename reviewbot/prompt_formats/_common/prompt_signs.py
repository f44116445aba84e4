"""What in source code lets a text count as a prompt; where there is none of it, no text does."""

import re
from collections.abc import Iterable

from reviewbot.prompt_formats._common.prompt_names import (
    GIVEN_TO_MODELS,
    PLACE_WORDS,
    PROMPT_WORDS,
    place_words,
    words,
)

_HINTS = (
    *("prompt", "template", "instruction", "persona", "preamble", "backstory", "system"),
    *("role", "model", '"human"', "'human'", '"user"', "'user'"),
)
"""What names, roles and calls of prompts hold, in lower case; `PROMPT_WORDS` among them."""

_HINTED = re.compile(
    r"(?:user|human|assistant|ai|developer)_?(?:message|msg|content)"
    r"|_for_(?:[a-z]{1,20}_)?(?:llm|agent)|\bllm[\"']?\s{0,3}[=:]"
)
_CALLED = re.compile(r"(?<!def )\b([A-Za-z_]\w{1,40}+)[?!.]{0,3}+\s{0,3}+[(<`]")
"""What is called: also `invoke<State>(`, `invoke?.(` and `invoke (`."""

_MODEL = re.compile(r"\b(?:model(?:_?[nN]ame|_?[iI]d)?|llm)[\"']?\s{0,3}[=:]")
_ROLE = re.compile(r"\broles?\b|[\"'](?:human|user|assistant|developer|ai)[\"']|_for_\w{0,30}model")


def may_hold_prompts(source: str, *, said: str, path: str) -> bool:
    """Whether anything in a source file lets a text of it count as a prompt; `said` are its texts.

    Where that is nothing, `is_prompt` holds for none of them, and none has a role.
    """
    lower = source.lower()
    return bool(
        any(hint in lower for hint in _HINTS)
        or is_place_of_prompts(path)
        or _HINTED.search(lower)
        or (said and _addresses_anybody(said))
        or calls_a_model(source)
    )


def _addresses_anybody(said: str) -> bool:
    from reviewbot.prompt_formats._common.addressed import ADDRESSED, STRONGLY

    return bool(ADDRESSED.search(said) or STRONGLY.search(said))


def is_place_of_prompts(path: str) -> bool:
    """Whether the names of a file and its folder say that prompts stand there."""
    return not PLACE_WORDS.isdisjoint(place_words(path))


def speaks_to_a_model(said: str) -> bool:
    """Whether texts may count as a prompt by their words alone, which takes two or a strong one."""
    from reviewbot.prompt_formats._common.addressed import ADDRESSED, STRONGLY

    return STRONGLY.search(said) is not None or len(ADDRESSED.findall(said)) > 1


def names_a_model(source: str) -> bool:
    """Whether a piece of source names the model of a call."""
    return _MODEL.search(source) is not None


def calls_a_model(source: str) -> bool:
    """Whether a piece of source calls what is known to send texts to a model."""
    return not GIVEN_TO_MODELS.isdisjoint(_CALLED.findall(source))


def has_signs(source: str, names: Iterable[str]) -> bool:
    """Whether a piece of source, by its names, calls and roles, may make a prompt of a text."""
    lower = source.lower()
    return bool(
        any(not PROMPT_WORDS.isdisjoint(words(name)) for name in names)
        or names_a_model(source)
        or _HINTED.search(lower)
        or _ROLE.search(lower)
        or calls_a_model(source)
    )
