"""The formats of logs, one file each; the folder's listing is the registry.

A reader says, in SQL over the fields it names, what one canonical row is. Input tokens are always
everything that was sent: cached and written tokens are a part of it, whatever the format counts.
"""

import importlib
import os
from collections.abc import Mapping
from typing import Protocol, cast

from msgspec import Struct

from reviewbot.configuration.usage_settings import LogSource, Origin
from reviewbot.usage.tables import Table

COLUMNS = {
    "key": "VARCHAR",
    "time": "TIMESTAMP",
    "workflow": "VARCHAR",
    "tenant": "VARCHAR",
    "environment": "VARCHAR",
    "provider": "VARCHAR",
    "model": "VARCHAR",
    "service_tier": "VARCHAR",
    "calls": "DOUBLE",
    "input": "DOUBLE",
    "cached": "DOUBLE",
    "written": "DOUBLE",
    "output": "DOUBLE",
    "reasoning": "DOUBLE",
    "context": "DOUBLE",
    "usd": "DOUBLE",
    "kind": "VARCHAR",
    "units": "BIGINT",
    "band": "BIGINT",
    "size": "BIGINT",
    "row_count": "BIGINT",
    "result_rows": "BIGINT",
    "given_fault": "VARCHAR",
    "has_status": "BOOLEAN",
}
"""The canonical row, in order, with types.

`context` is the input of one call, which decides on the price band. `kind` is `call`, `failed`, or
`own cache` where the logger answered from a cache of its own. `units` to `given_fault` are of rows
that another engine has summed up: their cost, price band, bin of size, number, how many rows the
result has, and what is wrong. `has_status` is false where a row does not say whether its call
succeeded, and null where a format has no failed calls.
"""


class Rows(Struct, frozen=True, kw_only=True):
    """Expressions for the canonical columns (null where there is none), over `source`.

    `first` is what the first rows are taken from where `source` has to be read whole for them; it
    may have a few more.
    """

    columns: Mapping[str, str]
    source: str
    first: str | None = None


class Reader(Protocol):
    """What every module of this folder offers."""

    IS_DAILY: bool
    """Whether a row is a sum over a day and has no time of its own."""

    REQUIRED: tuple[str, ...]
    """The canonical columns that every call must have, with the log's name of each in FIELDS."""

    FIELDS: Mapping[str, str]
    """What the log calls its canonical columns, for messages."""

    TABLE_COLUMNS: tuple[tuple[str, ...], ...] | None
    """The columns that CSV and Parquet of the format have, each by all its names; None where it
    comes as JSON only. Those that only say whose a call is are not among them."""

    def table(self) -> Table | None:
        """How JSON files are read; None where the format has no other than columns."""
        ...

    def rows(self, table: Table, source: LogSource) -> Rows:
        """The canonical rows."""
        ...


def names() -> tuple[str, ...]:
    """The names of all formats, sorted."""
    stems = {name.partition(".")[0] for name in os.listdir(__path__[0])}
    return tuple(sorted(stem.replace("_", "-") for stem in stems if not stem.startswith("_")))


def by_name(name: str) -> Reader:
    """The reader called `name`, one of `names()`."""
    return cast("Reader", importlib.import_module(f"{__name__}.{name.replace('-', '_')}"))


class Owner(Struct, frozen=True, kw_only=True):
    """Where a format itself says whose a call is; of several origins the first that is there."""

    workflow: tuple[Origin, ...] = ()
    tenant: tuple[Origin, ...] = ()
    environment: tuple[Origin, ...] = ()
