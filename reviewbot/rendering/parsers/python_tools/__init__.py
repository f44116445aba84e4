"""The tools that Python source defines, as the definitions that frameworks make of them.

They are functions with a decorator such as `@tool`, classes with a name, a description and a
schema, models of pydantic, and lists of JSON Schemas. No code is run.
"""

from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.files import Files, alone
from reviewbot.rendering.parsers.python_source.modules import Modules
from reviewbot.rendering.parsers.python_source.parsed import parsed_of_late
from reviewbot.rendering.parsers.python_tools.definitions import Definitions
from reviewbot.rendering.parsers.python_tools.given_tools import given_tools
from reviewbot.rendering.parsers.python_tools.names import Names
from reviewbot.rendering.parsers.python_tools.taken_names import taken_names


def parse_file(text: str, files: Files) -> dict[str, Any]:
    """Each tool by its name in the source: its `line` and `definitions`, or `problem` and `mend`.

    `is_offered` says that the framework makes a tool of it by itself, whatever else names it.
    `files` are the paths of the imported files that definitions come from. `taken` are the names
    of a package that its modules define, each with the file's path and the name there, `calls`
    those of models.
    """
    try:
        source = parsed_of_late(text)
        names = Names(source, files.path, Modules(files))
        found = Definitions(source, names).found()
        calls = given_tools(source.nodes, names)
        taken = taken_names(source.tree, names) if files.path.endswith("__init__.py") else {}
    except RecursionError:
        what = "expressions or blocks of this Python source are nested too deep"
        raise TemplateError(what, "write them flatter", line=1) from None
    return {"tools": found, "taken": taken, "calls": calls, "files": sorted(files.used)}


def parse(text: str) -> dict[str, Any]:
    """What `parse_file` finds in a text that imports nothing of a repository."""
    return parse_file(text, alone())
