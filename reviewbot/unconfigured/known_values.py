"""The values that the samples of a configuration have for their variables."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from reviewbot.configuration.settings import Configuration
from reviewbot.errors import MeasurementError
from reviewbot.prompts.source_reader import SourceReader

_TOKEN_CHARACTERS = 4
"""About so many has a token of English text; good enough to tell which value is larger."""


class KnownValue(Struct, frozen=True, kw_only=True):
    """A variable's value, and the workflow whose sample has it; empty for a guess."""

    name: str
    value: object
    origin: str

    @property
    def characters(self) -> int:
        """About how many characters a text has."""
        if isinstance(self.value, Mapping):
            size = self.value.get("tokens", 0)
            return _TOKEN_CHARACTERS * size if isinstance(size, int) else 0
        return len(str(self.value))


def known_values(configuration: Configuration, reader: SourceReader) -> tuple[KnownValue, ...]:
    """The values of all samples of a configuration, those in files too."""
    return tuple(_values(configuration, reader))


def _values(configuration: Configuration, reader: SourceReader) -> Iterator[KnownValue]:
    for workflow in configuration.workflows.values():
        try:
            samples, _ = reader.samples.read(workflow)
        except MeasurementError:
            continue
        for sample in samples:
            for name, value in sample.variables.items():
                yield KnownValue(name=name, value=value, origin=workflow.name)


def kind_of(value: object) -> str:
    """Whether a sample's value is a list, a mapping, or anything that is printed as it stands."""
    if isinstance(value, Mapping) and value.keys() != {"tokens"}:
        return "mapping"
    return "list" if isinstance(value, list | tuple) else "text"
