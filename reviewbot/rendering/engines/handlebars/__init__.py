"""Handlebars templates, with partials, inline partials and stubs for helpers.

The engine is our own: pybars3 makes Python code of a template and runs it.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from reviewbot.prompt import CompiledTemplate, References, TemplateError
from reviewbot.rendering.engines import Load, Undefined
from reviewbot.rendering.engines._common.faults import described

NAME = "handlebars"

_PARTIAL = re.compile(
    r"""\{\{~?\#?>\s*
    (?:"(?P<double>[^"\\]{1,500})"|'(?P<single>[^'\\]{1,500})'
      |(?P<plain>@?[^\s!"\#%&'()*+,;<=>@\[\\\]^`{|}~]{1,500})(?=[\s}~]))?""",
    re.VERBOSE,
)
_FOLDERS = ("", "partials/")
_ENDINGS = (".hbs", ".handlebars", "")


def references(text: str, options: Mapping[str, Any]) -> References:
    """The files of the partials that `text` names; in comments too, which is harmless."""
    del options
    return named_partials(text, file_names)


def named_partials(text: str, files_of: Any) -> References:
    """The files that the partials in `text` may stand in; incomplete where a name is computed."""
    names: set[str] = set()
    complete = True
    for found in _PARTIAL.finditer(text):
        name = found["double"] or found["single"] or found["plain"]
        if name is None:
            complete = False
        elif not name.startswith("@"):
            names.update(files_of(name))
    return References(names=frozenset(names), complete=complete)


def file_names(name: str) -> Sequence[str]:
    """The names that the file of a partial may have."""
    return [f"{folder}{name}{ending}" for folder in _FOLDERS for ending in _ENDINGS]


def compile_template(
    text: str, *, name: str, load: Load, undefined: Undefined, options: Mapping[str, Any]
) -> CompiledTemplate:
    """What renders `text`; called in the rendering process only."""
    from reviewbot.rendering.engines.handlebars.files import Files
    from reviewbot.rendering.engines.handlebars.helpers.of_project import project_helpers
    from reviewbot.rendering.engines.handlebars.settings import Settings
    from reviewbot.rendering.engines.handlebars.template import Template

    below = options.get("globals", {})
    try:
        settings = Settings(
            undefined=undefined,
            is_escaping=options.get("escape", True),
            helpers=project_helpers(options.get("functions", {})),
        )
        template = Template(text, name, Files(cache(load), file_names), settings)
        _, constant = template.beginning()
    except RecursionError as error:
        raise TemplateError(*described(error), path=name) from error

    def render(variables: Mapping[str, Any]) -> str:
        return template.render({**below, **variables})

    return CompiledTemplate(render=render, constant=constant)
