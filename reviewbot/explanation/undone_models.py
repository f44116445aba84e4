"""The edit of the configuration that undoes a change of models: one patch for all workflows."""

import json
import re
from collections.abc import Iterable

from reviewbot.configuration.settings import Configuration
from reviewbot.configuration.text_edits import Path, TextEdits
from reviewbot.explanation.patches import patch_of
from reviewbot.scope.affected import Affected

_PLAIN = re.compile(r"[A-Za-z][\w./]{0,200}-[\w./-]{0,200}", re.ASCII)
"""Names of models that YAML reads as texts without quotes."""


def undoing_patch(
    configuration: Configuration, text: str | None, changed: Iterable[Affected]
) -> str | None:
    """What gives each of the workflows `changed` its model back; `text` is the configuration's.

    None where a model is named by a prompt file or by code, so that no setting has to be edited.
    """
    if text is None:
        return None
    edits = TextEdits(text)
    done: set[Path] = set()
    for affected in changed:
        at = _setting(configuration, affected)
        if at is None or affected.before is None or at in done or not edits.has(at):
            continue
        done.add(at)
        name = affected.before.source.model or ""
        is_plain = _PLAIN.fullmatch(name) and not text.lstrip().startswith("{")
        edits.set(at, "model", name if is_plain else json.dumps(name))
    file = configuration.file
    return patch_of({file: text}, {file: edits.text()})


def is_undone_by_settings(configuration: Configuration, affected: Affected) -> bool:
    """Whether the configuration names the model of a workflow."""
    return _setting(configuration, affected) is not None


def _setting(configuration: Configuration, affected: Affected) -> Path | None:
    """Where the model belongs: to the workflow, or to `defaults` where it had it from there."""
    own = ("workflows", affected.name)
    if affected.settings.model is not None or affected.governing.workflow.model is not None:
        return own
    is_default = (
        affected.after is not None
        and configuration.defaults.model is not None
        and affected.after.source.model == configuration.defaults.model
    )
    return ("defaults",) if is_default else None
