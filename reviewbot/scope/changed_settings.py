"""The prompts of one changed data file, as the search of changed files tells them."""

from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.errors import MeasurementError
from reviewbot.prompt import Discovered, PromptText
from reviewbot.prompts import settings_texts
from reviewbot.prompts.unread_settings import why_unread
from reviewbot.scope.uncovered_prompts import is_named_as_prompt


def prompts_of_settings(file: PromptText) -> tuple[tuple[Discovered, ...], str | None]:
    """The prompts of a data file: the whole of it, what a format tells apart, or by its keys.

    Of one that may hold some and cannot be parsed, also why.
    """
    for chosen in map(prompt_formats.by_name, prompt_formats.names()):
        if prompt_formats.is_searched(chosen, file.path):
            found = prompt_formats.discover(chosen, file)
            if found:
                return tuple(replace(it, text=it.text or file.text) for it in found), None
    try:
        texts = list(
            settings_texts.settings_texts(file, is_for_prompts=is_named_as_prompt(file.path))
        )
    except MeasurementError as error:
        return (), why_unread(file, error)
    prompts = [item for item in texts if not item.near_miss]
    beside = {_around(item) for item in prompts if not item.is_short}
    named = tuple(
        Discovered(selector=it.selector, format=it.format or "text", text=it.text, line=it.line)
        for it in prompts
        if not it.is_short or (it.is_message and _around(it) in beside)
    )
    return named, None


def _around(item: settings_texts.SettingsText) -> str:
    return item.selector.rpartition(".")[0]
