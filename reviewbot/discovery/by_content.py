"""Prompts in one file whose name says nothing of it: found by what the file holds."""

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.discovery import candidates
from reviewbot.discovery.findings import Found, LeftOut
from reviewbot.discovery.guesses import (
    found_in,
    is_no_text,
    language,
    words,
)
from reviewbot.discovery.source_tools import tools_in
from reviewbot.errors import MeasurementError
from reviewbot.prompt import Discovered, PromptText, Surroundings
from reviewbot.prompt_formats._common import prompt_names
from reviewbot.prompts import settings_texts
from reviewbot.prompts.data_files import ENDINGS
from reviewbot.prompts.settings_texts import NO_PROMPT, SettingsText
from reviewbot.prompts.unread_settings import why_unread


class Searched(Struct, frozen=True, kw_only=True):
    """What one file holds.

    `short` are texts that are prompts only beside another. `has_tools` says that all tools which
    the file defines can be read.
    """

    prompts: tuple[Found, ...] = ()
    short: tuple[Found, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    has_tools: bool = False


def searched(file: PromptText, imports: Surroundings) -> Searched:
    """Search a file with the formats whose prompts stand in files of any name, else by its keys.

    Its tools are followed into the files that it `imports`.
    """
    found = _by_formats(file)
    tools = tools_in(replace(file, surroundings=imports))
    if tools is None:
        return found
    left_out = (*found.left_out, *tools.left_out)
    return replace(found, left_out=left_out, has_tools=tools.can_be_read)


def _by_formats(file: PromptText) -> Searched:
    """What the first format that finds something gives, and the near misses on the way there."""
    short: list[Found] = []
    left_out: list[LeftOut] = []
    for name in prompt_formats.names():
        chosen = prompt_formats.by_name(name)
        if not prompt_formats.is_searched(chosen, file.path):
            continue
        for selector, why in prompt_formats.near_misses(chosen, file):
            if is_no_text(selector) and why != prompt_names.FEW_WORDS:
                continue
            if why == prompt_names.TOO_SHORT:
                short.append(_short(chosen, file, selector))
            else:
                what = f"{file.path}#{selector}" if selector else file.path
                left_out.append(LeftOut(what=what, why=why))
        if discovered := prompt_formats.discover(chosen, file):
            prompts = tuple(named(file.path, discovered))
            return Searched(prompts=prompts, short=tuple(short), left_out=tuple(left_out))
    if not file.path.lower().endswith(ENDINGS):
        return Searched(short=tuple(short), left_out=tuple(left_out))
    is_for_prompts = candidates.is_for_prompts(file.path)
    try:
        texts = list(settings_texts.settings_texts(file, is_for_prompts=is_for_prompts))
    except MeasurementError as error:
        if reason := why_unread(file, error):
            left_out.append(LeftOut(what=file.path, why=reason))
        return Searched(short=tuple(short), left_out=tuple(left_out))
    near = [
        LeftOut(what=f"{file.path}#{item.selector}", why=item.near_miss)
        for item in texts
        if item.near_miss
    ]
    return Searched(
        prompts=tuple(_entry(file, it) for it in texts if not (it.is_short or it.near_miss)),
        short=(*short, *(_entry(file, item) for item in texts if item.is_short)),
        left_out=(*left_out, *near),
    )


def _entry(file: PromptText, item: SettingsText) -> Found:
    """A text of a data file, or its messages."""
    if item.format is not None:
        return found_in(file.path, item.selector, item.format)
    found = found_in(file.path, item.selector, language(item.text))
    return replace(found, is_guess=found.format != "text")


def named(path: str, discovered: Iterable[Discovered]) -> Iterator[Found]:
    """What was found in a file, without texts whose names say that no model gets them."""
    for item in discovered:
        if NO_PROMPT.search(item.selector or ""):
            continue
        is_guess = item.format == "mustache" and prompt_formats.of_source(path) == "typescript"
        found = found_in(path, item.selector, item.format)
        found = replace(found, text=item.text, is_guess=is_guess, parts=item.parts)
        if (said := words(item.workflow or "").purpose) and not _SAYS_NOTHING.issuperset(said):
            found = replace(found, name=said)
        yield replace(found, role=item.role or found.role)


_SAYS_NOTHING = {"agent", "assistant", "bot", "name"}
"""Names that a call may give to any agent."""


def _short(chosen: prompt_formats.Format, file: PromptText, selector: str) -> Found:
    """A text of source code that is too short to be taken for a prompt by itself."""
    (message,) = chosen.read(replace(file, selector=selector)).messages
    has_fields = chosen.NAME == "python" and language(message.text) == "str-format"
    return found_in(file.path, selector, "str-format" if has_fields else chosen.NAME)
