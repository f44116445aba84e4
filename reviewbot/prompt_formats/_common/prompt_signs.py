"""What in source code lets a text count as a prompt; where there is none of it, no text does."""

import re
from collections.abc import Iterable
from functools import lru_cache

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
_HINTED_BY = ("message", "msg", "content", "_for_", "llm")
"""One of them stands in all that `_HINTED` finds; to look for these is quicker."""

_CALL = re.compile(r"[?!.]{0,3}+\s{0,3}+[(<`]")
"""What stands behind the name of what is called: also `invoke<State>(`, `invoke?.(`, `invoke (`."""

_MODEL = re.compile(r"\b(?:model(?:_?[nN]ame|_?[iI]d)?|llm)[\"']?\s{0,3}[=:]")
_ROLE = re.compile(r"\broles?\b|[\"'](?:human|user|assistant|developer|ai)[\"']|_for_\w{0,30}model")
_ROLE_BY = ("role", "human", "user", "assistant", "developer", 'ai"', "ai'", "_for_")
"""One of them stands in all that `_ROLE` finds."""


def may_hold_prompts(source: str, *, said: str, path: str) -> bool:
    """Whether anything in a source file lets a text of it count as a prompt; `said` are its texts.

    Where that is nothing, `is_prompt` holds for none of them, and none has a role.
    """
    lower = source.lower()
    return bool(
        any(hint in lower for hint in _HINTS)
        or is_place_of_prompts(path)
        or _is_hinted(lower)
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
    return ("model" in source or "llm" in source) and _MODEL.search(source) is not None


def calls_a_model(source: str) -> bool:
    """Whether a piece of source calls what is known to send texts to a model."""
    return any(_is_called(name, source) for name in GIVEN_TO_MODELS)


def has_signs(source: str, names: Iterable[str]) -> bool:
    """Whether a piece of source may make a prompt of a text; `names` are all those in it."""
    names = frozenset(names)
    return bool(
        names_a_model(source)
        or any(map(_says_prompt, names))
        or (any(sign in source for sign in _ROLE_BY) and _ROLE.search(source))
        or _is_hinted(source.lower())
        or any(_is_called(name, source) for name in GIVEN_TO_MODELS & names)
    )


@lru_cache(maxsize=4096)
def _says_prompt(name: str) -> bool:
    return not PROMPT_WORDS.isdisjoint(words(name))


def _is_hinted(lower: str) -> bool:
    return any(sign in lower for sign in _HINTED_BY) and _HINTED.search(lower) is not None


def _is_called(name: str, source: str) -> bool:
    """Whether what has that name is called anywhere, and not only defined."""
    begins = source.find(name)
    while begins >= 0:
        ends = begins + len(name)
        if _CALL.match(source, ends) and not (
            _IS_WORD(source[begins - 1 : begins]) or source.endswith("def ", 0, begins)
        ):
            return True
        begins = source.find(name, ends)
    return False


_IS_WORD = re.compile(r"\w").match
