"""The prompt formats, one file each; the folder's listing is the registry.

A format says which files are of it and what stands in them. How a template is filled is the matter
of its engine (`reviewbot.engines`), which several formats may share.
"""

import importlib
import os
from functools import cache
from typing import Protocol, cast

from reviewbot.prompts import PromptFile, PromptText

_FALLBACK = "text"
"""What a file is whose name shows no other format: `AGENTS.md` is more than Markdown."""


class Format(Protocol):
    """What every module of this folder offers.

    One whose files hold several prompts, and which tells them apart by `PromptText.selector`, also
    has `SELECTS = True`. In other files a selector is the path of keys to one text
    (`reviewbot.entries`), and that text is what the format reads.
    """

    NAME: str
    """The name under which configuration refers to the format."""

    def recognizes(self, path: str) -> bool:
        """Whether a file at `path` is, by its name, a prompt of this format."""
        ...

    def read(self, file: PromptText) -> PromptFile:
        """The content of a prompt file.

        Raises:
            MeasurementError: The text is not of this format; the problem names file and line.
        """
        ...


@cache
def names() -> tuple[str, ...]:
    """The names of all formats, sorted."""
    return tuple(sorted(_modules()))


def by_name(name: str) -> Format:
    """The format called `name`, one of `names()`."""
    return _load(_modules()[name])


def selects(found: Format) -> bool:
    """Whether the format itself tells the prompts of a file apart."""
    return bool(getattr(found, "SELECTS", False))


def recognize(path: str) -> Format | None:
    """The format that a file's name shows, or None."""
    ordered = (*(name for name in names() if name != _FALLBACK), _FALLBACK)
    return next((found for name in ordered if (found := by_name(name)).recognizes(path)), None)


@cache
def _modules() -> dict[str, str]:
    stems = {name.partition(".")[0] for name in os.listdir(__path__[0])}
    return {stem.replace("_", "-"): stem for stem in stems if not stem.startswith("_")}


@cache
def _load(module: str) -> Format:
    return cast("Format", importlib.import_module(f"{__name__}.{module}"))
