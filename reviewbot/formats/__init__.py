"""The prompt formats, one file each; the folder's listing is the registry.

A format is a module with the members of `Format`. One with a template syntax of its own also has

    def compile_template(text, *, name, load, undefined) -> CompiledTemplate

which is called in the rendering process only (see `reviewbot.rendering.child`) and imports its
engine inside the function.
"""

import importlib
import os
from functools import cache
from typing import Protocol, cast

from reviewbot.prompts import PromptFile, References


class Format(Protocol):
    """What every module of this folder offers."""

    NAME: str
    """The name under which configuration refers to the format."""

    def recognizes(self, path: str) -> bool:
        """Whether a file at `path` is, by its name, a prompt of this format."""
        ...

    def read(self, text: str, *, path: str, role: str | None) -> PromptFile:
        """The content of a prompt file.

        `role` is the role that the configuration gives the prompt, None where it gives none.

        Raises:
            MeasurementError: The text is not of this format; the problem names file and line.
        """
        ...

    def references(self, text: str) -> References:
        """The files that `text` includes, found without compiling it and in linear time."""
        ...


@cache
def names() -> tuple[str, ...]:
    """The names of all formats, sorted."""
    return tuple(sorted(_modules()))


def by_name(name: str) -> Format:
    """The format called `name`, one of `names()`."""
    return _load(_modules()[name])


def recognize(path: str) -> Format | None:
    """The format that a file's name shows, or None."""
    return next((found for name in names() if (found := by_name(name)).recognizes(path)), None)


@cache
def _modules() -> dict[str, str]:
    stems = {name.partition(".")[0] for name in os.listdir(__path__[0])}
    return {stem.replace("_", "-"): stem for stem in stems if not stem.startswith("_")}


@cache
def _load(module: str) -> Format:
    return cast("Format", importlib.import_module(f"{__name__}.{module}"))
