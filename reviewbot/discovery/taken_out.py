"""Prompts whose workflows somebody took out of the configuration, as its history tells."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from msgspec import Struct

from reviewbot.configuration.reading import read_configuration
from reviewbot.discovery.calls import Proposed, written_path
from reviewbot.errors import ConfigurationError


class TakenOut(Struct, frozen=True, kw_only=True):
    """Prompts as the configuration named them, with the workflows that they had."""

    workflows: Mapping[str, str] = {}

    @property
    def paths(self) -> AbstractSet[str]:
        """The files of the prompts."""
        return {name.partition("#")[0] for name in self.workflows}

    def of(self, proposed: Proposed) -> dict[str, str]:
        """Those that a call sends, with their workflows."""
        names = [written_path(found) or found.path for found in proposed.prompts]
        return {name: self.workflows[name] for name in names if name in self.workflows}

    def beside(self, wanted: AbstractSet[str]) -> "TakenOut":
        """Those that are not among `wanted`, which are files or `path#selector`."""
        left = {
            name: workflow
            for name, workflow in self.workflows.items()
            if wanted.isdisjoint({name, name.partition("#")[0]})
        }
        return TakenOut(workflows=left)


def taken_out(text: str, earlier: Iterable[str], file: str) -> TakenOut:
    """The prompts that one of the `earlier` texts names and `text` does not.

    The latest of the earlier texts comes first. One that cannot be read tells nothing.
    """
    now, found = _named(text, file), dict[str, str]()
    for other in dict.fromkeys(earlier):
        for name, workflow in _named(other, file).items():
            if name not in now:
                found.setdefault(name, workflow)
    return TakenOut(workflows=found)


def _named(text: str, file: str) -> dict[str, str]:
    try:
        workflows = read_configuration(text, file=file).workflows
    except ConfigurationError:
        return {}
    return {item.name: name for name, workflow in workflows.items() for item in workflow.prompts}
