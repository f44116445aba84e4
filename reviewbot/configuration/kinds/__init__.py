"""The kinds of value that a configuration is made of.

A kind reads a node and says everything that is wrong with it, and it gives its own JSON Schema, so
that the file's shape is written down once (in `shape`) and the published schema cannot differ.
Libraries that validate data (msgspec, pydantic) know neither lines nor every problem at once.
"""

from reviewbot.configuration.kinds.positions import (
    At,
    Kind,
    RejectedError,
    Schema,
    shown,
    shown_key,
)
from reviewbot.configuration.kinds.sections import Field, Section, section
from reviewbot.configuration.kinds.several import Data, ListOf, MapOf, OneOf
from reviewbot.configuration.kinds.single import Amount, Choice, Flag, Text

__all__ = [
    "Amount",
    "At",
    "Choice",
    "Data",
    "Field",
    "Flag",
    "Kind",
    "ListOf",
    "MapOf",
    "OneOf",
    "RejectedError",
    "Schema",
    "Section",
    "Text",
    "section",
    "shown",
    "shown_key",
]
