"""Caps that the calls of a prompt had in a file, and have no more."""

from collections.abc import Iterator

from msgspec.structs import replace

from reviewbot.prompt_formats._common.request_settings import SPREAD
from reviewbot.prompt_formats._common.sent_form import SentForm, SentForms
from reviewbot.rendering.parsers._common.requests import CAPS
from reviewbot.scope.sent_otherwise.selected_names import Names, is_selected


def caps_taken_out(
    was: SentForms, now: SentForms, path: str, names: Names
) -> Iterator[tuple[SentForm, tuple[SentForm]]]:
    """The caps of prompts that a file at a path still sends, by no call of which it caps answers.

    Those are too the caps that all calls of a prompt had in a function where one has none now. Each
    is told as `None`, at the first of these calls, with what it was.
    """
    capped = {one.steps for one in now.forms if one.key in {*CAPS, SPREAD}}
    lines = {one.steps: one.line for one in reversed(now.calls)}
    caps = [item for item in was.forms if item.key in CAPS and is_selected(item, path, names)]
    for item in caps:
        if item.steps in lines and item.steps not in capped:
            yield replace(item, form="None", line=lines[item.steps]), (item,)
    for steps, (line, old_line) in _lost_in_functions(was, now).items():
        same = [item for item in caps if item.steps == steps]
        if same and steps in capped:
            cap = next((item for item in same if item.line == old_line), same[0])
            yield replace(cap, form="None", line=line), (cap,)


def _lost_in_functions(was: SentForms, now: SentForms) -> dict[tuple[str, ...], tuple[int, int]]:
    """What calls without a cap send in functions whose calls all had one.

    Each has the line of the call, and the one where a call stood in that function.
    """
    without: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = {}
    for call in now.calls:
        if not call.by and not call.is_capped:
            without.setdefault((call.steps, call.within), call.line)
    earlier = [call for call in was.calls if not call.by]
    found: dict[tuple[str, ...], tuple[int, int]] = {}
    for (steps, within), line in without.items():
        same = [call for call in earlier if (call.steps, call.within) == (steps, within)]
        if same and all(call.is_capped for call in same):
            found.setdefault(steps, (line, same[0].line))
    return found
