"""Where schemas stand in a JSON Schema: names and data are no keywords, whatever they are called.

Source: JSON Schema 2020-12, core and validation.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

NAMING: Final = frozenset(
    {"$defs", "definitions", "dependentSchemas", "patternProperties", "properties"}
)
"""Keywords whose values are schemas by names that people choose."""

DATA: Final = frozenset({"const", "default", "enum", "example", "examples", "required"})
"""Keywords whose values are data."""


def schemas_in(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The schemas that stand right in `schema`, in its order."""
    for key, value in schema.items():
        if key in NAMING and isinstance(value, Mapping):
            yield from (inner for inner in value.values() if isinstance(inner, Mapping))
        elif key not in DATA:
            yield from _listed(value)


def _listed(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _listed(item)
