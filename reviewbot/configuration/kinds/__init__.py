"""The kinds of value that a configuration is made of.

A kind reads a value and reports everything that is wrong with it. It also gives its JSON Schema, so
the shape of the file is written down once (in `shape`). Libraries that validate data (msgspec,
pydantic) know no line numbers, so they cannot report problems as this does.
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
from reviewbot.configuration.kinds.several import Data, ListOf, MapOf, OneOf, Variables
from reviewbot.configuration.kinds.single import Amount, Choice, Flag, Text
from reviewbot.configuration.kinds.sizes import check_sizes

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
    "Variables",
    "check_sizes",
    "section",
    "shown",
    "shown_key",
]
