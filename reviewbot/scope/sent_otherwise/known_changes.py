"""What has changed in altered files, and what the calls of others mean of that."""

from collections.abc import Callable, Iterable
from typing import Any

from reviewbot.errors import Problem
from reviewbot.prompt_formats._common.sent_form import SentForms, SentText
from reviewbot.scope.affected import Resent
from reviewbot.scope.sent_otherwise.altered_files import Altered, Linked
from reviewbot.scope.sent_otherwise.carried_texts import (
    Carried,
    asked_of,
    carried_by,
    filling_by,
)
from reviewbot.scope.sent_otherwise.changed_names import ChangedNames
from reviewbot.scope.sent_otherwise.definitions import Definitions
from reviewbot.scope.sent_otherwise.selected_names import Naming, has_all_around

Unseen = Callable[[Altered, Problem | None, str], None]
"""Is told what an altered file does not tell, why, and the path of what cannot be read.

None is why of a file whose parser has told it.
"""

Loaded = Callable[[Altered, str, str], Iterable[Resent]]
"""Tells that a file of data has grown, which code loads as something beside a prompt of a name."""


class KnownChanges:
    """What has changed in altered files, those of data `loaded`, and what calls mean of that."""

    def __init__(self, definitions: Definitions, naming: Naming, loaded: Loaded) -> None:
        self.definitions = definitions
        self.loaded = loaded
        self._names = naming.names
        self._known: dict[str, ChangedNames] = {}
        self._carried: dict[str, Carried] = {}
        self._filling: dict[str, Carried] = {}

    def carried(self, linked: Linked, links: SentForms) -> Carried:
        """What a file sends beside prompts, without what other workflows have."""
        if linked.path not in self._carried:
            self._carried[linked.path] = carried_by(linked.path, links.texts, self._names)
        return self._carried[linked.path]

    def filling(self, linked: Linked, links: SentForms) -> Carried:
        """What fills the prompts of a file that workflows have as they stand."""
        if linked.path not in self._filling:
            self._filling[linked.path] = filling_by(linked.path, links.texts, self._names)
        return self._filling[linked.path]

    def weighed(self, item: Altered, linked: Linked, links: SentForms) -> list[dict[str, Any]]:
        """What of that an altered file may hold, as its parser is asked for it."""
        return self.weighed_of(self.carried(linked, links), item, linked)

    def weighed_of(self, carried: Carried, item: Altered, linked: Linked) -> list[dict[str, Any]]:
        """The same of what a file carries that stands between others."""
        asked = asked_of(carried, item, linked, self.changed(item), self.definitions)
        return self.uncounted_of(asked, item.path)

    def uncounted_of(self, asked: Iterable[dict[str, Any]], path: str) -> list[dict[str, Any]]:
        """Those that are no prompts of a file at a path: with these, workflows have all in them."""
        counted = {step for steps in self._names.get(path, ()) for step in steps}
        return [one for one in asked if one["name"] not in counted]

    def uncounted(self, path: str, texts: Iterable[SentText]) -> list[SentText]:
        """The texts of a file that stand where no workflow has all that is sent."""
        own = self._names.get(path, frozenset())
        return [one for one in texts if not has_all_around(own, one)]

    def changed(self, item: Altered) -> ChangedNames:
        """The changed names of a file."""
        return self._known.setdefault(item.path, ChangedNames(item))
