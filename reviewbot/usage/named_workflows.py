"""Workflows that a source of logs names, and that the configuration does not have."""

import difflib
from collections.abc import Iterable, Iterator

from reviewbot.configuration.usage_settings import LogSource
from reviewbot.errors import Problem

_ALIKE = 0.8
"""How alike a misspelt name has to be, as difflib has it: a workflow that is gone may be named."""


def misspelt(sources: Iterable[LogSource], workflows: Iterable[str]) -> Iterator[Problem]:
    """The names under `workflow.names` that are no workflow's, and nearly one's."""
    known = list(workflows)
    for source in sources:
        names = dict(source.workflow.names) if source.workflow else {}
        for name in dict.fromkeys(names.values()):
            near = difflib.get_close_matches(name, known, 1, _ALIKE)
            if near and near[0] != name:
                what = f"`workflow.names` has {name!r}, and there is no such workflow"
                yield Problem(what=what, mend=f"did you mean `{near[0]}`?", place=source.place)
