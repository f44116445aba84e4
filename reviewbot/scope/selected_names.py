"""The names of prompts in source code that workflows have, and whether a file's own may be one."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from reviewbot import prompt_formats
from reviewbot.prompt_formats._common.sent_form import SentForm, SentText, plain_name
from reviewbot.rendering.parsers._common.sent_forms import ALTERED
from reviewbot.scope.governing import Configurations

EVERY: Final = ("*",)
"""The steps of whatever a file names, where it is not known which."""

Names = Mapping[str, AbstractSet[tuple[str, ...]]]
"""The names that workflows select, by the path of their file."""


def selected_names(configurations: Configurations) -> Names:
    """The names in source code that workflows have, before or after the change."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for configuration in (configurations.before, configurations.after):
        for workflow in configuration.workflows.values():
            for item in workflow.prompts:
                if item.selector and prompt_formats.of_source(item.path):
                    found.setdefault(item.path, set()).add(plain_name(item.selector))
    return found


def is_selected(item: SentForm | SentText, path: str, names: Names) -> bool:
    """Whether a name of a file at `path` is one that a workflow has."""
    own = names.get(path, ())
    if item.steps == EVERY:
        return True
    if item.is_own:
        # what a call asks for is read with the prompt, but for what its object is run with
        is_script = prompt_formats.of_source(path) == "typescript"
        is_run = is_script and any(steps[:1] == item.steps != steps for steps in own)
        return is_run if item.key else item.steps in own
    is_run = bool(item.key) or (isinstance(item, SentForm) and item.form.startswith(ALTERED))
    return any(
        may_be(item.steps, steps, is_run=is_run)
        for other, several in names.items()
        for steps in several
        if other != path
    )


def may_be(steps: tuple[str, ...], selected: tuple[str, ...], *, is_run: bool) -> bool:
    """Whether a name of another file may be the one that is selected there.

    What is run may be the object that holds it: `agent` of `agent.instructions`.
    """
    names = [selected, selected[:1]] if is_run else [selected]
    return any(steps[-len(name) :] == name and len(steps) <= len(name) + 1 for name in names)


def last_name(steps: tuple[str, ...]) -> str:
    """The last step that is a name: of an entry of a list that of the list."""
    return next((step for step in reversed(steps) if step.isidentifier()), steps[0])
