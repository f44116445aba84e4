"""Tools in source of this dialect; the prompts in it are read by `typescript_source.javascript`."""

from typing import Any

import tree_sitter_javascript

from reviewbot.rendering.parsers._common.files import Files, alone
from reviewbot.rendering.parsers.typescript_tools import tools_of


def parse_file(text: str, files: Files) -> dict[str, Any]:
    """What `tools_of` finds by this dialect's grammar."""
    return tools_of(text, files, tree_sitter_javascript.language())


def parse(text: str) -> dict[str, Any]:
    """What `parse_file` finds in a text that imports nothing of a repository."""
    return parse_file(text, alone())
