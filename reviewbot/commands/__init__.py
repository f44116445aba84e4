"""The commands, one verb a file; the folder's listing is the registry.

Each turns parsed arguments into an exit code. A command is imported only when it is named, or when
all of them are listed.
"""

import argparse
import importlib
import os
from collections.abc import Callable, Mapping
from datetime import date
from typing import Protocol, TextIO, cast

from msgspec import Struct


class Edges(Struct, frozen=True, kw_only=True):
    """What the command line hands to a command; a stream is None where it is closed.

    `ask` puts a question to a person and gives the answer; None where nobody is there. `today` is
    the day, in UTC, whose prices hold where the configuration pins none.
    """

    environment: Mapping[str, str]
    out: TextIO | None
    errors: TextIO | None
    today: date
    ask: Callable[[str], str] | None = None


class Command(Protocol):
    """What every module of this folder offers."""

    HELP: str
    """One line for `reviewbot --help`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        ...

    def run(self, chosen: argparse.Namespace, edges: Edges) -> int:
        """Do it, and give the process's exit code.

        Raises:
            ReviewbotError: It cannot be done; the problems say why.

        """
        ...


def names() -> tuple[str, ...]:
    """The names of all commands, sorted."""
    stems = {name.partition(".")[0] for name in os.listdir(__path__[0])}
    return tuple(sorted(stem for stem in stems if not stem.startswith("_")))


def by_name(name: str) -> Command:
    """The command called `name`, one of `names()`."""
    return cast("Command", importlib.import_module(f"{__name__}.{name}"))
