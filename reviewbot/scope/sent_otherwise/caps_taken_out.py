"""Caps that the calls of a prompt had in a file, and have no more."""

from collections.abc import Iterator

from msgspec.structs import replace

from reviewbot.prompt_formats._common.request_settings import SPREAD
from reviewbot.prompt_formats._common.sent_form import SentForm, SentForms
from reviewbot.rendering.parsers._common.requests import CAPS
from reviewbot.scope.sent_otherwise.selected_names import Names, is_selected


def caps_taken_out(was: SentForms, now: SentForms, path: str, names: Names) -> Iterator[SentForm]:
    """The caps of prompts that a file at a path still sends, by no call of which it caps answers.

    Each is told as `None`, at the first of these calls.
    """
    capped = {one.steps for one in now.forms if one.key in {*CAPS, SPREAD}}
    lines = {one.steps: one.line for one in reversed(now.calls)}
    for item in was.forms:
        is_lost = item.key in CAPS and item.steps in lines and item.steps not in capped
        if is_lost and is_selected(item, path, names):
            yield replace(item, form="None", line=lines[item.steps])
