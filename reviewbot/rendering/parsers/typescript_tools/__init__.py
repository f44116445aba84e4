"""The tools that TypeScript and JavaScript define: zod schemas, JSON Schemas, and calls with them.

No code is run. Each dialect is a module of its own, as in `typescript_source`.
"""

from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.files import Files
from reviewbot.rendering.parsers.typescript_source.modules import Modules
from reviewbot.rendering.parsers.typescript_source.syntax import Source
from reviewbot.rendering.parsers.typescript_tools.definitions import Definitions
from reviewbot.rendering.parsers.typescript_tools.given_tools import GivenTools
from reviewbot.rendering.parsers.typescript_tools.taken_names import taken_names


def tools_of(text: str, files: Files, language: object) -> dict[str, Any]:
    """Each tool by its name in the source: its `line` and `definitions`, or `problem` and `mend`.

    `is_offered` says that it is a single tool, no list of some and no schema. `files` are the paths
    of the imported files that definitions come from. `taken` are the names that the file hands out
    and others define, each with that file's path and the name there, `calls` those of models.
    """
    try:
        modules = Modules(files)
        module = modules.first(Source(text, language))
        found = Definitions(module).found()
        taken = taken_names(module, modules)
        calls = GivenTools(module).found()
    except RecursionError:
        what = "expressions of this source are nested too deep"
        raise TemplateError(what, "write them flatter", line=1) from None
    return {"tools": found, "taken": taken, "calls": calls, "files": sorted(files.used)}
