"""The prompts in Python source, found by its syntax tree; no code is run.

They are texts and lists of messages that stand under a name: module constants, class attributes
(`Class.NAME`), local names of a function (`function.name`), what a function returns (`function`),
entries of dictionaries and lists (`NAME.key`, `NAME.0`), and named arguments of a call
(`agent.instructions`).
"""

from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.files import Files, alone
from reviewbot.rendering.parsers.python_source.finder import Finder
from reviewbot.rendering.parsers.python_source.modules import Modules
from reviewbot.rendering.parsers.python_source.parsed import parsed_of_late


def parse_file(text: str, files: Files) -> dict[str, Any]:
    """Each prompt by its selector: its `messages`, and the `line` that it begins in.

    One that the source does not tell has no messages; `problem` and `mend` say why, where that is
    not just that code computes it.
    `is_formatted` says that `.format` is called on its name. `files` are the paths of the imported
    files that texts come from.
    """
    try:
        found = Finder(parsed_of_late(text), files.path, Modules(files)).found()
    except RecursionError:
        what = "expressions or blocks of this Python source are nested too deep"
        raise TemplateError(what, "write them flatter", line=1) from None
    return {"prompts": found, "files": sorted(files.used)}


def parse(text: str) -> dict[str, Any]:
    """What `parse_file` finds in a text that imports nothing of a repository."""
    return parse_file(text, alone())
