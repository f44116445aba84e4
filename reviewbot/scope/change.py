"""A change as it was read: what every later stage judges."""

from msgspec import Struct

from reviewbot.repository.revisions import Comparison
from reviewbot.scope.affected import Scope
from reviewbot.scope.governing import Configurations


class Change(Struct, frozen=True, kw_only=True):
    """The revisions of a change, the configurations that it goes by, and what it concerns."""

    comparison: Comparison
    configurations: Configurations
    scope: Scope
