"""Which files are searched first: those whose names and words speak of prompts."""

import re
from collections.abc import Iterable

from msgspec import Struct

from reviewbot import prompt_formats
from reviewbot.discovery import candidates
from reviewbot.errors import Problem

_SEARCHED_CHARACTERS = 24_000_000
_LARGEST_DATA_CHARACTERS = 750_000
_LARGEST_SOURCE_CHARACTERS = 2_000_000
"""Bundles are large."""

_KEPT_CHARACTERS = 96_000_000

_WORDS = (
    "prompt",
    "template",
    "instruction",
    "system",
    "messages",
    "persona",
    "role",
    "you are",
    "llm",
)
_TOOLS = re.compile(r"@\w{0,30}\.?\w{0,20}tool|basetool|input_?schema")
_STRONG_WORDS = ("prompt", "instructions", "you are", "system_message", "systemmessage")
"""In lower case: a search for fixed letters is many times quicker than one for either case."""

_LONG_STRING = re.compile(r"\"\"\"|'''|`[^`]{40}|[\"'][^\"'\n]{40}|[|>][-+0-9]*\n")
_MOST_HINTS = 50


class Chosen(Struct, frozen=True, kw_only=True):
    """The texts to search, the most relevant first, and the files that are passed over, and why."""

    texts: tuple[tuple[str, str], ...]
    passed_over: tuple[tuple[str, str], ...]


def most_relevant(texts: Iterable[tuple[str, str | Problem]]) -> Chosen:
    """Choose from files within bounds; those without a longer text in them are no candidates."""
    kept: list[tuple[tuple[bool, int, str], str, str]] = []
    passed_over: list[tuple[str, str]] = []
    left = _KEPT_CHARACTERS
    for path, text in texts:
        if isinstance(text, Problem):
            if candidates.is_for_prompts(path):
                passed_over.append((path, text.what))
            continue
        if not candidates.is_for_prompts(path) and not _may_hold_prompts(text):
            continue
        is_source = prompt_formats.of_source(path) is not None
        largest = _LARGEST_SOURCE_CHARACTERS if is_source else _LARGEST_DATA_CHARACTERS
        if len(text) > min(left, largest):
            passed_over.append((path, f"it has {len(text):,} characters, too many to be searched"))
            continue
        left -= len(text)
        hints = min(_MOST_HINTS, sum(map(text.lower().count, _STRONG_WORDS)))
        kept.append(((not candidates.is_for_prompts(path), -hints, path), path, text))
    kept.sort(key=lambda item: item[0])
    chosen: list[tuple[str, str]] = []
    left = _SEARCHED_CHARACTERS
    for _, path, text in kept:
        if len(text) > left:
            passed_over.append((path, "others speak more of prompts, and not all can be searched"))
        else:
            left -= len(text)
            chosen.append((path, text))
    return Chosen(texts=tuple(chosen), passed_over=tuple(passed_over))


def _may_hold_prompts(text: str) -> bool:
    lower = text.lower()
    has_hint = any(word in lower for word in _WORDS) or _TOOLS.search(lower) is not None
    return has_hint and _LONG_STRING.search(text) is not None
