"""Prompts whose workflows somebody took out of the configuration, as its history tells."""

from collections.abc import Iterable

from reviewbot.configuration.reading import read_configuration
from reviewbot.errors import ConfigurationError


def taken_out(text: str, earlier: Iterable[str], file: str) -> dict[str, str]:
    """The prompts that one of the `earlier` texts names and `text` does not, with their workflows.

    The latest of the earlier texts comes first. One that cannot be read tells nothing.
    """
    now, found = _named(text, file), dict[str, str]()
    for other in dict.fromkeys(earlier):
        for name, workflow in _named(other, file).items():
            if name not in now:
                found.setdefault(name, workflow)
    return found


def _named(text: str, file: str) -> dict[str, str]:
    try:
        workflows = read_configuration(text, file=file).workflows
    except ConfigurationError:
        return {}
    return {item.name: name for name, workflow in workflows.items() for item in workflow.prompts}
