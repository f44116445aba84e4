"""The template languages, one file each; the folder's listing is the registry.

An engine finds what a template includes without compiling it, in our own process; it compiles and
renders in the rendering process only, and imports its library inside `compile_template`.
"""

import importlib
import os
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Literal, Protocol, cast

from reviewbot.prompt import CompiledTemplate, References

Load = Callable[[str, str], tuple[str, str] | None]
"""Gives path and text of the file that a name means in the template at a path; None if none is."""

Undefined = Literal["error", "empty", "largest"]
"""What becomes of a variable that no sample gives. `largest` is for templates without samples: all
variables are empty, and of each branch the longest arm is read."""


class Engine(Protocol):
    """What every module of this folder offers."""

    NAME: str
    """The name under which prompt files refer to the engine."""

    def references(self, text: str, options: Mapping[str, Any]) -> References:
        """The files that `text` includes, found without compiling it and in linear time."""
        ...

    def compile_template(
        self,
        text: str,
        *,
        name: str,
        load: Load,
        undefined: Undefined,
        options: Mapping[str, Any],
    ) -> CompiledTemplate:
        """What renders `text`, which stands in the file called `name`.

        `options` are the `templates` of the configuration: `configuration.shape.templates`.

        Raises:
            TemplateError: The template is wrong; so may rendering it.
        """
        ...


@cache
def names() -> tuple[str, ...]:
    """The names of all engines, sorted."""
    return tuple(sorted(_modules()))


def by_name(name: str) -> Engine:
    """The engine called `name`, one of `names()`."""
    return _load(_modules()[name])


def follows_marks(name: str) -> bool:
    """Whether an engine can tell which marks of a template are printed.

    It then has `compile_marked(text, *, name, load, options)`: the template as if it had no marks,
    with `trace`; None where the engine cannot tell after all.
    """
    return hasattr(by_name(name), "compile_marked")


@cache
def _modules() -> dict[str, str]:
    stems = {name.partition(".")[0] for name in os.listdir(__path__[0])}
    return {stem.replace("_", "-"): stem for stem in stems if not stem.startswith("_")}


@cache
def _load(module: str) -> Engine:
    return cast("Engine", importlib.import_module(f"{__name__}.{module}"))
